fn main() -> std::process::ExitCode {
    runtime::serve(&records::settle_record_conflict::FUNCTION)
}
