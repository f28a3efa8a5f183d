//! What readings of a glucose sensor mean: figures, episodes, the profile of a day, and what comes next.
//!
//! Here: [`reading`], what a sensor says; [`series`], many of them; [`metrics`], [`episode`] and [`profile`], what they add up
//! to; [`simulator`], people who do not exist, for tests and stand-ins. Deliberately not here: any advice on a dose.

pub mod episode;
mod mage;
pub mod metrics;
pub mod profile;
pub mod reading;
pub mod series;
pub mod simulator;

pub use metrics::Summary;
pub use profile::Profile;
pub use reading::{Reading, Value};
pub use series::Series;

#[cfg(test)]
mod reference;
