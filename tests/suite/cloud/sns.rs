//! SNS: pushes, text messages, topics, and what is refused.

use aws_sdk_sns::Client;
use aws_sdk_sns::error::ProvideErrorMetadata;
use aws_sdk_sns::types::PublishBatchRequestEntry;
use local::cloud::{Cloud, Storage};
use local::inbox::Channel;

use super::{SECRET_KEY, in_memory, sdk, start};

fn client(cloud: &Cloud) -> Client {
    Client::from_conf(sdk!(aws_sdk_sns, &cloud.sns_url, SECRET_KEY).build())
}

fn code<T, E: ProvideErrorMetadata>(answer: Result<T, E>) -> String {
    answer.err().and_then(|error| error.code().map(str::to_owned)).unwrap_or_default()
}

async fn application(sns: &Client) -> String {
    let create = sns.create_platform_application().platform("GCM").name("patients");
    let created = create.attributes("PlatformCredential", "key").send().await.unwrap();
    created.platform_application_arn.unwrap()
}

async fn endpoint(sns: &Client, application: &str, token: &str) -> String {
    let create = sns.create_platform_endpoint().platform_application_arn(application).token(token);
    create.custom_user_data("p-42").send().await.unwrap().endpoint_arn.unwrap()
}

#[tokio::test]
async fn a_text_message_arrives_in_the_inbox() {
    let cloud = in_memory();
    let sent = client(&cloud).publish().phone_number("+4915123456789").message("Your code is 1 < 2 & 3");
    assert!(sent.send().await.unwrap().message_id().is_some());
    let message = cloud.inbox.newest(1).remove(0);
    assert_eq!((message.channel, message.to.as_str()), (Channel::Sms, "+4915123456789"));
    assert_eq!(message.body, "Your code is 1 < 2 & 3");
}

#[tokio::test]
async fn what_is_not_a_phone_number_is_refused() {
    let cloud = in_memory();
    for number in ["12345", "+0151234567", "+49 151 234567", "+491512345678901234", "", "+"] {
        let answer = client(&cloud).publish().phone_number(number).message("hi").send().await;
        assert!(answer.unwrap_err().as_service_error().unwrap().is_invalid_parameter_exception(), "{number}");
    }
    assert!(cloud.inbox.newest(1).is_empty());
}

