//! Requests in another process, whose way to the database leads through a gate.

use std::sync::Arc;

use local::areas::AREAS;
use runtime::telemetry::Telemetry;
use runtime::{Function, Platform};
use serde_json::Value;

use crate::gate::Gate;
use crate::world::World;

/// A process whose way to the database leads through a gate.
pub struct Aside {
    platform: Arc<Platform>,
    pub gate: Gate,
}

impl Aside {
    pub async fn of(world: &World) -> Self {
        let mut settings = world.product.platform.settings.clone();
        let database = settings.connection.dynamodb_endpoint.take().expect("its address");
        let gate = Gate::before(&database).await;
        settings.connection.dynamodb_endpoint = Some(gate.url.clone());
        let platform = Platform::new(settings, Telemetry::To(Arc::new(|_| ())), world.product.clock.clone());
        let platform = Arc::new(platform);
        Self { platform, gate }
    }

    /// What comes of a request: its status and its body.
    pub async fn answer(&self, function: &str, event: &Value) -> (u64, Value) {
        let answer: Value = serde_json::from_str(&self.invoke(function, event).await).expect("JSON");
        let body = answer["body"].as_str().expect("a body");
        (
            answer["statusCode"].as_u64().expect("a status"),
            serde_json::from_str(body).expect("a body in JSON"),
        )
    }

    /// What a function says to an event; it must not fail.
    pub async fn invoke(&self, function: &str, event: &Value) -> String {
        let functions = AREAS.iter().flat_map(|area| area.functions);
        let mut functions = functions.map(|listing| listing.function);
        let function: &'static Function = functions.find(|each| each.name == function).expect("a function");
        let answer = runtime::invoke(function, self.platform.clone(), &event.to_string()).await;
        answer.unwrap_or_else(|error| panic!("{} failed: {error}", function.name))
    }
}
