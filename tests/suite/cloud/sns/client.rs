//! The product's own client of SNS.

use std::collections::BTreeMap;

use clients::push::PushMessage;
use clients::sns::{SnsClient, SnsError};
use local::cloud::{Cloud, REGION};
use local::inbox::Channel;
use store::aws::Connection;

use super::super::{ACCESS_KEY, SECRET_KEY, in_memory};
use super::application;

fn connect(cloud: &Cloud, secret_key: &str) -> SnsClient {
    SnsClient::new(&Connection {
        region: REGION.to_owned(),
        access_key_id: ACCESS_KEY.to_owned(),
        secret_access_key: secret_key.to_owned(),
        session_token: None,
        dynamodb_endpoint: None,
        s3_endpoint: None,
        secrets_endpoint: None,
        kms_endpoint: None,
        sns_endpoint: Some(cloud.sns_url.clone()),
    })
}

fn visit() -> PushMessage {
    PushMessage {
        title: "Visit".to_owned(),
        body: "It starts soon".to_owned(),
        data: BTreeMap::from([("visit".to_owned(), "7".to_owned())]),
    }
}

#[tokio::test]
async fn a_text_message_goes_to_numbers_only() {
    let cloud = in_memory();
    let sns = connect(&cloud, SECRET_KEY);
    sns.send_sms("+4915112345678", "Your visit is at 10:00").await.unwrap();
    let read = cloud.inbox.newest(1).remove(0);
    assert_eq!((read.channel, read.to.as_str()), (Channel::Sms, "+4915112345678"));
    assert_eq!(read.body, "Your visit is at 10:00");
    assert_eq!(sns.send_sms("nobody", "Hello").await, Err(SnsError::Invalid));
    assert_eq!(sns.send_sms("+4915112345678", "").await, Err(SnsError::Invalid));
    let stranger = connect(&cloud, "another key").send_sms("+4915112345678", "Hello").await;
    assert_eq!(stranger, Err(SnsError::Alarm("SignatureDoesNotMatch".to_owned())));
}

#[tokio::test]
async fn a_phone_is_registered_once_and_its_push_has_firebases_form() {
    let cloud = in_memory();
    let (sns, application) = (connect(&cloud, SECRET_KEY), application(&super::client(&cloud)).await);
    let first = sns.register(&application, "a-phone", "user-1").await.unwrap();
    assert_eq!(sns.register(&application, "a-phone", "user-1").await, Ok(first.clone()));
    // Another person on the same phone.
    assert_eq!(sns.register(&application, "a-phone", "user-2").await, Ok(first.clone()));
    sns.push(&first, &visit()).await.unwrap();
    let read = cloud.inbox.newest(1).remove(0);
    assert_eq!((read.channel, read.to.as_str()), (Channel::Push, "a-phone"));
    let message: serde_json::Value = serde_json::from_str(&read.body).unwrap();
    let message = &message["fcmV1Message"]["message"];
    assert_eq!(message["notification"]["title"], "Visit");
    assert_eq!(message["data"]["visit"], "7");
}

#[tokio::test]
async fn a_disabled_endpoint_is_gone_until_it_is_registered_again() {
    let cloud = in_memory();
    let (sns, admin) = (connect(&cloud, SECRET_KEY), super::client(&cloud));
    let application = application(&admin).await;
    let arn = sns.register(&application, "a-phone", "user-1").await.unwrap();
    let disable = admin.set_endpoint_attributes().endpoint_arn(&arn);
    disable.attributes("Enabled", "false").send().await.unwrap();
    let gone = sns.push(&arn, &visit()).await.unwrap_err();
    assert!(gone.token_gone() && !gone.may_retry());
    assert_eq!(sns.register(&application, "a-phone", "user-1").await, Ok(arn.clone()));
    assert_eq!(sns.push(&arn, &visit()).await, Ok(()));

    sns.remove(&arn).await.unwrap();
    assert_eq!(sns.remove(&arn).await, Ok(()));
    assert_eq!(sns.push(&arn, &visit()).await, Err(SnsError::TokenGone));
    let elsewhere = sns
        .register("arn:aws:sns:us-east-1:123456789012:app/GCM/none", "t", "u")
        .await;
    assert_eq!(elsewhere, Err(SnsError::Alarm("NotFound".to_owned())));
}
