//! How far a stream was delivered.

use std::path::PathBuf;

use crate::event_sources::log;

pub struct Position {
    last: Option<String>,
    file: Option<PathBuf>,
}

impl Position {
    /// A file that is missing or unreadable means the beginning: better twice than never.
    pub fn open(file: Option<PathBuf>) -> Self {
        let text = file.as_ref().and_then(|file| std::fs::read_to_string(file).ok());
        let last = text.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
        Self { last, file }
    }

    pub fn last(&self) -> Option<&str> {
        self.last.as_deref()
    }

    /// Called after delivery, never before, so a crash repeats records and loses none.
    pub fn reach(&mut self, sequence: String) {
        if let Some(file) = &self.file {
            let fresh = file.with_extension("new");
            let written = std::fs::write(&fresh, &sequence).and_then(|()| std::fs::rename(&fresh, file));
            if let Err(error) = written {
                log(&format!("{} cannot be written: {error}", file.display()));
            }
        }
        self.last = Some(sequence);
    }
}
