//! Which form fields are taken, after Twilio's published OpenAPI document (twilio-oai, `twilio_verify_v2`, 1.0.0).

use super::answers::Refusal;
use crate::twilio::settings::is_sid;

/// Operation `CreateVerification`.
const START: [&str; 18] = [
    "To",
    "Channel",
    "CustomFriendlyName",
    "CustomMessage",
    "SendDigits",
    "Locale",
    "CustomCode",
    "Amount",
    "Payee",
    "RateLimits",
    "ChannelConfiguration",
    "AppHash",
    "TemplateSid",
    "TemplateCustomSubstitutions",
    "DeviceIp",
    "EnableSnaClientToken",
    "RiskCheck",
    "Tags",
];
/// Operation `CreateVerificationCheck`.
const CHECK: [&str; 6] = ["Code", "To", "VerificationSid", "Amount", "Payee", "SnaClientToken"];
const CHANNELS: [&str; 3] = ["sms", "call", "email"];

type Form = [(String, String)];

pub(super) struct Start {
    pub to: String,
    pub channel: String,
    pub locale: Option<String>,
}

pub(super) enum Which {
    To(String),
    Sid(String),
}

pub(super) struct Check {
    pub code: String,
    pub which: Which,
}

pub(super) fn start(form: &Form) -> Result<Start, Refusal> {
    only_known(form, &START)?;
    let channel = required(form, "Channel")?;
    if !CHANNELS.contains(&channel) {
        return Err(Refusal::invalid("Channel"));
    }
    let to = required(form, "To")?;
    let is_right = if channel == "email" {
        is_address(to)
    } else {
        is_e164(to)
    };
    if !is_right {
        return Err(Refusal::invalid("To"));
    }
    if get(form, "RateLimits").is_some_and(|text| !is_object(text)) {
        return Err(Refusal::invalid("RateLimits"));
    }
    Ok(Start {
        to: to.to_owned(),
        channel: channel.to_owned(),
        locale: get(form, "Locale").map(str::to_owned),
    })
}

pub(super) fn check(form: &Form) -> Result<Check, Refusal> {
    only_known(form, &CHECK)?;
    let code = required(form, "Code")?;
    if !(4..=10).contains(&code.chars().count()) {
        return Err(Refusal::invalid("Code"));
    }
    let which = match (get(form, "To"), get(form, "VerificationSid")) {
        (_, Some(sid)) if !is_sid(sid, "VE") => return Err(Refusal::invalid("VerificationSid")),
        (None, Some(sid)) => Which::Sid(sid.to_owned()),
        (Some(to), _) if is_e164(to) || is_address(to) => Which::To(to.to_owned()),
        _ => return Err(Refusal::invalid("To")),
    };
    Ok(Check {
        code: code.to_owned(),
        which,
    })
}

/// Twilio overlooks a misspelt field; a test should not.
fn only_known(form: &Form, known: &[&str]) -> Result<(), Refusal> {
    for (place, (name, _)) in form.iter().enumerate() {
        let is_repeated = form[..place].iter().any(|(earlier, _)| earlier == name);
        if is_repeated || !known.contains(&name.as_str()) {
            return Err(Refusal::invalid(name));
        }
    }
    Ok(())
}

fn get<'a>(form: &'a Form, name: &str) -> Option<&'a str> {
    form.iter()
        .find(|(given, _)| given == name)
        .map(|(_, value)| value.as_str())
}

fn required<'a>(form: &'a Form, name: &str) -> Result<&'a str, Refusal> {
    get(form, name)
        .filter(|value| !value.is_empty())
        .ok_or_else(|| Refusal::invalid(name))
}

fn is_e164(text: &str) -> bool {
    let Some(digits) = text.strip_prefix('+') else {
        return false;
    };
    (7..=15).contains(&digits.len()) && !digits.starts_with('0') && digits.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_address(text: &str) -> bool {
    text.split_once('@')
        .is_some_and(|(local, domain)| !local.is_empty() && domain.contains('.') && !domain.contains('@'))
}

fn is_object(text: &str) -> bool {
    serde_json::from_str::<serde_json::Map<String, serde_json::Value>>(text).is_ok()
}
