//! What a handler works with: built once per process ([`Platform`]), bound to one request ([`Context`]).

use std::any::{Any, TypeId};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use domain::id::{SessionId, UploadId, UserId};
use domain::picture_link::{LinkSigner, Linked};
use domain::session::Product;
use jiff::{SignedDuration, Timestamp};
use store::{Store, uploads};

use crate::callers::SessionCache;
use crate::clock::Clock;
use crate::endpoint::Route;
use crate::entropy::{Entropy, NoEntropy};
use crate::problem::Problem;
use crate::rate_limit::BucketMemory;
use crate::request::{Client, Incoming};
use crate::secrets::{Secret, SecretStore};
use crate::settings::Settings;
use crate::socket::{Arrived, PushQueue};
use crate::telemetry::Telemetry;

/// One per process.
pub struct Platform {
    pub settings: Settings,
    pub clock: Clock,
    pub entropy: Entropy,
    pub telemetry: Telemetry,
    pub(crate) store: Store,
    pub(crate) secrets: SecretStore,
    pub(crate) sessions: SessionCache,
    pub(crate) buckets: BucketMemory,
    shared: Mutex<HashMap<TypeId, Arc<dyn Any + Send + Sync>>>,
}

impl Platform {
    pub fn new(settings: Settings, telemetry: Telemetry, clock: Clock) -> Self {
        Self {
            store: Store::new(settings.connection.clone(), settings.names.clone()),
            secrets: SecretStore::new(settings.connection.clone(), settings.secrets.clone()),
            sessions: SessionCache::default(),
            buckets: BucketMemory::default(),
            shared: Mutex::default(),
            entropy: Entropy,
            clock,
            telemetry,
            settings,
        }
    }

    /// A store that counts into a meter of its own.
    pub fn store(&self) -> Store {
        self.store.metered()
    }

    /// Takes a session that has just been ended out of this process's memory; others notice within seconds.
    pub fn forget_session(&self, session: SessionId) {
        self.sessions.forget(session);
    }

    /// The same for all sessions of a person whose rights have just changed.
    pub fn forget_user(&self, user: UserId) {
        self.sessions.forget_user(user);
    }

    /// Something costly that all requests share, such as a model: opened at the first call.
    pub fn shared<T, E>(&self, open: impl FnOnce() -> Result<T, E>) -> Result<Arc<T>, E>
    where
        T: Send + Sync + 'static,
    {
        let mut shared = self.shared.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(found) = shared
            .get(&TypeId::of::<T>())
            .cloned()
            .and_then(|any| any.downcast().ok())
        {
            return Ok(found);
        }
        let opened = Arc::new(open()?);
        shared.insert(TypeId::of::<T>(), opened.clone());
        Ok(opened)
    }
}

/// One per request: the only way to storage, time, ids, randomness and secrets.
pub struct Context {
    pub platform: Arc<Platform>,
    /// Counts what this request uses.
    pub store: Store,
    /// When the request came; it does not move while it is handled.
    pub now: Timestamp,
    pub request_id: String,
    pub client: Client,
    /// What absolute addresses begin with: `https://api.example.org`.
    pub base_url: String,
    /// Whose clients call the route of this request.
    pub product: Option<Product>,
    pub(crate) outer_fault: OnceLock<String>,
    /// What is to be pushed once the writes of this request are committed.
    pub(crate) pushes: PushQueue,
}

impl Context {
    pub(crate) fn for_request(platform: &Arc<Platform>, request: &Incoming, routes: &[Route]) -> Self {
        Self {
            product: request.route(routes).and_then(|route| route.product),
            store: platform.store(),
            now: platform.clock.now(),
            request_id: request.request_id.clone(),
            client: request.client.clone(),
            base_url: platform
                .settings
                .web
                .public_url
                .clone()
                .unwrap_or_else(|| request.base_url.clone()),
            platform: platform.clone(),
            outer_fault: OnceLock::new(),
            pushes: PushQueue::default(),
        }
    }

    pub(crate) fn for_socket(platform: &Arc<Platform>, arrived: &Arrived) -> Self {
        Self {
            request_id: arrived.request_id.clone(),
            client: arrived.client.clone(),
            ..Self::for_event(platform)
        }
    }

    pub(crate) fn for_event(platform: &Arc<Platform>) -> Self {
        Self {
            product: None,
            store: platform.store(),
            now: platform.clock.now(),
            request_id: String::new(),
            client: Client::default(),
            base_url: platform.settings.web.public_url.clone().unwrap_or_default(),
            platform: platform.clone(),
            outer_fault: OnceLock::new(),
            pushes: PushQueue::default(),
        }
    }

    /// A new id of any kind: `context.new_id(UserId::new)?`.
    pub fn new_id<T>(&self, make: impl FnOnce(Timestamp, [u8; 6]) -> T) -> Result<T, NoEntropy> {
        Ok(make(self.now, self.random()?))
    }

    pub fn random<const N: usize>(&self) -> Result<[u8; N], NoEntropy> {
        self.platform.entropy.bytes()
    }

    /// The network that the request came from, as coarse as abuse is counted.
    pub fn network(&self) -> String {
        domain::network::vicinity(&self.client.address)
    }

    /// What makes and checks links to pictures and documents.
    pub async fn picture_links(&self) -> Result<PictureLinks<'_>, Problem> {
        let key = self.platform.secrets.key(Secret::LinkSigningKey).await?;
        let signer = LinkSigner::new(&key).ok_or_else(|| Problem::internal("the link signing key is malformed"))?;
        Ok(PictureLinks {
            signer,
            base_url: &self.base_url,
            now: self.now,
            life: SignedDuration::from_mins(i64::from(self.platform.settings.web.picture_link_minutes)),
        })
    }

    /// For operators, who must hear of an outside service that fails although the request went well without it. It is
    /// logged: nothing of anybody may stand in it.
    pub fn note_outer_fault(&self, fault: String) {
        // The first is the cause of any other.
        let _ = self.outer_fault.set(fault);
    }

    /// An uploaded file goes once what was made of it is kept, with all that a camera wrote into it.
    pub async fn use_up(&self, owner: UserId, upload: UploadId) {
        if let Err(error) = uploads::remove_file(&self.store, owner, upload).await {
            self.note_file_stays(&error);
        }
    }

    /// The bucket forgets it within a day or two.
    pub(crate) fn note_file_stays(&self, error: &store::Error) {
        self.note_outer_fault(format!("a file that was used stays: {error}"));
    }

    /// Runs work that keeps a core busy, without holding up other requests of this process.
    pub async fn busy<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, Problem> {
        tokio::task::spawn_blocking(work)
            .await
            .map_err(|error| Problem::internal(error.to_string()))
    }
}

/// Links to pictures and documents, on the address that this request came to, at the time it came.
pub struct PictureLinks<'a> {
    signer: LinkSigner,
    base_url: &'a str,
    now: Timestamp,
    life: SignedDuration,
}

impl PictureLinks<'_> {
    /// An absolute address that shows the picture, or gives the document, for a while.
    pub fn address(&self, name: &impl Linked) -> String {
        format!("{}{}", self.base_url, self.signer.sign(name, self.now, self.life))
    }

    /// Whether a link's query opens the picture or document now.
    pub fn opens(&self, name: &impl Linked, expires: i64, signature: &str) -> bool {
        self.signer.opens(name, expires, signature, self.now)
    }
}
