//! Real processes that die between the commit and the answer, or before it, or that stall there: driven through the Lambda
//! Runtime API, with a gate before the database.

use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Value, json};
use tests::gate::{Gate, Moment, Stopped};
use tests::lambda::{Binary, Cause, LambdaFunction, build_for_tests, environment};
use tests::world::{Person, World, eventually_async};

use super::lambda::event;

const CREATE: Binary = Binary {
    package: "records",
    name: "create-medical-history",
};
const PUSH: Binary = Binary {
    package: "records",
    name: "push-record-changes",
};
/// Writes its ticket, an entry in two lists and the counts.
const TICKET: Binary = Binary {
    package: "platform",
    name: "open-ticket",
};

const HISTORY: &str = "/api/records/medical-history";
const CHANGES: &str = "/api/records/sync/changes";
const TICKETS: &str = "/api/support/tickets";
const RECORD: &str = "01d0000000000123456789ab";
const SIGKILL: i32 = 9;

struct Stage {
    world: World,
    gate: Gate,
    folder: PathBuf,
    ana: Person,
}

impl Stage {
    async fn set(binaries: &'static [Binary]) -> Self {
        let folder = tokio::task::spawn_blocking(|| build_for_tests(binaries)).await.unwrap();
        let world = World::new().await;
        let database = world.product.platform.settings.connection.dynamodb_endpoint.clone();
        Self {
            gate: Gate::before(&database.unwrap()).await,
            ana: world.patient("ana").await,
            world,
            folder,
        }
    }

    fn request(&self, path: &str, key: Option<&str>, body: &Value) -> Value {
        let bearer = format!("Bearer {}", self.ana.token);
        let mut headers = vec![("content-type", "application/json"), ("authorization", bearer.as_str())];
        headers.extend(key.map(|key| ("idempotency-key", key)));
        event("POST", path, &headers, Some((body.to_string(), false)))
    }

    /// In a process of its own, whose way to the database leads through the gate.
    async fn invoke<T: Send + 'static>(
        &self,
        binary: Binary,
        event: Value,
        run: impl FnOnce(LambdaFunction, Value) -> T + Send + 'static,
    ) -> T {
        let bootstrap = self.folder.join(binary.name);
        let mut environment = environment(&self.world.product.platform.settings);
        for (name, value) in &mut environment {
            if *name == "AWS_ENDPOINT_URL_DYNAMODB" {
                value.clone_from(&self.gate.url);
            }
        }
        let call = move || run(start(&bootstrap, &environment), event);
        tokio::task::spawn_blocking(call).await.unwrap()
    }

    async fn answer(&self, binary: Binary, event: &Value) -> Reply {
        let run =
            |mut function: LambdaFunction, event: Value| function.invoke(&event).map_err(|error| error.to_string());
        let answer = self.invoke(binary, event.clone(), run).await;
        Reply(answer.unwrap_or_else(|error| panic!("{error}")))
    }

    /// The process is killed at its `number`th transaction.
    async fn killed(&self, binary: Binary, event: &Value, number: u32, moment: Moment) {
        let Stopped { reached, release } = self.gate.stop_at(number, moment);
        let run = move |mut function: LambdaFunction, event: Value| {
            let process = function.process_id();
            let killer = std::thread::spawn(move || {
                reached.blocking_recv().expect("the transaction comes");
                let kill = format!("kill -{SIGKILL} {process}");
                assert!(Command::new("sh").args(["-c", &kill]).status().unwrap().success());
            });
            let error = function.invoke(&event).expect_err("it dies before it answers");
            killer.join().unwrap();
            let signal = match &error.cause {
                Cause::Exited(status) => status.signal(),
                _ => None,
            };
            assert_eq!(signal, Some(SIGKILL), "{error}");
        };
        self.invoke(binary, event.clone(), run).await;
        drop(release);
    }

    async fn total(&self) -> Value {
        self.ana.get("/api/records").await.json()["total"].clone()
    }
}

fn start(bootstrap: &Path, environment: &[(&str, String)]) -> LambdaFunction {
    LambdaFunction::start(bootstrap, environment)
}

/// As the Runtime API gets it.
struct Reply(Value);

impl Reply {
    fn is_replayed(&self) -> bool {
        self.0["headers"]["idempotency-replayed"] == "true"
    }

    fn json(&self) -> Value {
        serde_json::from_str(self.0["body"].as_str().unwrap()).unwrap()
    }
}

/// Killed, and sent again with its key: what was answered, and that it was done once.
async fn one_effect(stage: &Stage, binary: Binary, path: &str, moment: Moment, body: &Value) -> Value {
    let key = format!("{}-{moment:?}", binary.name);
    let request = stage.request(path, Some(&key), body);
    stage.killed(binary, &request, 1, moment).await;
    let second = stage.answer(binary, &request).await;
    assert_eq!(second.is_replayed(), moment == Moment::AfterCommit, "{}", second.0);
    let third = stage.answer(binary, &request).await;
    assert!(third.is_replayed(), "{}", third.0);
    assert_eq!(
        (&third.0["statusCode"], third.json()),
        (&second.0["statusCode"], second.json())
    );
    second.json()
}

