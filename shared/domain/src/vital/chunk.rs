//! Readings of one kind within an hour or a day, packed: columns of differences, compressed. A reading a second takes about
//! two bytes.

use std::io::{Read, Write};

use flate2::Compression;
use flate2::read::DeflateDecoder;
use flate2::write::DeflateEncoder;
use jiff::Timestamp;

use super::{Amount, Source};

/// A reading as it is kept. What it is of is said by where it is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Kept {
    pub at: Timestamp,
    pub source: Source,
    pub amount: Amount,
    /// To the second.
    pub received_at: Timestamp,
}

/// In the order of their times; of each source one for each moment.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Chunk(Vec<Kept>);

/// What became of a reading.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Put {
    New,
    /// It was there already.
    Same,
    /// The source has said something else of that moment before.
    Replaced,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("packed readings cannot be read")]
pub struct Malformed;

/// More than can be in a chunk: what unpacks to more was not packed here.
const MOST_BYTES: u64 = 4 << 20;

impl Chunk {
    pub fn readings(&self) -> &[Kept] {
        &self.0
    }

    pub fn into_readings(self) -> Vec<Kept> {
        self.0
    }

    pub fn len(&self) -> usize {
        self.0.len()
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub fn has(&self, at: Timestamp, source: Source) -> bool {
        self.place(at, source).is_ok()
    }

    pub fn put(&mut self, reading: Kept) -> Put {
        match self.place(reading.at, reading.source) {
            Err(place) => {
                self.0.insert(place, reading);
                Put::New
            }
            Ok(place) => match self.0.get_mut(place) {
                Some(old) if old.amount != reading.amount => {
                    *old = reading;
                    Put::Replaced
                }
                _ => Put::Same,
            },
        }
    }

    fn place(&self, at: Timestamp, source: Source) -> Result<usize, usize> {
        self.0
            .binary_search_by_key(&(at, source), |kept| (kept.at, kept.source))
    }

    /// Each source's readings one after another, and of those first all times, then all amounts, then all times of arrival.
    pub fn pack(&self) -> Vec<u8> {
        let mut sources: Vec<Source> = self.0.iter().map(|kept| kept.source).collect();
        sources.sort();
        sources.dedup();
        let mut out = Vec::new();
        put_number(&mut out, sources.len() as i64);
        for source in sources {
            let own: Vec<&Kept> = self.0.iter().filter(|kept| kept.source == source).collect();
            let name = source.to_string();
            put_number(&mut out, name.len() as i64);
            out.extend(name.as_bytes());
            put_number(&mut out, own.len() as i64);
            put_column(&mut out, own.iter().map(|kept| kept.at.as_millisecond()), 2);
            put_column(
                &mut out,
                own.iter().map(|kept| i64::from(kept.amount.in_thousandths())),
                1,
            );
            put_column(&mut out, own.iter().map(|kept| kept.received_at.as_second()), 1);
        }
        deflated(&out)
    }

    pub fn unpack(bytes: &[u8]) -> Result<Self, Malformed> {
        let mut plain = Vec::new();
        let mut reader = DeflateDecoder::new(bytes).take(MOST_BYTES);
        reader.read_to_end(&mut plain).map_err(|_| Malformed)?;
        let rest = &mut plain.as_slice();
        let mut readings = Vec::new();
        for _ in 0..take_number(rest)? {
            let length = usize::try_from(take_number(rest)?).map_err(|_| Malformed)?;
            let (name, after) = rest.split_at_checked(length).ok_or(Malformed)?;
            *rest = after;
            let name = std::str::from_utf8(name).map_err(|_| Malformed)?;
            let source: Source = name.parse().map_err(|_| Malformed)?;
            let count = take_number(rest)?;
            let times = take_column(rest, count, 2)?;
            let amounts = take_column(rest, count, 1)?;
            let arrivals = take_column(rest, count, 1)?;
            for ((at, amount), arrival) in times.into_iter().zip(amounts).zip(arrivals) {
                readings.push(Kept {
                    at: Timestamp::from_millisecond(at).map_err(|_| Malformed)?,
                    source,
                    amount: Amount::thousandths(i32::try_from(amount).map_err(|_| Malformed)?),
                    received_at: Timestamp::from_second(arrival).map_err(|_| Malformed)?,
                });
            }
        }
        readings.sort_by_key(|kept| (kept.at, kept.source));
        Ok(Self(readings))
    }
}

impl FromIterator<Kept> for Chunk {
    fn from_iter<I: IntoIterator<Item = Kept>>(readings: I) -> Self {
        let mut chunk = Self::default();
        for reading in readings {
            chunk.put(reading);
        }
        chunk
    }
}

fn deflated(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::default());
    // Writing into memory does not fail.
    let written = encoder.write_all(bytes);
    written.and_then(|()| encoder.finish()).unwrap_or_default()
}

