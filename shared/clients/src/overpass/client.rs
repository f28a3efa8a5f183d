//! Asks the map.

use std::time::Duration;

use http::{HeaderValue, Uri, header};

use super::{OverpassError, OverpassSettings, answer};
use crate::https::{self, Connections, HttpsClient};

const TIMEOUT: Duration = Duration::from_secs(10);
/// What Overpass itself takes at most, so that it gives up before we do.
const WORKS_FOR_SECONDS: u32 = 8;
/// Far above what a city has.
const MOST_PLACES: u32 = 2_000;
const MOST_BYTES: usize = 4 * 1024 * 1024;
/// Who we are, as its rules ask.
const USER_AGENT: &str = "Polyclinic/1.0 (nearest skin clinics)";

/// Something on the map.
#[derive(Debug, Clone, PartialEq)]
pub struct Place {
    pub name: String,
    pub latitude: f64,
    pub longitude: f64,
    /// Empty where the map knows none.
    pub address: String,
}

/// Cheap to clone.
#[derive(Clone)]
pub struct OverpassClient {
    https: HttpsClient,
    interpreter: Uri,
}

impl OverpassClient {
    pub fn new(settings: &OverpassSettings) -> Result<Self, OverpassError> {
        Ok(Self {
            https: HttpsClient::new(Connections::OnePerRequest).map_err(|_| OverpassError::Settings("TLS"))?,
            interpreter: https::url(&settings.base_url, "/api/interpreter")
                .ok_or(OverpassError::Settings("the base URL is no URL"))?,
        })
    }

    /// Doctors and clinics for skin around a point, in no order.
    pub async fn skin_clinics(
        &self,
        latitude: f64,
        longitude: f64,
        radius_metres: u32,
    ) -> Result<Vec<Place>, OverpassError> {
        let query = question(latitude, longitude, radius_metres);
        let mut request = https::form(&self.interpreter, &[("data", &query)]);
        request
            .headers_mut()
            .insert(header::USER_AGENT, HeaderValue::from_static(USER_AGENT));
        answer::places(self.https.send_for(request, TIMEOUT, MOST_BYTES).await)
    }
}

/// By what they say they are, or by the name of a clinic or practice.
fn question(latitude: f64, longitude: f64, radius_metres: u32) -> String {
    let around = format!("(around:{radius_metres},{latitude:.4},{longitude:.4})");
    format!(
        "[out:json][timeout:{WORKS_FOR_SECONDS}];\
         (nwr[\"healthcare:speciality\"~\"dermatology\"]{around};\
         nwr[\"amenity\"~\"^(clinic|doctors)$\"][\"name\"~\"dermat|skin\",i]{around};);\
         out center {MOST_PLACES};"
    )
}
