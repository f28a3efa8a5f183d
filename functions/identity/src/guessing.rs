//! Passwords, checked so that neither the time taken nor a flood of guesses tells or locks anything.

use domain::account::{LogInName, LogInRefused};
use jiff::SignedDuration;
use runtime::{Context, Problem, passwords};
use store::accounts::{self, StoredAccount};
use store::failures::{self, Leave};
use store::homes;

/// Longest password that is hashed for comparison: more cannot have been set.
const LONGEST_PASSWORD: usize = 1024;

/// What came of a name and a password.
pub enum Outcome {
    Right(Box<StoredAccount>),
    UnknownUser,
    WrongPassword,
}

/// As it is counted and remembered: the same for all writings of it.
pub fn counted_name(name: &str) -> String {
    match LogInName::parse(name) {
        Some(LogInName::Email(email)) => email.as_str().to_owned(),
        Some(LogInName::Phone(phone)) => phone.as_str().to_owned(),
        Some(LogInName::Username(username)) => username.normalized(),
        None => name.trim().to_lowercase().chars().take(320).collect(),
    }
}

/// Takes as long for an unknown name as for a wrong password. A name that has been guessed at too often from this
/// network must wait, whether it exists or not.
pub async fn try_password(context: &Context, name: &str, password: &str) -> Result<Outcome, Problem> {
    let counted = counted_name(name);
    require_leave(context, &counted).await?;
    let stored = match LogInName::parse(name) {
        Some(name) => accounts::find(&context.store, &name).await?,
        None => None,
    };
    let hash = stored.as_ref().and_then(|stored| stored.password_hash.clone());
    let is_right = is_right(context, password, hash).await?;
    match stored {
        None => Ok(Outcome::UnknownUser),
        Some(_) if !is_right => Ok(Outcome::WrongPassword),
        Some(stored) => {
            failures::forget(&context.store, &counted, &context.network()).await?;
            Ok(Outcome::Right(Box::new(stored)))
        }
    }
}

/// Counts a guess at this name before it is made.
pub async fn require_leave(context: &Context, counted: &str) -> Result<(), Problem> {
    let network = context.network();
    let is_home = homes::is_home(&context.store, counted, &network, context.now).await?;
    match failures::before_guess(&context.store, counted, &network, is_home, context.now).await? {
        Leave::Given => Ok(()),
        Leave::Refused(wait) => Err(LogInRefused::Locked { seconds: seconds(wait) }.into()),
    }
}

/// Without a hash it takes as long and is wrong.
pub async fn is_right(context: &Context, password: &str, hash: Option<String>) -> Result<bool, Problem> {
    let password: Vec<u8> = password.bytes().take(LONGEST_PASSWORD + 1).collect();
    context
        .busy(move || passwords::verify(&password, hash.as_deref()))
        .await?
}

fn seconds(wait: SignedDuration) -> u32 {
    u32::try_from(wait.as_secs().max(1)).unwrap_or(u32::MAX)
}
