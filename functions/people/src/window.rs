//! Numbered pages, as the old clients ask for them: bounded, and refused beyond the bounds.

use schemars::JsonSchema;
use serde::Deserialize;

/// 1 to 100, 50 if not said.
#[derive(Clone, Copy, Deserialize, JsonSchema)]
#[serde(try_from = "usize")]
#[schemars(inline)]
pub struct Limit(pub usize);

/// 0 to 10,000.
#[derive(Clone, Copy, Default, Deserialize, JsonSchema)]
#[serde(try_from = "usize")]
#[schemars(inline)]
pub struct Skip(pub usize);

impl Default for Limit {
    fn default() -> Self {
        Self(50)
    }
}

impl TryFrom<usize> for Limit {
    type Error = &'static str;

    fn try_from(number: usize) -> Result<Self, Self::Error> {
        if (1..=100).contains(&number) {
            Ok(Self(number))
        } else {
            Err("must be from 1 to 100")
        }
    }
}

impl TryFrom<usize> for Skip {
    type Error = &'static str;

    fn try_from(number: usize) -> Result<Self, Self::Error> {
        if number <= store::directory::DEEPEST {
            Ok(Self(number))
        } else {
            Err("must be from 0 to 10000")
        }
    }
}
