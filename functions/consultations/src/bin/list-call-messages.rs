fn main() -> std::process::ExitCode {
    runtime::serve(&consultations::list_call_messages::FUNCTION)
}
