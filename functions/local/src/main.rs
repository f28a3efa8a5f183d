//! `cargo run`: the whole product on loopback.
#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a program at a terminal talks to the person in front of it"
)]

use std::process::ExitCode;
use std::sync::Arc;

use local::keys::DeploymentKeys;
use local::options::{self, Command, Options, USAGE};
use local::product::Product;
use runtime::secrets::Secret;
use runtime::telemetry::{RequestRecord, Telemetry};

fn main() -> ExitCode {
    let options = match options::parse(std::env::args_os().skip(1)) {
        Ok(Command::Run(options)) => options,
        Ok(Command::NewKeys) => return print_new_keys(),
        Ok(Command::Help) => {
            println!("{USAGE}");
            return ExitCode::SUCCESS;
        }
        Err(error) => {
            eprintln!("{error}\n\n{USAGE}");
            return ExitCode::from(2);
        }
    };
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let outcome = match runtime {
        Ok(runtime) => runtime.block_on(run(options)),
        Err(error) => Err(error.to_string()),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("The product did not start: {error}");
            ExitCode::FAILURE
        }
    }
}

fn print_new_keys() -> ExitCode {
    match DeploymentKeys::make() {
        Ok(keys) => {
            println!(
                "Secret, for Secrets Manager: token signing key\n{}",
                keys.token_signing_key
            );
            println!(
                "Secret, for Secrets Manager: link signing key\n{}",
                keys.link_signing_key
            );
            println!("Secret, for Secrets Manager: audit key\n{}", keys.audit_key);
            println!(
                "Secret, for Secrets Manager: firmware signing key\n{}",
                keys.firmware_signing_key
            );
            println!("Public, for the parameter TokenPublicKeys\n{}", keys.token_public_keys);
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("No keys could be made: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run(options: Options) -> Result<(), String> {
    let kept = options.data.clone();
    let product = Product::start(options, Telemetry::To(Arc::new(show)))
        .await
        .map_err(|error| error.to_string())?;
    println!("Polyclinic runs at {}", product.url);
    println!("  documentation  {}/docs", product.url);
    println!("  sent messages  {}/_local/inbox", product.url);
    match kept {
        Some(folder) => println!("  state          {}", folder.display()),
        None => println!("  state          in memory only"),
    }
    println!("Sign in as");
    for sign_in in &product.sign_ins {
        println!(
            "  {:<14} {} / {}",
            format!("{:?}", sign_in.role).to_lowercase(),
            sign_in.email,
            sign_in.password
        );
    }
    if let [Some(user), Some(password)] = [Secret::AdminUser, Secret::AdminPass].map(|secret| product.secret(secret)) {
        println!(
            "  {:<14} {user} / {password} (HTTP Basic, to publish firmware)",
            "operator"
        );
    }
    stop_signal().await;
    println!("Stopping");
    product.stop().await;
    Ok(())
}

fn show(record: &RequestRecord<'_>) {
    let RequestRecord {
        function,
        method,
        path,
        status,
        ..
    } = record;
    let (millis, trips) = (
        record.took.as_secs_f64() * 1000.0,
        record.usage.round_trips + record.limiter.round_trips,
    );
    println!("{status} {method} {path} · {function} · {millis:.1} ms · {trips} round trips");
    if let Some(cause) = record.cause.or(record.limiter.fault).or(record.outer_fault) {
        eprintln!("    {cause}");
    }
}

/// Ctrl-C, or what a supervisor sends.
async fn stop_signal() {
    #[cfg(unix)]
    if let Ok(mut terminate) = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = tokio::signal::ctrl_c() => {}
        }
        return;
    }
    let _ = tokio::signal::ctrl_c().await;
}
