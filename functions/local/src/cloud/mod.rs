//! The cloud in one process: DynamoDB, S3, SNS, KMS, what API Gateway sends over WebSockets, a mail relay, Twilio, FCM, Firebase, Overpass, Gemini and Hugging
//! Face on loopback ports, speaking the real wire protocols, so that the product's own clients are used unchanged.
//!
//! Every [`start`] is a world of its own on free ports: tests share nothing. Start here, then see one file
//! or folder per service. Deliberately not here: IAM, throttling, replication lag. No local stand-in shows those.

pub mod connections;
mod dynamodb;
mod engine;
pub mod kms;
mod outside;
pub mod s3;
mod signature;
mod sns;

use std::io;
use std::net::TcpListener;
use std::path::PathBuf;

use clients::mail::{ReceivedMail, StandIn};
use clients::stand_in::Faults;
use clients::{fcm, firebase, gemini, huggingface, overpass, twilio};
use thiserror::Error;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

use crate::inbox::Inbox;
use connections::Connections;
use engine::Engine;
pub use s3::ObjectEvent;
pub use sns::platform_application;

/// The region all parts answer for.
pub const REGION: &str = "us-east-1";
/// The account in ARNs, as in AWS's own examples.
pub const ACCOUNT: &str = "123456789012";

pub struct Options {
    pub storage: Storage,
    /// What S3, SNS and KMS requests must be signed with. DynamoDB only wants a signature to be there.
    pub credentials: Credentials,
}

pub enum Storage {
    /// Nothing is left behind.
    Memory,
    /// Everything lives in this folder, which is created, and survives a restart.
    Directory(PathBuf),
}

impl Storage {
    fn folder(self) -> Option<PathBuf> {
        match self {
            Storage::Memory => None,
            Storage::Directory(folder) => Some(folder),
        }
    }
}

#[derive(Clone)]
pub struct Credentials {
    pub access_key: String,
    pub secret_key: String,
}

