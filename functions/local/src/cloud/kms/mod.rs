//! KMS on loopback: one key, kept in a file, that encrypts, decrypts and makes data keys, as the JSON protocol has it.
//! What AWS refuses is refused here too, with the codes its SDKs understand.
//!
//! Deliberately not here: key policies, grants, making and rotating keys.

mod answer;
mod master_key;

use std::collections::BTreeMap;
use std::io;
use std::path::Path;
use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::response::Response;
use data_encoding::BASE64;
use http::HeaderMap;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::{Credentials, signature};
use answer::Refusal;
use master_key::MasterKey;

pub use master_key::{KEY_ALIAS, KEY_ARN};

/// What AWS encrypts at once, in bytes; more is for data keys.
const LONGEST_PLAINTEXT: usize = 4096;
const LONGEST_DATA_KEY: usize = 1024;
const ALGORITHM: &str = "SYMMETRIC_DEFAULT";

struct Kms {
    credentials: Credentials,
    key: MasterKey,
}

type Context = BTreeMap<String, String>;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Encrypt {
    key_id: String,
    plaintext: String,
    #[serde(default)]
    encryption_context: Context,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Decrypt {
    key_id: Option<String>,
    ciphertext_blob: String,
    #[serde(default)]
    encryption_context: Context,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct GenerateDataKey {
    key_id: String,
    key_spec: Option<String>,
    number_of_bytes: Option<usize>,
    #[serde(default)]
    encryption_context: Context,
}

/// The service as a router. With a folder, the key survives a restart, and what it has encrypted stays readable.
pub fn router(folder: Option<&Path>, credentials: Credentials) -> io::Result<Router> {
    let key = MasterKey::open(folder)?;
    Ok(Router::new()
        .fallback(handle)
        .with_state(Arc::new(Kms { credentials, key })))
}

async fn handle(State(kms): State<Arc<Kms>>, headers: HeaderMap, body: Bytes) -> Response {
    answer::write(kms.answer(&headers, &body))
}

impl Kms {
    fn answer(&self, headers: &HeaderMap, body: &[u8]) -> Result<Value, Refusal> {
        signature::check(headers, body, "kms", &self.credentials)?;
        let target = headers.get("x-amz-target").and_then(|target| target.to_str().ok());
        match target.and_then(|target| target.strip_prefix("TrentService.")) {
            Some("Encrypt") => self.encrypt(&parse(body)?),
            Some("Decrypt") => self.decrypt(&parse(body)?),
            Some("GenerateDataKey") => self.generate_data_key(&parse(body)?),
            _ => Err(Refusal::new("UnknownOperationException", "")),
        }
    }

    fn encrypt(&self, request: &Encrypt) -> Result<Value, Refusal> {
        self.known(&request.key_id)?;
        let plaintext = bytes(&request.plaintext)?;
        if !(1..=LONGEST_PLAINTEXT).contains(&plaintext.len()) {
            return Err(Refusal::invalid("plaintext", "have length from 1 to 4096"));
        }
        let ciphertext = self.key.encrypt(plaintext, &request.encryption_context)?;
        Ok(json!({
            "CiphertextBlob": BASE64.encode(&ciphertext),
            "KeyId": KEY_ARN,
            "EncryptionAlgorithm": ALGORITHM,
        }))
    }

    fn decrypt(&self, request: &Decrypt) -> Result<Value, Refusal> {
        if let Some(id) = &request.key_id {
            self.known(id)?;
        }
        let ciphertext = bytes(&request.ciphertext_blob)?;
        let plaintext = self.key.decrypt(&ciphertext, &request.encryption_context)?;
        Ok(json!({
            "Plaintext": BASE64.encode(&plaintext),
            "KeyId": KEY_ARN,
            "EncryptionAlgorithm": ALGORITHM,
        }))
    }

    fn generate_data_key(&self, request: &GenerateDataKey) -> Result<Value, Refusal> {
        self.known(&request.key_id)?;
        let length = match (request.key_spec.as_deref(), request.number_of_bytes) {
            (Some("AES_256"), None) => 32,
            (Some("AES_128"), None) => 16,
            (None, Some(length)) if (1..=LONGEST_DATA_KEY).contains(&length) => length,
            _ => return Err(Refusal::invalid("keySpec", "be given, or numberOfBytes from 1 to 1024")),
        };
        let mut plaintext = vec![0; length];
        getrandom::fill(&mut plaintext).map_err(|error| Refusal::internal(&error))?;
        let ciphertext = self.key.encrypt(plaintext.clone(), &request.encryption_context)?;
        Ok(json!({
            "CiphertextBlob": BASE64.encode(&ciphertext),
            "Plaintext": BASE64.encode(&plaintext),
            "KeyId": KEY_ARN,
        }))
    }

    fn known(&self, id: &str) -> Result<(), Refusal> {
        if MasterKey::is_named(id) {
            return Ok(());
        }
        let what = if id.contains("alias/") { "Alias" } else { "Key" };
        Err(Refusal::new(
            "NotFoundException",
            format!("{what} '{id}' does not exist"),
        ))
    }
}

fn parse<T: DeserializeOwned>(body: &[u8]) -> Result<T, Refusal> {
    serde_json::from_slice(body).map_err(|error| Refusal::new("SerializationException", error.to_string()))
}

fn bytes(text: &str) -> Result<Vec<u8>, Refusal> {
    let decoded = BASE64.decode(text.as_bytes());
    decoded.map_err(|error| Refusal::new("SerializationException", error.to_string()))
}
