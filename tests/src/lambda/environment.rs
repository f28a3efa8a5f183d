//! The settings of a running product as the environment that Lambda would give to each of its functions.

use runtime::secrets::SecretSource;
use runtime::settings::Settings;

/// All of them, as the local product has: a function that needs fewer overlooks the rest.
pub fn environment(settings: &Settings) -> Vec<(&'static str, String)> {
    let Settings {
        connection,
        names,
        secrets,
        tokens,
        web,
        messaging,
        map,
        engines,
        calls,
        sign_in,
        sockets,
    } = settings;
    let keys = serde_json::to_string(&tokens.public_keys).expect("public keys are JSON");
    // An empty variable counts as absent.
    let optional = |value: &Option<String>| value.clone().unwrap_or_default();
    let mut environment = vec![
        ("AWS_REGION", connection.region.clone()),
        ("AWS_ACCESS_KEY_ID", connection.access_key_id.clone()),
        ("AWS_SECRET_ACCESS_KEY", connection.secret_access_key.clone()),
        ("AWS_SESSION_TOKEN", optional(&connection.session_token)),
        ("AWS_ENDPOINT_URL_DYNAMODB", optional(&connection.dynamodb_endpoint)),
        ("AWS_ENDPOINT_URL_S3", optional(&connection.s3_endpoint)),
        (
            "AWS_ENDPOINT_URL_SECRETS_MANAGER",
            optional(&connection.secrets_endpoint),
        ),
        ("AWS_ENDPOINT_URL_SNS", optional(&connection.sns_endpoint)),
        ("AWS_ENDPOINT_URL_KMS", optional(&connection.kms_endpoint)),
        ("SOCKET_ENDPOINT", optional(&sockets.endpoint)),
        ("SOCKET_URL", optional(&sockets.url)),
        ("FIELD_KEY_ID", names.field_key.clone()),
        ("TABLE_PREFIX", names.table_prefix.clone()),
        ("BUCKET_PREFIX", names.bucket_prefix.clone()),
        ("TOKEN_PUBLIC_KEYS", keys),
        ("ENVIRONMENT", web.environment.clone()),
        ("PUBLIC_URL", optional(&web.public_url)),
        ("PICTURE_LINK_MINUTES", web.picture_link_minutes.to_string()),
        ("CORS_ORIGINS", web.cors_origins.join(",")),
        ("MAIL_FROM", web.mail_from.clone()),
        ("OVERPASS_BASE_URL", map.overpass_base_url.clone()),
        (
            "STRICT_SIGN_IN",
            if sign_in.is_strict { "on" } else { "off" }.to_owned(),
        ),
        ("CODES_A_DAY_AND_COUNTRY", sign_in.codes_a_day_and_country.to_string()),
        ("CODES_A_DAY", sign_in.codes_a_day.to_string()),
        ("RATE_LIMITS", if web.rate_limits { "on" } else { "off" }.to_owned()),
    ];
    environment.extend(messaging.variables());
    environment.extend(engines.variables());
    environment.extend(calls.variables());
    environment.extend(secrets.iter().map(|(secret, source)| match source {
        SecretSource::Inline(value) => (secret.variable(), value.clone()),
        SecretSource::SecretsManager(id) => (secret.reference_variable(), id.clone()),
    }));
    environment
}
