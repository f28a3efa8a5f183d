//! What the model is asked: pictures first, then the text, under a standing instruction.

use bytes::Bytes;
use data_encoding::BASE64;
use serde_json::{Value, json};

use super::{GeminiError, Schema};

/// Before base64, which adds a third: far below the provider's limit, and what a Lambda can hold twice.
pub(super) const MOST_PICTURE_BYTES: usize = 9 * 1024 * 1024;
pub(super) const MOST_PICTURES: usize = 8;
pub(super) const MOST_TEXT_BYTES: usize = 64 * 1024;

/// Not printable: it holds what people told or showed.
#[derive(Clone)]
pub struct Prompt {
    /// Who the model is, and what it must and must not do.
    pub instruction: String,
    /// Without metadata, which tells where a picture was taken.
    pub pictures: Vec<Picture>,
    pub text: String,
    /// Longer answers are cut, and with that lost.
    pub most_tokens: u32,
}

#[derive(Clone)]
pub struct Picture {
    pub kind: PictureKind,
    pub bytes: Bytes,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PictureKind {
    Jpeg,
    Png,
    Webp,
}

impl PictureKind {
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::Webp => "image/webp",
        }
    }
}

impl Prompt {
    /// As it is sent, with the shape of the answer.
    pub(super) fn body(&self, schema: &Schema) -> Result<Value, GeminiError> {
        let picture_bytes: usize = self.pictures.iter().map(|picture| picture.bytes.len()).sum();
        let is_too_large = picture_bytes > MOST_PICTURE_BYTES
            || self.pictures.len() > MOST_PICTURES
            || self.text.len() + self.instruction.len() > MOST_TEXT_BYTES;
        if is_too_large {
            return Err(GeminiError::TooLarge);
        }
        let pictures = self.pictures.iter().map(|Picture { kind, bytes }| {
            json!({ "inlineData": { "mimeType": kind.media_type(), "data": BASE64.encode(bytes) } })
        });
        let parts: Vec<Value> = pictures.chain([json!({ "text": self.text })]).collect();
        Ok(json!({
            "contents": [{ "role": "user", "parts": parts }],
            "systemInstruction": { "role": "user", "parts": [{ "text": self.instruction }] },
            // Pictures and words of illness look dangerous to the usual threshold.
            "safetySettings": [{ "category": "HARM_CATEGORY_DANGEROUS_CONTENT", "threshold": "BLOCK_ONLY_HIGH" }],
            "generationConfig": {
                "temperature": 0,
                "maxOutputTokens": self.most_tokens,
                "responseMimeType": "application/json",
                "responseSchema": schema.to_json(),
            },
        }))
    }
}
