fn main() -> std::process::ExitCode {
    runtime::serve(&records::open_emergency_access::FUNCTION)
}
