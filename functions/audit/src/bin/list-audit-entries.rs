fn main() -> std::process::ExitCode {
    runtime::serve(&audit::list_audit_entries::FUNCTION)
}
