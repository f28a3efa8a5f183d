fn main() -> std::process::ExitCode {
    runtime::serve(&platform::answer_unknown_route::FUNCTION)
}
