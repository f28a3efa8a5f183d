//! How often one may call, and what one is told about it.

use futures_util::future::join_all;
use reqwest::Method;
use serde_json::json;
use store::table::Table;
use tests::world::{Answer, Person, World, send};

const PROFILE: &str = "/api/users/me";
const SENTENCE: &str = "Rate limit exceeded. Please try again later.";

/// Time moves only where a test moves it.
async fn world() -> World {
    let world = World::with_rate_limits().await;
    world.product.clock.stop();
    world
}

async fn profiles(person: &Person, count: usize) -> Vec<Answer> {
    join_all((0..count).map(|_| person.get(PROFILE))).await
}

fn passed(answers: &[Answer]) -> usize {
    answers.iter().filter(|answer| answer.status == 200).count()
}

fn number(answer: &Answer, header: &str) -> i64 {
    let text = answer.header(header);
    text.parse().unwrap_or_else(|_| panic!("{header}: {text:?}"))
}

/// A log-in that fails, from an address.
async fn guess(world: &World, address: &str) -> Answer {
    let body = json!({ "emailOrUsername": "nobody", "password": "wrong password" });
    let request = world.request(Method::POST, "/api/auth/login").json(&body);
    send(request.header("X-Forwarded-For", format!("{address}, 10.0.0.1"))).await
}

#[tokio::test(flavor = "multi_thread")]
async fn of_a_hundred_calls_at_once_exactly_sixty_pass() {
    let world = world().await;
    let ana = world.patient("ana").await;
    let answers = profiles(&ana, 100).await;
    let others = answers
        .iter()
        .filter(|answer| !matches!(answer.status.as_u16(), 200 | 429));
    assert_eq!(others.map(Answer::text).collect::<Vec<_>>(), Vec::<String>::new());
    assert_eq!(passed(&answers), 60);
    let mut left: Vec<i64> = Vec::new();
    for answer in &answers {
        if answer.status == 200 {
            left.push(number(answer, "ratelimit-remaining"));
        } else {
            assert_eq!(answer.problem(429, SENTENCE)["code"], "rate_limited");
            assert_eq!(number(answer, "ratelimit-remaining"), 0);
            assert_eq!(number(answer, "retry-after"), 1);
            assert_eq!(number(answer, "ratelimit-reset"), 60);
        }
    }
    left.sort_unstable();
    assert_eq!(left, (0..60).collect::<Vec<_>>());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bucket_fills_again_with_time() {
    let world = world().await;
    let ana = world.patient("ana").await;
    profiles(&ana, 70).await;
    world.product.clock.set_forward(10);
    assert_eq!(passed(&profiles(&ana, 30).await), 10);
    world.product.clock.set_forward(3600);
    assert_eq!(passed(&profiles(&ana, 70).await), 60);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_headers_say_when_to_come_back_to_the_second() {
    let world = world().await;
    let ana = world.patient("ana").await;
    let first = ana.predict(b"no photo".to_vec()).await;
    assert_eq!(first.status, 415);
    let stand =
        |answer: &Answer| ["limit", "remaining", "reset"].map(|name| number(answer, &format!("ratelimit-{name}")));
    assert_eq!(stand(&first), [20, 19, 3]);
    assert_eq!(first.header("ratelimit-policy"), "20;w=60");

    let answers = join_all((0..20).map(|_| ana.predict(b"no photo".to_vec()))).await;
    let refused: Vec<&Answer> = answers.iter().filter(|answer| answer.status == 429).collect();
    assert_eq!(refused.len(), 1);
    assert_eq!(stand(refused[0]), [20, 0, 60]);
    let wait = number(refused[0], "retry-after");
    world.product.clock.set_forward(wait - 1);
    assert_eq!(ana.predict(b"no photo".to_vec()).await.status, 429);
    world.product.clock.set_forward(1);
    assert_eq!(ana.predict(b"no photo".to_vec()).await.status, 415);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_people_behind_one_address_are_two_callers() {
    let world = world().await;
    let (ana, ben) = (world.patient("ana").await, world.patient("ben").await);
    assert_eq!(passed(&profiles(&ana, 61).await), 60);
    assert_eq!(passed(&profiles(&ben, 60).await), 60);
    // Classes are counted apart.
    assert_eq!(ana.predict(b"no photo".to_vec()).await.status, 415);
    // Who shows no good token is their address.
    let mut nobody = ana.clone();
    nobody.token = format!("{}x", ana.token);
    let answers = profiles(&nobody, 61).await;
    assert_eq!(answers.iter().filter(|answer| answer.status == 401).count(), 60);
    assert_eq!(ben.get(PROFILE).await.status, 429);
}

#[tokio::test(flavor = "multi_thread")]
async fn guesses_are_counted_by_address_whoever_they_claim_to_be() {
    let world = world().await;
    let answers = join_all((0..70).map(|_| guess(&world, "198.51.100.7"))).await;
    let limited = |answer: &&Answer| answer.status == 429 && answer.json()["code"] == "rate_limited";
    assert_eq!(answers.iter().filter(limited).count(), 10);
    // The network as a whole must wait before it may guess at this name again; others need not.
    assert_eq!(guess(&world, "198.51.100.8").await.json()["code"], "sign_in_locked");
    assert_ne!(guess(&world, "203.0.113.8").await.status, 429);
    let hosts: Vec<String> = (0..61).map(|host| format!("2001:db8::{host}")).collect();
    let answers = join_all(hosts.iter().map(|host| guess(&world, host))).await;
    assert_eq!(answers.iter().filter(limited).count(), 1);
    assert_ne!(guess(&world, "2001:db8:0:1::1").await.json()["code"], "rate_limited");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_free_is_not_counted() {
    let world = world().await;
    let answers = join_all((0..200).map(|_| world.get("/health"))).await;
    assert_eq!(passed(&answers), 200);
    assert!(!answers[0].headers.contains_key("ratelimit-limit"));
}

#[tokio::test(flavor = "multi_thread")]
async fn counting_takes_one_update_and_none_once_the_bucket_is_spent() {
    let world = world().await;
    let ana = world.patient("ana").await;
    for _ in 0..3 {
        ana.get(PROFILE).await;
        assert_eq!(world.last_limiter_round_trips("get-own-profile"), 1);
    }
    profiles(&ana, 60).await;
    assert_eq!(ana.get(PROFILE).await.status, 429);
    assert_eq!(world.last_limiter_round_trips("get-own-profile"), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn without_its_table_ordinary_calls_pass_and_guesses_do_not() {
    let world = world().await;
    let ana = world.patient("ana").await;
    let settings = &world.product.platform.settings;
    let removal = settings.connection.dynamodb().delete_table();
    removal
        .table_name(settings.names.table(Table::Limits))
        .send()
        .await
        .unwrap();

    let answer = ana.get(PROFILE).await;
    assert_eq!(answer.status, 200);
    assert!(!answer.headers.contains_key("ratelimit-limit"));
    let answer = guess(&world, "198.51.100.7").await;
    answer.problem(503, "The service is busy. Please try again in a moment.");
}
