fn main() -> std::process::ExitCode {
    runtime::serve(&scheduling::leave_waitlist::FUNCTION)
}
