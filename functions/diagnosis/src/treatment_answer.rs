//! A treatment suggestion as answers show it.

use domain::id::{OutboxId, TreatmentId};
use domain::treatment::Treatment;
use jiff::Timestamp;
use runtime::callers::Admin;
use runtime::{Context, Problem};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use store::activity::{Action, Line};

#[derive(Deserialize, JsonSchema)]
pub struct Parameters {
    /// Of a condition, whatever its case, blanks and underscores; or the id of a suggestion.
    pub name: String,
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "TreatmentSuggestion")]
pub struct TreatmentAnswer {
    id: TreatmentId,
    name: String,
    treatments: Vec<String>,
    prevention: Vec<String>,
    resources: Vec<String>,
    #[schemars(with = "String")]
    created_at: Timestamp,
    #[schemars(with = "String")]
    updated_at: Timestamp,
}

impl From<Treatment> for TreatmentAnswer {
    fn from(treatment: Treatment) -> Self {
        Self {
            id: treatment.id,
            name: treatment.name,
            treatments: treatment.treatments,
            prevention: treatment.prevention,
            resources: treatment.resources,
            created_at: treatment.created_at,
            updated_at: treatment.updated_at,
        }
    }
}

/// For the admins' log of what was done.
pub fn line(context: &Context, admin: &Admin, action: Action) -> Result<Line, Problem> {
    let (by, role) = (admin.session.user_id, admin.session.role);
    Ok(Line::new(context.new_id(OutboxId::new)?, action, by, role, context.now))
}
