//! The list in the app.

use domain::notice::{Notice, Reference};
use futures_util::future::join_all;
use serde_json::{Value, json};
use tests::world::{Person, World, eventually_async};

/// Waits until the list has so many lines, and shows them: a page and the counts are two reads at once, of which either
/// may be the earlier.
async fn list_of(person: &Person, total: u64) -> Value {
    let look = || async {
        let list = person.get("/api/notifications?limit=100").await.json();
        let shown = list["notifications"].as_array().map_or(0, Vec::len) as u64;
        (list["total"] == total && shown == total.min(100)).then_some(list)
    };
    eventually_async(look)
        .await
        .unwrap_or_else(|| panic!("never {total} lines"))
}

fn ids(list: &Value) -> Vec<String> {
    let lines = list["notifications"].as_array().unwrap();
    lines
        .iter()
        .map(|line| line["id"].as_str().unwrap().to_owned())
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_sees_what_they_were_told_and_where_it_leads() {
    let world = World::new().await;
    let ana = world.patient("ana").await;
    let empty = ana.get("/api/notifications").await.json();
    let expected = json!({ "notifications": [], "total": 0, "unreadCount": 0, "limit": 50, "offset": 0 });
    assert_eq!(empty, expected);

    let reference = Reference {
        request_id: Some("0186a1f2c3d4e5f601234567".parse().unwrap()),
        prediction_id: Some("0186a1f2c3d4e5f601234568".parse().unwrap()),
        ..Reference::default()
    };
    world.tell(&ana, Notice::ReviewSubmitted(reference)).await;
    let list = list_of(&ana, 1).await;
    let line = &list["notifications"][0];
    assert_eq!((&list["unreadCount"], &line["isRead"]), (&json!(1), &json!(false)));
    assert_eq!(
        (&line["userId"], &line["type"]),
        (&json!(ana.id), &json!("review_submitted"))
    );
    assert_eq!(line["message"], "A doctor has answered your review request.");
    assert_eq!(
        line["ref"],
        json!({
            "requestId": "0186a1f2c3d4e5f601234567", "predictionId": "0186a1f2c3d4e5f601234568",
            "appointmentId": null, "patientId": null,
        })
    );
    assert!(line["createdAt"].as_str().unwrap().ends_with('Z'));
}

#[tokio::test(flavor = "multi_thread")]
async fn counts_stay_exact_however_lines_are_read_and_removed_at_once() {
    let world = World::new().await;
    let ana = world.patient("ana").await;
    for _ in 0..12 {
        world.tell(&ana, Notice::PasswordChanged).await;
    }
    let ids = ids(&list_of(&ana, 12).await);
    // Each of the first eight is read twice, each of the last eight removed twice, all at once.
    let read = ids[..8].iter().flat_map(|id| {
        [
            format!("/api/notifications/{id}/read"),
            format!("/api/notifications/{id}/read"),
        ]
    });
    let removed = ids[4..]
        .iter()
        .flat_map(|id| [format!("/api/notifications/{id}"), format!("/api/notifications/{id}")]);
    let (read, removed): (Vec<_>, Vec<_>) = (read.collect(), removed.collect());
    let (marks, removals) = tokio::join!(
        join_all(read.iter().map(|path| ana.patch(path))),
        join_all(removed.iter().map(|path| ana.delete(path))),
    );
    assert!(marks.iter().all(|answer| answer.status == 204 || answer.status == 404));
    assert_eq!(removals.iter().filter(|answer| answer.status == 200).count(), 8);
    let list = ana.get("/api/notifications").await.json();
    assert_eq!((&list["total"], &list["unreadCount"]), (&json!(4), &json!(0)));
    assert_eq!(list["notifications"].as_array().unwrap().len(), 4);
}

#[tokio::test(flavor = "multi_thread")]
async fn reading_and_removing_answer_what_the_apps_expect() {
    let world = World::new().await;
    let ana = world.patient("ana").await;
    world.tell(&ana, Notice::TicketAnswered).await;
    world.tell(&ana, Notice::FamilyLinkAsked).await;
    let ids = ids(&list_of(&ana, 2).await);

    for _ in 0..2 {
        let read = ana.patch(&format!("/api/notifications/{}/read", ids[0])).await;
        assert_eq!((read.status.as_u16(), read.bytes.len()), (204, 0));
        assert_eq!(ana.get("/api/notifications").await.json()["unreadCount"], 1);
    }
    let unread = ana.get("/api/notifications?unreadOnly=true").await.json();
    assert_eq!(
        (&unread["total"], unread["notifications"].as_array().unwrap().len()),
        (&json!(1), 1)
    );
    assert_eq!(unread["notifications"][0]["id"], ids[1].as_str());

    let removed = ana.delete(&format!("/api/notifications/{}", ids[1])).await;
    assert_eq!(removed.json(), json!({ "message": "Notification deleted" }));
    let left = ana.get("/api/notifications").await.json();
    assert_eq!((&left["total"], &left["unreadCount"]), (&json!(1), &json!(0)));

    let gone = format!("/api/notifications/{}", ids[1]);
    ana.delete(&gone).await.problem(404, "Notification not found");
    ana.patch(&format!("{gone}/read"))
        .await
        .problem(404, "Notification not found");
    ana.delete("/api/notifications/nonsense")
        .await
        .problem(400, "Notification id is invalid");
    ana.patch("/api/notifications/nonsense/read")
        .await
        .problem(400, "Notification id is invalid");
    for query in ["limit=0", "limit=101", "offset=1001"] {
        assert_eq!(
            ana.get(&format!("/api/notifications?{query}")).await.status,
            422,
            "{query}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_look_at_the_list_costs_two_reads_however_long_it_is() {
    let world = World::new().await;
    let ana = world.patient("ana").await;
    for _ in 0..60 {
        world.tell(&ana, Notice::PasswordChanged).await;
    }
    list_of(&ana, 60).await;
    let page = ana.get("/api/notifications?limit=10&offset=55").await.json();
    assert_eq!(page["notifications"].as_array().unwrap().len(), 5);
    for query in ["limit=20", "unreadOnly=true"] {
        let mut fewest = u32::MAX;
        // On a slow machine, what is remembered of the session may have to be read again in between.
        for _ in 0..3 {
            ana.get(&format!("/api/notifications?{query}")).await;
            fewest = fewest.min(world.last_usage("list-notifications").round_trips);
        }
        assert!(fewest <= 2, "{query}: {fewest}");
    }
}

/// They stay while nothing new comes, and go when something does; the counts say so at each moment.
#[tokio::test(flavor = "multi_thread")]
async fn old_lines_make_room_for_new_ones() {
    let world = World::new().await;
    let ana = world.patient("ana").await;
    world.tell(&ana, Notice::PasswordChanged).await;
    world.tell(&ana, Notice::PasswordChanged).await;
    list_of(&ana, 2).await;
    world.product.clock.set_forward(181 * 24 * 3600);
    let ana = world.log_in(&ana.email, &ana.password).await;
    world.tell(&ana, Notice::TicketAnswered).await;
    let list = list_of(&ana, 1).await;
    assert_eq!(
        (&list["notifications"][0]["type"], &list["unreadCount"]),
        (&json!("ticket_answered"), &json!(1))
    );
}
