fn main() -> std::process::ExitCode {
    runtime::serve(&consultations::list_consultations::FUNCTION)
}
