//! DynamoDB by `dynoxide`, behind its own server: only there the newer validations apply.
//!
//! It does not expire items by itself; a timer sweeps. AWS may take days for that, so nothing in the
//! product may rely on it.

use std::io;
use std::net::TcpListener;
use std::path::Path;
use std::time::Duration;

use dynoxide::Database;

use super::CloudError;
use super::engine::Stop;

const SWEEP_EVERY: Duration = Duration::from_millis(500);

pub fn open(file: Option<&Path>) -> Result<Database, CloudError> {
    let database = match file {
        None => Database::memory(),
        Some(file) => {
            let text = file
                .to_str()
                .ok_or_else(|| CloudError::Database("its path is not Unicode".to_owned()))?;
            Database::new(text)
        }
    };
    database.map_err(|error| CloudError::Database(error.to_string()))
}

pub async fn serve(listener: TcpListener, database: Database, mut stop: Stop) -> io::Result<()> {
    let listener = tokio::net::TcpListener::from_std(listener)?;
    let sweeper = tokio::spawn(sweep(database.clone(), stop.clone()));
    let served = dynoxide::server::serve_with_shutdown(listener, database, async move { stop.requested().await }).await;
    sweeper.abort();
    served.map_err(io::Error::other)
}

/// A sweep that fails (a table deleted under it, say) is tried again half a second later.
async fn sweep(database: Database, mut stop: Stop) {
    let mut timer = tokio::time::interval(SWEEP_EVERY);
    timer.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            () = stop.requested() => return,
            _ = timer.tick() => {}
        }
        let database = database.clone();
        let _ = tokio::task::spawn_blocking(move || database.sweep_ttl()).await;
    }
}