#[tokio::test(flavor = "multi_thread")]
async fn who_lost_the_answer_to_a_killed_process_gets_it_and_it_is_done_once() {
    let stage = Stage::set(&[CREATE, PUSH, TICKET]).await;
    let (ana, admin) = (&stage.ana, stage.world.admin().await);
    let form = json!({
        "name": "Ana", "email": "ana@example.org", "subject": "Help", "category": "General", "message": "Please",
    });
    for (done, moment) in [Moment::AfterCommit, Moment::BeforeCommit].into_iter().enumerate() {
        let made = one_effect(&stage, CREATE, HISTORY, moment, &json!({ "title": "Asthma" })).await;
        let id = made["id"].as_str().unwrap();
        assert_eq!(stage.total().await, done + 1);
        assert_eq!(
            ana.get(&format!("/api/records/{id}")).await.json(),
            made,
            "the answer is the truth"
        );
        let noted = || async {
            let trail = ana.get(&format!("/api/records/{id}/audit")).await.json();
            let created = |entry: &&Value| entry["action"] == "create";
            let created = trail.as_array().unwrap().iter().filter(created).count();
            (created > 0).then_some(created)
        };
        assert_eq!(eventually_async(noted).await, Some(1), "made once, so noted once");

        let opened = one_effect(&stage, TICKET, TICKETS, moment, &form).await;
        let tickets = admin.get(TICKETS).await.json();
        assert_eq!(tickets["total"], done + 1, "{tickets}");
        assert_eq!(tickets["tickets"][0]["id"], opened["ticketId"], "{tickets}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_drawn_by_the_client_does_the_same_without_a_key() {
    let stage = Stage::set(&[CREATE, PUSH, TICKET]).await;
    for (id, moment) in [
        (RECORD, Moment::AfterCommit),
        ("01d0000000000123456789ac", Moment::BeforeCommit),
    ] {
        let request = stage.request(HISTORY, None, &json!({ "id": id, "title": "Asthma" }));
        stage.killed(CREATE, &request, 1, moment).await;
        let made = stage.answer(CREATE, &request).await;
        assert_eq!(made.0["statusCode"], 201);
        assert_eq!((&made.json()["id"], &made.json()["version"]), (&json!(id), &json!(1)));
    }
    assert_eq!(stage.total().await, 2);
}

/// Of two changes that a device pushes, the process enters the first, and dies with the second on its way.
#[tokio::test(flavor = "multi_thread")]
async fn a_push_that_was_cut_short_is_entered_once_when_it_is_sent_again() {
    let stage = Stage::set(&[CREATE, PUSH, TICKET]).await;
    let moments = [Moment::AfterCommit, Moment::BeforeCommit];
    for (number, moment) in moments.into_iter().enumerate() {
        let change = |name: usize| {
            let id = format!("01e{number:010x}{name:011x}");
            json!({
                "change_id": format!("{number}-{name}"), "record_id": id, "record_type": "treatment",
                "base_version": 0, "data": { "n": name },
            })
        };
        let body = json!({ "device_id": "phone", "changes": [change(1), change(2)] });
        let request = stage.request(CHANGES, None, &body);
        stage.killed(PUSH, &request, 2, moment).await;
        let again = stage.answer(PUSH, &request).await;
        let results = again.json()["results"].clone();
        for (place, was_entered) in [(0, true), (1, moment == Moment::AfterCommit)] {
            let result = &results[place];
            let what = (&result["outcome"], &result["version"], &result["is_repeated"]);
            assert_eq!(what, (&json!("applied"), &json!(1), &json!(was_entered)), "{result}");
        }
        assert_eq!(stage.total().await, 2 * (number + 1));
    }
}

/// It has drawn its number from the book; then it is frozen, while others draw theirs and a reader reads past it.
#[tokio::test(flavor = "multi_thread")]
async fn a_stalled_writer_hides_no_record() {
    let stage = Stage::set(&[CREATE, PUSH, TICKET]).await;
    let ana = stage.ana.clone();
    let Stopped { reached, release } = stage.gate.stop_at(1, Moment::BeforeCommit);
    let change = |id: &str| {
        json!([{
            "change_id": id, "record_id": id, "record_type": "treatment", "base_version": 0, "data": { "text": id },
        }])
    };
    let stalled = stage.request(
        CHANGES,
        None,
        &json!({ "device_id": "slow", "changes": change(RECORD) }),
    );
    let others = async {
        reached.await.expect("it comes to its write");
        for number in 0..5 {
            let body = json!({ "device_id": "quick", "changes": change(&format!("01e{number:021x}")) });
            assert_eq!(ana.post(CHANGES, body).await.status, 200);
        }
        let read = ana.get(CHANGES).await.json();
        assert_eq!(read["records"].as_array().unwrap().len(), 5, "{read}");
        assert!(!read.to_string().contains(RECORD));
        release.send(()).expect("it still waits");
        read["after"].as_u64().unwrap()
    };
    let (answer, after) = tokio::join!(stage.answer(PUSH, &stalled), others);
    assert_eq!(answer.json()["results"][0]["outcome"], "applied", "{}", answer.0);
    let read = ana.get(&format!("{CHANGES}?after={after}")).await.json();
    let found: Vec<_> = read["records"]
        .as_array()
        .unwrap()
        .iter()
        .map(|record| &record["id"])
        .collect();
    assert_eq!(found, [RECORD]);
}
