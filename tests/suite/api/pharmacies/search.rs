//! What a search finds is what looking at all pharmacies would find, and costs what it finds. `SEARCH_PHARMACIES` asks for another
//! number of them than a usual run has.

use domain::id::{OutboxId, PharmacyId, ShelfId, StockMovementId, UserId};
use domain::pharmacy::medicine::MedicineName;
use domain::pharmacy::shelf::Label;
use domain::pharmacy::{Details, Pharmacy};
use domain::place::Position;
use futures_util::{TryStreamExt, stream};
use jiff::Timestamp;
use serde_json::{Value, json};
use store::Store;
use store::pharmacies::{self, Setting};
use tests::dice::Dice;
use tests::pharmacy::{add, move_stock, path};
use tests::world::World;

const LIMIT: usize = 20;
/// Read units of one search, whatever there is.
const MOST_UNITS: f64 = 400.0;

fn number_of_pharmacies() -> usize {
    let asked = std::env::var("SEARCH_PHARMACIES").ok();
    asked.and_then(|text| text.parse().ok()).unwrap_or(1_500)
}

/// One of those that are searched.
struct House {
    id: PharmacyId,
    position: Position,
    quantity: u64,
    expiry: Option<&'static str>,
    is_24x7: bool,
}

/// Some of them in one town, some around a pole or the date line, the others anywhere.
fn somewhere(dice: &mut Dice) -> (f64, f64) {
    let mut share = |from: f64, until: f64| from + (until - from) * dice.roll(1_000_000) as f64 / 1_000_000.0;
    let kind = share(0.0, 5.0) as u8;
    match kind {
        0 => (share(28.4, 28.8), share(77.0, 77.4)),
        1 => (
            share(-20.0, 20.0),
            if share(0.0, 2.0) < 1.0 {
                share(179.0, 180.0)
            } else {
                share(-180.0, -179.0)
            },
        ),
        2 => (share(88.0, 90.0), share(-180.0, 180.0)),
        3 => (share(-90.0, -88.0), share(-180.0, 180.0)),
        _ => (share(-90.0, 90.0), share(-180.0, 180.0)),
    }
}

fn house(number: u64, dice: &mut Dice, now: Timestamp) -> (House, Pharmacy) {
    let (latitude, longitude) = somewhere(dice);
    let mut random = [0; 6];
    random.copy_from_slice(&number.to_be_bytes()[2..]);
    let id = PharmacyId::new(now, random);
    let is_24x7 = !dice.happens(15);
    let pharmacy = Pharmacy {
        id,
        owner: UserId::new(now, [1; 6]),
        staff: Vec::new(),
        details: Details {
            name: format!("Pharmacy {number}"),
            address: "Main Street".to_owned(),
            city: "Town".to_owned(),
            state: "State".to_owned(),
            pincode: "1".to_owned(),
            phone: "1".to_owned(),
            email: None,
            latitude: Some(latitude),
            longitude: Some(longitude),
            operating_hours: json!({ "monday": "closed" }).as_object().unwrap().clone(),
            is_24x7,
            time_zone: "UTC".to_owned().try_into().ok(),
        },
        version: 1,
        created_at: now,
        updated_at: now,
    };
    let house = House {
        id,
        position: Position::new(latitude, longitude).unwrap(),
        // More than little, so that nobody is told of it.
        quantity: if dice.happens(15) { 0 } else { 11 + dice.roll(6) },
        expiry: dice.happens(10).then_some("2020-01-31"),
        is_24x7,
    };
    (house, pharmacy)
}

async fn put(store: &Store, house: &House, pharmacy: &Pharmacy, now: Timestamp) -> Result<(), String> {
    let medicine = MedicineName::new("medicine_name", "Paracetamol").unwrap();
    pharmacies::create(store, pharmacy)
        .await
        .map_err(|error| error.to_string())?;
    let id = house.id.to_string();
    let setting = Setting {
        pharmacy,
        medicine: &medicine,
        name: "Paracetamol",
        quantity: house.quantity,
        expiry: house.expiry.map(|day| day.parse().unwrap()),
        label: &Label::default(),
        seen: None,
        by: pharmacy.owner,
        movement: id.parse::<StockMovementId>().unwrap(),
        shelf: id.parse::<ShelfId>().unwrap(),
        low: id.parse::<OutboxId>().unwrap(),
        now,
    };
    let set = pharmacies::set_stock(store, &setting).await;
    set.map(drop).map_err(|error| error.to_string())
}

async fn fill(world: &World) -> Vec<House> {
    let (store, now) = (world.product.platform.store(), world.product.clock.now());
    let mut dice = Dice(4_242_424_242);
    let all: Vec<_> = (0..number_of_pharmacies() as u64)
        .map(|number| house(number, &mut dice, now))
        .collect();
    let puts = stream::iter(all.iter().map(Ok::<_, String>));
    let store = &store;
    puts.try_for_each_concurrent(8, |(house, pharmacy)| put(store, house, pharmacy, now))
        .await
        .expect("they are put");
    all.into_iter().map(|(house, _)| house).collect()
}

