use super::*;

#[tokio::test]
async fn a_push_reaches_the_device_in_the_words_for_its_platform() {
    let cloud = in_memory();
    let sns = client(&cloud);
    let arn = endpoint(&sns, &application(&sns).await, "device-token").await;
    let words = r#"{"default":"plain","GCM":"{\"notification\":{}}"}"#;
    let push = sns
        .publish()
        .target_arn(&arn)
        .message(words)
        .message_structure("json")
        .subject("Hello");
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
        let push = sns
            .publish()
            .target_arn(&arn)
            .message(words)
            .message_structure("json")
            .send()
            .await;
        assert!(
            push.unwrap_err()
                .as_service_error()
                .unwrap()
                .is_invalid_parameter_exception(),
            "{words}"
        );
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
    let other = sns
        .create_platform_endpoint()
        .platform_application_arn(&application)
        .token("t")
        .custom_user_data("p-7");
    let error = other.send().await.unwrap_err();
    assert!(error.as_service_error().unwrap().is_invalid_parameter_exception());
    assert!(
        error.message().unwrap().contains(&first),
        "clients read the ARN from the message"
    );
}

#[tokio::test]
async fn a_disabled_endpoint_is_refused_until_it_is_enabled_again() {
    let cloud = in_memory();
    let sns = client(&cloud);
    let arn = endpoint(&sns, &application(&sns).await, "t").await;
    let set = |on: &str| {
        sns.set_endpoint_attributes()
            .endpoint_arn(&arn)
            .attributes("Enabled", on)
            .send()
    };
    let push = || sns.publish().target_arn(&arn).message("hi").send();
    set("false").await.unwrap();
    let attributes = sns
        .get_endpoint_attributes()
        .endpoint_arn(&arn)
        .send()
        .await
        .unwrap()
        .attributes
        .unwrap();
    assert_eq!(
        (attributes["Enabled"].as_str(), attributes["Token"].as_str()),
        ("false", "t")
    );
    assert!(
        push()
            .await
            .unwrap_err()
            .as_service_error()
            .unwrap()
            .is_endpoint_disabled_exception()
    );
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
    assert!(
        attributes
            .unwrap_err()
            .as_service_error()
            .unwrap()
            .is_not_found_exception()
    );
    assert_eq!(
        code(sns.publish().target_arn(&arn).message("hi").send().await),
        "InvalidParameter"
    );
    let nowhere = sns
        .create_platform_endpoint()
        .platform_application_arn("arn:aws:sns:us-east-1:1:app/GCM/x");
    assert!(
        nowhere
            .token("t")
            .send()
            .await
            .unwrap_err()
            .as_service_error()
            .unwrap()
            .is_not_found_exception()
    );
}
