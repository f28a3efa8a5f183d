//! `GET /api/records/{id}`: one record; a deleted one says so (contract #108).

use domain::audit::Action;
use domain::record::RecordRefused;
use domain::session::Product;
use runtime::answer::Json;
use runtime::callers::SignedIn;
use runtime::input::{Path, Query};
use runtime::need::Need;
use runtime::{Context, Endpoint, Function, Problem, Route};
use store::records;

use crate::access::{self, Whose};
use crate::record_answer::{self, Parameters, RecordAnswer};

pub static FUNCTION: Function = Function::endpoint::<GetRecord>();

pub struct GetRecord;

impl Endpoint for GetRecord {
    const NAME: &'static str = "get-record";
    const SUMMARY: &'static str = "A health record";
    const ROUTES: &'static [Route] = &[Route::get("/api/records/{id}").of(Product::Telemedicine)];
    const HEALTH_DATA: bool = true;
    const NEEDS: &'static [Need] = &access::READ;

    type Caller = SignedIn;
    type Input = (Path<Parameters>, Query<Whose>);
    type Output = Json<RecordAnswer>;

    async fn handle(
        context: &Context,
        caller: SignedIn,
        (Path(path), Query(whose)): Self::Input,
    ) -> Result<Self::Output, Problem> {
        let id = path.record()?;
        let leave = access::to_read(context, &caller.session, whose, Action::Read, access::one(id)).await?;
        let reading = records::get(&context.store, leave.patient, id);
        let record = context.audited(&leave.note, reading).await?;
        let record = record.ok_or(RecordRefused::NotFound)?;
        Ok(Json(record_answer::one(context, record).await?))
    }
}
