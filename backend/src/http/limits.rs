//! How much one sender may ask for, and all senders together: everything that is limited stands here.
//!
//! By the generic cell rate algorithm (crate `governor`): so many at once, and as many again spread over the time.
//! Counted in memory, by each replica for itself. Lifetimes of sessions are `session::limits`.

mod allowance;
mod streams;

pub use streams::OpenStream;

use super::{fetch_metadata, sender::sender};
use crate::{
    Config, Error, Result,
    config::{Rate, RequestLimits, first_of},
};
use actix_web::{
    HttpMessage as _, HttpRequest, ResponseError as _,
    body::MessageBody,
    dev::{ServiceRequest, ServiceResponse},
    http::Method,
    middleware::Next,
    web::Data,
};
use allowance::Allowance;
use governor::{
    DefaultDirectRateLimiter, DefaultKeyedRateLimiter, NotUntil, Quota, RateLimiter,
    clock::{Clock as _, DefaultClock, Reference},
};
use shared::{
    ids::OrderNumber,
    paths::{api, auth},
    problem::{Problem, kinds},
};
use std::{
    hash::Hash,
    net::IpAddr,
    num::NonZeroU32,
    time::{Duration, Instant},
};
use streams::Streams;

/// Senders, or order numbers, that are counted one by one, so that many of them fill no memory. Beyond them only the limit
/// for all acts, until the next round of tidying up has forgotten those who have been quiet.
const MOST_SENDERS: usize = 100_000;
/// Bits of an IPv6 address that say who handed it out, or got it all: whoever has a /48 is 65,536 senders.
const IPV6_SITE: u8 = 48;
/// How many times as much as one sender such a network may ask for: no one of them uses up what is there for all.
const TIMES_OF_SITE: NonZeroU32 = NonZeroU32::new(4).unwrap();

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Limit {
    /// Logins that leave for the identity provider, seen or silently.
    SignIns,
    /// Sessions and carts that begin for somebody who has none.
    FirstCarts,
    Checkouts,
    /// Carts that begin to keep items for a card's owner to confirm.
    Holds,
    BackchannelLogouts,
    /// Orders that are looked for by number and email.
    OrderLookups,
    /// Promotion codes that are given: they can be guessed.
    PromotionCodes,
}

impl Limit {
    /// What a request spends by its path. `FirstCarts` are spent where one begins. What another site makes a browser ask
    /// for is refused anyway, and must not spend what the person in front of it may need.
    fn of(request: &HttpRequest) -> Option<Self> {
        let checked =
            |check: fn(&HttpRequest) -> Result<()>, limit| check(request).is_ok().then_some(limit);
        // The path that routes are found by: the one that was sent may hide it behind percent signs.
        let is_post = request.method() == Method::POST;
        match request.match_info().as_str() {
            // It gets a question, and no login.
            auth::LOGIN if fetch_metadata::is_by_another_sites_script(request) => None,
            auth::LOGIN => checked(fetch_metadata::require_document_navigation, Self::SignIns),
            auth::SILENT_LOGIN => checked(fetch_metadata::require_own_frame, Self::SignIns),
            api::CHECKOUT if is_post => Some(Self::Checkouts),
            api::ORDER_LOOKUP if is_post => Some(Self::OrderLookups),
            api::CART_PROMOTION if request.method() == Method::PUT => Some(Self::PromotionCodes),
            auth::BACKCHANNEL_LOGOUT if is_post => {
                checked(fetch_metadata::require_no_browser, Self::BackchannelLogouts)
            }
            _ => None,
        }
    }

    const fn words(self) -> &'static str {
        match self {
            Self::SignIns => "sign-ins",
            Self::FirstCarts => "new carts and lists",
            Self::Checkouts => "checkouts",
            Self::Holds => "payments to be confirmed",
            Self::BackchannelLogouts => "logout tokens",
            Self::OrderLookups => "searches for an order",
            Self::PromotionCodes => "promotion codes",
        }
    }
}

/// What was spent, as long as the process runs.
pub struct Limits {
    sign_ins: Counter,
    first_carts: Counter,
    checkouts: Counter,
    holds: Counter,
    backchannel_logouts: Counter,
    order_lookups: Counter,
    promotion_codes: Counter,
    /// By the number that is looked for, whether there is such an order or not.
    lookups_by_number: DefaultKeyedRateLimiter<OrderNumber>,
    declined: Allowance,
    streams: Streams,
    most_streams: usize,
}