/// Differences of differences for what goes on evenly, such as times (`order` 2), differences for the rest (1); all divided
/// by what divides all of them.
fn put_column(out: &mut Vec<u8>, values: impl Iterator<Item = i64>, order: u8) {
    let mut differences: Vec<i64> = values.collect();
    for _ in 0..order {
        let mut before = 0;
        for value in &mut differences {
            (before, *value) = (*value, *value - before);
        }
    }
    let divisor = differences
        .iter()
        .fold(0, |divisor, value| gcd(divisor, value.unsigned_abs()));
    let divisor = i64::try_from(divisor.max(1)).unwrap_or(1);
    put_number(out, divisor);
    for value in differences {
        put_number(out, value / divisor);
    }
}

fn take_column(rest: &mut &[u8], count: i64, order: u8) -> Result<Vec<i64>, Malformed> {
    let divisor = take_number(rest)?;
    let mut values = Vec::new();
    for _ in 0..count {
        values.push(take_number(rest)?.checked_mul(divisor).ok_or(Malformed)?);
    }
    for _ in 0..order {
        let mut sum = 0_i64;
        for value in &mut values {
            sum = sum.checked_add(*value).ok_or(Malformed)?;
            *value = sum;
        }
    }
    Ok(values)
}

fn gcd(mut one: u64, mut other: u64) -> u64 {
    while other != 0 {
        (one, other) = (other, one % other);
    }
    one
}

/// Small numbers of either sign take few bytes (zigzag, LEB128).
pub(super) fn put_number(out: &mut Vec<u8>, number: i64) {
    let mut left = ((number << 1) ^ (number >> 63)) as u64;
    while left >= 0x80 {
        out.push((left as u8) | 0x80);
        left >>= 7;
    }
    out.push(left as u8);
}

pub(super) fn take_number(rest: &mut &[u8]) -> Result<i64, Malformed> {
    let mut number = 0_u64;
    for shift in (0..64).step_by(7) {
        let (first, after) = rest.split_first().ok_or(Malformed)?;
        *rest = after;
        number |= u64::from(first & 0x7f) << shift;
        if first & 0x80 == 0 {
            return Ok((number >> 1) as i64 ^ -((number & 1) as i64));
        }
    }
    Err(Malformed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::VitalDeviceId;
    use proptest::prelude::*;

    fn kept(at: i64, amount: i32, device: u8) -> Kept {
        Kept {
            at: Timestamp::from_millisecond(at).unwrap(),
            source: match device {
                0 => Source::Hand,
                number => Source::Device(VitalDeviceId::new(Timestamp::UNIX_EPOCH, [number; 6])),
            },
            amount: Amount::thousandths(amount),
            received_at: Timestamp::from_second(at / 1000 + 1).unwrap(),
        }
    }

    proptest! {
        #[test]
        fn what_is_packed_unpacks(all in proptest::collection::vec(
            (0_i64..4_000_000_000_000, any::<i32>(), 0_u8..3), 0..200,
        )) {
            let chunk: Chunk = all.into_iter().map(|(at, amount, device)| kept(at, amount, device)).collect();
            prop_assert_eq!(Chunk::unpack(&chunk.pack()).unwrap(), chunk);
        }

        #[test]
        fn what_was_not_packed_here_does_no_harm(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
            let _ = Chunk::unpack(&bytes);
            let _ = Chunk::unpack(&deflated(&bytes));
        }

        #[test]
        fn numbers_of_either_sign_are_read_as_written(number: i64) {
            let mut bytes = Vec::new();
            put_number(&mut bytes, number);
            prop_assert_eq!(take_number(&mut bytes.as_slice()), Ok(number));
        }
    }

    #[test]
    fn a_reading_is_known_again_and_corrected() {
        let mut chunk = Chunk::default();
        assert_eq!(chunk.put(kept(1000, 70_000, 1)), Put::New);
        assert_eq!(chunk.put(kept(1000, 70_000, 1)), Put::Same);
        assert_eq!(chunk.put(kept(1000, 70_000, 2)), Put::New);
        assert_eq!(chunk.put(kept(1000, 71_000, 1)), Put::Replaced);
        assert_eq!(chunk.put(kept(500, 71_000, 1)), Put::New);
        let amounts: Vec<i32> = chunk
            .readings()
            .iter()
            .map(|kept| kept.amount.in_thousandths())
            .collect();
        assert_eq!(amounts, [71_000, 71_000, 70_000]);
    }

    #[test]
    fn an_hour_of_a_reading_a_second_is_small() {
        let mut pulse = 72_000;
        let chunk: Chunk = (0..3_600_i64)
            .map(|second| {
                pulse += (second * 7_919 % 3 - 1) as i32 * 1_000;
                kept(1_795_000_000_000 + second * 1_000, pulse, 1)
            })
            .collect();
        let bytes = chunk.pack().len();
        assert!(bytes < 3_600, "{bytes}");
    }
}
