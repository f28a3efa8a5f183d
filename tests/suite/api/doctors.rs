//! Doctors: their application with papers, their approval and its end, and how patients find them.

use data_encoding::BASE64;
use reqwest::multipart::{Form, Part};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use tests::photos;
use tests::world::{Answer, Person, World, send};

const A_YEAR_IN_SECONDS: i64 = 366 * 24 * 60 * 60;
const PIXEL: &str = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==";

async fn hand_in(doctor: &Person, bytes: Vec<u8>) -> Answer {
    let form = Form::new().part("file", Part::bytes(bytes).file_name("../../licence.jpg"));
    send(doctor.request(Method::POST, "/api/doctors/me/evidence").multipart(form)).await
}

async fn review(admin: &Person, doctor: &Person, body: Value) -> Answer {
    admin
        .post(&format!("/api/admin/dermatologists/{}/verify", doctor.id), body)
        .await
}

/// User names, and how many there are in all.
async fn found(by: &Person, query: &str) -> (Vec<String>, u64) {
    let answer = by.get(&format!("/api/users/dermatologists{query}")).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    let body = answer.json();
    let doctors = body["dermatologists"].as_array().unwrap();
    let names = doctors
        .iter()
        .map(|doctor| doctor["username"].as_str().unwrap().to_owned());
    (names.collect(), body["total"].as_u64().unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_application_is_seen_with_its_papers_without_their_metadata() {
    let world = World::new().await;
    let (admin, derm) = (world.admin().await, world.licensed_doctor("derm").await);

    let handed_in = hand_in(&derm, photos::face_with_metadata()).await;
    assert_eq!(handed_in.status, StatusCode::CREATED, "{handed_in:?}");
    let pending = admin.get("/api/admin/dermatologists/pending").await.json();
    let application = &pending[0];
    assert_eq!(
        (&application["id"], &application["dermatologistId"]),
        (&json!(derm.id), &json!(derm.id))
    );
    assert_eq!(
        (&application["status"], &application["license"]),
        (&json!("pending"), &json!("LIC-derm"))
    );
    for member in ["reviewComments", "reviewedBy", "reviewedAt", "bio"] {
        assert!(application.as_object().unwrap().contains_key(member) && application[member].is_null());
    }

    let detail = admin
        .get(&format!("/api/admin/dermatologists/{}", derm.id))
        .await
        .json();
    assert_eq!(detail["name"], "Dr derm");
    let paper = world.follow(detail["evidence"][0].as_str().unwrap()).await;
    assert_eq!(paper.header("content-type"), "image/jpeg");
    let text = String::from_utf8_lossy(&paper.bytes).into_owned();
    assert!(!text.contains("GPS") && !text.contains("4711"), "metadata must go");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rejected_application_is_approved_after_another_paper() {
    let world = World::new().await;
    let (admin, derm) = (world.admin().await, world.licensed_doctor("derm").await);
    let own = || async { derm.get("/api/doctors/me/verification").await.json() };
    assert_eq!(hand_in(&derm, photos::face()).await.status, StatusCode::CREATED);
    let body = json!({ "status": "rejected", "reviewComments": "Not readable" });
    let rejected = review(&admin, &derm, body).await;
    assert_eq!(rejected.json()["message"], "Dermatologist rejected");
    let rejected = admin.get("/api/admin/dermatologists/rejected").await.json();
    assert_eq!(
        (&rejected[0]["reviewComments"], &rejected[0]["reviewedBy"]),
        (&json!("Not readable"), &json!(admin.id))
    );
    assert_eq!(
        (&own().await["status"], &own().await["reason"]),
        (&json!("rejected"), &json!("Not readable"))
    );
    world.message("derm@example.org", "Your registration as a doctor").await;

    assert_eq!(hand_in(&derm, photos::face()).await.json()["status"], "pending");
    let approved = review(&admin, &derm, json!({ "status": "approved" })).await;
    assert_eq!(approved.json()["message"], "Dermatologist approved");
    let own = own().await;
    assert_eq!(
        (&own["status"], &own["is_verified"]),
        (&json!("approved"), &json!(true))
    );
    assert_eq!(own["evidence"].as_array().unwrap().len(), 2);
    assert_eq!(derm.get("/api/users/me").await.json()["isVerified"], true);
    for list in ["pending", "rejected"] {
        assert_eq!(
            admin.get(&format!("/api/admin/dermatologists/{list}")).await.json(),
            json!([])
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_review_is_refused_where_there_is_nothing_to_approve() {
    let world = World::new().await;
    let (admin, ana) = (world.admin().await, world.patient("ana").await);
    let derm = world.licensed_doctor("derm").await;
    let unlicensed = world.person("quack", "dermatologist").await;
    let approve = json!({ "status": "approved" });

    review(&admin, &ana, approve.clone())
        .await
        .problem(404, "Dermatologist not found");
    let without = review(&admin, &unlicensed, approve.clone()).await;
    without.problem(400, "A doctor without a license number cannot be approved");
    let status = "Status must be approved or rejected";
    review(&admin, &derm, json!({ "status": "maybe" }))
        .await
        .problem(400, status);
    review(&admin, &derm, json!({})).await.problem(400, status);
    let over = json!({ "status": "approved", "validUntil": "2020-01-01T00:00:00Z" });
    review(&admin, &derm, over)
        .await
        .problem(400, "The approval must end in the future");
    assert_eq!(review(&derm, &derm, approve).await.status, 403);

    // The telemedicine product sends no body.
    let path = |id: &str| format!("/api/users/doctor/{id}/verify");
    assert_eq!(send(admin.request(Method::POST, &path(&ana.id))).await.status, 404);
    assert_eq!(
        send(admin.request(Method::POST, &path("0186a1f2c3d4e5f601234567")))
            .await
            .status,
        404
    );
    let verified = send(admin.request(Method::POST, &path(&derm.id))).await;
    assert_eq!(verified.status, 200, "{verified:?}");
    assert!(verified.json()["message"].is_string());
    assert_eq!(derm.get("/api/auth/me").await.json()["is_verified"], true);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_approval_ends_by_itself_and_with_another_licence() {
    let world = World::new().await;
    let (ana, derm) = (world.patient("ana").await, world.verified_doctor("derm").await);
    assert_eq!(found(&ana, "?q=derm").await, (vec!["derm".to_owned()], 1));

    // Approved is one licence, not the person.
    let changed = derm
        .put("/api/users/doctor/profile", json!({ "license_number": "LIC-other" }))
        .await;
    assert_eq!(changed.json()["is_verified"], false, "{changed:?}");
    assert_eq!(found(&ana, "?q=derm").await, (vec![], 0));
    let admin = world.admin().await;
    assert_eq!(review(&admin, &derm, json!({ "status": "approved" })).await.status, 200);
    assert_eq!(found(&ana, "?q=derm").await.1, 1);

    world.product.clock.set_forward(A_YEAR_IN_SECONDS);
    let (ana, derm) = (
        world.log_in("ana", &ana.password).await,
        world.log_in("derm", &derm.password).await,
    );
    assert_eq!(found(&ana, "").await, (vec![], 0));
    assert_eq!(derm.get("/api/users/me").await.json()["isVerified"], false);
    assert_eq!(
        derm.get("/api/doctors/me/verification").await.json()["is_verified"],
        false
    );
    // New papers put it before the reviewers again.
    assert_eq!(hand_in(&derm, photos::face()).await.json()["status"], "pending");
    let admin = world.admin().await;
    assert_eq!(
        admin.get("/api/admin/dermatologists/pending").await.json()[0]["id"],
        derm.id
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn patients_find_doctors_by_the_beginning_of_a_name() {
    let world = World::new().await;
    let (ana, admin) = (world.patient("ana").await, world.admin().await);
    let cora = world.verified_doctor("Cora").await;
    world.verified_doctor("corinne").await;
    world.verified_doctor("dora").await;
    world.licensed_doctor("corwin").await;

    // The seeded doctor is one of them.
    assert_eq!(found(&ana, "").await.1, 4);
    assert_eq!(
        found(&ana, "?q=COR").await,
        (vec!["Cora".to_owned(), "corinne".to_owned()], 2)
    );
    assert_eq!(found(&ana, "?q=dr%20cor").await.1, 2);
    assert_eq!(found(&ana, "?q=ora").await, (vec![], 0));
    assert_eq!(found(&ana, "?limit=1&offset=1").await, (vec!["corinne".to_owned()], 4));
    assert_eq!(ana.get("/api/users/dermatologists?limit=101").await.status, 422);

    let answer = ana.get("/api/users/dermatologists?q=Cora&limit=7").await;
    assert!(!answer.text().contains("LIC-"), "a licence is nobody's business");
    let body = answer.json();
    assert_eq!((&body["limit"], &body["offset"]), (&json!(7), &json!(0)));
    let doctor = &body["dermatologists"][0];
    assert_eq!(
        (&doctor["id"], &doctor["email"]),
        (&json!(cora.id), &json!("Cora@example.org".to_lowercase()))
    );
    assert_eq!(
        (&doctor["specialization"], &doctor["experience"]),
        (&json!("Dermatology"), &json!(12))
    );
    assert!(doctor["createdAt"].is_string() && doctor["fees"].is_null());

    admin
        .post(&format!("/api/admin/users/{}/suspend", cora.id), Value::Null)
        .await;
    assert_eq!(found(&ana, "?q=cor").await, (vec!["corinne".to_owned()], 1));
    admin
        .post(&format!("/api/admin/users/{}/unsuspend", cora.id), Value::Null)
        .await;
    assert_eq!(found(&ana, "?q=cor").await.1, 2);
    send(admin.request(Method::PUT, "/users/cora/role?new_role=patient")).await;
    assert_eq!(found(&ana, "?q=cor").await.1, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_doctor_says_what_patients_read() {
    let world = World::new().await;
    let (derm, ana, admin) = (
        world.licensed_doctor("derm").await,
        world.patient("ana").await,
        world.admin().await,
    );
    let first = json!({ "specialization": "Acne", "qualifications": "MD", "bio": "Hello" });
    let said = derm.post("/doctors/me", first).await;
    assert_eq!(said.status, 200, "{said:?}");
    let kept = derm
        .post("/doctors/me", json!({ "specialization": "", "bio": null }))
        .await
        .json();
    assert_eq!(
        (&kept["specialization"], &kept["qualifications"], &kept["bio"]),
        (&json!("Acne"), &json!("MD"), &json!("Hello"))
    );
    assert!(kept["id"].is_u64() && kept["id"] == kept["user_id"]);

    let body = json!({ "years_of_experience": "7", "consultation_fee": 40.5 });
    let profile = derm.put("/api/users/doctor/profile", body).await.json();
    assert_eq!(
        (&profile["years_of_experience"], &profile["consultation_fee"]),
        (&json!(7), &json!(40.5))
    );
    let negative = derm
        .put("/api/users/doctor/profile", json!({ "consultation_fee": -1 }))
        .await;
    assert_eq!(negative.status, 422);
    assert_eq!(negative.json()["error"], "Validation error");

    for person in [&ana, &admin] {
        person
            .post("/doctors/me", json!({ "bio": "x" }))
            .await
            .problem(403, "Only doctors can do this");
    }
    assert_eq!(
        admin
            .put("/api/users/doctor/profile", json!({ "bio": "x" }))
            .await
            .status,
        200
    );
    assert_eq!(
        ana.put("/api/users/doctor/profile", json!({ "bio": "x" })).await.status,
        403
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn papers_are_pictures_and_bounded_in_number() {
    let world = World::new().await;
    let (derm, ana) = (world.licensed_doctor("derm").await, world.patient("ana").await);
    let pixel = || BASE64.decode(PIXEL.as_bytes()).unwrap();

    assert_eq!(hand_in(&derm, photos::gif()).await.status, 415);
    assert_eq!(hand_in(&derm, photos::decompression_bomb()).await.status, 413);
    assert_eq!(hand_in(&ana, pixel()).await.status, 403);
    assert_eq!(world.stored_pictures().await, 0);

    let upload = derm
        .post("/api/uploads", json!({ "size_bytes": pixel().len() }))
        .await
        .json();
    let sent = derm.put_file(upload["url"].as_str().unwrap(), pixel()).await;
    assert!(sent.status.is_success(), "{sent:?}");
    let body = json!({ "upload_id": upload["upload_id"] });
    assert_eq!(derm.post("/api/doctors/me/evidence", body).await.status, 201);
    for _ in 1..10 {
        assert_eq!(hand_in(&derm, pixel()).await.status, 201);
    }
    hand_in(&derm, pixel())
        .await
        .problem(400, "At most 10 documents can be handed in");
    assert_eq!(world.stored_pictures().await, 10, "the one refused does not stay");

    // Papers go with the role.
    let demoted = send(
        world
            .admin()
            .await
            .request(Method::PUT, "/users/derm/role?new_role=patient"),
    )
    .await;
    assert_eq!(demoted.status, 200, "{demoted:?}");
    let gone = tests::world::eventually_async(|| async { (world.stored_pictures().await == 0).then_some(()) });
    gone.await.expect("the papers are removed");
}
