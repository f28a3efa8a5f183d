fn main() -> std::process::ExitCode {
    runtime::serve(&pharmacies::reserve_medicine::FUNCTION)
}
