//! Workers that go through all that is kept of people: what they walk over comes from lists, what they may do from another.

use runtime::need::Need;
use store::holdings::PARTITIONS;
use store::rotation::SUBJECTS;
use store::table::{ItemAction, Table};

use super::{assert_none, functions};

fn missing(worker: &str, tables: impl Iterator<Item = Table>, wanted: &[ItemAction]) -> Vec<String> {
    let mut all = functions().map(|(_, function)| function);
    let function = all.find(|function| function.name == worker).expect("a worker");
    let lacks = |table: &Table| {
        let granted = |action: &ItemAction| {
            let grants =
                |need: &Need| matches!(need, Need::Items(of, actions) if of == table && actions.contains(action));
            function.all_needs().any(grants)
        };
        !wanted.iter().all(granted)
    };
    tables
        .filter(lacks)
        .map(|table| format!("{worker} walks over {table:?} and may not {wanted:?} there: add it to its NEEDS"))
        .collect()
}

#[test]
fn workers_may_read_every_table_that_they_walk_over() {
    let seals = [ItemAction::Query, ItemAction::Update];
    let mut wrong = missing("reencrypt-fields", SUBJECTS.tables(), &seals);
    let kept = PARTITIONS.iter().map(|partition| partition.table);
    wrong.extend(missing("build-exports", kept, &[ItemAction::Query]));
    assert_none(wrong);
}
