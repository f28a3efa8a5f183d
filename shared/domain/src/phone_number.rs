//! A telephone number in E.164: `+`, then 7 to 15 digits.

use std::fmt;

/// Personal, so it prints as `[redacted]`.
#[derive(Clone, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PhoneNumber(String);

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be a phone number with its country code, such as +15005550006")]
pub struct MalformedPhoneNumber;

/// The two-digit country calling codes (ITU-T E.164 assignments); 1 and 7 have one digit, all others three.
const TWO_DIGITS: [u8; 44] = [
    20, 27, 30, 31, 32, 33, 34, 36, 39, 40, 41, 43, 44, 45, 46, 47, 48, 49, 51, 52, 53, 54, 55, 56, 57, 58, 60, 61, 62,
    63, 64, 65, 66, 81, 82, 84, 86, 90, 91, 92, 93, 94, 95, 98,
];

impl PhoneNumber {
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The country calling code, without the plus: what one country's numbers have in common.
    pub fn calling_code(&self) -> &str {
        let digits = &self.0[1..];
        let length = match digits.as_bytes() {
            [b'1' | b'7', ..] => 1,
            _ if TWO_DIGITS.iter().any(|code| digits.starts_with(&code.to_string())) => 2,
            _ => 3,
        };
        &digits[..length]
    }

    /// The country and the first four digits of the national number: roughly one operator's range.
    pub fn range(&self) -> &str {
        let end = 1 + self.calling_code().len() + 4;
        &self.0[..end.min(self.0.len())]
    }
}

impl std::str::FromStr for PhoneNumber {
    type Err = MalformedPhoneNumber;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let number: String = text
            .chars()
            .filter(|c| !matches!(c, ' ' | '-' | '(' | ')' | '.' | '\u{a0}'))
            .collect();
        let digits = number.strip_prefix('+').ok_or(MalformedPhoneNumber)?;
        let is_number =
            (7..=15).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit()) && !digits.starts_with('0');
        if is_number {
            Ok(Self(number))
        } else {
            Err(MalformedPhoneNumber)
        }
    }
}

impl TryFrom<String> for PhoneNumber {
    type Error = MalformedPhoneNumber;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<PhoneNumber> for String {
    fn from(number: PhoneNumber) -> String {
        number.0
    }
}

impl fmt::Debug for PhoneNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

impl schemars::JsonSchema for PhoneNumber {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "PhoneNumber".into()
    }
    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "string", "description": "E.164; blanks, dashes and brackets are ignored" })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn writings_of_one_number_are_the_same() {
        let plain: PhoneNumber = "+15005550006".parse().unwrap();
        assert_eq!("+1 (500) 555-0006".parse(), Ok(plain));
    }

    #[test]
    fn what_is_no_number_is_refused() {
        for text in [
            "",
            "+",
            "15005550006",
            "+123456",
            "+0123456789",
            "+1234567890123456",
            "+1500555000a",
            "+١٢٣٤٥٦٧٨",
        ] {
            assert_eq!(text.parse::<PhoneNumber>(), Err(MalformedPhoneNumber), "{text}");
        }
    }

    #[test]
    fn a_number_tells_its_country() {
        for (number, code) in [
            ("+15005550006", "1"),
            ("+79161234567", "7"),
            ("+919812345678", "91"),
            ("+353861234567", "353"),
        ] {
            assert_eq!(number.parse::<PhoneNumber>().unwrap().calling_code(), code);
        }
        assert_eq!("+919812345678".parse::<PhoneNumber>().unwrap().range(), "+919812");
    }

    proptest! {
        #[test]
        fn any_text_is_read_without_panic(text in "\\PC*") {
            if let Ok(number) = text.parse::<PhoneNumber>() {
                prop_assert!(number.range().len() > number.calling_code().len());
                prop_assert_eq!(format!("{number:?}"), "[redacted]");
            }
        }
    }
}
