//! What a training script writes beside the weights.

use crate::ModelError;
use domain::prediction::ModelIdentity;
use serde::de::DeserializeOwned;

pub(crate) fn read<T: DeserializeOwned>(card: &str) -> Result<T, ModelError> {
    serde_json::from_str(card).map_err(|error| ModelError::MalformedCard(error.to_string()))
}

/// `sha256sum`: what that program prints of the weights' file, which begins with 64 hexadecimal digits.
pub(crate) fn identity(name: &str, version: &str, sha256sum: &str) -> ModelIdentity {
    ModelIdentity {
        name: name.to_owned(),
        version: version.to_owned(),
        weights_sha256: sha256sum.get(..64).unwrap_or(sha256sum).to_owned(),
    }
}
