//! The alarm for silence: no readings for longer than somebody wants.

use jiff::Timestamp;

use super::{Step, Watch};
use crate::vital::{NoData, Rule};

impl Watch {
    /// From when on there is silence. Who never sent anything is not missed.
    pub(super) fn silent_from(&self, rule: &NoData) -> Option<Timestamp> {
        let heard = self.latest_of(rule.kind)?.at + rule.span();
        Some(self.warm_up_until.map_or(heard, |warm| heard.max(warm)))
    }
}

impl Step<'_> {
    pub(super) fn listen(&mut self) {
        for said in self.settings.no_data.clone() {
            let rule = Rule::NoData { kind: said.kind };
            if !self.rules.contains(&rule) {
                continue;
            }
            let silent = self.watch.silent_from(&said).filter(|from| *from <= self.now);
            let is_open = self.watch.track(rule).is_some_and(|track| track.open.is_some());
            match silent {
                Some(_) if !is_open => self.raise(rule, self.now, said.kind, None, None),
                None if is_open => self.clear(rule, self.now),
                _ => {}
            }
        }
    }
}
