use std::io::Read;

use clients::turn::{Credential, Secrets};
use data_encoding::BASE64;
use flate2::read::ZlibDecoder;
use ring::hmac;
use runtime::secrets::Secret;
use serde_json::{Value, json};
use tests::world::{Person, World};

use super::{Call, join};

mod appointments;

/// What an independent reader finds in a token, once its signature is checked.
pub struct Token {
    expire_seconds: u32,
    channel: String,
    uid: String,
    privileges: Vec<(u16, u32)>,
}

struct Bytes<'a>(&'a [u8]);

impl<'a> Bytes<'a> {
    fn take(&mut self, count: usize) -> &'a [u8] {
        let (taken, rest) = self.0.split_at(count);
        self.0 = rest;
        taken
    }

    fn u16(&mut self) -> u16 {
        u16::from_le_bytes(self.take(2).try_into().unwrap())
    }

    fn u32(&mut self) -> u32 {
        u32::from_le_bytes(self.take(4).try_into().unwrap())
    }

    fn text(&mut self) -> &'a [u8] {
        let length = self.u16();
        self.take(usize::from(length))
    }

    fn string(&mut self) -> String {
        String::from_utf8(self.text().to_vec()).unwrap()
    }
}

fn read(token: &str, app_id: &str, certificate: &str) -> Token {
    let deflated = BASE64.decode(token.strip_prefix("007").unwrap().as_bytes()).unwrap();
    let mut content = Vec::new();
    ZlibDecoder::new(deflated.as_slice()).read_to_end(&mut content).unwrap();
    let mut bytes = Bytes(&content);
    let (signature, info) = (bytes.text(), bytes.0);
    assert_eq!(bytes.string(), app_id);
    let (at, expire_seconds, salt) = (bytes.u32(), bytes.u32(), bytes.u32());
    let sign = |key: &[u8], message: &[u8]| {
        let key = hmac::Key::new(hmac::HMAC_SHA256, key);
        hmac::sign(&key, message).as_ref().to_vec()
    };
    let key = sign(&at.to_le_bytes(), certificate.as_bytes());
    let key = sign(&salt.to_le_bytes(), &key);
    assert_eq!(sign(&key, info), signature);
    assert_eq!((bytes.u16(), bytes.u16()), (1, 1));
    let count = bytes.u16();
    let privileges = (0..count).map(|_| (bytes.u16(), bytes.u32())).collect();
    Token {
        expire_seconds,
        privileges,
        channel: bytes.string(),
        uid: bytes.string(),
    }
}

async fn token(person: &Person, call: &Value) -> Value {
    let path = format!("/video/token?channel=visit-{}", call["id"].as_str().unwrap());
    let answer = person.get(&path).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.json()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_opens_one_channel_to_one_person_for_the_visit() {
    let world = World::new().await;
    let call = Call::begun(&world).await;
    let certificate = world.product.secret(Secret::AgoraAppCertificate).unwrap();
    let app_id = world.product.platform.settings.calls.agora_app_id.clone().unwrap();
    let mut uids = Vec::new();
    for person in [&call.ana, &call.dora] {
        let (answer, again) = (token(person, &call.call).await, token(person, &call.call).await);
        assert_eq!(answer["app_id"], json!(app_id));
        assert_eq!(answer["uid"], again["uid"]);
        assert!((1..=u64::from(u32::MAX)).contains(&answer["uid"].as_u64().unwrap()));
        let read = read(answer["token"].as_str().unwrap(), &app_id, certificate);
        assert_eq!(json!(read.channel), answer["channel"]);
        assert_eq!(read.uid, answer["uid"].to_string());
        // The longest call from its start, and half an hour.
        let longest = 4 * 3600 + 1800;
        assert!(
            (longest - 120..=longest).contains(&read.expire_seconds),
            "{}",
            read.expire_seconds
        );
        let wanted: Vec<_> = (1..=4).map(|privilege| (privilege, read.expire_seconds)).collect();
        assert_eq!(read.privileges, wanted);
        uids.push(answer["uid"].clone());
    }
    assert_ne!(uids[0], uids[1]);
    let ben = world.patient("ben").await;
    let channel = format!("/video/token?channel=visit-{}", call.call["id"].as_str().unwrap());
    ben.get(&channel).await.problem(404, "Channel not found");
    call.ana
        .get("/video/token?channel=appt_12345678")
        .await
        .problem(404, "Channel not found");
    call.ana
        .get("/video/token?channel=")
        .await
        .problem(400, "Channel must not be empty");
    assert_eq!(call.ana.get("/video/token").await.status, 422);
    call.end().await;
    call.ana.get(&channel).await.problem(404, "Channel not found");
}

/// Neither a token nor a credential goes out that would outlive a cancellation.
#[tokio::test(flavor = "multi_thread")]
async fn before_a_visit_begins_there_is_nothing_to_get_in_with() {
    let world = World::new().await;
    let time = (world.product.clock.now() + jiff::SignedDuration::from_hours(300 * 24)).to_string();
    let call = Call::with(&world, json!({ "scheduled_time": time })).await;
    let channel = format!("/video/token?channel=visit-{}", call.call["id"].as_str().unwrap());
    assert_eq!(call.call["webrtc_config"]["turn_servers"], json!([]));
    for person in [&call.ana, &call.dora] {
        person.get(&channel).await.problem(400, "Consultation is not active");
        let read = call.read(person).await;
        assert_eq!(read["webrtc_config"]["turn_servers"], json!([]));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_project_of_agora_there_are_no_channels_and_calls_go_on() {
    let world = World::set_up(|settings| {
        settings.secrets.remove(&Secret::AgoraAppCertificate);
        settings.secrets.remove(&Secret::TurnSecret);
    })
    .await;
    let call = Call::begun(&world).await;
    let channel = format!("/video/token?channel=visit-{}", call.call["id"].as_str().unwrap());
    let refused = call.ana.get(&channel).await;
    refused.problem(503, "Video channels are not set up here");
    let joined = join(&call.ana, &call.call).await;
    assert_eq!(joined["webrtc_config"]["turn_servers"], json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn servers_take_the_credentials_of_a_call_while_it_can_last() {
    let world = World::new().await;
    let call = Call::begun(&world).await;
    let secrets: Secrets = world.product.secret(Secret::TurnSecret).unwrap().parse().unwrap();
    let now = u64::try_from(world.product.clock.now().as_second()).unwrap();
    let mut names = Vec::new();
    for person in [&call.ana, &call.dora] {
        let joined = join(person, &call.call).await;
        let server = &joined["webrtc_config"]["turn_servers"][0];
        let credential = Credential {
            username: server["username"].as_str().unwrap().to_owned(),
            password: server["credential"].as_str().unwrap().to_owned(),
        };
        assert!(secrets.accepts(&credential, now) && secrets.accepts(&credential, now + 3 * 3600));
        assert!(!secrets.accepts(&credential, now + 5 * 3600));
        let (_, name) = credential.username.split_once(':').unwrap();
        for id in [
            &call.ana.id,
            &call.dora.id,
            &call.call["id"].as_str().unwrap().to_owned(),
        ] {
            assert!(!name.contains(id.as_str()), "{name}");
        }
        names.push(name.to_owned());
    }
    assert_ne!(names[0], names[1]);
}
