//! What whoever deploys decides.

use runtime::engines::{DentalEngine, SymptomEngine};
use runtime::secrets::Secret;
use serde_json::{Map, Value, json};

use super::{logical, named, reference};

/// Whether pages of other origins may call.
pub const HAS_ORIGINS: &str = "HasCorsOrigins";

pub fn parameters() -> Map<String, Value> {
    let mut parameters = deployment();
    parameters.extend(keys());
    parameters.extend(limits());
    parameters.extend(web());
    parameters.extend(messaging());
    parameters.extend(engines());
    parameters.extend(calls());
    parameters
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
        let mut parameter = json!({
            "Type": "String",
            "AllowedPattern": "arn:[a-z-]+:secretsmanager:.+",
            "Description": description(secret),
        });
        if secret.is_optional() {
            parameter["Default"] = "".into();
            parameter["AllowedPattern"] = "(arn:[a-z-]+:secretsmanager:.+)?".into();
        }
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
            "SocketUrl",
            json!({
                "Type": "String",
                "Default": "",
                "AllowedPattern": "(wss://.+)?",
                "Description": "Address of a custom domain in front of the WebSocket API; its own without it",
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

fn limits() -> Map<String, Value> {
    named([
        (
            "StrictSignIn",
            json!({
                "Type": "String",
                "Default": "",
                "AllowedValues": ["", "on"],
                "Description": "on: facial-derma log-ins need a proved address, and doctors an approval",
            }),
        ),
        (
            "PictureLinkMinutes",
            json!({
                "Type": "Number",
                "Default": domain::picture_link::USUAL_LIFE_MINUTES,
                "MinValue": domain::picture_link::LIFE_MINUTES.start(),
                "MaxValue": domain::picture_link::LIFE_MINUTES.end(),
                "Description": "How long a signed link to a picture lives",
            }),
        ),
        (
            "CodesADayAndCountry",
            json!({
                "Type": "Number",
                "Default": 400,
                "Description": "Text messages with codes to numbers of one country in a day, at most",
            }),
        ),
        (
            "CodesADay",
            json!({
                "Type": "Number",
                "Default": 4000,
                "Description": "Text messages with codes in a day, at most",
            }),
        ),
    ])
}

fn messaging() -> Map<String, Value> {
    let text = |description: &str| json!({ "Type": "String", "Default": "", "Description": description });
    named([
        (
            "PushProvider",
            json!({
                "Type": "String",
                "Default": "off",
                "AllowedValues": ["off", "fcm", "sns"],
                "Description": "What carries pushes; fcm needs FcmServiceAccountArn, sns needs SnsPlatformApplicationArn",
            }),
        ),
        (
            "OtpProvider",
            json!({
                "Type": "String",
                "Default": "sns",
                "AllowedValues": ["sns", "twilio"],
                "Description": "What brings one-time codes to phones; twilio needs the three Twilio parameters",
            }),
        ),
        (
            "FirebaseProjectId",
            text("Whose sign-ins with Firebase are taken; none without it"),
        ),
        (
            "SnsPlatformApplicationArn",
            text("Platform application of SNS that pushes go through"),
        ),
        ("TwilioAccountSid", text("AC or SK and 32 digits")),
        ("TwilioServiceSid", text("Twilio's Verify service: VA and 32 digits")),
    ])
}

fn engines() -> Map<String, Value> {
    let text = |description: &str| json!({ "Type": "String", "Default": "", "Description": description });
    let symptoms = SymptomEngine::ALL.map(SymptomEngine::word);
    let dental = [&[""][..], &DentalEngine::ALL.map(DentalEngine::word)].concat();
    named([
        (
            "SymptomEngine",
            json!({
                "Type": "String",
                "Default": SymptomEngine::default().word(),
                "AllowedValues": symptoms,
                "Description": "Whom symptoms are sent to beside the local engine; gemini and huggingface need their secrets",
            }),
        ),
        (
            "DentalEngine",
            json!({
                "Type": "String",
                "Default": "",
                "AllowedValues": dental,
                "Description": "Who judges pictures of teeth: the experimental local model, or gemini; nobody without it",
            }),
        ),
        (
            "GeminiModel",
            text("A model that Gemini serves; a usual one without it"),
        ),
        (
            "HuggingfaceModel",
            text("Zero-shot model as owner/name; a usual one without it"),
        ),
    ])
}

fn calls() -> Map<String, Value> {
    let text = |description: &str| json!({ "Type": "String", "Default": "", "Description": description });
    named([
        (
            "AgoraAppId",
            text("App ID of the Agora project that video channels are in; needs its certificate"),
        ),
        (
            "StunUrls",
            text("STUN servers, such as stun:stun.example.org:3478, separated by commas"),
        ),
        (
            "TurnUrls",
            text("TURN servers, such as turn:turn.example.org:3478?transport=udp, separated by commas"),
        ),
    ])
}

pub fn conditions() -> Map<String, Value> {
    let mut conditions = named([(
        HAS_ORIGINS,
        json!({ "Fn::Not": [{ "Fn::Equals": [{ "Fn::Join": ["", reference("CorsOrigins")] }, ""] }] }),
    )]);
    for secret in Secret::ALL.into_iter().filter(|secret| secret.is_optional()) {
        let is_given = json!({ "Fn::Not": [{ "Fn::Equals": [reference(&secret_parameter(secret)), ""] }] });
        conditions.insert(has_secret(secret), is_given);
    }
    conditions
}

/// Whether an optional secret is given.
pub fn has_secret(secret: Secret) -> String {
    format!("Has{}", secret_parameter(secret))
}

/// `TOKEN_SIGNING_KEY_ARN`, what functions read, is `TokenSigningKeyArn` here.
pub fn secret_parameter(secret: Secret) -> String {
    logical(&secret.reference_variable().to_lowercase())
}

fn description(secret: Secret) -> &'static str {
    match secret {
        Secret::TokenSigningKey => "Secret: seed of the Ed25519 key that signs access tokens, 32 bytes in base64url",
        Secret::LinkSigningKey => "Secret: key of the signatures in links to pictures, 32 bytes in base64url",
        Secret::FcmServiceAccount => "Secret: key file of the service account that pushes over FCM; only for fcm",
        Secret::TwilioAuthToken => "Secret: token of the Twilio account; only for twilio",
        Secret::GeminiApiKey => "Secret: key that Gemini is asked with; only for gemini",
        Secret::HuggingFaceToken => "Secret: token that Hugging Face is asked with; only for huggingface",
        Secret::AuditKey => "Secret: key of the chains in the audit log, 32 bytes in base64url",
        Secret::FirmwareSigningKey => "Secret: seed of the Ed25519 key that signs firmware, 32 bytes in base64url",
        Secret::AdminUser => "Secret: user name that firmware is published with by HTTP Basic",
        Secret::AdminPass => "Secret: password that goes with it",
        Secret::AgoraAppCertificate => "Secret: certificate of the Agora project, 32 hexadecimal digits",
        Secret::TurnSecret => "Secret: what the TURN servers share with us; a new one before an old one, with a comma",
        Secret::SmtpUrl => "Secret: where mail is handed in, such as smtps://user:password@host",
    }
}
