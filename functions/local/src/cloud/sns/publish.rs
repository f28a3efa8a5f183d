//! Publish and PublishBatch: who gets what, and what is refused.

use super::answer::{Answer, Refusal, element, uuid};
use super::catalogue::Catalogue;
use super::request::Request;
use crate::inbox::{Channel, Inbox};

const MAX_MESSAGE_BYTES: usize = 256 * 1024;
const MAX_SMS_CHARACTERS: usize = 1_600;
const MAX_BATCH: usize = 10;

pub fn one(request: &Request, catalogue: &Catalogue, inbox: &Inbox) -> Result<Answer, Refusal> {
    let message = Message::read(request)?;
    let targets = ["PhoneNumber", "TargetArn", "TopicArn"].map(|name| request.get(name));
    match targets {
        [Some(number), None, None] => message.send_sms(number, inbox)?,
        // An SDK may put either ARN into either field.
        [None, Some(arn), None] | [None, None, Some(arn)] => message.publish(arn, catalogue, inbox)?,
        _ => {
            return Err(Refusal::invalid(
                "exactly one of TopicArn, TargetArn and PhoneNumber is needed",
            ));
        }
    }
    Ok(Answer {
        action: "Publish",
        result: element("MessageId", &uuid()),
    })
}

pub fn batch(request: &Request, catalogue: &Catalogue, inbox: &Inbox) -> Result<Answer, Refusal> {
    let arn = request.need("TopicArn")?;
    catalogue.topic(arn)?;
    let entries: Vec<Request> = (1..)
        .map_while(|number| request.member("PublishBatchRequestEntries", number))
        .collect();
    check_batch(&entries)?;
    let (mut successful, mut failed) = (String::new(), String::new());
    for entry in &entries {
        let id = element("Id", entry.get("Id").unwrap_or_default());
        let published = Message::read(entry).and_then(|message| message.publish(arn, catalogue, inbox));
        match published {
            Ok(()) => successful += &format!("<member>{id}{}</member>", element("MessageId", &uuid())),
            Err(refusal) => {
                let (code, message) = (element("Code", refusal.code()), element("Message", refusal.message()));
                failed += &format!("<member>{id}{code}{message}<SenderFault>true</SenderFault></member>");
            }
        }
    }
    let result = format!("<Successful>{successful}</Successful><Failed>{failed}</Failed>");
    Ok(Answer {
        action: "PublishBatch",
        result,
    })
}

fn check_batch(entries: &[Request]) -> Result<(), Refusal> {
    if entries.is_empty() {
        return Err(Refusal::new(
            "EmptyBatchRequest",
            "The batch request doesn't contain any entries.",
        ));
    }
    if entries.len() > MAX_BATCH {
        return Err(Refusal::new(
            "TooManyEntriesInBatchRequest",
            "The batch request contains more than 10 entries.",
        ));
    }
    let mut ids: Vec<_> = entries.iter().map(|entry| entry.get("Id")).collect();
    ids.sort_unstable();
    if ids.windows(2).any(|pair| pair[0] == pair[1]) {
        return Err(Refusal::new(
            "BatchEntryIdsNotDistinct",
            "Two or more entries have the same Id.",
        ));
    }
    let bytes: usize = entries
        .iter()
        .filter_map(|entry| entry.get("Message"))
        .map(str::len)
        .sum();
    if bytes > MAX_MESSAGE_BYTES {
        return Err(Refusal::new(
            "BatchRequestTooLong",
            "The messages of a batch have at most 262144 bytes.",
        ));
    }
    Ok(())
}

/// E.164: a plus, then up to fifteen digits that do not begin with a zero.
pub fn check_phone_number(number: &str) -> Result<(), Refusal> {
    let digits = number.strip_prefix('+').unwrap_or_default();
    let valid = (7..=15).contains(&digits.len())
        && !digits.starts_with('0')
        && digits.bytes().all(|byte| byte.is_ascii_digit());
    if valid {
        Ok(())
    } else {
        Err(Refusal::invalid("PhoneNumber Reason: it is not valid to publish to"))
    }
}

