//! `GET /api/iot/alerts`: alerts that are open, the newest first (contract #121), or all that there ever were.

use domain::audit::Action;
use domain::session::Product;
use runtime::answer::PageOf;
use runtime::callers::SignedIn;
use runtime::input::Query;
use runtime::need::Need;
use runtime::paging::Paging;
use runtime::{Context, Endpoint, Function, Problem, Route};
use schemars::JsonSchema;
use serde::Deserialize;
use store::{MalformedCursor, Page, PageRequest, vitals};

use crate::access::{self, Whose};
use crate::alert_answer::AlertAnswer;

pub static FUNCTION: Function = Function::endpoint::<ListVitalAlerts>();

pub struct ListVitalAlerts;

#[derive(Default, Deserialize, JsonSchema)]
pub struct Filter {
    #[serde(default)]
    which: Which,
}

#[derive(Clone, Copy, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(inline)]
enum Which {
    /// A few at most.
    #[default]
    Open,
    /// In pages.
    All,
}

impl Endpoint for ListVitalAlerts {
    const NAME: &'static str = "list-vital-alerts";
    const SUMMARY: &'static str = "Alerts of vital signs, the newest first";
    const ROUTES: &'static [Route] = &[Route::get("/api/iot/alerts").of(Product::Telemedicine)];
    const HEALTH_DATA: bool = true;
    const NEEDS: &'static [Need] = &access::READ;

    type Caller = SignedIn;
    type Input = (Query<Filter>, (Query<Whose>, Query<Paging>));
    type Output = PageOf<AlertAnswer>;

    async fn handle(
        context: &Context,
        caller: SignedIn,
        (Query(filter), (Query(whose), Query(paging))): Self::Input,
    ) -> Result<Self::Output, Problem> {
        let session = &caller.session;
        let patient = access::patient(context, session, whose, Action::List, access::all()).await?;
        let note = patient.note(context, session, Action::List, access::all())?;
        let request = PageRequest::from(paging);
        let reading = async {
            match filter.which {
                Which::All => vitals::past(&context.store, patient.id, &request).await,
                // All of them are one page.
                Which::Open if request.after.is_some() => Err(MalformedCursor.into()),
                Which::Open => {
                    let items = vitals::open(&context.store, patient.id).await?;
                    Ok(Page { items, next: None })
                }
            }
        };
        let page = context.audited(&note, reading).await?;
        let of = whose
            .patient_id
            .map(|id| format!("&patient_id={id}"))
            .unwrap_or_default();
        let next = page.next.map(|cursor| {
            let limit = request.limit;
            format!("/api/iot/alerts?which=all&limit={limit}&cursor={cursor}{of}")
        });
        let answer = |alarm| AlertAnswer::new(patient.id, &alarm, context.now);
        Ok(PageOf {
            items: page.items.into_iter().map(answer).collect(),
            next,
        })
    }
}
