//! Profiles across products, families, doctors, and what admins do with users.

use data_encoding::BASE64;
use reqwest::Method;
use serde_json::{Value, json};
use tests::photos;
use tests::world::{Answer, Person, World, eventually_async, send};

async fn put(person: &Person, path: &str, body: Value) -> Answer {
    send(person.request(Method::PUT, path).json(&body)).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_at_one_product_shows_at_the_others() {
    let world = World::new().await;
    let ana = world.patient("ana").await;
    let body = json!({ "name": "Ana B", "age": "34", "bloodGroup": "0+", "phone": "+15005550006", "id": null });
    let changed = put(&ana, "/api/users/me", body).await.json();
    assert_eq!(
        (&changed["user"]["name"], &changed["user"]["age"]),
        (&json!("Ana B"), &json!(34))
    );
    assert_eq!(changed["user"]["isSuspended"], false);
    let dental = ana.get("/profile").await.json();
    assert_eq!(
        (&dental["full_name"], &dental["mobile_number"]),
        (&json!("Ana B"), &json!("+15005550006"))
    );
    assert_eq!(
        (&dental["success"], &dental["data"]["id"]),
        (&json!(true), &dental["id"])
    );
    let newer = ana.get("/api/auth/profile/me").await.json();
    assert_eq!((&newer["name"], &newer["age"]), (&json!("Ana B"), &json!(34)));

    let body = json!({ "date_of_birth": "2000-01-01", "gender": "female", "full_name": "Ana C" });
    let telemedicine = put(&ana, "/api/users/profile", body).await.json();
    assert_eq!(
        (&telemedicine["full_name"], &telemedicine["family_members"]),
        (&json!("Ana C"), &json!([]))
    );
    let derma = ana.get("/patients/me").await.json();
    assert_eq!(
        (&derma["dob"], &derma["gender"]),
        (&json!("2000-01-01"), &json!("female"))
    );
    assert!(derma["id"].is_u64() && derma["medical_history"].is_null());
    assert_ne!(ana.get("/api/users/me").await.json()["age"], 34);

    put(&ana, "/api/users/me", json!({ "unknown": 1 }))
        .await
        .problem(400, "No fields to update");
    let wrong = put(&ana, "/api/users/profile", json!({ "date_of_birth": "yesterday" })).await;
    assert_eq!(
        (wrong.status.as_u16(), &wrong.json()["error"]),
        (422, &json!("Validation error"))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_picture_is_kept_without_metadata_and_the_one_before_goes() {
    let world = World::new().await;
    let ana = world.patient("ana").await;
    let image = BASE64.encode(&photos::face());
    let answer = ana
        .post("/api/auth/profile/upload-image", json!({ "image": image }))
        .await;
    assert_eq!(answer.status, 200, "{answer:?}");
    let first = answer.json()["data"]["image_url"]
        .as_str()
        .expect("an address")
        .to_owned();
    assert_eq!(world.follow(&first).await.status, 200);
    let own = ana.get(&format!("/api/auth/profile/image/{}", ana.id)).await;
    assert!(own.status == 200 && !own.bytes.windows(4).any(|part| part == b"Exif"));
    let data_url = format!("data:image/jpeg;base64,{image}");
    assert_eq!(
        put(&ana, "/api/users/me", json!({ "profileImage": data_url }))
            .await
            .status,
        200
    );
    let gone = || async { (world.stored_pictures().await == 2).then_some(()) };
    eventually_async(gone)
        .await
        .expect("the first picture goes, and its thumbnail");
    let path = ana
        .post("/api/auth/profile/upload-image", json!({ "image": "/etc/passwd" }))
        .await;
    assert!(matches!(path.status.as_u16(), 415 | 422), "{path:?}");
    assert_eq!(ana.delete("/api/auth/profile/delete-image").await.status, 200);
    assert_eq!(ana.get("/api/users/me").await.json()["profileImage"], Value::Null);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_caregiver_sees_what_is_granted_until_it_is_taken_back() {
    let world = World::new().await;
    let (ana, mia) = (world.patient("ana").await, world.patient("mia").await);
    let ask = json!({ "family_member_email": ana.email, "relationship": "parent" });
    let asked = mia.post("/api/users/family/link", ask.clone()).await;
    assert_eq!(asked.status, 201);
    let path = format!("/api/users/family/{}", asked.json()["link_id"].as_str().expect("an id"));
    mia.post("/api/users/family/link", ask)
        .await
        .problem(400, "Family member already linked");
    let nobody = json!({ "family_member_email": "nobody@example.org", "relationship": "parent" });
    mia.post("/api/users/family/link", nobody)
        .await
        .problem(400, "Family member not found");
    let member = mia.get("/api/users/profile").await.json()["family_members"][0].clone();
    assert_eq!(
        (&member["status"], &member["email"], &member["full_name"]),
        (&json!("pending"), &Value::Null, &Value::Null)
    );

    assert_eq!(mia.post(&format!("{path}/accept"), json!({})).await.status, 404);
    assert_eq!(
        put(&ana, &format!("{path}/grant"), json!({ "scopes": ["profile"] }))
            .await
            .status,
        409
    );
    assert_eq!(ana.post(&format!("{path}/accept"), json!({})).await.status, 200);
    assert_eq!(
        mia.get("/api/users/profile").await.json()["family_members"][0]["email"],
        ana.email.as_str()
    );
    assert_eq!(mia.get(&format!("{path}/profile")).await.status, 403);
    assert_eq!(
        put(&ana, &format!("{path}/grant"), json!({ "scopes": ["vitals"] }))
            .await
            .status,
        200
    );
    assert_eq!(mia.get(&format!("{path}/profile")).await.json()["code"], "no_grant");
    assert_eq!(
        put(&ana, &format!("{path}/grant"), json!({ "scopes": ["profile"] }))
            .await
            .status,
        200
    );
    let seen = mia.get(&format!("{path}/profile")).await;
    assert_eq!((seen.status.as_u16(), &seen.json()["id"]), (200, &json!(ana.id)));
    assert_eq!(ana.delete(&format!("{path}/grant")).await.status, 200);
    assert_eq!(mia.get(&format!("{path}/profile")).await.status, 403);
    let log = ana.audit_length(1).await;
    assert_eq!(log.len(), 1, "{log:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_doctor_is_found_while_the_approval_holds() {
    let world = World::new().await;
    let (admin, ana) = (world.admin().await, world.patient("ana").await);
    let body = json!({
        "role": "dermatologist", "username": "derm", "email": "derm@example.org", "password": "password of derm",
        "name": "Dr Derm", "license": "L-1", "specialization": "Skin",
    });
    assert_eq!(world.post("/api/auth/signup", body).await.status, 201);
    let derm = world.log_in("derm", "password of derm").await;
    let found = async || ana.get("/api/users/dermatologists?q=der").await.json();
    assert_eq!(found().await["total"], 0);
    let pending = admin.get("/api/admin/dermatologists/pending").await.json();
    assert_eq!(
        (&pending[0]["username"], &pending[0]["license"]),
        (&json!("derm"), &json!("L-1"))
    );

    let path = format!("/api/admin/dermatologists/{}/verify", derm.id);
    assert_eq!(admin.post(&path, json!({ "status": "maybe" })).await.status, 400);
    let rejected = admin
        .post(&path, json!({ "status": "rejected", "reviewComments": "unreadable" }))
        .await;
    assert_eq!(rejected.json()["message"], "Dermatologist rejected");
    let list = admin.get("/api/admin/dermatologists/rejected").await.json();
    assert_eq!(list[0]["reviewComments"], "unreadable");
    let approved = admin.post(&path, json!({ "status": "approved" })).await;
    assert_eq!(approved.json()["message"], "Dermatologist approved");
    assert_eq!(found().await["dermatologists"][0]["id"], derm.id.as_str());
    assert_eq!(derm.get("/api/users/me").await.json()["isVerified"], true);
    assert_eq!(admin.get("/api/admin/dermatologists/pending").await.json(), json!([]));
    let unknown = format!("/api/users/doctor/{}/verify", ana.id);
    assert_eq!(admin.post(&unknown, json!({})).await.status, 404);

    world.product.clock.set_forward(366 * 24 * 60 * 60);
    let ana = world.log_in("ana", &ana.password).await;
    assert_eq!(ana.get("/api/users/dermatologists").await.json()["total"], 0);
    let derm = world.log_in("derm", "password of derm").await;
    assert_eq!(derm.get("/api/users/me").await.json()["isVerified"], false);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_suspended_person_sees_only_that() {
    let world = World::new().await;
    let (admin, ana) = (world.admin().await, world.patient("ana").await);
    let suspend = format!("/api/admin/users/{}/suspend", ana.id);
    assert_eq!(admin.post(&suspend, json!({})).await.status, 200);
    world.product.clock.set_forward(5);
    let refused = ana.get("/api/predictions").await;
    assert!(refused.status == 403 && refused.json()["error"].as_str().unwrap().contains("suspended"));
    assert_eq!(ana.get("/profile").await.status, 403);
    assert_eq!(ana.get("/api/users/me").await.json()["isSuspended"], true);
    let own = format!("/api/admin/users/{}/suspend", admin.id);
    assert_eq!(admin.post(&own, json!({})).await.status, 400);
    assert_eq!(
        admin
            .post(&format!("/api/admin/users/{}/unsuspend", ana.id), json!({}))
            .await
            .status,
        200
    );
    world.product.clock.set_forward(5);
    assert_eq!(ana.get("/api/predictions").await.status, 200);
    world.message(&ana.email, "Your account is suspended").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn admins_list_change_and_delete_users() {
    let world = World::new().await;
    let (admin, ana, ben) = (
        world.admin().await,
        world.patient("ana").await,
        world.patient("ben").await,
    );
    let page = admin.get("/api/admin/users?role=patient&limit=1").await.json();
    assert_eq!(
        (&page["total"], &page["users"][0]["username"]),
        (&json!(3), &json!("ben"))
    );
    let all = admin.get("/users/").await.json();
    assert_eq!(all.as_array().expect("a bare list").len(), 5);
    assert_eq!(admin.get("/users/role/wizard").await.json(), json!([]));
    assert_eq!(ana.get("/users/ana").await.json()["username"], "ana");
    ana.get("/users/ben").await.problem(403, "Not allowed");
    ana.get("/users/nobody").await.problem(403, "Not allowed");
    admin.get("/users/nobody").await.problem(404, "User not found");

    let role = send(admin.request(Method::PUT, "/users/ben/role?new_role=doctor")).await;
    assert_eq!(role.json()["msg"], "ben's role updated to doctor");
    world.product.clock.set_forward(5);
    assert_eq!(ben.get("/patients/me").await.status, 403);
    assert_eq!(
        send(admin.request(Method::PUT, "/users/ben/role?new_role=king"))
            .await
            .status,
        422
    );
    let password = send(ana.request(Method::PUT, "/users/ana/password?new_password=another%20correct")).await;
    assert_eq!(password.json()["msg"], "Password updated successfully");
    world.log_in("ana", "another correct").await;

    let stats = admin.get("/api/admin/dashboard/stats").await.json();
    assert_eq!((&stats["totalUsers"], &stats["totalPatients"]), (&json!(5), &json!(2)));
    assert_eq!(
        (&stats["totalDermatologists"], &stats["pendingVerifications"]),
        (&json!(2), &json!(1))
    );
    let gone = admin.delete("/users/ben").await;
    assert_eq!(gone.json()["msg"], "User ben deleted successfully");
    admin.delete("/users/ben").await.problem(404, "User not found");
    world.product.clock.set_forward(5);
    assert_eq!(ben.get("/api/users/me").await.status, 401);
    let log = admin.get("/api/admin/activity-logs").await.json();
    let words: Vec<&str> = log
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|line| line["action"].as_str())
        .collect();
    assert!(
        words.contains(&"deleted") && words.contains(&"role_changed") && words.contains(&"registered"),
        "{words:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn who_deletes_their_account_leaves_nothing_behind() {
    let world = World::new().await;
    let ana = world.patient("ana").await;
    assert_eq!(ana.predict(photos::face()).await.status, 200);
    let without = send(ana.request(Method::DELETE, "/api/auth/account/delete").json(&json!({}))).await;
    assert_eq!(without.status, 422);
    let body = json!({ "password_confirmation": "DELETE" });
    let gone = send(ana.request(Method::DELETE, "/api/auth/account/delete").json(&body)).await;
    assert_eq!(
        (gone.status.as_u16(), &gone.json()["data"]["user_id"]),
        (200, &json!(ana.id))
    );
    assert_eq!(ana.get("/api/users/me").await.status, 401);
    let pictures_gone = || async { (world.stored_pictures().await == 0).then_some(()) };
    eventually_async(pictures_gone).await.expect("the pictures go");
    // The name and the address are free again.
    world.patient("ana").await;
}
