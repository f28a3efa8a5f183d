//! A person's picture: re-encoded upright without metadata, under a random name; the one before goes.

use bytes::Bytes;
use domain::id::UserId;
use domain::picture_link::PictureName;
use http::StatusCode;
use models::picture::Picture;
use runtime::{Context, Problem};
use store::pictures;

/// Bytes of a picture as it is sent.
const LARGEST: usize = 5 * 1024 * 1024;

/// How a picture is kept: its longest side in pixels, and the quality of the JPEG.
pub struct Kept {
    pub side: u32,
    pub quality: u8,
}

/// What a person looks like.
const PORTRAIT: Kept = Kept {
    side: 1024,
    quality: 85,
};

/// Stores a picture for its owner and gives its name.
pub async fn store(context: &Context, owner: UserId, bytes: Bytes) -> Result<PictureName, Problem> {
    if bytes.len() > LARGEST {
        let detail = "The picture must have at most 5 MB";
        return Err(Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "picture_too_large", detail));
    }
    store_as(context, owner, bytes, PORTRAIT).await
}

pub async fn store_as(context: &Context, owner: UserId, bytes: Bytes, kept: Kept) -> Result<PictureName, Problem> {
    let encode = move || Picture::decode(&bytes).and_then(|picture| picture.to_jpeg(kept.side, kept.quality));
    let jpeg = context.busy(encode).await?.map_err(|_| {
        let detail = "The picture must be a JPEG, PNG or WebP file";
        Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "picture_unreadable", detail)
    })?;
    let name = PictureName::new(context.random()?);
    pictures::put(&context.store, owner, &name, jpeg).await?;
    Ok(name)
}

/// What a text in a picture's field means.
pub enum Sent {
    /// Base64, alone or as a data URL.
    Bytes(Bytes),
    /// An address: ours as it was given out, or another's, which is never fetched.
    Address,
    Nothing,
}

/// Never a path on this server, whatever it looks like.
pub fn read(text: &str) -> Result<Sent, Problem> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(Sent::Nothing);
    }
    if text.starts_with("http://") || text.starts_with("https://") {
        return Ok(Sent::Address);
    }
    let encoded = match text.strip_prefix("data:") {
        Some(rest) => rest.split_once("base64,").map(|(_, data)| data).unwrap_or_default(),
        None => text,
    };
    let bytes = data_encoding::BASE64.decode(encoded.as_bytes()).map_err(|_| {
        let detail = "The picture must be base64 or a data URL";
        Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "picture_malformed", detail)
    })?;
    Ok(Sent::Bytes(Bytes::from(bytes)))
}
