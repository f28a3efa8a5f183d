//! What whoever deploys decides.

use runtime::secrets::Secret;
use serde_json::{Map, Value, json};

use super::{logical, reference};

/// Whether pages of other origins may call.
pub const HAS_ORIGINS: &str = "HasCorsOrigins";

pub fn parameters() -> Value {
    let mut parameters = deployment();
    parameters.extend(keys());
    parameters.extend(web());
    parameters.into()
}

fn deployment() -> Map<String, Value> {
    named([
        (
            "Environment",
            json!({ "Type": "String", "Default": "production", "Description": "Shown by the health check" }),
        ),
        (
            "Architecture",
            json!({
                "Type": "String",
                "Default": "arm64",
                "AllowedValues": ["arm64", "x86_64"],
                "Description": "What the functions were built for: cargo lambda build --arm64, or without",
            }),
        ),
        (
            "LogRetentionDays",
            json!({
                "Type": "Number",
                "Default": 90,
                "AllowedValues": [7, 14, 30, 60, 90, 180, 365],
                "Description": "How long logs are kept",
            }),
        ),
    ])
}

fn keys() -> Map<String, Value> {
    let public = json!({
        "Type": "String",
        "AllowedPattern": r#"\{"keys":.*\}"#,
        "Description": "JWKS document of the Ed25519 keys that access tokens are checked with; public",
    });
    let mut parameters = named([("TokenPublicKeys", public)]);
    for secret in Secret::ALL {
        let parameter = json!({
            "Type": "String",
            "AllowedPattern": "arn:[a-z-]+:secretsmanager:.+",
            "Description": description(secret),
        });
        parameters.insert(secret_parameter(secret), parameter);
    }
    parameters
}

fn web() -> Map<String, Value> {
    named([
        (
            "MailFrom",
            json!({
                "Type": "String",
                "Default": "",
                "Description": "Sender of mail, such as Polyclinic <no-reply@example.org>",
            }),
        ),
        (
            "PublicUrl",
            json!({
                "Type": "String",
                "Default": "",
                "AllowedPattern": "(https://[^/]+)?",
                "Description": "Address of a custom domain in front of the API, without a slash at the end",
            }),
        ),
        (
            "CorsOrigins",
            json!({
                "Type": "CommaDelimitedList",
                "Default": "",
                "AllowedPattern": r"(https?://[^*,/\s]+)?",
                "Description": "Origins whose pages may call, separated by commas; none without it",
            }),
        ),
    ])
}

fn named<const COUNT: usize>(parameters: [(&str, Value); COUNT]) -> Map<String, Value> {
    parameters
        .into_iter()
        .map(|(name, parameter)| (name.to_owned(), parameter))
        .collect()
}

pub fn conditions() -> Value {
    json!({
        HAS_ORIGINS: { "Fn::Not": [{ "Fn::Equals": [{ "Fn::Join": ["", reference("CorsOrigins")] }, ""] }] },
    })
}

/// `TOKEN_SIGNING_KEY_ARN`, what functions read, is `TokenSigningKeyArn` here.
pub fn secret_parameter(secret: Secret) -> String {
    logical(&secret.reference_variable().to_lowercase())
}

fn description(secret: Secret) -> &'static str {
    match secret {
        Secret::TokenSigningKey => "Secret: seed of the Ed25519 key that signs access tokens, 32 bytes in base64url",
        Secret::LinkSigningKey => "Secret: key of the signatures in links to pictures, 32 bytes in base64url",
        Secret::AuditKey => "Secret: key of the chains in the audit log, 32 bytes in base64url",
        Secret::SmtpUrl => "Secret: where mail is handed in, such as smtps://user:password@host",
    }
}
