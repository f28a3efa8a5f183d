//! The dental product's analyses.

mod analysis;
pub mod analyze_teeth;
pub mod gemini;
pub mod list_dental_analyses;
pub mod report_teeth;
pub mod summarize_dental_health;
