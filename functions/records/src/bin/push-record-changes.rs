fn main() -> std::process::ExitCode {
    runtime::serve(&records::push_record_changes::FUNCTION)
}
