//! A small Overpass with a map of its own: it takes the one question that is asked here, in the language of the real
//! one, and refuses what that would refuse. What lies within the radius is in the answer; numbers decide, not order.

use std::io;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use http::{Method, Request, StatusCode, header};
use serde_json::{Value, json as value};
use tokio::net::TcpListener;

use crate::stand_in::{Faults, Reply, fields, html, json, serve, under};

const EARTH_RADIUS_METRES: f64 = 6_371_008.8;

/// Something on the stand-in's map.
#[derive(Debug, Clone)]
pub struct MapEntry {
    pub latitude: f64,
    pub longitude: f64,
    /// A building has a `center` in place of a position.
    pub is_building: bool,
    pub tags: Vec<(&'static str, String)>,
}

impl MapEntry {
    /// A practice that says what it is.
    pub fn dermatologist(name: &str, latitude: f64, longitude: f64) -> Self {
        Self {
            latitude,
            longitude,
            is_building: false,
            tags: vec![
                ("amenity", "doctors".to_owned()),
                ("healthcare:speciality", "dermatology".to_owned()),
                ("name", name.to_owned()),
                ("addr:street", "Lake Road".to_owned()),
                ("addr:housenumber", "5".to_owned()),
                ("addr:postcode", "10115".to_owned()),
                ("addr:city", "Berlin".to_owned()),
            ],
        }
    }

    fn tag(&self, name: &str) -> &str {
        let tag = self.tags.iter().find(|(each, _)| *each == name);
        tag.map_or("", |(_, value)| value)
    }

    /// What the question asks for.
    fn is_for_skin(&self) -> bool {
        let name = self.tag("name").to_lowercase();
        let is_practice = matches!(self.tag("amenity"), "clinic" | "doctors");
        self.tag("healthcare:speciality").contains("dermatology")
            || is_practice && (name.contains("dermat") || name.contains("skin"))
    }

    fn element(&self, id: usize) -> Value {
        let tags: serde_json::Map<String, Value> = self
            .tags
            .iter()
            .map(|(name, text)| ((*name).to_owned(), text.clone().into()))
            .collect();
        let (lat, lon) = (self.latitude, self.longitude);
        if self.is_building {
            return value!({ "type": "way", "id": id, "center": { "lat": lat, "lon": lon }, "nodes": [], "tags": tags });
        }
        value!({ "type": "node", "id": id, "lat": lat, "lon": lon, "tags": tags })
    }
}

/// Cheap to clone; all clones are the same service.
#[derive(Clone)]
pub struct StandIn(Arc<Service>);

struct Service {
    faults: Faults,
    map: Mutex<Vec<MapEntry>>,
    /// Answered in place of what is asked, and after how many seconds to come back.
    trouble: Mutex<Option<(u16, Option<u32>)>>,
    /// As if it had run out of time after the answer began.
    is_cut_off: Mutex<bool>,
    questions: Mutex<Vec<String>>,
    asked: AtomicUsize,
}

/// A few practices in the middle of Berlin, so that a developer sees some.
impl Default for StandIn {
    fn default() -> Self {
        let map = vec![
            MapEntry::dermatologist("Skin Practice at the Lake", 52.5200, 13.4050),
            MapEntry {
                is_building: true,
                ..MapEntry::dermatologist("Dermatology Centre North", 52.5400, 13.4050)
            },
            MapEntry::dermatologist("Dr. Example, Dermatologist", 52.5300, 13.4050),
        ];
        Self(Arc::new(Service {
            faults: Faults::default(),
            map: Mutex::new(map),
            trouble: Mutex::default(),
            is_cut_off: Mutex::default(),
            questions: Mutex::default(),
            asked: AtomicUsize::default(),
        }))
    }
}

impl StandIn {
    pub fn faults(&self) -> &Faults {
        &self.0.faults
    }

    /// In place of all that was on its map.
    pub fn show(&self, entries: Vec<MapEntry>) {
        *self.0.map.lock().unwrap_or_else(PoisonError::into_inner) = entries;
    }

    /// Every question is answered with this status, such as 429 or 504, until there is none.
    pub fn trouble(&self, trouble: Option<(u16, Option<u32>)>) {
        *self.0.trouble.lock().unwrap_or_else(PoisonError::into_inner) = trouble;
    }

    /// Every answer ends in the middle, with a remark that says so.
    pub fn cut_off(&self, is_cut_off: bool) {
        *self.0.is_cut_off.lock().unwrap_or_else(PoisonError::into_inner) = is_cut_off;
    }

    /// How often it was asked, whatever it answered.
    pub fn asked(&self) -> usize {
        self.0.asked.load(Ordering::SeqCst)
    }

