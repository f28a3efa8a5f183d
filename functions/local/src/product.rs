//! The running product: cloud, people, workers and gateway, started in that order.

use std::fs::File;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use runtime::secrets::{Secret, SecretSource};
use runtime::settings::Settings;
use runtime::telemetry::Telemetry;
use runtime::{Clock, Platform, Problem};
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::cloud::{self, Cloud, CloudError, Storage};
use crate::data_folder::{self, DataFolderError};
use crate::event_sources::Feed;
use crate::gateway;
use crate::inbox::Inbox;
use crate::options::Options;
use crate::seed::{self, SignIn};
use crate::settings::{self, LocalSettingsError};
use crate::workers;

/// Why it did not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    #[error("port {port} is not free: {source}. Choose another with --port")]
    Port { port: u16, source: io::Error },
    #[error(transparent)]
    DataFolder(#[from] DataFolderError),
    #[error(transparent)]
    Cloud(#[from] CloudError),
    #[error(transparent)]
    Settings(#[from] LocalSettingsError),
    #[error("the tables and buckets cannot be made: {0}")]
    Provision(#[from] store::Error),
    #[error("the seeded people cannot be made: {0:?}")]
    Seed(Problem),
    #[error("{0}")]
    Routes(String),
}

pub struct Product {
    /// `http://127.0.0.1:3000`, without a slash at the end.
    pub url: String,
    pub sign_ins: Vec<SignIn>,
    pub inbox: Inbox,
    /// Tests set it forward.
    pub clock: Clock,
    pub platform: Arc<Platform>,
    /// Tests tell its services to fail.
    pub cloud: Cloud,
    feeds: Vec<Feed>,
    /// Keeps other processes out of the data folder.
    lock: Option<File>,
    stop: oneshot::Sender<()>,
    server: JoinHandle<io::Result<()>>,
}

impl Product {
    pub async fn start(options: Options, telemetry: Telemetry) -> Result<Self, StartError> {
        Self::start_with(options, telemetry, |_| ()).await
    }

    /// `adjust` may change what the environment sets.
    pub async fn start_with(
        options: Options,
        telemetry: Telemetry,
        adjust: impl FnOnce(&mut Settings),
    ) -> Result<Self, StartError> {
        let folder = options.data.as_deref();
        // First of all, so that a second start does not touch the data of the first.
        let listener = TcpListener::bind(("127.0.0.1", options.port)).await;
        let listener = listener.map_err(|source| StartError::Port {
            port: options.port,
            source,
        })?;
        let lock = folder.map(data_folder::lock).transpose()?;
        if let Some(folder) = folder.filter(|_| options.reset) {
            data_folder::reset(folder).map_err(DataFolderError::from)?;
        }
        let mut cloud = cloud::start(cloud::Options {
            storage: folder.map_or(Storage::Memory, |folder| Storage::Directory(folder.to_owned())),
            credentials: settings::credentials(),
        })?;
        let clock = Clock::default();
        let codes_clock = clock.clone();
        cloud
            .twilio
            .use_clock(clients::clock::Clock::new(move || codes_clock.now()));
        let port = listener.local_addr().map_or(options.port, |address| address.port());
        let mut settings = settings::read(&cloud, &options, port)?;
        adjust(&mut settings);
        let platform = Arc::new(Platform::new(settings, telemetry, clock.clone()));
        store::provision::provision(&platform.store(), &platform.settings.web.cors_origins).await?;
        let sign_ins = seed::sign_ins();
        seed::seed(&platform, &sign_ins).await.map_err(StartError::Seed)?;
        let feeds = workers::feed_all(&platform, &mut cloud, folder);

        let connections = cloud.connections.clone();
        let router = gateway::router(platform.clone(), cloud.inbox.clone(), connections, options.socket_times);
        let router = router.map_err(|error| StartError::Routes(error.to_string()))?;
        let (stop, stopped) = oneshot::channel();
        let server = axum::serve(listener, router.into_make_service_with_connect_info::<SocketAddr>());
        let server = server.with_graceful_shutdown(async { drop(stopped.await) });
        Ok(Self {
            url: format!("http://127.0.0.1:{port}"),
            inbox: cloud.inbox.clone(),
            server: tokio::spawn(server.into_future()),
            sign_ins,
            clock,
            platform,
            cloud,
            feeds,
            lock,
            stop,
        })
    }

    /// From here on errands wait and nothing is due: for long tests of something else.
    pub fn rest_workers(&mut self) {
        self.feeds.clear();
    }

    /// What a secret is here, where all of them are plain settings.
    pub fn secret(&self, secret: Secret) -> Option<&str> {
        match self.platform.settings.secrets.get(&secret)? {
            SecretSource::Inline(value) => Some(value),
            SecretSource::SecretsManager(_) => None,
        }
    }

    /// Lets requests in flight finish, then closes all files.
    pub async fn stop(self) {
        let _ = self.stop.send(());
        let _ = self.server.await;
        drop(self.feeds);
        self.cloud.shutdown().await;
        drop(self.lock);
    }
}
