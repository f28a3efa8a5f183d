//! Every POST may be sent again with its `Idempotency-Key`, or says why it need not.

use std::collections::BTreeSet;

use domain::notice::Notice;
use jiff::SignedDuration;
use reqwest::multipart::{Form, Part};
use reqwest::{Method, RequestBuilder};
use runtime::callers::Access;
use runtime::need::Need;
use runtime::{Function, Retry, Route, Work};
use serde_json::{Value, json};
use store::outbox::{self, Reason};
use store::table::{ItemAction, Table};
use tests::calls::{consult, invite};
use tests::clinic;
use tests::esp32_image;
use tests::made::events::filled;
use tests::made::samples;
use tests::photos;
use tests::world::{Answer, Person, World, eventually_async, send};

use super::access::{access, thing, with_sample};
use super::{assert_none, functions, routes, stock, visits};

fn posts() -> impl Iterator<Item = (&'static Function, &'static Route)> {
    routes().filter(|(_, route)| route.method == Method::POST)
}

fn retry(function: &Function) -> Retry {
    match function.work {
        Work::Requests { retry, .. } => retry,
        Work::Events { .. } | Work::Sockets { .. } => unreachable!("only endpoints have routes"),
    }
}

#[test]
fn every_post_takes_a_key_or_says_why_not() {
    let wrong = routes().filter_map(|(function, route)| match retry(function) {
        Retry::HandledAgain(why) if route.method != Method::POST || why.len() < 20 => Some(format!(
            "{}: `RETRY` is for POSTs, and its reason a sentence",
            function.name
        )),
        _ => None,
    });
    assert_none(wrong.collect());
    for (function, route) in posts() {
        if let Retry::HandledAgain(why) = retry(function) {
            println!("{} is handled again: {why}", route.path);
        }
    }
}

#[test]
fn who_takes_keys_may_keep_answers_and_nobody_else() {
    let on_ledger = |need: &Need| match need {
        Need::Items(Table::Ledger, actions) => actions.to_vec(),
        _ => Vec::new(),
    };
    let wrong = functions().filter_map(|(_, function)| {
        let takes_keys = matches!(function.work, Work::Requests { routes, retry, .. } if retry.takes_keys(routes));
        let actions: Vec<ItemAction> = function.all_needs().flat_map(on_ledger).collect();
        let wanted: &[ItemAction] = if takes_keys {
            &[ItemAction::Get, ItemAction::Put]
        } else {
            &[]
        };
        (actions != wanted).then(|| format!("{} may do {actions:?} with the ledger", function.name))
    });
    assert_none(wrong.collect());
}

/// Each is sent twice with a key, by somebody for whom it succeeds.
#[tokio::test(flavor = "multi_thread")]
async fn what_takes_a_key_is_carried_out_once() {
    let world = World::new().await;
    let cast = Cast::gather(&world).await;
    let mut wrong = Vec::new();
    let mut seen = BTreeSet::new();
    let of_a_function = posts().filter(|(function, _)| seen.insert(function.name));
    for (function, route) in of_a_function.filter(|(function, _)| retry(function) == Retry::Replayed) {
        let path = cast.path(&world, function, route).await;
        let (first, again) = (
            cast.call(&world, function, route, &path).await,
            cast.call(&world, function, route, &path).await,
        );
        let is_same = again.status == first.status && again.text() == first.text();
        if !first.status.is_success() {
            wrong.push(format!("{path} answers {}: {}", first.status, first.text()));
        } else if !is_same || !again.headers.contains_key("idempotency-replayed") {
            wrong.push(format!(
                "{path} is not replayed: {} then {}",
                first.text(),
                again.text()
            ));
        }
    }
    assert_none(wrong);
}

/// Whoever is needed for every POST to succeed.
pub struct Cast {
    patient: Person,
    pub doctor: Person,
    admin: Person,
    /// Whom the others do something to.
    other: Person,
    /// A licence that waits for approval.
    applicant: Person,
    prediction: Value,
    /// To a consultation of theirs.
    invite: Value,
    /// What the patient can reserve.
    reservation: Value,
}

impl Cast {
    pub async fn gather(world: &World) -> Self {
        let cast = Self {
            patient: world.patient("pat").await,
            doctor: world.verified_doctor("dora").await,
            admin: world.admin().await,
            other: world.patient("otto").await,
            applicant: world.licensed_doctor("apollo").await,
            prediction: Value::Null,
            invite: Value::Null,
            reservation: Value::Null,
        };
        visits::open(&cast.doctor).await;
        let prediction = cast.patient.predict(photos::face()).await.json()["prediction_id"].clone();
        let record = json!({ "id": samples::RECORD, "title": "Asthma" });
        let made = cast.patient.post("/api/records/medical-history", record).await;
        assert_eq!(made.status, 201);
        cast.other.let_see(&cast.doctor, &["records"]).await;
        let device = json!({ "device_id": "camera-1" });
        let enrolled = world.as_operator(Method::POST, "/api/firmware/devices").json(&device);
        assert_eq!(send(enrolled).await.status, 201);
        let form = Form::new().text("version", "1.0.0").text("rollout_percent", "10");
        let image = Part::bytes(esp32_image::image("1.0.0", esp32_image::SMALLEST)).file_name("camera.bin");
        let published = world.as_operator(Method::POST, "/api/firmware/upload");
        assert_eq!(send(published.multipart(form.part("file", image))).await.status, 200);
        let call = consult(&cast.patient, &cast.doctor, json!({})).await;
        let invite = invite(&cast.patient, &call, "Interpreter").await["token"].clone();
        let reservation = stock::body(world, "reserve-medicine", &cast.patient).await;
        Self {
            prediction,
            invite,
            reservation: reservation.expect("a prescription"),
            ..cast
        }
    }

