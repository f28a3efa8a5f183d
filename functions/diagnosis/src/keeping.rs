//! Pictures and the entry that shows them: both are kept, or neither.

use std::future::Future;

use domain::id::UserId;
use domain::picture_link::PictureName;
use runtime::{Context, Problem};
use store::{Error, pictures};

/// Pictures first: an entry must never show one that is not there. If the entry fails, the pictures go again.
pub async fn keep(
    context: &Context,
    owner: UserId,
    files: Vec<(PictureName, Vec<u8>)>,
    entry: impl Future<Output = Result<(), Error>>,
) -> Result<(), Problem> {
    let mut kept = Vec::new();
    for (name, jpeg) in files {
        pictures::put(&context.store, owner, &name, jpeg).await?;
        kept.push(name);
    }
    if let Err(error) = entry.await {
        for name in &kept {
            pictures::remove(&context.store, name).await?;
        }
        return Err(error.into());
    }
    Ok(())
}
