use proptest::prelude::*;

use super::*;

fn now() -> Timestamp {
    "2026-11-30T12:00:00Z".parse().unwrap()
}

fn code(text: &str) -> LotCode {
    LotCode::try_from(text.to_owned()).unwrap()
}

fn day(text: &str) -> Option<Date> {
    Some(text.parse().unwrap())
}

fn shelf() -> Shelf {
    let medicine = MedicineName::new("medicine_name", "Paracetamol").unwrap();
    let (shelf, pharmacy) = (ShelfId::new(now(), [1; 6]), PharmacyId::new(now(), [2; 6]));
    Shelf::new(shelf, pharmacy, medicine, "Paracetamol", now())
}

/// A expires soon, B later, C never, E has expired.
fn stocked() -> Shelf {
    let mut shelf = shelf();
    for (lot, expiry, quantity) in [
        ("B", day("2027-06-30"), 10),
        ("C", None, 10),
        ("A", day("2026-12-31"), 5),
        ("E", day("2026-11-29"), 7),
    ] {
        shelf.receive(&code(lot), expiry, quantity, now()).unwrap();
    }
    shelf
}

fn free(shelf: &Shelf, lot: &str) -> u64 {
    shelf.lots[&code(lot)].free
}

#[test]
fn what_expires_first_goes_first_and_what_has_expired_never() {
    let mut shelf = stocked();
    assert_eq!(
        (shelf.available(now()), shelf.next_expiry(now())),
        (25, day("2026-12-31"))
    );
    let portions = shelf.take(None, 17, now()).unwrap();
    assert_eq!(portions, [(code("A"), 5), (code("B"), 10), (code("C"), 2)]);
    assert_eq!(
        shelf.take(None, 9, now()),
        Err(PharmacyRefused::NotEnough { available: 8 })
    );
    assert_eq!(shelf.take(Some(&code("E")), 1, now()), Err(PharmacyRefused::LotExpired));
    assert_eq!(shelf.take(Some(&code("X")), 1, now()), Err(PharmacyRefused::NoLot));
    shelf.take(None, 8, now()).unwrap();
    assert_eq!(
        shelf.take(None, 1, now()),
        Err(PharmacyRefused::LotExpired),
        "only expired packs are left"
    );
    shelf.discard(&code("E"), 7).unwrap();
    assert_eq!(
        shelf.take(None, 1, now()),
        Err(PharmacyRefused::NotEnough { available: 0 })
    );
}

#[test]
fn a_recalled_lot_stays_where_it_is() {
    let mut shelf = stocked();
    let held = shelf.hold(3, now()).unwrap();
    assert_eq!(shelf.recall(&code("A"), now()), Ok(true));
    assert_eq!(shelf.recall(&code("A"), now()), Ok(false));
    assert_eq!(shelf.recall(&code("NEW"), now()), Ok(true));
    assert_eq!(shelf.available(now()), 20);
    assert_eq!(
        shelf.take(Some(&code("A")), 1, now()),
        Err(PharmacyRefused::LotRecalled)
    );
    assert_eq!(shelf.collect(&held, now()), Err(PharmacyRefused::LotRecalled));
    assert_eq!(
        shelf.receive(&code("NEW"), None, 1, now()),
        Err(PharmacyRefused::LotRecalled)
    );
    shelf.release(&held).unwrap();
    assert_eq!((free(&shelf, "A"), shelf.available(now())), (5, 20));
}

#[test]
fn a_lot_has_one_expiry_date() {
    let mut shelf = stocked();
    assert_eq!(
        shelf.receive(&code("A"), day("2027-01-31"), 1, now()),
        Err(PharmacyRefused::LotDiffers)
    );
    shelf.receive(&code("A"), None, 1, now()).unwrap();
    assert_eq!(free(&shelf, "A"), 6);
    let unnumbered = LotCode::unnumbered();
    shelf.receive(&unnumbered, day("2027-02-28"), 1, now()).unwrap();
    shelf.receive(&unnumbered, day("2027-01-31"), 1, now()).unwrap();
    assert_eq!(shelf.lots[&unnumbered].facts.expiry, day("2027-01-31"));
}

#[test]
fn a_count_is_of_all_that_lies_there_and_over_what_was_seen() {
    let mut shelf = stocked();
    shelf.version = 4;
    shelf.hold(2, now()).unwrap();
    assert_eq!(
        shelf.count(&code("A"), 4, 3),
        Err(PharmacyRefused::StockChanged { version: 4 })
    );
    assert_eq!(
        shelf.count(&code("A"), 1, 4),
        Err(PharmacyRefused::HeldExceedsCount { held: 2 })
    );
    shelf.count(&code("A"), 4, 4).unwrap();
    assert_eq!((free(&shelf, "A"), shelf.held()), (2, 2));
}

