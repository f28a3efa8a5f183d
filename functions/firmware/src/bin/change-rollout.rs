fn main() -> std::process::ExitCode {
    runtime::serve(&firmware::change_rollout::FUNCTION)
}
