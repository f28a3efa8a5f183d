//! `POST /api/iot/alerts/{id}/answer`: say that somebody takes care of an alert, or that nobody is to be told for a while.
//! Also for those who follow the patient.

use domain::audit::Action;
use domain::vital::VitalRefused;
use jiff::SignedDuration;
use runtime::answer;
use runtime::callers::SignedIn;
use runtime::input::{Json, Path, Query};
use runtime::need::Need;
use runtime::{Context, Endpoint, Function, Problem, Route, lenient};
use schemars::JsonSchema;
use serde::Deserialize;
use store::vitals::{self, Answer};

use crate::access::{self, Whose};
use crate::alert_answer::AlertAnswer;

pub static FUNCTION: Function = Function::endpoint::<AnswerVitalAlert>();

pub struct AnswerVitalAlert;

#[derive(Deserialize, JsonSchema)]
#[schemars(rename = "VitalAlertName")]
pub struct Parameters {
    id: String,
}

#[derive(Deserialize, JsonSchema)]
#[schemars(rename = "VitalAlertAnswer")]
pub struct Body {
    action: Said,
    /// For how long nobody is told: 5 to 240; 30 without it.
    #[serde(default, deserialize_with = "lenient::number")]
    #[schemars(with = "Option<u16>")]
    minutes: Option<i64>,
}

#[derive(Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(inline)]
enum Said {
    Acknowledge,
    Snooze,
}

const USUAL_SNOOZE: i64 = 30;

impl Body {
    fn answer(&self, now: jiff::Timestamp) -> Result<Answer, VitalRefused> {
        let minutes = self.minutes.unwrap_or(USUAL_SNOOZE);
        match self.action {
            Said::Acknowledge => Ok(Answer::Acknowledge),
            Said::Snooze if (5..=240).contains(&minutes) => {
                Ok(Answer::Snooze(now + SignedDuration::from_mins(minutes)))
            }
            Said::Snooze => Err(VitalRefused::Invalid {
                field: "minutes",
                rule: "must be from 5 to 240",
            }),
        }
    }
}

impl Endpoint for AnswerVitalAlert {
    const NAME: &'static str = "answer-vital-alert";
    const SUMMARY: &'static str = "Acknowledge or snooze an alert";
    const ROUTES: &'static [Route] = &[Route::post("/api/iot/alerts/{id}/answer")];
    const HEALTH_DATA: bool = true;
    const NEEDS: &'static [Need] = &access::WRITE;

    type Caller = SignedIn;
    type Input = (Path<Parameters>, (Json<Body>, Query<Whose>));
    type Output = answer::Json<AlertAnswer>;

    async fn handle(
        context: &Context,
        caller: SignedIn,
        (Path(path), (Json(body), Query(whose))): Self::Input,
    ) -> Result<Self::Output, Problem> {
        let session = &caller.session;
        let id = path.id.parse().map_err(|_| VitalRefused::AlertNotFound)?;
        let said = body.answer(context.now)?;
        let patient = access::patient(context, session, whose, Action::Update, access::one(id)).await?;
        let note = patient.note(context, session, Action::Update, access::one(id))?;
        let (of, by) = ((patient.id, id), (session.user_id, said));
        let tell = access::telling(context);
        let alarm = vitals::answer::<Problem>(&context.store, of, by, context.now, &note, tell).await?;
        Ok(answer::Json(AlertAnswer::new(patient.id, &alarm, context.now)))
    }
}
