fn main() -> std::process::ExitCode {
    runtime::serve(&records::list_record_audit::FUNCTION)
}
