//! The verifications that are pending, and how they end.

use std::collections::{HashMap, HashSet};

use http::StatusCode;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::SentCode;
use super::answers::Refusal;
use super::parameters::{Check, Start, Which};
use crate::stand_in::{Reply, json};

const LIFE: SignedDuration = SignedDuration::from_mins(10);
const MAX_SENDS: usize = 5;
const MAX_CHECKS: usize = 5;

#[derive(Default)]
pub(super) struct Verifications {
    /// By whom they go to.
    pending: HashMap<String, Verification>,
    pub landlines: HashSet<String>,
    pub blocked: HashSet<String>,
}

/// Where and when a request arrived.
pub(super) struct Place<'a> {
    pub now: Timestamp,
    pub service: &'a str,
    pub account: &'a str,
    pub path: &'a str,
}

struct Verification {
    sid: String,
    code: String,
    channel: String,
    sends: Vec<Value>,
    checks: usize,
    started_at: Timestamp,
}

impl Verifications {
    pub fn start(&mut self, start: &Start, place: &Place<'_>) -> Result<(Reply, SentCode), Refusal> {
        let Start { to, channel, locale } = start;
        if self.blocked.contains(to) {
            return Err(Refusal::new(403, 60410, "The destination is blocked"));
        }
        if channel == "sms" && self.landlines.contains(to) {
            return Err(Refusal::new(
                403,
                60205,
                "SMS is not supported by landline phone number",
            ));
        }
        self.forget_expired(place.now);
        let fresh = || Verification::new(place.now);
        let verification = self.pending.entry(to.clone()).or_insert_with(fresh);
        if verification.checks >= MAX_CHECKS {
            return Err(too_many_checks());
        }
        if verification.sends.len() >= MAX_SENDS {
            return Err(Refusal::new(429, 60203, "Max send attempts reached"));
        }
        verification.channel.clone_from(channel);
        verification.sends.push(json!({
            "time": place.now.to_string(),
            "channel": channel.to_uppercase(),
            "attempt_sid": sid("VL"),
        }));
        let body = verification.shown(to, "pending", place, true);
        let code = verification.code.clone();
        let message = SentCode {
            to: to.clone(),
            channel: channel.clone(),
            locale: locale.clone(),
            text: format!("Your Polyclinic verification code is: {code}"),
            code,
        };
        Ok((json(StatusCode::CREATED, &body), message))
    }

    pub fn check(&mut self, check: &Check, place: &Place<'_>) -> Result<Reply, Refusal> {
        self.forget_expired(place.now);
        let to = match &check.which {
            Which::To(to) => Some(to.clone()),
            Which::Sid(sid) => self
                .pending
                .iter()
                .find(|(_, v)| v.sid == *sid)
                .map(|(to, _)| to.clone()),
        };
        let found = to.and_then(|to| Some((self.pending.get_mut(&to)?, to)));
        let (verification, to) = found.ok_or_else(|| Refusal::not_found(place.path))?;
        if verification.checks >= MAX_CHECKS {
            return Err(too_many_checks());
        }
        verification.checks += 1;
        if verification.code != check.code {
            return Ok(json(StatusCode::OK, &verification.shown(&to, "pending", place, false)));
        }
        let body = verification.shown(&to, "approved", place, false);
        self.pending.remove(&to);
        Ok(json(StatusCode::OK, &body))
    }

    fn forget_expired(&mut self, now: Timestamp) {
        self.pending
            .retain(|_, verification| now.duration_since(verification.started_at) < LIFE);
    }
}

impl Verification {
    fn new(now: Timestamp) -> Self {
        Self {
            sid: sid("VE"),
            code: format!("{:06}", fastrand::u32(..1_000_000)),
            channel: String::new(),
            sends: Vec::new(),
            checks: 0,
            started_at: now,
        }
    }

    fn shown(&self, to: &str, status: &str, place: &Place<'_>, is_start: bool) -> Value {
        let mut body = json!({
            "sid": self.sid,
            "service_sid": place.service,
            "account_sid": place.account,
            "to": to,
            "channel": self.channel,
            "status": status,
            "valid": status == "approved",
            "date_created": self.started_at.to_string(),
            "date_updated": place.now.to_string(),
            "amount": null,
            "payee": null,
        });
        if is_start {
            body["lookup"] = json!({});
            body["send_code_attempts"] = self.sends.clone().into();
            body["sna"] = Value::Null;
            body["url"] = format!("https://verify.twilio.com{}/{}", place.path, self.sid).into();
        } else {
            body["sna_attempts_error_codes"] = json!([]);
        }
        body
    }
}

fn too_many_checks() -> Refusal {
    Refusal::new(429, 60202, "Max check attempts reached")
}

fn sid(kind: &str) -> String {
    format!("{kind}{:032x}", fastrand::u128(..))
}
