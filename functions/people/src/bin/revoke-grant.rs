fn main() -> std::process::ExitCode {
    runtime::serve(&people::revoke_grant::FUNCTION)
}
