fn main() -> std::process::ExitCode {
    runtime::serve(&records::create_lab_report::FUNCTION)
}
