fn main() -> std::process::ExitCode {
    runtime::serve(&records::update_record_draft::FUNCTION)
}
