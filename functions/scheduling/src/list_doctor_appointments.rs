//! `GET /appointments/doctor`: the own appointments that are ahead, the next first, as doctor (contract #69).

use domain::scheduling::view::AppointmentView;
use domain::session::Product;
use runtime::answer::PageOf;
use runtime::callers::VerifiedDoctor;
use runtime::input::Query;
use runtime::need::Need;
use runtime::paging::Paging;
use runtime::{Context, Endpoint, Function, Problem, Route};
use store::PageRequest;
use store::scheduling::Listing;

use crate::{listing, needs};

pub static FUNCTION: Function = Function::endpoint::<ListDoctorAppointments>();

pub struct ListDoctorAppointments;

impl Endpoint for ListDoctorAppointments {
    const NAME: &'static str = "list-doctor-appointments";
    const SUMMARY: &'static str = "The own appointments that are ahead, as doctor";
    const ROUTES: &'static [Route] = &[Route::get("/appointments/doctor").of(Product::Derma)];
    const HEALTH_DATA: bool = true;
    const NEEDS: &'static [Need] = &needs::READ;

    type Caller = VerifiedDoctor;
    type Input = Query<Paging>;
    type Output = PageOf<AppointmentView>;

    async fn handle(
        context: &Context,
        caller: VerifiedDoctor,
        Query(paging): Query<Paging>,
    ) -> Result<Self::Output, Problem> {
        let (request, ahead) = (PageRequest::from(paging), Listing::Ahead(context.now));
        let views = listing::of_doctor(context, &caller.session, ahead, &request).await?;
        Ok(PageOf {
            items: views.items,
            next: views
                .next
                .map(|cursor| format!("/appointments/doctor?limit={}&cursor={cursor}", request.limit)),
        })
    }
}
