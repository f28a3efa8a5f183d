fn main() -> std::process::ExitCode {
    runtime::serve(&diagnosis::give_opinion_on_prediction::FUNCTION)
}
