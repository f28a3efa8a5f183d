//! Lists come in pages: every one has a limit and an opaque cursor to go on from.

/// How much of a list is wanted, and from where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageRequest {
    /// Items at most.
    pub limit: u16,
    pub after: Option<Cursor>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page<T> {
    pub items: Vec<T>,
    /// Absent on the last page.
    pub next: Option<Cursor>,
}

/// Where in a list; by number, since that is the wire format of the old clients. Each such list says how deep it goes.
#[derive(Debug, Clone, Copy)]
pub struct Window {
    pub skip: usize,
    /// At most 100, what one batch of reads takes.
    pub limit: usize,
}

/// A place in a list, opaque to clients. It names a sort key within the owner's own partition, so a forged one
/// leads nowhere else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cursor(String);

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be a cursor from an earlier page")]
pub struct MalformedCursor;

const ENCODING: data_encoding::Encoding = data_encoding::BASE64URL_NOPAD;

impl Cursor {
    pub(crate) fn at(sort_key: &str) -> Self {
        Self(sort_key.to_owned())
    }

    pub(crate) fn sort_key(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Display for Cursor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&ENCODING.encode(self.0.as_bytes()))
    }
}

impl std::str::FromStr for Cursor {
    type Err = MalformedCursor;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let bytes = ENCODING.decode(text.as_bytes()).map_err(|_| MalformedCursor)?;
        let sort_key = String::from_utf8(bytes).map_err(|_| MalformedCursor)?;
        // DynamoDB takes sort keys of 1 to 1,024 bytes and would refuse others.
        if sort_key.is_empty() || sort_key.len() > 1024 {
            return Err(MalformedCursor);
        }
        Ok(Self(sort_key))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_survives_the_way_to_the_client_and_back() {
        let cursor = Cursor::at("PREDICTION#0123");
        assert_eq!(cursor.to_string().parse(), Ok(cursor));
    }

    #[test]
    fn a_made_up_cursor_is_refused() {
        for text in [
            "",
            "%%%",
            "a",
            &ENCODING.encode(&[b'x'; 1025]),
            &ENCODING.encode(&[0xff]),
        ] {
            assert_eq!(text.parse::<Cursor>(), Err(MalformedCursor), "{text}");
        }
    }
}
