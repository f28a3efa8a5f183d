//! Support tickets: written by anybody, read by their writers and admins.

use futures_util::future::join_all;
use reqwest::Method;
use serde_json::{Value, json};
use tests::world::{Answer, Person, World, send};

const TICKETS: &str = "/api/support/tickets";

fn form(subject: &str) -> Value {
    json!({
        "name": "Ana",
        "email": "ana@example.org",
        "subject": subject,
        "category": "Technical",
        "message": "The photo of my rash does not load",
        "userId": "0123456789abcdef01234567",
    })
}

fn id(answer: &Answer) -> String {
    assert_eq!(answer.status, 200, "{answer:?}");
    answer.json()["ticketId"].as_str().unwrap().to_owned()
}

async fn put(person: &Person, id: &str, body: Value) -> Answer {
    send(person.request(Method::PUT, &format!("{TICKETS}/{id}")).json(&body)).await
}

async fn all(admin: &Person, query: &str) -> (Vec<Value>, u64) {
    let answer = admin.get(&format!("{TICKETS}{query}")).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    let body = answer.json();
    (
        body["tickets"].as_array().unwrap().clone(),
        body["total"].as_u64().unwrap(),
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn a_ticket_goes_from_its_writer_to_an_answer() {
    let world = World::new().await;
    let (ana, ben, admin) = (
        world.patient("ana").await,
        world.patient("ben").await,
        world.admin().await,
    );
    let ticket = id(&ana.post(TICKETS, form("Broken picture")).await);
    // Who is not signed in writes for nobody, whatever the body says.
    id(&world.post(TICKETS, form("No account")).await);

    let (tickets, total) = all(&admin, "").await;
    assert_eq!((tickets.len(), total), (2, 2));
    assert_eq!(
        (&tickets[0]["subject"], &tickets[0]["userId"]),
        (&json!("No account"), &Value::Null)
    );
    assert_eq!(tickets[1]["userId"], ana.id.as_str());
    assert_eq!(
        (&tickets[1]["status"], &tickets[1]["adminResponse"]),
        (&json!("open"), &Value::Null)
    );

    let body = json!({ "status": "in-progress", "adminResponse": "Please try again" });
    let answer = put(&admin, &ticket, body).await;
    assert_eq!(answer.json()["message"], "Ticket updated successfully");
    let body = world.message(&ana.email, "An answer to your question").await.body;
    assert!(!body.contains("Please try again") && !body.contains("Broken picture"));
    let own = ana.get("/api/support/tickets/my").await.json();
    let own = own["tickets"].as_array().unwrap();
    assert_eq!(own.len(), 1);
    assert_eq!(
        (&own[0]["status"], &own[0]["adminResponse"]),
        (&json!("in-progress"), &json!("Please try again"))
    );
    assert_eq!(own[0]["respondedBy"], admin.id.as_str());
    assert_eq!(
        ben.get("/api/support/tickets/my").await.json(),
        json!({ "tickets": [] })
    );

    assert_eq!(all(&admin, "?status=in-progress").await.1, 1);
    assert_eq!(all(&admin, "?status=closed").await, (vec![], 0));
    let path = format!("{TICKETS}/{ticket}");
    assert_eq!(
        admin.delete(&path).await.json(),
        json!({ "message": "Ticket deleted successfully" })
    );
    admin.delete(&path).await.problem(404, "Ticket not found");
    put(&admin, &ticket, json!({ "status": "open" }))
        .await
        .problem(404, "Ticket not found");
    assert_eq!(all(&admin, "").await.1, 1);
    assert_eq!(
        ana.get("/api/support/tickets/my").await.json(),
        json!({ "tickets": [] })
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn only_admins_see_and_change_all_tickets() {
    let world = World::new().await;
    let ana = world.patient("ana").await;
    let ticket = id(&ana.post(TICKETS, form("Mine")).await);
    ana.get(TICKETS).await.problem(403, "Admin access required");
    put(&ana, &ticket, json!({ "status": "closed" }))
        .await
        .problem(403, "Admin access required");
    ana.delete(&format!("{TICKETS}/{ticket}"))
        .await
        .problem(403, "Admin access required");
    world
        .get("/api/support/tickets/my")
        .await
        .problem(401, "No token, authorization denied");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_missing_or_malformed_is_said_by_field() {
    let world = World::new().await;
    for (field, value) in [
        ("name", json!("  ")),
        ("email", json!("ana")),
        ("message", json!("x".repeat(5_001))),
    ] {
        let mut body = form("s");
        body[field] = value;
        let answer = world.post(TICKETS, body).await;
        assert_eq!(answer.status, 422, "{field}");
        assert_eq!(answer.json()["errors"][0]["loc"], json!(["body", field]));
        let mut body = form("s");
        body.as_object_mut().unwrap().remove(field);
        assert_eq!(world.post(TICKETS, body).await.status, 422, "{field}");
    }
    let admin = world.admin().await;
    put(&admin, "x", json!({})).await.problem(400, "Invalid ticket id");
    let ticket = id(&world.post(TICKETS, form("s")).await);
    assert_eq!(put(&admin, &ticket, json!({ "status": "lost" })).await.status, 422);
    assert_eq!(admin.get(&format!("{TICKETS}?status=lost")).await.status, 422);
}

#[tokio::test(flavor = "multi_thread")]
async fn totals_stay_exact_whatever_happens_at_once() {
    let world = World::new().await;
    let (ana, admin) = (world.patient("ana").await, world.admin().await);
    let subjects: Vec<String> = (0..12).map(|number| format!("ticket {number}")).collect();
    let opened = join_all(subjects.iter().map(|subject| ana.post(TICKETS, form(subject)))).await;
    let ids: Vec<String> = opened.iter().map(id).collect();
    // Each is closed three times at once, and the first half deleted twice at once after that.
    join_all(
        ids.iter()
            .flat_map(|id| [(); 3].map(|()| put(&admin, id, json!({ "status": "closed" })))),
    )
    .await;
    let paths: Vec<String> = ids[..6].iter().map(|id| format!("{TICKETS}/{id}")).collect();
    join_all(paths.iter().flat_map(|path| [admin.delete(path), admin.delete(path)])).await;

    assert_eq!(all(&admin, "").await.1, 6);
    assert_eq!(all(&admin, "?status=open").await, (vec![], 0));
    let (first, total) = all(&admin, "?status=closed&limit=4").await;
    let (rest, _) = all(&admin, "?status=closed&limit=4&skip=4").await;
    assert_eq!((first.len(), rest.len(), total), (4, 2, 6));
    let (unfiltered, _) = all(&admin, "?skip=4").await;
    assert_eq!(unfiltered, rest);
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_of_a_ticket_lies_open_in_the_table() {
    let world = World::new().await;
    id(&world.post(TICKETS, form("Secret subject")).await);
    let settings = &world.product.platform.settings;
    let table = settings.names.table(store::table::Table::Platform);
    let scan = settings
        .connection
        .dynamodb()
        .scan()
        .table_name(table)
        .send()
        .await
        .unwrap();
    let text = format!("{:?}", scan.items());
    assert!(text.contains("Technical"));
    for secret in ["ana@example.org", "Secret subject", "rash", "Ana"] {
        assert!(!text.contains(secret), "{secret}");
    }
}
