fn main() -> std::process::ExitCode {
    runtime::serve(&scheduling::set_own_availability::FUNCTION)
}
