fn main() -> std::process::ExitCode {
    runtime::serve(&consultations::create_consultation::FUNCTION)
}
