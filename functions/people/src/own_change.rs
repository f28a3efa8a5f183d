//! A person's change of their own account, the picture included: all or nothing.

use domain::account::{Account, AccountGone, Personal};
use domain::audit::{Action, Resource, ResourceKind, Why};
use domain::picture_link::PictureName;
use domain::profile::ProfileChange;
use domain::session::Session;
use runtime::{Context, Problem};
use store::accounts::{self, AccountError};
use store::outbox::{Entry, Errand};
use store::pictures;

use crate::picture_change::{self, PictureChange, Portrait};

#[derive(Default)]
pub struct OwnChange {
    pub profile: ProfileChange,
    pub picture: PictureChange,
}

/// What becomes of the pictures, once the new ones are stored.
enum Pictures {
    Stay,
    Become(Portrait),
    Go,
}

impl Pictures {
    fn are_of(&self, personal: &Personal) -> bool {
        matches!(self, Pictures::Become(new) if personal.picture.as_ref() == Some(&new.picture))
    }
}

/// Why one attempt came to nothing.
enum Refused {
    /// Somebody else changed the picture at the same moment.
    PictureMoved,
    For(Box<Problem>),
}

impl From<AccountError> for Refused {
    fn from(error: AccountError) -> Self {
        Refused::For(Box::new(error.into()))
    }
}

/// How often the picture may move under a change.
const RETRIES: u32 = 8;

impl OwnChange {
    pub fn is_empty(&self) -> bool {
        self.profile.is_empty() && matches!(self.picture, PictureChange::None)
    }

    /// The pictures before go, and whoever reads the log sees the change, in the same transaction. Nothing is written
    /// where there is nothing to change.
    pub async fn apply(self, context: &Context, session: &Session) -> Result<Account, Problem> {
        let user = session.user_id;
        let mut seen = accounts::get(&context.store, user).await?.ok_or(AccountGone)?;
        if self.is_empty() {
            return Ok(seen);
        }
        // What is refused anyway is refused before a picture is stored for it.
        self.profile.apply(&mut seen.clone(), context.now)?;
        let pictures = match self.picture {
            PictureChange::None => Pictures::Stay,
            PictureChange::Remove => Pictures::Go,
            PictureChange::Set(bytes) => Pictures::Become(picture_change::store(context, user, bytes).await?),
        };
        for _ in 0..RETRIES {
            match attempt(context, session, &self.profile, &pictures, &seen.personal).await {
                Ok(account) => return Ok(account),
                Err(Refused::For(problem)) => {
                    if problem.status.is_client_error() {
                        discard(context, &pictures).await?;
                    }
                    return Err(*problem);
                }
                Err(Refused::PictureMoved) => {
                    seen = accounts::get(&context.store, user).await?.ok_or(AccountGone)?;
                    if pictures.are_of(&seen.personal) {
                        // It was this change: the answer to the write got lost.
                        return Ok(seen);
                    }
                }
            }
        }
        discard(context, &pictures).await?;
        Err(AccountError::Changed.into())
    }
}

async fn attempt(
    context: &Context,
    session: &Session,
    profile: &ProfileChange,
    pictures: &Pictures,
    seen: &Personal,
) -> Result<Account, Refused> {
    let entries =
        entries(context, session, profile, pictures, seen).map_err(|problem| Refused::For(Box::new(problem)))?;
    let stored = accounts::change(&context.store, session.user_id, &entries, |stored| {
        let account = &mut stored.account;
        let refused = profile.apply(account, context.now);
        refused.map_err(|refused| Refused::For(Box::new(refused.into())))?;
        let personal = &mut account.personal;
        let is_seen = personal.pictures().eq(seen.pictures());
        match pictures {
            Pictures::Stay => {}
            Pictures::Become(_) | Pictures::Go if !is_seen => return Err(Refused::PictureMoved),
            Pictures::Become(new) => {
                personal.picture = Some(new.picture.clone());
                personal.thumbnail = Some(new.thumbnail.clone());
            }
            Pictures::Go => (personal.picture, personal.thumbnail) = (None, None),
        }
        account.updated_at = context.now;
        Ok(())
    });
    Ok(stored.await?.account)
}

fn entries(
    context: &Context,
    session: &Session,
    profile: &ProfileChange,
    pictures: &Pictures,
    seen: &Personal,
) -> Result<Vec<Entry>, Problem> {
    let mut entries = Vec::new();
    if !matches!(pictures, Pictures::Stay) {
        for old in seen.pictures() {
            let picture = old.clone();
            entries.push(context.entry(Errand::RemovePicture { picture })?);
        }
    }
    if !profile.is_empty() {
        let user = session.user_id;
        let resource = Resource::one(ResourceKind::Profile, user);
        entries.push(context.audit(session, user, Action::Update, resource, Why::Own)?);
    }
    Ok(entries)
}

/// New pictures that nothing refers to.
async fn discard(context: &Context, pictures: &Pictures) -> Result<(), Problem> {
    let Pictures::Become(new) = pictures else { return Ok(()) };
    for name in [&new.picture, &new.thumbnail] as [&PictureName; 2] {
        pictures::remove(&context.store, name).await?;
    }
    Ok(())
}
