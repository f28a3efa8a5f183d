//! A doctor's opinion on a result, as it comes, and giving it.

use domain::notice::{Notice, Reference};
use domain::opinion::{Draft, Said, Verdict};
use domain::readings::ResultId;
use runtime::callers::VerifiedDoctor;
use runtime::need::Need;
use runtime::secrets::Secret;
use runtime::{Context, Problem, lenient};
use schemars::JsonSchema;
use serde::Deserialize;
use store::opinions;
use store::results::Kept;
use store::table::{ItemAction, Table};

use crate::result_access::Found;

pub const NEEDS: [Need; 5] = [
    Need::Items(
        Table::Identity,
        &[ItemAction::Get, ItemAction::Query, ItemAction::Check],
    ),
    Need::Items(
        Table::Diagnosis,
        &[ItemAction::Get, ItemAction::Query, ItemAction::Put, ItemAction::Update],
    ),
    Need::Items(Table::Notifications, &[ItemAction::Put]),
    Need::FieldKeys,
    Need::Secret(Secret::LinkSigningKey),
];

#[derive(Deserialize, JsonSchema)]
pub struct OpinionForm {
    verdict: Verdict,
    /// What it is instead, for `correct` alone: a class of the model or, in at most 100 characters, anything else.
    #[serde(default)]
    condition: Option<String>,
    /// At most 1,000 characters.
    #[serde(default)]
    note: Option<String>,
    /// Whether a doctor must still see the patient. Without it, that stays as it is, but for what is malignant by this
    /// opinion: that sends the patient to a doctor. `false` goes with `reading`.
    #[serde(default, deserialize_with = "lenient::boolean")]
    referral: Option<bool>,
    /// The number of the reading that it is on; the newest without it.
    #[serde(default, deserialize_with = "lenient::number")]
    reading: Option<u32>,
}

/// Gives it. The result is as it was before.
pub async fn give<R: Kept>(
    context: &Context,
    doctor: &VerifiedDoctor,
    found: &Found<R>,
    form: &OpinionForm,
) -> Result<(), Problem> {
    let (condition, note) = (form.condition.as_deref(), form.note.as_deref());
    let draft = Draft::new(doctor.session.user_id, &found.result, form.reading, |reading| {
        Said::new(form.verdict, condition, note, form.referral, reading)
    })?;
    let mut entries = vec![found.change(context, &doctor.session)?];
    if draft.said.referral == Some(true) {
        let prediction_id = match draft.result {
            ResultId::Prediction(id) => Some(id),
            ResultId::SkinRecord(_) => None,
        };
        let about = Reference {
            prediction_id,
            ..Reference::default()
        };
        entries.push(context.tell(draft.patient, Notice::DoctorRefers(about))?);
    }
    Ok(opinions::give(&context.store, &draft, &entries, context.now).await?)
}
