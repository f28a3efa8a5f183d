//! What pictures show: skin for two products, teeth for one.

pub mod ask_for_consultation;
pub mod delete_prediction;
mod dental;
pub mod diagnose_skin;
mod finding;
pub mod list_predictions;
mod photo;
pub mod predict_skin_condition;
mod skin_record_answer;

pub use dental::{analyze_teeth, list_dental_analyses, report_teeth, summarize_dental_health};

runtime::area!(
    "diagnosis",
    endpoints: [
        predict_skin_condition::PredictSkinCondition,
        list_predictions::ListPredictions,
        delete_prediction::DeletePrediction,
        diagnose_skin::DiagnoseSkin,
        ask_for_consultation::AskForConsultation,
        analyze_teeth::AnalyzeTeeth,
        report_teeth::ReportTeeth,
        list_dental_analyses::ListDentalAnalyses,
        summarize_dental_health::SummarizeDentalHealth,
    ],
    workers: [],
);
