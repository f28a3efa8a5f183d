//! Changing the own password: with the current one, never from a log-in's 401, and with an end to other sign-ins.

use domain::account::AccountGone;
use domain::id::UserId;
use domain::notice::Notice;
use domain::password::{Password, WeakPassword};
use domain::refusal::{Kind, Refusal};
use runtime::{Context, Problem, passwords};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use store::{accounts, failures};

use crate::guessing::{is_right, require_leave};

#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Change {
    /// Not asked of somebody who has had none: they signed in by a code.
    current_password: Option<String>,
    /// At least 8 characters.
    new_password: Option<String>,
}

#[derive(Serialize, JsonSchema)]
pub struct Changed {
    pub message: &'static str,
}

/// A 400 in all cases: a 401 would log the old clients out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PasswordRefused {
    #[error("Current password is incorrect")]
    Incorrect,
    #[error("New password must have at least 8 characters")]
    Short,
    #[error("New password must have at most 1024 bytes")]
    Long,
    #[error("New password must be different from the current one")]
    Same,
}

impl Refusal for PasswordRefused {
    fn kind(&self) -> Kind {
        Kind::BadRequest
    }

    fn code(&self) -> &'static str {
        match self {
            PasswordRefused::Incorrect => "password_incorrect",
            PasswordRefused::Short | PasswordRefused::Long => "password_weak",
            PasswordRefused::Same => "password_same",
        }
    }
}

impl From<WeakPassword> for PasswordRefused {
    fn from(weak: WeakPassword) -> Self {
        match weak {
            WeakPassword::Short => PasswordRefused::Short,
            WeakPassword::Long => PasswordRefused::Long,
        }
    }
}

/// Other devices are signed out with this one: a password is changed when somebody else may know it. The clients log
/// in again by themselves.
pub async fn change(context: &Context, user: UserId, change: Change) -> Result<Changed, Problem> {
    let new = change.new_password.unwrap_or_default();
    let new: Password = new.parse().map_err(PasswordRefused::from)?;
    let current = change.current_password.unwrap_or_default();
    let counted = format!("user:{user}");
    require_leave(context, &counted).await?;
    let stored = accounts::get_stored(&context.store, user).await?.ok_or(AccountGone)?;
    if stored.password_hash.is_some() && !is_right(context, &current, stored.password_hash.clone()).await? {
        return Err(PasswordRefused::Incorrect.into());
    }
    failures::forget(&context.store, &counted, &context.network()).await?;
    if new.as_bytes() == current.as_bytes() {
        return Err(PasswordRefused::Same.into());
    }
    let old = stored.password_hash;
    set(context, user, new, |seen| *seen == old).await?;
    let message = "Password changed successfully";
    Ok(Changed { message })
}

/// Sets a password and tells its owner; `still_holds` looks at the hash that is there at that moment.
pub async fn set(
    context: &Context,
    user: UserId,
    new: Password,
    still_holds: impl Fn(&Option<String>) -> bool,
) -> Result<(), Problem> {
    let salt = context.random()?;
    let hash = context.busy(move || passwords::hash(new.as_bytes(), salt)).await??;
    let message = context.tell(user, Notice::PasswordChanged)?;
    accounts::change::<Problem>(&context.store, user, &[message], |stored| {
        if !still_holds(&stored.password_hash) {
            return Err(PasswordRefused::Incorrect.into());
        }
        stored.password_hash = Some(hash.clone());
        stored.account.updated_at = context.now;
        Ok(())
    })
    .await?;
    Ok(())
}
