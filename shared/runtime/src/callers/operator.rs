//! Who publishes firmware: by HTTP Basic, as upload scripts do, or as an admin who is signed in, so that there can be a
//! second person.

use data_encoding::BASE64;
use domain::id::UserId;
use domain::refusal::{Kind, Refusal};
use http::header::AUTHORIZATION;
use sha2::{Digest, Sha256};
use store::failures::{self, Leave};
use store::table::{ItemAction, Table};
use subtle::ConstantTimeEq;

use super::{Access, Admin, Caller};
use crate::context::Context;
use crate::need::Need;
use crate::problem::{Challenge, Problem};
use crate::request::Incoming;
use crate::secrets::Secret;

/// Guesses are counted under one name, whatever user name comes with them.
const COUNTED_AS: &str = "firmware operator";

#[derive(Clone)]
pub struct Operator {
    name: String,
    user: Option<UserId>,
}

impl Operator {
    /// Who acts, to be kept with what they do. Two different people have different ones.
    pub fn name(&self) -> &str {
        &self.name
    }
}

/// Why somebody is no operator.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
enum NotAnOperator {
    #[error("Not authenticated")]
    NoCredentials,
    #[error("Invalid admin credentials")]
    WrongCredentials,
    #[error("Too many wrong credentials. Please try again in {seconds} seconds")]
    Locked { seconds: u64 },
}

impl Refusal for NotAnOperator {
    fn kind(&self) -> Kind {
        match self {
            NotAnOperator::NoCredentials | NotAnOperator::WrongCredentials => Kind::Unauthenticated,
            NotAnOperator::Locked { .. } => Kind::TooManyRequests,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            NotAnOperator::NoCredentials => "credentials_missing",
            NotAnOperator::WrongCredentials => "credentials_wrong",
            NotAnOperator::Locked { .. } => "operator_locked",
        }
    }

    fn retry_after_seconds(&self) -> Option<u64> {
        match self {
            NotAnOperator::Locked { seconds } => Some(*seconds),
            _ => None,
        }
    }
}

impl NotAnOperator {
    fn problem(self) -> Problem {
        Problem {
            challenge: Challenge::Basic,
            ..self.into()
        }
    }
}

impl Caller for Operator {
    const ACCESS: Access = Access::Operator;
    const NEEDS: &'static [Need] = &[
        Need::Items(
            Table::Identity,
            &[ItemAction::BatchGet, ItemAction::Get, ItemAction::Update],
        ),
        Need::FieldKeys,
        Need::Secret(Secret::AdminUser),
        Need::Secret(Secret::AdminPass),
    ];

    async fn identify(context: &Context, request: &Incoming) -> Result<Self, Problem> {
        if request.bearer().is_some() {
            let admin = Admin::identify(context, request).await?;
            return Ok(Self {
                name: format!("admin {}", admin.user_id()),
                user: Some(admin.user_id()),
            });
        }
        let header = request
            .header(&AUTHORIZATION)
            .ok_or_else(|| NotAnOperator::NoCredentials.problem())?;
        let is_right = match basic(header) {
            Some(given) => is_right(context, &given).await?,
            None => false,
        };
        let network = context.network();
        // A network that has guessed too often is not told when it has guessed right; others are not held up by it.
        let leave = if is_right {
            failures::leave(&context.store, COUNTED_AS, &network, true, context.now).await?
        } else {
            failures::before_guess(&context.store, COUNTED_AS, &network, true, context.now).await?
        };
        match leave {
            Leave::Refused(wait) => {
                let seconds = wait.as_secs().max(1).unsigned_abs();
                Err(NotAnOperator::Locked { seconds }.problem())
            }
            Leave::Given if !is_right => Err(NotAnOperator::WrongCredentials.problem()),
            Leave::Given => Ok(Self {
                name: "operator".to_owned(),
                user: None,
            }),
        }
    }

    fn user(&self) -> Option<UserId> {
        self.user
    }

    fn name(&self) -> Option<String> {
        Some(self.name.clone())
    }
}

/// `user:password`, as it came.
fn basic(header: &str) -> Option<Vec<u8>> {
    let (scheme, credentials) = header.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    BASE64.decode(credentials.trim().as_bytes()).ok()
}

/// Takes as long whatever is wrong. Where no credentials are set, none are right.
async fn is_right(context: &Context, given: &[u8]) -> Result<bool, Problem> {
    let secrets = &context.platform.secrets;
    if ![Secret::AdminUser, Secret::AdminPass]
        .into_iter()
        .all(|secret| secrets.has(secret))
    {
        return Ok(false);
    }
    let (user, password) = (
        context.secret(Secret::AdminUser).await?,
        context.secret(Secret::AdminPass).await?,
    );
    let wanted = Sha256::digest(format!("{user}:{password}"));
    Ok(Sha256::digest(given).ct_eq(&wanted).into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_well_formed_basic_credentials_are_read() {
        assert_eq!(basic("Basic dTpw").as_deref(), Some(b"u:p".as_slice()));
        assert_eq!(basic("basic  dTpw ").as_deref(), Some(b"u:p".as_slice()));
        for header in ["Basic", "Basic u:p", "Digest dTpw", "", "BasicdTpw"] {
            assert_eq!(basic(header), None, "{header}");
        }
    }
}
