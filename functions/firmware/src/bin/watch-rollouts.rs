fn main() -> std::process::ExitCode {
    runtime::serve(&firmware::watch_rollouts::FUNCTION)
}
