//! A prediction as lists and single answers show it, and finding one.

use domain::id::{PredictionId, UserId};
use domain::prediction::{Prediction, PredictionUnknown, ReportNumber};
use domain::session::Session;
use jiff::Timestamp;
use runtime::{Context, PictureLinks, Problem};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::finding::Finding;
use crate::opinion_answer::{self, WithOpinions};
use crate::result_access::{self, Found, Whose};

#[derive(Deserialize, JsonSchema)]
pub struct Parameters {
    /// 24 hexadecimal digits.
    id: String,
}

impl Parameters {
    pub fn prediction(&self) -> Result<PredictionId, PredictionUnknown> {
        self.id.parse().map_err(|_| PredictionUnknown::MalformedId)
    }

    pub async fn find(&self, context: &Context, session: &Session, whose: Whose) -> Result<Found<Prediction>, Problem> {
        let found = result_access::find(context, session, whose, self.prediction()?).await?;
        Ok(found.ok_or(PredictionUnknown::NotFound)?)
    }
}

#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "Prediction")]
pub struct PredictionAnswer {
    id: PredictionId,
    user_id: UserId,
    result: Finding,
    /// A signed address, good for an hour unless the operator says less.
    image_url: String,
    report_id: ReportNumber,
    #[schemars(with = "String")]
    created_at: Timestamp,
    /// How many opinions clinicians have given on it.
    opinion_count: u32,
}

impl PredictionAnswer {
    pub fn of(prediction: Prediction, links: &PictureLinks<'_>) -> Self {
        Self {
            id: prediction.id,
            user_id: prediction.patient,
            result: Finding::of(&prediction),
            image_url: links.address(&prediction.picture),
            report_id: prediction.report,
            created_at: prediction.readings.first.at,
            opinion_count: prediction.readings.opinions,
        }
    }
}

pub async fn one(context: &Context, prediction: Prediction) -> Result<WithOpinions<PredictionAnswer>, Problem> {
    let opinions = opinion_answer::on(context, &prediction).await?;
    let links = context.picture_links().await?;
    Ok(WithOpinions {
        result: PredictionAnswer::of(prediction, &links),
        opinions,
    })
}
