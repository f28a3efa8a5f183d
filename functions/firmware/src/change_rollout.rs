//! `POST /api/firmware/releases/{version}/rollout`: plan a rollout, pause it, resume it, or take a release back.

use domain::firmware::rollout::{Hand, Plan, Rollout, Wave};
use domain::firmware::{FirmwareVersion, Head};
use runtime::answer;
use runtime::callers::Operator;
use runtime::input::{Json, Path, Query};
use runtime::need::Need;
use runtime::secrets::Secret;
use runtime::{Context, Endpoint, Function, Problem, Route};
use schemars::JsonSchema;
use serde::Deserialize;
use store::firmware::{self, Notices};
use store::fleet;
use store::table::{ItemAction, Table};

use crate::release_answer::{OfHardware, ReleaseAnswer};
use crate::{publishing, signing};

pub static FUNCTION: Function = Function::endpoint::<ChangeRollout>();

pub struct ChangeRollout;

#[derive(Deserialize, JsonSchema)]
#[schemars(rename = "ReleaseName")]
pub struct Parameters {
    version: FirmwareVersion,
}

#[derive(Clone, Deserialize, JsonSchema)]
#[serde(tag = "action", rename_all = "snake_case")]
#[schemars(rename = "RolloutChange")]
pub enum Body {
    /// What is not named stays as it is.
    Plan(NewPlan),
    /// Offered to nobody; who has begun may finish.
    Pause,
    /// After a halt by another operator than the one who published.
    Resume,
    /// For good. Devices that run it may go back to the highest lower release that is for all.
    RollBack,
}

#[derive(Clone, Deserialize, JsonSchema)]
#[schemars(rename = "RolloutPlan")]
pub struct NewPlan {
    /// Only ever goes up.
    #[serde(default)]
    percent: Option<u8>,
    /// How long it stays at this percent before the next wave.
    #[serde(default)]
    soak_minutes: Option<u32>,
    /// Rising percents; at most ten.
    #[serde(default)]
    waves: Option<Vec<Wave>>,
    /// It halts by itself when more than this share of the updates that are over have failed.
    #[serde(default)]
    failure_percent: Option<u8>,
    /// A device that has begun and says nothing for so long is lost.
    #[serde(default)]
    silence_minutes: Option<u32>,
}

impl Endpoint for ChangeRollout {
    const NAME: &'static str = "change-rollout";
    const SUMMARY: &'static str = "Plan, pause or resume a rollout, or take a release back";
    const ROUTES: &'static [Route] = &[Route::post("/api/firmware/releases/{version}/rollout")];
    const NEEDS: &'static [Need] = &[
        Need::Items(Table::Firmware, &[ItemAction::Get, ItemAction::Put, ItemAction::Query]),
        Need::Items(Table::Notifications, &[ItemAction::Put]),
        Need::FieldKeys,
        Need::Secret(Secret::FirmwareSigningKey),
    ];

    type Caller = Operator;
    type Input = (Path<Parameters>, (Query<OfHardware>, Json<Body>));
    type Output = answer::Json<ReleaseAnswer>;

    async fn handle(
        context: &Context,
        operator: Operator,
        (Path(path), (Query(query), Json(body))): Self::Input,
    ) -> Result<Self::Output, Problem> {
        let (version, hardware, now) = (path.version, query.hardware, context.now);
        let before = firmware::head(&context.store, hardware).await?;
        let release = before.known(&version)?;
        let counts = fleet::counts(&context.store, hardware, &version).await?;
        let hand = Hand {
            operator: operator.name(),
            publisher: &release.published_by,
        };
        let change = |rollout: &mut Rollout| {
            match body.clone() {
                Body::Plan(plan) => rollout.follow(plan.into(), hand, &counts, now)?,
                Body::Pause => rollout.pause()?,
                Body::Resume => rollout.resume(hand, &counts, now)?,
                Body::RollBack => rollout.roll_back()?,
            }
            rollout.changed_by = Some(hand.operator.to_owned());
            Ok(())
        };
        let signer = signing::signer(context).await?;
        let announcement = publishing::announcement(context, &version)?;
        let notices = Notices {
            always: &[],
            announcement: Some(&announcement),
        };
        let change = |head: &Head| {
            let head = head.with_rollout(&version, now, change)?;
            Ok(Some(head.with_ways_back(|manifest| signer.sign(manifest).ok())))
        };
        let head = firmware::change_head(&context.store, hardware, change, &notices).await?;
        Ok(answer::Json(ReleaseAnswer::of(context, head.known(&version)?).await?))
    }
}

impl From<NewPlan> for Plan {
    fn from(plan: NewPlan) -> Self {
        Self {
            percent: plan.percent,
            soak_minutes: plan.soak_minutes,
            waves: plan.waves,
            failure_percent: plan.failure_percent,
            silence_minutes: plan.silence_minutes,
        }
    }
}
