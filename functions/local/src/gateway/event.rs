//! The payload of version 2.0 that API Gateway hands to a function.

use std::collections::BTreeMap;
use std::net::IpAddr;

use axum::body::Bytes;
use axum::http::header::{CONTENT_TYPE, COOKIE, HOST, USER_AGENT};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName};
use data_encoding::{BASE64, HEXLOWER};
use jiff::Timestamp;
use serde::Serialize;

use super::routes::Matched;
use crate::cloud::ACCOUNT;

/// Who is at the other end.
pub struct Peer {
    pub address: String,
    pub request_id: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Event<'a> {
    version: &'static str,
    route_key: &'a str,
    raw_path: &'a str,
    raw_query_string: &'a str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    cookies: Vec<&'a str>,
    headers: BTreeMap<&'a str, String>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    query_string_parameters: BTreeMap<String, String>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    path_parameters: BTreeMap<&'a str, &'a str>,
    request_context: RequestContext<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    body: Option<String>,
    is_base64_encoded: bool,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct RequestContext<'a> {
    account_id: &'static str,
    api_id: &'static str,
    domain_name: &'a str,
    domain_prefix: &'a str,
    http: Http<'a>,
    request_id: &'a str,
    route_key: &'a str,
    stage: &'static str,
    time: String,
    time_epoch: i64,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Http<'a> {
    method: &'a str,
    path: &'a str,
    protocol: &'static str,
    source_ip: &'a str,
    user_agent: &'a str,
}

pub fn build(parts: &Parts, body: &Bytes, matched: &Matched, peer: &Peer) -> String {
    let (body, is_base64_encoded) = encode(body, &parts.headers);
    let host = text(&parts.headers, &HOST);
    let now = Timestamp::now();
    let event = Event {
        version: "2.0",
        route_key: &matched.key,
        raw_path: parts.uri.path(),
        raw_query_string: parts.uri.query().unwrap_or_default(),
        cookies: parts
            .headers
            .get_all(COOKIE)
            .iter()
            .filter_map(|value| value.to_str().ok())
            .collect(),
        headers: headers(&parts.headers, peer),
        query_string_parameters: query(parts.uri.query().unwrap_or_default()),
        path_parameters: matched
            .parameters
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect(),
        request_context: RequestContext {
            account_id: ACCOUNT,
            api_id: "local",
            domain_name: host,
            domain_prefix: host.split('.').next().unwrap_or_default(),
            http: Http {
                method: parts.method.as_str(),
                path: parts.uri.path(),
                protocol: "HTTP/1.1",
                source_ip: &peer.address,
                user_agent: text(&parts.headers, &USER_AGENT),
            },
            request_id: &peer.request_id,
            route_key: &matched.key,
            stage: "$default",
            time: now.strftime("%d/%b/%Y:%H:%M:%S +0000").to_string(),
            time_epoch: now.as_millisecond(),
        },
        body,
        is_base64_encoded,
    };
    // Strings and numbers only: it cannot fail, and an empty event is refused by whoever reads it.
    serde_json::to_string(&event).unwrap_or_default()
}

/// Whoever calls from this machine may say where they are: the first entry of `X-Forwarded-For`, so that one test can
/// play several networks. API Gateway takes the peer's address and nothing else.
pub fn client_address(headers: &HeaderMap, peer: IpAddr) -> String {
    let named = text(headers, &HeaderName::from_static("x-forwarded-for"));
    let named: Option<IpAddr> = named.split(',').next().and_then(|first| first.trim().parse().ok());
    named.filter(|_| peer.is_loopback()).unwrap_or(peer).to_string()
}

/// API Gateway's ids look like `JKJaXmPLvHcESHA=`.
pub fn request_id() -> String {
    let mut bytes = [0; 8];
    // Only a name in a log: should the generator fail, zeros do.
    let _ = getrandom::fill(&mut bytes);
    HEXLOWER.encode(&bytes)
}

/// Lower-case names, repeated ones joined by a comma, cookies apart. Forwarding headers come from the gateway alone.
fn headers<'a>(headers: &'a HeaderMap, peer: &Peer) -> BTreeMap<&'a str, String> {
    let mut joined = BTreeMap::new();
    for name in headers.keys().filter(|name| **name != COOKIE) {
        let values: Vec<&str> = headers
            .get_all(name)
            .iter()
            .filter_map(|value| value.to_str().ok())
            .collect();
        joined.insert(name.as_str(), values.join(","));
    }
    joined.insert("x-forwarded-proto", "http".to_owned());
    joined.insert("x-forwarded-for", peer.address.clone());
    joined
}

fn query(query: &str) -> BTreeMap<String, String> {
    let pairs: Vec<(String, String)> = serde_html_form::from_str(query).unwrap_or_default();
    let mut joined: BTreeMap<String, String> = BTreeMap::new();
    for (name, value) in pairs {
        joined
            .entry(name)
            .and_modify(|values| *values = format!("{values},{value}"))
            .or_insert(value);
    }
    joined
}

/// Text goes as it is, all else in base64.
fn encode(body: &Bytes, headers: &HeaderMap) -> (Option<String>, bool) {
    if body.is_empty() {
        return (None, false);
    }
    let content_type = text(headers, &CONTENT_TYPE).to_ascii_lowercase();
    let content_type = content_type.split(';').next().unwrap_or_default();
    let is_text = content_type.starts_with("text/")
        || content_type.ends_with("json")
        || content_type.ends_with("xml")
        || content_type == "application/javascript";
    match std::str::from_utf8(body) {
        Ok(text) if is_text => (Some(text.to_owned()), false),
        _ => (Some(BASE64.encode(body)), true),
    }
}

fn text<'a>(headers: &'a HeaderMap, name: &HeaderName) -> &'a str {
    headers
        .get(name)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default()
}
