fn main() -> std::process::ExitCode {
    runtime::serve(&platform::reencrypt_fields::FUNCTION)
}
