//! What a browser makes its connection with: the servers that help two of them to find one another.

use clients::turn::Secrets;
use domain::consultation::{Consultation, Party};
use runtime::secrets::Secret;
use runtime::{Context, Problem};
use schemars::JsonSchema;
use serde::Serialize;

/// Of the identifier, which only has to tell one party of one call from all others.
const IDENTIFIER_DIGITS: usize = 24;

/// Fits `RTCPeerConnection`, once both lists are joined.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "WebRtcConfig")]
pub struct IceServers {
    stun_servers: Vec<StunServer>,
    /// Empty where there are none, and while the caller is not in the call: before it begins, in the waiting room, and when
    /// it is over.
    turn_servers: Vec<TurnServer>,
    ice_transport_policy: &'static str,
    rtcp_mux_policy: &'static str,
}

#[derive(Serialize, JsonSchema)]
struct StunServer {
    urls: Vec<String>,
}

#[derive(Serialize, JsonSchema)]
struct TurnServer {
    urls: Vec<String>,
    username: String,
    credential: String,
}

/// For one party; `none` gets no credential, which is for lists.
pub async fn of(context: &Context, call: &Consultation, party: Option<Party>) -> Result<IceServers, Problem> {
    let settings = &context.platform.settings.calls;
    let stun = Some(settings.stun_urls.clone()).filter(|urls| !urls.is_empty());
    let is_in_call = |party: &Party| call.must_be_running_for(*party, context.now).is_ok();
    let turn_servers = match party.filter(is_in_call) {
        Some(party) => turn(context, call, party).await?.into_iter().collect(),
        None => Vec::new(),
    };
    Ok(IceServers {
        stun_servers: stun.map(|urls| StunServer { urls }).into_iter().collect(),
        turn_servers,
        ice_transport_policy: "all",
        rtcp_mux_policy: "require",
    })
}

async fn turn(context: &Context, call: &Consultation, party: Party) -> Result<Option<TurnServer>, Problem> {
    let urls = context.platform.settings.calls.turn_urls.clone();
    if urls.is_empty() || !context.has_secret(Secret::TurnSecret) {
        return Ok(None);
    }
    let secrets: Secrets = context
        .secret(Secret::TurnSecret)
        .await?
        .parse()
        .map_err(|error: clients::turn::NoSecret| Problem::internal(error.to_string()))?;
    let expires = call.over_by();
    // It stands in the server's log and on the wire, and so says nothing of anybody.
    let name = format!("{} {party}", call.id);
    let identifier = store::keyed_text(&context.store, "turn identifier", &name).await?;
    let identifier = identifier.get(..IDENTIFIER_DIGITS).unwrap_or(&identifier);
    let credential = secrets.credential(expires.as_second(), identifier);
    Ok(Some(TurnServer {
        urls,
        username: credential.username,
        credential: credential.password,
    }))
}
