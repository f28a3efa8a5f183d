fn main() -> std::process::ExitCode {
    runtime::serve(&diagnosis::get_skin_record::FUNCTION)
}
