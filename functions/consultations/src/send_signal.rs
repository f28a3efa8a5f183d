//! `POST /api/consultations/{id}/signal`: pass an offer, an answer or a candidate on to another side (contract #76).

use domain::session::Product;
use runtime::answer;
use runtime::callers::InCall;
use runtime::input::{Json, Path};
use runtime::need::Need;
use runtime::{Context, Endpoint, Function, Problem, RateClass, Route};

use crate::access::{self, Parameters};
use crate::signalling::{self, NewSignal, Sent};

pub static FUNCTION: Function = Function::endpoint::<SendSignal>();

pub struct SendSignal;

impl Endpoint for SendSignal {
    const NAME: &'static str = "send-signal";
    const SUMMARY: &'static str = "Pass an offer, an answer or a candidate on";
    const ROUTES: &'static [Route] = &[Route::post("/api/consultations/{id}/signal").of(Product::Telemedicine)];
    const RATE: RateClass = RateClass::Signals;
    const NEEDS: &'static [Need] = &access::TELL;

    type Caller = InCall;
    type Input = (Path<Parameters>, Json<NewSignal>);
    type Output = answer::Json<Sent>;

    async fn handle(
        context: &Context,
        caller: InCall,
        (Path(path), Json(new)): Self::Input,
    ) -> Result<Self::Output, Problem> {
        let present = access::must_be_in_call(context, &caller, &path).await?;
        signalling::send(context, &present, new).await.map(answer::Json)
    }
}
