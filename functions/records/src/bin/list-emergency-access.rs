fn main() -> std::process::ExitCode {
    runtime::serve(&records::list_emergency_access::FUNCTION)
}
