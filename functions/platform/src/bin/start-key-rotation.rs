fn main() -> std::process::ExitCode {
    runtime::serve(&platform::start_key_rotation::FUNCTION)
}
