//! The alarm for silence: no readings for longer than somebody wants.

use jiff::Timestamp;

use super::{LONGEST_WARM_UP, Step, Watch};
use crate::vital::{NoData, Rule, Source, VitalKind};

impl Watch {
    /// From when on there is silence. Who never sent anything is not missed.
    pub(super) fn silent_from(&self, rule: &NoData) -> Option<Timestamp> {
        let heard = self.latest_of(rule.kind)?.at + rule.span();
        let warm_ups = self.warm_ups.iter();
        let warm_ups = warm_ups.filter(|(source, _)| self.may_measure(*source, rule.kind));
        Some(warm_ups.fold(heard, |from, (_, until)| from.max(*until)))
    }

    /// A source that was never heard may measure anything.
    fn may_measure(&self, source: Source, kind: VitalKind) -> bool {
        let mut heard = self.heard.iter().filter(|heard| heard.source == source).peekable();
        heard.peek().is_none() || heard.any(|heard| heard.kind == kind)
    }
}

impl Step<'_> {
    /// A sensor was changed, and says nothing for a while: for a day at most, and as it says last.
    pub fn warm_up(&mut self, source: Source, until: Timestamp) {
        let now = self.now;
        let warm_ups = &mut self.watch.warm_ups;
        warm_ups.retain(|(of, until)| *of != source && now < *until);
        if now < until {
            warm_ups.push((source, until.min(now + LONGEST_WARM_UP)));
        }
    }

    pub(super) fn listen(&mut self) {
        for said in self.settings.no_data.clone() {
            let rule = Rule::NoData { kind: said.kind };
            if !self.rules.contains(&rule) {
                continue;
            }
            let silent = self.watch.silent_from(&said).filter(|from| *from <= self.now);
            let is_open = self.watch.track(rule).is_some_and(|track| track.open.is_some());
            match silent {
                Some(_) if !is_open => self.raise(rule, self.now, said.kind, None),
                None if is_open => self.clear(rule, self.now),
                _ => {}
            }
        }
    }
}
