//! What glucose is shown in. Everything is counted in mg/dL.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "GlucoseUnit")]
pub enum Unit {
    #[default]
    #[serde(rename = "mg/dL")]
    MgPerDl,
    #[serde(rename = "mmol/L")]
    MmolPerL,
}

/// A mole weighs 180.1559 g, and a litre has ten decilitres.
const MG_PER_DL_OF_MMOL_PER_L: f64 = 18.015_59;

impl Unit {
    pub fn symbol(self) -> &'static str {
        match self {
            Unit::MgPerDl => "mg/dL",
            Unit::MmolPerL => "mmol/L",
        }
    }

    pub fn number(self, mg_per_dl: f64) -> f64 {
        match self {
            Unit::MgPerDl => mg_per_dl,
            Unit::MmolPerL => mg_per_dl / MG_PER_DL_OF_MMOL_PER_L,
        }
    }

    /// Whole mg/dL, tenths of mmol/L: as sensors show them.
    pub fn shown(self, mg_per_dl: f64) -> String {
        match self {
            Unit::MgPerDl => format!("{:.0}", self.number(mg_per_dl)),
            Unit::MmolPerL => format!("{:.1}", self.number(mg_per_dl)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_are_shown_as_people_know_them() {
        let shown = [54.0, 70.0, 180.0, 250.0].map(|limit| Unit::MmolPerL.shown(limit));
        assert_eq!(shown, ["3.0", "3.9", "10.0", "13.9"]);
        assert_eq!(Unit::MgPerDl.shown(99.6), "100");
    }
}
