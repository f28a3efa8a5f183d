//! Every function may count its calls, and only counted ones may.

use runtime::need::Need;
use runtime::{RateClass, Work};
use store::table::{ItemAction, Table};

use super::{assert_none, functions};

#[test]
fn whoever_is_counted_may_count_and_nobody_else() {
    let wrong = functions().filter_map(|(_, function)| {
        let is_counted = matches!(
            function.work,
            Work::Requests { rate, .. } | Work::Sockets { rate, .. } if rate != RateClass::Free
        );
        let actions: Vec<ItemAction> = function.all_needs().flat_map(on_limits).collect();
        let wanted: &[ItemAction] = if is_counted { &[ItemAction::Update] } else { &[] };
        (actions != wanted).then(|| format!("{} may do {actions:?} with the limits' table", function.name))
    });
    assert_none(wrong.collect());
}

fn on_limits(need: &Need) -> Vec<ItemAction> {
    match need {
        Need::Items(Table::Limits, actions) => actions.to_vec(),
        _ => Vec::new(),
    }
}

/// Whoever changes records tries for 18 seconds while others do.
#[test]
fn whoever_changes_records_has_the_time_to_try_again() {
    let changes =
        |need: &Need| matches!(need, Need::Items(Table::Records, actions) if actions.contains(&ItemAction::Update));
    let hasty = functions().filter(|(area, function)| {
        area.name == "records" && function.all_needs().any(changes) && function.timeout_seconds < 29
    });
    let hasty = hasty.map(|(_, function)| format!("{}: set TIMEOUT_SECONDS to 29", function.name));
    assert_none(hasty.collect());
}
