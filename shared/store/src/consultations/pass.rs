//! Session tokens of calls: what they say is sealed, so that whoever holds one learns nothing from it and changes nothing in
//! it. None is stored; each ends by itself.

use domain::consultation::call_pass::CallPass;
use jiff::Timestamp;

use crate::{Error, Store};

/// Keeps them apart from all else that is sealed.
const PURPOSE: &str = "session token of a consultation";
/// Ours have about 350 characters.
const LONGEST: usize = 1_000;

pub async fn seal(store: &Store, pass: &CallPass) -> Result<String, Error> {
    let text = serde_json::to_vec(pass).map_err(|_| Error::Sealed("a session token is no JSON"))?;
    store.seal_text(PURPOSE, text).await
}

/// None where it is none of ours, or over.
pub async fn open(store: &Store, token: &str, now: Timestamp) -> Result<Option<CallPass>, Error> {
    if token.len() > LONGEST {
        return Ok(None);
    }
    let text = store.open_text(PURPOSE, token).await?;
    let pass: Option<CallPass> = text.and_then(|text| serde_json::from_slice(&text).ok());
    Ok(pass.filter(|pass| now < pass.expires_at))
}
