//! Where somebody looks for a medicine.

use domain::pharmacy::{PharmacyRefused, position};
use schemars::JsonSchema;
use serde::Deserialize;
use store::pharmacies::Where;

const USUAL_KILOMETRES: f64 = 10.0;
/// Nothing on earth is further away.
const FURTHEST_KILOMETRES: f64 = 20_100.0;

/// A position is personal: it is used for the answer, and neither kept nor logged.
#[derive(Deserialize, JsonSchema)]
#[schemars(inline)]
pub struct Nearby {
    /// Both or none.
    #[serde(default, deserialize_with = "runtime::lenient::number")]
    latitude: Option<f64>,
    #[serde(default, deserialize_with = "runtime::lenient::number")]
    longitude: Option<f64>,
    /// 10 without it.
    #[serde(default, deserialize_with = "runtime::lenient::number")]
    radius_km: Option<f64>,
}

impl Nearby {
    pub fn place(&self) -> Result<Where<'static>, PharmacyRefused> {
        let kilometres = self.radius_km.unwrap_or(USUAL_KILOMETRES);
        if kilometres.is_nan() || kilometres < 0.0 {
            return Err(PharmacyRefused::Invalid("radius_km", "must be a number from 0"));
        }
        Ok(Where {
            near: position(self.latitude, self.longitude)?,
            reach_metres: kilometres.min(FURTHEST_KILOMETRES) * 1_000.0,
            ..Where::default()
        })
    }
}

/// To the metre.
pub fn kilometres(metres: f64) -> f64 {
    metres.round() / 1_000.0
}
