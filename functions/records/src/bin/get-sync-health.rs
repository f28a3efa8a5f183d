fn main() -> std::process::ExitCode {
    runtime::serve(&records::get_sync_health::FUNCTION)
}
