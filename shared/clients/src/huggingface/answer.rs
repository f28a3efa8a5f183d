//! Reads scores in both shapes that are met, and refusals, of which the status decides and never the words.

use std::time::Duration;

use serde::Deserialize;

use super::{HuggingFaceError, Scored};
use crate::https::{Answer, HttpsError};

/// What one try came to.
pub(super) enum Turn {
    Scores(Vec<Scored>),
    Failed(HuggingFaceError),
    /// May be tried again, `most` times in all, after `wait` or by back-off.
    Again {
        error: HuggingFaceError,
        most: u32,
        wait: Option<Duration>,
    },
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Body {
    Array(Vec<Pair>),
    /// As older deployments answer.
    Object {
        labels: Vec<String>,
        scores: Vec<f64>,
    },
}

#[derive(Deserialize)]
struct Pair {
    label: String,
    score: f64,
}

/// Other members, the words of the error among them, come in several types and are not read.
#[derive(Deserialize)]
struct Refusal {
    estimated_time: Option<f64>,
}

pub(super) fn read(answer: Result<Answer, HttpsError>, labels: &[&str]) -> Turn {
    let answer = match answer {
        Ok(answer) => answer,
        Err(HttpsError::Settings) => return Turn::Failed(HuggingFaceError::Settings("TLS")),
        Err(HttpsError::TimedOut) => return Turn::Failed(HuggingFaceError::TimedOut),
        Err(HttpsError::TooLarge) => return Turn::Failed(HuggingFaceError::Malformed),
        Err(HttpsError::Unreachable | HttpsError::Broken) => return again(HuggingFaceError::Unavailable),
    };
    if answer.status.is_success() {
        return match scores(&answer, labels) {
            Some(scores) => Turn::Scores(scores),
            None => Turn::Failed(HuggingFaceError::Malformed),
        };
    }
    refused(&answer)
}

/// Each label that was asked for, once, with a score: anything else is no answer to the question.
fn scores(answer: &Answer, labels: &[&str]) -> Option<Vec<Scored>> {
    let mut scores: Vec<Scored> = match answer.json()? {
        Body::Array(pairs) => pairs
            .into_iter()
            .map(|Pair { label, score }| Scored { label, score })
            .collect(),
        Body::Object { labels, scores } if labels.len() == scores.len() => labels
            .into_iter()
            .zip(scores)
            .map(|(label, score)| Scored { label, score })
            .collect(),
        Body::Object { .. } => return None,
    };
    let is_scored = |label: &&str| scores.iter().filter(|scored| scored.label == **label).count() == 1;
    let is_whole = scores.len() == labels.len() && labels.iter().all(is_scored);
    let is_share = |scored: &Scored| (0.0..=1.0).contains(&scored.score);
    if !is_whole || !scores.iter().all(is_share) {
        return None;
    }
    scores.sort_by(|a, b| b.score.total_cmp(&a.score));
    Some(scores)
}

fn refused(answer: &Answer) -> Turn {
    let status = answer.status.as_u16();
    Turn::Failed(match status {
        400 | 422 => HuggingFaceError::Invalid,
        401 | 403 => HuggingFaceError::Refused(status),
        402 => HuggingFaceError::CreditsSpent,
        404 => HuggingFaceError::ModelUnknown,
        413 => HuggingFaceError::TooLarge,
        429 => return again(HuggingFaceError::Busy),
        503 => return loading(answer),
        500 | 502 | 504 => return again(HuggingFaceError::Unavailable),
        status => HuggingFaceError::Unexpected(status),
    })
}

fn loading(answer: &Answer) -> Turn {
    let told = answer.json().and_then(|Refusal { estimated_time }| estimated_time);
    Turn::Again {
        error: HuggingFaceError::Loading,
        most: 2,
        wait: told.and_then(|seconds| Duration::try_from_secs_f64(seconds).ok()),
    }
}

fn again(error: HuggingFaceError) -> Turn {
    Turn::Again {
        error,
        most: 2,
        wait: None,
    }
}
