//! One real event per function, as AWS would hand it over: for reading, and for `cargo lambda invoke`.

mod records;
mod request;
mod sockets;

use runtime::{Area, Function, Trigger, Work};
use serde_json::Value;

use super::MadeFile;

pub use request::filled;

pub fn files(areas: &[&'static Area]) -> Vec<MadeFile> {
    let of_area = |area: &&'static Area| area.functions.iter().map(|listing| file(area.name, listing.function));
    areas.iter().flat_map(of_area).collect()
}

pub fn path(area: &str, function: &str) -> String {
    format!("{}/{area}/{function}.json", super::EVENTS)
}

fn file(area: &str, function: &Function) -> MadeFile {
    let text = serde_json::to_string_pretty(&event(function)).expect("an event is JSON");
    MadeFile {
        path: path(area, function.name),
        content: text + "\n",
    }
}

pub fn event(function: &Function) -> Value {
    match function.work {
        Work::Requests { routes, access, .. } => request::event(function.name, routes.first(), access),
        Work::Sockets { routes, kind, .. } => sockets::event(function.name, routes[0], kind),
        Work::Events {
            trigger: Trigger::NewItems(table),
            ..
        } => records::new_item(function.name, table),
        Work::Events {
            trigger: Trigger::Schedule { .. },
            ..
        } => records::time_came(function.name),
        Work::Events {
            trigger: Trigger::NewObjects(bucket),
            ..
        } => records::new_object(function.name, bucket),
    }
}
