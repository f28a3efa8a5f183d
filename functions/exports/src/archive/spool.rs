//! What is written before its place in the archive comes: on disk, compressed, in a file without a name, of which nothing
//! is left when the process ends, however it ends.

use std::fs::File;
use std::io::{BufWriter, Error, Read, Seek, Write};

use flate2::Compression;
use flate2::read::DeflateDecoder;
use flate2::write::DeflateEncoder;
use runtime::Problem;

pub struct Spool(DeflateEncoder<BufWriter<File>>);

impl Spool {
    pub fn new() -> Result<Self, Problem> {
        let file = tempfile::tempfile().map_err(failed)?;
        Ok(Self(DeflateEncoder::new(BufWriter::new(file), Compression::fast())))
    }

    pub fn write(&mut self, bytes: &[u8]) -> Result<(), Problem> {
        self.0.write_all(bytes).map_err(failed)
    }

    /// From its beginning.
    pub fn into_reader(self) -> Result<SpoolReader, Problem> {
        let written = self.0.finish().map_err(failed)?;
        let mut file = written.into_inner().map_err(|error| failed(error.into_error()))?;
        file.rewind().map_err(failed)?;
        Ok(SpoolReader(DeflateDecoder::new(file)))
    }
}

pub struct SpoolReader(DeflateDecoder<File>);

impl SpoolReader {
    /// 0 at its end.
    pub fn read(&mut self, into: &mut [u8]) -> Result<usize, Problem> {
        self.0.read(into).map_err(failed)
    }
}

fn failed(error: Error) -> Problem {
    Problem::internal(format!("the disk: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_written_is_read() {
        let mut spool = Spool::new().unwrap();
        for number in 0..10_000 {
            spool.write(format!("{number} ").as_bytes()).unwrap();
        }
        let mut reader = spool.into_reader().unwrap();
        let (mut text, mut chunk) = (Vec::new(), [0; 1000]);
        while let length @ 1.. = reader.read(&mut chunk).unwrap() {
            text.extend(&chunk[..length]);
        }
        assert!(text.starts_with(b"0 1 2 ") && text.ends_with(b" 9998 9999 "));
    }
}
