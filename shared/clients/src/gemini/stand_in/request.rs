//! What a request must look like.

use bytes::Bytes;
use data_encoding::BASE64;
use http::{Request, header};
use serde_json::Value;

use crate::stand_in::google::Refusal;

const MEMBERS: [&str; 4] = ["contents", "systemInstruction", "generationConfig", "safetySettings"];
const CONFIGURATION: [&str; 8] = [
    "temperature",
    "topP",
    "topK",
    "candidateCount",
    "maxOutputTokens",
    "seed",
    "responseMimeType",
    "responseSchema",
];
const CATEGORIES: [&str; 4] = [
    "HARM_CATEGORY_HARASSMENT",
    "HARM_CATEGORY_HATE_SPEECH",
    "HARM_CATEGORY_SEXUALLY_EXPLICIT",
    "HARM_CATEGORY_DANGEROUS_CONTENT",
];
const THRESHOLDS: [&str; 5] = [
    "BLOCK_NONE",
    "OFF",
    "BLOCK_ONLY_HIGH",
    "BLOCK_MEDIUM_AND_ABOVE",
    "BLOCK_LOW_AND_ABOVE",
];
const TYPES: [&str; 7] = ["STRING", "NUMBER", "INTEGER", "BOOLEAN", "ARRAY", "OBJECT", "NULL"];
const KEYWORDS: [&str; 14] = [
    "type",
    "format",
    "description",
    "nullable",
    "enum",
    "items",
    "minItems",
    "maxItems",
    "properties",
    "required",
    "propertyOrdering",
    "minimum",
    "maximum",
    "anyOf",
];
/// Deeper schemas are "too complex".
const DEEPEST: usize = 8;

/// Google takes a key in the address as well; here nobody does, since addresses land in logs.
pub(super) fn authenticate(request: &Request<Bytes>, key: &str) -> Result<(), Refusal> {
    let is_in_address = request.uri().query().is_some_and(|query| query.contains("key="));
    if is_in_address {
        return Err(Refusal::invalid("The API key must not be part of the address."));
    }
    match request.headers().get("x-goog-api-key") {
        None => Err(Refusal::unregistered()),
        Some(given) if given.as_bytes() == key.as_bytes() => Ok(()),
        Some(_) => Err(Refusal::bad_key()),
    }
}

pub(super) fn read(request: &Request<Bytes>) -> Result<Value, Refusal> {
    let content_type = request.headers().get(header::CONTENT_TYPE);
    if content_type.is_none_or(|given| given.as_bytes() != b"application/json") {
        return Err(Refusal::invalid("The content type must be application/json."));
    }
    let malformed = |_| Refusal::invalid("Invalid JSON payload received.");
    let body: Value = serde_json::from_slice(request.body()).map_err(malformed)?;
    only(&body, &MEMBERS, "the request")?;
    let contents = list(&body, "contents")?;
    if contents.is_empty() {
        return Err(Refusal::invalid("contents is not specified"));
    }
    for content in contents {
        only(content, &["role", "parts"], "contents")?;
        if !matches!(content["role"].as_str(), Some("user" | "model")) {
            return Err(Refusal::invalid("Please use a valid role: user, model."));
        }
        parts(content)?;
    }
    if let Some(instruction) = body.get("systemInstruction") {
        only(instruction, &["role", "parts"], "systemInstruction")?;
        parts(instruction)?;
    }
    safety(&body)?;
    configuration(&body["generationConfig"])?;
    Ok(body)
}

fn parts(content: &Value) -> Result<(), Refusal> {
    let parts = list(content, "parts")?;
    if parts.is_empty() {
        return Err(Refusal::invalid("contents.parts must not be empty."));
    }
    let first_text = parts.iter().position(|part| part.get("text").is_some());
    for (at, part) in parts.iter().enumerate() {
        only(part, &["text", "inlineData"], "parts")?;
        match (part.get("text"), part.get("inlineData")) {
            (Some(Value::String(text)), None) if !text.is_empty() => {}
            (None, Some(picture)) => {
                // Google takes any order, but understands this one best.
                if first_text.is_some_and(|first| first < at) {
                    return Err(Refusal::invalid("Pictures come before the text."));
                }
                self::picture(picture)?;
            }
            _ => return Err(Refusal::invalid("A part must have exactly one initialized data field.")),
        }
    }
    Ok(())
}

