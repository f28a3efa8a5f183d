fn main() -> std::process::ExitCode {
    runtime::serve(&audit::list_own_audit_entries::FUNCTION)
}
