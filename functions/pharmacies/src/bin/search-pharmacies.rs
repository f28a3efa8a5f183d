fn main() -> std::process::ExitCode {
    runtime::serve(&pharmacies::search_pharmacies::FUNCTION)
}
