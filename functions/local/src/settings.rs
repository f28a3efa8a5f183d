//! The settings of the local product: the same names as in Lambda, with safe local values.

use std::collections::HashMap;
use std::io;

use clients::{fcm, firebase, gemini, huggingface, twilio};
use runtime::engines::DentalEngine;
use runtime::need::Need;
use runtime::secrets::Secret;
use runtime::settings::{Settings, SettingsError};

use crate::cloud::{ACCOUNT, Cloud, Credentials, REGION, kms, platform_application};
use crate::gateway;
use crate::keys;
use crate::options::Options;

/// What a developer may set in the environment. AWS's own variables are left out on purpose: whoever has them set for
/// their work must not find this program at their real account.
const FROM_ENVIRONMENT: [&str; 38] = [
    "STRICT_SIGN_IN",
    "CODES_A_DAY_AND_COUNTRY",
    "CODES_A_DAY",
    "PUBLIC_URL",
    "CORS_ORIGINS",
    "PICTURE_LINK_MINUTES",
    "MAIL_FROM",
    "OVERPASS_BASE_URL",
    "SMTP_URL",
    "ENVIRONMENT",
    "RATE_LIMITS",
    "PUSH_PROVIDER",
    "OTP_PROVIDER",
    "FCM_BASE_URL",
    "FCM_TOKEN_URL",
    "FCM_SERVICE_ACCOUNT",
    "FIREBASE_KEYS_URL",
    "FIREBASE_PROJECT_ID",
    "SNS_PLATFORM_APPLICATION_ARN",
    "TWILIO_BASE_URL",
    "TWILIO_ACCOUNT_SID",
    "TWILIO_SERVICE_SID",
    "TWILIO_AUTH_TOKEN",
    "SYMPTOM_ENGINE",
    "DENTAL_ENGINE",
    "GEMINI_BASE_URL",
    "GEMINI_MODEL",
    "GEMINI_API_KEY",
    "HUGGINGFACE_BASE_URL",
    "HUGGINGFACE_MODEL",
    "HUGGINGFACE_TOKEN",
    "ADMIN_USER",
    "ADMIN_PASS",
    "AGORA_APP_ID",
    "AGORA_APP_CERTIFICATE",
    "STUN_URLS",
    "TURN_URLS",
    "TURN_SECRET",
];

/// Where app developers' own servers usually are.
const USUAL_ORIGINS: &str = "http://localhost:3000,http://127.0.0.1:3000,http://localhost:5173,http://localhost:8081";

/// Whom firmware is taken from. Known to everybody, as are the people that are seeded.
const OPERATOR: (&str, &str) = ("operator", "operator-password");

/// A project of Agora that nobody has, and servers that nobody runs: tokens and credentials are made as in the cloud, and
/// browsers on one machine need no server to find one another.
const CALLS: [(&str, &str); 5] = [
    ("AGORA_APP_ID", "0123456789abcdef0123456789abcdef"),
    ("AGORA_APP_CERTIFICATE", "fedcba9876543210fedcba9876543210"),
    ("STUN_URLS", "stun:127.0.0.1:3478"),
    ("TURN_URLS", "turn:127.0.0.1:3478?transport=udp"),
    ("TURN_SECRET", "local-turn-secret"),
];

