//! Which flow is shown. No I/O but for the tab's note of it, which outlives a reload and the Back button.

use crate::{api::json, storage::Kept::InTab};
use serde::{Deserialize, Serialize};
use shared::trace::{FlowId, Trace};

const KEY: &str = "storezero.flows.shown";

#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
pub struct Selection {
    shown: Option<FlowId>,
    /// The flows that the visitor has been shown had ended by then.
    seen_until: i64,
}

impl Selection {
    pub fn kept() -> Self {
        InTab.get(KEY).and_then(|text| json::read(&text)).unwrap_or_default()
    }

    pub fn keep(&self) {
        if let Some(text) = json::write(self) {
            InTab.set(KEY, &text);
        }
    }

    pub const fn shown(&self) -> Option<FlowId> {
        self.shown
    }

    pub const fn choose(&mut self, flow: FlowId) {
        self.shown = Some(flow);
    }

    /// A new flow is shown at once; what a page asked by itself takes nobody's place. Closed, the one that is shown gives
    /// way to the newest.
    pub fn look_at(&mut self, traces: &[Trace]) {
        let wanted = || traces.iter().filter(|trace| !trace.automatic);
        let newest = wanted().max_by_key(|trace| trace.ended_at());
        let is_there = traces.iter().any(|trace| Some(trace.id()) == self.shown);
        match newest {
            Some(new) if new.ended_at() > self.seen_until => self.shown = Some(new.id()),
            _ if is_there => {}
            _ => self.shown = wanted().next().or(traces.first()).map(Trace::id),
        }
        if let Some(newest) = newest {
            self.seen_until = self.seen_until.max(newest.ended_at());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use shared::trace::{Message, Step, TraceKind};

    fn flow(kind: TraceKind, began_at: i64, ended_at: i64) -> Trace {
        let mut trace = Trace::begin(kind, began_at);
        let (step, parameters) = (Step::SessionEnded, Vec::new());
        trace.messages.push(Message { at: ended_at, step, parameters });
        trace
    }

    fn automatic(at: i64) -> Trace {
        Trace { automatic: true, ..flow(TraceKind::SilentLogin, at, at) }
    }

    fn shown(selection: &mut Selection, traces: &[Trace]) -> Option<i64> {
        selection.look_at(traces);
        Some(selection.shown()?.1)
    }

    #[test]
    fn a_new_flow_is_shown_and_the_one_that_was_chosen_stays_otherwise() {
        let mut selection = Selection::default();
        let login = flow(TraceKind::Login, 1, 2);
        let logout = flow(TraceKind::Logout, 3, 4);
        assert_eq!(shown(&mut selection, std::slice::from_ref(&login)), Some(1));
        assert_eq!(shown(&mut selection, &[logout.clone(), login.clone()]), Some(3));
        selection.choose(login.id());
        assert_eq!(shown(&mut selection, &[logout.clone(), login.clone()]), Some(1));
        let ended = flow(TraceKind::BackchannelLogout, 5, 5);
        assert_eq!(shown(&mut selection, &[ended, logout, login]), Some(5));
    }

    #[test]
    fn a_login_that_began_earlier_elsewhere_is_new_when_it_is_done() {
        let mut selection = Selection::default();
        let silent = flow(TraceKind::SilentLogin, 5, 6);
        assert_eq!(shown(&mut selection, std::slice::from_ref(&silent)), Some(5));
        let login = flow(TraceKind::Login, 1, 9);
        assert_eq!(shown(&mut selection, &[silent, login]), Some(1));
    }

    #[test]
    fn what_the_page_asked_by_itself_is_shown_only_where_nothing_else_is() {
        let mut selection = Selection::default();
        assert_eq!(shown(&mut selection, &[automatic(1)]), Some(1));
        let login = flow(TraceKind::Login, 2, 3);
        assert_eq!(shown(&mut selection, &[automatic(4), login.clone()]), Some(2));
        assert_eq!(shown(&mut selection, &[automatic(9), login]), Some(2));
    }

    #[test]
    fn a_closed_flow_gives_way_to_the_newest_that_somebody_wanted() {
        let mut selection = Selection::default();
        let (login, logout) = (flow(TraceKind::Login, 1, 2), flow(TraceKind::Logout, 3, 4));
        selection.look_at(&[logout, login.clone()]);
        assert_eq!(shown(&mut selection, &[automatic(9), login]), Some(1));
        assert_eq!(shown(&mut selection, &[]), None);
    }

    #[test]
    fn the_tabs_note_reads_as_it_was_written() {
        let mut selection = Selection::default();
        selection.look_at(&[flow(TraceKind::Login, 1, 2)]);
        let text = json::write(&selection).unwrap();
        assert_eq!(json::read(&text), Some(selection));
    }
}
