//! What a function needs of its surroundings, as data: its IAM policy, its environment and its checks at start all
//! come from here.

use store::bucket::{Bucket, ObjectAction};
use store::table::{ItemAction, Table};

use crate::secrets::Secret;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Need {
    Items(Table, &'static [ItemAction]),
    Objects(Bucket, &'static [ObjectAction]),
    Secret(Secret),
    /// Text messages and pushes by SNS.
    Messages,
    /// Sending over connections of the WebSocket API and ending them, with the look at who listens and whether they may.
    Connections,
    /// The keys of sealed fields, to read, find or write any: `store` makes the ring of them at first use.
    FieldKeys,
}
