//! The nearest first, out of any number of places, with as few reads as need be.
//!
//! Cells are looked at in the order of how near anything in them can be. What a cell holds is read up to a page; of a cell that
//! holds more, the rest is looked at by the four cells in it. So what is far away is never read, what is crowded is read finely,
//! and what is empty coarsely; each thing is read once.

use std::cmp::Ordering;
use std::collections::BinaryHeap;

use super::cell::Cell;
use crate::place::Position;

/// Cells that a search begins with, at most.
const MOST_AT_FIRST: usize = 8;
/// Of a degree of latitude.
const METRES_OF_HALF_A_MERIDIAN: f64 = 20_015_115.0;

/// A part of a cell that is to be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reading {
    pub cell: Cell,
    /// The key up to which it has been read.
    pub after: Option<String>,
}

#[derive(Debug, PartialEq)]
pub enum Step<T> {
    /// To be read, and told by [`Frontier::add`] and [`Frontier::more`].
    Read(Reading),
    /// Nothing that has not been told of yet is nearer.
    Found { metres: f64, thing: T },
    /// There is nothing more within reach.
    Done,
}

enum Waiting<T> {
    Cell(Reading),
    Thing(T),
}

struct Entry<T> {
    metres: f64,
    waiting: Waiting<T>,
}

/// How far a search has come.
pub struct Frontier<T> {
    from: Position,
    reach_metres: f64,
    heap: BinaryHeap<Entry<T>>,
}

impl<T: Ord> Frontier<T> {
    pub fn new(from: Position, reach_metres: f64) -> Self {
        let mut frontier = Self {
            from,
            reach_metres,
            heap: BinaryHeap::new(),
        };
        for cell in frontier.first_cells() {
            frontier.push(cell, None);
        }
        frontier
    }

    /// As fine as the reach, but for few.
    fn first_cells(&self) -> Vec<Cell> {
        let mut cells = vec![Cell::root()];
        loop {
            let height = METRES_OF_HALF_A_MERIDIAN / f64::from(1_u32 << cells.first().map_or(0, |cell| cell.level()));
            let finer: Vec<Cell> = cells.iter().flat_map(|cell| cell.children()).collect();
            let finer: Vec<Cell> = finer.into_iter().filter(|cell| self.is_within(*cell)).collect();
            if height / 2.0 < self.reach_metres || finer.is_empty() || finer.len() > MOST_AT_FIRST {
                return cells;
            }
            cells = finer;
        }
    }

    fn is_within(&self, cell: Cell) -> bool {
        cell.metres_from(self.from) <= self.reach_metres
    }

    fn push(&mut self, cell: Cell, after: Option<String>) {
        let metres = cell.metres_from(self.from);
        if metres <= self.reach_metres {
            let waiting = Waiting::Cell(Reading { cell, after });
            self.heap.push(Entry { metres, waiting });
        }
    }

    pub fn step(&mut self) -> Step<T> {
        match self.heap.pop() {
            None => Step::Done,
            Some(Entry {
                waiting: Waiting::Cell(reading),
                ..
            }) => Step::Read(reading),
            Some(Entry {
                metres,
                waiting: Waiting::Thing(thing),
            }) => Step::Found { metres, thing },
        }
    }

    /// Of what was read.
    pub fn add(&mut self, at: Position, thing: T) {
        let metres = self.from.metres_to(at);
        if metres <= self.reach_metres {
            let waiting = Waiting::Thing(thing);
            self.heap.push(Entry { metres, waiting });
        }
    }

    /// There is more in the cell, after this key.
    pub fn more(&mut self, reading: &Reading, last_key: &str) {
        let children = reading.cell.children();
        if children.is_empty() {
            self.push(reading.cell, Some(last_key.to_owned()));
        }
        for child in children {
            let digits = child.digits();
            if last_key.starts_with(&digits) {
                self.push(child, Some(last_key.to_owned()));
            } else if digits.as_str() > last_key {
                self.push(child, None);
            }
        }
    }
}

impl<T: Ord> Entry<T> {
    /// Of what is equally near, cells are read first, so that all things as near are known when the first is told.
    fn order(&self, other: &Self) -> Ordering {
        let metres = self.metres.total_cmp(&other.metres);
        metres.then_with(|| match (&self.waiting, &other.waiting) {
            (Waiting::Cell(one), Waiting::Cell(other)) => one.cell.cmp(&other.cell),
            (Waiting::Cell(_), Waiting::Thing(_)) => Ordering::Less,
            (Waiting::Thing(_), Waiting::Cell(_)) => Ordering::Greater,
            (Waiting::Thing(one), Waiting::Thing(other)) => one.cmp(other),
        })
    }
}

