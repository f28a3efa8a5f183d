//! Wires each worker to the event source it names.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use runtime::{Function, Platform, Trigger, Work};
use serde_json::Value;

use crate::areas::AREAS;
use crate::cloud::Cloud;
use crate::event_sources::objects::{self, ObjectSubscription};
use crate::event_sources::schedule::{self, Schedule};
use crate::event_sources::stream::{self, TableStream};
use crate::event_sources::{Feed, Invoke};
use crate::settings::credentials;

/// Feeds all workers until dropped.
pub fn feed_all(platform: &Arc<Platform>, cloud: &mut Cloud, folder: Option<&Path>) -> Vec<Feed> {
    let names = &platform.settings.names;
    let mut subscriptions = Vec::new();
    let mut feeds = Vec::new();
    for function in AREAS
        .iter()
        .flat_map(|area| area.functions)
        .map(|listing| listing.function)
    {
        let Work::Events { trigger, .. } = function.work else {
            continue;
        };
        let invoke = invoker(function, platform.clone());
        match trigger {
            Trigger::NewObjects(bucket) => subscriptions.push(ObjectSubscription {
                name: function.name.to_owned(),
                bucket: names.bucket(bucket),
                key_prefix: bucket.watched_prefix().to_owned(),
                event_prefix: "ObjectCreated:".to_owned(),
                invoke,
            }),
            Trigger::Schedule { minutes } => feeds.push(schedule::feed(Schedule {
                rule: function.name.to_owned(),
                every: Duration::from_secs(u64::from(minutes) * 60),
                invoke,
            })),
            Trigger::NewItems(table) => {
                let position = folder.map(|folder| folder.join(format!("{}.position", function.name)));
                let table = names.table(table);
                let source = TableStream::new(&cloud.dynamodb_url, credentials(), table, position, invoke);
                feeds.push(stream::feed(source));
            }
        }
    }
    feeds.push(objects::feed(cloud.take_object_events(), subscriptions));
    feeds
}

fn invoker(function: &'static Function, platform: Arc<Platform>) -> Invoke {
    Arc::new(move |event: Value| {
        let platform = platform.clone();
        Box::pin(async move {
            let answer = runtime::invoke(function, platform, &event.to_string()).await?;
            serde_json::from_str(&answer).map_err(|error| error.to_string())
        })
    })
}
