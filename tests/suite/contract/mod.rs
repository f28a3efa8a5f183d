//! What must hold for every endpoint there is and will be: each test here walks the one list of areas, so nothing can
//! be forgotten. Each failure says what to do.

mod access;
mod architecture;
mod audit;
mod bad_tokens;
mod calls;
mod cursors;
mod events;
mod far_dates;
mod idempotency;
mod limits;
mod measuring;
mod openapi;
mod stacks;
mod stock;
mod template;
mod tidy;
mod visits;
mod walks;

use local::areas::AREAS;
use runtime::{Area, Function, Route, Work};
use tests::made::{MadeFile, workspace_root};

/// Fails with all that is wrong, not only the first.
fn assert_none(wrong: Vec<String>) {
    assert!(wrong.is_empty(), "\n{}\n", wrong.join("\n"));
}

fn assert_fresh(files: &[MadeFile]) {
    let stale = files.iter().filter(|file| {
        std::fs::read_to_string(workspace_root().join(&file.path)).map_or(true, |found| found != file.content)
    });
    assert_none(
        stale
            .map(|file| format!("{} is stale: run `cargo regenerate`", file.path))
            .collect(),
    );
}

fn functions() -> impl Iterator<Item = (&'static Area, &'static Function)> {
    AREAS
        .iter()
        .flat_map(|area| area.functions.iter().map(move |listing| (*area, listing.function)))
}

fn routes() -> impl Iterator<Item = (&'static Function, &'static Route)> {
    functions().flat_map(|(_, function)| match function.work {
        Work::Requests { routes, .. } => routes.iter().map(|route| (function, route)).collect::<Vec<_>>(),
        Work::Events { .. } | Work::Sockets { .. } => Vec::new(),
    })
}

/// `log-in` is the module `log_in`.
fn module(function: &Function) -> String {
    function.name.replace('-', "_")
}
