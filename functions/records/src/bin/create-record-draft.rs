fn main() -> std::process::ExitCode {
    runtime::serve(&records::create_record_draft::FUNCTION)
}
