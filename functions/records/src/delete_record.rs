//! `DELETE /api/records/{id}`: take an own record off the list, or erase it (contract #110).

use domain::audit::{Action, Why};
use domain::id::OutboxId;
use domain::record::{Pen, Record, RecordRefused};
use domain::session::Product;
use runtime::answer::Json;
use runtime::callers::SignedIn;
use runtime::input::{Path, Query};
use runtime::need::Need;
use runtime::{Context, Endpoint, Function, Problem, Route};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use store::outbox::Entry;
use store::records;

use crate::access;
use crate::record_answer::Parameters;

pub static FUNCTION: Function = Function::endpoint::<DeleteRecord>();

pub struct DeleteRecord;

#[derive(Deserialize, JsonSchema)]
pub struct How {
    /// `true` without it: it leaves the lists and stays readable by its id. `false`: nothing of it is kept.
    #[serde(default, deserialize_with = "runtime::lenient::boolean")]
    soft_delete: Option<bool>,
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "RecordDeleted")]
pub struct Answer {
    message: &'static str,
}

impl Endpoint for DeleteRecord {
    const NAME: &'static str = "delete-record";
    const SUMMARY: &'static str = "Take an own health record off the list, or erase it";
    const ROUTES: &'static [Route] = &[Route::delete("/api/records/{id}").of(Product::Telemedicine)];
    const HEALTH_DATA: bool = true;
    const NEEDS: &'static [Need] = &access::WRITE;
    const TIMEOUT_SECONDS: u16 = 29;

    type Caller = SignedIn;
    type Input = (Path<Parameters>, Query<How>);
    type Output = Json<Answer>;

    async fn handle(
        context: &Context,
        caller: SignedIn,
        (Path(path), Query(how)): Self::Input,
    ) -> Result<Self::Output, Problem> {
        let (id, patient) = (path.record()?, caller.user_id());
        let pen = Pen {
            person: patient,
            now: context.now,
        };
        let gone = |seen: Option<&Record>| {
            let seen = seen.filter(|seen| !seen.is_erased).ok_or(RecordRefused::NotFound)?;
            match seen.is_deleted {
                true => Ok(None),
                false => Ok(Some(seen.deleted(pen)?)),
            }
        };
        let audit = context.audit(&caller.session, patient, Action::Delete, access::one(id), Why::Own)?;
        if how.soft_delete.unwrap_or(true) {
            records::change(&context.store, patient, id, gone, &audit).await?;
        } else {
            let errand = context.new_id(OutboxId::new)?;
            let removal = |removal| Entry::new(errand, removal, context.now);
            records::erase(&context.store, (patient, id), pen, removal, &audit).await?;
        }
        Ok(Json(Answer {
            message: "Record deleted successfully",
        }))
    }
}
