//! The program is told to stop while it is busy.

use crate::support::{provider::Gate, provider::Reply, *};
use futures_util::future::{join, join_all};
use shared::paths::api;
use std::{
    sync::atomic::{AtomicBool, AtomicUsize, Ordering},
    time::Duration,
};

const UNDER_WAY: usize = 50;

#[tokio::test]
async fn fifty_requests_under_way_are_answered_and_new_connections_are_refused() {
    let provider = Provider::start().await;
    let program = Program::start(&[("STOREZERO_OIDC_ISSUER", &provider.issuer)]).await;
    let guests: Vec<Browser> = (0..UNDER_WAY).map(|_| program.browser()).collect();
    let logins = join_all(guests.iter().map(|guest| guest.start_login("/account"))).await;
    let gate = Gate::closed();
    provider.replies(Reply::Held(gate.clone()));
    let callbacks = guests.iter().zip(&logins).map(async |(guest, login)| {
        let answer = guest.come_back(&provider.grant(login)).await;
        assert_eq!(answer.header("connection"), Some("close"), "the next request comes too late");
        answer.leads_to()
    });
    let stop = async {
        for _ in 0..UNDER_WAY {
            gate.arrival().await;
        }
        program.tell("TERM");
        program.logs("told to stop").await;
        program.refuses_connections().await;
        gate.open();
    };
    let (pages, ()) = join(join_all(callbacks), stop).await;
    assert_eq!(pages, ["/account"; UNDER_WAY]);
    let end = program.end().await;
    assert_eq!(end.status.code(), Some(0), "{}", end.output);
    assert!(end.output.contains("the shop is closed"), "{}", end.output);
}

/// What one of fifty shoppers who go on and on is told: an answer, or that nobody is there; never half of one.
#[tokio::test]
async fn under_load_no_answer_is_cut_off() {
    let program = Program::start(&[]).await;
    let url = format!("http://{}{}", program.address(), api::PRODUCTS);
    let (answered, told) = (AtomicUsize::new(0), AtomicBool::new(false));
    let shoppers = join_all((0..UNDER_WAY).map(async |_| {
        let http = reqwest::Client::builder().pool_max_idle_per_host(0).no_proxy().build();
        let http = http.expect("an HTTP client");
        loop {
            match http.get(&url).send().await {
                Ok(answer) => {
                    assert_eq!(answer.status(), 200);
                    let body = answer.bytes().await.expect("a whole answer");
                    assert!(body.ends_with(b"}"));
                    answered.fetch_add(1, Ordering::Relaxed);
                }
                Err(error) => {
                    assert!(told.load(Ordering::Relaxed), "{error}");
                    return;
                }
            }
        }
    }));
    let stop = async {
        while answered.load(Ordering::Relaxed) < 4 * UNDER_WAY {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        told.store(true, Ordering::Relaxed);
        program.tell("TERM");
    };
    join(shoppers, stop).await;
    let end = program.end().await;
    assert_eq!(end.status.code(), Some(0), "{}", end.output);
}
