//! What pictures show and symptoms mean: the facial-skin classifier, the symptom checker, and their answers.

pub mod check_symptoms;
pub mod delete_prediction;
pub mod dental;
mod finding;
mod gemini;
pub mod list_predictions;
mod outer_opinion;
mod photo;
pub mod predict_skin_condition;
mod report_limits;

runtime::area!(
    "diagnosis",
    endpoints: [
        predict_skin_condition::PredictSkinCondition,
        list_predictions::ListPredictions,
        delete_prediction::DeletePrediction,
        check_symptoms::CheckSymptoms,
    ],
    workers: [],
);
