//! Reads Overpass's answers.

use std::collections::HashMap;

use http::{StatusCode, header};
use serde::Deserialize;

use super::{OverpassError, Place};
use crate::https::{Answer, HttpsError};

/// Longer waits are no use to a person.
const LONGEST_WAIT_SECONDS: u64 = 3_600;
const LONGEST_TEXT: usize = 200;

#[derive(Deserialize)]
struct Found {
    elements: Vec<Element>,
    /// What went wrong after the answer had begun.
    #[serde(default)]
    remark: Option<String>,
}

/// A node has its place itself, a way or relation its `center`.
#[derive(Deserialize)]
struct Element {
    lat: Option<f64>,
    lon: Option<f64>,
    center: Option<Center>,
    #[serde(default)]
    tags: HashMap<String, String>,
}

#[derive(Deserialize)]
struct Center {
    lat: f64,
    lon: f64,
}

pub(super) fn places(answer: Result<Answer, HttpsError>) -> Result<Vec<Place>, OverpassError> {
    let answer = answer.map_err(|error| match error {
        HttpsError::Settings => OverpassError::Settings("TLS"),
        HttpsError::TooLarge => OverpassError::Unexpected,
        _ => OverpassError::Unavailable,
    })?;
    if !answer.status.is_success() {
        return Err(refused(&answer));
    }
    let found: Found = answer.json().ok_or(OverpassError::Unexpected)?;
    // Out of time or memory: what came is a part at best.
    if found.remark.is_some_and(|remark| remark.contains("error")) {
        return Err(OverpassError::Unavailable);
    }
    Ok(found.elements.into_iter().filter_map(place).collect())
}

fn refused(answer: &Answer) -> OverpassError {
    match answer.status {
        StatusCode::TOO_MANY_REQUESTS => {
            let seconds = answer.header(header::RETRY_AFTER).and_then(|text| text.parse().ok());
            OverpassError::Busy {
                retry_after_seconds: seconds.map(|seconds: u64| seconds.clamp(1, LONGEST_WAIT_SECONDS)),
            }
        }
        status if status.is_server_error() => OverpassError::Unavailable,
        status => OverpassError::Refused(status.as_u16()),
    }
}

/// Anybody can write anything into the map: texts are bounded and of one line.
fn place(element: Element) -> Option<Place> {
    let center = element.center.map(|center| (center.lat, center.lon));
    let (latitude, longitude) = center.or(element.lat.zip(element.lon))?;
    let is_somewhere = (-90.0..=90.0).contains(&latitude) && (-180.0..=180.0).contains(&longitude);
    let tag = |name: &str| {
        let text = element.tags.get(name)?;
        let text: String = text.chars().filter(|c| !c.is_control()).take(LONGEST_TEXT).collect();
        Some(text.trim().to_owned()).filter(|text| !text.is_empty())
    };
    let name = tag("name").or_else(|| tag("operator"));
    is_somewhere.then(|| Place {
        name: name.unwrap_or_else(|| "Dermatology practice".to_owned()),
        latitude,
        longitude,
        address: tag("addr:full").unwrap_or_else(|| address(tag)),
    })
}

/// `Main Street 5, 10115 Berlin`, of what there is.
fn address(tag: impl Fn(&str) -> Option<String>) -> String {
    let pair = |one: &str, other: &str| {
        let parts: Vec<String> = [tag(one), tag(other)].into_iter().flatten().collect();
        Some(parts.join(" ")).filter(|text| !text.is_empty())
    };
    let lines = [
        pair("addr:street", "addr:housenumber"),
        pair("addr:postcode", "addr:city"),
    ];
    lines.into_iter().flatten().collect::<Vec<_>>().join(", ")
}
