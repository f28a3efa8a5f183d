fn main() -> std::process::ExitCode {
    runtime::serve(&consultations::cancel_consultation::FUNCTION)
}
