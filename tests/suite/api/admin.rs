//! What admins do with users: lists, rights that act at once, and what they may not do to themselves.

use futures_util::future::join;
use reqwest::Method;
use serde_json::{Value, json};
use tests::world::{Answer, Person, World, send};

fn list(answer: &Answer) -> Vec<Value> {
    assert_eq!(answer.status, 200, "{answer:?}");
    answer.json().as_array().expect("a bare array").clone()
}

fn members(value: &Value) -> Vec<String> {
    let mut names: Vec<String> = value.as_object().expect("an object").keys().cloned().collect();
    names.sort();
    names
}

fn names(users: &[Value]) -> Vec<&str> {
    users.iter().map(|user| user["username"].as_str().unwrap()).collect()
}

/// Without a body: as the derma product's document has it.
async fn put(person: &Person, path: &str) -> Answer {
    send(person.request(Method::PUT, path)).await
}

async fn make_admin(world: &World, name: &str) -> Person {
    let person = world.patient(name).await;
    let changed = put(&world.admin().await, &format!("/users/{name}/role?new_role=admin")).await;
    assert_eq!(changed.status, 200, "{changed:?}");
    person
}

#[tokio::test(flavor = "multi_thread")]
async fn derma_lists_users_by_age() {
    let world = World::new().await;
    world.patient("ana").await;
    world.person("derm", "dermatologist").await;
    let admin = world.admin().await;

    let everybody = list(&admin.get("/users/").await);
    assert_eq!(names(&everybody), ["patient", "doctor", "admin", "ana", "derm"]);
    assert_eq!(
        members(&everybody[3]),
        ["email", "id", "phone_number", "role", "username"]
    );
    assert!(everybody[3]["id"].is_u64() && everybody[3]["phone_number"].is_null());
    assert_eq!(everybody[4]["role"], "doctor");
    assert_eq!(list(&admin.get("/users").await).len(), 5);

    assert_eq!(names(&list(&admin.get("/users/role/doctor").await)), ["doctor", "derm"]);
    assert_eq!(
        names(&list(&admin.get("/users/role/patient?offset=1&limit=1").await)),
        ["ana"]
    );
    assert_eq!(list(&admin.get("/users/role/nurse").await), Vec::<Value>::new());
    assert_eq!(admin.get("/users/?limit=101").await.status, 422);
}