fn by_looking_at_all(houses: &[House], from: Position, kilometres: f64, at_least: u64) -> Vec<String> {
    let near = houses.iter().map(|house| (from.metres_to(house.position), house));
    let wanted = near.filter(|(metres, house)| {
        let is_there = house.quantity >= at_least && house.expiry.is_none() && house.is_24x7;
        is_there && *metres <= kilometres * 1_000.0
    });
    let mut wanted: Vec<(f64, &House)> = wanted.collect();
    wanted.sort_by(|(one, a), (other, b)| one.total_cmp(other).then(a.id.cmp(&b.id)));
    wanted
        .into_iter()
        .take(LIMIT)
        .map(|(_, house)| house.id.to_string())
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_search_finds_what_looking_at_all_would_find() {
    let world = World::new().await;
    let houses = fill(&world).await;
    let mut dice = Dice(77);
    let mut places: Vec<(f64, f64)> = (0..60).map(|_| somewhere(&mut dice)).collect();
    places.extend([
        (90.0, 0.0),
        (90.0, 77.0),
        (-90.0, -180.0),
        (0.0, 180.0),
        (0.0, -180.0),
        (28.6, 77.2),
    ]);
    let (mut most, mut sum, mut found_in_all, mut searches) = (0.0_f64, 0.0, 0, 0_u32);
    for (number, (latitude, longitude)) in places.into_iter().enumerate() {
        let from = Position::new(latitude, longitude).unwrap();
        for kilometres in [[10.0, 300.0], [60.0, 2_000.0], [1.0, 20_100.0]][number % 3] {
            let at_least = 11 + number as u64 % 3;
            let body = json!({
                "medicine_name": "paracetamol", "latitude": latitude, "longitude": longitude, "radius_km": kilometres,
                "min_quantity": at_least, "limit": LIMIT,
            });
            let found = world.post("/api/pharmacy/search", body).await;
            assert_eq!(found.status, 200, "{found:?}");
            let found: Vec<Value> = found.json().as_array().unwrap().clone();
            let ids: Vec<&str> = found
                .iter()
                .map(|offer| offer["pharmacy_id"].as_str().unwrap())
                .collect();
            assert_eq!(
                ids,
                by_looking_at_all(&houses, from, kilometres, at_least),
                "{latitude} {longitude} {kilometres}"
            );
            let units = world.last_usage("search-pharmacies").read_units;
            (most, sum, searches) = (most.max(units), sum + units, searches + 1);
            found_in_all += ids.len();
        }
    }
    println!(
        "{} pharmacies, {searches} searches, {found_in_all} found: {:.1} read units each, {most} at most",
        houses.len(),
        sum / f64::from(searches)
    );
    assert!(
        found_in_all > 200 && most <= MOST_UNITS,
        "{found_in_all} found, {most} units at most"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn names_are_matched_without_case_accents_and_by_the_substance() {
    let world = World::new().await;
    let admin = world.admin().await;
    let (one, other) = (
        add(&world, json!({ "name": "One" })).await,
        add(&world, json!({ "name": "Other" })).await,
    );
    let line = |name: &str, generic: Value| json!([{ "medicine_name": name, "generic_name": generic, "quantity": 20 }]);
    let ok = async |pharmacy: &Value, lines: Value| {
        let received = move_stock(&admin, pharmacy, "receive", lines).await;
        assert_eq!(received.status, 201, "{}", received.text());
    };
    ok(&one, line("Crocin", json!("Paracetamol"))).await;
    ok(&other, line("Acetaminofén", Value::Null)).await;
    ok(&other, line("Ibuprofén", Value::Null)).await;
    let search = async |name: &str| -> Vec<String> {
        let found = world
            .post("/api/pharmacy/search", json!({ "medicine_name": name }))
            .await
            .json();
        let found = found
            .as_array()
            .unwrap()
            .iter()
            .map(|offer| offer["stocked_as"].as_str().unwrap().to_owned());
        found.collect()
    };
    for name in ["paracetamol", "PARACÉTAMOL", "acetaminophen"] {
        assert_eq!(search(name).await, ["crocin", "acetaminofén"], "{name}");
    }
    assert_eq!(search("CROCIN").await, ["crocin"]);
    assert_eq!(search("ibuprofen").await, ["ibuprofén"]);
    assert!(search("para").await.is_empty() && search("paracetamol forte").await.is_empty());
    // A generic name that is said later counts from then on, and one that is taken back no more.
    ok(&other, line("Ibuprofén", json!("Metamizole"))).await;
    assert_eq!(search("dipyrone").await, ["ibuprofén"]);
    ok(&other, line("Ibuprofén", json!("Ibuprofen"))).await;
    assert!(search("dipyrone").await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn those_that_are_closed_are_shown_to_whoever_wants_to_see_them() {
    let world = World::new().await;
    let admin = world.admin().await;
    let closed = json!({ "is_24x7": false, "time_zone": "Asia/Kolkata", "operating_hours": { "monday": "closed" } });
    let unread =
        json!({ "is_24x7": false, "time_zone": "Asia/Kolkata", "operating_hours": { "mon-fri": "nine to five" } });
    for (name, mut more) in [("Closed", closed), ("Unread", unread)] {
        more["name"] = json!(name);
        let pharmacy = add(&world, more).await;
        let body = json!({ "medicine_name": "Paracetamol", "quantity": 20 });
        assert_eq!(admin.put(&path(&pharmacy, "/stock"), body).await.status, 200);
    }
    let search = async |open_only: bool| -> Vec<Value> {
        let body = json!({ "medicine_name": "paracetamol", "open_only": open_only });
        world
            .post("/api/pharmacy/search", body)
            .await
            .json()
            .as_array()
            .unwrap()
            .clone()
    };
    let open = search(true).await;
    assert_eq!((open.len(), &open[0]["pharmacy_name"]), (1, &json!("Unread")));
    let all = search(false).await;
    let is_open: Vec<_> = all
        .iter()
        .map(|offer| (&offer["pharmacy_name"], &offer["is_open"]))
        .collect();
    assert_eq!(
        is_open,
        [(&json!("Closed"), &json!(false)), (&json!("Unread"), &json!(true))]
    );
}
