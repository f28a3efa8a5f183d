//! Pharmacies: what they have, where it is to be had, and what is set apart for patients.

mod alerts;
mod contract;
mod lots;
mod privacy;
mod races;
mod recalls;
mod reservations;
mod search;

use serde_json::Value;
use tests::pharmacy::path;
use tests::world::Person;

/// All lines of a medicine's ledger.
pub async fn ledger(person: &Person, pharmacy: &Value, medicine: &str) -> Vec<Value> {
    let (mut lines, mut cursor) = (Vec::new(), String::new());
    loop {
        let query = format!("/movements?medicine_name={medicine}&limit=100{cursor}");
        let page = person.get(&path(pharmacy, &query)).await;
        assert_eq!(page.status, 200, "{}", page.text());
        let page = page.json();
        lines.extend(page["movements"].as_array().expect("a list").iter().cloned());
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return lines,
        }
    }
}

/// What the lines of each lot come to is what there is of it.
pub async fn assert_ledger_balances(person: &Person, pharmacy: &Value, medicine: &str) {
    let stock = tests::pharmacy::stock(person, pharmacy, medicine).await;
    let lines = ledger(person, pharmacy, medicine).await;
    for lot in stock["lots"].as_array().expect("a list") {
        let of_lot = lines.iter().filter(|line| line["lot"] == lot["lot"]);
        let sum = |name: &str| -> i64 { of_lot.clone().map(|line| line[name].as_i64().expect("a number")).sum() };
        assert_eq!(sum("change"), lot["free"].as_i64().expect("a number"), "{lot}");
        assert_eq!(
            sum("reserved_change"),
            lot["reserved"].as_i64().expect("a number"),
            "{lot}"
        );
    }
}
