//! What pictures show: the facial-skin classifier and its answers.

pub mod delete_prediction;
mod finding;
pub mod list_predictions;
mod photo;
pub mod predict_skin_condition;

runtime::area!(
    "diagnosis",
    endpoints: [
        predict_skin_condition::PredictSkinCondition,
        list_predictions::ListPredictions,
        delete_prediction::DeletePrediction,
    ],
    workers: [],
);
