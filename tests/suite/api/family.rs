//! Family links, which need both sides, and grants, which end when their giver says so.

use reqwest::Method;
use serde_json::{Value, json};
use tests::world::{Answer, Person, World, eventually_async, send};

const LINK: &str = "/api/users/family/link";
const FAMILY: &str = "/api/users/family";
const A_DAY_IN_SECONDS: i64 = 24 * 60 * 60;

async fn ask(asker: &Person, member: &Person) -> Answer {
    let body = json!({ "family_member_email": member.email, "relationship": "parent" });
    asker.post(LINK, body).await
}

/// The path of a link that both agreed to.
async fn linked(asker: &Person, member: &Person) -> String {
    let asked = ask(asker, member).await;
    assert_eq!(asked.status, 201, "{asked:?}");
    let link = path(&asked.json());
    let agreed = member.post(&format!("{link}/accept"), json!({})).await;
    assert_eq!(agreed.status, 200, "{agreed:?}");
    link
}

fn path(asked: &Value) -> String {
    format!("{FAMILY}/{}", asked["link_id"].as_str().expect("an id"))
}

async fn list(person: &Person) -> Vec<Value> {
    let body = person.get(FAMILY).await.json();
    body["family_members"].as_array().cloned().expect("a list")
}

async fn grant(owner: &Person, link: &str, body: Value) -> Answer {
    owner.put(&format!("{link}/grant"), body).await
}

async fn told(person: &Person, kind: &str) {
    let found = eventually_async(|| async {
        let list = person.get("/api/notifications").await.json();
        let notes = list["notifications"].as_array().cloned().unwrap_or_default();
        notes.into_iter().find(|note| note["type"] == kind)
    });
    assert!(found.await.is_some(), "{} was not told of {kind}", person.username);
}