#[derive(Debug, Error)]
pub enum CloudError {
    #[error("a loopback port or thread could not be opened")]
    Start(#[source] io::Error),
    #[error("{what} could not be opened")]
    Storage { what: &'static str, source: io::Error },
    #[error("the database could not be opened: {0}")]
    Database(String),
}

/// A running cloud. It stops when dropped; [`Cloud::shutdown`] lets requests in flight finish first.
pub struct Cloud {
    pub dynamodb_url: String,
    pub s3_url: String,
    pub sns_url: String,
    pub kms_url: String,
    /// Where connections of the WebSocket API are sent to.
    pub connections_url: String,
    /// For `SMTP_URL`.
    pub smtp_url: String,
    pub twilio_url: String,
    pub fcm_url: String,
    pub firebase_url: String,
    pub overpass_url: String,
    pub gemini_url: String,
    pub huggingface_url: String,
    /// Every change of an object, in order. See [`crate::event_sources::objects`].
    pub object_events: UnboundedReceiver<ObjectEvent>,
    /// What was sent by text message, push or mail.
    pub inbox: Inbox,
    /// The mail relay, which can be told to put mails off.
    pub mail: StandIn,
    pub sns: Faults,
    /// The connections that are open now; the gateway holds them.
    pub connections: Connections,
    pub connection_faults: Faults,
    /// These can be told to fail, and to go by another clock.
    pub twilio: twilio::StandIn,
    pub fcm: fcm::StandIn,
    pub firebase: firebase::StandIn,
    pub overpass: overpass::StandIn,
    pub gemini: gemini::StandIn,
    pub huggingface: huggingface::StandIn,
    engine: Engine,
}

/// Returns once all ports are open; it needs no runtime and blocks for some milliseconds.
pub fn start(options: Options) -> Result<Cloud, CloudError> {
    let Options { storage, credentials } = options;
    let folder = prepared_folder(storage)?;
    let path = |name: &str| folder.as_ref().map(|folder| folder.join(name));
    let inbox = open_inbox(path("inbox.jsonl"))?;
    let database = dynamodb::open(path("dynamodb.sqlite").as_deref())?;
    let (send_event, object_events) = unbounded_channel();
    let s3 = s3::router(path("s3").as_deref(), &credentials, send_event).map_err(storage_error("the object store"))?;
    let kms = kms::router(path("keys").as_deref(), credentials.clone()).map_err(storage_error("the master key"))?;
    let engine = Engine::new().map_err(CloudError::Start)?;
    let (open_connections, connection_faults, connections_url) = open_connections(&engine, credentials.clone())?;
    let sns_faults = Faults::default();
    let sns = sns::router(path("sns.json"), credentials, inbox.clone(), sns_faults.clone())
        .map_err(storage_error("the topics"))?;

    let (database_port, dynamodb_url) = listener("http")?;
    let (s3_port, s3_url) = listener("http")?;
    let (sns_port, sns_url) = listener("http")?;
    let (kms_port, kms_url) = listener("http")?;
    engine.run(|stop| dynamodb::serve(database_port, database, stop));
    engine.run(|stop| engine::serve(s3_port, s3, stop));
    engine.run(|stop| engine::serve(sns_port, sns, stop));
    engine.run(|stop| engine::serve(kms_port, kms, stop));
    let (mail, smtp_url) = open_mail(&engine, &inbox)?;
    let (twilio, twilio_url) = outside::twilio(&engine, &inbox)?;
    let (fcm, fcm_url) = outside::fcm(&engine, &inbox)?;
    let (firebase, firebase_url) = outside::firebase(&engine)?;
    let (overpass, overpass_url) = outside::overpass(&engine)?;
    let (gemini, gemini_url) = outside::gemini(&engine)?;
    let (huggingface, huggingface_url) = outside::huggingface(&engine)?;
    Ok(Cloud {
        dynamodb_url,
        s3_url,
        sns_url,
        kms_url,
        connections_url,
        smtp_url,
        twilio_url,
        fcm_url,
        firebase_url,
        overpass_url,
        gemini_url,
        huggingface_url,
        object_events,
        inbox,
        mail,
        sns: sns_faults,
        connections: open_connections,
        connection_faults,
        twilio,
        fcm,
        firebase,
        overpass,
        gemini,
        huggingface,
        engine,
    })
}

/// What API Gateway offers functions for connections: these, how they fail, and where it is.
fn open_connections(engine: &Engine, credentials: Credentials) -> Result<(Connections, Faults, String), CloudError> {
    let (open, faults) = (Connections::default(), Faults::default());
    let (port, url) = listener("http")?;
    let router = connections::router(credentials, open.clone(), faults.clone());
    engine.run(|stop| engine::serve(port, router, stop));
    Ok((open, faults, url))
}

fn open_mail(engine: &Engine, inbox: &Inbox) -> Result<(StandIn, String), CloudError> {
    let (port, url) = listener("smtp")?;
    let mail = StandIn::default();
    engine.run(|stop| serve_mail(port, mail.clone(), inbox.clone(), stop));
    Ok((mail, url))
}

fn prepared_folder(storage: Storage) -> Result<Option<PathBuf>, CloudError> {
    let folder = storage.folder();
    if let Some(folder) = &folder {
        std::fs::create_dir_all(folder).map_err(storage_error("the data folder"))?;
    }
    Ok(folder)
}

fn open_inbox(path: Option<PathBuf>) -> Result<Inbox, CloudError> {
    match path {
        Some(path) => Inbox::open(&path).map_err(storage_error("the inbox")),
        None => Ok(Inbox::in_memory()),
    }
}

impl Cloud {
    /// For the one who feeds the workers; later calls get a channel on which nothing arrives.
    pub fn take_object_events(&mut self) -> UnboundedReceiver<ObjectEvent> {
        std::mem::replace(&mut self.object_events, unbounded_channel().1)
    }

    /// Stops taking connections, lets requests in flight finish (for some seconds), and closes all files.
    pub async fn shutdown(self) {
        self.engine.shutdown().await;
    }
}

/// Every accepted mail is an entry of the inbox for each of its recipients.
async fn serve_mail(listener: TcpListener, relay: StandIn, inbox: Inbox, mut stop: engine::Stop) -> io::Result<()> {
    let listener = tokio::net::TcpListener::from_std(listener)?;
    let (received, mut mails) = unbounded_channel::<ReceivedMail>();
    let deliver = async {
        while let Some(mail) = mails.recv().await {
            inbox.record_mail(mail);
        }
    };
    tokio::select! {
        () = stop.requested() => Ok(()),
        result = relay.serve(listener, received) => result,
        () = deliver => Ok(()),
    }
}

fn listener(scheme: &str) -> Result<(TcpListener, String), CloudError> {
    let open = || {
        let listener = TcpListener::bind(("127.0.0.1", 0))?;
        listener.set_nonblocking(true)?;
        let url = format!("{scheme}://{}", listener.local_addr()?);
        Ok((listener, url))
    };
    open().map_err(CloudError::Start)
}

fn storage_error(what: &'static str) -> impl Fn(io::Error) -> CloudError {
    move |source| CloudError::Storage { what, source }
}

/// 128 bits in hexadecimal digits, for names that must never repeat.
fn random_name() -> String {
    let mut bytes = [0; 16];
    if getrandom::fill(&mut bytes).is_err() {
        // Without a random source the clock still gives names that do not repeat.
        let now = jiff::Timestamp::now().as_nanosecond();
        bytes = now.to_be_bytes();
    }
    data_encoding::HEXLOWER.encode(&bytes)
}

/// The same in the usual grouping of 8-4-4-4-12 digits.
pub(crate) fn uuid() -> String {
    let name = random_name();
    [&name[..8], &name[8..12], &name[12..16], &name[16..20], &name[20..]].join("-")
}