/// The nearest is the greatest, as the heap wants it.
impl<T: Ord> Ord for Entry<T> {
    fn cmp(&self, other: &Self) -> Ordering {
        other.order(self)
    }
}

impl<T: Ord> PartialOrd for Entry<T> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<T: Ord> PartialEq for Entry<T> {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl<T: Ord> Eq for Entry<T> {}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use proptest::prelude::*;

    struct Map {
        places: BTreeMap<String, (Position, usize)>,
        reads: usize,
        page: usize,
    }

    impl Map {
        fn new(places: &[Position], page: usize) -> Self {
            let key = |(number, place): (usize, &Position)| {
                let key = format!("{}#{number:06}", Cell::of(*place).digits());
                (key, (*place, number))
            };
            Self {
                places: places.iter().enumerate().map(key).collect(),
                reads: 0,
                page,
            }
        }

        fn search(&mut self, from: Position, reach: f64, limit: usize) -> Vec<usize> {
            let mut frontier = Frontier::new(from, reach);
            let mut found = Vec::new();
            while found.len() < limit {
                match frontier.step() {
                    Step::Done => break,
                    Step::Found { thing, .. } => found.push(thing),
                    Step::Read(reading) => self.read(&mut frontier, &reading),
                }
            }
            found
        }

        fn read(&mut self, frontier: &mut Frontier<usize>, reading: &Reading) {
            self.reads += 1;
            let digits = reading.cell.digits();
            let start = reading.after.clone().unwrap_or_else(|| digits.clone());
            let rest = self.places.range(start..).skip(usize::from(reading.after.is_some()));
            let in_cell: Vec<_> = rest
                .take_while(|(key, _)| key.starts_with(&digits))
                .take(self.page)
                .collect();
            for (_, (place, number)) in &in_cell {
                frontier.add(*place, *number);
            }
            if let Some((last, _)) = in_cell.last().filter(|_| in_cell.len() == self.page) {
                frontier.more(reading, last);
            }
        }
    }

    fn by_looking_at_all(places: &[Position], from: Position, reach: f64, limit: usize) -> Vec<usize> {
        let mut all: Vec<(f64, usize)> = places
            .iter()
            .enumerate()
            .map(|(number, place)| (from.metres_to(*place), number))
            .filter(|(metres, _)| *metres <= reach)
            .collect();
        all.sort_by(|one, other| one.0.total_cmp(&other.0).then(one.1.cmp(&other.1)));
        all.into_iter().take(limit).map(|(_, number)| number).collect()
    }

    fn somewhere() -> impl Strategy<Value = Position> {
        let latitude = prop_oneof![-90.0..=90.0, Just(90.0), 89.0..=90.0, -90.0..=-89.0, 12.0..=12.1];
        let longitude = prop_oneof![-180.0..=180.0, Just(180.0), Just(-180.0), 179.0..=180.0, 77.0..=77.1];
        (latitude, longitude).prop_map(|(latitude, longitude)| Position::new(latitude, longitude).unwrap())
    }

    proptest! {
        #[test]
        fn the_nearest_come_as_if_all_had_been_looked_at(
            places in prop::collection::vec(somewhere(), 0..300),
            from in somewhere(),
            reach in prop_oneof![0.0..=20_000_000.0, 0.0..=50_000.0, Just(f64::INFINITY)],
            limit in 1..40_usize,
        ) {
            let found = Map::new(&places, 8).search(from, reach, limit);
            prop_assert_eq!(found, by_looking_at_all(&places, from, reach, limit));
        }
    }

    #[test]
    fn many_at_one_place_are_all_found_once() {
        let place = Position::new(10.0, 20.0).unwrap();
        let found = Map::new(&[place; 100], 8).search(place, 10.0, 1000);
        assert_eq!(found, (0..100).collect::<Vec<_>>());
    }

    /// Few reads find the nearest of ten thousand, wherever one is.
    #[test]
    fn reads_do_not_grow_with_what_there_is() {
        let mut seed = 7_u64;
        let mut share = || {
            seed = seed
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            (seed >> 11) as f64 / (1_u64 << 53) as f64
        };
        let mut place = || Position::new(share() * 180.0 - 90.0, share() * 360.0 - 180.0).unwrap();
        let places: Vec<Position> = (0..10_000).map(|_| place()).collect();
        let mut map = Map::new(&places, 32);
        let mut most = 0;
        for from in (0..300)
            .map(|_| place())
            .chain([90.0, -90.0].map(|pole| Position::new(pole, 0.0).unwrap()))
        {
            map.reads = 0;
            let found = map.search(from, 500_000.0, 10);
            assert_eq!(found, by_looking_at_all(&places, from, 500_000.0, 10));
            most = most.max(map.reads);
        }
        assert!(most <= 40, "{most} reads");
    }
}
