fn main() -> std::process::ExitCode {
    runtime::serve(&consultations::end_consultation::FUNCTION)
}
