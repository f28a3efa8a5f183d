use proptest::prelude::*;

use super::*;

fn now() -> Moment {
    Moment::at("2026-11-30T12:00:00Z".parse().unwrap(), None)
}

fn code(text: &str) -> LotCode {
    LotCode::try_from(text.to_owned()).unwrap()
}

fn day(text: &str) -> Option<Date> {
    Some(text.parse().unwrap())
}

fn shelf() -> Shelf {
    let medicine = MedicineName::new("medicine_name", "Paracetamol").unwrap();
    let (shelf, pharmacy) = (ShelfId::new(now().at, [1; 6]), PharmacyId::new(now().at, [2; 6]));
    Shelf::new(shelf, pharmacy, medicine, "Paracetamol", now().at)
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
    assert_eq!(shelf.recall(&code("A"), now().at), Ok(true));
    assert_eq!(shelf.recall(&code("A"), now().at), Ok(false));
    assert_eq!(shelf.recall(&code("NEW"), now().at), Ok(true));
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

/// What has expired or was recalled is nothing that they can mean.
#[test]
fn the_first_clients_set_what_can_be_given_out() {
    let mut shelf = stocked();
    shelf.recall(&code("B"), now().at).unwrap();
    assert_eq!(shelf.countable(now()), 15);
    shelf.set(20, None, now()).unwrap();
    assert_eq!(
        (free(&shelf, "-"), shelf.available(now()), shelf.countable(now())),
        (5, 20, 20)
    );
    shelf.set(3, None, now()).unwrap();
    assert_eq!(
        (shelf.available(now()), free(&shelf, "E"), free(&shelf, "B")),
        (3, 7, 10)
    );
    // What is unnumbered has the date that they said last, also when that is over.
    shelf.set(40, day("2026-11-29"), now()).unwrap();
    shelf.set(30, None, now()).unwrap();
    assert_eq!((shelf.countable(now()), shelf.available(now())), (30, 3));
    shelf.set(30, day("2027-11-29"), now()).unwrap();
    assert_eq!((shelf.countable(now()), shelf.available(now())), (30, 30));
}

#[test]
fn good_packs_do_not_get_the_date_of_expired_ones() {
    let (mut shelf, unnumbered) = (shelf(), LotCode::unnumbered());
    shelf.receive(&unnumbered, day("2026-11-29"), 4, now()).unwrap();
    let first = Err(PharmacyRefused::ExpiredPacksFirst);
    for expiry in [None, day("2027-01-31")] {
        assert_eq!(shelf.clone().receive(&unnumbered, expiry, 1, now()), first);
    }
    shelf.receive(&unnumbered, day("2026-11-28"), 1, now()).unwrap();
    shelf.discard(&unnumbered, 5).unwrap();
    shelf.receive(&unnumbered, day("2027-01-31"), 6, now()).unwrap();
    assert_eq!(shelf.available(now()), 6);
}

/// A lot never holds more than what can be given back to it.
#[test]
fn what_is_held_can_always_be_released() {
    let (mut shelf, unnumbered) = (shelf(), LotCode::unnumbered());
    shelf.set(10, None, now()).unwrap();
    let held = shelf.hold(1, now()).unwrap();
    assert!(shelf.clone().set(MOST_UNITS, None, now()).is_err());
    assert!(shelf.clone().receive(&unnumbered, None, MOST_UNITS - 9, now()).is_err());
    shelf.set(MOST_UNITS - 1, None, now()).unwrap();
    // Even where two that met have brought more.
    shelf.lots.get_mut(&unnumbered).unwrap().free = MOST_UNITS + 5;
    shelf.release(&held).unwrap();
    assert_eq!(free(&shelf, "-"), MOST_UNITS + 6);
}

#[test]
fn packs_without_a_lot_number_are_no_lot_to_recall() {
    let refused = stocked().recall(&LotCode::unnumbered(), now().at);
    assert!(matches!(refused, Err(PharmacyRefused::Invalid("lot", _))));
}

#[test]
fn whoever_runs_it_is_told_once_after_each_time_that_more_came() {
    let mut shelf = shelf();
    let later = |seconds: i64| now().at + jiff::SignedDuration::from_secs(seconds);
    assert!(shelf.is_to_be_told());
    (shelf.last_restocked, shelf.low_told) = (Some(later(0)), Some(later(1)));
    assert!(!shelf.is_to_be_told());
    shelf.last_restocked = Some(later(2));
    assert!(shelf.is_to_be_told());
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
    /// However stock moves, what is there is what came less what went, as whoever did it would count, and what is refused changes
    /// nothing. What can be given out of a lot is only ever what is free of it.
    #[test]
    fn what_is_there_is_what_came_less_what_went(acts in prop::collection::vec(act(), 0..60)) {
        let (mut shelf, mut held) = (shelf(), Vec::new());
        let sum = |portions: &Portions| -> u64 { portions.iter().map(|(_, quantity)| quantity).sum() };
        let (mut there, mut reserved) = (0_u64, 0_u64);
        for act in acts {
            let mut after = shelf.clone();
            let lot = |number: usize| code(&format!("L{number}"));
            let done = match act {
                Act::Receive(number, quantity) => {
                    let expiry = day(["2026-11-29", "2026-12-31", "2027-06-30", "2028-01-01"][number]);
                    after.receive(&lot(number), expiry, quantity, now()).map(|()| (there + quantity, reserved))
                }
                Act::Take(number, quantity) => {
                    let taken = after.take(number.map(lot).as_ref(), quantity, now());
                    taken.map(|_| (there - quantity, reserved))
                }
                Act::Hold(quantity) => after.hold(quantity, now()).map(|portions| {
                    held.push(portions);
                    (there, reserved + quantity)
                }),
                Act::Release => match held.pop() {
                    Some(portions) => after.release(&portions).map(|()| (there, reserved - sum(&portions))),
                    None => continue,
                },
                Act::Collect => match held.last().cloned() {
                    Some(portions) => after.collect(&portions, now()).map(|()| {
                        held.pop();
                        (there - sum(&portions), reserved - sum(&portions))
                    }),
                    None => continue,
                },
                Act::Discard(number, quantity) => {
                    after.discard(&lot(number), quantity).map(|()| (there - quantity, reserved))
                }
                Act::Recall(number) => after.recall(&lot(number), now().at).map(|_| (there, reserved)),
                Act::Set(quantity) => {
                    let counted = shelf.countable(now());
                    after.set(quantity, None, now()).map(|()| (there - counted + quantity, reserved))
                }
            };
            if let Ok(now_there) = done {
                (there, reserved) = now_there;
                shelf = after;
            }
            let free: u64 = shelf.lots.values().map(|lot| lot.free).sum();
            prop_assert_eq!((free + shelf.held(), shelf.held()), (there, reserved));
        }
    }

    /// Differences are by lot, of what is free and of what is held, also of lots that came or went.
    #[test]
    fn differences_are_what_changed(
        before in prop::collection::btree_map(0..6_usize, (0..9_u64, 0..9_u64), 0..6),
        after in prop::collection::btree_map(0..6_usize, (0..9_u64, 0..9_u64), 0..6),
    ) {
        let of = |lots: &BTreeMap<usize, (u64, u64)>| {
            let mut shelf = shelf();
            for (number, (free, held)) in lots {
                let lot = Lot { free: *free, held: *held, ..Lot::new(None, now().at) };
                shelf.lots.insert(code(&format!("L{number}")), lot);
            }
            shelf
        };
        let changed = differences(&of(&before), &of(&after));
        for number in 0..6 {
            let balance = |lots: &BTreeMap<usize, (u64, u64)>| lots.get(&number).copied().unwrap_or_default();
            let (was, is) = (balance(&before), balance(&after));
            let found = changed.iter().find(|difference| difference.lot == code(&format!("L{number}")));
            let found = found.map_or((0, 0), |difference| (difference.free, difference.held));
            prop_assert_eq!(found, (signed(is.0) - signed(was.0), signed(is.1) - signed(was.1)));
        }
    }
}
