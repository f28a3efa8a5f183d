//! Networks that somebody has signed in from: there, strangers' failures and floods do not count against them.

use domain::throttle::KNOWN_FOR;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::write::Write;
use crate::{Error, Store, key};

#[derive(Serialize, Deserialize)]
struct Home {
    #[serde(with = "jiff::fmt::serde::timestamp::second::required")]
    expires_at: Timestamp,
}

/// `whose`: an account's id, or a number.
pub(crate) async fn remember(store: &Store, whose: &str, network: &str, now: Timestamp) -> Result<Write, Error> {
    let key = place(store, whose, network).await?;
    let expires_at = now + KNOWN_FOR;
    Write::put(key, &Home { expires_at })
}

pub async fn is_home(store: &Store, whose: &str, network: &str, now: Timestamp) -> Result<bool, Error> {
    let home: Option<Home> = store.get(&place(store, whose, network).await?).await?;
    Ok(home.is_some_and(|home| now < home.expires_at))
}

/// Neither the number nor the network is readable from the key.
async fn place(store: &Store, whose: &str, network: &str) -> Result<key::Key, Error> {
    let (whose, network) = (
        store.blind_index("home", whose).await?,
        store.blind_index("network", network).await?,
    );
    Ok(key::home(&whose, &network))
}
