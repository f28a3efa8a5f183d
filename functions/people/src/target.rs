//! Whom an admin's call is about: named by user name or by id in the path.

use domain::account::{Account, AccountGone};
use domain::id::UserId;
use domain::refusal::{Kind, Refusal};
use domain::role::Role;
use domain::session::{NotAllowed, Session};
use domain::username::Username;
use runtime::{Context, Problem};
use schemars::JsonSchema;
use serde::Deserialize;
use store::accounts;

#[derive(Deserialize, JsonSchema)]
pub struct Target {
    #[serde(default)]
    username: String,
    #[serde(default)]
    id: String,
}

/// An admin's call that must not be about the admin.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("You cannot do this to your own account")]
pub struct Oneself;

impl Refusal for Oneself {
    fn kind(&self) -> Kind {
        Kind::BadRequest
    }

    fn code(&self) -> &'static str {
        "own_account"
    }
}

impl Target {
    pub async fn find(&self, context: &Context) -> Result<Account, Problem> {
        let store = &context.store;
        let account = match (self.username.parse::<Username>(), self.id.parse::<UserId>()) {
            (Ok(name), _) => accounts::find_by_username(store, &name)
                .await?
                .map(|stored| stored.account),
            (Err(_), Ok(id)) => accounts::get(store, id).await?,
            (Err(_), Err(_)) => None,
        };
        Ok(account.ok_or(AccountGone)?)
    }

    pub async fn find_other(&self, context: &Context, admin: &Session) -> Result<Account, Problem> {
        let account = self.find(context).await?;
        if account.id == admin.user_id {
            return Err(Oneself.into());
        }
        Ok(account)
    }

    /// For oneself or an admin. The right is checked before anything is looked up, else a 404 would tell who exists.
    pub async fn find_for(&self, context: &Context, caller: &Session) -> Result<Account, Problem> {
        if caller.role == Role::Admin {
            return self.find(context).await;
        }
        let own = accounts::get(&context.store, caller.user_id)
            .await?
            .ok_or(AccountGone)?;
        if self.username.to_lowercase() != own.username.normalized() {
            return Err(NotAllowed::SelfOrAdminOnly.into());
        }
        Ok(own)
    }
}
