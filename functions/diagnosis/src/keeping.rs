//! Pictures and the entry that shows them: both are kept, or neither.

use std::future::Future;

use domain::id::{UploadId, UserId};
use domain::picture_link::PictureName;
use runtime::{Context, Problem};
use store::{Error, Store, pictures};

/// What is kept with an entry.
#[derive(Default)]
pub struct Files {
    pub pictures: Vec<(PictureName, Vec<u8>)>,
    /// What they were made from, with all that a camera wrote into it: it goes once they are kept.
    pub uploads: Vec<UploadId>,
}

/// `is_kept`: whether the entry is there, where its write left that open.
pub async fn keep(
    context: &Context,
    owner: UserId,
    files: Files,
    entry: impl Future<Output = Result<(), Error>>,
    is_kept: impl Future<Output = Result<bool, Error>>,
) -> Result<(), Problem> {
    let shelf = InStore {
        store: &context.store,
        owner,
    };
    let (kept, left) = both_or_neither(&shelf, files.pictures, entry, is_kept).await;
    for error in left {
        context.note_outer_fault(format!("a picture that nothing shows stays: {error}"));
    }
    kept?;
    for upload in files.uploads {
        context.use_up(owner, upload).await;
    }
    Ok(())
}

/// Where pictures lie.
trait Shelf {
    fn put(&self, name: &PictureName, jpeg: Vec<u8>) -> impl Future<Output = Result<(), Error>> + Send;
    fn remove(&self, name: &PictureName) -> impl Future<Output = Result<(), Error>> + Send;
}

struct InStore<'a> {
    store: &'a Store,
    owner: UserId,
}

impl Shelf for InStore<'_> {
    async fn put(&self, name: &PictureName, jpeg: Vec<u8>) -> Result<(), Error> {
        pictures::put(self.store, self.owner, name, jpeg).await
    }

    async fn remove(&self, name: &PictureName) -> Result<(), Error> {
        pictures::remove(self.store, name).await
    }
}

/// Pictures first: an entry must never show one that is not there. If the entry fails, the pictures go again; which of
/// them would not go comes second.
async fn both_or_neither(
    shelf: &impl Shelf,
    pictures: Vec<(PictureName, Vec<u8>)>,
    entry: impl Future<Output = Result<(), Error>>,
    is_kept: impl Future<Output = Result<bool, Error>>,
) -> (Result<(), Error>, Vec<Error>) {
    let mut put = Vec::new();
    let mut outcome = Ok(());
    for (name, jpeg) in pictures {
        put.push(name.clone());
        outcome = shelf.put(&name, jpeg).await;
        if outcome.is_err() {
            break;
        }
    }
    if outcome.is_ok() {
        outcome = match settled(entry.await, is_kept).await {
            Written::Done => Ok(()),
            Written::Not(error) => Err(error),
            // If the entry is there after all, so are its pictures.
            Written::Unknown(error) => return (Err(error), Vec::new()),
        };
    }
    let mut left = Vec::new();
    if outcome.is_err() {
        for name in &put {
            left.extend(shelf.remove(name).await.err());
        }
    }
    (outcome, left)
}

/// What a write came to.
enum Written {
    Done,
    Not(Error),
    Unknown(Error),
}

/// A write that went unanswered may have been done.
async fn settled(written: Result<(), Error>, is_kept: impl Future<Output = Result<bool, Error>>) -> Written {
    match written {
        Ok(()) => Written::Done,
        Err(error @ Error::Unavailable(_)) => match is_kept.await {
            Ok(true) => Written::Done,
            Ok(false) => Written::Not(error),
            Err(_) => Written::Unknown(error),
        },
        Err(error) => Written::Not(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;
    use std::future::ready;
    use std::sync::Mutex;

    /// Takes so many pictures, and may keep what it should remove.
    struct Fake {
        room: usize,
        is_stuck: bool,
        lies: Mutex<BTreeSet<String>>,
    }

    fn away() -> Error {
        Error::Unavailable("away".to_owned())
    }

    impl Shelf for Fake {
        async fn put(&self, name: &PictureName, _: Vec<u8>) -> Result<(), Error> {
            let mut lies = self.lies.lock().unwrap();
            if lies.len() == self.room {
                return Err(Error::Rejected("full".to_owned()));
            }
            lies.insert(name.as_str().to_owned());
            Ok(())
        }

        async fn remove(&self, name: &PictureName) -> Result<(), Error> {
            if self.is_stuck {
                return Err(away());
            }
            self.lies.lock().unwrap().remove(name.as_str());
            Ok(())
        }
    }

    /// The outcome, how many pictures lie there afterwards, and how many would not go.
    async fn kept(
        room: usize,
        is_stuck: bool,
        entry: Result<(), Error>,
        is_kept: Result<bool, Error>,
    ) -> (Result<(), Error>, usize, usize) {
        let lies = Mutex::default();
        let shelf = Fake { room, is_stuck, lies };
        let pictures = [1, 2, 3].map(|byte| (PictureName::new([byte; 16]), vec![byte]));
        let (outcome, left) = both_or_neither(&shelf, pictures.into(), ready(entry), ready(is_kept)).await;
        let lying = shelf.lies.lock().unwrap().len();
        (outcome, lying, left.len())
    }

    #[tokio::test]
    async fn pictures_stay_with_their_entry_and_go_without_it() {
        assert!(matches!(kept(3, false, Ok(()), Ok(true)).await, (Ok(()), 3, 0)));
        // The last does not fit, or the entry is refused: none stays.
        let full = kept(2, false, Ok(()), Ok(false)).await;
        assert!(matches!(full, (Err(Error::Rejected(_)), 0, 0)));
        let refused = kept(3, false, Err(Error::ConditionFailed(0)), Ok(true)).await;
        assert!(matches!(refused, (Err(Error::ConditionFailed(0)), 0, 0)));
    }

    #[tokio::test]
    async fn a_write_without_an_answer_is_looked_up() {
        let done = kept(3, false, Err(away()), Ok(true)).await;
        assert!(matches!(done, (Ok(()), 3, 0)));
        let lost = kept(3, false, Err(away()), Ok(false)).await;
        assert!(matches!(lost, (Err(Error::Unavailable(_)), 0, 0)));
        let unknown = kept(3, false, Err(away()), Err(away())).await;
        assert!(matches!(unknown, (Err(Error::Unavailable(_)), 3, 0)));
    }

    #[tokio::test]
    async fn a_picture_that_will_not_go_hides_no_error() {
        let refused = kept(3, true, Err(Error::ConditionFailed(1)), Ok(false)).await;
        assert!(matches!(refused, (Err(Error::ConditionFailed(1)), 3, 3)));
    }
}
