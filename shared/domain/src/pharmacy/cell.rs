//! Cells of the earth: a geohash, two of its bits to a digit, so that each cell has four of the next level in it.
//!
//! Whoever is in a cell has its digits at the beginning of theirs, so the places of a cell are one range of keys.

use std::f64::consts::TAU;

use crate::place::Position;

/// Digits of the finest cell, which is some two metres wide.
pub const FINEST: u8 = 24;

/// Rounding never makes a cell further away than it is.
const SLACK_METRES: f64 = 0.01;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Cell {
    level: u8,
    /// How many cells of its level lie west, and south, of it.
    east: u32,
    north: u32,
}

impl Cell {
    /// All of the earth.
    pub fn root() -> Self {
        Self {
            level: 0,
            east: 0,
            north: 0,
        }
    }

    /// The finest that a position is in.
    pub fn of(position: Position) -> Self {
        let count = f64::from(1_u32 << FINEST);
        let number = |share: f64| (share * count).floor().clamp(0.0, count - 1.0) as u32;
        Self {
            level: FINEST,
            east: number((position.longitude() + 180.0) / 360.0),
            north: number((position.latitude() + 90.0) / 180.0),
        }
    }

    pub fn level(self) -> u8 {
        self.level
    }

    /// None of the finest.
    pub fn children(self) -> Vec<Self> {
        if self.level >= FINEST {
            return Vec::new();
        }
        // In the order of their digits.
        let child = |(east, north)| Self {
            level: self.level + 1,
            east: self.east * 2 + east,
            north: self.north * 2 + north,
        };
        [(0, 0), (0, 1), (1, 0), (1, 1)].map(child).to_vec()
    }

    /// What the keys of all places in it begin with.
    pub fn digits(self) -> String {
        let digit = |level: u8| {
            let shift = u32::from(self.level - level);
            let (east, north) = (self.east >> shift & 1, self.north >> shift & 1);
            char::from_digit(east * 2 + north, 4).unwrap_or('0')
        };
        (1..=self.level).map(digit).collect()
    }

    /// No place in it is nearer than this.
    pub fn metres_from(self, from: Position) -> f64 {
        let (west, east) = (self.longitude(self.east), self.longitude(self.east + 1));
        let (south, north) = (self.latitude(self.north), self.latitude(self.north + 1));
        let metres = |latitude: f64, longitude: f64| {
            let place = Position::new(latitude, longitude.clamp(-180.0, 180.0));
            place.map_or(0.0, |place| from.metres_to(place))
        };
        let nearest = if (west..=east).contains(&from.longitude()) {
            metres(from.latitude().clamp(south, north), from.longitude())
        } else {
            // On the nearer of its two meridians, which may run on the other side of the date line.
            let along = |longitude: f64| {
                let crossing = nearest_latitude(from, longitude).clamp(south, north);
                let candidates = [south, crossing, north].into_iter();
                candidates
                    .map(|latitude| metres(latitude, longitude))
                    .fold(f64::INFINITY, f64::min)
            };
            along(west).min(along(east))
        };
        (nearest - SLACK_METRES).max(0.0)
    }

    fn longitude(self, number: u32) -> f64 {
        f64::from(number) * 360.0 / f64::from(1_u32 << self.level) - 180.0
    }

    fn latitude(self, number: u32) -> f64 {
        f64::from(number) * 180.0 / f64::from(1_u32 << self.level) - 90.0
    }
}

/// Where the great circle of a meridian comes nearest: it need not be on the half that the meridian is.
fn nearest_latitude(from: Position, longitude: f64) -> f64 {
    let apart = (longitude - from.longitude()).to_radians().rem_euclid(TAU);
    let latitude = from.latitude().to_radians();
    latitude.sin().atan2(latitude.cos() * apart.cos()).to_degrees()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn position(latitude: f64, longitude: f64) -> Position {
        Position::new(latitude, longitude).unwrap()
    }

    fn ancestor(cell: Cell, level: u8) -> Cell {
        Cell {
            level,
            east: cell.east >> (cell.level - level),
            north: cell.north >> (cell.level - level),
        }
    }

    /// Edges, corners, poles and the date line as often as anything else.
    fn somewhere() -> impl Strategy<Value = Position> {
        let latitude = prop_oneof![
            -90.0..=90.0,
            Just(90.0),
            Just(-90.0),
            Just(0.0),
            89.9..=90.0,
            -90.0..=-89.9
        ];
        let longitude = prop_oneof![
            -180.0..=180.0,
            Just(180.0),
            Just(-180.0),
            Just(0.0),
            179.9..=180.0,
            -180.0..=-179.9
        ];
        (latitude, longitude).prop_map(|(latitude, longitude)| position(latitude, longitude))
    }

    #[test]
    fn digits_are_those_of_a_geohash() {
        // A known one: u4pruydqqvj is in Jutland, and its first five digits are 11010 00100 10101 10111 11010.
        let bits = "1101000100101011011111010";
        let digits = Cell::of(position(57.649_11, 10.407_44)).digits();
        let pairs: Vec<char> = bits.chars().collect();
        for (place, digit) in digits.chars().take(12).enumerate() {
            let pair: String = pairs[place * 2..place * 2 + 2].iter().collect();
            assert_eq!(digit.to_digit(4), u32::from_str_radix(&pair, 2).ok());
        }
        assert_eq!((digits.len(), Cell::root().digits().as_str()), (24, ""));
    }

    #[test]
    fn the_ends_of_the_earth_are_in_cells() {
        for place in [position(90.0, 180.0), position(-90.0, -180.0), position(90.0, -180.0)] {
            assert!(Cell::of(place).metres_from(place) <= 3.0);
        }
        assert!(Cell::of(position(0.0, -180.0)).metres_from(position(0.0, 180.0)) < 0.1);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2_000))]

        #[test]
        fn no_place_in_a_cell_is_nearer_than_the_cell(from in somewhere(), place in somewhere(), level in 0..=FINEST) {
            let cell = ancestor(Cell::of(place), level);
            prop_assert!(cell.metres_from(from) <= from.metres_to(place), "{} {}", cell.metres_from(from), from.metres_to(place));
        }

        #[test]
        fn a_cell_begins_with_the_digits_of_those_that_hold_it(place in somewhere(), level in 0..FINEST) {
            let (cell, outer) = (Cell::of(place), ancestor(Cell::of(place), level));
            prop_assert!(cell.digits().starts_with(&outer.digits()));
            let child = ancestor(cell, level + 1);
            prop_assert!(outer.children().contains(&child));
            prop_assert!(outer.metres_from(place) <= 0.0 + f64::EPSILON);
        }

        #[test]
        fn a_cell_is_no_nearer_than_the_one_that_holds_it(from in somewhere(), place in somewhere(), level in 0..FINEST) {
            let outer = ancestor(Cell::of(place), level);
            for child in outer.children() {
                prop_assert!(outer.metres_from(from) <= child.metres_from(from) + 2.0 * SLACK_METRES);
            }
        }
    }
}
