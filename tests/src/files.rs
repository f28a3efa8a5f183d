//! Files that people upload.

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::world::Person;

/// The SHA-256, in hexadecimal digits.
pub fn digest(bytes: &[u8]) -> String {
    data_encoding::HEXLOWER.encode(&Sha256::digest(bytes))
}

/// The least that passes for one, made as long as wanted.
pub fn pdf(text: &str, size: usize) -> Vec<u8> {
    let mut bytes = format!("%PDF-1.4\n% {text}\n").into_bytes();
    bytes.resize(size.max(bytes.len() + 6) - 6, b' ');
    bytes.extend(b"%%EOF\n");
    bytes
}

/// The id of an upload that has come.
pub async fn uploaded(person: &Person, kind: &str, bytes: &[u8]) -> Value {
    let body = json!({ "size_bytes": bytes.len(), "kind": kind });
    let answer = person.post("/api/uploads", body).await;
    assert_eq!(answer.status, 201, "{}", answer.text());
    let upload = answer.json();
    let address = upload["url"].as_str().expect("an address");
    let put = person.put_file(address, bytes.to_vec()).await;
    assert_eq!(put.status, 200, "{}", put.text());
    upload["upload_id"].clone()
}
