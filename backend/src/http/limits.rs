//! How much one sender may ask for, and all senders together: everything that is limited stands here.
//!
//! By the generic cell rate algorithm (crate `governor`): so many at once, and as many again spread over the time.
//! Counted in memory, by each replica for itself. Lifetimes of sessions are `session::limits`.

use super::{fetch_metadata, sender::sender};
use crate::{
    Config, Error, Result,
    config::{Rate, RequestLimits},
};
use actix_web::{
    HttpMessage as _, HttpRequest, ResponseError as _,
    body::MessageBody,
    dev::{ServiceRequest, ServiceResponse},
    middleware::Next,
    web::Data,
};
use governor::{
    DefaultDirectRateLimiter, DefaultKeyedRateLimiter, NotUntil, Quota, RateLimiter,
    clock::{Clock as _, DefaultClock, Reference},
};
use shared::{
    paths::{api, auth},
    problem::{Problem, kinds},
};
use std::{
    collections::{HashMap, VecDeque},
    net::IpAddr,
    num::NonZeroU32,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use tokio::sync::Notify;

/// Senders that are counted one by one, so that many addresses fill no memory. Beyond them only the limit for all
/// acts, until the next round of tidying up has forgotten those who have been quiet.
const MOST_SENDERS: usize = 100_000;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Limit {
    /// Logins that leave for the identity provider, seen or silently.
    SignIns,
    /// Sessions and carts that begin for somebody who has none.
    FirstCarts,
    Checkouts,
    BackchannelLogouts,
}

impl Limit {
    /// What a request spends by its path. `FirstCarts` are spent where one begins. A login that another site's image
    /// or script asks for is refused anyway, and must not spend what the person in front of it may need.
    fn of(request: &HttpRequest) -> Option<Self> {
        let checked =
            |check: fn(&HttpRequest) -> Result<()>, limit| check(request).is_ok().then_some(limit);
        // The path that routes are found by: the one that was sent may hide it behind percent signs.
        match request.match_info().as_str() {
            auth::LOGIN => checked(fetch_metadata::require_document_navigation, Self::SignIns),
            auth::SILENT_LOGIN => checked(fetch_metadata::require_own_frame, Self::SignIns),
            api::CHECKOUT => Some(Self::Checkouts),
            auth::BACKCHANNEL_LOGOUT => Some(Self::BackchannelLogouts),
            _ => None,
        }
    }

    const fn words(self) -> &'static str {
        match self {
            Self::SignIns => "sign-ins",
            Self::FirstCarts => "new carts and lists",
            Self::Checkouts => "checkouts",
            Self::BackchannelLogouts => "logout tokens",
        }
    }
}

/// What was spent, as long as the process runs.
pub struct Limits {
    sign_ins: Counter,
    first_carts: Counter,
    checkouts: Counter,
    backchannel_logouts: Counter,
    streams: Streams,
    most_streams: usize,
}

struct Counter {
    by_sender: DefaultKeyedRateLimiter<IpAddr>,
    overall: DefaultDirectRateLimiter,
}

impl Limits {
    pub fn new(settings: &RequestLimits) -> Self {
        let counter = |rate| Counter::new(rate, settings.all_senders);
        Self {
            sign_ins: counter(settings.sign_ins),
            first_carts: counter(settings.first_carts),
            checkouts: counter(settings.checkouts),
            backchannel_logouts: counter(settings.backchannel_logouts),
            streams: Streams::default(),
            most_streams: usize::try_from(settings.streams.get()).unwrap_or(usize::MAX),
        }
    }

    fn counter(&self, limit: Limit) -> &Counter {
        match limit {
            Limit::SignIns => &self.sign_ins,
            Limit::FirstCarts => &self.first_carts,
            Limit::Checkouts => &self.checkouts,
            Limit::BackchannelLogouts => &self.backchannel_logouts,
        }
    }

    /// Forgets senders that could ask for everything again.
    pub fn sweep(&self) {
        for counter in
            [&self.sign_ins, &self.first_carts, &self.checkouts, &self.backchannel_logouts]
        {
            counter.by_sender.retain_recent();
            counter.by_sender.shrink_to_fit();
        }
    }
}

