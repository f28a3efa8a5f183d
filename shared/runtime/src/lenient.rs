//! What clients may send in more than one way: numbers and booleans as strings, null for what is not sent. Use with
//! `#[serde(default, deserialize_with = "lenient::number")]`.

mod time;

use std::fmt;
use std::marker::PhantomData;
use std::str::FromStr;

use serde::de::{Error, Visitor};
use serde::{Deserialize, Deserializer};

pub use time::time;

/// A number, a numeric string, or nothing (`null` and `""`). Whole numbers may have a fraction of nought: `45.0`.
pub fn number<'de, D, T>(deserializer: D) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    T: FromStr,
{
    deserializer.deserialize_any(Number(PhantomData))
}

struct Number<T>(PhantomData<T>);

/// Floats hold every whole number up to here.
const EXACT_UP_TO: f64 = 9_007_199_254_740_992.0;

impl<T: FromStr> Number<T> {
    fn of<E: Error>(text: &str) -> Result<Option<T>, E> {
        let text = text.trim();
        if text.is_empty() {
            return Ok(None);
        }
        if let Ok(number) = text.parse() {
            return Ok(Some(number));
        }
        let float: f64 = text.parse().map_err(|_| E::custom("must be a number"))?;
        if float.fract() == 0.0 && float.abs() <= EXACT_UP_TO {
            let whole = format!("{float:.0}");
            return whole.parse().map(Some).map_err(|_| E::custom("is out of range"));
        }
        Err(E::custom("must be a whole number"))
    }
}

impl<T: FromStr> Visitor<'_> for Number<T> {
    type Value = Option<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a number")
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Self::Value, E> {
        Self::of(&number.to_string())
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Self::Value, E> {
        Self::of(&number.to_string())
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<Self::Value, E> {
        Self::of(&number.to_string())
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
        Self::of(text)
    }

    fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
        Ok(None)
    }
}

/// `true`, `"true"`, 1, `"1"` and so on, or nothing (`null` and `""`).
pub fn boolean<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<bool>, D::Error> {
    deserializer.deserialize_any(Boolean)
}

struct Boolean;

impl Visitor<'_> for Boolean {
    type Value = Option<bool>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("true or false")
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Self::Value, E> {
        Ok(Some(value))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Self::Value, E> {
        self.visit_str(&number.to_string())
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
        match text.trim() {
            "" => Ok(None),
            text if text == "1" || text.eq_ignore_ascii_case("true") => Ok(Some(true)),
            text if text == "0" || text.eq_ignore_ascii_case("false") => Ok(Some(false)),
            _ => Err(E::custom("must be true or false")),
        }
    }

    fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
        Ok(None)
    }
}

/// Null is the same as not sent.
pub fn null_is_default<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de> + Default,
{
    Ok(Option::deserialize(deserializer)?.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    #[test]
    fn a_number_may_come_as_a_string_or_with_a_fraction_of_nought() {
        let whole = |value: Value| number::<_, u8>(value).map_err(|error| error.to_string());
        for value in [json!(45), json!("45"), json!(" 45 "), json!(45.0), json!("45.0")] {
            assert_eq!(whole(value.clone()), Ok(Some(45)), "{value}");
        }
        for value in [json!(null), json!(""), json!("  ")] {
            assert_eq!(whole(value.clone()), Ok(None), "{value}");
        }
        for (value, message) in [
            (json!(4.5), "must be a whole number"),
            (json!("4.5"), "must be a whole number"),
            (json!(300), "is out of range"),
            (json!(-1), "is out of range"),
            (json!("many"), "must be a number"),
        ] {
            assert_eq!(whole(value.clone()), Err(message.to_owned()), "{value}");
        }
        assert!(whole(json!([1])).is_err() && whole(json!(true)).is_err());
        assert_eq!(number::<_, f64>(json!("4.5")).ok(), Some(Some(4.5)));
        assert_eq!(number::<_, i64>(json!(-3)).ok(), Some(Some(-3)));
        assert_eq!(number::<_, u64>(json!(u64::MAX)).ok(), Some(Some(u64::MAX)));
    }

    #[test]
    fn a_boolean_may_come_as_a_string_or_a_number() {
        let read = |value: Value| boolean(value).map_err(|_| ());
        for (value, expected) in [
            (json!(true), Ok(Some(true))),
            (json!("TRUE"), Ok(Some(true))),
            (json!(1), Ok(Some(true))),
            (json!("1"), Ok(Some(true))),
            (json!(false), Ok(Some(false))),
            (json!("false"), Ok(Some(false))),
            (json!(0), Ok(Some(false))),
            (json!(null), Ok(None)),
            (json!(""), Ok(None)),
            (json!("perhaps"), Err(())),
            (json!(2), Err(())),
            (json!({}), Err(())),
        ] {
            assert_eq!(read(value.clone()), expected, "{value}");
        }
    }

    #[test]
    fn null_is_what_was_not_sent() {
        assert_eq!(null_is_default::<_, String>(json!(null)).ok(), Some(String::new()));
        assert_eq!(null_is_default::<_, u8>(json!(3)).ok(), Some(3));
    }
}
