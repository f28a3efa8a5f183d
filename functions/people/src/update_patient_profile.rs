//! `POST /patients/me`: change the own patient profile (contract #43). What is missing or empty stays as it is.

use bytes::Bytes;
use domain::profile::ProfileChange;
use domain::refusal::{Kind, Refusal};
use domain::session::Product;
use runtime::answer::Json;
use runtime::callers::Patient;
use runtime::input::Optional;
use runtime::multipart::{Form, FormField, MultipartForm, Parts};
use runtime::need::Need;
use runtime::{Context, Endpoint, Function, Problem, Route};

use crate::needs;
use crate::own_change::OwnChange;
use crate::patient_profile::{self, PatientProfile};
use crate::picture_change::PictureChange;

pub static FUNCTION: Function = Function::endpoint::<UpdatePatientProfile>();

pub struct UpdatePatientProfile;

#[derive(Default)]
pub struct PatientForm {
    dob: Option<String>,
    gender: Option<String>,
    medical_history: Option<String>,
    profile_image: Option<Bytes>,
}

impl MultipartForm for PatientForm {
    const FIELDS: &'static [FormField] = &[
        FormField::text("dob"),
        FormField::text("gender"),
        FormField::text("medical_history"),
        FormField::file("profile_image"),
    ];

    fn from_parts(mut parts: Parts) -> Result<Self, Problem> {
        Ok(Self {
            dob: parts.text("dob")?,
            gender: parts.text("gender")?,
            medical_history: parts.text("medical_history")?,
            profile_image: parts.take("profile_image").filter(|bytes| !bytes.is_empty()),
        })
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("medical_history must be valid JSON array")]
struct MalformedHistory;

impl Refusal for MalformedHistory {
    fn kind(&self) -> Kind {
        Kind::BadRequest
    }

    fn code(&self) -> &'static str {
        "medical_history_malformed"
    }
}

impl Endpoint for UpdatePatientProfile {
    const NAME: &'static str = "update-patient-profile";
    const SUMMARY: &'static str = "Change the own patient profile";
    const ROUTES: &'static [Route] = &[Route::post("/patients/me").of(Product::Derma)];
    const HEALTH_DATA: bool = true;
    const NEEDS: &'static [Need] = &needs::WRITE_WITH_PICTURES;
    const MEMORY_MB: u16 = 1024;

    type Caller = Patient;
    type Input = Optional<Form<PatientForm>>;
    type Output = Json<PatientProfile>;

    async fn handle(context: &Context, caller: Patient, Optional(form): Self::Input) -> Result<Self::Output, Problem> {
        let form = form.map(|Form(form)| form).unwrap_or_default();
        let history = form.medical_history.as_deref().map(serde_json::from_str::<Vec<String>>);
        let profile = ProfileChange {
            date_of_birth: form.dob,
            gender: form.gender,
            medical_history: history.transpose().map_err(|_| MalformedHistory)?,
            ..ProfileChange::default()
        };
        let change = OwnChange {
            profile: profile.without_empty(),
            picture: form.profile_image.map_or(PictureChange::None, PictureChange::Set),
        };
        let account = change.apply(context, &caller.session).await?;
        Ok(Json(patient_profile::of(context, account).await?))
    }
}
