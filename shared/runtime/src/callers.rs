//! Who is asking, as an argument type: built only from verified credentials.
//!
//! An access token only names a session. Role, suspension, verification and revocation come from the session item,
//! read with every request and cached for a few seconds per process.

mod device;
mod in_call;
mod operator;

use std::collections::HashMap;
use std::future::Future;
use std::sync::{Mutex, PoisonError};

use domain::id::{SessionId, UserId};
use domain::role::Role;
use domain::session::{NotAllowed, NotSignedIn, Session};
use jiff::{SignedDuration, Timestamp};
use store::table::{ItemAction, Table};

use crate::context::Context;
use crate::dialect::wrong_role;
use crate::need::Need;
use crate::problem::Problem;
use crate::request::Incoming;

pub use device::MaybeDevice;
pub use in_call::InCall;
pub use operator::Operator;

/// Who may call an endpoint, for the access table and the documentation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Access {
    /// Without a token.
    Anyone,
    /// With or without; a token that is sent must be good.
    MaybeSignedIn,
    SignedIn,
    /// Also a person who is suspended, so that the app can show it.
    SignedInOrSuspended,
    Patient,
    Doctor,
    VerifiedDoctor,
    Admin,
    PatientOrAdmin,
    DoctorOrAdmin,
    /// Somebody in a call: signed in, or a guest with the token that the call gave them.
    InCall,
    /// With or without a device's token; one that is sent must be good.
    MaybeDevice,
    /// By HTTP Basic, or as a signed-in admin.
    Operator,
}

impl Access {
    pub fn needs_token(self) -> bool {
        !matches!(self, Access::Anyone | Access::MaybeSignedIn | Access::MaybeDevice)
    }

    /// Whether somebody of this role gets in, if nothing else is against it.
    pub fn admits(self, role: Role) -> bool {
        match self {
            Access::Patient => role == Role::Patient,
            Access::Doctor | Access::VerifiedDoctor => role == Role::Doctor,
            Access::Admin | Access::Operator => role == Role::Admin,
            Access::PatientOrAdmin => role != Role::Doctor,
            Access::DoctorOrAdmin => role != Role::Patient,
            Access::Anyone
            | Access::MaybeDevice
            | Access::MaybeSignedIn
            | Access::InCall
            | Access::SignedIn
            | Access::SignedInOrSuspended => true,
        }
    }
}

/// A kind of caller.
pub trait Caller: Sized + Clone + Send + Sync {
    const ACCESS: Access;
    const NEEDS: &'static [Need];

    fn identify(context: &Context, request: &Incoming) -> impl Future<Output = Result<Self, Problem>> + Send;

    /// Whose request this is, for the log (as a hash).
    fn user(&self) -> Option<UserId>;

    /// Who asks, apart from all others; none for anybody.
    fn name(&self) -> Option<String> {
        self.user().map(|user| format!("user {user}"))
    }
}

const READS_SESSION: &[Need] = &[Need::Items(Table::Identity, &[ItemAction::BatchGet])];

#[derive(Clone)]
pub struct Anyone;

impl Caller for Anyone {
    const ACCESS: Access = Access::Anyone;
    const NEEDS: &'static [Need] = &[];

    async fn identify(_: &Context, _: &Incoming) -> Result<Self, Problem> {
        Ok(Self)
    }

    fn user(&self) -> Option<UserId> {
        None
    }
}

/// Somebody whose session is open and who is not suspended.
#[derive(Clone)]
pub struct SignedIn {
    pub session: Session,
}

impl SignedIn {
    pub fn user_id(&self) -> UserId {
        self.session.user_id
    }
}

impl Caller for SignedIn {
    const ACCESS: Access = Access::SignedIn;
    const NEEDS: &'static [Need] = READS_SESSION;

    async fn identify(context: &Context, request: &Incoming) -> Result<Self, Problem> {
        let session = open_session(context, request).await?;
        if session.is_suspended {
            return Err(NotAllowed::Suspended.into());
        }
        Ok(Self { session })
    }

    fn user(&self) -> Option<UserId> {
        Some(self.session.user_id)
    }
}

/// Somebody whose session is open, suspended or not.
#[derive(Clone)]
pub struct SignedInOrSuspended {
    pub session: Session,
}

impl Caller for SignedInOrSuspended {
    const ACCESS: Access = Access::SignedInOrSuspended;
    const NEEDS: &'static [Need] = READS_SESSION;

    async fn identify(context: &Context, request: &Incoming) -> Result<Self, Problem> {
        Ok(Self {
            session: open_session(context, request).await?,
        })
    }

    fn user(&self) -> Option<UserId> {
        Some(self.session.user_id)
    }
}

