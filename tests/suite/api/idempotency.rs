//! A POST with an `Idempotency-Key` may be sent again and again: it is carried out once.

use futures_util::future::join_all;
use reqwest::Method;
use serde_json::{Value, json};
use store::{ledger, uploads};
use tests::photos;
use tests::world::{Answer, Person, World, send};

const TICKETS: &str = "/api/support/tickets";
const UPLOADS: &str = "/api/uploads";
const REVIEWS: &str = "/api/review-requests";
const A_DAY_IN_SECONDS: i64 = 24 * 60 * 60;

fn ticket(message: &str) -> Value {
    json!({
        "name": "Ana",
        "email": "ana@example.org",
        "subject": "My account",
        "category": "Account",
        "message": message,
    })
}

async fn tickets(person: &Person) -> usize {
    let list = person.get("/api/support/tickets/my").await.json();
    list["tickets"].as_array().expect("a list of tickets").len()
}

fn is_replayed(answer: &Answer) -> bool {
    answer.headers.contains_key("idempotency-replayed")
}

/// One answer, given by the one that was carried out and by all others.
fn assert_one_answer(answers: &[Answer], status: u16) {
    for answer in answers {
        assert_eq!(answer.status, status, "{}", answer.text());
        assert_eq!(answer.text(), answers[0].text());
        assert_eq!(answer.header("content-type"), answers[0].header("content-type"));
    }
    let carried_out = answers.iter().filter(|answer| !is_replayed(answer)).count();
    assert_eq!(carried_out, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_fifty_at_once_one_is_carried_out_and_all_get_its_answer() {
    let world = World::new().await;
    let ana = world.patient("ana").await;
    let fifty = (0..50).map(|_| ana.post_once(TICKETS, "the-key", ticket("Help")));
    assert_one_answer(&join_all(fifty).await, 200);
    assert_eq!(tickets(&ana).await, 1);
    // Its clients send the boundary of a form anew each time.
    let photo = photos::face();
    let form = || {
        let part = reqwest::multipart::Part::bytes(photo.clone());
        let form = reqwest::multipart::Form::new().part("image", part);
        let request = ana.request(Method::POST, "/api/predictions/predict").multipart(form);
        send(request.header("Idempotency-Key", "a-photo"))
    };
    assert_one_answer(&join_all((0..4).map(|_| form())).await, 200);
    assert_eq!(ana.predictions().await.len(), 1);
    assert_eq!(world.stored_pictures().await, 1, "losers take their pictures along");
}

#[tokio::test(flavor = "multi_thread")]
async fn where_conditions_race_as_well_every_key_gets_its_own_answer() {
    let world = World::new().await;
    let ana = world.patient("ana").await;
    let doctor = world.verified_doctor("dora").await;
    let prediction = ana.predict(photos::face()).await.json();
    let body = json!({ "predictionId": prediction["prediction_id"], "dermatologistId": doctor.id });
    let calls = (0..50).map(|place| {
        let (ana, body) = (&ana, body.clone());
        async move { ana.post_once(REVIEWS, &format!("key {}", place % 5), body).await }
    });
    let answers = join_all(calls).await;
    let (made, refused): (Vec<_>, Vec<_>) = answers.into_iter().partition(|answer| answer.status == 201);
    assert_one_answer(&made, 201);
    assert_eq!((made.len(), refused.len()), (10, 40));
    assert!(refused.iter().all(|answer| answer.status == 409), "{:?}", refused[0]);
    let list = ana.get(REVIEWS).await.json();
    assert_eq!(list.to_string().matches("\"predictionId\"").count(), 1, "{list}");
}

/// All are entered in the same book, one after another.
#[tokio::test(flavor = "multi_thread")]
async fn fifty_keys_that_write_the_same_items_all_come_through() {
    let world = World::new().await;
    let ana = world.patient("ana").await;
    let fifty = (0..50).map(|number| {
        let (ana, key) = (&ana, format!("key {number}"));
        async move {
            ana.post_once("/api/records/medical-history", &key, json!({ "title": key }))
                .await
        }
    });
    for answer in join_all(fifty).await {
        assert_eq!(answer.status, 201, "{}", answer.text());
    }
    assert_eq!(ana.get("/api/records").await.json()["total"], 50);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_belongs_to_one_request_of_one_caller() {
    let world = World::new().await;
    let (ana, ben) = (world.patient("ana").await, world.patient("ben").await);
    let first = ana.post_once(UPLOADS, "1", json!({ "size_bytes": 9 })).await;
    assert_eq!(first.status, 201, "{first:?}");
    let other = ana.post_once(UPLOADS, "1", json!({ "size_bytes": 10 })).await;
    let problem = other.problem(422, "This Idempotency-Key was used for another request");
    assert_eq!(problem["code"], "idempotency_key_reused");
    assert_eq!(ana.post_once(TICKETS, "1", ticket("Help")).await.status, 422);

    let bens = ben.post_once(UPLOADS, "1", json!({ "size_bytes": 9 })).await;
    assert_eq!(bens.status, 201, "{bens:?}");
    assert!(!is_replayed(&bens));
    assert_ne!(bens.json()["upload_id"], first.json()["upload_id"]);
    // Without a key nothing is kept, and the same is done twice.
    let twice = [
        ben.post(TICKETS, ticket("Help")).await,
        ben.post(TICKETS, ticket("Help")).await,
    ];
    assert!(twice.iter().all(|answer| answer.status == 200 && !is_replayed(answer)));
    assert_eq!(tickets(&ben).await, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn strangers_are_told_apart_by_their_network() {
    let world = World::new().await;
    let post = |address: &'static str, message: &'static str| {
        let request = world.request(Method::POST, TICKETS).json(&ticket(message));
        let request = request.header("Idempotency-Key", "1");
        send(request.header("X-Forwarded-For", address))
    };
    let first = post("192.0.2.1", "Help").await;
    assert_eq!(first.status, 200, "{first:?}");
    assert!(is_replayed(&post("192.0.2.1", "Help").await));
    assert_eq!(post("192.0.2.1", "Help me").await.status, 422);
    assert!(!is_replayed(&post("192.0.2.2", "Help me").await));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_refused_is_not_kept() {
    let world = World::new().await;
    let ana = world.patient("ana").await;
    for body in [json!({}), json!({ "size_bytes": 0 }), json!({ "size_bytes": -1 })] {
        let refused = ana.post_once(UPLOADS, "the-key", body).await;
        assert!(refused.status.is_client_error(), "{refused:?}");
    }
    let taken = ana.post_once(UPLOADS, "the-key", json!({ "size_bytes": 9 })).await;
    assert_eq!(taken.status, 201, "{taken:?}");
    assert!(!is_replayed(&taken));
    for key in ["".to_owned(), "k".repeat(256)] {
        let answer = ana.post_once(UPLOADS, &key, json!({ "size_bytes": 9 })).await;
        assert_eq!(
            answer.problem(400, "Idempotency-Key must have 1 to 255 printable ASCII characters")["code"],
            "idempotency_key_malformed"
        );
    }
    // A kept answer is given to nobody whose session is over.
    assert_eq!(ana.post("/api/auth/logout", json!({})).await.status, 200);
    let late = ana.post_once(UPLOADS, "the-key", json!({ "size_bytes": 9 })).await;
    assert_eq!(late.status, 401, "{late:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_is_kept_for_two_days() {
    let world = World::new().await;
    world.product.clock.stop();
    let post = || {
        send(
            world
                .request(Method::POST, TICKETS)
                .json(&ticket("Help"))
                .header("Idempotency-Key", "1"),
        )
    };
    let first = post().await;
    world.product.clock.set_forward(2 * A_DAY_IN_SECONDS - 1);
    let kept = post().await;
    assert!(is_replayed(&kept));
    assert_eq!(kept.text(), first.text());
    world.product.clock.set_forward(1);
    let anew = post().await;
    assert_eq!(anew.status, 200, "{anew:?}");
    assert!(!is_replayed(&anew));
    assert_ne!(anew.json()["ticketId"], first.json()["ticketId"]);
    assert!(is_replayed(&post().await));
}

#[tokio::test(flavor = "multi_thread")]
async fn who_dies_between_commit_and_answer_has_answered() {
    let world = World::new().await;
    let ana = world.patient("ana").await;
    world.die_before_answer("open-ticket");
    let request = ana.request(Method::POST, TICKETS).json(&ticket("Help"));
    let lost = request.header("Idempotency-Key", "the-key").send().await;
    assert!(lost.is_err() || lost.is_ok_and(|answer| answer.status().is_server_error()));
    let opened = ana.get("/api/support/tickets/my").await.text();
    assert_eq!(tickets(&ana).await, 1);

    let again = ana.post_once(TICKETS, "the-key", ticket("Help")).await;
    assert_eq!(again.status, 200, "{again:?}");
    assert!(is_replayed(&again));
    let id = again.json()["ticketId"].as_str().expect("an id").to_owned();
    assert!(opened.contains(&id), "{opened}");
    assert_eq!(tickets(&ana).await, 1);
}

/// An opinion is read back, with its result, by the very request that gives it.
#[tokio::test(flavor = "multi_thread")]
async fn a_request_reads_what_it_holds_back() {
    let world = World::new().await;
    let ana = world.patient("ana").await;
    let doctor = world.verified_doctor("dora").await;
    ana.let_see(&doctor, &["predictions"]).await;
    let id = ana.predict(photos::face()).await.json()["prediction_id"].clone();
    let path = format!("/api/predictions/{}?patient_id={}", id.as_str().unwrap(), ana.id);
    let opinions = path.replace('?', "/opinions?");
    let given = doctor
        .post_once(&opinions, "the-key", json!({ "verdict": "agree" }))
        .await;
    assert_eq!(given.status, 200, "{given:?}");
    assert_eq!(
        given.json()["opinions"].as_array().unwrap().len(),
        1,
        "{}",
        given.text()
    );
    let seen = doctor.get(&path).await.json();
    assert_eq!(seen["opinions"], given.json()["opinions"]);
    let again = doctor
        .post_once(&opinions, "the-key", json!({ "verdict": "agree" }))
        .await;
    assert!(is_replayed(&again));
    assert_eq!(again.text(), given.text());
}

/// The token of a device is shown once, and again to whoever asks with the same key; it never lies there in the open.
#[tokio::test(flavor = "multi_thread")]
async fn kept_answers_and_what_they_are_to_are_sealed() {
    let world = World::new().await;
    let enroll = || {
        let request = world.as_operator(Method::POST, "/api/firmware/devices");
        let request = request.json(&json!({ "device_id": "camera-7" }));
        send(request.header("Idempotency-Key", "enroll camera-7"))
    };
    let (first, again) = (enroll().await, enroll().await);
    assert_one_answer(&[first, again], 201);
    let token = enroll().await.json()["token"].as_str().expect("a token").to_owned();
    let settings = &world.product.platform.settings;
    let table = settings.names.table(store::table::Table::Ledger);
    let items = settings.connection.dynamodb().scan().table_name(table).send().await;
    let items = items.expect("a scan").items.unwrap_or_default();
    let text = format!("{items:?}");
    assert_eq!(items.len(), 1);
    assert!(
        text.contains("sealed") && !text.contains(&token) && !text.contains("camera-7"),
        "{text}"
    );
}

/// What a key costs: one read of the ledger, and its item in the transaction.
#[tokio::test(flavor = "multi_thread")]
async fn a_key_costs_one_read_and_one_item_of_the_transaction() {
    let world = World::new().await;
    let ana = world.patient("ana").await;
    // Warms the session and the keys of sealed fields.
    ana.post_once(TICKETS, "warm", ticket("Help")).await;
    ana.post(TICKETS, ticket("Help")).await;
    let without = world.last_usage("open-ticket");
    ana.post_once(TICKETS, "the-key", ticket("Help")).await;
    let with = world.last_usage("open-ticket");
    ana.post_once(TICKETS, "the-key", ticket("Help")).await;
    let replayed = world.last_usage("open-ticket");
    println!("without a key {without:?}\nwith one {with:?}\nreplayed {replayed:?}");
    assert_eq!(with.round_trips, without.round_trips + 1);
    assert_eq!(with.write_units, without.write_units + 2.0);
    assert_eq!((replayed.round_trips, replayed.write_units), (1, 0.0));
}

/// Whoever is handled anew needs the file again.
#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_was_used_goes_with_the_commit_and_not_before() {
    let world = World::new().await;
    let ana = world.patient("ana").await;
    let upload = async || {
        let photo = photos::face();
        let upload = ana.post(UPLOADS, json!({ "size_bytes": photo.len() })).await.json();
        let put = ana.put_file(upload["url"].as_str().unwrap(), photo).await;
        assert_eq!(put.status, 200, "{}", put.text());
        upload["upload_id"].as_str().unwrap().to_owned()
    };
    let id = upload().await;
    let (owner, file) = (ana.id.parse().unwrap(), id.parse().unwrap());
    let (store, now) = (world.product.platform.store(), world.product.clock.now());
    let is_there = || async {
        let reader = world.product.platform.store();
        uploads::received(&reader, owner, file, now).await.unwrap().is_some()
    };
    for _ in 0..2 {
        ledger::begin(&store);
        uploads::remove_file(&store, owner, file).await.unwrap();
        assert!(is_there().await);
    }
    ledger::finish(&store).await.unwrap();
    assert!(!is_there().await);

    let id = upload().await;
    let predict = || {
        let request = ana.request(Method::POST, "/api/predictions/predict");
        send(
            request
                .json(&json!({ "upload_id": id }))
                .header("Idempotency-Key", "of a file"),
        )
    };
    let answers = [predict().await, predict().await];
    assert_one_answer(&answers, 200);
    let again = ana.post("/api/predictions/predict", json!({ "upload_id": id })).await;
    assert_eq!(again.status, 404, "it was used: {}", again.text());
}
