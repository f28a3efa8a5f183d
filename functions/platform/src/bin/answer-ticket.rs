fn main() -> std::process::ExitCode {
    runtime::serve(&platform::answer_ticket::FUNCTION)
}