struct Message {
    subject: Option<String>,
    text: String,
    /// With `MessageStructure=json`: another text for each protocol or platform.
    by_protocol: Option<serde_json::Map<String, serde_json::Value>>,
}

impl Message {
    fn read(request: &Request) -> Result<Self, Refusal> {
        let text = request.get("Message").filter(|text| !text.is_empty());
        let text = text.ok_or_else(|| Refusal::invalid("Empty message"))?.to_owned();
        if text.len() + request.message_attribute_bytes() > MAX_MESSAGE_BYTES {
            return Err(Refusal::invalid("Message too long"));
        }
        let subject = request.get("Subject").map(str::to_owned);
        if let Some(subject) = &subject
            && (subject.is_empty() || subject.chars().count() > 100 || subject.chars().any(char::is_control))
        {
            return Err(Refusal::invalid("Subject"));
        }
        let by_protocol = match request.get("MessageStructure") {
            None => None,
            Some("json") => Some(Self::structure(&text)?),
            Some(_) => return Err(Refusal::invalid("MessageStructure Reason: only json")),
        };
        Ok(Self {
            subject,
            text,
            by_protocol,
        })
    }

    fn structure(text: &str) -> Result<serde_json::Map<String, serde_json::Value>, Refusal> {
        let json: serde_json::Value = serde_json::from_str(text)
            .map_err(|_| Refusal::invalid("Message Structure - JSON message body failed to parse"))?;
        match json {
            serde_json::Value::Object(map) if map.get("default").is_some_and(serde_json::Value::is_string) => Ok(map),
            _ => Err(Refusal::invalid(
                "Message Structure - No default entry in JSON message body",
            )),
        }
    }

    fn text_for(&self, protocol: &str) -> &str {
        let Some(map) = &self.by_protocol else {
            return &self.text;
        };
        let entry = map.get(protocol).and_then(serde_json::Value::as_str);
        entry.or_else(|| map.get("default")?.as_str()).unwrap_or(&self.text)
    }

    fn send_sms(&self, number: &str, inbox: &Inbox) -> Result<(), Refusal> {
        check_phone_number(number)?;
        let text = self.text_for("sms");
        if text.chars().count() > MAX_SMS_CHARACTERS {
            return Err(Refusal::invalid(
                "Message Reason: a text message has at most 1600 characters",
            ));
        }
        inbox.record(Channel::Sms, number, None, text);
        Ok(())
    }

    fn publish(&self, arn: &str, catalogue: &Catalogue, inbox: &Inbox) -> Result<(), Refusal> {
        if arn.contains(":endpoint/") {
            return self.push(arn, catalogue, inbox);
        }
        for subscription in catalogue.topic(arn)?.subscriptions.values() {
            match subscription.protocol.as_str() {
                // As in AWS, a subscriber who cannot be reached is not the publisher's error.
                "sms" => drop(self.send_sms(&subscription.endpoint, inbox)),
                "application" => drop(self.push(&subscription.endpoint, catalogue, inbox)),
                protocol @ ("email" | "email-json") => {
                    inbox.record(
                        Channel::Email,
                        &subscription.endpoint,
                        self.subject.clone(),
                        self.text_for(protocol),
                    );
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn push(&self, arn: &str, catalogue: &Catalogue, inbox: &Inbox) -> Result<(), Refusal> {
        let endpoint = catalogue.endpoints.get(arn);
        let endpoint = endpoint
            .ok_or_else(|| Refusal::invalid("TargetArn Reason: No endpoint found for the target arn specified"))?;
        if !endpoint.enabled {
            return Err(Refusal::new("EndpointDisabled", "Endpoint is disabled"));
        }
        let platform = endpoint.application.rsplit('/').nth(1).unwrap_or_default();
        inbox.record(
            Channel::Push,
            &endpoint.token,
            self.subject.clone(),
            self.text_for(platform),
        );
        Ok(())
    }
}