struct Counter {
    by_sender: DefaultKeyedRateLimiter<IpAddr>,
    by_site: DefaultKeyedRateLimiter<IpAddr>,
    overall: DefaultDirectRateLimiter,
}

impl Limits {
    pub fn new(settings: &RequestLimits) -> Self {
        let counter = |rate| Counter::new(rate, settings.all_senders);
        Self {
            sign_ins: counter(settings.sign_ins),
            first_carts: counter(settings.first_carts),
            checkouts: counter(settings.checkouts),
            holds: counter(settings.holds),
            backchannel_logouts: counter(settings.backchannel_logouts),
            order_lookups: counter(settings.order_lookups),
            promotion_codes: counter(settings.promotion_codes),
            lookups_by_number: RateLimiter::keyed(quota(settings.order_lookups)),
            declined: Allowance::new(settings.declined),
            streams: Streams::default(),
            most_streams: usize::try_from(settings.streams.get()).unwrap_or(usize::MAX),
        }
    }

    fn counter(&self, limit: Limit) -> &Counter {
        match limit {
            Limit::SignIns => &self.sign_ins,
            Limit::FirstCarts => &self.first_carts,
            Limit::Checkouts => &self.checkouts,
            Limit::Holds => &self.holds,
            Limit::BackchannelLogouts => &self.backchannel_logouts,
            Limit::OrderLookups => &self.order_lookups,
            Limit::PromotionCodes => &self.promotion_codes,
        }
    }

    /// As long as what this answers exists, the session has one more stream.
    pub fn open_stream(&self, session_id: &str) -> OpenStream {
        self.streams.open(session_id, self.most_streams)
    }

    /// Forgets senders that could ask for everything again.
    pub fn sweep(&self) {
        let Self { sign_ins, first_carts, checkouts, holds, .. } = self;
        let Self { backchannel_logouts, order_lookups, promotion_codes, lookups_by_number, .. } =
            self;
        let others = [backchannel_logouts, order_lookups, promotion_codes];
        for counter in [sign_ins, first_carts, checkouts, holds].into_iter().chain(others) {
            for senders in [&counter.by_sender, &counter.by_site] {
                senders.retain_recent();
                senders.shrink_to_fit();
            }
        }
        lookups_by_number.retain_recent();
        lookups_by_number.shrink_to_fit();
        self.declined.sweep(Instant::now());
    }
}

impl Counter {
    fn new(rate: Rate, all_senders: NonZeroU32) -> Self {
        let times = |by| quota(Rate { times: rate.times.saturating_mul(by), ..rate });
        Self {
            by_sender: RateLimiter::keyed(quota(rate)),
            by_site: RateLimiter::keyed(times(TIMES_OF_SITE)),
            overall: RateLimiter::direct(times(all_senders)),
        }
    }

    /// Or how long to wait.
    fn spend_by_sender(&self, sender: Option<IpAddr>) -> Result<(), Duration> {
        let Some(sender) = sender else { return Ok(()) };
        check(&self.by_sender, &sender)?;
        if sender.is_ipv6() {
            check(&self.by_site, &first_of(sender, IPV6_SITE))?;
        }
        Ok(())
    }

    fn spend_overall(&self) -> Result<(), Duration> {
        self.overall.check().map_err(|until| wait(&until))
    }
}

