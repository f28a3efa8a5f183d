//! What readings of a glucose sensor mean: figures, episodes, the profile of a day, and what comes next.
//!
//! Here: [`reading`], what a sensor says; [`series`], many of them; [`metrics`], [`episode`] and [`profile`], what they
//! add up to; [`chart`] and [`report`], the same for people, in the languages of [`words`]; [`forecast`], the next
//! hour; [`simulator`], people who do not exist, for tests and stand-ins. Deliberately not here: any advice on a dose.

pub mod chart;
pub mod episode;
pub mod forecast;
mod mage;
pub mod metrics;
mod plot;
pub mod profile;
pub mod reading;
pub mod report;
mod said;
pub mod series;
pub mod simulator;
pub mod unit;
pub mod words;

pub use metrics::Summary;
pub use profile::Profile;
pub use reading::{Reading, Value};
pub use series::Series;
pub use unit::Unit;

#[cfg(test)]
mod independent;
#[cfg(test)]
mod reference;