#[tokio::test(flavor = "multi_thread")]
async fn facial_derma_pages_through_users_with_an_exact_total() {
    let world = World::new().await;
    let ana = world.patient("ana").await;
    let changed = ana
        .put("/api/users/me", json!({ "allergies": "latex", "name": "Ana" }))
        .await;
    assert_eq!(changed.status, 200, "{changed:?}");
    world.person("derm", "dermatologist").await;
    let admin = world.admin().await;
    let page = |query: &'static str| {
        let admin = admin.clone();
        async move { admin.get(&format!("/api/admin/users{query}")).await.json() }
    };

    let all = page("").await;
    let users = all["users"].as_array().unwrap();
    assert_eq!(names(users), ["derm", "ana", "admin", "doctor", "patient"]);
    assert_eq!(all["total"], 5);
    assert_eq!(users[0]["role"], "dermatologist");
    for member in ["isVerified", "isSuspended"] {
        assert_eq!(users[0][member], false);
    }
    assert_eq!(users[1]["name"], "Ana");
    assert!(users[1]["createdAt"].as_str().unwrap().ends_with('Z'));
    assert_eq!(members(&users[1]), members(&ana.get("/api/users/me").await.json()));
    assert!(users[1]["allergies"].is_null(), "an admin needs no health data");

    let doctors = page("?role=dermatologist&skip=0&limit=1").await;
    assert_eq!(names(doctors["users"].as_array().unwrap()), ["derm"]);
    assert_eq!(doctors["total"], 2);
    let second = page("?role=&skip=1&limit=2").await;
    assert_eq!(names(second["users"].as_array().unwrap()), ["ana", "admin"]);
    assert_eq!(second["total"], 5);
    assert_eq!(admin.get("/api/admin/users?limit=0").await.status, 422);
    ana.get("/api/admin/users").await.problem(403, "Admin access required");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_user_is_shown_to_themselves_and_to_admins() {
    let world = World::new().await;
    let (ana, admin) = (world.patient("Ana").await, world.admin().await);
    world.patient("ben").await;

    assert_eq!(ana.get("/users/ana").await.json()["username"], "Ana");
    assert_eq!(admin.get("/users/ben").await.json()["email"], "ben@example.org");
    // Nobody learns who exists.
    for name in ["ben", "nobody"] {
        ana.get(&format!("/users/{name}")).await.problem(403, "Not allowed");
        let path = format!("/users/{name}/password?new_password=long-enough");
        put(&ana, &path).await.problem(403, "Not allowed");
    }
    admin.get("/users/nobody").await.problem(404, "User not found");
    put(&admin, "/users/nobody/role?new_role=doctor")
        .await
        .problem(404, "User not found");
    admin.delete("/users/nobody").await.problem(404, "User not found");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_role_counts_from_the_next_request_on() {
    let world = World::new().await;
    let (ana, admin) = (world.patient("ana").await, world.admin().await);
    assert_eq!(ana.get("/users/").await.status, 403);

    let changed = put(&admin, "/users/ana/role?new_role=admin").await;
    assert_eq!(changed.json(), json!({ "msg": "ana's role updated to admin" }));
    assert_eq!(ana.get("/users/").await.status, 200);

    let changed = admin.put("/users/ana/role", json!({ "new_role": "doctor" })).await;
    assert_eq!(changed.json(), json!({ "msg": "ana's role updated to doctor" }));
    ana.get("/users/").await.problem(403, "Admin access required");
    let profile = ana.get("/api/users/me").await.json();
    assert_eq!(
        (&profile["role"], &profile["isVerified"]),
        (&json!("dermatologist"), &json!(false))
    );
    let pending = list(&admin.get("/api/admin/dermatologists/pending").await);
    assert_eq!(names(&pending), ["ana"]);

    put(&admin, "/users/ana/role?new_role=nurse")
        .await
        .problem(422, "query.new_role: must be patient, doctor or admin");
    assert_eq!(put(&admin, "/users/ana/role").await.status, 422);
    let own = put(&admin, "/users/admin/role?new_role=patient").await;
    own.problem(400, "You cannot do this to your own account");
}

/// Each has the right when they ask; there must be an admin when both are done.
#[tokio::test(flavor = "multi_thread")]
async fn of_two_admins_who_demote_one_another_one_stays() {
    let world = World::new().await;
    let seeded = world.admin().await;
    for round in 0..4 {
        let (one, other) = (format!("one{round}"), format!("other{round}"));
        let (first, second) = (make_admin(&world, &one).await, make_admin(&world, &other).await);
        let (to_other, to_one) = (
            format!("/users/{other}/role?new_role=patient"),
            format!("/users/{one}/role?new_role=patient"),
        );
        let (a, b) = join(put(&first, &to_other), put(&second, &to_one)).await;
        let mut statuses = [a.status.as_u16(), b.status.as_u16()];
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 403], "{a:?} {b:?}");
        let admins = list(&seeded.get("/users/role/admin").await);
        assert_eq!(admins.len(), 2 + round, "the seeded one and one of each round");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_password_ends_all_sessions() {
    let world = World::new().await;
    let (ana, admin) = (world.patient("ana").await, world.admin().await);

    let short = put(&ana, "/users/ana/password?new_password=short").await;
    short.problem(422, "body.new_password: Password must have at least 8 characters");
    let wrong = json!({ "new_password": "another password", "old_password": "a wrong guess" });
    ana.put("/users/ana/password", wrong)
        .await
        .problem(400, "Current password is incorrect");
    assert_eq!(ana.get("/api/users/me").await.status, 200);

    let changed = put(&ana, "/users/ana/password?new_password=by%20the%20query").await;
    assert_eq!(changed.json(), json!({ "msg": "Password updated successfully" }));
    assert_eq!(ana.get("/api/users/me").await.status, 401);
    world.message("ana@example.org", "Your password was changed").await;

    let ana = world.log_in("ana", "by the query").await;
    let body = json!({ "new_password": "by the body", "old_password": "by the query" });
    assert_eq!(ana.put("/users/ana/password", body).await.status, 200);
    assert_eq!(ana.get("/api/users/me").await.status, 401);

    let ana = world.log_in("ana", "by the body").await;
    let set = admin
        .put("/users/ana/password", json!({ "new_password": "by an admin" }))
        .await;
    assert_eq!(set.status, 200, "{set:?}");
    assert_eq!(ana.get("/api/users/me").await.status, 401);
    assert_eq!(admin.get("/users/").await.status, 200, "the admin stays signed in");
    world.log_in("ana", "by an admin").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_suspension_acts_at_once_and_is_seen() {
    let world = World::new().await;
    let (ana, admin) = (world.patient("ana").await, world.admin().await);
    assert_eq!(ana.get("/api/predictions").await.status, 200);
    let path = |action: &str| format!("/api/admin/users/{}/{action}", ana.id);

    assert_eq!(admin.post(&path("suspend"), Value::Null).await.status, 200);
    ana.get("/api/predictions")
        .await
        .problem(403, "Your account is suspended");
    assert_eq!(ana.get("/api/users/me").await.json()["isSuspended"], true);
    assert_eq!(world.log_in("ana", &ana.password).await.id, ana.id);
    world.message("ana@example.org", "Your account is suspended").await;

    assert_eq!(send(admin.request(Method::POST, &path("unsuspend"))).await.status, 200);
    assert_eq!(ana.get("/api/predictions").await.status, 200);

    for action in ["suspend", "unsuspend"] {
        let own = admin
            .post(&format!("/api/admin/users/{}/{action}", admin.id), Value::Null)
            .await;
        own.problem(400, "You cannot do this to your own account");
        let unknown = format!("/api/admin/users/0186a1f2c3d4e5f601234567/{action}");
        admin.post(&unknown, Value::Null).await.problem(404, "User not found");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_admin_deletes_others_only() {
    let world = World::new().await;
    let (ana, ben, admin) = (
        world.patient("ana").await,
        world.patient("ben").await,
        world.admin().await,
    );

    admin
        .delete("/users/admin")
        .await
        .problem(400, "You cannot do this to your own account");
    let own = admin.delete(&format!("/api/admin/users/{}", admin.id)).await;
    own.problem(400, "You cannot do this to your own account");

    let deleted = admin.delete("/users/ana").await;
    assert_eq!(deleted.json(), json!({ "msg": "User ana deleted successfully" }));
    assert!(admin.delete(&format!("/api/admin/users/{}", ben.id)).await.json()["message"].is_string());
    for gone in [&ana, &ben] {
        assert_eq!(gone.get("/api/users/me").await.status, 401);
        let again = admin.delete(&format!("/api/admin/users/{}", gone.id)).await;
        again.problem(404, "User not found");
    }
    // What was theirs is free again.
    world.patient("ana").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_dashboard_counts_exactly() {
    let world = World::new().await;
    let admin = world.admin().await;
    let (ana, derm) = (world.patient("ana").await, world.licensed_doctor("derm").await);
    let stats = || async { admin.get("/api/admin/dashboard/stats").await.json() };
    let expected = |users: u64, patients: u64, pending: u64| {
        json!({
            "totalUsers": users,
            "totalPatients": patients,
            "totalDermatologists": 2,
            "pendingVerifications": pending,
            "totalPredictions": 0,
            "totalReviewRequests": 0,
        })
    };
    assert_eq!(stats().await, expected(5, 2, 1));
    let path = format!("/api/admin/dermatologists/{}/verify", derm.id);
    admin.post(&path, json!({ "status": "approved" })).await;
    assert_eq!(stats().await, expected(5, 2, 0));
    admin.delete(&format!("/api/admin/users/{}", ana.id)).await;
    assert_eq!(stats().await, expected(4, 1, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_log_of_activity_tells_what_happened_and_forgets_who_is_gone() {
    let world = World::new().await;
    let (ana, admin) = (world.patient("ana").await, world.admin().await);
    ana.put("/api/users/me", json!({ "name": "Ana Example" })).await;
    admin
        .post(&format!("/api/admin/users/{}/suspend", ana.id), Value::Null)
        .await;
    let log = || async { list(&admin.get("/api/admin/activity-logs").await) };

    let lines = log().await;
    let of_ana: Vec<&Value> = lines
        .iter()
        .filter(|line| line["userEmail"] == "ana@example.org")
        .collect();
    let actions: Vec<&str> = of_ana.iter().map(|line| line["action"].as_str().unwrap()).collect();
    assert_eq!(
        actions,
        ["suspended", "updated", "signed_in", "registered"],
        "newest first"
    );
    let wanted = [
        "action",
        "details",
        "id",
        "timestamp",
        "userEmail",
        "userName",
        "userType",
    ];
    assert_eq!(members(of_ana[0]), wanted);
    assert_eq!(
        (&of_ana[0]["userName"], &of_ana[0]["userType"]),
        (&json!("Ana Example"), &json!("Patient"))
    );
    assert_eq!(list(&admin.get("/api/admin/activity-logs?limit=2").await).len(), 2);
    assert_eq!(admin.get("/api/admin/activity-logs?limit=501").await.status, 422);

    // Lines of earlier months are found too.
    world.product.clock.set_forward(70 * 24 * 60 * 60);
    let admin = world.admin().await;
    admin.delete(&format!("/api/admin/users/{}", ana.id)).await;
    let lines = list(&admin.get("/api/admin/activity-logs").await);
    assert_eq!(lines[0]["action"], "deleted");
    assert!(lines.iter().any(|line| line["action"] == "suspended"));
    let text = Value::from(lines).to_string();
    assert!(!text.contains("ana@") && !text.contains("Ana Example"), "{text}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_admin_changes_the_own_name_and_proves_a_new_address() {
    let world = World::new().await;
    let (ana, admin) = (world.patient("ana").await, world.admin().await);
    let path = "/api/admin/profile";

    let same = admin
        .put(path, json!({ "name": "Head Admin", "email": admin.email }))
        .await
        .json();
    assert_eq!(same["message"], "Profile updated successfully");
    assert_eq!(same["user"]["name"], "Head Admin");
    let new = admin
        .put(path, json!({ "name": "Head Admin", "email": "new@example.org" }))
        .await
        .json();
    assert!(new["message"].as_str().unwrap().contains("/api/auth/contact"), "{new}");
    assert_eq!(new["user"]["email"], admin.email);
    let taken = admin.put(path, json!({ "name": "Other", "email": ana.email })).await;
    taken.problem(400, "Email already registered");
    assert_eq!(admin.get("/api/users/me").await.json()["name"], "Head Admin");
    ana.put(path, json!({ "name": "Ana" }))
        .await
        .problem(403, "Admin access required");
}
