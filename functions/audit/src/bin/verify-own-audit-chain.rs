fn main() -> std::process::ExitCode {
    runtime::serve(&audit::verify_own_audit_chain::FUNCTION)
}