async fn look(caregiver: &Person, link: &str) -> Answer {
    caregiver.get(&format!("{link}/profile")).await
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_sees_contact_data_before_both_agreed() {
    let world = World::new().await;
    let (ana, mum) = (world.patient("ana").await, world.patient("mum").await);
    ana.put("/api/users/me", json!({ "name": "Ana Example" })).await;
    mum.put(
        "/api/users/me",
        json!({ "name": "Mum Example", "phone": "+15005550006" }),
    )
    .await;
    let body = json!({ "family_member_phone": "+1 500 555 0006", "relationship": "parent" });
    let asked = ana.post(LINK, body).await;
    assert_eq!(asked.status, 201, "{asked:?}");
    assert!(asked.json()["message"].is_string());
    let link = path(&asked.json());
    told(&mum, "family_link_asked").await;

    for (person, awaits, name) in [(&ana, false, Value::Null), (&mum, true, json!("Ana Example"))] {
        let seen = &list(person).await[0];
        assert_eq!(
            (&seen["status"], &seen["awaits_own_answer"]),
            (&json!("pending"), &json!(awaits))
        );
        assert_eq!(seen["full_name"], name, "whoever is asked knows by whom");
        for member in ["user_id", "phone", "email", "granted", "received"] {
            assert_eq!(seen[member], Value::Null, "{member}");
        }
        let profile = person.get("/api/users/profile").await.json();
        assert_eq!(profile["family_members"][0]["email"], Value::Null);
    }
    let agreed = mum.post(&format!("{link}/accept"), json!({})).await;
    assert_eq!(agreed.json()["message"], "Family link accepted");
    told(&ana, "family_link_accepted").await;

    let profile = ana.get("/api/users/profile").await.json();
    let seen = &profile["family_members"][0];
    assert_eq!(seen["id"], asked.json()["link_id"]);
    assert_eq!(
        (&seen["full_name"], &seen["relationship"]),
        (&json!("Mum Example"), &json!("parent"))
    );
    assert_eq!(
        (&seen["phone"], &seen["email"]),
        (&json!("+15005550006"), &json!(mum.email))
    );
    assert!(seen["linked_at"].is_string());
    let seen = &list(&mum).await[0];
    assert_eq!(
        (&seen["relationship"], &seen["email"]),
        (&json!("child"), &json!(ana.email))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_is_refused_in_the_products_words() {
    let world = World::new().await;
    let (ana, mum) = (world.patient("ana").await, world.patient("mum").await);
    let unknown = json!({ "family_member_email": "nobody@example.org", "relationship": "other" });
    ana.post(LINK, unknown).await.problem(400, "Family member not found");
    ask(&ana, &ana).await.problem(400, "You cannot link yourself");
    for body in [
        json!({ "relationship": "parent" }),
        json!({ "family_member_email": mum.email }),
        json!({ "family_member_email": mum.email, "relationship": "boss" }),
    ] {
        let answer = ana.post(LINK, body).await;
        assert_eq!(
            (answer.status.as_u16(), &answer.json()["error"]),
            (422, &json!("Validation error"))
        );
    }
    assert_eq!(ask(&ana, &mum).await.status, 201);
    ask(&ana, &mum).await.problem(400, "Family member already linked");
    ask(&mum, &ana).await.problem(400, "Family member already linked");
    let derm = world.person("derm", "dermatologist").await;
    ask(&derm, &mum)
        .await
        .problem(403, "Access denied. Required roles: patient, admin");
    assert_eq!(ask(&world.admin().await, &mum).await.status, 201);
}

#[tokio::test(flavor = "multi_thread")]
async fn only_whoever_was_asked_agrees() {
    let world = World::new().await;
    let (ana, mum, eve) = (
        world.patient("ana").await,
        world.patient("mum").await,
        world.patient("eve").await,
    );
    let link = path(&ask(&ana, &mum).await.json());
    for person in [&ana, &eve] {
        let answer = person.post(&format!("{link}/accept"), json!({})).await;
        answer.problem(404, "Family link not found");
    }
    let early = grant(&mum, &link, json!({ "scopes": ["profile"] })).await;
    early.problem(409, "The other side has not agreed to the link yet");
    for _ in 0..2 {
        assert_eq!(mum.post(&format!("{link}/accept"), json!({})).await.status, 200);
    }
    told(&ana, "family_link_accepted").await;
    eve.delete(&link).await.problem(404, "Family link not found");
    look(&eve, &link).await.problem(404, "Family link not found");
    assert_eq!(list(&eve).await, [] as [Value; 0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_grant_opens_a_profile_and_stops_at_once() {
    let world = World::new().await;
    let (ana, mum) = (world.patient("ana").await, world.patient("mum").await);
    let link = linked(&ana, &mum).await;
    let no_access = "You have no access to this person's data";
    assert_eq!(look(&ana, &link).await.problem(403, no_access)["code"], "no_grant");

    mum.put("/api/users/profile", json!({ "full_name": "Mum", "address": "1 Road" }))
        .await;
    let granted = grant(&mum, &link, json!({ "scopes": ["vitals", "profile", "vitals"] })).await;
    assert_eq!(
        (granted.status.as_u16(), &granted.json()["scopes"]),
        (200, &json!(["profile", "vitals"]))
    );
    let seen = look(&ana, &link).await;
    assert_eq!(
        (&seen.json()["full_name"], &seen.json()["address"]),
        (&json!("Mum"), &json!("1 Road"))
    );
    let entry = mum
        .audit_entry(seen.header("x-request-id"))
        .await
        .expect("the look is noted");
    assert_eq!(
        (&entry["who"]["id"], &entry["why"], &entry["action"]),
        (&json!(ana.id), &json!({ "right": "grant" }), &json!("read"))
    );
    // One way only, and each sees which.
    look(&mum, &link).await.problem(403, no_access);
    let (given, received) = (&list(&mum).await[0], &list(&ana).await[0]);
    assert_eq!((&given["granted"], &given["received"]), (&granted.json(), &Value::Null));
    assert_eq!(
        (&received["granted"], &received["received"]),
        (&Value::Null, &granted.json())
    );

    let revoked = mum.delete(&format!("{link}/grant")).await;
    assert_eq!(revoked.json()["message"], "Access revoked");
    look(&ana, &link).await.problem(403, no_access);
    assert_eq!(list(&mum).await[0]["granted"], Value::Null);
    assert_eq!(mum.delete(&format!("{link}/grant")).await.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_grant_opens_no_more_than_its_scopes_and_ends_with_its_time() {
    let world = World::new().await;
    let (ana, mum) = (world.patient("ana").await, world.patient("mum").await);
    let link = linked(&ana, &mum).await;
    assert_eq!(grant(&mum, &link, json!({ "scopes": ["vitals"] })).await.status, 200);
    assert_eq!(look(&ana, &link).await.status, 403);
    let now = world.product.clock.now();
    let past = json!({ "scopes": ["profile"], "expires_at": now });
    grant(&mum, &link, past)
        .await
        .problem(400, "The grant must end in the future");
    assert_eq!(
        grant(&mum, &link, json!({ "scopes": ["everything"] })).await.status,
        422
    );
    let an_hour = json!({ "scopes": ["profile"], "expires_at": now + jiff::SignedDuration::from_hours(1) });
    assert_eq!(grant(&mum, &link, an_hour).await.status, 200);
    assert_eq!(look(&ana, &link).await.status, 200);
    world.product.clock.set_forward(A_DAY_IN_SECONDS / 20);
    assert_eq!(look(&ana, &link).await.status, 403);
    assert_eq!(list(&ana).await[0]["received"], Value::Null);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_childs_grant_ends_when_they_come_of_age() {
    let world = World::new().await;
    let (ana, kid) = (world.patient("ana").await, world.patient("kid").await);
    let link = linked(&ana, &kid).await;
    let today = domain::calendar::day_of(world.product.clock.now());
    let birthday = today.checked_add(jiff::Span::new().days(10)).expect("a day");
    let born = birthday.checked_sub(jiff::Span::new().years(18)).expect("a day");
    let answer = kid
        .put("/api/users/profile", json!({ "date_of_birth": born.to_string() }))
        .await;
    assert_eq!(answer.status, 200, "{answer:?}");
    let granted = grant(&kid, &link, json!({ "scopes": ["profile"] })).await.json();
    assert_eq!(granted["expires_at"], format!("{birthday}T00:00:00Z"));
}

#[tokio::test(flavor = "multi_thread")]
async fn either_side_ends_a_link_and_every_grant_with_it() {
    let world = World::new().await;
    let (ana, mum) = (world.patient("ana").await, world.patient("mum").await);
    for (ending, other) in [(&ana, &mum), (&mum, &ana)] {
        let link = linked(&ana, &mum).await;
        assert_eq!(grant(&mum, &link, json!({ "scopes": ["profile"] })).await.status, 200);
        let ended = send(ending.request(Method::DELETE, &link)).await;
        assert_eq!(ended.json()["message"], "Family link ended");
        told(other, "family_link_ended").await;
        look(&ana, &link).await.problem(404, "Family link not found");
        assert!(list(&ana).await.is_empty() && list(&mum).await.is_empty());
        ending.delete(&link).await.problem(404, "Family link not found");
    }
    // A new link does not bring the old grant back.
    let link = linked(&ana, &mum).await;
    assert_eq!(look(&ana, &link).await.status, 403);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_doctors_licence_is_shown_to_themselves_only() {
    let world = World::new().await;
    let (ana, derm) = (world.patient("ana").await, world.person("derm", "dermatologist").await);
    assert_eq!(derm.put("/api/users/me", json!({ "license": "L-1" })).await.status, 200);
    let link = linked(&ana, &derm).await;
    assert_eq!(grant(&derm, &link, json!({ "scopes": ["profile"] })).await.status, 200);
    assert_eq!(look(&ana, &link).await.json()["license_number"], Value::Null);
    assert_eq!(derm.get("/api/users/profile").await.json()["license_number"], "L-1");
}
