//! The yardstick of cold starts: the least that `lambda_http` can do. `cargo measure` compares our functions with it.
#![forbid(unsafe_code)]

use lambda_http::{Error, Request, run, service_fn};

fn main() -> Result<(), Error> {
    // One thread, as our own functions have.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(run(service_fn(hello)))
}

async fn hello(_: Request) -> Result<&'static str, Error> {
    Ok("hello")
}
