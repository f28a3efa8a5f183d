fn main() -> std::process::ExitCode {
    runtime::serve(&audit::verify_audit_chain::FUNCTION)
}
