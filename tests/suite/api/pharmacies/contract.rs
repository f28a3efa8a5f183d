//! What the first clients' document says (contract #113 to #117).

use serde_json::{Value, json};
use tests::pharmacy::{PHARMACIES, add, path};
use tests::world::World;

#[tokio::test(flavor = "multi_thread")]
async fn an_admin_adds_a_pharmacy_that_everybody_sees() {
    let world = World::new().await;
    let (admin, ana) = (world.admin().await, world.patient("ana").await);
    let body = json!({
        "name": "Lake Pharmacy", "address": "1 Lake Road", "city": "Udaipur", "state": "Rajasthan", "pincode": "313001",
        "phone": "+15005550006",
    });
    let refused = ana.post(PHARMACIES, body.clone()).await;
    refused.problem(403, "Access denied. Required roles: admin");
    // With the slash of the document, too.
    let made = admin.post("/api/pharmacy/", body.clone()).await;
    assert_eq!(made.status, 201, "{made:?}");
    let made = made.json();
    for (member, value) in body.as_object().unwrap() {
        assert_eq!(made[member], *value);
    }
    assert_eq!(
        (
            &made["email"],
            &made["latitude"],
            &made["longitude"],
            &made["operating_hours"],
            &made["is_24x7"]
        ),
        (&Value::Null, &Value::Null, &Value::Null, &json!({}), &json!(false))
    );
    assert_eq!(made["created_at"], made["updated_at"]);

    let seen = world.get(&path(&made, "")).await;
    assert_eq!(seen.status, 200);
    let seen = seen.json();
    assert_eq!((&seen["id"], &seen["name"]), (&made["id"], &json!("Lake Pharmacy")));
    assert!(seen.get("owner_id").is_none() && seen.get("staff").is_none());
    for unknown in ["/api/pharmacy/0186a1f2c3d4e5f601234567", "/api/pharmacy/nothing"] {
        world.get(unknown).await.problem(404, "Pharmacy not found");
    }
    for (member, value) in [
        ("name", json!(" ")),
        ("latitude", json!(10)),
        ("longitude", json!(181)),
        ("time_zone", json!("Nowhere/Else")),
        ("city", Value::Null),
    ] {
        let mut wrong = body.clone();
        wrong[member] = value;
        let refused = admin.post(PHARMACIES, wrong).await;
        assert_eq!(refused.status, 422, "{member}: {refused:?}");
        assert_eq!(refused.json()["error"], "Validation error");
        assert!(refused.json()["details"].is_array());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn stock_is_set_and_what_is_not_said_stays() {
    let world = World::new().await;
    let (admin, dora) = (world.admin().await, world.verified_doctor("dora").await);
    let pharmacy = add(&world, json!({})).await;
    let stock = path(&pharmacy, "/stock");
    let full = json!({
        "medicine_name": " Paracetamol ", "quantity": "50", "unit": "tablets", "expiry_date": "2033-05-31", "price": 1.5,
        "manufacturer": "Maker",
    });
    let set = dora.put(&stock, full).await;
    assert_eq!(set.status, 200, "{set:?}");
    let set = set.json();
    assert!(set["message"].is_string());
    let first = set["stock"].clone();
    for (member, value) in [
        ("pharmacy_id", pharmacy["id"].clone()),
        ("medicine_name", json!("paracetamol")),
        ("quantity", json!(50)),
        ("unit", json!("tablets")),
        ("expiry_date", json!("2033-05-31")),
        ("price", json!(1.5)),
        ("manufacturer", json!("Maker")),
    ] {
        assert_eq!(first[member], value, "{member}");
    }
    assert!(
        ["id", "updated_at", "last_restocked", "created_at"]
            .iter()
            .all(|member| first[*member].is_string())
    );

    // Sets, does not add; in other letters it is the same medicine.
    let again = admin
        .put(&stock, json!({ "medicine_name": "PARACÉTAMOL", "quantity": 20 }))
        .await
        .json();
    let again = again["stock"].clone();
    assert_eq!((&again["id"], &again["quantity"]), (&first["id"], &json!(20)));
    for member in ["unit", "expiry_date", "price", "manufacturer", "created_at"] {
        assert_eq!(again[member], first[member], "{member}");
    }
    let other = admin
        .put(&stock, json!({ "medicine_name": "Ibuprofen", "quantity": 3 }))
        .await
        .json();
    assert_eq!(
        (&other["stock"]["unit"], &other["stock"]["price"]),
        (&json!("units"), &Value::Null)
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn stock_that_makes_no_sense_is_refused() {
    let world = World::new().await;
    let (admin, ana) = (world.admin().await, world.patient("ana").await);
    let stock = path(&add(&world, json!({})).await, "/stock");
    assert_eq!(
        ana.put(&stock, json!({ "medicine_name": "A", "quantity": 1 }))
            .await
            .status,
        403
    );
    let unknown = "/api/pharmacy/0186a1f2c3d4e5f601234567/stock";
    let refused = admin.put(unknown, json!({ "medicine_name": "A", "quantity": 1 })).await;
    refused.problem(404, "Pharmacy not found");
    for wrong in [
        json!({ "quantity": 1 }),
        json!({ "medicine_name": " ", "quantity": 1 }),
        json!({ "medicine_name": "A" }),
        json!({ "medicine_name": "A", "quantity": -1 }),
        json!({ "medicine_name": "A", "quantity": 1, "price": -1 }),
        json!({ "medicine_name": "A", "quantity": 1, "expiry_date": "soon" }),
    ] {
        assert_eq!(admin.put(&stock, wrong.clone()).await.status, 422, "{wrong}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_count_may_name_the_version_that_it_was_made_over() {
    let world = World::new().await;
    let admin = world.admin().await;
    let pharmacy = add(&world, json!({})).await;
    let set = async |quantity: u64, version: Value| {
        let body = json!({ "medicine_name": "Paracetamol", "quantity": quantity, "expected_version": version });
        admin.put(&path(&pharmacy, "/stock"), body).await
    };
    let first = set(50, Value::Null).await.json()["stock"]["version"].clone();
    assert_eq!(set(49, first.clone()).await.status, 200);
    let late = set(48, first)
        .await
        .problem(409, "The stock has changed since it was counted");
    assert_eq!((&late["code"], &late["version"]), (&json!("stock_changed"), &json!(2)));
    assert_eq!(
        tests::pharmacy::stock(&admin, &pharmacy, "paracetamol").await["quantity"],
        49
    );
}

/// A pharmacy names its staff; until it does, all verified doctors say what is there.
#[tokio::test(flavor = "multi_thread")]
async fn those_who_run_it_say_what_is_there() {
    let world = World::new().await;
    let (dora, dave, admin) = (
        world.verified_doctor("dora").await,
        world.verified_doctor("dave").await,
        world.admin().await,
    );
    let unverified = world.person("derm", "dermatologist").await;
    let pharmacy = add(&world, json!({})).await;
    let stock = path(&pharmacy, "/stock");
    let body = json!({ "medicine_name": "Paracetamol", "quantity": 50 });
    assert_eq!(dave.put(&stock, body.clone()).await.status, 200);
    let refused = unverified.put(&stock, body.clone()).await;
    refused.problem(403, "Only verified doctors can do this");

    let named = admin
        .put(
            &path(&pharmacy, ""),
            json!({ "staff": [dora.id, dora.id], "version": 1 }),
        )
        .await;
    assert_eq!(named.status, 200, "{named:?}");
    assert_eq!(
        (&named.json()["staff"], &named.json()["version"]),
        (&json!([dora.id]), &json!(2))
    );
    assert_eq!(dora.put(&stock, body.clone()).await.status, 200);
    dave.put(&stock, body.clone()).await.problem(404, "Pharmacy not found");
    dave.get(&stock).await.problem(404, "Pharmacy not found");
    assert_eq!(admin.put(&stock, body).await.status, 200);

    let late = admin
        .put(&path(&pharmacy, ""), json!({ "name": "Other", "version": 1 }))
        .await;
    late.problem(409, "The pharmacy has changed");
    assert_eq!(
        dora.put(&path(&pharmacy, ""), json!({ "name": "Other" })).await.status,
        403
    );
    let hours = json!({ "operating_hours": { "monday": "09:00-18:00" }, "phone": "+15005550001" });
    let changed = admin.put(&path(&pharmacy, ""), hours).await.json();
    assert_eq!(
        (&changed["phone"], &changed["name"]),
        (&json!("+15005550001"), &pharmacy["name"])
    );
}

/// One pharmacy where one is, one five kilometres from there, and one that nobody knows the place of.
async fn three_pharmacies(world: &World) -> [Value; 3] {
    let admin = world.admin().await;
    let places = [
        json!({ "name": "Near", "latitude": 10.0, "longitude": 20.0 }),
        json!({ "name": "Far", "latitude": 10.05, "longitude": 20.0, "city": "Jaipur" }),
        json!({ "name": "Nowhere", "latitude": null, "longitude": null }),
    ];
    let mut made = Vec::new();
    for (place, quantity) in places.into_iter().zip([20, 30, 40]) {
        let pharmacy = add(world, place).await;
        let body = json!({ "medicine_name": "Paracetamol", "quantity": quantity, "price": 2 });
        assert_eq!(admin.put(&path(&pharmacy, "/stock"), body).await.status, 200);
        made.push(pharmacy);
    }
    made.try_into().expect("three")
}

async fn search(world: &World, more: Value) -> Vec<Value> {
    let mut body = json!({ "medicine_name": "PARAcetamol" });
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    let found = world.post("/api/pharmacy/search", body).await;
    assert_eq!(found.status, 200, "{found:?}");
    found.json().as_array().unwrap().clone()
}

async fn names(world: &World, more: Value) -> Vec<String> {
    let found = search(world, more).await;
    let names = found
        .iter()
        .map(|offer| offer["pharmacy_name"].as_str().unwrap().to_owned());
    names.collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn search_answers_in_the_words_of_the_document() {
    let world = World::new().await;
    let [near, ..] = three_pharmacies(&world).await;
    let found = search(&world, json!({ "latitude": 10.0, "longitude": 20.0 })).await;
    for (member, value) in [
        ("medicine_name", json!("PARAcetamol")),
        ("pharmacy_id", near["id"].clone()),
        ("pharmacy_name", json!("Near")),
        ("quantity", json!(20)),
        ("unit", json!("units")),
        ("price", json!(2.0)),
        ("distance_km", json!(0.0)),
        ("in_stock", json!(true)),
    ] {
        assert_eq!(found[0][member], value, "{member}");
    }
    let distances = [&found[1]["distance_km"], &found[2]["distance_km"]];
    assert_eq!(distances, [&json!(5.56), &Value::Null]);
    for wrong in [
        json!({}),
        json!({ "medicine_name": "" }),
        json!({ "medicine_name": "A", "latitude": 1 }),
        json!({ "medicine_name": "A", "latitude": 91, "longitude": 1 }),
        json!({ "medicine_name": "A", "radius_km": -1 }),
        json!({ "medicine_name": "A", "radius_km": "nan" }),
        json!({ "medicine_name": "A", "limit": 0 }),
    ] {
        let refused = world.post("/api/pharmacy/search", wrong.clone()).await;
        assert_eq!(refused.status, 422, "{wrong}");
    }
    // A position is nobody's business.
    search(&world, json!({ "latitude": 12.345678, "longitude": 1 })).await;
    assert!(!world.log().contains("12.345678"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_search_goes_by_distance_place_and_quantity() {
    let world = World::new().await;
    three_pharmacies(&world).await;
    let here = |more: Value| {
        let mut body = json!({ "latitude": 10.0, "longitude": 20.0 });
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        body
    };
    assert_eq!(names(&world, here(json!({}))).await, ["Near", "Far", "Nowhere"]);
    assert_eq!(
        names(&world, here(json!({ "radius_km": 5 }))).await,
        ["Near", "Nowhere"]
    );
    assert_eq!(
        names(&world, here(json!({ "min_quantity": 25 }))).await,
        ["Far", "Nowhere"]
    );
    assert_eq!(names(&world, here(json!({ "city": "jaipur" }))).await, ["Far"]);
    assert_eq!(names(&world, json!({ "city": "JAIPUR" })).await, ["Far"]);
    assert_eq!(search(&world, json!({ "pincode": "313001" })).await.len(), 3);
    assert_eq!(
        search(&world, json!({ "state": "rajasthan", "limit": 2 })).await.len(),
        2
    );
    assert_eq!(search(&world, json!({})).await.len(), 3);
    assert!(search(&world, json!({ "pincode": "000000" })).await.is_empty());
}