fn check<K: Clone + Eq + Hash>(
    counted: &DefaultKeyedRateLimiter<K>,
    key: &K,
) -> Result<(), Duration> {
    if counted.len() >= MOST_SENDERS {
        return Ok(());
    }
    counted.check_key(key).map_err(|until| wait(&until))
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

/// Whoever sends this request is no stranger.
struct IsKnown;

/// Whoever has a session or a cart already is past the limit for all senders: strangers cannot use it up for them.
pub fn know(request: &HttpRequest) {
    request.extensions_mut().insert(IsKnown);
}

/// Counts one more, or refuses. The sender's own limit goes first: who is past it takes nothing from others.
pub fn spend(request: &HttpRequest, limit: Limit) -> Result<()> {
    if !is_first(request, limit) {
        return Ok(());
    }
    spend_by_sender(request, limit)?;
    if request.extensions().contains::<IsKnown>() {
        return Ok(());
    }
    spend_overall(request, limit)
}

fn is_first(request: &HttpRequest, limit: Limit) -> bool {
    let mut extensions = request.extensions_mut();
    let mut spent = extensions.remove::<Spent>().unwrap_or_default();
    let is_first = !spent.0.contains(&limit);
    spent.0.push(limit);
    extensions.insert(spent);
    is_first
}

/// Counts one more of the sender alone, or refuses.
pub fn spend_by_sender(request: &HttpRequest, limit: Limit) -> Result<()> {
    let state = request.app_data::<Data<Limits>>().zip(request.app_data::<Data<Config>>());
    let Some((limits, config)) = state else { return Ok(()) };
    let sender = sender(request, &config.trusted_proxies);
    let spent = limits.counter(limit).spend_by_sender(sender);
    spent.map_err(|wait| refusal(limit.words(), wait))
}

/// What all senders together may ask for, where it is known only later whether a request is worth counting.
pub fn spend_overall(request: &HttpRequest, limit: Limit) -> Result<()> {
    let Some(limits) = request.app_data::<Data<Limits>>() else { return Ok(()) };
    limits.counter(limit).spend_overall().map_err(|wait| refusal(limit.words(), wait))
}

/// Counts one more question about the order of this number, or refuses: many senders that try addresses for it are one
/// guesser.
pub fn spend_on_order(request: &HttpRequest, number: &OrderNumber) -> Result<()> {
    let Some(limits) = request.app_data::<Data<Limits>>() else { return Ok(()) };
    let spent = check(&limits.lookups_by_number, number);
    spent.map_err(|wait| refusal(Limit::OrderLookups.words(), wait))
}

/// Before a card is asked about, or how long to wait: a new cart must not be a new row of cards to try.
pub fn take_card(request: &HttpRequest) -> Result<(), Duration> {
    match declined(request) {
        Some((limits, sender)) => limits.declined.take(sender, Instant::now()),
        None => Ok(()),
    }
}

/// It was not declined.
pub fn give_card_back(request: &HttpRequest) {
    if let Some((limits, sender)) = declined(request) {
        limits.declined.give_back(sender);
    }
}

fn declined(request: &HttpRequest) -> Option<(&Limits, IpAddr)> {
    let config = request.app_data::<Data<Config>>()?;
    let limits = request.app_data::<Data<Limits>>()?;
    Some((limits, sender(request, &config.trusted_proxies)?))
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

/// Middleware inside of `csrf`, which refuses what was not asked for by the person whose browser sent it, and of
/// `session::open`, which knows who is no stranger.
pub async fn guard(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse, actix_web::Error> {
    let spent = match Limit::of(request.request()) {
        // Without a cart there is nothing to check out, and without a valid signature nothing to log out.
        Some(limit @ (Limit::Checkouts | Limit::BackchannelLogouts)) => {
            spend_by_sender(request.request(), limit)
        }
        Some(limit) => spend(request.request(), limit),
        None => Ok(()),
    };
    if let Err(refused) = spent {
        return Ok(request.into_response(refused.error_response()));
    }
    Ok(next.call(request).await?.map_into_boxed_body())
}

#[cfg(test)]
mod tests {
    use super::*;

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
        counter.spend_by_sender(Some(IpAddr::from([203, 0, 113, last])))?;
        counter.spend_overall()
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
    fn whoever_has_a_whole_network_is_a_few_senders_and_no_more() {
        let counter = counter(2, 20);
        let spend = |site: u16, network: u16| {
            let sender = [0x2001, 0xdb8, site, network, 0, 0, 0, 0];
            counter.spend_by_sender(Some(IpAddr::from(sender)))
        };
        let let_in = (0..256).filter(|network| spend(1, *network).is_ok()).count();
        assert_eq!(let_in, 8);
        assert_eq!(spend(2, 0), Ok(()));
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
            let sender = Some(IpAddr::from(number.to_be_bytes()));
            assert_eq!(counter.spend_by_sender(sender), Ok(()));
        }
        assert_eq!(counter.by_sender.len(), MOST_SENDERS);
    }
}
