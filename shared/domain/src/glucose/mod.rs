//! What readings of a glucose sensor mean: figures, episodes, the profile of a day, and what comes next.
//!
//! Here: [`reading`], what a sensor says, and [`simulator`], people who do not exist, for tests and stand-ins. Deliberately
//! not here: any advice on a dose.

pub mod reading;
pub mod simulator;

pub use reading::{Reading, Value};
