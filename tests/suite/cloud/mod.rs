//! The local cloud, held to what AWS documents, through the real SDK crates. An upgrade of an embedded part
//! that changes behaviour is seen here first.
//!
//! Every test starts a cloud of its own, which takes a few milliseconds.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "the helpers of tests may fail as loudly as the tests"
)]

mod dynamodb;
mod event_sources;
mod kms;
mod lifecycle;
mod mail;
mod s3;
mod secrets;
mod sns;

use std::future::Future;
use std::time::{Duration, Instant};

use aws_smithy_http_client::Builder;
use local::cloud::{self, Cloud, Credentials, Options, Storage};

pub const ACCESS_KEY: &str = "LOCALACCESSKEY";
pub const SECRET_KEY: &str = "local-secret-key";

pub fn credentials() -> Credentials {
    Credentials {
        access_key: ACCESS_KEY.to_owned(),
        secret_key: SECRET_KEY.to_owned(),
    }
}

pub fn start(storage: Storage) -> Cloud {
    cloud::start(Options {
        storage,
        credentials: credentials(),
    })
    .unwrap()
}

pub fn in_memory() -> Cloud {
    start(Storage::Memory)
}

/// The SDKs are configured by types of the same names. Retries are off: a refusal should not take a second.
macro_rules! sdk {
    ($sdk:ident, $endpoint:expr, $secret:expr) => {
        $sdk::Config::builder()
            .behavior_version($sdk::config::BehaviorVersion::latest())
            .endpoint_url($endpoint)
            .region($sdk::config::Region::new("us-east-1"))
            .credentials_provider($sdk::config::Credentials::new(
                $crate::cloud::ACCESS_KEY,
                $secret,
                None,
                None,
                "test",
            ))
            .retry_config($sdk::config::retry::RetryConfig::disabled())
            .http_client($crate::cloud::plain_http())
    };
}
pub(crate) use sdk;

pub fn plain_http() -> impl aws_sdk_s3::config::HttpClient + 'static {
    Builder::new().build_http()
}

/// Waits for something that must come, without sleeping longer than needed.
pub async fn eventually<T, F: Future<Output = Option<T>>>(what: &str, mut look: impl FnMut() -> F) -> T {
    let deadline = Instant::now() + Duration::from_secs(10);
    loop {
        if let Some(found) = look().await {
            return found;
        }
        assert!(Instant::now() < deadline, "never saw {what}");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}
