//! `POST /doctors/me`: change the own doctor's data (contract #44, #48).

use domain::id::UserNumber;
use domain::profile::ProfileChange;
use domain::role::Role;
use domain::session::{NotAllowed, Product};
use runtime::answer::Json as JsonAnswer;
use runtime::callers::DoctorOrAdmin;
use runtime::input::Json;
use runtime::lenient;
use runtime::need::Need;
use runtime::{Context, Endpoint, Function, Problem, Route};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use store::families;

use crate::own_change::OwnChange;
use crate::{needs, views};

pub static FUNCTION: Function = Function::endpoint::<UpdateDoctorProfile>();

pub struct UpdateDoctorProfile;

#[derive(Default, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Body {
    specialization: Option<String>,
    qualifications: Option<String>,
    bio: Option<String>,
    license_number: Option<String>,
    #[serde(deserialize_with = "lenient::number")]
    #[schemars(with = "Option<f64>")]
    years_of_experience: Option<f64>,
    #[serde(deserialize_with = "lenient::number")]
    #[schemars(with = "Option<f64>")]
    consultation_fee: Option<f64>,
}

#[derive(Serialize, JsonSchema)]
#[serde(untagged)]
pub enum Answer {
    Derma {
        id: UserNumber,
        user_id: UserNumber,
        specialization: Option<String>,
        qualifications: Option<String>,
        bio: Option<String>,
    },
    Telemedicine(Box<views::TelemedicineProfile>),
}

impl Endpoint for UpdateDoctorProfile {
    const NAME: &'static str = "update-doctor-profile";
    const SUMMARY: &'static str = "Change the own doctor's data";
    const ROUTES: &'static [Route] = &[
        Route::post("/doctors/me").of(Product::Derma),
        Route::put("/api/users/doctor/profile").of(Product::Telemedicine),
    ];
    const NEEDS: &'static [Need] = &needs::WRITE_WITH_PICTURES;

    type Caller = DoctorOrAdmin;
    type Input = Json<Body>;
    type Output = JsonAnswer<Answer>;

    async fn handle(context: &Context, caller: DoctorOrAdmin, Json(body): Json<Body>) -> Result<Self::Output, Problem> {
        let is_derma = context.product == Some(Product::Derma);
        if is_derma && caller.session.role != Role::Doctor {
            return Err(NotAllowed::DoctorsOnly.into());
        }
        let mut change = ProfileChange {
            specialization: body.specialization,
            qualifications: body.qualifications,
            bio: body.bio,
            license: body.license_number,
            experience: body.years_of_experience,
            fee: body.consultation_fee,
            ..ProfileChange::default()
        };
        if is_derma {
            change = change.without_empty();
        }
        let change = OwnChange {
            profile: change,
            ..OwnChange::default()
        };
        let account = change.apply(context, &caller.session).await?;
        if is_derma {
            return Ok(JsonAnswer(Answer::Derma {
                id: account.number,
                user_id: account.number,
                specialization: account.practice.specialization,
                qualifications: account.practice.qualifications,
                bio: account.personal.bio,
            }));
        }
        let links = families::list(&context.store, account.id).await?;
        let members = views::family_members(context, account.id, links).await?;
        Ok(JsonAnswer(Answer::Telemedicine(Box::new(views::telemedicine(
            context, account, members,
        )))))
    }
}
