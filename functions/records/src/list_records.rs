//! `GET /api/records`: a page of records that are not deleted, latest change first (contract #107).

use domain::audit::Action;
use domain::record::RecordType;
use domain::session::Product;
use runtime::answer::Json;
use runtime::callers::SignedIn;
use runtime::input::Query;
use runtime::need::Need;
use runtime::paging::Limit;
use runtime::{Context, Endpoint, Function, Problem, Route};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use store::{Window, records};

use crate::access::{self, Whose};
use crate::record_answer::{self, RecordAnswer};

pub static FUNCTION: Function = Function::endpoint::<ListRecords>();

pub struct ListRecords;

const USUAL: Limit = Limit(20);

#[derive(Deserialize, JsonSchema)]
pub struct Filter {
    /// All types without it.
    #[serde(default)]
    record_type: Option<RecordType>,
    /// From 1. Numbered pages end at the two-thousandth record; `GET /api/records/sync/changes` reads on.
    #[serde(default)]
    page: PageNumber,
    /// 1 to 100; 20 without it. 422 `page_too_large` where so many are too large for one answer.
    #[serde(default)]
    page_size: Option<Limit>,
}

#[derive(Clone, Copy, Deserialize, JsonSchema)]
#[serde(try_from = "u32")]
struct PageNumber(#[schemars(range(min = 1))] u32);

impl Default for PageNumber {
    fn default() -> Self {
        Self(1)
    }
}

impl TryFrom<u32> for PageNumber {
    type Error = &'static str;

    fn try_from(number: u32) -> Result<Self, Self::Error> {
        if number >= 1 {
            Ok(Self(number))
        } else {
            Err("must be at least 1")
        }
    }
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Records")]
pub struct Answer {
    records: Vec<RecordAnswer>,
    total: u64,
    page: u32,
    page_size: u16,
    has_more: bool,
}

impl Endpoint for ListRecords {
    const NAME: &'static str = "list-records";
    const SUMMARY: &'static str = "Health records, latest change first";
    const ROUTES: &'static [Route] = &[Route::get("/api/records").of(Product::Telemedicine)];
    const HEALTH_DATA: bool = true;
    const NEEDS: &'static [Need] = &access::READ;

    type Caller = SignedIn;
    type Input = (Query<Filter>, Query<Whose>);
    type Output = Json<Answer>;

    async fn handle(
        context: &Context,
        caller: SignedIn,
        (Query(filter), Query(whose)): Self::Input,
    ) -> Result<Self::Output, Problem> {
        let leave = access::to_read(context, &caller.session, whose, Action::List, access::all()).await?;
        let (PageNumber(page), Limit(page_size)) = (filter.page, filter.page_size.unwrap_or(USUAL));
        let skip = u64::from(page - 1) * u64::from(page_size);
        let window = Window {
            skip: usize::try_from(skip).unwrap_or(usize::MAX),
            limit: usize::from(page_size),
        };
        let listing = records::list(&context.store, leave.patient, filter.record_type, window);
        let listed = context.audited(&leave.note, listing).await?;
        Ok(Json(Answer {
            has_more: skip + u64::from(page_size) < listed.total,
            records: record_answer::many(context, listed.records).await?,
            total: listed.total,
            page,
            page_size,
        }))
    }
}
