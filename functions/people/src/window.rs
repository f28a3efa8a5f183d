//! How far into a numbered list, as the old clients ask: bounded, since pages cost more the deeper they lie.

use schemars::JsonSchema;
use serde::Deserialize;

/// 0 to 10,000.
#[derive(Clone, Copy, Default, Deserialize, JsonSchema)]
#[serde(try_from = "usize")]
#[schemars(inline)]
pub struct Skip(pub usize);

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
