//! Which part of a list is wanted, as queries say it.

use schemars::JsonSchema;
use serde::Deserialize;
use store::PageRequest;

#[derive(Deserialize, JsonSchema)]
pub struct Paging {
    /// 1 to 100; 50 without it.
    #[serde(default)]
    pub limit: Limit,
    /// From an earlier page.
    #[serde(default)]
    pub cursor: Option<ListCursor>,
}

impl From<Paging> for PageRequest {
    fn from(paging: Paging) -> Self {
        Self {
            limit: paging.limit.0,
            after: paging.cursor.map(|cursor| cursor.0),
        }
    }
}

/// How many items a page may have.
#[derive(Clone, Copy, Deserialize, JsonSchema)]
#[serde(try_from = "u16")]
pub struct Limit(#[schemars(range(min = 1, max = 100))] pub u16);

impl Default for Limit {
    fn default() -> Self {
        Self(50)
    }
}

impl TryFrom<u16> for Limit {
    type Error = &'static str;

    fn try_from(limit: u16) -> Result<Self, Self::Error> {
        if (1..=100).contains(&limit) {
            Ok(Self(limit))
        } else {
            Err("must be from 1 to 100")
        }
    }
}

#[derive(Deserialize, JsonSchema)]
#[serde(try_from = "String")]
pub struct ListCursor(#[schemars(with = "String")] pub store::Cursor);

impl TryFrom<String> for ListCursor {
    type Error = store::MalformedCursor;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse().map(Self)
    }
}
