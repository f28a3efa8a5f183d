//! `POST /patients/me`: change the own patient profile (contract #43). What is missing or empty stays as it is.

use bytes::Bytes;
use domain::profile::ProfileChange;
use domain::refusal::{Kind, Refusal};
use domain::session::Product;
use runtime::answer::Json;
use runtime::callers::{Patient, SignedIn};
use runtime::multipart::{Form, FormField, MultipartForm, Parts};
use runtime::need::Need;
use runtime::{Context, Endpoint, Function, Problem, Route};
use store::bucket::{Bucket, ObjectAction};

use crate::patient_profile::{self, PatientProfile};
use crate::update_own_profile::apply;
use crate::{needs, picture_change};

pub static FUNCTION: Function = Function::endpoint::<UpdatePatientProfile>();

pub struct UpdatePatientProfile;

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
    const NEEDS: &'static [Need] = &[
        needs::WRITE[0],
        needs::WRITE[1],
        needs::WRITE[2],
        needs::WRITE[3],
        Need::Objects(Bucket::Images, &[ObjectAction::Put]),
    ];
    const MEMORY_MB: u16 = 1024;

    type Caller = Patient;
    type Input = Form<PatientForm>;
    type Output = Json<PatientProfile>;

    async fn handle(context: &Context, caller: Patient, Form(form): Self::Input) -> Result<Self::Output, Problem> {
        let history = form.medical_history.as_deref().map(serde_json::from_str::<Vec<String>>);
        let change = ProfileChange {
            date_of_birth: form.dob,
            gender: form.gender,
            medical_history: history.transpose().map_err(|_| MalformedHistory)?,
            ..ProfileChange::default()
        };
        let caller = SignedIn {
            session: caller.session,
        };
        let picture = match form.profile_image {
            Some(bytes) => Some(picture_change::store(context, caller.user_id(), bytes).await?),
            None => None,
        };
        let account = apply(context, &caller, change.without_empty(), picture, false).await?;
        Ok(Json(patient_profile::of(context, account).await?))
    }
}
