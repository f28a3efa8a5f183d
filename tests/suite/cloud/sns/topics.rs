use aws_sdk_sns::types::PublishBatchRequestEntry;

use super::*;

#[tokio::test]
async fn a_topic_reaches_its_subscribers() {
    let cloud = in_memory();
    let sns = client(&cloud);
    let topic = sns
        .create_topic()
        .name("alerts")
        .send()
        .await
        .unwrap()
        .topic_arn
        .unwrap();
    assert_eq!(
        sns.create_topic()
            .name("alerts")
            .send()
            .await
            .unwrap()
            .topic_arn
            .unwrap(),
        topic
    );
    let subscribe = |protocol: &str, endpoint: &str| {
        sns.subscribe()
            .topic_arn(&topic)
            .protocol(protocol)
            .endpoint(endpoint)
            .return_subscription_arn(true)
            .send()
    };
    subscribe("sms", "+4915123456789").await.unwrap();
    let mail = subscribe("email", "doctor@clinic.example")
        .await
        .unwrap()
        .subscription_arn
        .unwrap();
    sns.publish()
        .topic_arn(&topic)
        .message("one")
        .subject("Alert")
        .send()
        .await
        .unwrap();
    sns.unsubscribe().subscription_arn(mail).send().await.unwrap();
    sns.publish().topic_arn(&topic).message("two").send().await.unwrap();
    let mut got: Vec<_> = cloud
        .inbox
        .newest(9)
        .into_iter()
        .map(|message| (message.body, message.channel.name()))
        .collect();
    got.sort();
    let expected = [("one", "email"), ("one", "sms"), ("two", "sms")];
    assert_eq!(got, expected.map(|(body, channel)| (body.to_owned(), channel)));
}

#[tokio::test]
async fn a_missing_topic_or_a_message_that_is_too_large_is_refused() {
    let cloud = in_memory();
    let sns = client(&cloud);
    let topic = sns
        .create_topic()
        .name("alerts")
        .send()
        .await
        .unwrap()
        .topic_arn
        .unwrap();
    let missing = sns
        .publish()
        .topic_arn(format!("{topic}-not"))
        .message("hi")
        .send()
        .await;
    assert!(
        missing
            .unwrap_err()
            .as_service_error()
            .unwrap()
            .is_not_found_exception()
    );
    let publish = |bytes: usize| sns.publish().topic_arn(&topic).message("x".repeat(bytes)).send();
    publish(256 * 1024).await.unwrap();
    assert_eq!(code(publish(256 * 1024 + 1).await), "InvalidParameter");
    assert_eq!(
        code(sns.publish().topic_arn(&topic).message("").send().await),
        "InvalidParameter"
    );
    assert_eq!(
        code(sns.create_topic().name("two words").send().await),
        "InvalidParameter"
    );
    assert_eq!(
        code(sns.publish().message("to nobody").send().await),
        "InvalidParameter"
    );
}

#[tokio::test]
async fn a_batch_is_published_entry_by_entry() {
    let cloud = in_memory();
    let sns = client(&cloud);
    let topic = sns
        .create_topic()
        .name("alerts")
        .send()
        .await
        .unwrap()
        .topic_arn
        .unwrap();
    let entry = |id: &str, text: &str| {
        PublishBatchRequestEntry::builder()
            .id(id)
            .message(text)
            .build()
            .unwrap()
    };
    let batch = |entries: Vec<PublishBatchRequestEntry>| {
        sns.publish_batch()
            .topic_arn(&topic)
            .set_publish_batch_request_entries(Some(entries))
            .send()
    };
    let bad = PublishBatchRequestEntry::builder()
        .id("bad")
        .message("{}")
        .message_structure("json")
        .build()
        .unwrap();
    let answer = batch(vec![entry("a", "1"), bad, entry("b", "2")]).await.unwrap();
    assert_eq!(
        answer.successful().iter().filter_map(|e| e.id()).collect::<Vec<_>>(),
        ["a", "b"]
    );
    assert_eq!(
        answer.failed().iter().map(|e| (e.id(), e.code())).collect::<Vec<_>>(),
        [("bad", "InvalidParameter")]
    );
    let twice = batch(vec![entry("a", "1"), entry("a", "2")]).await.unwrap_err();
    assert!(
        twice
            .as_service_error()
            .unwrap()
            .is_batch_entry_ids_not_distinct_exception()
    );
    let eleven = (0..11).map(|id| entry(&id.to_string(), "x")).collect();
    assert!(
        batch(eleven)
            .await
            .unwrap_err()
            .as_service_error()
            .unwrap()
            .is_too_many_entries_in_batch_request_exception()
    );
}
