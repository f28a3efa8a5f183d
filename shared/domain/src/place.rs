//! Places on the map: where somebody is, and the clinics around.
//!
//! A position is personal data. What leaves this request, to storage or to a provider of maps, is the cell that it lies
//! in, which is some two kilometres wide; it prints as nothing.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::refusal::{FieldError, Kind, Refusal};

const EARTH_RADIUS_METRES: f64 = 6_371_008.8;
/// Cells of a degree.
const CELLS: f64 = 50.0;
/// From the middle of a cell to its corner, at most, rounded up: half of 0.02 degrees, both ways.
const CELL_REACH_METRES: u32 = 1_600;
/// Radii that are asked for, so that few answers serve many people.
const STEPS_METRES: [u32; 5] = [2_000, 5_000, 10_000, 25_000, 50_000];
pub const LARGEST_RADIUS_METRES: u32 = 50_000;

/// Somewhere on earth.
#[derive(Clone, Copy, PartialEq)]
pub struct Position {
    latitude: f64,
    longitude: f64,
}

/// Never in a log.
impl fmt::Debug for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Position([redacted])")
    }
}

impl Position {
    pub fn new(latitude: f64, longitude: f64) -> Result<Self, MalformedPlace> {
        // What is not a number lies in no range.
        if !(-90.0..=90.0).contains(&latitude) {
            return Err(MalformedPlace::Latitude);
        }
        if !(-180.0..=180.0).contains(&longitude) {
            return Err(MalformedPlace::Longitude);
        }
        Ok(Self { latitude, longitude })
    }

    pub fn latitude(self) -> f64 {
        self.latitude
    }

    pub fn longitude(self) -> f64 {
        self.longitude
    }

    /// Along the surface, by the haversine formula: right within half a percent.
    pub fn metres_to(self, other: Position) -> f64 {
        let (from, to) = (self.latitude.to_radians(), other.latitude.to_radians());
        let (north, east) = (to - from, (other.longitude - self.longitude).to_radians());
        let half = (north / 2.0).sin().powi(2) + from.cos() * to.cos() * (east / 2.0).sin().powi(2);
        2.0 * EARTH_RADIUS_METRES * half.sqrt().min(1.0).asin()
    }

    pub fn cell(self) -> Cell {
        let number = |degrees: f64| (degrees * CELLS).floor() as i32;
        Cell {
            north: number(self.latitude),
            east: number(self.longitude),
        }
    }
}

/// A part of the map that many people are in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cell {
    north: i32,
    east: i32,
}

impl Cell {
    pub fn middle(self) -> Position {
        let degrees = |number: i32, most: f64| ((f64::from(number) + 0.5) / CELLS).clamp(-most, most);
        Position {
            latitude: degrees(self.north, 90.0),
            longitude: degrees(self.east, 180.0),
        }
    }
}

impl fmt::Display for Cell {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.north, self.east)
    }
}

/// How far somebody would go, in metres.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Radius(u32);

impl Radius {
    pub fn new(metres: u32) -> Result<Self, MalformedPlace> {
        if (1..=LARGEST_RADIUS_METRES).contains(&metres) {
            Ok(Self(metres))
        } else {
            Err(MalformedPlace::Radius)
        }
    }

    pub fn metres(self) -> u32 {
        self.0
    }

    /// The step that holds it.
    pub fn step(self) -> u32 {
        let step = STEPS_METRES.into_iter().find(|step| *step >= self.0);
        step.unwrap_or(LARGEST_RADIUS_METRES)
    }

    /// From the middle of a cell, so that nothing is missed from anywhere in it.
    pub fn widened(self) -> Self {
        Self(self.step() + CELL_REACH_METRES)
    }
}

/// A clinic as the map shows it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Clinic {
    pub name: String,
    pub lat: f64,
    pub lng: f64,
    /// Empty where the map knows none.
    pub address: String,
    /// The map has none.
    pub rating: Option<f64>,
}

impl Clinic {
    fn metres_from(&self, position: Position) -> f64 {
        let place = Position {
            latitude: self.lat,
            longitude: self.lng,
        };
        position.metres_to(place)
    }
}

/// Those within reach, nearest first, at most so many.
pub fn nearest(clinics: Vec<Clinic>, from: Position, radius: Radius, most: usize) -> Vec<Clinic> {
    let with_distance = clinics.into_iter().map(|clinic| (clinic.metres_from(from), clinic));
    let mut near: Vec<(f64, Clinic)> = with_distance
        .filter(|(metres, _)| *metres <= f64::from(radius.0))
        .collect();
    near.sort_by(|(one, _), (other, _)| one.total_cmp(other));
    near.into_iter().take(most).map(|(_, clinic)| clinic).collect()
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum MalformedPlace {
    #[error("must be a number of degrees from -90 to 90")]
    Latitude,
    #[error("must be a number of degrees from -180 to 180")]
    Longitude,
    #[error("must be a number of metres from 1 to 50000")]
    Radius,
}

impl Refusal for MalformedPlace {
    fn kind(&self) -> Kind {
        Kind::Invalid
    }

    fn code(&self) -> &'static str {
        "validation_error"
    }

    fn fields(&self) -> Vec<FieldError> {
        let field = match self {
            MalformedPlace::Latitude => "lat",
            MalformedPlace::Longitude => "lng",
            MalformedPlace::Radius => "radius",
        };
        vec![FieldError::new("query", field, "invalid", self)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn position(latitude: f64, longitude: f64) -> Position {
        Position::new(latitude, longitude).unwrap()
    }

    #[test]
    fn distances_are_those_of_the_map() {
        let (berlin, paris) = (position(52.520_008, 13.404_954), position(48.856_613, 2.352_222));
        assert!((berlin.metres_to(paris) - 877_460.0).abs() < 2_000.0);
        assert_eq!(berlin.metres_to(berlin), 0.0);
        // Over the line where days change.
        let metres = position(0.0, 179.999).metres_to(position(0.0, -179.999));
        assert!((metres - 222.4).abs() < 1.0, "{metres}");
    }

    #[test]
    fn nowhere_is_refused() {
        assert_eq!(Position::new(90.1, 0.0), Err(MalformedPlace::Latitude));
        assert_eq!(Position::new(f64::NAN, 0.0), Err(MalformedPlace::Latitude));
        assert_eq!(Position::new(0.0, f64::INFINITY), Err(MalformedPlace::Longitude));
        assert_eq!(Radius::new(0), Err(MalformedPlace::Radius));
        assert_eq!(Radius::new(50_001), Err(MalformedPlace::Radius));
        assert_eq!(Radius::new(5_001).map(Radius::step), Ok(10_000));
        assert!(!format!("{:?}", position(1.25, 2.5)).contains('1'));
    }

    proptest! {
        #[test]
        fn nobody_is_further_from_the_middle_of_their_cell_than_its_reach(
            latitude in -90.0..90.0_f64,
            longitude in -180.0..180.0_f64,
        ) {
            let here = position(latitude, longitude);
            prop_assert!(here.metres_to(here.cell().middle()) <= f64::from(CELL_REACH_METRES));
        }
    }
}