impl Counter {
    fn new(rate: Rate, all_senders: NonZeroU32) -> Self {
        let overall = Rate { times: rate.times.saturating_mul(all_senders), ..rate };
        Self {
            by_sender: RateLimiter::keyed(quota(rate)),
            overall: RateLimiter::direct(quota(overall)),
        }
    }

    /// Or how long to wait. The sender's own limit goes first: who is past it takes nothing from others.
    fn spend(&self, sender: Option<IpAddr>) -> Result<(), Duration> {
        if let Some(sender) = sender
            && self.by_sender.len() < MOST_SENDERS
        {
            self.by_sender.check_key(&sender).map_err(|until| wait(&until))?;
        }
        self.overall.check().map_err(|until| wait(&until))
    }
}

/// The shortest period of a setting is a second, far from too short for one time.
fn quota(Rate { times, per }: Rate) -> Quota {
    let one = (per / times.get()).max(Duration::from_nanos(1));
    Quota::with_period(one).unwrap_or(Quota::per_second(times)).allow_burst(times)
}

fn wait<P: Reference + From<<DefaultClock as governor::clock::Clock>::Instant>>(
    until: &NotUntil<P>,
) -> Duration {
    until.wait_time_from(DefaultClock::default().now().into())
}

/// Limits that this request has spent: each once.
#[derive(Default)]
struct Spent(Vec<Limit>);

/// Counts one more, or refuses.
pub fn spend(request: &HttpRequest, limit: Limit) -> Result<()> {
    let state = request.app_data::<Data<Limits>>().zip(request.app_data::<Data<Config>>());
    let Some((limits, config)) = state else {
        return Ok(());
    };
    let is_spent = |spent: &Spent| spent.0.contains(&limit);
    if request.extensions().get::<Spent>().is_some_and(is_spent) {
        return Ok(());
    }
    let sender = sender(request, &config.trusted_proxies);
    limits.counter(limit).spend(sender).map_err(|wait| refusal(limit.words(), wait))?;
    let mut extensions = request.extensions_mut();
    let mut spent = extensions.remove::<Spent>().unwrap_or_default();
    spent.0.push(limit);
    extensions.insert(spent);
    Ok(())
}

/// RFC 6585 §4.
fn refusal(what: &str, wait: Duration) -> Error {
    tracing::info!(what, "a sender asks for more than the limits allow");
    let seconds = wait.as_millis().div_ceil(1000).max(1);
    let detail = format!(
        "There were too many {what} from your network, or in the whole shop, in a short time. Nothing was changed. \
         Wait for {seconds} seconds and try again."
    );
    let mut problem = Problem::new(kinds::TOO_MANY_REQUESTS, "Too many requests", 429, detail);
    problem.retry_after = u64::try_from(seconds).ok();
    problem.into()
}

