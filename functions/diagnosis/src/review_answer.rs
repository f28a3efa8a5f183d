//! A review request as answers show it, and reading what belongs to it.

use std::collections::HashMap;

use domain::account::Account;
use domain::id::{PredictionId, ReviewRequestId, UserId};
use domain::prediction::{ModelIdentity, Prediction};
use domain::review::{ReviewRequest, ReviewRequestRefused, ReviewStatus};
use jiff::Timestamp;
use runtime::{Context, PictureLinks, Problem};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use store::reviews;
use store::{Error, accounts};

use crate::finding::Finding;

#[derive(Deserialize, JsonSchema)]
pub struct Parameters {
    /// 24 hexadecimal digits.
    id: String,
}

impl Parameters {
    pub fn request(&self) -> Result<ReviewRequestId, ReviewRequestRefused> {
        self.id.parse().map_err(|_| ReviewRequestRefused::MalformedId)
    }
}

#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "ReviewRequest")]
pub struct ReviewAnswer {
    id: ReviewRequestId,
    prediction_id: PredictionId,
    patient_id: UserId,
    dermatologist_id: UserId,
    status: ReviewStatus,
    /// The doctor's opinion, or why the request was declined.
    comment: Option<String>,
    /// What the patient asks.
    message: Option<String>,
    #[schemars(with = "String")]
    created_at: Timestamp,
    #[schemars(with = "Option<String>")]
    reviewed_at: Option<Timestamp>,
    patient_username: String,
    dermatologist_username: String,
    patient_name: String,
    /// Null once it has been deleted, and for a doctor who has declined.
    prediction: Option<ReviewedPrediction>,
    patient: PatientInfo,
    dermatologist: DoctorInfo,
    /// The same as `patient`.
    patient_info: PatientInfo,
    /// The same as `dermatologist`.
    dermatologist_info: DoctorInfo,
    /// The model whose answer the doctor looked at; null until then.
    judged_model: Option<ModelIdentity>,
}

#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct ReviewedPrediction {
    id: PredictionId,
    user_id: UserId,
    result: Finding,
    /// A signed address, good for an hour unless the operator says less.
    image_url: String,
    #[schemars(with = "String")]
    created_at: Timestamp,
}

/// What a doctor who is asked sees of the patient.
#[derive(Clone, Default, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "ReviewPatient")]
struct PatientInfo {
    name: Option<String>,
    username: String,
    email: Option<String>,
    age: Option<u8>,
    gender: Option<String>,
    phone: Option<String>,
    blood_group: Option<String>,
    allergies: Option<String>,
}

#[derive(Clone, Default, Serialize, JsonSchema)]
#[schemars(rename = "ReviewDoctor")]
struct DoctorInfo {
    name: Option<String>,
    username: String,
    email: Option<String>,
}

impl PatientInfo {
    fn of(account: &Account, now: Timestamp) -> Self {
        Self {
            name: account.name.clone(),
            username: account.username.as_str().to_owned(),
            email: account.email.clone().map(String::from),
            age: account.age(now),
            gender: account.personal.gender.clone(),
            phone: account.phone.as_ref().map(|phone| phone.as_str().to_owned()),
            blood_group: account.personal.blood_group.clone(),
            allergies: account.personal.allergies.clone(),
        }
    }
}

impl DoctorInfo {
    fn of(account: &Account) -> Self {
        Self {
            name: account.name.clone(),
            username: account.username.as_str().to_owned(),
            email: account.email.clone().map(String::from),
        }
    }
}

/// Requests with the people in them and what they are about.
pub struct Found {
    requests: Vec<ReviewRequest>,
    people: HashMap<UserId, Account>,
    predictions: Vec<Option<Prediction>>,
}

impl Found {
    /// Of a page of requests at most: two batches of reads.
    pub async fn around(context: &Context, requests: Vec<ReviewRequest>) -> Result<Self, Error> {
        let mut users: Vec<UserId> = requests
            .iter()
            .flat_map(|request| [request.patient, request.doctor])
            .collect();
        users.sort();
        users.dedup();
        let people = accounts::get_many(&context.store, &users).await?;
        let predictions = reviews::judged(&context.store, &requests).await?;
        Ok(Self {
            people: people.into_iter().map(|account| (account.id, account)).collect(),
            requests,
            predictions,
        })
    }

    /// Whose health data it shows.
    pub fn patients(&self) -> Vec<UserId> {
        let mut patients: Vec<UserId> = self.requests.iter().map(|request| request.patient).collect();
        patients.sort();
        patients.dedup();
        patients
    }

    pub async fn answers(self, context: &Context, viewer: UserId) -> Result<Vec<ReviewAnswer>, Problem> {
        let links = context.picture_links().await?;
        let Self {
            requests,
            people,
            predictions,
        } = self;
        let is_shown = |request: &ReviewRequest| request.status != ReviewStatus::Rejected || viewer == request.patient;
        let both = requests.into_iter().zip(predictions);
        let answers = both.map(|(request, prediction)| {
            let prediction = prediction.filter(|_| is_shown(&request));
            answer(request, prediction, &people, &links, context.now)
        });
        Ok(answers.collect())
    }
}

/// One request with all that belongs to it, for one of the two people in it.
pub async fn one(context: &Context, request: ReviewRequest, viewer: UserId) -> Result<ReviewAnswer, Problem> {
    let found = Found::around(context, vec![request]).await?;
    let answer = found.answers(context, viewer).await?.pop();
    answer.ok_or_else(|| Problem::internal("a review request came without its answer"))
}

fn answer(
    request: ReviewRequest,
    prediction: Option<Prediction>,
    people: &HashMap<UserId, Account>,
    links: &PictureLinks<'_>,
    now: Timestamp,
) -> ReviewAnswer {
    // Who is just being deleted shows as nobody.
    let patient = people.get(&request.patient);
    let patient_name = patient.map(|account| account.display_name().to_owned());
    let patient = patient.map(|account| PatientInfo::of(account, now)).unwrap_or_default();
    let doctor = people.get(&request.doctor).map(DoctorInfo::of).unwrap_or_default();
    let opinion = request.opinion;
    ReviewAnswer {
        id: request.id,
        prediction_id: request.prediction,
        patient_id: request.patient,
        dermatologist_id: request.doctor,
        status: request.status,
        comment: opinion.as_ref().and_then(|opinion| opinion.comment.clone()),
        message: request.message,
        created_at: request.created_at,
        reviewed_at: opinion.as_ref().map(|opinion| opinion.at),
        patient_username: patient.username.clone(),
        dermatologist_username: doctor.username.clone(),
        patient_name: patient_name.unwrap_or_default(),
        prediction: prediction.map(|prediction| ReviewedPrediction {
            id: prediction.id,
            user_id: prediction.patient,
            result: Finding::of(&prediction),
            image_url: links.address(&prediction.picture),
            created_at: prediction.readings.first.at,
        }),
        patient: patient.clone(),
        dermatologist: doctor.clone(),
        patient_info: patient,
        dermatologist_info: doctor,
        judged_model: opinion.map(|opinion| opinion.judged.model),
    }
}
