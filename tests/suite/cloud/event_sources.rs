//! The event sources: who is invoked, with what, how often, and what a restart does not lose.

mod objects;
mod streams;

use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures_util::FutureExt;
use local::event_sources::Invoke;
use local::event_sources::schedule::{self, Schedule};
use serde_json::{Value, json};

use super::eventually;

/// A worker that remembers its events and answers by a rule.
#[derive(Clone, Default)]
struct Worker(Arc<Mutex<Vec<Value>>>);

impl Worker {
    fn answering(&self, rule: impl Fn(usize, &Value) -> Result<Value, String> + Send + Sync + 'static) -> Invoke {
        let events = self.0.clone();
        Arc::new(move |event| {
            let mut events = events.lock().unwrap();
            let answer = rule(events.len(), &event);
            events.push(event);
            async move { answer }.boxed()
        })
    }

    fn content(&self) -> Invoke {
        self.answering(|_, _| Ok(Value::Null))
    }

    fn events(&self) -> Vec<Value> {
        self.0.lock().unwrap().clone()
    }

    async fn calls(&self, count: usize) -> Vec<Value> {
        let look = || async { Some(self.events()).filter(|events| events.len() >= count) };
        eventually(&format!("{count} invocations"), look).await
    }
}

#[tokio::test]
async fn a_schedule_invokes_at_its_rate_with_the_event_of_a_rule() {
    let worker = Worker::default();
    let every = Duration::from_millis(5);
    let feed = schedule::feed(Schedule {
        rule: "poll-dexcom".to_owned(),
        every,
        invoke: worker.content(),
    });
    let events = worker.calls(3).await;
    drop(feed);
    assert_eq!(
        (&events[0]["detail-type"], &events[0]["source"]),
        (&json!("Scheduled Event"), &json!("aws.events"))
    );
    assert_eq!(
        events[0]["resources"],
        json!(["arn:aws:events:us-east-1:123456789012:rule/poll-dexcom"])
    );
    assert_ne!(events[0]["id"], events[1]["id"]);
}
