//! `GET /infections`: the own diagnoses of pictures of skin, newest first.

use domain::audit::{Action, Resource, ResourceKind, Why};
use domain::session::Product;
use runtime::answer::PageOf;
use runtime::callers::SignedIn;
use runtime::input::Query;
use runtime::need::Need;
use runtime::paging::Paging;
use runtime::secrets::Secret;
use runtime::{Context, Endpoint, Function, Problem, Route};
use store::table::{ItemAction, Table};
use store::{Page, PageRequest, skin_records};

use crate::skin_record_answer::PicturedRecord;

pub static FUNCTION: Function = Function::endpoint::<ListSkinRecords>();

pub struct ListSkinRecords;

impl Endpoint for ListSkinRecords {
    const NAME: &'static str = "list-skin-records";
    const SUMMARY: &'static str = "The own diagnoses of pictures of skin, newest first";
    const ROUTES: &'static [Route] = &[Route::get("/infections").of(Product::Derma)];
    const HEALTH_DATA: bool = true;
    const NEEDS: &'static [Need] = &[
        Need::Items(Table::Diagnosis, &[ItemAction::Query]),
        Need::FieldKeys,
        Need::Secret(Secret::LinkSigningKey),
    ];

    type Caller = SignedIn;
    type Input = Query<Paging>;
    type Output = PageOf<PicturedRecord>;

    async fn handle(
        context: &Context,
        caller: SignedIn,
        Query(paging): Query<Paging>,
    ) -> Result<Self::Output, Problem> {
        let (patient, request) = (caller.user_id(), PageRequest::from(paging));
        let resource = Resource::all(ResourceKind::SkinRecord);
        let note = context.audit(&caller.session, patient, Action::List, resource, Why::Own)?;
        let reading = skin_records::list(&context.store, patient, &request);
        let Page { items, next } = context.audited(&note, reading).await?;
        let links = context.picture_links().await?;
        let items = items.iter().map(|record| PicturedRecord::of(record, &links));
        Ok(PageOf {
            items: items.collect::<Result<_, _>>()?,
            next: next.map(|cursor| format!("/infections?limit={}&cursor={cursor}", request.limit)),
        })
    }
}
