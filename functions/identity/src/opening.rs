//! Opening a session, whichever way somebody has proved who they are.

use domain::account::LogInRefused;
use domain::id::SessionId;
use domain::notice::Notice;
use domain::one_time_code::CodeRefused;
use domain::session::{Product, Session};
use runtime::answer::Cookie;
use runtime::need::Need;
use runtime::secrets::{Secret, decode_key};
use runtime::tokens::{RefreshClaims, TokenSigner};
use runtime::{Context, Problem};
use store::accounts::StoredAccount;
use store::codes::Proof;
use store::sessions::{self, Device, Opening, StoredSession};
use store::table::{ItemAction, Table};

/// What opening a session needs, for the endpoints that do it.
pub const NEEDS: [Need; 4] = [
    Need::Items(
        Table::Identity,
        &[
            ItemAction::Get,
            ItemAction::Put,
            ItemAction::Check,
            ItemAction::Delete,
            ItemAction::Update,
        ],
    ),
    Need::Items(Table::Notifications, &[ItemAction::Put]),
    Need::FieldKeys,
    Need::Secret(Secret::TokenSigningKey),
];

/// What a client keeps.
pub struct Tokens {
    pub access_token: String,
    /// None for products whose clients cannot refresh.
    pub refresh_token: Option<String>,
    /// Seconds until the access token is over.
    pub expires_in: i64,
    pub product: Product,
}

impl Tokens {
    /// As the dental product's browsers keep them.
    pub fn cookies(&self) -> Vec<Cookie> {
        let access = Cookie {
            name: "access_token",
            value: self.access_token.clone(),
            max_age_seconds: self.expires_in,
        };
        let refresh = self.refresh_token.clone().map(|value| Cookie {
            name: "refresh_token",
            value,
            max_age_seconds: self.product.session_life().as_secs(),
        });
        std::iter::once(access).chain(refresh).collect()
    }
}

/// Opens a session on the device that asks, tells its owner, and remembers the network. `name`: what the person signed
/// in by. A `proof` is used up.
pub async fn open(
    context: &Context,
    stored: &StoredAccount,
    product: Product,
    name: &str,
    proof: Option<&Proof>,
) -> Result<Tokens, Problem> {
    let account = &stored.account;
    let session = StoredSession {
        id: context.new_id(SessionId::new)?,
        user_id: account.id,
        product,
        created_at: context.now,
        expires_at: context.now + product.session_life(),
        epoch: stored.epoch,
        generation: 0,
        moved_at: context.now,
        device: Device {
            address: context.client.address.clone(),
            user_agent: context.client.user_agent.clone(),
        },
    };
    let client = &context.client;
    let notice = Notice::signed_in(&client.address, &client.user_agent, context.now);
    let message = context.tell(account.id, notice)?;
    let rights = Session {
        id: session.id,
        user_id: account.id,
        role: account.role,
        is_suspended: account.is_suspended,
        is_verified: account.is_verified(context.now),
        product,
        created_at: session.created_at,
        expires_at: session.expires_at,
    };
    let tokens = tokens(context, &rights, 0).await?;
    let opening = Opening {
        session: &session,
        at_home: &[name.to_owned()],
        network: &context.network(),
        proof,
        message: &message,
        now: context.now,
    };
    sessions::open(&context.store, &opening)
        .await
        .map_err(|error| error.or_if_condition_failed(not_opened))?;
    Ok(tokens)
}

/// The account went or ended its sessions meanwhile, or another call used the code.
fn not_opened(place: usize) -> Problem {
    match place {
        0 => LogInRefused::UnknownUser.into(),
        _ => CodeRefused::Wrong.into(),
    }
}

/// Tokens for a session at this number of its refresh chain.
pub async fn tokens(context: &Context, session: &Session, generation: u32) -> Result<Tokens, Problem> {
    let signer = signer(context).await?;
    let claims = RefreshClaims {
        user: session.user_id,
        session: session.id,
        generation,
    };
    let product = session.product;
    Ok(Tokens {
        access_token: signer.access_token(session, context.now, context.random()?)?,
        refresh_token: product.refreshes().then(|| signer.refresh_token(claims)),
        expires_in: product.access_token_life().as_secs(),
        product,
    })
}

pub async fn signer(context: &Context) -> Result<TokenSigner, Problem> {
    let seed = context.secret(Secret::TokenSigningKey).await?;
    let seed = decode_key(&seed).ok_or_else(|| Problem::internal("the token signing key is malformed"))?;
    Ok(TokenSigner::new(&seed))
}
