//! `GET /infections/{record_id}`: one skin record with all readings and opinions, for its patient or a doctor who may
//! see it.

use domain::session::Product;
use runtime::answer::Json;
use runtime::callers::SignedIn;
use runtime::input::{Path, Query};
use runtime::need::Need;
use runtime::secrets::Secret;
use runtime::{Context, Endpoint, Function, Problem, Route};
use store::table::{ItemAction, Table};

use crate::opinion_answer::WithOpinions;
use crate::result_access::Whose;
use crate::skin_record_answer::{PicturedRecord, Target, one};

pub static FUNCTION: Function = Function::endpoint::<GetSkinRecord>();

pub struct GetSkinRecord;

impl Endpoint for GetSkinRecord {
    const NAME: &'static str = "get-skin-record";
    const SUMMARY: &'static str = "One skin record with all readings and opinions";
    const ROUTES: &'static [Route] = &[Route::get("/infections/{record_id}").of(Product::Derma)];
    const HEALTH_DATA: bool = true;
    const NEEDS: &'static [Need] = &[
        Need::Items(Table::Identity, &[ItemAction::Get, ItemAction::Query]),
        Need::Items(Table::Diagnosis, &[ItemAction::Get, ItemAction::Query]),
        Need::Items(Table::Notifications, &[ItemAction::Put]),
        Need::FieldKeys,
        Need::Secret(Secret::LinkSigningKey),
    ];

    type Caller = SignedIn;
    type Input = (Path<Target>, Query<Whose>);
    type Output = Json<WithOpinions<PicturedRecord>>;

    async fn handle(
        context: &Context,
        caller: SignedIn,
        (Path(path), Query(whose)): Self::Input,
    ) -> Result<Self::Output, Problem> {
        let found = path.find(context, &caller.session, whose).await?;
        one(context, &found.result).await.map(Json)
    }
}
