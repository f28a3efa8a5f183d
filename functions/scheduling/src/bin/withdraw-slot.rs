fn main() -> std::process::ExitCode {
    runtime::serve(&scheduling::withdraw_slot::FUNCTION)
}
