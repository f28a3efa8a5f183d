fn main() -> std::process::ExitCode {
    runtime::serve(&records::pull_record_changes::FUNCTION)
}
