fn main() -> std::process::ExitCode {
    runtime::serve(&scheduling::offer_slot::FUNCTION)
}
