fn main() -> std::process::ExitCode {
    runtime::serve(&scheduling::get_own_availability::FUNCTION)
}
