fn main() -> std::process::ExitCode {
    runtime::serve(&consultations::take_call_message::FUNCTION)
}
