//! A person's picture: re-encoded upright without metadata, in two sizes, under random names.

use bytes::Bytes;
use data_encoding::BASE64_MIME_PERMISSIVE;
use domain::id::UserId;
use domain::picture_link::PictureName;
use http::StatusCode;
use models::picture::{Picture, PictureError};
use runtime::{Context, Problem};
use store::pictures;

/// Bytes of a picture as it is sent.
const LARGEST: usize = 5 * 1024 * 1024;

/// How a picture is kept: its longest side in pixels, and the quality of the JPEG.
pub struct Kept {
    pub side: u32,
    pub quality: u8,
}

const LARGE: Kept = Kept {
    side: 1024,
    quality: 85,
};
const THUMBNAIL: Kept = Kept { side: 150, quality: 85 };

/// What is done with the picture.
#[derive(Default)]
pub enum PictureChange {
    #[default]
    None,
    Set(Bytes),
    Remove,
}

/// A stored picture in both sizes.
pub struct Portrait {
    pub picture: PictureName,
    pub thumbnail: PictureName,
}

/// Stores a picture for its owner.
pub async fn store(context: &Context, owner: UserId, bytes: Bytes) -> Result<Portrait, Problem> {
    if bytes.len() > LARGEST {
        let detail = "The picture must have at most 5 MB";
        return Err(Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "picture_too_large", detail));
    }
    let (large, small) = context.busy(move || encode(&bytes)).await??;
    let portrait = Portrait {
        picture: PictureName::new(context.random()?),
        thumbnail: PictureName::new(context.random()?),
    };
    futures_util::try_join!(
        pictures::put(&context.store, owner, &portrait.picture, large),
        pictures::put(&context.store, owner, &portrait.thumbnail, small),
    )?;
    Ok(portrait)
}

fn encode(bytes: &[u8]) -> Result<(Vec<u8>, Vec<u8>), PictureError> {
    let picture = Picture::decode(bytes)?.shrink(LARGE.side);
    let thumbnail = picture.to_jpeg(THUMBNAIL.side, THUMBNAIL.quality)?;
    Ok((picture.to_jpeg(LARGE.side, LARGE.quality)?, thumbnail))
}

/// Stores one picture for its owner, in one size.
pub async fn store_as(context: &Context, owner: UserId, bytes: Bytes, kept: Kept) -> Result<PictureName, Problem> {
    let encode = move || Picture::decode(&bytes)?.to_jpeg(kept.side, kept.quality);
    let jpeg = context.busy(encode).await??;
    let name = PictureName::new(context.random()?);
    pictures::put(&context.store, owner, &name, jpeg).await?;
    Ok(name)
}

/// What a text in a picture's field means. Never a path on this server, whatever it looks like; an address, ours as it
/// was given out or another's, changes nothing and is never fetched.
pub fn read(text: &str) -> Result<PictureChange, Problem> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(PictureChange::Remove);
    }
    if text.starts_with("http://") || text.starts_with("https://") {
        return Ok(PictureChange::None);
    }
    let encoded = match text.strip_prefix("data:") {
        Some(rest) => rest.split_once("base64,").map(|(_, data)| data).unwrap_or_default(),
        None => text,
    };
    // Android breaks the lines of what it encodes.
    let bytes = BASE64_MIME_PERMISSIVE.decode(encoded.as_bytes()).map_err(|_| {
        let detail = "The picture must be base64 or a data URL";
        Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "picture_malformed", detail)
    })?;
    Ok(PictureChange::Set(Bytes::from(bytes)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(text: &str) -> &'static str {
        match read(text) {
            Ok(PictureChange::None) => "none",
            Ok(PictureChange::Set(_)) => "set",
            Ok(PictureChange::Remove) => "remove",
            Err(_) => "refused",
        }
    }

    #[test]
    fn a_text_is_a_picture_an_address_or_nothing() {
        for (text, meaning) in [
            ("", "remove"),
            (" ", "remove"),
            ("https://example.org/uploads/a.jpg?expires=1", "none"),
            ("http://169.254.169.254/latest/meta-data", "none"),
            ("AAEC", "set"),
            ("AA\nEC\r\n", "set"),
            ("data:image/png;base64,AAEC", "set"),
            ("/etc/passwd", "refused"),
            ("file:///etc/passwd", "refused"),
            ("../uploads/a.jpg", "refused"),
        ] {
            assert_eq!(kind(text), meaning, "{text}");
        }
    }
}
