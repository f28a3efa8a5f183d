//! Services that are away for a while: requests go on, nothing is lost, nothing is sent twice.

use std::time::Instant;

use clients::stand_in::Fault;
use domain::language::Language;
use domain::notice::Notice;
use local::inbox::{Channel, Message};
use runtime::messaging::PushProvider;
use serde_json::json;
use store::outbox::{self, Errand, Reason};
use store::{PageRequest, Store};
use tests::world::{Person, World, eventually, eventually_async};

use super::devices::{listed, pushes, register};

const TWO_HOURS_IN_SECONDS: i64 = 2 * 60 * 60;

const DOWN: Fault = Fault::Unavailable {
    retry_after_seconds: None,
};

fn mails(world: &World, to: &Person, subject: &str) -> Vec<Message> {
    let is_wanted = |message: &Message| {
        message.channel == Channel::Email && message.to == to.email && message.subject.as_deref() == Some(subject)
    };
    world.product.inbox.newest(1000).into_iter().filter(is_wanted).collect()
}

/// How many errands wait to be tried again, whenever.
async fn queued(world: &World) -> usize {
    let far = world.product.clock.now() + jiff::SignedDuration::from_hours(48);
    outbox::due(&store(world), far, 500).await.unwrap().len()
}

async fn queue_of(world: &World, length: usize) {
    let look = || async { (queued(world).await == length).then_some(()) };
    eventually_async(look)
        .await
        .unwrap_or_else(|| panic!("the queue never has {length}"));
}

/// A world whose seeded people have been welcomed.
async fn settled() -> World {
    let world = World::new().await;
    queue_of(&world, 0).await;
    world
}

fn store(world: &World) -> Store {
    world.product.platform.store()
}

async fn parked(world: &World) -> Vec<outbox::Parked> {
    let page = PageRequest { limit: 50, after: None };
    outbox::list_parked(&store(world), &page).await.unwrap().items
}

