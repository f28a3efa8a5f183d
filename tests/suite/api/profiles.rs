//! One account, seen and changed through each product.

use std::collections::BTreeSet;

use jiff::civil::Date;
use reqwest::Method;
use reqwest::multipart::Form;
use serde_json::{Value, json};
use tests::world::{Answer, Person, World, send};

const FACIAL_DERMA: &str = "/api/users/me";
const DENTAL: &str = "/profile";
const NEWER_DENTAL: &str = "/api/auth/profile/me";
const TELEMEDICINE: &str = "/api/users/profile";
const DERMA: &str = "/patients/me";
const ALL: [&str; 5] = [FACIAL_DERMA, DENTAL, NEWER_DENTAL, TELEMEDICINE, DERMA];
/// More than a session is remembered for.
const SOME_SECONDS: i64 = 6;

async fn see(person: &Person, path: &str) -> Value {
    let answer = person.get(path).await;
    assert_eq!(answer.status, 200, "{path}: {answer:?}");
    answer.json()
}

fn members(value: &Value) -> BTreeSet<&str> {
    value
        .as_object()
        .expect("an object")
        .keys()
        .map(String::as_str)
        .collect()
}

fn words(text: &str) -> BTreeSet<&str> {
    text.split_whitespace().collect()
}

async fn put_form(person: &Person, path: &str, form: Form) -> Answer {
    send(person.request(Method::PUT, path).multipart(form)).await
}

async fn post_form(person: &Person, form: Form) -> Answer {
    send(person.request(Method::POST, DERMA).multipart(form)).await
}

