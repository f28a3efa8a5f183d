//! Making a record, whatever its kind: once, however often the same one is sent.

use domain::audit::{Action, Why};
use domain::id::RecordId;
use domain::record::file::{self, NamedFile};
use domain::record::{self, Data, Pen, Record, RecordType, content};
use domain::refusal::FieldError;
use domain::session::Session;
use jiff::Timestamp;
use runtime::{Context, Problem, lenient};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use store::records;

use crate::access;
use crate::record_answer::RecordAnswer;

const MOST_ATTACHMENTS: usize = 20;
const LONGEST_ATTACHMENT: usize = 500;

/// What all kinds have.
#[derive(Deserialize, JsonSchema)]
#[schemars(rename = "NewRecord")]
pub struct Common {
    /// Drawn by the client, so that it may send again what it has heard no answer to.
    #[serde(default)]
    id: Option<RecordId>,
    /// 1 without it. Above 1: what the client has made of a version that it knew; it must be above all that are here.
    #[serde(default, deserialize_with = "lenient::number")]
    client_version: Option<u64>,
    /// In the client's own words: nothing is made of them here.
    #[serde(default, deserialize_with = "lenient::null_is_default")]
    attachments: Vec<String>,
    /// Files that are to be attached, at most 20: the record is pending until all of them are there.
    #[serde(default, deserialize_with = "lenient::null_is_default")]
    files: Vec<NamedFile>,
    #[serde(default, deserialize_with = "lenient::null_is_default")]
    metadata: Data,
}

/// What a kind has.
pub struct Kind {
    pub record_type: RecordType,
    /// The date that is now where the client leaves it to us.
    pub dated: Option<&'static str>,
}

/// Everything of the body but what is about the sending of it, absent members as null.
pub async fn create(
    context: &Context,
    session: &Session,
    Kind { record_type, dated }: Kind,
    fields: &impl Serialize,
    common: Common,
) -> Result<RecordAnswer, Problem> {
    let (version, id) = (common.client_version.unwrap_or(1), common.id);
    record::check_version(version)?;
    check_attachments(&common.attachments)?;
    let data = data(fields, common)?;
    content::check(&data)?;
    let (patient, is_named) = (session.user_id, id.is_some());
    let id = match id {
        Some(id) => id,
        None => context.new_id(RecordId::new)?,
    };
    let pen = Pen {
        person: patient,
        now: context.now,
    };
    let written = |seen: Option<&Record>| {
        let data = with_date(data.clone(), dated, seen, context.now);
        match seen {
            None => Ok(Some(Record::new(id, patient, record_type, data, version, pen))),
            Some(seen) => seen.sent_again(record_type, &data, version, pen),
        }
    };
    let audit = context.audit(session, patient, Action::Create, access::one(id), Why::Own)?;
    // The first clients name no record, so a version above 1 is held against all of that type.
    let record = if is_named || version == 1 {
        records::change(&context.store, patient, id, written, &audit).await?
    } else {
        let fresh = with_date(data.clone(), dated, None, context.now);
        let fresh = Record::new(id, patient, record_type, fresh, version, pen);
        records::enter_above(&context.store, &fresh, &audit).await?
    };
    Ok(record.into())
}

/// Whoever leaves the date to us and sends the same again means the date that it has got.
fn with_date(mut data: Data, dated: Option<&str>, seen: Option<&Record>, now: Timestamp) -> Data {
    if let Some(member) = dated.filter(|member| data.get(*member).is_none_or(Value::is_null)) {
        let known = seen
            .and_then(|seen| seen.data.get(member))
            .filter(|date| !date.is_null());
        let date = known.cloned().unwrap_or_else(|| now.to_string().into());
        data.insert(member.to_owned(), date);
    }
    data
}

fn check_attachments(attachments: &[String]) -> Result<(), Problem> {
    let is_long = attachments.iter().any(|name| name.chars().count() > LONGEST_ATTACHMENT);
    if attachments.len() > MOST_ATTACHMENTS || is_long {
        let rule = format!("must be at most {MOST_ATTACHMENTS} names of at most {LONGEST_ATTACHMENT} characters");
        return Err(invalid("attachments", rule));
    }
    Ok(())
}

fn data(fields: &impl Serialize, common: Common) -> Result<Data, Problem> {
    let malformed = |error: serde_json::Error| Problem::internal(error.to_string());
    let Value::Object(mut data) = serde_json::to_value(fields).map_err(malformed)? else {
        return Err(Problem::internal("a record's fields are no object"));
    };
    data.insert("attachments".to_owned(), common.attachments.into());
    data.insert("metadata".to_owned(), common.metadata.into());
    if !common.files.is_empty() {
        let files = serde_json::to_value(common.files).map_err(malformed)?;
        data.insert(file::MEMBER.to_owned(), files);
    }
    Ok(data)
}

/// A text that must say something.
pub fn required(field: &str, text: &str) -> Result<(), Problem> {
    if text.trim().is_empty() {
        return Err(invalid(field, "must not be empty"));
    }
    Ok(())
}

fn invalid(field: &str, rule: impl std::fmt::Display) -> Problem {
    Problem::invalid(vec![FieldError::new("body", field, "invalid", rule)])
}
