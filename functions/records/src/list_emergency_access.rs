//! `GET /api/admin/emergency-access`: whose records doctors opened in an emergency, newest first.

use runtime::answer::PageOf;
use runtime::callers::Admin;
use runtime::input::Query;
use runtime::need::Need;
use runtime::paging::Paging;
use runtime::{Context, Endpoint, Function, Problem, Route};
use schemars::JsonSchema;
use serde::Deserialize;
use store::table::{ItemAction, Table};
use store::{Page, PageRequest, emergencies};

use crate::emergency_answer::EmergencyAnswer;

pub static FUNCTION: Function = Function::endpoint::<ListEmergencyAccess>();

pub struct ListEmergencyAccess;

#[derive(Deserialize, JsonSchema)]
pub struct Filter {
    /// `true`: only those that nobody has reviewed.
    #[serde(default)]
    unreviewed: bool,
}

impl Endpoint for ListEmergencyAccess {
    const NAME: &'static str = "list-emergency-access";
    const SUMMARY: &'static str = "Whose records doctors opened in an emergency";
    const ROUTES: &'static [Route] = &[Route::get("/api/admin/emergency-access")];
    const NEEDS: &'static [Need] = &[
        Need::Items(Table::Identity, &[ItemAction::Query, ItemAction::BatchGet]),
        Need::FieldKeys,
    ];

    type Caller = Admin;
    type Input = (Query<Filter>, Query<Paging>);
    type Output = PageOf<EmergencyAnswer>;

    async fn handle(
        context: &Context,
        _: Admin,
        (Query(filter), Query(paging)): Self::Input,
    ) -> Result<Self::Output, Problem> {
        let request = PageRequest::from(paging);
        let Page { items, next } = emergencies::list(&context.store, filter.unreviewed, &request).await?;
        let (unreviewed, limit) = (filter.unreviewed, request.limit);
        let path =
            |cursor| format!("/api/admin/emergency-access?unreviewed={unreviewed}&limit={limit}&cursor={cursor}");
        Ok(PageOf {
            items: items.into_iter().map(EmergencyAnswer::from).collect(),
            next: next.map(path),
        })
    }
}
