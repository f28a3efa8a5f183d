//! Health records and their files: written on several devices, some of them offline, and never an edit lost; and those that doctors sign.

mod access;
pub mod amend_record;
pub mod attach_record_file;
mod attaching;
mod conflict_answer;
pub mod create_lab_report;
pub mod create_medical_history;
pub mod create_prescription;
pub mod create_record_draft;
mod creation;
pub mod delete_record;
pub mod delete_record_draft;
mod device_report;
mod draft_answer;
mod emergency_answer;
mod file_answer;
pub mod get_record;
pub mod get_record_draft;
pub mod get_sync_health;
pub mod list_emergency_access;
pub mod list_pending_records;
pub mod list_record_audit;
pub mod list_record_conflicts;
pub mod list_record_drafts;
pub mod list_record_files;
pub mod list_record_versions;
pub mod list_records;
pub mod list_sync_health;
pub mod open_emergency_access;
pub mod pull_record_changes;
pub mod push_record_changes;
mod record_answer;
pub mod resolve_conflict;
pub mod review_emergency_access;
pub mod settle_record_conflict;
pub mod sign_record_draft;
mod signature_answer;
pub mod update_record;
pub mod update_record_draft;

runtime::area!(
    "records",
    endpoints: [
        create_medical_history::CreateMedicalHistory,
        create_prescription::CreatePrescription,
        create_lab_report::CreateLabReport,
        push_record_changes::PushRecordChanges,
        list_records::ListRecords,
        get_record::GetRecord,
        update_record::UpdateRecord,
        delete_record::DeleteRecord,
        resolve_conflict::ResolveConflict,
        list_record_versions::ListRecordVersions,
        list_record_audit::ListRecordAudit,
        pull_record_changes::PullRecordChanges,
        list_record_conflicts::ListRecordConflicts,
        settle_record_conflict::SettleRecordConflict,
        create_record_draft::CreateRecordDraft,
        list_record_drafts::ListRecordDrafts,
        get_record_draft::GetRecordDraft,
        update_record_draft::UpdateRecordDraft,
        delete_record_draft::DeleteRecordDraft,
        sign_record_draft::SignRecordDraft,
        amend_record::AmendRecord,
        open_emergency_access::OpenEmergencyAccess,
        list_emergency_access::ListEmergencyAccess,
        review_emergency_access::ReviewEmergencyAccess,
        get_sync_health::GetSyncHealth,
        list_sync_health::ListSyncHealth,
        attach_record_file::AttachRecordFile,
        list_record_files::ListRecordFiles,
        list_pending_records::ListPendingRecords,
    ],
    workers: [],
);
