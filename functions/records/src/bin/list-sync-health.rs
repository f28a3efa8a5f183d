fn main() -> std::process::ExitCode {
    runtime::serve(&records::list_sync_health::FUNCTION)
}
