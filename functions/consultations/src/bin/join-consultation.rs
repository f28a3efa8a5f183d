fn main() -> std::process::ExitCode {
    runtime::serve(&consultations::join_consultation::FUNCTION)
}
