fn main() -> std::process::ExitCode {
    runtime::serve(&vitals::answer_vital_alert::FUNCTION)
}
