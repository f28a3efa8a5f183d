//! A second opinion from outside, where the operator switched it on: never needed, never trusted.
//!
//! What is sent is in [`sent`]. What comes back is bounded, and no free text of it but names of conditions is shown.

mod by_gemini;
mod by_huggingface;
mod sent;

use clients::gemini::GeminiError;
use clients::huggingface::HuggingFaceError;
use domain::account::Account;
use domain::language::Language;
use domain::triage::{Opinion, Report};
use runtime::engines::SymptomEngine;
use runtime::{Context, Problem};

use sent::Sent;

/// Why there is none: for the log, and with nothing of the question or the answer in it.
#[derive(Debug, thiserror::Error)]
pub enum OuterFailure {
    #[error("{0}")]
    Gemini(#[from] GeminiError),
    #[error("{0}")]
    HuggingFace(#[from] HuggingFaceError),
    #[error("{0}")]
    Settings(String),
}

impl From<Problem> for OuterFailure {
    fn from(problem: Problem) -> Self {
        Self::Settings(problem.cause.unwrap_or(problem.detail))
    }
}

/// None where no engine is switched on, or it has nothing to say, or fails.
pub async fn ask(
    context: &Context,
    report: &Report,
    local: &Opinion,
    account: &Account,
    language: Language,
) -> Option<Opinion> {
    let sent = || Sent::of(report, account);
    let asked = match context.platform.settings.engines.symptoms {
        SymptomEngine::Local => return None,
        SymptomEngine::Gemini => by_gemini::ask(context, &sent(), language).await.map(Some),
        SymptomEngine::HuggingFace => by_huggingface::ask(context, &sent(), local).await,
    };
    asked.unwrap_or_else(|failure| {
        context.note_outer_fault(failure.to_string());
        None
    })
}
