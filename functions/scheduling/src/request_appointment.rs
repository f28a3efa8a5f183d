//! `POST /appointments/request`: book the first free time of all doctors (contract #67).

use domain::id::RecordNumber;
use domain::scheduling::view::AppointmentView;
use domain::session::Product;
use runtime::answer::Json;
use runtime::callers::Patient;
use runtime::input::OptionalJson;
use runtime::need::Need;
use runtime::{Context, Endpoint, Function, Problem, Route};
use schemars::JsonSchema;
use serde::Deserialize;
use store::scheduling;

use crate::booking::Desk;
use crate::needs;

pub static FUNCTION: Function = Function::endpoint::<RequestAppointment>();

pub struct RequestAppointment;

#[derive(Default, Deserialize, JsonSchema)]
#[schemars(rename = "AppointmentRequest")]
pub struct Body {
    /// The own diagnosis that it is about. Where a visit about it is still to be, that is the answer.
    #[serde(default, deserialize_with = "runtime::lenient::number")]
    #[schemars(with = "Option<RecordNumber>")]
    infection_record_id: Option<RecordNumber>,
    /// In capitals or not.
    #[serde(default)]
    preferred_specialization: Option<String>,
}

impl Endpoint for RequestAppointment {
    const NAME: &'static str = "request-appointment";
    const SUMMARY: &'static str = "Book the first free time of all doctors";
    const ROUTES: &'static [Route] = &[Route::post("/appointments/request").of(Product::Derma)];
    const HEALTH_DATA: bool = true;
    const NEEDS: &'static [Need] = &needs::BOOK;
    const TIMEOUT_SECONDS: u16 = 29;

    type Caller = Patient;
    type Input = OptionalJson<Body>;
    type Output = Json<AppointmentView>;

    async fn handle(
        context: &Context,
        caller: Patient,
        OptionalJson(body): OptionalJson<Body>,
    ) -> Result<Self::Output, Problem> {
        let desk = Desk::open(context, &caller.session, None).await?;
        let specialization = body.preferred_specialization.filter(|text| !text.trim().is_empty());
        let (booking, wanted) = (desk.booking(None, None), specialization.as_deref());
        let (store, entries) = (&context.store, |appointment: &_| desk.entries(appointment));
        let appointment = match body.infection_record_id {
            Some(record) => scheduling::book_about::<Problem>(store, &booking, record, wanted, entries).await?,
            None => scheduling::book_first::<Problem>(store, &booking, None, wanted, entries).await?,
        };
        Ok(Json(desk.answer(appointment)))
    }
}
