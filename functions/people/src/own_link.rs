//! A family link named in a path, as one of its two people sees it. For all others it does not exist.

use domain::family::{FamilyLink, FamilyRefused};
use domain::id::{FamilyLinkId, UserId};
use runtime::{Context, Problem};
use schemars::JsonSchema;
use serde::Deserialize;
use store::families;

#[derive(Deserialize, JsonSchema)]
pub struct Target {
    id: FamilyLinkId,
}

impl Target {
    pub async fn find(&self, context: &Context, user: UserId) -> Result<FamilyLink, Problem> {
        let link = families::get(&context.store, user, self.id).await?;
        Ok(link.ok_or(FamilyRefused::LinkNotFound)?)
    }
}
