//! What pictures show: the facial-skin classifier and its answers, doctors' reviews of them, what helps, and who treats.

pub mod add_treatment;
pub mod delete_prediction;
pub mod delete_review_request;
pub mod delete_treatment;
pub mod find_skin_clinics;
mod finding;
pub mod get_review_request;
pub mod get_treatment;
pub mod list_predictions;
pub mod list_review_requests;
pub mod list_treatments;
mod photo;
pub mod predict_skin_condition;
pub mod reject_review_request;
pub mod request_review;
mod review_answer;
mod review_rights;
mod settling;
pub mod submit_review;
mod treatment_answer;
pub mod update_treatment;

runtime::area!(
    "diagnosis",
    endpoints: [
        predict_skin_condition::PredictSkinCondition,
        list_predictions::ListPredictions,
        delete_prediction::DeletePrediction,
        request_review::RequestReview,
        list_review_requests::ListReviewRequests,
        get_review_request::GetReviewRequest,
        submit_review::SubmitReview,
        reject_review_request::RejectReviewRequest,
        delete_review_request::DeleteReviewRequest,
        list_treatments::ListTreatments,
        get_treatment::GetTreatment,
        add_treatment::AddTreatment,
        update_treatment::UpdateTreatment,
        delete_treatment::DeleteTreatment,
        find_skin_clinics::FindSkinClinics,
    ],
    workers: [],
);
