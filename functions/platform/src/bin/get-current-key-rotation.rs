fn main() -> std::process::ExitCode {
    runtime::serve(&platform::get_current_key_rotation::FUNCTION)
}