/// Lets so many of the waits between tries pass.
async fn pass(world: &World, tries: usize) {
    for _ in 0..tries {
        world.product.clock.set_forward(TWO_HOURS_IN_SECONDS);
        world.run_scheduled("retry-errands").await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn while_mail_is_away_people_go_on_and_then_get_each_letter_once() {
    let world = settled().await;
    world.product.cloud.mail.put_off_next(usize::MAX);
    let ana = world.patient("ana").await;
    let ben = world.patient("ben").await;
    // Welcome, proof of the address and sign-in, for both.
    queue_of(&world, 6).await;
    // Other errands are not held up.
    world.tell(&ana, Notice::PasswordChanged).await;
    let look = || async {
        let list = ana.get("/api/notifications").await.json();
        (list["total"] == 1).then_some(())
    };
    eventually_async(look)
        .await
        .expect("the list shows what mail cannot bring");
    queue_of(&world, 7).await;

    // Not due yet: nothing is tried.
    world.run_scheduled("retry-errands").await;
    pass(&world, 1).await;
    assert_eq!((queued(&world).await, parked(&world).await.len()), (7, 0));

    world.product.cloud.mail.put_off_next(0);
    world.product.clock.set_forward(TWO_HOURS_IN_SECONDS);
    tokio::join!(
        world.run_scheduled("retry-errands"),
        world.run_scheduled("retry-errands"),
        world.run_scheduled("retry-errands"),
    );
    assert_eq!(queued(&world).await, 0);
    pass(&world, 2).await;
    for person in [&ana, &ben] {
        assert_eq!(mails(&world, person, "Welcome to Polyclinic").len(), 1);
        assert_eq!(mails(&world, person, "New sign-in to your account").len(), 1);
    }
    assert_eq!(mails(&world, &ana, "Your password was changed").len(), 1);
    assert_eq!(ana.get("/api/notifications").await.json()["total"], 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_takes_no_longer_while_services_are_away() {
    let world = World::new().await;
    world.product.cloud.mail.put_off_next(usize::MAX);
    world.product.cloud.fcm.faults().begin(DOWN);
    let ana = world.patient("ana").await;
    let started = Instant::now();
    for _ in 0..20 {
        assert_eq!(ana.get("/api/users/me").await.status, 200);
    }
    assert!(started.elapsed().as_secs() < 5, "{:?}", started.elapsed());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_fails_eight_times_waits_for_a_person_and_can_be_sent_on_its_way_again() {
    let world = World::new().await;
    let (ana, admin) = (world.patient("ana").await, world.admin().await);
    for person in [&ana, &admin] {
        world.message(&person.email, "New sign-in to your account").await;
    }
    world.product.cloud.mail.put_off_next(usize::MAX);
    world.tell(&ana, Notice::TicketAnswered).await;
    queue_of(&world, 1).await;
    pass(&world, 6).await;
    assert_eq!((queued(&world).await, parked(&world).await.len()), (1, 0));
    pass(&world, 1).await;
    assert_eq!(queued(&world).await, 0);
    let list = admin.get("/api/admin/outbox/parked").await.json();
    let one = &list.as_array().unwrap()[0];
    assert_eq!((&one["errand"], &one["attempts"]), (&json!("tell_by_mail"), &json!(8)));
    assert_eq!(one["reason"], "mail_unavailable");
    assert!(!list.to_string().contains(&ana.id) && !list.to_string().contains(&ana.email));
    let redrive = format!("/api/admin/outbox/{}/redrive", one["id"].as_str().unwrap());

    world.product.cloud.mail.put_off_next(0);
    pass(&world, 2).await;
    assert!(mails(&world, &ana, "An answer to your question").is_empty());
    assert_eq!(admin.post(&redrive, json!({})).await.status, 200);
    pass(&world, 1).await;
    assert_eq!(mails(&world, &ana, "An answer to your question").len(), 1);
    assert_eq!(admin.get("/api/admin/outbox/parked").await.json(), json!([]));
    admin.post(&redrive, json!({})).await.problem(404, "Errand not found");
    let nonsense = admin.post("/api/admin/outbox/nonsense/redrive", json!({}));
    nonsense.await.problem(404, "Errand not found");
}

#[tokio::test(flavor = "multi_thread")]
async fn while_fcm_is_away_nothing_is_lost_and_nothing_comes_twice() {
    let world = World::new().await;
    let ana = world.patient("ana").await;
    register(&ana, "phone").await;
    register(&ana, "tablet").await;
    world.product.cloud.fcm.faults().begin(DOWN);
    world.tell(&ana, Notice::TicketAnswered).await;
    // One errand for each device; mail and list are done.
    queue_of(&world, 2).await;
    world.message(&ana.email, "An answer to your question").await;
    pass(&world, 2).await;
    world.product.cloud.fcm.faults().end();
    pass(&world, 3).await;
    for token in ["phone", "tablet"] {
        assert_eq!(pushes(&world, token).len(), 1, "{token}");
    }
    assert_eq!(mails(&world, &ana, "An answer to your question").len(), 1);
    assert_eq!(queued(&world).await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_removed_app_is_forgotten_and_a_message_that_is_not_taken_is_no_reason_to() {
    let world = World::new().await;
    let ana = world.patient("ana").await;
    register(&ana, "removed").await;
    let stays = register(&ana, "refuses").await;
    world.product.cloud.fcm.unregister("removed");
    world.product.cloud.fcm.take_no_message_for("refuses");
    world.tell(&ana, Notice::TicketAnswered).await;
    let look = || async { (parked(&world).await.len() == 1 && listed(&ana).await.len() == 1).then_some(()) };
    eventually_async(look).await.expect("one app goes, one push is parked");
    assert_eq!(listed(&ana).await[0]["id"], stays.as_str());
    let parked = parked(&world).await;
    assert_eq!(
        (parked[0].kind.as_str(), parked[0].reason),
        ("tell_by_push", Reason::PushRefused)
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn pushes_over_sns_survive_its_absence_and_end_with_the_endpoint() {
    let world = World::set_up(|settings| settings.messaging.push = PushProvider::Sns).await;
    let ana = world.patient("ana").await;
    register(&ana, "phone").await;
    world.product.cloud.sns.begin(DOWN);
    world.tell(&ana, Notice::TicketAnswered).await;
    queue_of(&world, 1).await;
    world.product.cloud.sns.end();
    pass(&world, 2).await;
    assert_eq!(pushes(&world, "phone").len(), 1);

    let store = store(&world);
    let devices = store::devices::list(&store, ana.id.parse().unwrap(), world.product.clock.now());
    let endpoint = devices.await.unwrap()[0]
        .endpoint
        .clone()
        .expect("the endpoint is noted");
    disable(&world, &endpoint).await;
    world.tell(&ana, Notice::TicketAnswered).await;
    let look = || async { listed(&ana).await.is_empty().then_some(()) };
    eventually_async(look).await.expect("the device is forgotten");
    assert_eq!(pushes(&world, "phone").len(), 1);
}

/// As SNS does by itself when it learns that an app is gone.
async fn disable(world: &World, endpoint: &str) {
    let connection = &world.product.platform.settings.connection;
    let config = aws_sdk_sns::Config::builder()
        .behavior_version(aws_sdk_sns::config::BehaviorVersion::latest())
        .region(connection.aws_region())
        .credentials_provider(connection.credentials())
        .http_client(store::aws::http_client(connection.sns_endpoint.as_deref()))
        .endpoint_url(connection.sns_endpoint.clone().unwrap());
    let client = aws_sdk_sns::Client::from_conf(config.build());
    let set = client
        .set_endpoint_attributes()
        .endpoint_arn(endpoint)
        .attributes("Enabled", "false");
    set.send().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_by_text_message_waits_for_sns_and_comes_once_in_its_language() {
    let world = World::new().await;
    world.product.cloud.sns.begin(DOWN);
    let notice = Notice::CodeForSignIn { code: "042137".into() };
    let errand = Errand::text_message("+15005550006".parse().unwrap(), notice, Language::Es);
    world.note(errand).await;
    queue_of(&world, 1).await;
    world.product.cloud.sns.end();
    pass(&world, 2).await;
    let texts: Vec<_> = world
        .product
        .inbox
        .newest(1000)
        .into_iter()
        .filter(|m| m.channel == Channel::Sms)
        .collect();
    assert_eq!(texts.len(), 1);
    assert!(texts[0].body.starts_with("042137 es tu clave de Polyclinic"));
}

#[tokio::test(flavor = "multi_thread")]
async fn twilio_is_asked_again_after_it_was_away_and_not_after_it_refused() {
    let world = World::new().await;
    world.product.cloud.twilio.mark_blocked("+15005550009");
    world.product.cloud.twilio.faults().next(1, DOWN);
    let start = |number: &str| Errand::StartVerification {
        phone: number.parse().unwrap(),
        language: Language::En,
    };
    world.note(start("+15005550006")).await;
    queue_of(&world, 1).await;
    pass(&world, 1).await;
    let sent = || {
        world
            .product
            .inbox
            .newest(1000)
            .into_iter()
            .find(|message| message.to == "+15005550006")
    };
    eventually(sent).await.expect("Twilio sends its code");
    world.note(start("+15005550009")).await;
    let look = || async { parked(&world).await.pop() };
    let parked = eventually_async(look).await.expect("it is parked");
    assert_eq!(
        (parked.kind.as_str(), parked.reason),
        ("start_verification", Reason::VerificationRefused)
    );
}
