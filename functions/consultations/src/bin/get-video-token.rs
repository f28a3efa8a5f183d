fn main() -> std::process::ExitCode {
    runtime::serve(&consultations::get_video_token::FUNCTION)
}
