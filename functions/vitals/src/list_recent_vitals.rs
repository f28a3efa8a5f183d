//! `GET /api/iot/data/recent`: the latest readings, the newest first (contract #119). What was set apart is never among them.

use domain::audit::Action;
use domain::session::Product;
use domain::vital::VitalKind;
use futures_util::future::try_join_all;
use runtime::answer::Json;
use runtime::callers::SignedIn;
use runtime::input::Query;
use runtime::need::Need;
use runtime::paging::Limit;
use runtime::{Context, Endpoint, Function, Problem, Route};
use schemars::JsonSchema;
use serde::Deserialize;
use store::vitals;

use crate::access::{self, Whose};
use crate::rows::{RowAnswer, rows};

pub static FUNCTION: Function = Function::endpoint::<ListRecentVitals>();

pub struct ListRecentVitals;

#[derive(Deserialize, JsonSchema)]
pub struct Newest {
    /// 1 to 100; 10 without it.
    #[serde(default = "ten")]
    limit: Limit,
}

fn ten() -> Limit {
    Limit(10)
}

impl Endpoint for ListRecentVitals {
    const NAME: &'static str = "list-recent-vitals";
    const SUMMARY: &'static str = "The latest readings, the newest first";
    const ROUTES: &'static [Route] = &[Route::get("/api/iot/data/recent").of(Product::Telemedicine)];
    const HEALTH_DATA: bool = true;
    const NEEDS: &'static [Need] = &access::READ;

    type Caller = SignedIn;
    type Input = (Query<Newest>, Query<Whose>);
    type Output = Json<Vec<RowAnswer>>;

    async fn handle(
        context: &Context,
        caller: SignedIn,
        (Query(newest), Query(whose)): Self::Input,
    ) -> Result<Self::Output, Problem> {
        let (session, limit) = (&caller.session, usize::from(newest.limit.0));
        let patient = access::patient(context, session, whose, Action::List, access::all()).await?;
        let note = patient.note(context, session, Action::List, access::all())?;
        let store = &context.store;
        let of_kind = |kind: VitalKind| async move {
            let readings = vitals::newest(store, patient.id, kind, limit).await?;
            Ok::<_, store::Error>(readings.into_iter().map(move |kept| (kind, kept)))
        };
        let reading = async {
            let (latest, settings) = futures_util::try_join!(
                vitals::latest(store, patient.id),
                vitals::get_settings(store, patient.id)
            )?;
            let readings = try_join_all(latest.into_iter().map(|latest| of_kind(latest.kind))).await?;
            Ok::<_, store::Error>((rows(readings.into_iter().flatten()), settings))
        };
        let (rows, settings) = context.audited(&note, reading).await?;
        let newest = rows.iter().rev().take(limit);
        Ok(Json(newest.map(|row| row.answer(patient.id, &settings)).collect()))
    }
}