    /// All that it was asked.
    pub fn questions(&self) -> Vec<String> {
        self.0.questions.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Serves until the future is dropped.
    pub async fn serve(self, listener: TcpListener) -> io::Result<()> {
        serve(listener, move |request| {
            self.0.asked.fetch_add(1, Ordering::SeqCst);
            under(self.faults(), || self.answer(request))
        })
        .await
    }

    fn answer(&self, request: &Request<Bytes>) -> Reply {
        if request.method() != Method::POST || request.uri().path() != "/api/interpreter" {
            return html(StatusCode::NOT_FOUND);
        }
        // Nameless programs are turned away.
        if !request.headers().contains_key(header::USER_AGENT) {
            return html(StatusCode::FORBIDDEN);
        }
        let trouble = *self.0.trouble.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((status, wait)) = trouble {
            return troubled(status, wait);
        }
        let fields = fields(request).unwrap_or_default();
        let data = fields.iter().find(|(name, _)| name == "data");
        let Some((_, data)) = data else {
            return html(StatusCode::BAD_REQUEST);
        };
        self.0
            .questions
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(data.clone());
        match Around::parse(data) {
            Some(around) => self.found(&around),
            None => html(StatusCode::BAD_REQUEST),
        }
    }

    fn found(&self, around: &Around) -> Reply {
        let map = self.0.map.lock().unwrap_or_else(PoisonError::into_inner);
        let found = map
            .iter()
            .enumerate()
            .filter(|(_, entry)| entry.is_for_skin() && around.holds(entry));
        let mut elements: Vec<Value> = found.map(|(place, entry)| entry.element(place + 1)).collect();
        let mut body = value!({
            "version": 0.6,
            "generator": "Overpass API 0.7.62.5",
            "osm3s": {
                "timestamp_osm_base": "2026-11-25T10:00:00Z",
                "copyright": "The data included in this document is from www.openstreetmap.org. \
                              The data is made available under ODbL.",
            },
        });
        if *self.0.is_cut_off.lock().unwrap_or_else(PoisonError::into_inner) {
            elements.truncate(1);
            body["remark"] = "runtime error: Query timed out in \"query\" at line 1 after 8 seconds.".into();
        }
        body["elements"] = elements.into();
        json(StatusCode::OK, &body)
    }
}

fn troubled(status: u16, wait: Option<u32>) -> Reply {
    let mut reply = html(StatusCode::from_u16(status).unwrap_or(StatusCode::GATEWAY_TIMEOUT));
    if let Some(seconds) = wait {
        reply.headers_mut().insert(header::RETRY_AFTER, seconds.into());
    }
    reply
}

/// A circle, as every part of the question names it.
#[derive(PartialEq)]
struct Around {
    metres: f64,
    latitude: f64,
    longitude: f64,
}

impl Around {
    /// None where the real one would find a fault in the question, or where it is not the one that is asked here.
    fn parse(question: &str) -> Option<Self> {
        let (settings, rest) = question.split_once(';')?;
        let seconds = settings.strip_prefix("[out:json][timeout:")?.strip_suffix(']')?;
        seconds.parse::<u32>().ok().filter(|seconds| *seconds > 0)?;
        let (union, out) = rest.strip_prefix('(')?.split_once(");out center ")?;
        out.strip_suffix(';')?.parse::<u32>().ok()?;
        let mut circles = Vec::new();
        for statement in union.split_terminator(';') {
            let (filter, circle) = statement.strip_suffix(')')?.rsplit_once("(around:")?;
            let is_filter = filter.starts_with("nwr[") && filter.ends_with(']');
            circles.push(Self::circle(circle).filter(|_| is_filter)?);
        }
        let all_one = circles.windows(2).all(|pair| pair[0] == pair[1]);
        circles.pop().filter(|_| all_one)
    }

    fn circle(text: &str) -> Option<Self> {
        let numbers: Vec<f64> = text.split(',').map(|part| part.parse().ok()).collect::<Option<_>>()?;
        let [metres, latitude, longitude] = numbers[..] else {
            return None;
        };
        let is_somewhere = (-90.0..=90.0).contains(&latitude) && (-180.0..=180.0).contains(&longitude);
        (is_somewhere && metres > 0.0).then_some(Self {
            metres,
            latitude,
            longitude,
        })
    }

    fn holds(&self, entry: &MapEntry) -> bool {
        let (from, to) = (self.latitude.to_radians(), entry.latitude.to_radians());
        let east = (entry.longitude - self.longitude).to_radians();
        let half = ((to - from) / 2.0).sin().powi(2) + from.cos() * to.cos() * (east / 2.0).sin().powi(2);
        2.0 * EARTH_RADIUS_METRES * half.sqrt().min(1.0).asin() <= self.metres
    }
}
