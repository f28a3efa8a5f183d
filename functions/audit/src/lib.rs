//! Who looked at whose health data, and whether the log of it is as it was written.

mod entry;
pub mod list_audit_entries;
pub mod list_own_audit_entries;
pub mod verify_audit_chain;
pub mod verify_own_audit_chain;

runtime::area!(
    "audit",
    endpoints: [
        list_own_audit_entries::ListOwnAuditEntries,
        verify_own_audit_chain::VerifyOwnAuditChain,
        list_audit_entries::ListAuditEntries,
        verify_audit_chain::VerifyAuditChain,
    ],
    workers: [],
);
