//! One-time codes that wait for an answer. Only a keyed hash of a code is kept.
//!
//! Each network that asks has a code of its own for a destination, so nobody elsewhere can replace it or use up its
//! guesses.

use domain::id::{CodeRequestId, UserId};
use domain::one_time_code::{FOREIGN_GUESSES, LIFE, OWN_GUESSES, OneTimeCode, Purpose};
use domain::picture_link::PictureName;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use subtle::ConstantTimeEq;

use crate::outbox::Entry;
use crate::sealing::Sealed;
use crate::write::Write;
use crate::{Error, Store, key};

/// A request for a code.
pub struct Asked<'a> {
    pub request_id: CodeRequestId,
    pub purpose: Purpose,
    /// A phone number or an e-mail address, normalised.
    pub destination: &'a str,
    /// Where the request came from: [`domain::network::vicinity`].
    pub network: &'a str,
    /// None where an outside service makes the code and checks it.
    pub code: Option<&'a OneTimeCode>,
    pub registration: Option<Registration>,
    pub now: Timestamp,
}

/// What a new person said of themselves before their number was proved.
#[derive(Clone, Default, Serialize, Deserialize)]
pub struct Registration {
    pub name: Option<String>,
    pub age: Option<u8>,
    pub date_of_birth: Option<jiff::civil::Date>,
    pub picture: Option<PictureName>,
    /// For a change of contact: whose.
    pub user: Option<UserId>,
}

#[derive(Clone, Serialize, Deserialize)]
struct Challenge {
    request_id: CodeRequestId,
    network: String,
    hash: Option<String>,
    own_guesses: u8,
    foreign_guesses: u8,
    asked_at: Timestamp,
    #[serde(with = "jiff::fmt::serde::timestamp::second::required")]
    expires_at: Timestamp,
    registration: Option<Registration>,
}

impl Sealed for Challenge {
    const SEALED: &'static [&'static str] = &["registration"];
}

/// A code that was guessed right and is not used yet.
pub struct Proof {
    key: key::Key,
    request_id: CodeRequestId,
    pub registration: Option<Registration>,
}

impl Proof {
    /// Uses the code up, as part of what it is used for: of several who hold it, one succeeds.
    pub(crate) fn spend(&self) -> Result<Write, Error> {
        Write::delete(self.key.clone()).if_equals("request_id", &self.request_id)
    }
}

pub enum Guess {
    Right(Proof),
    Wrong,
    /// Guessed at too often.
    Burnt,
    /// None was asked for, or it is over.
    NonePending,
    /// An outside service knows the code: ask it, once.
    Outside(Proof),
}

/// Notes a code that was asked for, in place of this network's last one, with the message that brings it.
pub async fn ask(store: &Store, asked: Asked<'_>, message: Option<&Entry>) -> Result<(), Error> {
    let network = store.blind_index("network", asked.network).await?;
    let key = key::code(&destination(store, asked.destination).await?, asked.purpose, &network);
    let hash = match asked.code {
        Some(code) => Some(hash(store, asked.purpose, asked.destination, code).await?),
        None => None,
    };
    let challenge = Challenge {
        request_id: asked.request_id,
        network,
        hash,
        own_guesses: 0,
        foreign_guesses: 0,
        asked_at: asked.now,
        expires_at: asked.now + LIFE,
        registration: asked.registration,
    };
    let mut writes = vec![store.sealed_put(key, &challenge).await?];
    if let Some(message) = message {
        writes.push(message.write(store).await?);
    }
    store.transact(writes).await
}

/// Whether a code for this destination waits for an answer.
pub async fn is_pending(store: &Store, purpose: Purpose, to: &str, now: Timestamp) -> Result<bool, Error> {
    let index = destination(store, to).await?;
    Ok(!pending(store, &index, purpose, now).await?.is_empty())
}

/// Tries a code: this network's own first, then the newest of the others'. A guess is counted before it is looked at,
/// so that many at once are not free.
pub async fn guess(
    store: &Store,
    purpose: Purpose,
    to: &str,
    from: &str,
    code: &OneTimeCode,
    now: Timestamp,
) -> Result<Guess, Error> {
    let index = destination(store, to).await?;
    let network = store.blind_index("network", from).await?;
    let waiting = pending(store, &index, purpose, now).await?;
    let own = waiting.iter().find(|challenge| challenge.network == network);
    let foreign = waiting.iter().find(|challenge| challenge.network != network);
    let hash = hash(store, purpose, to, code).await?;
    let mut outcome = Guess::NonePending;
    for challenge in own.into_iter().chain(foreign) {
        let key = key::code(&index, purpose, &challenge.network);
        let (counter, limit) = if challenge.network == network {
            ("own_guesses", OWN_GUESSES)
        } else {
            ("foreign_guesses", FOREIGN_GUESSES)
        };
        let count = Write::update(key.clone())
            .add(counter, 1)
            .if_less(counter, i64::from(limit))
            .if_equals("request_id", &challenge.request_id)?;
        match store.write(count).await {
            Err(Error::ConditionFailed(_)) => {
                outcome = Guess::Burnt;
                continue;
            }
            Err(error) => return Err(error),
            Ok(()) => {}
        }
        let proof = Proof {
            key,
            request_id: challenge.request_id,
            registration: challenge.registration.clone(),
        };
        match &challenge.hash {
            None => return Ok(Guess::Outside(proof)),
            Some(right) if right.as_bytes().ct_eq(hash.as_bytes()).into() => return Ok(Guess::Right(proof)),
            Some(_) => outcome = Guess::Wrong,
        }
    }
    Ok(outcome)
}

/// Gives a right guess back that was only a look: the code is still to be used.
pub async fn keep(store: &Store, proof: &Proof) -> Result<(), Error> {
    let given_back = Write::update(proof.key.clone())
        .set("own_guesses", &0)?
        .if_equals("request_id", &proof.request_id)?;
    match store.write(given_back).await {
        Err(Error::ConditionFailed(_)) | Ok(()) => Ok(()),
        Err(error) => Err(error),
    }
}

/// Uses a code up by itself. `false` when another call was first.
pub async fn spend(store: &Store, proof: &Proof) -> Result<bool, Error> {
    match store.write(proof.spend()?).await {
        Err(Error::ConditionFailed(_)) => Ok(false),
        Err(error) => Err(error),
        Ok(()) => Ok(true),
    }
}

/// More than the budgets let anybody ask for within a code's life.
const MOST_PENDING: usize = 50;

/// Newest first.
async fn pending(store: &Store, index: &str, purpose: Purpose, now: Timestamp) -> Result<Vec<Challenge>, Error> {
    let mut found = Vec::new();
    for item in store.query_all(&key::codes(index, purpose), MOST_PENDING).await? {
        let sort = item
            .get("sk")
            .and_then(|value| value.as_s().ok())
            .cloned()
            .unwrap_or_default();
        let network = sort.rsplit('#').next().unwrap_or_default().to_owned();
        let challenge: Challenge = store.open_item(&key::code(index, purpose, &network), item).await?;
        if now < challenge.expires_at {
            found.push(challenge);
        }
    }
    found.sort_by_key(|challenge| std::cmp::Reverse(challenge.asked_at));
    Ok(found)
}

async fn destination(store: &Store, to: &str) -> Result<String, Error> {
    store.blind_index("code", to).await
}

async fn hash(store: &Store, purpose: Purpose, to: &str, code: &OneTimeCode) -> Result<String, Error> {
    let hash = store.keyed_hash("one-time-code", &purpose.message(to, code)).await?;
    Ok(data_encoding::HEXLOWER.encode(&hash))
}
