//! What pictures show, of skin for two products and of teeth for one; doctors' reviews of it, what helps, who treats,
//! and what symptoms mean.

pub mod add_treatment;
pub mod analyze_teeth;
pub mod ask_for_consultation;
pub mod check_symptoms;
pub mod delete_prediction;
pub mod delete_review_request;
pub mod delete_treatment;
mod dental;
pub mod diagnose_skin;
pub mod find_skin_clinics;
mod finding;
mod gemini;
pub mod get_prediction;
pub mod get_review_request;
pub mod get_skin_record;
pub mod get_treatment;
pub mod give_opinion_on_prediction;
pub mod give_opinion_on_skin_record;
mod keeping;
pub mod list_dental_analyses;
pub mod list_predictions;
pub mod list_review_requests;
pub mod list_skin_records;
pub mod list_treatments;
mod opinion_answer;
mod opinion_form;
mod outer_failure;
mod outer_opinion;
mod photo;
pub mod predict_skin_condition;
mod prediction_answer;
mod reading_answer;
pub mod reject_review_request;
mod report_form;
mod report_limits;
pub mod report_teeth;
pub mod request_review;
mod rereading;
pub mod rerun_prediction;
pub mod rerun_skin_record;
mod result_access;
mod review_answer;
mod review_rights;
mod settling;
mod skin_record_answer;
pub mod submit_review;
pub mod summarize_dental_health;
mod treatment_answer;
pub mod update_treatment;

runtime::area!(
    "diagnosis",
    endpoints: [
        predict_skin_condition::PredictSkinCondition,
        list_predictions::ListPredictions,
        get_prediction::GetPrediction,
        rerun_prediction::RerunPrediction,
        give_opinion_on_prediction::GiveOpinionOnPrediction,
        delete_prediction::DeletePrediction,
        diagnose_skin::DiagnoseSkin,
        list_skin_records::ListSkinRecords,
        get_skin_record::GetSkinRecord,
        rerun_skin_record::RerunSkinRecord,
        give_opinion_on_skin_record::GiveOpinionOnSkinRecord,
        ask_for_consultation::AskForConsultation,
        analyze_teeth::AnalyzeTeeth,
        report_teeth::ReportTeeth,
        list_dental_analyses::ListDentalAnalyses,
        summarize_dental_health::SummarizeDentalHealth,
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
        check_symptoms::CheckSymptoms,
    ],
    workers: [],
);