    fn caller(&self, function: &Function) -> Option<&Person> {
        match function.work {
            Work::Requests { access, .. } => match access {
                Access::Anyone | Access::MaybeDevice | Access::Operator => None,
                Access::Doctor | Access::VerifiedDoctor | Access::DoctorOrAdmin => Some(&self.doctor),
                Access::Admin => Some(&self.admin),
                _ => Some(&self.patient),
            },
            Work::Events { .. } | Work::Sockets { .. } => None,
        }
    }

    pub async fn path(&self, world: &World, function: &Function, route: &Route) -> String {
        let (id, path) = ("{id}", route.path);
        match function.name {
            "suspend-user" | "unsuspend-user" => path.replace(id, &self.other.id),
            "verify-doctor" => path.replace(id, &self.applicant.id),
            "list-free-times" => path.replace(id, &self.doctor.id),
            "renew-device-token" => path.replace("{device_id}", "camera-1"),
            "change-rollout" => path.replace("{version}", "1.0.0"),
            "redrive-errand" => path.replace(id, &parked(world, &self.patient).await),
            "review-emergency-access" => path.replace(id, &clinic::break_glass(&self.doctor, &self.other).await),
            name => {
                let caller = self.caller(function).unwrap_or(&self.patient);
                thing(world, name, caller).await.unwrap_or_else(|| filled(path))
            }
        }
    }

    /// By whoever may call it.
    pub fn request(&self, world: &World, function: &Function, route: &Route, path: &str) -> RequestBuilder {
        let method = route.method.clone();
        match (self.caller(function), access(function)) {
            (Some(person), _) => person.request(method, path),
            (None, Access::Operator) => world.as_operator(method, path),
            (None, _) => world.request(method, path),
        }
    }

    async fn call(&self, world: &World, function: &Function, route: &Route, path: &str) -> Answer {
        let request = self.request(world, function, route, path);
        let photo = |field| Form::new().part(field, Part::bytes(photos::face()).file_name("photo.jpg"));
        let request = match function.name {
            // A pixel is no photo of anything.
            "predict-skin-condition" | "diagnose-skin" => request.multipart(photo("image")),
            "analyze-teeth" | "report-teeth" => {
                let teeth = Part::bytes(photos::teeth()).file_name("teeth.jpg");
                request.multipart(Form::new().part("file1", teeth))
            }
            "link-family-member" => request.json(&json!({
                "family_member_email": self.other.email,
                "relationship": "other",
            })),
            "create-consultation" => request.json(&json!({ "doctor_id": self.doctor.id })),
            "reserve-medicine" => request.json(&self.reservation),
            "join-as-guest" => request.json(&json!({ "token": self.invite })),
            "request-review" => request.json(&json!({
                "predictionId": self.prediction,
                "dermatologistId": self.doctor.id,
            })),
            "create-record-draft" => request.json(&json!({
                "patient_id": self.other.id,
                "record_type": "treatment",
                "data": { "text": "Rest" },
            })),
            "book-appointment" => {
                request.json(&json!({ "doctor_id": self.doctor.id, "start": "2033-05-02T09:00:00Z" }))
            }
            "join-waitlist" => request.json(&json!({ "doctor_id": self.doctor.id })),
            _ => with_sample(request, function),
        };
        send(request.header("Idempotency-Key", format!("one {}", function.name))).await
    }
}

/// The id of an errand that waits for a person.
async fn parked(world: &World, person: &Person) -> String {
    world.product.cloud.mail.put_off_next(usize::MAX);
    world.tell(person, Notice::TicketAnswered).await;
    let (store, now) = (world.product.platform.store(), world.product.clock.now());
    let far = now + SignedDuration::from_hours(48);
    let look = || async { outbox::due(&store, far, 500).await.expect("a queue").pop() };
    let id = eventually_async(look).await.expect("the mail is put off");
    let entry = outbox::waiting(&store, id).await.expect("an answer").expect("it waits");
    outbox::park(&store, &entry, Reason::MailUnavailable, now)
        .await
        .expect("it is parked");
    world.product.cloud.mail.put_off_next(0);
    entry.id.to_string()
}
