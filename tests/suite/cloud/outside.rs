//! Twilio, FCM and Firebase, through the product's clients: what is sent is read in the inbox.

use std::collections::BTreeMap;

use clients::fcm::{self, FcmClient, Target};
use clients::firebase::{self, FirebaseClient, FirebaseIdentity};
use clients::push::PushMessage;
use clients::stand_in::Fault;
use clients::twilio::{self, Channel as By, Check, TwilioClient};
use jiff::Timestamp;
use local::inbox::Channel;

use super::in_memory;

const NUMBER: &str = "+4915112345678";

#[tokio::test]
async fn a_code_arrives_in_the_inbox_and_is_right() {
    let cloud = in_memory();
    let client = TwilioClient::new(&twilio::StandIn::settings(&cloud.twilio_url)).unwrap();
    client.start(NUMBER, By::Sms, None).await.unwrap();
    let message = cloud.inbox.newest(1).remove(0);
    assert_eq!((message.channel, message.to.as_str()), (Channel::Sms, NUMBER));
    let code = message.body.rsplit(' ').next().unwrap();
    assert_eq!(client.check(NUMBER, code).await, Ok(Check::Approved));

    client.start("ana@example.org", By::Email, None).await.unwrap();
    assert_eq!(cloud.inbox.newest(1)[0].channel, Channel::Email);
    cloud.twilio.faults().begin(Fault::Dropped);
    assert!(client.start(NUMBER, By::Sms, None).await.unwrap_err().may_retry());
}

#[tokio::test]
async fn a_push_arrives_in_the_inbox_unless_the_app_is_gone() {
    let cloud = in_memory();
    let client = FcmClient::new(&fcm::StandIn::settings(&cloud.fcm_url)).unwrap();
    let message = PushMessage {
        title: "Visit".to_owned(),
        body: "It starts soon".to_owned(),
        data: BTreeMap::from([("visit".to_owned(), "7".to_owned())]),
    };
    client.send(Target::Token("a-phone"), &message).await.unwrap();
    let read = cloud.inbox.newest(1).remove(0);
    assert_eq!((read.channel, read.to.as_str()), (Channel::Push, "a-phone"));
    assert_eq!(read.subject.as_deref(), Some("Visit"));
    assert_eq!(read.body, "It starts soon\nvisit=7");

    cloud.fcm.unregister("a-phone");
    let gone = client.send(Target::Token("a-phone"), &message).await.unwrap_err();
    assert!(gone.token_gone());
    cloud.fcm.faults().begin(Fault::Unavailable {
        retry_after_seconds: Some(30),
    });
    let down = client.send(Target::Token("another"), &message).await.unwrap_err();
    assert_eq!(down.wait().unwrap().as_secs(), 30);
    assert_eq!(cloud.inbox.newest(10).len(), 1);
}

#[tokio::test]
async fn a_minted_token_tells_who_signed_in() {
    let cloud = in_memory();
    let client = FirebaseClient::new(&firebase::StandIn::settings(&cloud.firebase_url)).unwrap();
    let (now, ana) = (
        Timestamp::now(),
        FirebaseIdentity {
            subject: "ana".to_owned(),
            phone_number: Some(NUMBER.to_owned()),
            ..FirebaseIdentity::default()
        },
    );
    let token = cloud.firebase.mint(&ana, now).unwrap();
    assert_eq!(client.verify(&token, now).await, Ok(ana));
}
