//! Consultations: who may call whom, how a call begins and ends, what is signalled and written in it, and who else may join.

mod access;
mod guests;
mod lifecycle;
mod listening;
mod messages;
mod peers;
mod signals;
mod stalled;
mod storage;
mod video;

use serde_json::{Value, json};
use tests::calls::{consult, path};
use tests::world::{Answer, Person, World};

/// A patient and a doctor in a call that goes on.
struct Call {
    ana: Person,
    dora: Person,
    call: Value,
}

impl Call {
    async fn begun(world: &World) -> Self {
        Self::with(world, json!({})).await
    }

    async fn with(world: &World, more: Value) -> Self {
        let (ana, dora) = (world.patient("ana").await, world.verified_doctor("dora").await);
        let call = consult(&ana, &dora, more).await;
        Self { ana, dora, call }
    }

    fn path(&self, action: &str) -> String {
        path(&self.call, action)
    }

    async fn end(&self) {
        let ended = self.ana.post(&self.path("/end"), Value::Null).await;
        assert_eq!(ended.status, 200, "{}", ended.text());
    }

    async fn read(&self, person: &Person) -> Value {
        let read = person.get(&self.path("")).await;
        assert_eq!(read.status, 200, "{}", read.text());
        read.json()
    }
}

async fn join(person: &Person, call: &Value) -> Value {
    let joined = person.post(&path(call, "/join"), Value::Null).await;
    assert_eq!(joined.status, 200, "{}", joined.text());
    joined.json()
}

async fn signal(person: &Person, call: &Value, data: Value) -> Answer {
    let body = json!({ "signal_type": "ice-candidate", "signal_data": data });
    person.post(&path(call, "/signal"), body).await
}

/// What was handed out to a client that says nothing of what it has.
async fn handed(person: &Person, call: &Value) -> Vec<Value> {
    let answer = person.get(&path(call, "/signals")).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    list(&answer.json(), "signals")
}

fn list(value: &Value, name: &str) -> Vec<Value> {
    value[name]
        .as_array()
        .cloned()
        .unwrap_or_else(|| panic!("{name} in {value}"))
}

async fn delete_account(person: &Person, body: Value) -> Answer {
    let request = person.request(reqwest::Method::DELETE, "/api/auth/account/delete");
    tests::world::send(request.json(&body)).await
}
