//! Topics and who is subscribed to them.

use super::answer::{Answer, Refusal, element, uuid};
use super::catalogue::{Catalogue, Subscription, arn};
use super::request::Request;

const PROTOCOLS: [&str; 9] = [
    "http",
    "https",
    "email",
    "email-json",
    "sms",
    "sqs",
    "application",
    "lambda",
    "firehose",
];

/// Creating a topic that exists gives its ARN.
pub fn create(request: &Request, catalogue: &mut Catalogue) -> Result<Answer, Refusal> {
    let name = request.need("Name")?;
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
    if name.len() > 256 || !name.chars().all(plain) {
        return Err(Refusal::invalid("Topic Name"));
    }
    let arn = arn(name);
    catalogue.topics.entry(arn.clone()).or_default();
    catalogue.save()?;
    Ok(Answer {
        action: "CreateTopic",
        result: element("TopicArn", &arn),
    })
}

pub fn delete(request: &Request, catalogue: &mut Catalogue) -> Result<Answer, Refusal> {
    catalogue.topics.remove(request.need("TopicArn")?);
    catalogue.save()?;
    Ok(Answer {
        action: "DeleteTopic",
        result: String::new(),
    })
}

pub fn list(catalogue: &Catalogue) -> Answer {
    let member = |arn: &String| format!("<member>{}</member>", element("TopicArn", arn));
    let members: String = catalogue.topics.keys().map(member).collect();
    Answer {
        action: "ListTopics",
        result: format!("<Topics>{members}</Topics>"),
    }
}

/// Confirmation by the subscriber is taken for granted, except by HTTP endpoints, which are never called.
pub fn subscribe(request: &Request, catalogue: &mut Catalogue) -> Result<Answer, Refusal> {
    let (topic_arn, protocol) = (request.need("TopicArn")?, request.need("Protocol")?);
    let endpoint = request.need("Endpoint")?;
    if !PROTOCOLS.contains(&protocol) {
        return Err(Refusal::invalid(format!(
            "Protocol Reason: {protocol} is not supported"
        )));
    }
    if protocol == "sms" {
        super::publish::check_phone_number(endpoint)?;
    }
    if protocol == "application" {
        catalogue.endpoint(endpoint)?;
    }
    let topic = catalogue
        .topics
        .get_mut(topic_arn)
        .ok_or_else(|| Refusal::not_found("Topic"))?;
    let wanted = Subscription {
        protocol: protocol.to_owned(),
        endpoint: endpoint.to_owned(),
    };
    let existing = topic
        .subscriptions
        .iter()
        .find(|(_, subscription)| **subscription == wanted);
    let arn = match existing {
        Some((arn, _)) => arn.clone(),
        None => format!("{topic_arn}:{}", uuid()),
    };
    let pending = protocol.starts_with("http");
    topic.subscriptions.insert(arn.clone(), wanted);
    catalogue.save()?;
    let shown = if pending { "pending confirmation" } else { &arn };
    Ok(Answer {
        action: "Subscribe",
        result: element("SubscriptionArn", shown),
    })
}

pub fn unsubscribe(request: &Request, catalogue: &mut Catalogue) -> Result<Answer, Refusal> {
    let arn = request.need("SubscriptionArn")?;
    for topic in catalogue.topics.values_mut() {
        topic.subscriptions.remove(arn);
    }
    catalogue.save()?;
    Ok(Answer {
        action: "Unsubscribe",
        result: String::new(),
    })
}
