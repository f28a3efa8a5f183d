//! Configuration, read from the environment once at start. Everything missing or malformed is reported together.

use std::collections::HashMap;
use std::time::Duration;

use domain::picture_link::{LIFE_MINUTES, USUAL_LIFE_MINUTES};
use jsonwebtoken::jwk::JwkSet;
use store::aws::{Connection, ResourceNames};

use crate::calls::CallSettings;
use crate::engines::EngineSettings;
use crate::messaging::MessagingSettings;
use crate::need::Need;
use crate::secrets::{Secret, SecretSource};

/// Longer than an update ever takes: a request is not held up for the sake of counting it.
const PATIENCE: Duration = Duration::from_millis(1500);
/// The local product's database shares the machine with all that calls it.
const LOCAL_PATIENCE: Duration = Duration::from_secs(15);

/// All settings, one struct per concern.
#[derive(Clone)]
pub struct Settings {
    pub connection: Connection,
    pub names: ResourceNames,
    pub secrets: HashMap<Secret, SecretSource>,
    pub tokens: TokenSettings,
    pub sign_in: SignInSettings,
    pub web: WebSettings,
    pub messaging: MessagingSettings,
    pub map: MapSettings,
    pub engines: EngineSettings,
    pub sockets: SocketSettings,
    pub calls: CallSettings,
}

/// Where the WebSocket API is. Without it there is none.
#[derive(Clone, Debug, Default)]
pub struct SocketSettings {
    /// `SOCKET_ENDPOINT`: where its connections are sent to, such as `https://{api}.execute-api.{region}.amazonaws.com/live`.
    pub endpoint: Option<String>,
    /// `SOCKET_URL`: where clients connect; `wss:` instead of `https:` without it.
    pub url: Option<String>,
}

/// Where clinics are looked up.
#[derive(Clone, Debug)]
pub struct MapSettings {
    /// `OVERPASS_BASE_URL`: an instance of OpenStreetMap's Overpass API.
    pub overpass_base_url: String,
}

const OVERPASS: &str = "https://overpass-api.de";

/// How people get in, as far as the operator decides it.
#[derive(Clone, Copy, Debug)]
pub struct SignInSettings {
    /// `STRICT_SIGN_IN=on`: facial-derma log-ins need a proved address, and doctors an approval (decision D2).
    pub is_strict: bool,
    /// `CODES_A_DAY_AND_COUNTRY`: text messages to numbers of one country, at most.
    pub codes_a_day_and_country: u32,
    /// `CODES_A_DAY`: text messages in all, at most.
    pub codes_a_day: u32,
}

/// What is needed to check access tokens: public keys only.
#[derive(Clone)]
pub struct TokenSettings {
    /// The JWKS document as it is served; several keys while one replaces another.
    pub public_keys: JwkSet,
}

#[derive(Clone, Debug)]
pub struct WebSettings {
    /// `local`, `staging`, `production`: shown by the health check.
    pub environment: String,
    /// Overrides the address that requests come to, behind a custom domain.
    pub public_url: Option<String>,
    /// `PICTURE_LINK_MINUTES`: how long a signed link to a picture lives.
    pub picture_link_minutes: u32,
    /// Origins whose pages may call.
    pub cors_origins: Vec<String>,
    /// Off for developers and tests only: without effect in the cloud.
    pub rate_limits: bool,
    /// How long a request waits for being counted.
    pub limiter_patience: Duration,
    /// The sender of mail: `Polyclinic <no-reply@example.org>`.
    pub mail_from: String,
}

/// Settings that stop the start.
#[derive(Debug, thiserror::Error)]
#[error("settings: {}", .0.join("; "))]
pub struct SettingsError(pub Vec<String>);

impl Settings {
    /// `needs`: what the function at hand uses; secrets that it does not name are not asked for.
    pub fn read(variable: impl Fn(&str) -> Option<String>, needs: &[Need]) -> Result<Self, SettingsError> {
        let mut reader = Reader {
            variable,
            problems: Vec::new(),
        };
        let environment = reader
            .optional("ENVIRONMENT")
            .unwrap_or_else(|| "production".to_owned());
        let messaging = MessagingSettings::read(|name| reader.optional(name));
        let messaging = messaging.unwrap_or_else(|problem| {
            reader.problems.push(problem);
            MessagingSettings::default()
        });
        let engines = EngineSettings::read(|name| reader.optional(name));
        let engines = engines.unwrap_or_else(|problem| {
            reader.problems.push(problem);
            EngineSettings::default()
        });
        let calls = CallSettings::read(|name| reader.optional(name));
        let calls = calls.unwrap_or_else(|problems| {
            reader.problems.extend(problems);
            CallSettings::default()
        });
        let settings = Self {
            messaging,
            calls,
            map: reader.map(),
            engines,
            sockets: reader.sockets(),
            connection: reader.connection(),
            names: ResourceNames {
                table_prefix: reader.required("TABLE_PREFIX"),
                bucket_prefix: reader.required("BUCKET_PREFIX"),
                field_key: reader.required("FIELD_KEY_ID"),
            },
            secrets: reader.secrets(needs),
            sign_in: SignInSettings {
                is_strict: reader.optional("STRICT_SIGN_IN").is_some_and(|value| value == "on"),
                codes_a_day_and_country: reader.number("CODES_A_DAY_AND_COUNTRY", 400),
                codes_a_day: reader.number("CODES_A_DAY", 4000),
            },
            tokens: TokenSettings {
                public_keys: reader.public_keys(),
            },
            web: reader.web(environment),
        };
        if reader.problems.is_empty() {
            Ok(settings)
        } else {
            Err(SettingsError(reader.problems))
        }
    }
}

struct Reader<F> {
    variable: F,
    problems: Vec<String>,
}

