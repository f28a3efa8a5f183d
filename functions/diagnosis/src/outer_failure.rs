//! Why an outer engine says nothing.

use clients::gemini::GeminiError;
use clients::huggingface::HuggingFaceError;
use runtime::Problem;

/// For the log, and with nothing of the question or the answer in it.
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
