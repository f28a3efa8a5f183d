//! A change of keys as admins see it.

use domain::id::RotationId;
use domain::key_rotation::KeyRotation;
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;

#[derive(Serialize, JsonSchema)]
pub struct Answer {
    id: RotationId,
    state: State,
    /// Items that were sealed anew.
    items_done: u64,
    /// Items that no key opens, so far: they were damaged. The old keys stay in use while there are any.
    items_unreadable: u64,
    #[schemars(with = "String")]
    started_at: Timestamp,
    #[schemars(with = "Option<String>")]
    finished_at: Option<Timestamp>,
}

#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum State {
    Running,
    Finished,
}

impl From<KeyRotation> for Answer {
    fn from(rotation: KeyRotation) -> Self {
        Self {
            id: rotation.id,
            state: if rotation.is_finished() {
                State::Finished
            } else {
                State::Running
            },
            items_done: rotation.items_done,
            items_unreadable: rotation.items_unreadable,
            started_at: rotation.started_at,
            finished_at: rotation.finished_at,
        }
    }
}
