//! `GET /api/predictions`: the own predictions, newest first (contract #94).

use domain::id::{PredictionId, UserId};
use domain::prediction::{Prediction, ReportNumber};
use jiff::Timestamp;
use runtime::answer::PageOf;
use runtime::callers::SignedIn;
use runtime::input::Query;
use runtime::need::Need;
use runtime::secrets::Secret;
use runtime::{Context, Endpoint, Function, PictureLinks, Problem, Route};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use store::table::{ItemAction, Table};
use store::{Page, PageRequest, predictions};

use crate::finding::Finding;

pub static FUNCTION: Function = Function::endpoint::<ListPredictions>();

pub struct ListPredictions;

#[derive(Deserialize, JsonSchema)]
pub struct Paging {
    /// 1 to 100; 50 without it.
    #[serde(default)]
    limit: Limit,
    /// From the `Link` header of an earlier page.
    #[serde(default)]
    cursor: Option<ListCursor>,
}

/// How many items a page may have.
#[derive(Deserialize, JsonSchema)]
#[serde(try_from = "u16")]
struct Limit(#[schemars(range(min = 1, max = 100))] u16);

impl Default for Limit {
    fn default() -> Self {
        Self(50)
    }
}

impl TryFrom<u16> for Limit {
    type Error = &'static str;

    fn try_from(limit: u16) -> Result<Self, Self::Error> {
        if (1..=100).contains(&limit) {
            Ok(Self(limit))
        } else {
            Err("must be from 1 to 100")
        }
    }
}

#[derive(Deserialize, JsonSchema)]
#[serde(try_from = "String")]
struct ListCursor(#[schemars(with = "String")] store::Cursor);

impl TryFrom<String> for ListCursor {
    type Error = store::MalformedCursor;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse().map(Self)
    }
}

#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Item {
    id: PredictionId,
    user_id: UserId,
    result: Finding,
    /// A signed address, good for five minutes.
    image_url: String,
    report_id: ReportNumber,
    #[schemars(with = "String")]
    created_at: Timestamp,
}

impl Endpoint for ListPredictions {
    const NAME: &'static str = "list-predictions";
    const SUMMARY: &'static str = "The own predictions, newest first";
    const ROUTES: &'static [Route] = &[Route::get("/api/predictions")];
    const NEEDS: &'static [Need] = &[
        Need::Items(Table::Diagnosis, &[ItemAction::Query]),
        Need::Secret(Secret::LinkSigningKey),
    ];

    type Caller = SignedIn;
    type Input = Query<Paging>;
    type Output = PageOf<Item>;

    async fn handle(
        context: &Context,
        caller: SignedIn,
        Query(paging): Query<Paging>,
    ) -> Result<Self::Output, Problem> {
        let request = PageRequest {
            limit: paging.limit.0,
            after: paging.cursor.map(|cursor| cursor.0),
        };
        let Page { items, next } = predictions::list(&context.store, caller.user_id(), &request).await?;
        let links = context.picture_links().await?;
        Ok(PageOf {
            items: items.into_iter().map(|prediction| item(prediction, &links)).collect(),
            next: next.map(|cursor| format!("/api/predictions?limit={}&cursor={cursor}", request.limit)),
        })
    }
}

fn item(prediction: Prediction, links: &PictureLinks<'_>) -> Item {
    Item {
        id: prediction.id,
        user_id: prediction.patient,
        result: Finding::of(&prediction),
        image_url: links.address(&prediction.picture),
        report_id: prediction.report,
        created_at: prediction.created_at,
    }
}
