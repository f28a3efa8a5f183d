//! `GET /api/map/nearest-dermatology`: skin clinics near a point, nearest first (contract #102).
//!
//! From OpenStreetMap. The provider is asked about the cell that the point lies in, never about the point.

use clients::overpass::{OverpassClient, OverpassError, OverpassSettings, Place};
use domain::place::{Clinic, MalformedPlace, Position, Radius, nearest};
use domain::session::Product;
use runtime::answer::Json;
use runtime::callers::Anyone;
use runtime::input::Query;
use runtime::need::Need;
use runtime::{Context, Endpoint, Function, Problem, Route, lenient};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use store::table::{ItemAction, Table};
use store::{Error, clinics};

pub static FUNCTION: Function = Function::endpoint::<FindSkinClinics>();

pub struct FindSkinClinics;

/// Clinics that an answer has, at most.
const MOST: usize = 50;
/// Clinics that are remembered of a cell, at most.
const MOST_REMEMBERED: usize = 500;

#[derive(Deserialize, JsonSchema)]
pub struct Parameters {
    /// Degrees from -90 to 90.
    lat: f64,
    /// Degrees from -180 to 180.
    lng: f64,
    /// Metres from 1 to 50,000; 10,000 without it.
    #[serde(default, deserialize_with = "lenient::number")]
    radius: Option<f64>,
}

const USUAL_RADIUS_METRES: f64 = 10_000.0;

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "SkinClinics")]
pub struct Answer {
    results: Vec<Clinic>,
    /// Where they come from, to be shown beside them.
    attribution: &'static str,
}

impl Endpoint for FindSkinClinics {
    const NAME: &'static str = "find-skin-clinics";
    const SUMMARY: &'static str = "Skin clinics near a point";
    const ROUTES: &'static [Route] = &[Route::get("/api/map/nearest-dermatology").of(Product::FacialDerma)];
    const NEEDS: &'static [Need] = &[Need::Items(Table::Platform, &[ItemAction::Get, ItemAction::Put])];
    /// The provider has ten seconds.
    const TIMEOUT_SECONDS: u16 = 20;

    type Caller = Anyone;
    type Input = Query<Parameters>;
    type Output = Json<Answer>;

    async fn handle(context: &Context, _: Anyone, Query(query): Query<Parameters>) -> Result<Self::Output, Problem> {
        let from = Position::new(query.lat, query.lng)?;
        let radius = radius(query.radius.unwrap_or(USUAL_RADIUS_METRES))?;
        let around = around(context, from, radius).await;
        Ok(Json(Answer {
            results: nearest(around, from, radius, MOST),
            attribution: "© OpenStreetMap contributors",
        }))
    }
}

/// Clients compute it, so it may have a fraction.
fn radius(metres: f64) -> Result<Radius, MalformedPlace> {
    if (1.0..=50_000.0).contains(&metres) {
        Radius::new(metres.round() as u32)
    } else {
        Err(MalformedPlace::Radius)
    }
}

/// From memory while it is fresh, else from the map; from memory again where the map is away, and nothing where there is
/// none: clients know no failure here.
async fn around(context: &Context, from: Position, radius: Radius) -> Vec<Clinic> {
    let (cell, now) = (from.cell(), context.now);
    let remembered = clinics::recall(&context.store, cell, radius, now).await;
    let remembered = or_noted(context, remembered).flatten();
    if let Some(remembered) = remembered.as_ref().filter(|remembered| remembered.is_fresh(now)) {
        return remembered.clinics.clone();
    }
    let middle = cell.middle();
    match ask(context, middle, radius).await {
        Ok(places) => {
            let found = places.into_iter().map(clinic).collect();
            // Whoever is near the middle is near to everybody in the cell.
            let found = nearest(found, middle, radius.widened(), MOST_REMEMBERED);
            or_noted(
                context,
                clinics::remember(&context.store, cell, radius, &found, now).await,
            );
            found
        }
        Err(error) => {
            context.note_outer_fault(error.to_string());
            remembered.map(|remembered| remembered.clinics).unwrap_or_default()
        }
    }
}

/// A memory that fails costs a question to the map, not the answer.
fn or_noted<T>(context: &Context, outcome: Result<T, Error>) -> Option<T> {
    outcome
        .map_err(|error| context.note_outer_fault(format!("the clinics' memory: {error}")))
        .ok()
}

async fn ask(context: &Context, middle: Position, radius: Radius) -> Result<Vec<Place>, OverpassError> {
    let settings = OverpassSettings {
        base_url: context.platform.settings.map.overpass_base_url.clone(),
    };
    let client = context.platform.shared(|| OverpassClient::new(&settings))?;
    client
        .skin_clinics(middle.latitude(), middle.longitude(), radius.widened().metres())
        .await
}

fn clinic(place: Place) -> Clinic {
    Clinic {
        name: place.name,
        lat: place.latitude,
        lng: place.longitude,
        address: place.address,
        rating: None,
    }
}
