use leptos::prelude::*;

/// Of several requests for the same thing the latest counts: an older answer never overwrites a newer one.
#[derive(Clone, Copy)]
pub struct Latest(StoredValue<u64>);

/// One request's place among the others.
#[derive(Clone, Copy)]
pub struct Turn {
    latest: Latest,
    number: Option<u64>,
}

impl Latest {
    pub fn new() -> Self {
        Self(StoredValue::new(0))
    }

    pub fn begin(self) -> Turn {
        self.0.try_update_value(|number| *number += 1);
        self.current()
    }

    /// The turn of the request that was begun last.
    pub fn current(self) -> Turn {
        Turn { latest: self, number: self.0.try_get_value() }
    }

    /// The answer to `request`, whose turn begins now; `None` where that is not the latest any more.
    pub fn take<T>(self, request: impl Future<Output = T>) -> impl Future<Output = Option<T>> {
        let turn = self.begin();
        async move { Some(request.await).filter(|_| turn.is_latest()) }
    }
}

impl Turn {
    /// Never once the page that asked is gone.
    pub fn is_latest(self) -> bool {
        self.number.is_some() && self.number == self.latest.0.try_get_value()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_latest_turn_counts_and_none_once_its_page_is_gone() {
        let page = Owner::new();
        let latest = page.with(Latest::new);
        let (older, newer) = (latest.begin(), latest.begin());
        assert!(!older.is_latest());
        assert!(newer.is_latest());
        drop(page);
        assert!(!newer.is_latest());
        assert!(!latest.begin().is_latest());
    }
}
