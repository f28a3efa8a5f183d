fn main() -> std::process::ExitCode {
    runtime::serve(&identity::log_out::FUNCTION)
}
