//! Reads Gemini's answers: 200 is no success yet, and only one reason to stop is.

use std::time::Duration;

use serde::Deserialize;
use serde_json::Value;

use super::GeminiError;
use super::settings::is_model;
use crate::https::{Answer, HttpsError};

/// Far above what any schema here needs.
const MOST_TEXT_BYTES: usize = 64 * 1024;

const RETRY_INFO: &str = "type.googleapis.com/google.rpc.RetryInfo";
const ERROR_INFO: &str = "type.googleapis.com/google.rpc.ErrorInfo";

/// What one try came to.
pub(super) enum Turn {
    Said(Said),
    Failed(GeminiError),
    /// May be tried again, `most` times in all, after `wait` or by back-off.
    Again {
        error: GeminiError,
        most: u32,
        wait: Option<Duration>,
    },
}

/// A finished answer.
pub(super) struct Said {
    pub text: String,
    /// What the model calls itself.
    pub version: Option<String>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
struct Body {
    candidates: Vec<Candidate>,
    prompt_feedback: Option<Feedback>,
    model_version: Value,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
struct Feedback {
    block_reason: Option<String>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
struct Candidate {
    content: Option<Content>,
    finish_reason: Option<String>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Content {
    parts: Vec<Part>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Part {
    text: Option<String>,
    thought: bool,
}

#[derive(Deserialize, Default)]
struct Refusal {
    #[serde(default)]
    error: Fault,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Fault {
    status: Option<String>,
    message: Option<String>,
    details: Vec<Detail>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
struct Detail {
    #[serde(rename = "@type")]
    kind: Option<String>,
    reason: Option<String>,
    retry_delay: Option<String>,
}

pub(super) fn read(answer: Result<Answer, HttpsError>) -> Turn {
    let answer = match answer {
        Ok(answer) => answer,
        Err(HttpsError::Settings) => return Turn::Failed(GeminiError::Settings("TLS")),
        Err(HttpsError::TimedOut) => return Turn::Failed(GeminiError::TimedOut),
        Err(HttpsError::TooLarge) => return Turn::Failed(GeminiError::Malformed),
        Err(HttpsError::Unreachable | HttpsError::Broken) => return once_more(GeminiError::Unavailable),
    };
    if answer.status.is_success() {
        return finished(&answer).map_or_else(Turn::Failed, Turn::Said);
    }
    refused(&answer)
}

fn finished(answer: &Answer) -> Result<Said, GeminiError> {
    let body: Body = answer.json().ok_or(GeminiError::Unexpected(answer.status.as_u16()))?;
    let Some(candidate) = body.candidates.into_iter().next() else {
        let reason = body.prompt_feedback.and_then(|feedback| feedback.block_reason);
        return Err(match reason {
            Some(reason) => GeminiError::Blocked(blocked(&reason).unwrap_or("OTHER")),
            None => GeminiError::Unfinished("nothing was answered"),
        });
    };
    match candidate.finish_reason.as_deref() {
        Some("STOP") => {}
        Some("MAX_TOKENS") => return Err(GeminiError::Cut),
        Some(reason) => {
            return Err(match blocked(reason) {
                Some(rule) => GeminiError::Blocked(rule),
                None => GeminiError::Unfinished(unfinished(reason)),
            });
        }
        None => return Err(GeminiError::Unfinished("no reason was given")),
    }
    let parts = candidate.content.unwrap_or_default().parts;
    let said = parts.into_iter().filter(|part| !part.thought);
    let text: String = said.filter_map(|part| part.text).collect();
    if text.len() > MOST_TEXT_BYTES {
        return Err(GeminiError::Malformed);
    }
    // Nothing hangs on it, so that an odd one is none.
    let version = body.model_version.as_str().filter(|version| is_model(version));
    let version = version.map(str::to_owned);
    Ok(Said { text, version })
}

/// Reasons by which a question or an answer is held back, in our own words' place: what comes is not repeated.
fn blocked(reason: &str) -> Option<&'static str> {
    const RULES: [&str; 13] = [
        "SAFETY",
        "RECITATION",
        "BLOCKLIST",
        "PROHIBITED_CONTENT",
        "SPII",
        "LANGUAGE",
        "IMAGE_SAFETY",
        "IMAGE_PROHIBITED_CONTENT",
        "IMAGE_RECITATION",
        "JAILBREAK",
        "MODEL_ARMOR",
        "BLOCKED_REASON_UNSPECIFIED",
        "OTHER",
    ];
    RULES.into_iter().find(|rule| *rule == reason)
}

fn unfinished(reason: &str) -> &'static str {
    const REASONS: [&str; 7] = [
        "NO_IMAGE",
        "IMAGE_OTHER",
        "MALFORMED_FUNCTION_CALL",
        "UNEXPECTED_TOOL_CALL",
        "TOO_MANY_TOOL_CALLS",
        "CONTINUATION",
        "FINISH_REASON_UNSPECIFIED",
    ];
    let known = REASONS.into_iter().find(|known| *known == reason);
    known.unwrap_or("a reason that is not documented")
}

fn refused(answer: &Answer) -> Turn {
    let fault = fault(answer);
    let status = answer.status.as_u16();
    let key_is_bad = fault
        .details
        .iter()
        .any(|detail| detail.is(ERROR_INFO) && detail.reason.as_deref() == Some("API_KEY_INVALID"));
    Turn::Failed(match status {
        400 if key_is_bad || fault.status.as_deref() == Some("FAILED_PRECONDITION") => GeminiError::Refused(status),
        400 => GeminiError::Invalid,
        401 | 403 => GeminiError::Refused(status),
        404 => GeminiError::ModelGone,
        413 => GeminiError::TooLarge,
        429 => {
            let retry_after = retry_delay(&fault);
            return Turn::Again {
                error: GeminiError::Quota { retry_after },
                most: 2,
                wait: retry_after,
            };
        }
        500 => return once_more(GeminiError::Unavailable),
        502 | 503 => {
            return Turn::Again {
                error: GeminiError::Unavailable,
                most: 3,
                wait: None,
            };
        }
        504 => GeminiError::TimedOut,
        status => GeminiError::Unexpected(status),
    })
}

/// The object of the documentation, or that object in a list, as some endpoints give it.
fn fault(answer: &Answer) -> Fault {
    let one = answer.json::<Refusal>();
    let many = || answer.json::<Vec<Refusal>>().and_then(|all| all.into_iter().next());
    one.or_else(many).unwrap_or_default().error
}

fn once_more(error: GeminiError) -> Turn {
    Turn::Again {
        error,
        most: 1,
        wait: None,
    }
}

impl Detail {
    fn is(&self, kind: &str) -> bool {
        self.kind.as_deref() == Some(kind)
    }
}

/// `36s` of the details, else `Please retry in 36.6s` of the message.
fn retry_delay(fault: &Fault) -> Option<Duration> {
    let detail = fault.details.iter().find(|detail| detail.is(RETRY_INFO));
    let told = detail.and_then(|detail| seconds(detail.retry_delay.as_deref()?));
    told.or_else(|| {
        let (_, rest) = fault.message.as_deref()?.split_once("retry in ")?;
        seconds(rest.split_whitespace().next()?.trim_end_matches('.'))
    })
}

fn seconds(text: &str) -> Option<Duration> {
    let seconds: f64 = text.strip_suffix('s')?.parse().ok()?;
    Duration::try_from_secs_f64(seconds).ok()
}

/// Without the Markdown fence that models put around JSON now and then.
pub(super) fn unfenced(text: &str) -> &str {
    let text = text.trim();
    let Some(inside) = text.strip_prefix("```") else {
        return text;
    };
    // The rest of the first line names the language.
    let inside = inside.split_once('\n').map_or(inside, |(_, lines)| lines);
    inside.trim_end().strip_suffix("```").unwrap_or(inside).trim()
}
