fn main() -> std::process::ExitCode {
    runtime::serve(&records::list_pending_records::FUNCTION)
}