#[tokio::test(flavor = "multi_thread")]
async fn each_product_gets_every_member_of_its_view() {
    let world = World::new().await;
    let ana = world.patient("ana").await;
    let facial = see(&ana, FACIAL_DERMA).await;
    assert_eq!(
        members(&facial),
        words(
            "id username email role isSuspended isVerified name gender height weight bloodGroup phone \
             emergencyContact address allergies profileImage specialization license clinic bio age experience fees \
             medicalHistory language timeZone createdAt updatedAt"
        )
    );
    let bare = words("id full_name mobile_number profile_photo_url created_at");
    let dental = see(&ana, DENTAL).await;
    assert_eq!(members(&dental["data"]), bare);
    assert_eq!(members(&dental), &bare | &words("success data error"));
    assert_eq!((&dental["success"], &dental["error"]), (&json!(true), &Value::Null));
    assert_eq!(
        members(&see(&ana, NEWER_DENTAL).await),
        words("id name phone age profile_image_url profile_thumbnail_url date_of_birth created_at updated_at")
    );
    let telemedicine = see(&ana, TELEMEDICINE).await;
    assert_eq!(
        members(&telemedicine),
        words(
            "id phone email full_name role is_verified date_of_birth gender address emergency_contact_name \
             emergency_contact_phone specialization license_number years_of_experience bio consultation_fee \
             language time_zone family_members created_at updated_at"
        )
    );
    assert_eq!(
        (&telemedicine["role"], &telemedicine["family_members"]),
        (&json!("patient"), &json!([]))
    );
    let derma = see(&ana, DERMA).await;
    assert_eq!(
        members(&derma),
        words("id user_id dob gender medical_history profile_image")
    );
    assert!(derma["id"].is_u64() && derma["id"] == derma["user_id"], "{derma}");
    for id in [&facial["id"], &dental["id"], &telemedicine["id"]] {
        assert_eq!(id, ana.id.as_str());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_by_one_product_is_seen_in_the_others() {
    let world = World::new().await;
    let ana = world.patient("ana").await;
    let body = json!({
        "name": "Ana Example", "phone": "+1 (500) 555-0006", "gender": "female", "address": "1 Road", "bio": "Hello",
        "height": "170", "weight": "60", "bloodGroup": "O+", "emergencyContact": "Ben", "allergies": "nuts",
    });
    let answer = ana.put(FACIAL_DERMA, body).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    let body = answer.json();
    assert_eq!(body["message"], "Profile updated successfully");
    assert_eq!(body["user"], see(&ana, FACIAL_DERMA).await);
    assert_eq!(
        (&body["user"]["bloodGroup"], &body["user"]["allergies"]),
        (&json!("O+"), &json!("nuts"))
    );
    let phone = json!("+15005550006");
    let dental = see(&ana, DENTAL).await;
    assert_eq!(
        (&dental["full_name"], &dental["mobile_number"]),
        (&json!("Ana Example"), &phone)
    );
    let newer = see(&ana, NEWER_DENTAL).await;
    assert_eq!((&newer["name"], &newer["phone"]), (&json!("Ana Example"), &phone));
    let telemedicine = see(&ana, TELEMEDICINE).await;
    assert_eq!(
        (&telemedicine["phone"], &telemedicine["address"]),
        (&phone, &json!("1 Road"))
    );
    assert_eq!(see(&ana, DERMA).await["gender"], "female");

    let answer = put_form(&ana, DENTAL, Form::new().text("full_name", "Anna")).await;
    assert_eq!(answer.json(), see(&ana, DENTAL).await);
    assert_eq!(see(&ana, TELEMEDICINE).await["full_name"], "Anna");
}

#[tokio::test(flavor = "multi_thread")]
async fn each_product_changes_in_its_own_words() {
    let world = World::new().await;
    let ana = world.patient("ana").await;
    let body = json!({ "full_name": "Anne", "gender": "other", "emergency_contact_name": "Ben" });
    let answer = ana.put(TELEMEDICINE, body).await;
    assert_eq!(answer.json(), see(&ana, TELEMEDICINE).await);
    assert_eq!(
        (&answer.json()["emergency_contact_name"], &answer.json()["gender"]),
        (&json!("Ben"), &json!("other"))
    );
    assert_eq!(see(&ana, FACIAL_DERMA).await["name"], "Anne");

    let answer = ana
        .put("/api/auth/profile/update", json!({ "name": "Ann", "age": "34" }))
        .await;
    let body = answer.json();
    assert_eq!(
        (&body["success"], &body["message"]),
        (&json!(true), &json!("Profile updated successfully"))
    );
    assert_eq!(body["data"]["user"], see(&ana, NEWER_DENTAL).await);
    assert_eq!(see(&ana, FACIAL_DERMA).await["age"], 34);

    let form = Form::new().text("name", "Änne").text("age", "35");
    let body = put_form(&ana, "/api/auth/profile/update-file", form).await.json();
    assert_eq!(
        (&body["data"]["user"]["name"], &body["data"]["user"]["age"]),
        (&json!("Änne"), &json!(35))
    );

    let form = Form::new()
        .text("dob", "1990-02-28")
        .text("gender", "female")
        .text("medical_history", "[\"asthma\"]");
    let answer = post_form(&ana, form).await;
    assert_eq!(answer.json(), see(&ana, DERMA).await);
    assert_eq!(
        (&answer.json()["dob"], &answer.json()["medical_history"]),
        (&json!("1990-02-28"), &json!(["asthma"]))
    );
    assert_eq!(see(&ana, TELEMEDICINE).await["date_of_birth"], "1990-02-28");
    assert_eq!(see(&ana, FACIAL_DERMA).await["medicalHistory"], json!(["asthma"]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_known_birth_date_tells_the_age() {
    let world = World::new().await;
    let ana = world.patient("ana").await;
    ana.put("/api/auth/profile/update", json!({ "age": 99 })).await;
    let today = domain::calendar::day_of(world.product.clock.now());
    let born = |years: i16, days: i64| -> Date {
        let birthday = Date::new(today.year() - years, today.month(), today.day().min(28)).expect("a day");
        birthday.checked_add(jiff::Span::new().days(days)).expect("a day")
    };
    for (day, age) in [(born(30, -3), 30), (born(30, 4), 29)] {
        let answer = ana.put(TELEMEDICINE, json!({ "date_of_birth": day.to_string() })).await;
        assert_eq!(answer.status, 200, "{answer:?}");
        assert_eq!(see(&ana, NEWER_DENTAL).await["age"], age);
        assert_eq!(see(&ana, FACIAL_DERMA).await["age"], age);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_whole_profile_sent_back_changes_nothing() {
    let world = World::new().await;
    let ana = world.patient("ana").await;
    ana.put(
        FACIAL_DERMA,
        json!({ "name": "Ana", "phone": "+15005550006", "fees": "12.5" }),
    )
    .await;
    let mut before = see(&ana, FACIAL_DERMA).await;
    before["unknown"] = json!({ "nested": [1, 2] });
    before["role"] = json!("admin");
    before["isVerified"] = json!(true);
    let answer = ana.put(FACIAL_DERMA, before.clone()).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    let after = &answer.json()["user"];
    assert_eq!(
        (&after["role"], &after["isVerified"]),
        (&json!("patient"), &json!(false))
    );
    for member in [
        "id",
        "username",
        "email",
        "name",
        "phone",
        "fees",
        "gender",
        "medicalHistory",
        "createdAt",
    ] {
        assert_eq!(after[member], before[member], "{member}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn only_the_facial_derma_product_minds_that_nothing_changes() {
    let world = World::new().await;
    let ana = world.patient("ana").await;
    for body in [json!({}), json!({ "name": null, "role": "admin", "id": "x" })] {
        let problem = ana.put(FACIAL_DERMA, body).await.problem(400, "No fields to update");
        assert_eq!(problem["code"], "nothing_to_change");
    }
    for path in [TELEMEDICINE, "/api/auth/profile/update", DENTAL] {
        assert_eq!(ana.put(path, json!({})).await.status, 200, "{path}");
    }
    assert_eq!(post_form(&ana, Form::new().text("dob", "")).await.status, 200);
    // Old dental apps put the name into the query, with or without a form.
    for (path, name) in [
        ("/profile?full_name=Ana%20One", "Ana One"),
        ("/profile/?full_name=Ana", "Ana"),
    ] {
        let answer = send(ana.request(Method::PUT, path)).await;
        assert_eq!(
            (answer.status.as_u16(), &answer.json()["full_name"]),
            (200, &json!(name))
        );
    }
    let form = Form::new().text("full_name", "From the form");
    let answer = put_form(&ana, "/profile?full_name=From%20the%20query", form).await;
    assert_eq!(answer.json()["full_name"], "From the form");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_taken_is_named_and_changes_nothing() {
    let world = World::new().await;
    let ana = world.patient("ana").await;
    let before = see(&ana, FACIAL_DERMA).await;
    for (path, body, field) in [
        ("/api/auth/profile/update", json!({ "name": "A" }), "name"),
        ("/api/auth/profile/update", json!({ "age": 121 }), "age"),
        ("/api/auth/profile/update", json!({ "age": "old" }), "age"),
        (TELEMEDICINE, json!({ "full_name": "A" }), "name"),
        (TELEMEDICINE, json!({ "date_of_birth": "2990-01-01" }), "date_of_birth"),
        (TELEMEDICINE, json!({ "gender": "none of these" }), "gender"),
        (FACIAL_DERMA, json!({ "phone": "12345", "name": "Not kept" }), "phone"),
    ] {
        let answer = ana.put(path, body).await;
        let problem = answer.json();
        assert_eq!(answer.status, 422, "{problem}");
        assert_eq!(problem["errors"][0]["loc"], json!(["body", field]), "{problem}");
        if path == TELEMEDICINE {
            assert_eq!(problem["error"], "Validation error");
            assert_eq!(problem["details"], problem["errors"]);
        }
    }
    assert_eq!(
        put_form(&ana, "/api/auth/profile/update-file", Form::new().text("age", "old"))
            .await
            .status,
        422
    );
    assert_eq!(post_form(&ana, Form::new().text("dob", "28.02.1990")).await.status, 422);
    for history in ["asthma", "{}", "[1]", "\"asthma\""] {
        let answer = post_form(&ana, Form::new().text("medical_history", history)).await;
        answer.problem(400, "medical_history must be valid JSON array");
    }
    assert_eq!(see(&ana, FACIAL_DERMA).await, before);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_anothers_stays_theirs() {
    let world = World::new().await;
    let (ana, derm) = (world.patient("ana").await, world.person("derm", "dermatologist").await);
    let other = world.person("other", "dermatologist").await;
    assert_eq!(
        derm.put(FACIAL_DERMA, json!({ "license": "L-1", "phone": "+15005550006" }))
            .await
            .status,
        200
    );
    let taken = other.put(FACIAL_DERMA, json!({ "license": "l-1" })).await;
    taken.problem(400, "License number already exists");
    let taken = ana.put(FACIAL_DERMA, json!({ "username": "Derm" })).await;
    taken.problem(400, "Username already taken");
    let taken = ana.put(FACIAL_DERMA, json!({ "phone": "+1 500 555 0006" })).await;
    taken.problem(400, "Phone number already registered");
    let answer = ana.put(FACIAL_DERMA, json!({ "username": "anna" })).await;
    assert_eq!(answer.json()["user"]["username"], "anna");
    assert_eq!(world.log_in("anna", &ana.password).await.id, ana.id);
    assert_eq!(world.patient("ana-again").await.username, "ana-again");
}

#[tokio::test(flavor = "multi_thread")]
async fn another_address_is_not_taken_but_its_place_is_told() {
    let world = World::new().await;
    let ana = world.patient("ana").await;
    let answer = ana
        .put(FACIAL_DERMA, json!({ "username": "ana", "email": "new@example.org" }))
        .await;
    assert_eq!(answer.status, 200, "{answer:?}");
    let body = answer.json();
    assert_eq!(body["user"]["email"], ana.email.as_str());
    assert!(
        body["message"].as_str().unwrap().contains("POST /api/auth/contact"),
        "{body}"
    );
    let same = ana
        .put(FACIAL_DERMA, json!({ "name": "Ana", "email": "ANA@example.org" }))
        .await;
    assert_eq!(same.json()["message"], "Profile updated successfully");
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_suspended_sees_it_in_the_facial_derma_app_only() {
    let world = World::new().await;
    let (ana, admin) = (world.patient("ana").await, world.admin().await);
    let path = format!("/api/admin/users/{}/suspend", ana.id);
    assert_eq!(admin.post(&path, json!({})).await.status, 200);
    world.product.clock.set_forward(SOME_SECONDS);
    assert_eq!(see(&ana, FACIAL_DERMA).await["isSuspended"], true);
    for path in ALL.into_iter().filter(|path| *path != FACIAL_DERMA) {
        ana.get(path).await.problem(403, "Your account is suspended");
    }
    let answer = ana.put(FACIAL_DERMA, json!({ "name": "Ana" })).await;
    answer.problem(403, "Your account is suspended");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_patients_profile_is_for_patients() {
    let world = World::new().await;
    for person in [world.person("derm", "dermatologist").await, world.admin().await] {
        person.get(DERMA).await.problem(403, "Only patients can do this");
        let answer = post_form(&person, Form::new().text("gender", "female")).await;
        answer.problem(403, "Only patients can do this");
    }
    let ana = world.patient("ana").await;
    let answer = ana.put("/api/admin/profile", json!({ "name": "Ana" })).await;
    answer.problem(403, "Admin access required");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_and_a_look_at_health_data_are_in_the_log() {
    let world = World::new().await;
    let ana = world.patient("ana").await;
    let changed = ana.put(FACIAL_DERMA, json!({ "allergies": "nuts" })).await;
    let entry = ana
        .audit_entry(changed.header("x-request-id"))
        .await
        .expect("the change is noted");
    assert_eq!(
        (&entry["action"], &entry["what"]),
        (&json!("update"), &json!({ "kind": "profile", "id": ana.id }))
    );
    let refused = ana.put(FACIAL_DERMA, json!({ "allergies": "x".repeat(3000) })).await;
    assert_eq!(refused.status, 422);
    let seen = ana.get(DERMA).await;
    let entry = ana
        .audit_entry(seen.header("x-request-id"))
        .await
        .expect("the look is noted");
    assert_eq!(entry["action"], "read");
    assert_eq!(entry["position"], 2, "what was refused changed nothing");
}