/// Callers of certain roles: somebody signed in whose role is one of them, else 403 before any look-up.
macro_rules! callers_by_role {
    ($($(#[$doc:meta])* $name:ident: [$($role:ident),+], $refused:ident;)+) => {$(
        $(#[$doc])*
        #[derive(Clone)]
        pub struct $name {
            pub session: Session,
        }

        impl $name {
            pub fn user_id(&self) -> UserId {
                self.session.user_id
            }
        }

        impl Caller for $name {
            const ACCESS: Access = Access::$name;
            const NEEDS: &'static [Need] = READS_SESSION;

            async fn identify(context: &Context, request: &Incoming) -> Result<Self, Problem> {
                const ROLES: &[Role] = &[$(Role::$role),+];
                let SignedIn { session } = SignedIn::identify(context, request).await?;
                if !ROLES.contains(&session.role) {
                    return Err(wrong_role(context.product, NotAllowed::$refused, ROLES).into());
                }
                Ok(Self { session })
            }

            fn user(&self) -> Option<UserId> {
                Some(self.session.user_id)
            }
        }
    )+};
}

callers_by_role! {
    Patient: [Patient], PatientsOnly;
    /// Verified or not.
    Doctor: [Doctor], DoctorsOnly;
    Admin: [Admin], AdminOnly;
    PatientOrAdmin: [Patient, Admin], PatientsOnly;
    DoctorOrAdmin: [Doctor, Admin], DoctorsOnly;
}

/// A doctor whose approval holds at this moment: the only one who sees patients.
#[derive(Clone)]
pub struct VerifiedDoctor {
    pub session: Session,
}

impl Caller for VerifiedDoctor {
    const ACCESS: Access = Access::VerifiedDoctor;
    const NEEDS: &'static [Need] = READS_SESSION;

    async fn identify(context: &Context, request: &Incoming) -> Result<Self, Problem> {
        let Doctor { session } = Doctor::identify(context, request).await?;
        if !session.is_verified {
            return Err(NotAllowed::VerifiedDoctorsOnly.into());
        }
        Ok(Self { session })
    }

    fn user(&self) -> Option<UserId> {
        Some(self.session.user_id)
    }
}

/// Somebody who may have signed in.
#[derive(Clone)]
pub struct MaybeSignedIn(pub Option<SignedIn>);

impl Caller for MaybeSignedIn {
    const ACCESS: Access = Access::MaybeSignedIn;
    const NEEDS: &'static [Need] = READS_SESSION;

    async fn identify(context: &Context, request: &Incoming) -> Result<Self, Problem> {
        match request.bearer() {
            Some(_) => Ok(Self(Some(SignedIn::identify(context, request).await?))),
            None => Ok(Self(None)),
        }
    }

    fn user(&self) -> Option<UserId> {
        self.0.as_ref().and_then(Caller::user)
    }
}

async fn open_session(context: &Context, request: &Incoming) -> Result<Session, Problem> {
    let claims = request.claims(context)?;
    let session = find_session(context, claims.sub, claims.sid).await?;
    Ok(session.ok_or(NotSignedIn::InvalidToken)?)
}

/// A session that is open, as it was at most five seconds ago.
pub(crate) async fn find_session(
    context: &Context,
    user: UserId,
    session: SessionId,
) -> Result<Option<Session>, Problem> {
    let cache = &context.platform.sessions;
    if let Some(session) = cache.fresh(session, context.now) {
        return Ok(Some(session));
    }
    let session = store::sessions::find_open(&context.store, user, session, context.now).await?;
    if let Some(session) = &session {
        cache.keep(session, context.now);
    }
    Ok(session)
}

/// How long a revoked session may still be honoured by a process that has just read it.
const FRESH: SignedDuration = SignedDuration::from_secs(5);
/// The local product serves everybody from one process; Lambda seldom holds more than a few.
const MOST: usize = 4096;

#[derive(Default)]
pub(crate) struct SessionCache(Mutex<HashMap<SessionId, (Timestamp, Session)>>);

impl SessionCache {
    fn fresh(&self, id: SessionId, now: Timestamp) -> Option<Session> {
        let sessions = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (read_at, session) = sessions.get(&id)?;
        let is_fresh = now.duration_since(*read_at).abs() < FRESH && !session.is_over(now);
        is_fresh.then(|| session.clone())
    }

    pub fn forget(&self, id: SessionId) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&id);
    }

    pub fn forget_user(&self, user: UserId) {
        let mut sessions = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        sessions.retain(|_, (_, session)| session.user_id != user);
    }

    fn keep(&self, session: &Session, now: Timestamp) {
        let mut sessions = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if sessions.len() >= MOST {
            sessions.retain(|_, (read_at, _)| now.duration_since(*read_at) < FRESH);
        }
        if sessions.len() < MOST {
            sessions.insert(session.id, (now, session.clone()));
        }
    }
}
