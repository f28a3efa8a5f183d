//! `POST /api/consultations`: a doctor and a patient consult, now or at a time (contract #72).

use domain::audit::{Action, Resource, ResourceKind, Why};
use domain::consultation::{Consultation, ConsultationRefused, ConsultationType, Wanted};
use domain::family::Scope;
use domain::id::{ConsultationId, UserId};
use domain::session::{NotAllowed, Product, Session};
use jiff::Timestamp;
use runtime::answer::Created;
use runtime::callers::SignedIn;
use runtime::input::Json;
use runtime::need::Need;
use runtime::secrets::Secret;
use runtime::{Context, Endpoint, Function, Problem, Route};
use schemars::JsonSchema;
use serde::Deserialize;
use store::table::{ItemAction, Table};
use store::{accounts, care, consultations, families};

use crate::consultation_answer::{self, ConsultationAnswer};

pub static FUNCTION: Function = Function::endpoint::<CreateConsultation>();

pub struct CreateConsultation;

#[derive(Deserialize, JsonSchema)]
#[schemars(rename = "NewConsultation")]
pub struct Body {
    /// A verified doctor.
    doctor_id: String,
    /// The caller without it. A doctor names a patient whom they treat, or who has let them in.
    #[serde(default)]
    patient_id: Option<String>,
    /// At once without it.
    #[serde(default, deserialize_with = "runtime::lenient::time")]
    #[schemars(with = "Option<String>")]
    scheduled_time: Option<Timestamp>,
    #[serde(default, deserialize_with = "runtime::lenient::null_is_default")]
    consultation_type: ConsultationType,
    /// At most 2,000 characters, as `notes`.
    #[serde(default)]
    reason: Option<String>,
    #[serde(default)]
    notes: Option<String>,
    /// Whether the patient waits until the doctor admits them.
    #[serde(default, deserialize_with = "runtime::lenient::boolean")]
    waiting_room: Option<bool>,
}

impl Endpoint for CreateConsultation {
    const NAME: &'static str = "create-consultation";
    const SUMMARY: &'static str = "Consult a doctor, now or at a time";
    const ROUTES: &'static [Route] = &[Route::post("/api/consultations").of(Product::Telemedicine)];
    const HEALTH_DATA: bool = true;
    const NEEDS: &'static [Need] = &[
        Need::Items(Table::Consultations, &[ItemAction::Put, ItemAction::Query]),
        // The doctor, grants, and who treats whom.
        Need::Items(
            Table::Identity,
            &[ItemAction::Get, ItemAction::Query, ItemAction::Check, ItemAction::Put],
        ),
        Need::FieldKeys,
        Need::Secret(Secret::TurnSecret),
    ];

    type Caller = SignedIn;
    type Input = Json<Body>;
    type Output = Created<ConsultationAnswer>;

    async fn handle(context: &Context, caller: SignedIn, Json(body): Json<Body>) -> Result<Self::Output, Problem> {
        // What is no id names nobody.
        let doctor: UserId = body.doctor_id.parse().map_err(|_| ConsultationRefused::NoDoctor)?;
        let patient = match body.patient_id.filter(|id| !id.is_empty()) {
            Some(id) => id.parse().map_err(|_| ConsultationRefused::NeitherOfThem)?,
            None => caller.user_id(),
        };
        let right = right(context, &caller.session, doctor, patient).await?;
        must_be_a_doctor(context, doctor).await?;
        let wanted = Wanted {
            doctor,
            patient,
            created_by: caller.user_id(),
            scheduled_time: body.scheduled_time,
            consultation_type: body.consultation_type,
            reason: body.reason,
            notes: body.notes,
            waiting_room: body.waiting_room.unwrap_or_default(),
            // A grant shows what the patient has named, and is no tie of care.
            gives_care: right != Why::Grant,
        };
        let new = Consultation::new(context.new_id(ConsultationId::new)?, wanted, context.now)?;
        let resource = Resource::one(ResourceKind::Consultation, new.id);
        let audit = context.audit(&caller.session, patient, Action::Create, resource, right)?;
        consultations::create(&context.store, &new, &audit).await?;
        let party = new
            .party_of(caller.user_id())
            .ok_or(ConsultationRefused::NeitherOfThem)?;
        Ok(Created(consultation_answer::of(context, new, party).await?))
    }
}

/// Patients may consult whom they like; doctors those whom they treat, by a booking say, and those who have let them in.
async fn right(context: &Context, session: &Session, doctor: UserId, patient: UserId) -> Result<Why, Problem> {
    if session.user_id == patient {
        return Ok(Why::Own);
    }
    if session.user_id != doctor {
        return Err(ConsultationRefused::NeitherOfThem.into());
    }
    if !session.is_verified_doctor() {
        return Err(NotAllowed::VerifiedDoctorsOnly.into());
    }
    if care::stands(&context.store, patient, doctor, context.now).await? {
        return Ok(Why::Care);
    }
    let grant = families::find_grant(&context.store, patient, doctor).await?;
    let may = |scope| grant.as_ref().is_some_and(|grant| grant.allows(scope, context.now));
    if may(Scope::Appointments) || may(Scope::Records) {
        return Ok(Why::Grant);
    }
    let resource = Resource::all(ResourceKind::Consultation);
    context.note_refused(session, patient, Action::Create, resource).await?;
    Err(ConsultationRefused::NoCare.into())
}

/// Says why not; the write itself looks again.
async fn must_be_a_doctor(context: &Context, doctor: UserId) -> Result<(), Problem> {
    let account = accounts::get(&context.store, doctor).await?;
    let account = account.ok_or(ConsultationRefused::NoDoctor)?;
    let is_one = account.sees_patients(context.now);
    Ok(is_one.then_some(()).ok_or(ConsultationRefused::NotADoctor)?)
}
