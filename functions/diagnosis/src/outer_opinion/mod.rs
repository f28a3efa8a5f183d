//! A second opinion from outside, where the operator switched it on: never needed, never trusted.
//!
//! What is sent is in [`sent`]. What comes back is bounded, and none of its free text is shown: conditions are named in
//! our words, or not at all.

mod by_gemini;
mod by_huggingface;
mod sent;

use domain::account::Account;
use domain::triage::{Opinion, Report};
use runtime::Context;
use runtime::engines::SymptomEngine;

use sent::Sent;

/// None where no engine is switched on, or it has nothing to say, or fails.
pub async fn ask(context: &Context, report: &Report, local: &Opinion, account: &Account) -> Option<Opinion> {
    let sent = || Sent::of(report, account);
    let asked = match context.platform.settings.engines.symptoms {
        SymptomEngine::Local => return None,
        SymptomEngine::Gemini => by_gemini::ask(context, &sent()).await.map(Some),
        SymptomEngine::HuggingFace => by_huggingface::ask(context, &sent(), local).await,
    };
    asked.unwrap_or_else(|failure| {
        context.note_outer_fault(failure.to_string());
        None
    })
}
