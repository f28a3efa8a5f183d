//! Somebody in a call: with an account, or as a guest of somebody who has one.

use domain::consultation::Party;
use domain::consultation::call_pass::CallPass;
use domain::id::UserId;
use domain::refusal::{Kind, Refusal};
use domain::session::Session;
use http::HeaderName;
use store::consultations::pass;
use store::table::{ItemAction, Table};

use super::{Access, Caller, SignedIn};
use crate::context::Context;
use crate::need::Need;
use crate::problem::Problem;
use crate::request::Incoming;

/// The `session_token` that joining gave. Not in an address, where it would be logged.
const HEADER: HeaderName = HeaderName::from_static("x-consultation-session");

/// Nobody's rights come from a pass but a guest's: those of people with an account come from their session, and the pass
/// only says which of their connections this is.
#[derive(Clone)]
pub enum InCall {
    Person { session: Session, pass: Option<CallPass> },
    Guest(CallPass),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("The session token is not valid any more: join again")]
struct InvalidPass;

impl Refusal for InvalidPass {
    fn kind(&self) -> Kind {
        Kind::Unauthenticated
    }

    fn code(&self) -> &'static str {
        "session_token_invalid"
    }
}

impl InCall {
    pub fn pass(&self) -> Option<&CallPass> {
        match self {
            InCall::Person { pass, .. } => pass.as_ref(),
            InCall::Guest(pass) => Some(pass),
        }
    }
}

impl Caller for InCall {
    const ACCESS: Access = Access::InCall;
    const NEEDS: &'static [Need] = &[Need::Items(Table::Identity, &[ItemAction::BatchGet]), Need::FieldKeys];

    async fn identify(context: &Context, request: &Incoming) -> Result<Self, Problem> {
        let header = request.header(&HEADER).map(str::trim).filter(|text| !text.is_empty());
        if let (None, Some(token)) = (request.bearer(), header) {
            let pass = pass::open(&context.store, token, context.now).await?;
            let guest = pass.filter(|pass| matches!(pass.party, Party::Guest(_)));
            return Ok(Self::Guest(guest.ok_or(InvalidPass)?));
        }
        let SignedIn { session } = SignedIn::identify(context, request).await?;
        let pass = match header {
            Some(token) => {
                let pass = pass::open(&context.store, token, context.now).await?;
                Some(pass.ok_or(InvalidPass)?)
            }
            None => None,
        };
        Ok(Self::Person { session, pass })
    }

    fn user(&self) -> Option<UserId> {
        match self {
            InCall::Person { session, .. } => Some(session.user_id),
            InCall::Guest(_) => None,
        }
    }

    fn name(&self) -> Option<String> {
        match self {
            InCall::Person { session, .. } => Some(format!("user {}", session.user_id)),
            InCall::Guest(pass) => Some(format!("{} of {}", pass.party, pass.consultation)),
        }
    }
}