#[test]
fn the_first_clients_set_what_there_is_as_a_whole() {
    let mut shelf = shelf();
    shelf.set(50, day("2027-01-31"), now()).unwrap();
    assert_eq!((shelf.available(now()), free(&shelf, "-")), (50, 50));
    shelf.receive(&code("A"), day("2026-12-31"), 5, now()).unwrap();
    shelf.set(40, None, now()).unwrap();
    assert_eq!((free(&shelf, "-"), free(&shelf, "A")), (35, 5));
    assert_eq!(
        shelf.lots[&LotCode::unnumbered()].facts.expiry,
        day("2027-01-31"),
        "what is not said stays"
    );
    shelf.set(3, None, now()).unwrap();
    assert_eq!((free(&shelf, "-"), free(&shelf, "A")), (0, 3));
    shelf.set(0, None, now()).unwrap();
    assert_eq!(shelf.available(now()), 0);
}

#[test]
fn the_oldest_empty_lot_gives_way_to_a_new_one() {
    let mut shelf = shelf();
    for number in 0..MOST_LOTS {
        shelf.receive(&code(&format!("L{number}")), None, 1, now()).unwrap();
    }
    assert_eq!(
        shelf.receive(&code("NEW"), None, 1, now()),
        Err(PharmacyRefused::TooManyLots)
    );
    shelf.take(Some(&code("L7")), 1, now()).unwrap();
    shelf.receive(&code("NEW"), None, 1, now()).unwrap();
    assert!(!shelf.lots.contains_key(&code("L7")) && shelf.lots.len() == MOST_LOTS);
}

#[test]
fn little_is_ten_and_very_little_five() {
    let levels = [0, 5, 6, 10, 11].map(alert_level);
    let (critical, warning) = (Some("critical"), Some("warning"));
    assert_eq!(levels, [critical, critical, warning, warning, None]);
}

#[derive(Debug, Clone)]
enum Act {
    Receive(usize, u64),
    Take(Option<usize>, u64),
    Hold(u64),
    Release,
    Collect,
    Discard(usize, u64),
    Recall(usize),
    Set(u64),
}

fn act() -> impl Strategy<Value = Act> {
    prop_oneof![
        (0..4_usize, 1..50_u64).prop_map(|(lot, quantity)| Act::Receive(lot, quantity)),
        (proptest::option::of(0..4_usize), 1..60_u64).prop_map(|(lot, quantity)| Act::Take(lot, quantity)),
        (1..40_u64).prop_map(Act::Hold),
        Just(Act::Release),
        Just(Act::Collect),
        (0..4_usize, 1..40_u64).prop_map(|(lot, quantity)| Act::Discard(lot, quantity)),
        (0..4_usize).prop_map(Act::Recall),
        (0..100_u64).prop_map(Act::Set),
    ]
}

proptest! {
    /// However stock moves, the differences of all movements come to what is there, and what is refused changes nothing.
    #[test]
    fn the_ledger_comes_to_the_balance(acts in prop::collection::vec(act(), 0..60)) {
        let (mut shelf, mut held) = (shelf(), Vec::new());
        let mut sums: BTreeMap<LotCode, (i64, i64)> = BTreeMap::new();
        for act in acts {
            let mut after = shelf.clone();
            let lot = |number: usize| code(&format!("L{number}"));
            let done = match act {
                Act::Receive(number, quantity) => {
                    let expiry = day(["2026-11-29", "2026-12-31", "2027-06-30", "2028-01-01"][number]);
                    after.receive(&lot(number), expiry, quantity, now())
                }
                Act::Take(number, quantity) => after.take(number.map(lot).as_ref(), quantity, now()).map(drop),
                Act::Hold(quantity) => after.hold(quantity, now()).map(|portions| held.push(portions)),
                Act::Release => held.pop().map_or(Ok(()), |portions| after.release(&portions)),
                Act::Collect => match held.last() {
                    Some(portions) => after.collect(portions, now()).map(|()| drop(held.pop())),
                    None => Ok(()),
                },
                Act::Discard(number, quantity) => after.discard(&lot(number), quantity),
                Act::Recall(number) => after.recall(&lot(number), now()).map(drop),
                Act::Set(quantity) => after.set(quantity, None, now()),
            };
            if done.is_err() {
                continue;
            }
            for difference in differences(&shelf, &after) {
                let sum = sums.entry(difference.lot).or_default();
                *sum = (sum.0 + difference.free, sum.1 + difference.held);
            }
            shelf = after;
        }
        for (code, lot) in &shelf.lots {
            prop_assert_eq!(sums.remove(code).unwrap_or_default(), (signed(lot.free), signed(lot.held)));
        }
        prop_assert!(sums.values().all(|sum| *sum == (0, 0)));
        let reserved: u64 = held.iter().flatten().map(|(_, quantity)| quantity).sum();
        prop_assert_eq!(shelf.held(), reserved);
    }
}
