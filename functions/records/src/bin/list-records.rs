fn main() -> std::process::ExitCode {
    runtime::serve(&records::list_records::FUNCTION)
}
