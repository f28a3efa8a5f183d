fn main() -> std::process::ExitCode {
    runtime::serve(&consultations::join_as_guest::FUNCTION)
}
