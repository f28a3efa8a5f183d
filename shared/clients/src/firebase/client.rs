//! Tells who holds a token.

use std::sync::Arc;

use jiff::Timestamp;

use super::{FirebaseError, FirebaseIdentity, FirebaseKeys, FirebaseSettings, LEEWAY, verify};

/// Cheap to clone; all clones share the keys.
#[derive(Clone)]
pub struct FirebaseClient {
    keys: Arc<FirebaseKeys>,
    project_id: String,
}

impl FirebaseClient {
    pub fn new(settings: &FirebaseSettings) -> Result<Self, FirebaseError> {
        if settings.project_id.is_empty() {
            return Err(FirebaseError::Settings("the project id is missing"));
        }
        Ok(Self {
            keys: Arc::new(FirebaseKeys::new(&settings.keys_url)?),
            project_id: settings.project_id.clone(),
        })
    }

    pub async fn verify(&self, token: &str, now: Timestamp) -> Result<FirebaseIdentity, FirebaseError> {
        // What cannot be right makes nobody fetch keys.
        let key_id = verify::key_id(token)?;
        let keys = self.keys.for_key(&key_id, now).await?;
        Ok(verify::verify(token, &keys, &self.project_id, now, LEEWAY)?)
    }
}
