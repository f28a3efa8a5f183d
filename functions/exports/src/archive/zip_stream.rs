//! A ZIP archive that is handed on while it grows, and what is in it.

use std::io::{self, Write};
use std::sync::{Arc, Mutex, PoisonError};

use data_encoding::HEXLOWER;
use jiff::Timestamp;
use jiff::tz::Offset;
use runtime::Problem;
use serde::Serialize;
use sha2::{Digest, Sha256};
use zip::write::{SimpleFileOptions, StreamWriter};
use zip::{CompressionMethod, DateTime, ZipWriter};

/// What is handed on at a time; S3 takes no less than 5 MiB, and ten thousand of them.
const PART: usize = 8 * 1024 * 1024;

pub struct Zip {
    writer: ZipWriter<StreamWriter<Out>>,
    out: Out,
    options: SimpleFileOptions,
    open: Option<Open>,
    files: Vec<FileNote>,
}

/// A file that is being written.
struct Open {
    note: FileNote,
    hash: Sha256,
}

/// A file of the archive, as the manifest lists it.
#[derive(Serialize)]
pub struct FileNote {
    path: String,
    media_type: &'static str,
    size_bytes: u64,
    sha256: String,
}

/// The end of an archive, and what is known of all of it.
pub struct Whole {
    pub rest: Vec<u8>,
    pub size_bytes: u64,
    pub sha256: String,
}

impl Zip {
    /// `at`: what all files say of when they were made, so that the same things make the same archive.
    pub fn new(at: Timestamp) -> Self {
        let out = Out::default();
        let options = SimpleFileOptions::default()
            .compression_method(CompressionMethod::Deflated)
            .last_modified_time(time(at))
            .unix_permissions(0o644);
        Self {
            writer: ZipWriter::new_stream(out.clone()),
            out,
            options,
            open: None,
            files: Vec::new(),
        }
    }

    /// `path`: one of ours, never a name that somebody gave.
    pub fn begin(&mut self, path: &str, media_type: &'static str) -> Result<(), Problem> {
        self.end()?;
        self.writer.start_file(path, self.options).map_err(failed)?;
        let note = FileNote {
            path: path.to_owned(),
            media_type,
            size_bytes: 0,
            sha256: String::new(),
        };
        let hash = Sha256::new();
        self.open = Some(Open { note, hash });
        Ok(())
    }

    pub fn write(&mut self, bytes: &[u8]) -> Result<(), Problem> {
        if let Some(open) = &mut self.open {
            open.hash.update(bytes);
            open.note.size_bytes += bytes.len() as u64;
        }
        self.writer.write_all(bytes).map_err(|error| failed(error.into()))
    }

    pub fn end(&mut self) -> Result<(), Problem> {
        if let Some(Open { mut note, hash }) = self.open.take() {
            note.sha256 = HEXLOWER.encode(&hash.finalize());
            self.files.push(note);
        }
        Ok(())
    }

    /// Those that have ended.
    pub fn files(&self) -> &[FileNote] {
        &self.files
    }

    /// What can be handed on, if it is enough.
    pub fn take_part(&self) -> Option<Vec<u8>> {
        let mut state = self.out.lock();
        (state.waiting.len() >= PART).then(|| std::mem::take(&mut state.waiting))
    }

    pub fn finish(mut self) -> Result<Whole, Problem> {
        self.end()?;
        self.writer.finish().map_err(failed)?;
        let mut state = self.out.lock();
        Ok(Whole {
            rest: std::mem::take(&mut state.waiting),
            size_bytes: state.size_bytes,
            sha256: HEXLOWER.encode(&state.hash.clone().finalize()),
        })
    }
}

/// ZIP has no earlier years than 1980, and no later ones than 2107.
fn time(at: Timestamp) -> DateTime {
    let at = Offset::UTC.to_datetime(at);
    let number = |number: i8| number.unsigned_abs();
    let time = DateTime::from_date_and_time(
        at.year().unsigned_abs(),
        number(at.month()),
        number(at.day()),
        number(at.hour()),
        number(at.minute()),
        number(at.second()),
    );
    time.unwrap_or_default()
}

fn failed(error: zip::result::ZipError) -> Problem {
    Problem::internal(format!("the archive: {error}"))
}

/// What the writer has given out and nobody has taken yet.
#[derive(Clone, Default)]
struct Out(Arc<Mutex<OutState>>);

#[derive(Default)]
struct OutState {
    waiting: Vec<u8>,
    size_bytes: u64,
    hash: Sha256,
}

impl Out {
    fn lock(&self) -> std::sync::MutexGuard<'_, OutState> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Write for Out {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut state = self.lock();
        state.waiting.extend_from_slice(bytes);
        state.size_bytes += bytes.len() as u64;
        state.hash.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::{Cursor, Read};

    const AT: Timestamp = Timestamp::constant(1_795_309_323, 0);

    fn archive(large: &[u8]) -> (Vec<u8>, Whole) {
        let mut zip = Zip::new(AT);
        let mut parts = Vec::new();
        for (path, bytes) in [("a.json", b"[]".as_slice()), ("pictures/b.jpg", large)] {
            zip.begin(path, "text/plain").unwrap();
            for chunk in bytes.chunks(100_000) {
                zip.write(chunk).unwrap();
                if let Some(part) = zip.take_part() {
                    assert!(part.len() >= PART);
                    parts.extend(part);
                }
            }
        }
        let whole = zip.finish().unwrap();
        parts.extend(&whole.rest);
        (parts, whole)
    }

    #[test]
    fn the_same_things_make_the_same_archive_in_parts_that_belong_together() {
        // Nothing that can be compressed.
        let mut state = 1_u64;
        let mut random = || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            (state >> 56) as u8
        };
        let large: Vec<u8> = (0..PART + 1_000_000).map(|_| random()).collect();
        let (bytes, whole) = archive(&large);
        assert!(whole.rest.len() < PART && bytes.len() > PART);
        assert_eq!(whole.size_bytes, bytes.len() as u64);
        assert_eq!(whole.sha256, HEXLOWER.encode(&Sha256::digest(&bytes)));
        assert_eq!(archive(&large).1.sha256, whole.sha256);
        let mut read = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
        let mut back = Vec::new();
        read.by_name("pictures/b.jpg").unwrap().read_to_end(&mut back).unwrap();
        assert!(back == large);
    }
}