/// Middleware inside of `csrf`: what it refuses was not asked for by the person whose browser sent it.
pub async fn guard(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse, actix_web::Error> {
    if let Some(limit) = Limit::of(request.request())
        && let Err(refused) = spend(request.request(), limit)
    {
        return Ok(request.into_response(refused.error_response()));
    }
    Ok(next.call(request).await?.map_into_boxed_body())
}

/// The event streams that each session has open, the oldest first.
#[derive(Clone, Default)]
struct Streams(Arc<Mutex<HashMap<String, VecDeque<Arc<Notify>>>>>);

/// One of them, as long as this exists.
pub struct OpenStream {
    streams: Streams,
    session_id: String,
    replaced: Arc<Notify>,
}

impl Limits {
    /// One browser's tabs share one stream. One too many ends the oldest, which is likely to be that of a connection
    /// that broke off unseen: refused, a browser would have to ask again.
    pub fn open_stream(&self, session_id: &str) -> OpenStream {
        let replaced = Arc::new(Notify::new());
        let mut streams = self.streams.lock();
        let open = streams.entry(session_id.to_owned()).or_default();
        open.push_back(Arc::clone(&replaced));
        if open.len() > self.most_streams
            && let Some(oldest) = open.pop_front()
        {
            oldest.notify_one();
        }
        let session_id = session_id.to_owned();
        OpenStream { streams: self.streams.clone(), session_id, replaced }
    }
}

impl OpenStream {
    /// Resolves when newer ones have taken its place.
    pub async fn replaced(&self) {
        self.replaced.notified().await;
    }
}

impl Streams {
    fn lock(&self) -> MutexGuard<'_, HashMap<String, VecDeque<Arc<Notify>>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for OpenStream {
    fn drop(&mut self) {
        let mut streams = self.streams.lock();
        if let Some(open) = streams.get_mut(&self.session_id) {
            open.retain(|other| !Arc::ptr_eq(other, &self.replaced));
            if open.is_empty() {
                streams.remove(&self.session_id);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures_util::FutureExt as _;

    fn defaults() -> RequestLimits {
        Config::from_settings(&[]).unwrap().requests
    }

    fn rate(times: u32) -> Rate {
        let times = NonZeroU32::new(times).unwrap();
        Rate { times, per: Duration::from_hours(1) }
    }

    fn counter(times: u32, all_senders: u32) -> Counter {
        Counter::new(rate(times), NonZeroU32::new(all_senders).unwrap())
    }

    /// From the address that ends like this.
    fn spend(counter: &Counter, last: u8) -> Result<(), Duration> {
        counter.spend(Some(IpAddr::from([203, 0, 113, last])))
    }

    #[test]
    fn a_sender_who_is_past_the_limit_waits_and_others_do_not() {
        let counter = counter(2, 10);
        assert_eq!(spend(&counter, 1), Ok(()));
        assert_eq!(spend(&counter, 1), Ok(()));
        let wait = spend(&counter, 1).unwrap_err();
        assert!(wait > Duration::from_mins(29) && wait <= Duration::from_mins(30), "{wait:?}");
        assert_eq!(spend(&counter, 2), Ok(()));
    }

    #[test]
    fn all_senders_together_have_a_limit_that_one_alone_cannot_use_up() {
        let counter = counter(2, 2);
        for _ in 0..10 {
            let _ = spend(&counter, 1);
        }
        assert_eq!(spend(&counter, 2), Ok(()));
        assert_eq!(spend(&counter, 3), Ok(()));
        assert!(spend(&counter, 4).is_err(), "the fifth of four");
    }

    #[test]
    fn senders_who_have_been_quiet_are_forgotten() {
        let quick = Rate { per: Duration::from_nanos(1), ..rate(1) };
        let settings = RequestLimits { sign_ins: quick, ..defaults() };
        let limits = Limits::new(&settings);
        for last in 0..=255 {
            assert_eq!(spend(&limits.sign_ins, last), Ok(()));
            assert_eq!(spend(&limits.checkouts, last), Ok(()));
        }
        assert_eq!(limits.sign_ins.by_sender.len(), 256);
        limits.sweep();
        assert_eq!(limits.sign_ins.by_sender.len(), 0);
        assert_eq!(limits.checkouts.by_sender.len(), 256, "their minute is not over");
    }

    #[test]
    fn however_many_senders_there_are_memory_is_bounded() {
        let counter = counter(1, u32::MAX);
        for number in 0..=u32::try_from(MOST_SENDERS).unwrap() {
            assert_eq!(counter.spend(Some(IpAddr::from(number.to_be_bytes()))), Ok(()));
        }
        assert_eq!(counter.by_sender.len(), MOST_SENDERS);
    }

    #[test]
    fn a_stream_too_many_ends_the_oldest_of_its_session() {
        let limits = Limits { most_streams: 2, ..Limits::new(&defaults()) };
        let is_replaced = |stream: &OpenStream| stream.replaced().now_or_never().is_some();
        let other = limits.open_stream("other");
        let first = limits.open_stream("one");
        let second = limits.open_stream("one");
        assert!(!is_replaced(&first));
        let third = limits.open_stream("one");
        assert!(is_replaced(&first));
        drop(second);
        let fourth = limits.open_stream("one");
        assert!(!is_replaced(&third) && !is_replaced(&fourth) && !is_replaced(&other));
        drop((first, third, fourth, other));
        assert!(limits.streams.lock().is_empty());
    }
}
