//! `GET /appointments/patient`: the own appointments that are ahead, the next first, as patient (contract #68).

use domain::audit::Action;
use domain::scheduling::view::AppointmentView;
use domain::session::Product;
use runtime::answer::PageOf;
use runtime::callers::Patient;
use runtime::input::Query;
use runtime::need::Need;
use runtime::paging::Paging;
use runtime::{Context, Endpoint, Function, Problem, Route};
use store::PageRequest;
use store::scheduling::Listing;

use crate::{access, listing, needs};

pub static FUNCTION: Function = Function::endpoint::<ListPatientAppointments>();

pub struct ListPatientAppointments;

impl Endpoint for ListPatientAppointments {
    const NAME: &'static str = "list-patient-appointments";
    const SUMMARY: &'static str = "The own appointments that are ahead, as patient";
    const ROUTES: &'static [Route] = &[Route::get("/appointments/patient").of(Product::Derma)];
    const HEALTH_DATA: bool = true;
    const NEEDS: &'static [Need] = &needs::READ;

    type Caller = Patient;
    type Input = Query<Paging>;
    type Output = PageOf<AppointmentView>;

    async fn handle(context: &Context, caller: Patient, Query(paging): Query<Paging>) -> Result<Self::Output, Problem> {
        let (request, ahead) = (PageRequest::from(paging), Listing::Ahead(context.now));
        let patient = access::patient(context, &caller.session, None, Action::List, access::all()).await?;
        let views = listing::of_patient(context, &caller.session, &patient, ahead, &request).await?;
        Ok(PageOf {
            items: views.items,
            next: views
                .next
                .map(|cursor| format!("/appointments/patient?limit={}&cursor={cursor}", request.limit)),
        })
    }
}
