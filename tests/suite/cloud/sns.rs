//! SNS: pushes, text messages, topics, and what is refused.

mod client;
mod pushes;
mod topics;

use aws_sdk_sns::Client;
use aws_sdk_sns::error::ProvideErrorMetadata;
use local::cloud::{Cloud, Storage};
use local::inbox::Channel;

use super::{SECRET_KEY, in_memory, sdk, start};

fn client(cloud: &Cloud) -> Client {
    Client::from_conf(sdk!(aws_sdk_sns, &cloud.sns_url, SECRET_KEY).build())
}

fn code<T, E: ProvideErrorMetadata>(answer: Result<T, E>) -> String {
    answer
        .err()
        .and_then(|error| error.code().map(str::to_owned))
        .unwrap_or_default()
}

async fn application(sns: &Client) -> String {
    let create = sns.create_platform_application().platform("GCM").name("patients");
    let created = create.attributes("PlatformCredential", "key").send().await.unwrap();
    created.platform_application_arn.unwrap()
}

async fn endpoint(sns: &Client, application: &str, token: &str) -> String {
    let create = sns
        .create_platform_endpoint()
        .platform_application_arn(application)
        .token(token);
    create
        .custom_user_data("p-42")
        .send()
        .await
        .unwrap()
        .endpoint_arn
        .unwrap()
}

#[tokio::test]
async fn a_text_message_arrives_in_the_inbox() {
    let cloud = in_memory();
    let sent = client(&cloud)
        .publish()
        .phone_number("+4915123456789")
        .message("Your code is 1 < 2 & 3");
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
        assert!(
            answer
                .unwrap_err()
                .as_service_error()
                .unwrap()
                .is_invalid_parameter_exception(),
            "{number}"
        );
    }
    assert!(cloud.inbox.newest(1).is_empty());
}

#[tokio::test]
async fn requests_must_be_signed_by_the_right_key() {
    let cloud = in_memory();
    let form = "Action=Publish&Version=2010-03-31&PhoneNumber=%2B4915123456789&Message=hi";
    let unsigned = reqwest::Client::new()
        .post(&cloud.sns_url)
        .body(form)
        .send()
        .await
        .unwrap();
    assert_eq!(unsigned.status(), 403);
    assert!(
        unsigned
            .text()
            .await
            .unwrap()
            .contains("<Code>MissingAuthenticationToken</Code>")
    );
    let stranger = aws_sdk_sns::config::Credentials::new("SOMEBODY", "x", None, None, "test");
    let config = sdk!(aws_sdk_sns, &cloud.sns_url, SECRET_KEY)
        .credentials_provider(stranger)
        .build();
    let publish = Client::from_conf(config)
        .publish()
        .phone_number("+4915123456789")
        .message("hi");
    assert_eq!(code(publish.send().await), "InvalidClientTokenId");
    let config = sdk!(aws_sdk_sns, &cloud.sns_url, "another-secret").build();
    let publish = Client::from_conf(config)
        .publish()
        .phone_number("+4915123456789")
        .message("hi");
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
    client(&cloud)
        .publish()
        .target_arn(&arn)
        .message("after")
        .send()
        .await
        .unwrap();
    let bodies: Vec<_> = cloud.inbox.newest(9).into_iter().map(|message| message.body).collect();
    assert_eq!(bodies, ["after", "before"]);
}
