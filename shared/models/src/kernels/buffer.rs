//! Memory that vectors are read from and written to.

use std::ops::{Deref, DerefMut};

/// Bytes of a cache line. A vector that lies across two takes two reads.
const LINE: usize = 64;

/// Floats that begin where a cache line does.
pub(crate) struct Buffer {
    values: Vec<f32>,
    begin: usize,
}

impl Buffer {
    pub(crate) fn zeros(length: usize) -> Self {
        let line = LINE / size_of::<f32>();
        let values = vec![0.0; length + line];
        // `align_offset` may give up and answer with more than there is.
        let begin = values.as_ptr().align_offset(LINE).min(line);
        Self { values, begin }
    }

    fn end(&self) -> usize {
        self.begin + self.values.len() - LINE / size_of::<f32>()
    }
}

impl Deref for Buffer {
    type Target = [f32];

    fn deref(&self) -> &[f32] {
        &self.values[self.begin..self.end()]
    }
}

impl DerefMut for Buffer {
    fn deref_mut(&mut self) -> &mut [f32] {
        let end = self.end();
        &mut self.values[self.begin..end]
    }
}
