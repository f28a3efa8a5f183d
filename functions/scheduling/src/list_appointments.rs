//! `GET /appointments`: the own appointments, or those of a patient who lets one, the latest first; with how many there are.

use std::collections::BTreeMap;

use domain::audit::Action;
use domain::role::Role;
use domain::scheduling::appointment::Side;
use domain::scheduling::view::AppointmentView;
use domain::session::NotAllowed;
use runtime::answer::Json;
use runtime::callers::SignedIn;
use runtime::input::Query;
use runtime::need::Need;
use runtime::paging::Paging;
use runtime::{Context, Endpoint, Function, Problem, Route};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use store::PageRequest;
use store::scheduling::{self, Listing};

use crate::access::{self, Whose};
use crate::{listing, needs};

pub static FUNCTION: Function = Function::endpoint::<ListAppointments>();

pub struct ListAppointments;

#[derive(Default, Deserialize, JsonSchema)]
pub struct Filter {
    /// `ahead`: only those that are still to be, the next first.
    #[serde(default)]
    when: WhenListed,
}

#[derive(Clone, Copy, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(inline)]
enum WhenListed {
    #[default]
    All,
    Ahead,
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Appointments")]
pub struct Answer {
    appointments: Vec<AppointmentView>,
    /// Of each status, all together. What was held too long counts as held until it is cleared away.
    counts: BTreeMap<&'static str, u64>,
    /// The cursor of the next page.
    next: Option<String>,
}

impl Endpoint for ListAppointments {
    const NAME: &'static str = "list-appointments";
    const SUMMARY: &'static str = "Appointments, the latest first, with their counts";
    const ROUTES: &'static [Route] = &[Route::get("/appointments")];
    const HEALTH_DATA: bool = true;
    const NEEDS: &'static [Need] = &needs::READ;

    type Caller = SignedIn;
    type Input = (Query<Filter>, (Query<Whose>, Query<Paging>));
    type Output = Json<Answer>;

    async fn handle(
        context: &Context,
        caller: SignedIn,
        (Query(filter), (Query(whose), Query(paging))): Self::Input,
    ) -> Result<Self::Output, Problem> {
        let (session, request) = (&caller.session, PageRequest::from(paging));
        let listing = match filter.when {
            WhenListed::All => Listing::LatestFirst,
            WhenListed::Ahead => Listing::Ahead(context.now),
        };
        let (person, side, views) = if session.role == Role::Doctor && whose.patient_id.is_none() {
            if !session.is_verified {
                return Err(NotAllowed::VerifiedDoctorsOnly.into());
            }
            let views = listing::of_doctor(context, session, listing, &request).await?;
            (session.user_id, Side::Doctor, views)
        } else {
            let patient = access::patient(context, session, whose.patient_id, Action::List, access::all()).await?;
            let views = listing::of_patient(context, session, &patient, listing, &request).await?;
            (patient.id, Side::Patient, views)
        };
        Ok(Json(Answer {
            appointments: views.items,
            counts: scheduling::counts(&context.store, person, side).await?,
            next: views.next.map(|cursor| cursor.to_string()),
        }))
    }
}
