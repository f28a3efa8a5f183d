//! What clinicians say of a result, as its patient and its doctors read it.

use domain::id::UserId;
use domain::opinion::{Opinion, Verdict};
use domain::prediction::ModelIdentity;
use domain::readings::SkinResult;
use jiff::Timestamp;
use runtime::Context;
use schemars::JsonSchema;
use serde::Serialize;
use store::{Error, opinions};

/// A licence number is not shown: it could be used to sign up in its holder's place.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Opinion")]
pub struct OpinionAnswer {
    /// The number of the reading that it is on.
    reading: u32,
    /// Of this doctor's opinions on that reading, from 1.
    version: u32,
    /// Whether the doctor has given no newer one.
    holds: bool,
    verdict: Verdict,
    /// What it is instead, where the verdict is `correct`.
    condition: Option<String>,
    note: Option<String>,
    /// Whether a doctor must still see the patient; null where the opinion leaves that as it is.
    referral: Option<bool>,
    doctor: OpinionDoctor,
    /// What gave the reading.
    model: ModelIdentity,
    #[schemars(with = "String")]
    given_at: Timestamp,
}

/// As they were when they gave it.
#[derive(Serialize, JsonSchema)]
struct OpinionDoctor {
    id: UserId,
    name: String,
}

/// A result with the opinions on it: by reading, and each doctor's oldest first.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "{T}WithOpinions")]
pub struct WithOpinions<T> {
    #[serde(flatten)]
    pub result: T,
    pub opinions: Vec<OpinionAnswer>,
}

pub async fn on<R: SkinResult>(context: &Context, result: &R) -> Result<Vec<OpinionAnswer>, Error> {
    if result.readings().opinions == 0 {
        return Ok(Vec::new());
    }
    let all = opinions::list(&context.store, result.patient(), result.id()).await?;
    let is_newer = |one: &Opinion, than: &Opinion| {
        (one.reading, one.doctor) == (than.reading, than.doctor) && one.version > than.version
    };
    let holds = |opinion: &Opinion| !all.iter().any(|other| is_newer(other, opinion));
    Ok(all
        .iter()
        .map(|opinion| answer(opinion.clone(), holds(opinion)))
        .collect())
}

fn answer(opinion: Opinion, holds: bool) -> OpinionAnswer {
    let said = opinion.said;
    OpinionAnswer {
        reading: opinion.reading,
        version: opinion.version,
        holds,
        verdict: said.verdict,
        condition: said.condition,
        note: said.note,
        referral: said.referral,
        doctor: OpinionDoctor {
            id: opinion.doctor,
            name: opinion.signer.name,
        },
        model: opinion.judged.model,
        given_at: opinion.at,
    }
}
