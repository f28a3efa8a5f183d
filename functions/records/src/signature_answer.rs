//! A doctor's signature as clients read it.

use domain::id::UserId;
use domain::record::signature::Signature;
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;

/// Whoever may read what is signed sees under which licence, as on paper.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "RecordSignature")]
pub struct SignatureAnswer {
    /// The doctor, with name and licence number as they were when they signed.
    by: UserId,
    name: String,
    licence: Option<String>,
    #[schemars(with = "String")]
    signed_at: Timestamp,
    /// Why it takes the place of the version before; null on the first.
    reason: Option<String>,
    /// The doctor says that it was entered in error: it still says what it said, and holds no more.
    is_withdrawn: bool,
    /// A keyed hash over content, version, patient and signer.
    hash: String,
    /// Whether the hash is that of what is shown.
    is_valid: bool,
}

impl SignatureAnswer {
    pub fn new(signature: Signature, is_valid: bool) -> Self {
        Self {
            by: signature.doctor,
            name: signature.signer.name,
            licence: signature.signer.license,
            signed_at: signature.at,
            reason: signature.act.reason().map(str::to_owned),
            is_withdrawn: signature.act.is_withdrawal(),
            hash: signature.hash,
            is_valid,
        }
    }
}
