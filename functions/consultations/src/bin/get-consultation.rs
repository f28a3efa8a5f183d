fn main() -> std::process::ExitCode {
    runtime::serve(&consultations::get_consultation::FUNCTION)
}
