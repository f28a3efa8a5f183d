//! By which outside services people are told things, and where those are.

/// All of it has defaults: a deployment without pushes sets nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MessagingSettings {
    pub push: PushProvider,
    pub codes: CodeProvider,
    pub fcm_base_url: String,
    /// Instead of the one that the service account names.
    pub fcm_token_url: Option<String>,
    /// Where Google publishes the keys of its identity tokens.
    pub firebase_keys_url: String,
    /// None: signing in with Firebase is off.
    pub firebase_project_id: Option<String>,
    pub sns_platform_application: Option<String>,
    pub twilio_base_url: String,
    pub twilio_account_sid: Option<String>,
    pub twilio_service_sid: Option<String>,
}

/// What carries pushes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PushProvider {
    #[default]
    Off,
    Fcm,
    Sns,
}

/// What brings one-time codes to phones.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum CodeProvider {
    /// Ours, by text message.
    #[default]
    Sns,
    /// Ours, shown where a developer reads them: by text message to the stand-in.
    Console,
    /// Twilio's own.
    Twilio,
}

impl PushProvider {
    pub fn word(self) -> &'static str {
        match self {
            PushProvider::Off => "off",
            PushProvider::Fcm => "fcm",
            PushProvider::Sns => "sns",
        }
    }
}

impl CodeProvider {
    pub fn word(self) -> &'static str {
        match self {
            CodeProvider::Sns => "sns",
            CodeProvider::Console => "console",
            CodeProvider::Twilio => "twilio",
        }
    }
}

const FCM: &str = "https://fcm.googleapis.com";
const FIREBASE_KEYS: &str = "https://www.googleapis.com";
const TWILIO: &str = "https://verify.twilio.com";

impl MessagingSettings {
    pub(crate) fn read(variable: impl Fn(&str) -> Option<String>) -> Result<Self, String> {
        let url = |name: &str, default: &str| variable(name).unwrap_or_else(|| default.to_owned());
        let push = [PushProvider::Off, PushProvider::Fcm, PushProvider::Sns];
        let codes = [CodeProvider::Sns, CodeProvider::Console, CodeProvider::Twilio];
        Ok(Self {
            push: choice("PUSH_PROVIDER", variable("PUSH_PROVIDER"), push, PushProvider::word)?,
            codes: choice("OTP_PROVIDER", variable("OTP_PROVIDER"), codes, CodeProvider::word)?,
            fcm_base_url: url("FCM_BASE_URL", FCM),
            fcm_token_url: variable("FCM_TOKEN_URL"),
            firebase_keys_url: url("FIREBASE_KEYS_URL", FIREBASE_KEYS),
            firebase_project_id: variable("FIREBASE_PROJECT_ID"),
            sns_platform_application: variable("SNS_PLATFORM_APPLICATION_ARN"),
            twilio_base_url: url("TWILIO_BASE_URL", TWILIO),
            twilio_account_sid: variable("TWILIO_ACCOUNT_SID"),
            twilio_service_sid: variable("TWILIO_SERVICE_SID"),
        })
    }

    /// The variables that these settings are read from.
    pub fn variables(&self) -> Vec<(&'static str, String)> {
        let optional = |value: &Option<String>| value.clone().unwrap_or_default();
        vec![
            ("PUSH_PROVIDER", self.push.word().to_owned()),
            ("OTP_PROVIDER", self.codes.word().to_owned()),
            ("FCM_BASE_URL", self.fcm_base_url.clone()),
            ("FCM_TOKEN_URL", optional(&self.fcm_token_url)),
            ("FIREBASE_KEYS_URL", self.firebase_keys_url.clone()),
            ("FIREBASE_PROJECT_ID", optional(&self.firebase_project_id)),
            ("SNS_PLATFORM_APPLICATION_ARN", optional(&self.sns_platform_application)),
            ("TWILIO_BASE_URL", self.twilio_base_url.clone()),
            ("TWILIO_ACCOUNT_SID", optional(&self.twilio_account_sid)),
            ("TWILIO_SERVICE_SID", optional(&self.twilio_service_sid)),
        ]
    }
}

fn choice<T: Copy + Default, const N: usize>(
    name: &str,
    text: Option<String>,
    all: [T; N],
    word: impl Fn(T) -> &'static str,
) -> Result<T, String> {
    let Some(text) = text else { return Ok(T::default()) };
    let found = all.into_iter().find(|each| word(*each) == text);
    found.ok_or_else(|| format!("{name} must be one of {}", all.map(word).join(", ")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashMap;

    #[test]
    fn settings_survive_the_way_through_the_environment() {
        let settings = MessagingSettings {
            push: PushProvider::Fcm,
            codes: CodeProvider::Twilio,
            fcm_base_url: "http://127.0.0.1:1".to_owned(),
            fcm_token_url: Some("http://127.0.0.1:1/token".to_owned()),
            firebase_keys_url: "http://127.0.0.1:2".to_owned(),
            firebase_project_id: Some("project".to_owned()),
            sns_platform_application: None,
            twilio_base_url: "http://127.0.0.1:3".to_owned(),
            twilio_account_sid: Some("AC".to_owned()),
            twilio_service_sid: Some("VA".to_owned()),
        };
        let variables: HashMap<_, _> = settings.variables().into_iter().collect();
        let read = |name: &str| variables.get(name).cloned().filter(|value| !value.is_empty());
        assert_eq!(MessagingSettings::read(read), Ok(settings));
    }

    #[test]
    fn an_unknown_provider_stops_the_start() {
        let read = |name: &str| (name == "PUSH_PROVIDER").then(|| "pigeon".to_owned());
        assert_eq!(
            MessagingSettings::read(read),
            Err("PUSH_PROVIDER must be one of off, fcm, sns".to_owned())
        );
    }
}