#[derive(Debug, thiserror::Error)]
pub enum LocalSettingsError {
    #[error("the keys cannot be had: {0}")]
    Keys(#[from] io::Error),
    #[error(transparent)]
    Settings(#[from] SettingsError),
}

pub fn credentials() -> Credentials {
    Credentials {
        access_key: "local".to_owned(),
        secret_key: "local-secret-for-loopback-only".to_owned(),
    }
}

/// `port`: where the product itself is.
pub fn read(cloud: &Cloud, options: &Options, port: u16) -> Result<Settings, LocalSettingsError> {
    let folder = options.data.as_deref();
    let keys_folder = folder.map(|folder| folder.join("keys"));
    let signing_key = keys::load_or_make(keys_folder.as_deref(), "token-signing-key")?;
    let link_key = keys::load_or_make(keys_folder.as_deref(), "link-signing-key")?;
    let audit_key = keys::load_or_make(keys_folder.as_deref(), "audit-key")?;
    let firmware_key = keys::load_or_make(keys_folder.as_deref(), "firmware-signing-key")?;
    let Credentials { access_key, secret_key } = credentials();
    let public_keys = keys::public_keys(&signing_key)?;

    let mut variables = HashMap::from([
        ("AWS_REGION", REGION.to_owned()),
        ("AWS_ACCESS_KEY_ID", access_key),
        ("AWS_SECRET_ACCESS_KEY", secret_key),
        ("AWS_ENDPOINT_URL_DYNAMODB", cloud.dynamodb_url.clone()),
        ("AWS_ENDPOINT_URL_S3", cloud.s3_url.clone()),
        ("AWS_ENDPOINT_URL_SNS", cloud.sns_url.clone()),
        ("AWS_ENDPOINT_URL_KMS", cloud.kms_url.clone()),
        ("SOCKET_ENDPOINT", cloud.connections_url.clone()),
        ("SOCKET_URL", format!("ws://127.0.0.1:{port}{}", gateway::sockets::PATH)),
        ("TABLE_PREFIX", "polyclinic".to_owned()),
        ("BUCKET_PREFIX", format!("polyclinic-{ACCOUNT}")),
        ("FIELD_KEY_ID", kms::KEY_ALIAS.to_owned()),
        ("TOKEN_PUBLIC_KEYS", public_keys),
        ("TOKEN_SIGNING_KEY", signing_key),
        ("LINK_SIGNING_KEY", link_key),
        ("AUDIT_KEY", audit_key),
        ("FIRMWARE_SIGNING_KEY", firmware_key),
        ("ADMIN_USER", OPERATOR.0.to_owned()),
        ("ADMIN_PASS", OPERATOR.1.to_owned()),
        ("SMTP_URL", cloud.smtp_url.clone()),
        ("OVERPASS_BASE_URL", cloud.overpass_url.clone()),
        ("ENVIRONMENT", "local".to_owned()),
        ("CORS_ORIGINS", USUAL_ORIGINS.to_owned()),
    ]);
    variables.extend(messaging(cloud));
    variables.extend(engines(cloud));
    variables.extend(CALLS.map(|(name, value)| (name, value.to_owned())));
    for name in FROM_ENVIRONMENT {
        if let Some(value) = std::env::var(name).ok().filter(|value| !value.is_empty()) {
            variables.insert(name, value);
        }
    }
    if !options.rate_limits {
        variables.insert("RATE_LIMITS", "off".to_owned());
    }
    Ok(from_variables(&variables)?)
}

/// The stand-ins of outside services.
fn messaging(cloud: &Cloud) -> [(&'static str, String); 11] {
    let firebase = firebase::StandIn::settings(&cloud.firebase_url);
    let fcm = fcm::StandIn::settings(&cloud.fcm_url);
    let twilio = twilio::StandIn::settings(&cloud.twilio_url);
    [
        ("PUSH_PROVIDER", "fcm".to_owned()),
        ("OTP_PROVIDER", "console".to_owned()),
        ("FCM_BASE_URL", fcm.base_url),
        ("FCM_SERVICE_ACCOUNT", fcm.service_account_json),
        ("FIREBASE_KEYS_URL", firebase.keys_url),
        ("FIREBASE_PROJECT_ID", firebase.project_id),
        ("SNS_PLATFORM_APPLICATION_ARN", platform_application()),
        ("TWILIO_BASE_URL", twilio.base_url),
        ("TWILIO_ACCOUNT_SID", twilio.account_sid),
        ("TWILIO_SERVICE_SID", twilio.service_sid),
        ("TWILIO_AUTH_TOKEN", twilio.auth_token),
    ]
}

/// The product's own engines; the stand-ins of outer ones are there for whoever switches them on.
fn engines(cloud: &Cloud) -> [(&'static str, String); 5] {
    let gemini = gemini::StandIn::settings(&cloud.gemini_url);
    let huggingface = huggingface::StandIn::settings(&cloud.huggingface_url);
    [
        ("DENTAL_ENGINE", DentalEngine::Local.word().to_owned()),
        ("GEMINI_BASE_URL", gemini.base_url),
        ("GEMINI_API_KEY", gemini.api_key),
        ("HUGGINGFACE_BASE_URL", huggingface.base_url),
        ("HUGGINGFACE_TOKEN", huggingface.token),
    ]
}

/// All secrets at once: this process runs every function.
fn from_variables(variables: &HashMap<&'static str, String>) -> Result<Settings, SettingsError> {
    let needs = Secret::ALL.map(Need::Secret);
    Settings::read(|name| variables.get(name).cloned(), &needs)
}
