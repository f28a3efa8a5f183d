//! `POST /infections/{record_id}/consult`: book the first free time of all doctors about a diagnosis (contract #93).
//!
//! A visit about it that is still to be is the answer, however often it is asked for. Where nobody is free it is kept that one was
//! asked for.

use domain::audit::{Action, Resource, ResourceKind, Why};
use domain::id::{AppointmentId, RecordNumber, UserId};
use domain::refusal::Refusal;
use domain::scheduling::SchedulingRefused;
use domain::scheduling::appointment::Appointment;
use domain::scheduling::view::AppointmentView;
use domain::session::Product;
use domain::skin_record::SkinRecordRefused;
use runtime::answer::Json;
use runtime::callers::Patient;
use runtime::input::Path;
use runtime::need::Need;
use runtime::{Context, Endpoint, Function, Problem, Route};
use store::outbox::Entry;
use store::scheduling::{self, Booking};
use store::table::{ItemAction, Table};
use store::{Error, skin_records};

use crate::skin_record_answer::{SkinRecordAnswer, Target};

pub static FUNCTION: Function = Function::endpoint::<AskForConsultation>();

pub struct AskForConsultation;

impl Endpoint for AskForConsultation {
    const NAME: &'static str = "ask-for-consultation";
    const SUMMARY: &'static str = "Book a consultation about a diagnosis";
    const ROUTES: &'static [Route] = &[Route::post("/infections/{record_id}/consult").of(Product::Derma)];
    const HEALTH_DATA: bool = true;
    const NEEDS: &'static [Need] = &[
        Need::Items(Table::Diagnosis, &[ItemAction::Get, ItemAction::Update]),
        Need::Items(
            Table::Scheduling,
            &[
                ItemAction::Get,
                ItemAction::BatchGet,
                ItemAction::Query,
                ItemAction::Put,
                ItemAction::Update,
                ItemAction::Delete,
                ItemAction::Check,
            ],
        ),
        Need::Items(
            Table::Identity,
            &[
                ItemAction::Get,
                ItemAction::BatchGet,
                ItemAction::Put,
                ItemAction::Check,
            ],
        ),
        Need::FieldKeys,
    ];
    const TIMEOUT_SECONDS: u16 = 29;

    type Caller = Patient;
    type Input = Path<Target>;
    type Output = Json<SkinRecordAnswer>;

    async fn handle(context: &Context, caller: Patient, Path(target): Path<Target>) -> Result<Self::Output, Problem> {
        let (patient, number) = (caller.user_id(), target.record()?);
        let booking = Booking {
            id: context.new_id(AppointmentId::new)?,
            patient,
            booked_by: patient,
            hold: None,
            waiting: None,
            reason: None,
            skin_record: None,
            now: context.now,
        };
        let entries = |appointment: &Appointment| entries(context, &caller, number, appointment);
        let booked = scheduling::book_about::<Problem>(&context.store, &booking, number, None, entries);
        let appointment = match booked.await {
            Err(problem) if problem.code == SchedulingRefused::NothingFree.code() => {
                note_the_wish(context, &caller, number).await?;
                return Err(SchedulingRefused::NothingFreeToConsult.into());
            }
            booked => booked?,
        };
        let record = find(context, patient, number).await?;
        let view = AppointmentView::of(appointment, context.now);
        Ok(Json(SkinRecordAnswer::of(&record)?.with(view)))
    }
}

async fn find(
    context: &Context,
    patient: UserId,
    number: RecordNumber,
) -> Result<domain::skin_record::SkinRecord, Problem> {
    let record = skin_records::get(&context.store, patient, number).await?;
    Ok(record.ok_or(SkinRecordRefused::NotFound)?)
}

/// Of the visit and of the record, which then names it.
fn entries(
    context: &Context,
    caller: &Patient,
    number: RecordNumber,
    appointment: &Appointment,
) -> Result<Vec<Entry>, Problem> {
    let session = &caller.session;
    let visit = Resource::one(ResourceKind::Appointment, appointment.id);
    let mut entries = context.after_appointment(None, appointment)?;
    entries.push(context.audit(session, session.user_id, Action::Create, visit, Why::Own)?);
    entries.push(updated(context, caller, number)?);
    Ok(entries)
}

fn updated(context: &Context, caller: &Patient, number: RecordNumber) -> Result<Entry, Problem> {
    let (session, record) = (&caller.session, Resource::one(ResourceKind::SkinRecord, number));
    Ok(context.audit(session, session.user_id, Action::Update, record, Why::Own)?)
}

/// The first time counts.
async fn note_the_wish(context: &Context, caller: &Patient, number: RecordNumber) -> Result<(), Problem> {
    let record = find(context, caller.user_id(), number).await?;
    let asked_at = record.consultation_asked_at.unwrap_or(context.now);
    let audit = updated(context, caller, number)?;
    match skin_records::ask_for_consultation(&context.store, &record, asked_at, &audit).await {
        // It is gone, or another call was first.
        Ok(()) | Err(Error::ConditionFailed(_)) => Ok(()),
        Err(error) => Err(error.into()),
    }
}
