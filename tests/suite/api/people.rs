//! Profiles.

use serde_json::json;
use tests::world::World;

#[tokio::test(flavor = "multi_thread")]
async fn a_person_sees_their_own_profile_with_nothing_missing() {
    let world = World::new().await;
    let body = json!({
        "role": "dermatologist", "username": "derm", "email": "derm@example.org", "password": "password of derm",
        "name": "Dr Derm", "license": "L-1", "clinic": "Skin Clinic", "experience": "7",
    });
    assert_eq!(world.post("/api/auth/signup", body).await.status, 201);
    let derm = world.log_in("derm", "password of derm").await;
    let profile = derm.get("/api/users/me").await.json();
    assert_eq!(profile["id"], derm.id.as_str());
    assert_eq!(profile["role"], "dermatologist");
    assert_eq!(
        (&profile["isVerified"], &profile["isSuspended"]),
        (&json!(false), &json!(false))
    );
    assert_eq!(
        (&profile["license"], &profile["experience"]),
        (&json!("L-1"), &json!(7))
    );
    for member in [
        "gender",
        "height",
        "weight",
        "bloodGroup",
        "phone",
        "emergencyContact",
        "address",
        "allergies",
        "profileImage",
        "specialization",
        "bio",
        "age",
        "fees",
    ] {
        assert!(
            profile.get(member).is_some_and(serde_json::Value::is_null),
            "{member}: {profile}"
        );
    }
    assert_eq!(profile["medicalHistory"], json!([]));
    assert!(profile["createdAt"].as_str().unwrap().ends_with('Z'));
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_sees_a_profile_without_a_good_token() {
    let world = World::new().await;
    let ana = world.patient("ana").await;
    let answer = world.get("/api/users/me").await;
    answer.problem(401, "No token, authorization denied");
    assert_eq!(answer.header("www-authenticate"), "Bearer");

    let mut forged = ana.clone();
    for token in ["nonsense", &ana.token[..ana.token.len() - 2], ""] {
        forged.token = token.to_owned();
        assert_eq!(forged.get("/api/users/me").await.status, 401, "{token}");
    }
    let request = world
        .request(reqwest::Method::GET, "/api/users/me")
        .header("Authorization", format!("bEaReR {}", ana.token));
    assert_eq!(tests::world::send(request).await.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_signed_in_read_costs_two_round_trips_cold_and_one_warm() {
    let world = World::new().await;
    let ana = world.patient("ana").await;
    ana.get("/api/users/me").await;
    assert_eq!(world.last_usage("get-own-profile").round_trips, 2);
    ana.get("/api/users/me").await;
    assert_eq!(world.last_usage("get-own-profile").round_trips, 1);
    ana.predictions().await;
    // The list and the note of who read it, at once.
    assert_eq!(world.last_usage("list-predictions").round_trips, 2);
    world.product.clock.set_forward(6);
    ana.get("/api/users/me").await;
    assert_eq!(world.last_usage("get-own-profile").round_trips, 2);
}
