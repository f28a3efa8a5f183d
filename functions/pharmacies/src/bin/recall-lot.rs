fn main() -> std::process::ExitCode {
    runtime::serve(&pharmacies::recall_lot::FUNCTION)
}
