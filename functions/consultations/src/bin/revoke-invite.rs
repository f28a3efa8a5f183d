fn main() -> std::process::ExitCode {
    runtime::serve(&consultations::revoke_invite::FUNCTION)
}
