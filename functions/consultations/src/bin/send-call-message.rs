fn main() -> std::process::ExitCode {
    runtime::serve(&consultations::send_call_message::FUNCTION)
}
