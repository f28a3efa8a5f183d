//! The folder that state is kept in: of one process at a time.

use std::fs::{File, TryLockError};
use std::io;
use std::path::Path;

/// Held open, and so locked, for as long as its process uses the folder. Never removed: a lock on a removed file keeps
/// nobody out.
const LOCK: &str = "lock";

/// Why the folder cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum DataFolderError {
    #[error("another process uses this data folder; choose another with --data, or --memory")]
    InUse,
    #[error("the data folder cannot be used: {0}")]
    Unusable(#[from] io::Error),
}

/// The lock is given up when the file is dropped, or when the process dies.
pub fn lock(folder: &Path) -> Result<File, DataFolderError> {
    std::fs::create_dir_all(folder)?;
    let lock = File::create(folder.join(LOCK))?;
    match lock.try_lock() {
        Ok(()) => Ok(lock),
        Err(TryLockError::WouldBlock) => Err(DataFolderError::InUse),
        Err(TryLockError::Error(error)) => Err(error.into()),
    }
}

/// Removes everything but the lock.
pub fn reset(folder: &Path) -> io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_name() == LOCK {
            continue;
        }
        if entry.file_type()?.is_dir() {
            std::fs::remove_dir_all(entry.path())?;
        } else {
            std::fs::remove_file(entry.path())?;
        }
    }
    Ok(())
}
