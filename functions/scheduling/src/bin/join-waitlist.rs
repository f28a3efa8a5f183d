fn main() -> std::process::ExitCode {
    runtime::serve(&scheduling::join_waitlist::FUNCTION)
}
