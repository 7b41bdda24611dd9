//! The source of the code that handles the protocol's messages, as a page and as plain text.

use crate::support::{page::ORIGIN, *};
use shared::{
    paths::{self, page},
    problem::kinds,
    trace::Step,
};

const FILE: &str = "backend/src/oidc/id_token.rs";

fn path(file: &str) -> String {
    paths::with(paths::SOURCE, file)
}

#[tokio::test]
async fn every_step_leads_to_a_page_with_its_function_marked() {
    let shop = spawn_app().await;
    let guest = shop.guest();
    for step in Step::ALL {
        let place = step.handled_by();
        let address = format!("{}?function={}", path(place.file), place.function);
        let answer = guest.visit(&address).await.expect(200);
        assert_eq!(answer.header("content-type"), Some("text/html; charset=utf-8"));
        let html = answer.text();
        let (_, marked) = html.split_once("<span id=\"function\" class=\"function\">").unwrap();
        let head = format!("fn {}", place.function);
        assert!(marked.contains(&head), "{step:?}: {address}");
        assert!(html.contains(", lines "), "{address}");
    }
}

#[tokio::test]
async fn the_page_obeys_the_shops_policy_and_has_a_style_of_its_own() {
    let shop = spawn_app().await;
    let guest = shop.guest();
    let answer = guest.visit(&path(FILE)).await.expect(200);
    let policy = answer.header("content-security-policy").unwrap();
    assert!(policy.contains("style-src 'self'") && policy.contains("default-src 'none'"));
    let html = answer.text();
    assert!(!html.contains("<script") && !html.contains("<style") && !html.contains(" style="));
    assert!(html.contains("id=\"L1\"") && html.contains("href=\"#L1\""));
    assert!(html.contains("&lt;") && html.contains("&amp;"), "the source is text");
    assert!(!html.contains("id=\"function\""), "nothing was asked for");
    assert!(html.contains(&format!("href=\"{}\"", paths::SOURCE_STYLE)));
    let style = guest.visit(paths::SOURCE_STYLE).await.expect(200);
    assert_eq!(style.header("content-type"), Some("text/css; charset=utf-8"));
    assert!(style.text().contains(":target"));
}

#[tokio::test]
async fn a_function_that_the_file_does_not_have_marks_nothing() {
    let shop = spawn_app().await;
    for function in ["none", "", "%22%3E%3Cscript%3E", "fn"] {
        let address = format!("{}?function={function}", path(FILE));
        let html = shop.guest().visit(&address).await.expect(200).text();
        assert!(!html.contains("id=\"function\"") && !html.contains("<script"), "{function}");
    }
}

#[tokio::test]
async fn the_bare_text_is_there_for_who_wants_it() {
    let shop = spawn_app().await;
    let answer = shop.guest().visit(&format!("{}?plain=1", path(FILE))).await.expect(200);
    assert_eq!(answer.header("content-type"), Some("text/plain; charset=utf-8"));
    assert!(answer.text().starts_with("//! ID token validation"));
}

#[tokio::test]
async fn what_is_no_file_of_the_login_is_not_there() {
    let shop = spawn_app().await;
    for file in ["backend/src/config/mod.rs", "Cargo.toml", ""] {
        for query in ["", "?plain=1", "?function=validate"] {
            let missing = shop.guest().get(&format!("{}{query}", path(file))).await;
            missing.expect_problem(404, kinds::NOT_FOUND);
        }
    }
}

#[tokio::test]
async fn the_way_back_leads_to_the_explorer_that_the_reader_came_from_and_to_no_stranger() {
    let shop = Spawn::default().setting("STOREZERO_CORS_ORIGINS", ORIGIN).spawn().await;
    let guest = shop.guest();
    let back_from = async |referer: String| {
        let request = guest.navigation(&path(FILE)).header("referer", &referer);
        let html = request.send().await.expect(200).text();
        let (before, _) = html.split_once("\">← Back to Sessions").unwrap();
        before.rsplit('"').next().unwrap().to_owned()
    };
    assert_eq!(back_from(format!("{ORIGIN}/")).await, format!("{ORIGIN}{}", page::SESSIONS));
    for stranger in ["https://evil.example/", "", "nonsense", "javascript:alert(1)"] {
        assert_eq!(back_from(stranger.to_owned()).await, page::SESSIONS, "{stranger}");
    }
}
