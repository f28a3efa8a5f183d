//! A running product of one's own, and people who use it over HTTP.
//!
//! Each test has its own world: nothing is shared, so all can run at once. Set-up goes through the API too.

mod used;

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use domain::id::OutboxId;
use domain::notice::Notice;
use domain::role::Role;
use local::areas::AREAS;
use local::event_sources::schedule::scheduled_event;
use local::inbox::Message;
use local::options::Options;
use local::product::Product;
use reqwest::multipart::{Form, Part};
use reqwest::{Client, Method, RequestBuilder, StatusCode};
use runtime::secrets::Secret;
use runtime::settings::Settings;
use runtime::telemetry::Telemetry;
use serde_json::{Value, json};
use store::bucket::Bucket;
use store::outbox::{self, Entry, Errand};

use used::Used;

/// Longest that something which must happen "soon" may take.
const SOON: Duration = Duration::from_secs(20);

pub struct World {
    pub product: Product,
    http: Client,
    usage: Arc<Mutex<Vec<Used>>>,
    log: Arc<Mutex<String>>,
    dies_in: Arc<Mutex<Option<&'static str>>>,
}

/// An answer, read to its end.
#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: reqwest::header::HeaderMap,
    pub bytes: Vec<u8>,
}

/// Somebody with an account, signed in.
#[derive(Clone)]
pub struct Person {
    pub email: String,
    pub username: String,
    pub password: String,
    pub id: String,
    pub token: String,
    url: String,
    http: Client,
}

impl World {
    /// In memory, on a free port, and for as many calls as a test makes.
    pub async fn new() -> Self {
        Self::with(Options {
            port: 0,
            data: None,
            rate_limits: false,
            ..Options::default()
        })
        .await
    }

    /// As people meet it.
    pub async fn with_rate_limits() -> Self {
        Self::with(Options {
            port: 0,
            data: None,
            ..Options::default()
        })
        .await
    }

    pub async fn with(options: Options) -> Self {
        Self::start(options, |_| ()).await
    }

    /// In memory, with other settings than a developer's.
    pub async fn set_up(adjust: impl FnOnce(&mut Settings)) -> Self {
        Self::start(in_memory(), adjust).await
    }

    async fn start(options: Options, adjust: impl FnOnce(&mut Settings)) -> Self {
        let usage = Arc::new(Mutex::new(Vec::new()));
        let record = usage.clone();
        let log = Arc::new(Mutex::new(String::new()));
        let lines = log.clone();
        let dies_in = Arc::<Mutex<Option<&'static str>>>::default();
        let death = dies_in.clone();
        let telemetry = Telemetry::To(Arc::new(move |request| {
            record.lock().unwrap_or_else(PoisonError::into_inner).push(Used {
                function: request.function,
                usage: request.usage,
                limiter_round_trips: request.limiter.round_trips,
            });
            let mut lines = lines.lock().unwrap_or_else(PoisonError::into_inner);
            lines.push_str(&request.to_line());
            lines.push('\n');
            drop(lines);
            if let Some(cause) = request.cause.or(request.limiter.fault) {
                eprintln!("{}: {cause}", request.function);
            }
            let is_last = |death: &mut &str| *death == request.function;
            let death = death.lock().unwrap_or_else(PoisonError::into_inner).take_if(is_last);
            assert!(death.is_none(), "dies as a test wants it, before its answer goes out");
        }));
        let product = Product::start_with(options, telemetry, adjust)
            .await
            .expect("the product starts");
        Self {
            product,
            http: Client::builder()
                .timeout(Duration::from_secs(60))
                .build()
                .expect("a client"),
            usage,
            log,
            dies_in,
        }
    }

