//! Keys of the WebSocket API: tickets, connections, the places that they are resumed at, and who listens to what.

use domain::id::SocketPlaceId;
use domain::socket::{Channel, ConnectionId, SecretDigest};

use super::{Key, KeyRange, key, range};
use crate::table::Table;

const SEAT: &str = "SEAT#";
const LISTENS: &str = "LISTENS#";

pub(crate) fn socket_ticket(digest: &SecretDigest) -> Key {
    key(Table::Sockets, format!("TICKET#{}", digest.as_str()), "TICKET")
}

pub(crate) fn connection(id: &ConnectionId) -> Key {
    key(Table::Sockets, format!("CONNECTION#{}", id.as_str()), "CONNECTION")
}

pub(crate) fn place(id: SocketPlaceId) -> Key {
    key(Table::Sockets, format!("PLACE#{id}"), "PLACE")
}

pub(crate) fn listens(place: SocketPlaceId, channel: &Channel) -> Key {
    key(Table::Sockets, format!("PLACE#{place}"), format!("{LISTENS}{channel}"))
}

pub(crate) fn all_that_listens(place: SocketPlaceId) -> KeyRange {
    range(Table::Sockets, format!("PLACE#{place}"), LISTENS)
}

/// `name`: who sits there, among all of the channel.
pub(crate) fn seat(channel: &Channel, name: &str) -> Key {
    key(Table::Sockets, format!("CHANNEL#{channel}"), format!("{SEAT}{name}"))
}

pub(crate) fn seats(channel: &Channel) -> KeyRange {
    range(Table::Sockets, format!("CHANNEL#{channel}"), SEAT)
}
