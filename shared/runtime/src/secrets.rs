//! Secrets: read lazily, once per process, and only by the functions that name them as a need.

use std::collections::HashMap;
use std::sync::Arc;

use store::aws::Connection;
use tokio::sync::OnceCell;

use crate::problem::Problem;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Secret {
    /// Seed of the Ed25519 key that signs access tokens: 32 bytes, base64url.
    TokenSigningKey,
    /// Key of the HMAC in links to pictures: 32 bytes, base64url.
    LinkSigningKey,
    /// Key of the HMAC in the audit log's chains: 32 bytes, base64url.
    AuditKey,
    /// Where mail is handed in, with user and password: `smtps://user:password@host`.
    SmtpUrl,
    /// The key file of the service account that pushes over FCM: JSON.
    FcmServiceAccount,
    /// The token of the Twilio account, or the secret of its API key.
    TwilioAuthToken,
    /// The key that Gemini is asked with.
    GeminiApiKey,
    /// The token that Hugging Face is asked with.
    HuggingFaceToken,
    /// Seed of the Ed25519 key that signs manifests of firmware: 32 bytes, base64url.
    FirmwareSigningKey,
    /// Whom firmware is taken from by HTTP Basic.
    AdminUser,
    AdminPass,
    /// The certificate that tokens for channels of Agora are signed with: 32 hexadecimal digits.
    AgoraAppCertificate,
    /// What the TURN servers share with us; while one replaces another both, the new one first, with a comma.
    TurnSecret,
}

impl Secret {
    pub const ALL: [Secret; 13] = [
        Secret::TokenSigningKey,
        Secret::LinkSigningKey,
        Secret::AuditKey,
        Secret::SmtpUrl,
        Secret::FcmServiceAccount,
        Secret::TwilioAuthToken,
        Secret::GeminiApiKey,
        Secret::HuggingFaceToken,
        Secret::FirmwareSigningKey,
        Secret::AdminUser,
        Secret::AdminPass,
        Secret::AgoraAppCertificate,
        Secret::TurnSecret,
    ];

    /// Whether a deployment can do without: those of providers that it need not use, and of operators who sign in.
    pub fn is_optional(self) -> bool {
        matches!(
            self,
            Secret::FcmServiceAccount
                | Secret::TwilioAuthToken
                | Secret::GeminiApiKey
                | Secret::HuggingFaceToken
                | Secret::AdminUser
                | Secret::AdminPass
                | Secret::AgoraAppCertificate
                | Secret::TurnSecret
        )
    }

    /// The environment variable that holds the value itself (local use).
    pub fn variable(self) -> &'static str {
        match self {
            Secret::TokenSigningKey => "TOKEN_SIGNING_KEY",
            Secret::LinkSigningKey => "LINK_SIGNING_KEY",
            Secret::AuditKey => "AUDIT_KEY",
            Secret::SmtpUrl => "SMTP_URL",
            Secret::FcmServiceAccount => "FCM_SERVICE_ACCOUNT",
            Secret::TwilioAuthToken => "TWILIO_AUTH_TOKEN",
            Secret::GeminiApiKey => "GEMINI_API_KEY",
            Secret::HuggingFaceToken => "HUGGINGFACE_TOKEN",
            Secret::FirmwareSigningKey => "FIRMWARE_SIGNING_KEY",
            Secret::AdminUser => "ADMIN_USER",
            Secret::AdminPass => "ADMIN_PASS",
            Secret::AgoraAppCertificate => "AGORA_APP_CERTIFICATE",
            Secret::TurnSecret => "TURN_SECRET",
        }
    }

    /// The environment variable that names the secret in Secrets Manager (in the cloud).
    pub fn reference_variable(self) -> &'static str {
        match self {
            Secret::TokenSigningKey => "TOKEN_SIGNING_KEY_ARN",
            Secret::LinkSigningKey => "LINK_SIGNING_KEY_ARN",
            Secret::AuditKey => "AUDIT_KEY_ARN",
            Secret::SmtpUrl => "SMTP_URL_ARN",
            Secret::FcmServiceAccount => "FCM_SERVICE_ACCOUNT_ARN",
            Secret::TwilioAuthToken => "TWILIO_AUTH_TOKEN_ARN",
            Secret::GeminiApiKey => "GEMINI_API_KEY_ARN",
            Secret::HuggingFaceToken => "HUGGINGFACE_TOKEN_ARN",
            Secret::FirmwareSigningKey => "FIRMWARE_SIGNING_KEY_ARN",
            Secret::AdminUser => "ADMIN_USER_ARN",
            Secret::AdminPass => "ADMIN_PASS_ARN",
            Secret::AgoraAppCertificate => "AGORA_APP_CERTIFICATE_ARN",
            Secret::TurnSecret => "TURN_SECRET_ARN",
        }
    }
}

/// Where a secret is to be had.
#[derive(Clone)]
pub enum SecretSource {
    Inline(String),
    SecretsManager(String),
}

pub(crate) struct SecretStore {
    connection: Connection,
    sources: HashMap<Secret, SecretSource>,
    values: HashMap<Secret, OnceCell<Arc<str>>>,
}

impl SecretStore {
    pub fn new(connection: Connection, sources: HashMap<Secret, SecretSource>) -> Self {
        Self {
            connection,
            values: sources.keys().map(|secret| (*secret, OnceCell::new())).collect(),
            sources,
        }
    }

    /// Whether an optional one is set.
    pub fn has(&self, secret: Secret) -> bool {
        self.sources.contains_key(&secret)
    }

    pub async fn text(&self, secret: Secret) -> Result<Arc<str>, Problem> {
        let missing = || Problem::internal(format!("{} is not set", secret.variable()));
        let source = self.sources.get(&secret).ok_or_else(missing)?;
        let cell = self.values.get(&secret).ok_or_else(missing)?;
        let value = cell.get_or_try_init(|| self.fetch(source)).await?;
        Ok(value.clone())
    }

    /// A key of exactly 32 bytes, base64url.
    pub async fn key(&self, secret: Secret) -> Result<[u8; 32], Problem> {
        let text = self.text(secret).await?;
        decode_key(&text)
            .ok_or_else(|| Problem::internal(format!("{} is not 32 bytes of base64url", secret.variable())))
    }

    async fn fetch(&self, source: &SecretSource) -> Result<Arc<str>, Problem> {
        match source {
            SecretSource::Inline(value) => Ok(value.as_str().into()),
            SecretSource::SecretsManager(id) => {
                let value = clients::secrets::read(&self.connection, id).await;
                value
                    .map(Into::into)
                    .map_err(|error| Problem::unavailable(error.to_string()))
            }
        }
    }
}

impl crate::Context {
    /// The text of a secret that this function has named as a need.
    pub async fn secret(&self, secret: Secret) -> Result<Arc<str>, Problem> {
        self.platform.secrets.text(secret).await
    }

    /// Whether an optional one is set.
    pub fn has_secret(&self, secret: Secret) -> bool {
        self.platform.secrets.has(secret)
    }
}

pub fn decode_key(text: &str) -> Option<[u8; 32]> {
    data_encoding::BASE64URL_NOPAD
        .decode(text.trim_end_matches('=').as_bytes())
        .ok()?
        .try_into()
        .ok()
}

pub fn encode_key(key: &[u8; 32]) -> String {
    data_encoding::BASE64URL_NOPAD.encode(key)
}
