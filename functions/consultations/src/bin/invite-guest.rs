fn main() -> std::process::ExitCode {
    runtime::serve(&consultations::invite_guest::FUNCTION)
}
