//! A running product with somebody signed in, for whatever needs both.

use serde_json::json;
use tests::world::{Person, World};

pub struct SignedIn {
    pub world: World,
    pub person: Person,
}

impl SignedIn {
    /// Signs up as the sample events have it, so that the log-in among them succeeds.
    pub async fn start() -> Self {
        let world = World::new().await;
        let body = json!({
            "role": "patient",
            "username": "ana",
            "email": "ana@example.org",
            "password": "correct horse battery",
        });
        let answer = world.post("/api/auth/signup", body).await;
        assert_eq!(answer.status, 201, "{answer:?}");
        let person = world.log_in("ana", "correct horse battery").await;
        Self { world, person }
    }
}
