//! What a sender may fail at. governor gives nothing back.

use super::{IPV6_SITE, MOST_SENDERS, TIMES_OF_SITE};
use crate::{
    config::{Rate, first_of},
    http::sender::IPV6_NETWORK,
};
use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

/// What may fail so often. It is taken before it is known whether it fails, so that tries sent all at once do not pass
/// together, and given back where it did not.
pub(super) struct Allowance {
    most: u32,
    one: Duration,
    /// When all is there again, of each sender, and of each IPv6 network of that many bits.
    whole: Mutex<HashMap<(IpAddr, u8), Instant>>,
}

impl Allowance {
    pub(super) fn new(Rate { times, per }: Rate) -> Self {
        Self { most: times.get(), one: per / times.get(), whole: Mutex::default() }
    }

    fn of(&self, sender: IpAddr) -> impl Iterator<Item = ((IpAddr, u8), Duration)> {
        let own = ((sender, IPV6_NETWORK), self.one.saturating_mul(self.most));
        let times = self.most.saturating_mul(TIMES_OF_SITE.get());
        let site = || ((first_of(sender, IPV6_SITE), IPV6_SITE), self.one.saturating_mul(times));
        std::iter::once(own).chain(sender.is_ipv6().then(site))
    }

    /// Or how long to wait.
    pub(super) fn take(&self, sender: IpAddr, now: Instant) -> Result<(), Duration> {
        let mut whole = self.lock();
        let with_one_less = |whole: &HashMap<_, Instant>, key: &(IpAddr, u8)| {
            whole.get(key).copied().filter(|at| *at > now).unwrap_or(now) + self.one
        };
        for (key, most) in self.of(sender) {
            let wait = with_one_less(&whole, &key).duration_since(now).saturating_sub(most);
            if !wait.is_zero() {
                return Err(wait);
            }
        }
        for (key, _) in self.of(sender) {
            if whole.len() < MOST_SENDERS || whole.contains_key(&key) {
                let at = with_one_less(&whole, &key);
                whole.insert(key, at);
            }
        }
        Ok(())
    }

    pub(super) fn give_back(&self, sender: IpAddr) {
        let mut whole = self.lock();
        for (key, _) in self.of(sender) {
            if let Some(at) = whole.get_mut(&key) {
                *at = at.checked_sub(self.one).unwrap_or(*at);
            }
        }
    }

    pub(super) fn sweep(&self, now: Instant) {
        self.lock().retain(|_, at| *at > now);
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<(IpAddr, u8), Instant>> {
        self.whole.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::num::NonZeroU32;

    #[test]
    fn what_did_not_fail_is_there_again_and_what_did_comes_back_with_time() {
        let allowance = Allowance::new(Rate {
            times: NonZeroU32::new(2).unwrap(),
            per: Duration::from_hours(1),
        });
        let (now, sender) = (Instant::now(), IpAddr::from([203, 0, 113, 1]));
        for _ in 0..10 {
            assert_eq!(allowance.take(sender, now), Ok(()));
            allowance.give_back(sender);
        }
        assert_eq!(allowance.take(sender, now), Ok(()));
        assert_eq!(allowance.take(sender, now), Ok(()));
        assert_eq!(allowance.take(sender, now), Err(Duration::from_mins(30)));
        assert_eq!(allowance.take(IpAddr::from([203, 0, 113, 2]), now), Ok(()));
        assert_eq!(allowance.take(sender, now + Duration::from_mins(30)), Ok(()));
        allowance.sweep(now + Duration::from_hours(2));
        assert!(allowance.lock().is_empty());
        let of_site = |network: u16| IpAddr::from([0x2001, 0xdb8, 0, network, 0, 0, 0, 0]);
        let taken = (0..256).filter(|network| allowance.take(of_site(*network), now).is_ok());
        assert_eq!(taken.count(), 8);
    }
}
