fn main() -> std::process::ExitCode {
    runtime::serve(&consultations::send_signal::FUNCTION)
}
