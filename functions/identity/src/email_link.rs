//! The link in a mail that proves its address: whose, until when, and a keyed hash over both and the address. Nothing
//! is stored, so a mail scanner that follows it first does no harm.

use domain::email_address::EmailAddress;
use domain::id::UserId;
use jiff::{SignedDuration, Timestamp};
use runtime::{Context, Problem};

const LIFE: SignedDuration = SignedDuration::from_mins(15);

/// What a link's token says of itself; whether it is ours shows only with the account's address.
pub struct Link {
    pub user: UserId,
    pub expires_at: i64,
    mac: String,
}

pub async fn make(context: &Context, user: UserId, email: &EmailAddress) -> Result<String, Problem> {
    let expires_at = (context.now + LIFE).as_second();
    let mac = mac(context, user, expires_at, email).await?;
    Ok(format!("{user}.{expires_at}.{mac}"))
}

pub fn read(token: &str) -> Option<Link> {
    let mut parts = token.split('.');
    let link = Link {
        user: parts.next()?.parse().ok()?,
        expires_at: parts.next()?.parse().ok()?,
        mac: parts.next()?.to_owned(),
    };
    parts.next().is_none().then_some(link)
}

impl Link {
    pub fn is_over(&self, now: Timestamp) -> bool {
        now.as_second() >= self.expires_at
    }

    pub async fn is_ours(&self, context: &Context, email: &EmailAddress) -> Result<bool, Problem> {
        let right = mac(context, self.user, self.expires_at, email).await?;
        // Equal lengths of a keyed hash: comparing tells nothing that helps to forge the next.
        Ok(constant_time_eq(right.as_bytes(), self.mac.as_bytes()))
    }
}

fn constant_time_eq(one: &[u8], other: &[u8]) -> bool {
    one.len() == other.len() && one.iter().zip(other).fold(0, |differs, (a, b)| differs | (a ^ b)) == 0
}

async fn mac(context: &Context, user: UserId, expires_at: i64, email: &EmailAddress) -> Result<String, Problem> {
    let message = format!("{user}\0{expires_at}\0{}", email.as_str());
    Ok(store::keyed_text(&context.store, "email-link", &message).await?)
}