    /// The lines that a log in the cloud would hold by now.
    pub fn log(&self) -> String {
        self.log.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.product.url)
    }

    /// The next request to a function is handled, and then its process dies before the answer goes out.
    pub fn die_before_answer(&self, function: &'static str) {
        *self.dies_in.lock().unwrap_or_else(PoisonError::into_inner) = Some(function);
    }

    /// Without a token.
    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.http.request(method, self.url(path))
    }

    pub async fn get(&self, path: &str) -> Answer {
        send(self.request(Method::GET, path)).await
    }

    /// An address as the product gave it.
    pub async fn follow(&self, url: &str) -> Answer {
        send(self.http.get(url)).await
    }

    pub async fn post(&self, path: &str, body: Value) -> Answer {
        send(self.request(Method::POST, path).json(&body)).await
    }

    /// Signs up and in. `name` must be unique within this world.
    pub async fn patient(&self, name: &str) -> Person {
        self.person(name, "patient").await
    }

    pub async fn person(&self, name: &str, role: &str) -> Person {
        let (email, password) = (format!("{name}@example.org"), format!("password of {name}"));
        let body = json!({ "role": role, "username": name, "email": email, "password": password });
        let answer = self.post("/api/auth/signup", body).await;
        assert_eq!(answer.status, 201, "{answer:?}");
        self.log_in(&email, &password).await
    }

    pub async fn log_in(&self, name: &str, password: &str) -> Person {
        let answer = self
            .post(
                "/api/auth/login",
                json!({ "emailOrUsername": name, "password": password }),
            )
            .await;
        assert_eq!(answer.status, 200, "{answer:?}");
        let body = answer.json();
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        Person {
            email: text(&body["user"]["email"]),
            username: text(&body["user"]["username"]),
            id: text(&body["user"]["id"]),
            token: text(&body["token"]),
            password: password.to_owned(),
            url: self.product.url.clone(),
            http: self.http.clone(),
        }
    }

    /// The seeded admin.
    pub async fn admin(&self) -> Person {
        let sign_in = self.product.sign_ins.iter().find(|sign_in| sign_in.role == Role::Admin);
        let sign_in = sign_in.expect("an admin is seeded");
        self.log_in(&sign_in.email, &sign_in.password).await
    }

    /// As whoever publishes firmware by HTTP Basic.
    pub fn as_operator(&self, method: Method, path: &str) -> RequestBuilder {
        let [user, password] =
            [Secret::AdminUser, Secret::AdminPass].map(|secret| self.product.secret(secret).expect("it is set"));
        self.request(method, path).basic_auth(user, Some(password))
    }

    /// Somebody whose licence an admin has approved.
    pub async fn verified_doctor(&self, name: &str) -> Person {
        let doctor = self.licensed_doctor(name).await;
        let path = format!("/api/admin/dermatologists/{}/verify", doctor.id);
        let answer = self.admin().await.post(&path, json!({ "status": "approved" })).await;
        assert_eq!(answer.status, 200, "{answer:?}");
        doctor
    }

    /// Somebody who has said their licence, and waits for approval.
    pub async fn licensed_doctor(&self, name: &str) -> Person {
        let (email, password) = (format!("{name}@example.org"), format!("password of {name}"));
        let body = json!({
            "role": "dermatologist",
            "username": name,
            "name": format!("Dr {name}"),
            "email": email,
            "password": password,
            "license": format!("LIC-{name}"),
            "specialization": "Dermatology",
            "clinic": "Clinic at the lake",
            "experience": 12,
        });
        let answer = self.post("/api/auth/signup", body).await;
        assert_eq!(answer.status, 201, "{answer:?}");
        self.log_in(&email, &password).await
    }

    /// How many pictures lie in storage.
    pub async fn stored_pictures(&self) -> usize {
        let settings = &self.product.platform.settings;
        let list = settings
            .connection
            .s3()
            .list_objects_v2()
            .bucket(settings.names.bucket(Bucket::Images));
        list.send().await.expect("a list of objects").contents().len()
    }

    /// Runs a scheduled worker now.
    pub async fn run_scheduled(&self, name: &str) {
        let ran = self.try_scheduled(name).await;
        ran.unwrap_or_else(|error| panic!("{name} failed: {error}"));
    }

    /// The same where it may fail.
    pub async fn try_scheduled(&self, name: &str) -> Result<(), String> {
        let functions = AREAS.iter().flat_map(|area| area.functions);
        let function = functions
            .map(|listing| listing.function)
            .find(|function| function.name == name);
        let function = function.unwrap_or_else(|| panic!("there is no function {name}"));
        let event = scheduled_event(name, self.product.clock.now()).to_string();
        let ran = runtime::invoke(function, self.product.platform.clone(), &event).await;
        ran.map(drop).map_err(|error| error.to_string())
    }

    /// Notes an errand, as a change of data would.
    pub async fn note(&self, errand: Errand) -> OutboxId {
        let platform = &self.product.platform;
        let now = self.product.clock.now();
        let id = OutboxId::new(now, platform.entropy.bytes().expect("random bytes"));
        let entry = Entry::new(id, errand, now);
        outbox::add(&platform.store(), &entry)
            .await
            .expect("the errand is noted");
        id
    }

    pub async fn tell(&self, person: &Person, notice: Notice) -> OutboxId {
        let user = person.id.parse().expect("an id");
        self.note(Errand::Tell { user, notice }).await
    }

    /// Waits for a message, since they are sent after the answer.
    pub async fn message(&self, to: &str, subject: &str) -> Message {
        let found = || {
            let is_wanted = |message: &Message| message.to == to && message.subject.as_deref() == Some(subject);
            self.product.inbox.newest(1000).into_iter().find(is_wanted)
        };
        eventually(found)
            .await
            .unwrap_or_else(|| panic!("no message {subject:?} came for {to}"))
    }
}

