fn main() -> std::process::ExitCode {
    runtime::serve(&records::review_emergency_access::FUNCTION)
}