fn picture(picture: &Value) -> Result<(), Refusal> {
    only(picture, &["mimeType", "data"], "inlineData")?;
    let data = picture["data"].as_str().unwrap_or_default();
    let bytes = BASE64.decode(data.as_bytes());
    let bytes = bytes.map_err(|_| Refusal::invalid("Invalid value at 'data': Base64 decoding failed"))?;
    let is_that = match picture["mimeType"].as_str().unwrap_or_default() {
        "image/jpeg" => bytes.starts_with(&[0xff, 0xd8, 0xff]),
        "image/png" => bytes.starts_with(b"\x89PNG\r\n\x1a\n"),
        "image/webp" => bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP"),
        "image/heic" | "image/heif" => bytes.get(4..8) == Some(b"ftyp"),
        other => return Err(Refusal::invalid(format!("Unsupported MIME type: {other}"))),
    };
    is_that.then_some(()).ok_or_else(Refusal::bad_image)
}

fn safety(body: &Value) -> Result<(), Refusal> {
    let Some(settings) = body.get("safetySettings") else {
        return Ok(());
    };
    for setting in settings.as_array().into_iter().flatten() {
        only(setting, &["category", "threshold"], "safetySettings")?;
        let is_known =
            |member: &str, words: &[&str]| setting[member].as_str().is_some_and(|word| words.contains(&word));
        if !is_known("category", &CATEGORIES) || !is_known("threshold", &THRESHOLDS) {
            return Err(Refusal::invalid("Invalid value at 'safety_settings'"));
        }
    }
    Ok(())
}

fn configuration(configuration: &Value) -> Result<(), Refusal> {
    only(configuration, &CONFIGURATION, "generationConfig")?;
    let Some(given) = configuration.get("responseSchema") else {
        return Ok(());
    };
    if configuration["responseMimeType"] != "application/json" {
        return Err(Refusal::invalid(
            "responseSchema needs responseMimeType application/json.",
        ));
    }
    schema(given, 0)
}

fn schema(given: &Value, depth: usize) -> Result<(), Refusal> {
    only(given, &KEYWORDS, "responseSchema")?;
    if depth > DEEPEST {
        return Err(Refusal::invalid("The specified schema is too complex."));
    }
    let kind = given["type"].as_str().unwrap_or_default();
    let is_right = match kind {
        "ARRAY" => given.get("items").is_some(),
        "OBJECT" => given["properties"]
            .as_object()
            .is_some_and(|properties| !properties.is_empty()),
        kind => TYPES.contains(&kind),
    };
    if !is_right || (given.get("enum").is_some() && kind != "STRING") {
        return Err(Refusal::invalid("The specified schema is not valid."));
    }
    let empty = serde_json::Map::new();
    let properties = given["properties"].as_object().unwrap_or(&empty);
    for member in ["required", "propertyOrdering"] {
        let names = given[member].as_array().into_iter().flatten();
        let mut names = names.map(|name| name.as_str().unwrap_or_default());
        if names.any(|name| !properties.contains_key(name)) {
            return Err(Refusal::invalid(format!(
                "{member} names a property that is not defined."
            )));
        }
    }
    let inner = properties.values().chain(given.get("items"));
    inner.into_iter().try_for_each(|inner| schema(inner, depth + 1))
}

/// Google refuses members it does not know.
fn only(object: &Value, members: &[&str], place: &str) -> Result<(), Refusal> {
    let Some(object) = object.as_object() else {
        return Err(Refusal::invalid(format!("Invalid value at '{place}'")));
    };
    match object.keys().find(|name| !members.contains(&name.as_str())) {
        Some(name) => Err(Refusal::invalid(format!(
            "Unknown name \"{name}\" at '{place}': Cannot find field."
        ))),
        None => Ok(()),
    }
}

fn list<'a>(object: &'a Value, member: &str) -> Result<&'a Vec<Value>, Refusal> {
    let found = object[member].as_array();
    found.ok_or_else(|| Refusal::invalid(format!("Invalid value at '{member}'")))
}
