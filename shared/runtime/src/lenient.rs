//! Old clients send numbers as strings. Use with `#[serde(deserialize_with = "lenient::number")]`.

use serde::{Deserialize, Deserializer};

#[derive(Deserialize)]
#[serde(untagged)]
enum NumberOrText<T> {
    Number(T),
    Text(String),
}

/// A number, a numeric string, or nothing (`null` and `""`).
pub fn number<'de, D, T>(deserializer: D) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de> + std::str::FromStr,
{
    match Option::<NumberOrText<T>>::deserialize(deserializer)? {
        None => Ok(None),
        Some(NumberOrText::Number(number)) => Ok(Some(number)),
        Some(NumberOrText::Text(text)) if text.trim().is_empty() => Ok(None),
        Some(NumberOrText::Text(text)) => {
            let number = text
                .trim()
                .parse()
                .map_err(|_| serde::de::Error::custom("must be a number"))?;
            Ok(Some(number))
        }
    }
}
