//! Whose tokens are taken.

#[derive(Clone, Debug)]
pub struct FirebaseSettings {
    /// `https://www.googleapis.com/service_accounts/v1/jwk/securetoken@system.gserviceaccount.com`, or a stand-in.
    pub keys_url: String,
    /// The project whose users may come in.
    pub project_id: String,
}
