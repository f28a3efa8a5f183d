//! In whose name pushes are sent, and where to.

use std::fmt;

#[derive(Clone)]
pub struct FcmSettings {
    /// `https://fcm.googleapis.com`, or a stand-in.
    pub base_url: String,
    /// The key file of a service account, as Google gives it out.
    pub service_account_json: String,
    /// Where access tokens are asked for, if not at the `token_uri` of the key file.
    pub token_url: Option<String>,
}

/// The key file holds a private key.
impl fmt::Debug for FcmSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FcmSettings")
            .field("base_url", &self.base_url)
            .field("service_account_json", &"[redacted]")
            .field("token_url", &self.token_url)
            .finish()
    }
}