/// Asks again until there is something, for a while.
pub async fn eventually<T>(mut look: impl FnMut() -> Option<T>) -> Option<T> {
    let started = Instant::now();
    while started.elapsed() < SOON {
        if let Some(found) = look() {
            return Some(found);
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    None
}

/// The same for what must be asked for.
pub async fn eventually_async<T, F: Future<Output = Option<T>>>(mut look: impl FnMut() -> F) -> Option<T> {
    let started = Instant::now();
    while started.elapsed() < SOON {
        if let Some(found) = look().await {
            return Some(found);
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    None
}

impl Person {
    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.http
            .request(method, format!("{}{path}", self.url))
            .bearer_auth(&self.token)
    }

    pub async fn get(&self, path: &str) -> Answer {
        send(self.request(Method::GET, path)).await
    }

    pub async fn post(&self, path: &str, body: Value) -> Answer {
        send(self.request(Method::POST, path).json(&body)).await
    }

    /// One thing that is wanted, however often it is sent.
    pub async fn post_once(&self, path: &str, key: &str, body: Value) -> Answer {
        let request = self.request(Method::POST, path).json(&body);
        send(request.header("Idempotency-Key", key)).await
    }

    pub async fn put(&self, path: &str, body: Value) -> Answer {
        send(self.request(Method::PUT, path).json(&body)).await
    }

    pub async fn patch(&self, path: &str) -> Answer {
        send(self.request(Method::PATCH, path)).await
    }

    pub async fn delete(&self, path: &str) -> Answer {
        send(self.request(Method::DELETE, path)).await
    }

    /// As the apps send it: the part's type is not proof of anything.
    pub async fn predict(&self, photo: Vec<u8>) -> Answer {
        self.send_photo("/api/predictions/predict", "image", photo).await
    }

    /// As apps send it: in one field of a form.
    pub async fn send_photo(&self, path: &str, field: &'static str, photo: Vec<u8>) -> Answer {
        let part = Part::bytes(photo)
            .file_name("photo.jpg")
            .mime_str("image/jpg")
            .expect("a media type");
        send(
            self.request(Method::POST, path)
                .multipart(Form::new().part(field, part)),
        )
        .await
    }

    /// Asks a doctor to review an own prediction; gives the request's id.
    pub async fn ask_about(&self, prediction: &str, doctor: &Person) -> String {
        let body = json!({ "predictionId": prediction, "dermatologistId": doctor.id });
        let request = self.post("/api/review-requests", body).await;
        assert_eq!(request.status, 201, "{request:?}");
        request.json()["id"].as_str().expect("an id").to_owned()
    }

    /// Lets somebody see something of one's own, as family does; gives the link's id.
    pub async fn let_see(&self, other: &Person, scopes: &[&str]) -> String {
        let body = json!({ "family_member_email": other.email, "relationship": "other" });
        let link = self.post("/api/users/family/link", body).await;
        assert_eq!(link.status, 201, "{link:?}");
        let id = link.json()["link_id"].as_str().expect("an id").to_owned();
        let accepted = other.post(&format!("/api/users/family/{id}/accept"), Value::Null).await;
        assert!(accepted.status.is_success(), "{accepted:?}");
        let grant = json!({ "scopes": scopes });
        let granted = self.put(&format!("/api/users/family/{id}/grant"), grant).await;
        assert!(granted.status.is_success(), "{granted:?}");
        id
    }

    pub async fn predictions(&self) -> Vec<Value> {
        let answer = self.get("/api/predictions").await;
        assert_eq!(answer.status, 200, "{answer:?}");
        answer.json().as_array().cloned().expect("a bare array")
    }

    /// The own log of who did what, once it has this many entries; they come after the answer.
    pub async fn audit_length(&self, wanted: usize) -> Vec<Value> {
        let started = Instant::now();
        loop {
            let entries = self.get("/api/audit/me?limit=100").await.json()["entries"].clone();
            let entries = entries.as_array().cloned().expect("a list of entries");
            if entries.len() >= wanted {
                return entries;
            }
            assert!(started.elapsed() < SOON, "{} of {wanted} entries came", entries.len());
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// The entry of a request in the own log, once it is there.
    pub async fn audit_entry(&self, request_id: &str) -> Option<Value> {
        let started = Instant::now();
        while started.elapsed() < SOON {
            let log = self.get("/api/audit/me?limit=100").await.json();
            let entries = log["entries"].as_array().cloned().unwrap_or_default();
            if let Some(found) = entries.into_iter().find(|entry| entry["request_id"] == request_id) {
                return Some(found);
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        None
    }

    /// To an address that was given for it, without a token.
    pub async fn put_file(&self, url: &str, bytes: Vec<u8>) -> Answer {
        send(self.http.put(url).body(bytes)).await
    }
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.bytes).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
    }

    /// Checks the status and the sentence where both new and old clients read it, and gives the document.
    pub fn problem(&self, status: u16, sentence: &str) -> Value {
        let body = self.json();
        assert_eq!(self.status, status, "{body}");
        assert_eq!(self.header("content-type"), "application/problem+json");
        for member in ["detail", "error", "message"] {
            assert_eq!(body[member], sentence, "{body}");
        }
        assert_eq!(body["status"], status);
        assert_eq!(body["request_id"], self.header("x-request-id"));
        body
    }
}

pub async fn send(request: RequestBuilder) -> Answer {
    let response = request.send().await.expect("an answer");
    Answer {
        status: response.status(),
        headers: response.headers().clone(),
        bytes: response.bytes().await.expect("a whole answer").to_vec(),
    }
}

/// On a free port, for as many calls as a test makes.
fn in_memory() -> Options {
    Options {
        port: 0,
        data: None,
        rate_limits: false,
        ..Options::default()
    }
}
