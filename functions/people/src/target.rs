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
    username: Option<String>,
    id: Option<UserId>,
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
        let account = match (&self.username, self.id) {
            (Some(name), _) => match name.parse::<Username>() {
                Ok(name) => accounts::find_by_username(&context.store, &name)
                    .await?
                    .map(|stored| stored.account),
                Err(_) => None,
            },
            (None, Some(id)) => accounts::get(&context.store, id).await?,
            (None, None) => None,
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
        let named = self.username.as_deref().unwrap_or_default().to_lowercase();
        if named != own.username.normalized() {
            return Err(NotAllowed::SelfOrAdminOnly.into());
        }
        Ok(own)
    }
}