impl<F: Fn(&str) -> Option<String>> Reader<F> {
    /// An empty variable counts as absent: templates cannot leave one out.
    fn optional(&self, name: &str) -> Option<String> {
        (self.variable)(name).filter(|value| !value.is_empty())
    }

    fn web(&mut self, environment: String) -> WebSettings {
        WebSettings {
            rate_limits: environment != "local" || self.optional("RATE_LIMITS").as_deref() != Some("off"),
            limiter_patience: if environment == "local" {
                LOCAL_PATIENCE
            } else {
                PATIENCE
            },
            environment,
            public_url: self
                .optional("PUBLIC_URL")
                .map(|url| url.trim_end_matches('/').to_owned()),
            picture_link_minutes: self.picture_link_minutes(),
            cors_origins: self.list("CORS_ORIGINS"),
            mail_from: self
                .optional("MAIL_FROM")
                .unwrap_or_else(|| "Polyclinic <no-reply@polyclinic.invalid>".to_owned()),
        }
    }

    fn picture_link_minutes(&mut self) -> u32 {
        let minutes = self.number("PICTURE_LINK_MINUTES", USUAL_LIFE_MINUTES);
        if !LIFE_MINUTES.contains(&minutes) {
            let (least, most) = (LIFE_MINUTES.start(), LIFE_MINUTES.end());
            self.problems
                .push(format!("PICTURE_LINK_MINUTES must be from {least} to {most}"));
        }
        minutes
    }

    fn required(&mut self, name: &str) -> String {
        self.optional(name).unwrap_or_else(|| {
            self.problems.push(format!("{name} is missing"));
            String::new()
        })
    }

    fn number(&mut self, name: &str, usual: u32) -> u32 {
        let Some(text) = self.optional(name) else { return usual };
        text.parse().unwrap_or_else(|_| {
            self.problems.push(format!("{name} is not a whole number"));
            usual
        })
    }

    fn list(&self, name: &str) -> Vec<String> {
        let text = self.optional(name).unwrap_or_default();
        text.split(',')
            .map(str::trim)
            .filter(|part| !part.is_empty())
            .map(str::to_owned)
            .collect()
    }

    fn map(&self) -> MapSettings {
        let url = self.optional("OVERPASS_BASE_URL");
        MapSettings {
            overpass_base_url: url.unwrap_or_else(|| OVERPASS.to_owned()),
        }
    }

    fn sockets(&self) -> SocketSettings {
        let endpoint = self.optional("SOCKET_ENDPOINT");
        let secure = endpoint.as_ref().and_then(|endpoint| endpoint.strip_prefix("https://"));
        let url = secure.map(|rest| format!("wss://{rest}"));
        SocketSettings {
            url: self.optional("SOCKET_URL").or(url),
            endpoint,
        }
    }

    fn connection(&mut self) -> Connection {
        Connection {
            region: self.required("AWS_REGION"),
            access_key_id: self.required("AWS_ACCESS_KEY_ID"),
            secret_access_key: self.required("AWS_SECRET_ACCESS_KEY"),
            session_token: self.optional("AWS_SESSION_TOKEN"),
            dynamodb_endpoint: self.optional("AWS_ENDPOINT_URL_DYNAMODB"),
            s3_endpoint: self.optional("AWS_ENDPOINT_URL_S3"),
            secrets_endpoint: self.optional("AWS_ENDPOINT_URL_SECRETS_MANAGER"),
            kms_endpoint: self.optional("AWS_ENDPOINT_URL_KMS"),
            sns_endpoint: self.optional("AWS_ENDPOINT_URL_SNS"),
        }
    }

    fn secrets(&mut self, needs: &[Need]) -> HashMap<Secret, SecretSource> {
        let mut sources = HashMap::new();
        for need in needs {
            let Need::Secret(secret) = need else { continue };
            let inline = self.optional(secret.variable()).map(SecretSource::Inline);
            let source = inline.or_else(|| {
                self.optional(secret.reference_variable())
                    .map(SecretSource::SecretsManager)
            });
            match source {
                Some(source) => {
                    sources.insert(*secret, source);
                }
                None if secret.is_optional() => {}
                None => {
                    let (value, reference) = (secret.variable(), secret.reference_variable());
                    self.problems.push(format!("{value} or {reference} is missing"));
                }
            }
        }
        sources
    }

    fn public_keys(&mut self) -> JwkSet {
        let text = self.required("TOKEN_PUBLIC_KEYS");
        if text.is_empty() {
            return JwkSet { keys: Vec::new() };
        }
        serde_json::from_str(&text).unwrap_or_else(|_| {
            self.problems
                .push("TOKEN_PUBLIC_KEYS is not a JWKS document".to_owned());
            JwkSet { keys: Vec::new() }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_that_is_missing_or_malformed_is_reported_together() {
        let variables = [
            ("AWS_REGION", "eu-central-1"),
            ("TOKEN_PUBLIC_KEYS", "nonsense"),
            ("TABLE_PREFIX", ""),
        ];
        let read = |name: &str| {
            variables
                .iter()
                .find(|(key, _)| *key == name)
                .map(|(_, value)| (*value).to_owned())
        };
        let error = Settings::read(read, &[Need::Secret(Secret::LinkSigningKey)])
            .err()
            .unwrap();
        assert_eq!(
            error.to_string(),
            "settings: AWS_ACCESS_KEY_ID is missing; AWS_SECRET_ACCESS_KEY is missing; TABLE_PREFIX is missing; \
             BUCKET_PREFIX is missing; FIELD_KEY_ID is missing; LINK_SIGNING_KEY or LINK_SIGNING_KEY_ARN is missing; \
             TOKEN_PUBLIC_KEYS is not a JWKS document"
        );
    }
}
