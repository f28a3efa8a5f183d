//! The derma product's view of a patient, which holds health data.

use domain::account::Account;
use domain::id::UserNumber;
use jiff::civil::Date;
use runtime::{Context, Problem};
use schemars::JsonSchema;
use serde::Serialize;

use crate::views;

#[derive(Serialize, JsonSchema)]
pub struct PatientProfile {
    id: UserNumber,
    user_id: UserNumber,
    #[schemars(with = "Option<String>")]
    dob: Option<Date>,
    gender: Option<String>,
    medical_history: Option<Vec<String>>,
    profile_image: Option<String>,
}

pub async fn of(context: &Context, account: Account) -> Result<PatientProfile, Problem> {
    let history = account.personal.medical_history.clone();
    Ok(PatientProfile {
        id: account.number,
        user_id: account.number,
        profile_image: views::picture_address(context, &account).await?,
        dob: account.personal.date_of_birth,
        gender: account.personal.gender,
        medical_history: (!history.is_empty()).then_some(history),
    })
}