#[tokio::test]
async fn a_push_reaches_the_device_in_the_words_for_its_platform() {
    let cloud = in_memory();
    let sns = client(&cloud);
    let arn = endpoint(&sns, &application(&sns).await, "device-token").await;
    let words = r#"{"default":"plain","GCM":"{\"notification\":{}}"}"#;
    let push = sns.publish().target_arn(&arn).message(words).message_structure("json").subject("Hello");
    push.send().await.unwrap();
    let message = cloud.inbox.newest(1).remove(0);
    assert_eq!((message.channel, message.to.as_str()), (Channel::Push, "device-token"));
    assert_eq!(message.body, r#"{"notification":{}}"#);
    assert_eq!(message.subject.as_deref(), Some("Hello"));
}

#[tokio::test]
async fn a_message_for_several_platforms_needs_a_default() {
    let cloud = in_memory();
    let sns = client(&cloud);
    let arn = endpoint(&sns, &application(&sns).await, "t").await;
    for words in [r#"{"GCM":"x"}"#, r#"{"default":1}"#, "[]", "not json"] {
        let push = sns.publish().target_arn(&arn).message(words).message_structure("json").send().await;
        assert!(push.unwrap_err().as_service_error().unwrap().is_invalid_parameter_exception(), "{words}");
    }
}

#[tokio::test]
async fn registering_a_token_again_gives_the_same_endpoint_unless_it_differs() {
    let cloud = in_memory();
    let sns = client(&cloud);
    let application = application(&sns).await;
    let first = endpoint(&sns, &application, "t").await;
    assert_eq!(endpoint(&sns, &application, "t").await, first);
    assert_ne!(endpoint(&sns, &application, "u").await, first);
    let other = sns.create_platform_endpoint().platform_application_arn(&application).token("t").custom_user_data("p-7");
    let error = other.send().await.unwrap_err();
    assert!(error.as_service_error().unwrap().is_invalid_parameter_exception());
    assert!(error.message().unwrap().contains(&first), "clients read the ARN from the message");
}

#[tokio::test]
async fn a_disabled_endpoint_is_refused_until_it_is_enabled_again() {
    let cloud = in_memory();
    let sns = client(&cloud);
    let arn = endpoint(&sns, &application(&sns).await, "t").await;
    let set = |on: &str| sns.set_endpoint_attributes().endpoint_arn(&arn).attributes("Enabled", on).send();
    let push = || sns.publish().target_arn(&arn).message("hi").send();
    set("false").await.unwrap();
    let attributes = sns.get_endpoint_attributes().endpoint_arn(&arn).send().await.unwrap().attributes.unwrap();
    assert_eq!((attributes["Enabled"].as_str(), attributes["Token"].as_str()), ("false", "t"));
    assert!(push().await.unwrap_err().as_service_error().unwrap().is_endpoint_disabled_exception());
    set("true").await.unwrap();
    push().await.unwrap();
    assert_eq!(cloud.inbox.newest(9).len(), 1);
}

#[tokio::test]
async fn a_deleted_endpoint_is_gone_and_may_be_deleted_again() {
    let cloud = in_memory();
    let sns = client(&cloud);
    let arn = endpoint(&sns, &application(&sns).await, "t").await;
    for _ in 0..2 {
        sns.delete_endpoint().endpoint_arn(&arn).send().await.unwrap();
    }
    let attributes = sns.get_endpoint_attributes().endpoint_arn(&arn).send().await;
    assert!(attributes.unwrap_err().as_service_error().unwrap().is_not_found_exception());
    assert_eq!(code(sns.publish().target_arn(&arn).message("hi").send().await), "InvalidParameter");
    let nowhere = sns.create_platform_endpoint().platform_application_arn("arn:aws:sns:us-east-1:1:app/GCM/x");
    assert!(nowhere.token("t").send().await.unwrap_err().as_service_error().unwrap().is_not_found_exception());
}

#[tokio::test]
async fn a_topic_reaches_its_subscribers() {
    let cloud = in_memory();
    let sns = client(&cloud);
    let topic = sns.create_topic().name("alerts").send().await.unwrap().topic_arn.unwrap();
    assert_eq!(sns.create_topic().name("alerts").send().await.unwrap().topic_arn.unwrap(), topic);
    let subscribe = |protocol: &str, endpoint: &str| {
        sns.subscribe().topic_arn(&topic).protocol(protocol).endpoint(endpoint).return_subscription_arn(true).send()
    };
    subscribe("sms", "+4915123456789").await.unwrap();
    let mail = subscribe("email", "doctor@clinic.example").await.unwrap().subscription_arn.unwrap();
    sns.publish().topic_arn(&topic).message("one").subject("Alert").send().await.unwrap();
    sns.unsubscribe().subscription_arn(mail).send().await.unwrap();
    sns.publish().topic_arn(&topic).message("two").send().await.unwrap();
    let mut got: Vec<_> = cloud.inbox.newest(9).into_iter().map(|message| (message.body, message.channel.name())).collect();
    got.sort();
    let expected = [("one", "email"), ("one", "sms"), ("two", "sms")];
    assert_eq!(got, expected.map(|(body, channel)| (body.to_owned(), channel)));
}

#[tokio::test]
async fn a_missing_topic_or_a_message_that_is_too_large_is_refused() {
    let cloud = in_memory();
    let sns = client(&cloud);
    let topic = sns.create_topic().name("alerts").send().await.unwrap().topic_arn.unwrap();
    let missing = sns.publish().topic_arn(format!("{topic}-not")).message("hi").send().await;
    assert!(missing.unwrap_err().as_service_error().unwrap().is_not_found_exception());
    let publish = |bytes: usize| sns.publish().topic_arn(&topic).message("x".repeat(bytes)).send();
    publish(256 * 1024).await.unwrap();
    assert_eq!(code(publish(256 * 1024 + 1).await), "InvalidParameter");
    assert_eq!(code(sns.publish().topic_arn(&topic).message("").send().await), "InvalidParameter");
    assert_eq!(code(sns.create_topic().name("two words").send().await), "InvalidParameter");
    assert_eq!(code(sns.publish().message("to nobody").send().await), "InvalidParameter");
}

#[tokio::test]
async fn a_batch_is_published_entry_by_entry() {
    let cloud = in_memory();
    let sns = client(&cloud);
    let topic = sns.create_topic().name("alerts").send().await.unwrap().topic_arn.unwrap();
    let entry = |id: &str, text: &str| PublishBatchRequestEntry::builder().id(id).message(text).build().unwrap();
    let batch = |entries: Vec<PublishBatchRequestEntry>| {
        sns.publish_batch().topic_arn(&topic).set_publish_batch_request_entries(Some(entries)).send()
    };
    let bad = PublishBatchRequestEntry::builder().id("bad").message("{}").message_structure("json").build().unwrap();
    let answer = batch(vec![entry("a", "1"), bad, entry("b", "2")]).await.unwrap();
    assert_eq!(answer.successful().iter().filter_map(|e| e.id()).collect::<Vec<_>>(), ["a", "b"]);
    assert_eq!(answer.failed().iter().map(|e| (e.id(), e.code())).collect::<Vec<_>>(), [("bad", "InvalidParameter")]);
    let twice = batch(vec![entry("a", "1"), entry("a", "2")]).await.unwrap_err();
    assert!(twice.as_service_error().unwrap().is_batch_entry_ids_not_distinct_exception());
    let eleven = (0..11).map(|id| entry(&id.to_string(), "x")).collect();
    assert!(batch(eleven).await.unwrap_err().as_service_error().unwrap().is_too_many_entries_in_batch_request_exception());
}

#[tokio::test]
async fn requests_must_be_signed_by_the_right_key() {
    let cloud = in_memory();
    let form = "Action=Publish&Version=2010-03-31&PhoneNumber=%2B4915123456789&Message=hi";
    let unsigned = reqwest::Client::new().post(&cloud.sns_url).body(form).send().await.unwrap();
    assert_eq!(unsigned.status(), 403);
    assert!(unsigned.text().await.unwrap().contains("<Code>MissingAuthenticationToken</Code>"));
    let stranger = aws_sdk_sns::config::Credentials::new("SOMEBODY", "x", None, None, "test");
    let config = sdk!(aws_sdk_sns, &cloud.sns_url, SECRET_KEY).credentials_provider(stranger).build();
    let publish = Client::from_conf(config).publish().phone_number("+4915123456789").message("hi");
    assert_eq!(code(publish.send().await), "InvalidClientTokenId");
    let config = sdk!(aws_sdk_sns, &cloud.sns_url, "another-secret").build();
    let publish = Client::from_conf(config).publish().phone_number("+4915123456789").message("hi");
    assert_eq!(code(publish.send().await), "SignatureDoesNotMatch");
    assert!(cloud.inbox.newest(1).is_empty());
}

#[tokio::test]
async fn endpoints_topics_and_the_inbox_survive_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let open = || start(Storage::Directory(folder.path().to_owned()));
    let cloud = open();
    let sns = client(&cloud);
    let arn = endpoint(&sns, &application(&sns).await, "t").await;
    sns.publish().target_arn(&arn).message("before").send().await.unwrap();
    cloud.shutdown().await;
    let cloud = open();
    client(&cloud).publish().target_arn(&arn).message("after").send().await.unwrap();
    let bodies: Vec<_> = cloud.inbox.newest(9).into_iter().map(|message| message.body).collect();
    assert_eq!(bodies, ["after", "before"]);
}
