fn main() -> std::process::ExitCode {
    runtime::serve(&firmware::get_manifest_key::FUNCTION)
}
