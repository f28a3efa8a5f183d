//! Where the parts of a profile lie on a drawing, counted from its upper left corner; SVG and PDF draw the same.

use super::profile::{BUCKET, Bucket, Profile};

/// From the lowest to the highest that is drawn, in mg/dL.
pub(super) const LEAST: f64 = 40.0;
const USUAL_MOST: f64 = 300.0;
/// The target range.
pub(super) const TARGET: [f64; 2] = [70.0, 180.0];

pub(super) struct Frame {
    pub left: f64,
    pub top: f64,
    pub width: f64,
    pub height: f64,
    /// The highest that is drawn.
    pub most: f64,
}

pub(super) type Points = Vec<(f64, f64)>;
pub(super) type Of = fn(&Bucket) -> f64;

impl Frame {
    pub fn x(&self, minute: f64) -> f64 {
        self.left + minute / (24.0 * 60.0) * self.width
    }

    pub fn y(&self, mg_per_dl: f64) -> f64 {
        let value = mg_per_dl.clamp(LEAST, self.most);
        self.top + (self.most - value) / (self.most - LEAST) * self.height
    }

    pub fn line(&self, run: &[Bucket], of: Of) -> Points {
        run.iter()
            .map(|bucket| {
                (
                    self.x(f64::from(bucket.minute) + f64::from(BUCKET) / 2.0),
                    self.y(of(bucket)),
                )
            })
            .collect()
    }

    /// Around what lies between two lines.
    pub fn area(&self, run: &[Bucket], lower: Of, upper: Of) -> Points {
        let back = self.line(run, lower).into_iter().rev();
        self.line(run, upper).into_iter().chain(back).collect()
    }
}

/// What is high enough to be drawn to.
pub(super) fn most(highest: f64) -> f64 {
    ((highest / 50.0).ceil() * 50.0).clamp(USUAL_MOST, 500.0)
}

pub(super) fn highest(profile: &Profile) -> f64 {
    profile.buckets.iter().map(|bucket| bucket.p95).fold(0.0, f64::max)
}

/// Stretches of the day without a hole.
pub(super) fn runs(profile: &Profile) -> impl Iterator<Item = &[Bucket]> {
    profile
        .buckets
        .chunk_by(|one, next| next.minute - one.minute <= 2 * BUCKET)
}

/// Names and where to write them, from above, moved apart so that none covers another and none is below `bottom`.
pub(super) fn apart<T>(mut places: Vec<(f64, T)>, least: f64, bottom: f64) -> Vec<(f64, T)> {
    places.sort_by(|one, other| one.0.total_cmp(&other.0));
    let mut free = f64::MIN;
    for (place, _) in &mut places {
        *place = place.max(free);
        free = *place + least;
    }
    let mut free = bottom;
    for (place, _) in places.iter_mut().rev() {
        *place = place.min(free);
        free = *place - least;
    }
    places
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_moved_apart_and_stay_above_the_bottom() {
        let places = |of: &[f64]| apart(of.iter().map(|place| (*place, ())).collect(), 10.0, 100.0);
        let found = |of: &[f64]| places(of).into_iter().map(|(place, ())| place).collect::<Vec<_>>();
        assert_eq!(found(&[5.0, 6.0, 50.0]), [5.0, 15.0, 50.0]);
        assert_eq!(found(&[99.0, 20.0, 98.0]), [20.0, 90.0, 100.0]);
    }
}
