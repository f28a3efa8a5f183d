//! All that is kept of a patient, as one archive that they can take along: asked for, made by a worker, fetched by a link.

mod archive;
pub mod build_exports;
pub mod delete_export;
mod export_answer;
pub mod get_export;
mod kinds;
pub mod list_exports;
pub mod start_export;

runtime::area!(
    "exports",
    endpoints: [
        start_export::StartExport,
        list_exports::ListExports,
        get_export::GetExport,
        delete_export::DeleteExport,
    ],
    workers: [build_exports::BuildExports],
);
