//! Which chip firmware is for. A chip's name is the name of its hardware.

use std::fmt;

macro_rules! chips {
    ($($chip:ident = $id:literal, $name:literal, $steps:literal;)+) => {
        /// Espressif's chips, by the ids that their images carry.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Hardware {
            $($chip,)+
        }

        impl Hardware {
            pub const ALL: &'static [Hardware] = &[$(Hardware::$chip),+];

            pub fn of_chip(id: u16) -> Option<Self> {
                match id {
                    $($id => Some(Hardware::$chip),)+
                    _ => None,
                }
            }

            pub fn chip_id(self) -> u16 {
                match self {
                    $(Hardware::$chip => $id,)+
                }
            }

            pub fn name(self) -> &'static str {
                match self {
                    $(Hardware::$chip => $name,)+
                }
            }

            /// How often its fuses let the anti-rollback version be raised.
            pub fn secure_steps(self) -> u32 {
                match self {
                    $(Hardware::$chip => $steps,)+
                }
            }
        }
    };
}

chips! {
    Esp32 = 0x0000, "esp32", 32;
    Esp32S2 = 0x0002, "esp32s2", 16;
    Esp32C3 = 0x0005, "esp32c3", 16;
    Esp32S3 = 0x0009, "esp32s3", 16;
    Esp32C2 = 0x000c, "esp32c2", 4;
    Esp32C6 = 0x000d, "esp32c6", 16;
    Esp32H2 = 0x0010, "esp32h2", 16;
    Esp32P4 = 0x0012, "esp32p4", 16;
    Esp32C61 = 0x0014, "esp32c61", 16;
    Esp32C5 = 0x0017, "esp32c5", 9;
    Esp32H21 = 0x0019, "esp32h21", 16;
    Esp32H4 = 0x001c, "esp32h4", 16;
    Esp32S31 = 0x0020, "esp32s31", 16;
}

/// The cameras of the dental product, which say nothing of their hardware.
impl Default for Hardware {
    fn default() -> Self {
        Hardware::Esp32P4
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be the name of a chip, such as esp32p4")]
pub struct UnknownHardware;

impl std::str::FromStr for Hardware {
    type Err = UnknownHardware;

    /// `ESP32-P4` is the same chip.
    fn from_str(text: &str) -> Result<Self, UnknownHardware> {
        let name = text.trim().to_ascii_lowercase().replace('-', "");
        let known = Self::ALL.iter().find(|hardware| hardware.name() == name);
        known.copied().ok_or(UnknownHardware)
    }
}

impl TryFrom<String> for Hardware {
    type Error = UnknownHardware;

    fn try_from(text: String) -> Result<Self, UnknownHardware> {
        text.parse()
    }
}

impl fmt::Display for Hardware {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl serde::Serialize for Hardware {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

impl<'de> serde::Deserialize<'de> for Hardware {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

impl schemars::JsonSchema for Hardware {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Hardware".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        let names: Vec<&str> = Self::ALL.iter().map(|hardware| hardware.name()).collect();
        schemars::json_schema!({ "type": "string", "enum": names })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chip_is_found_by_its_id_and_its_name() {
        for hardware in Hardware::ALL {
            assert_eq!(Hardware::of_chip(hardware.chip_id()), Some(*hardware));
            assert_eq!(hardware.name().parse(), Ok(*hardware));
        }
        assert_eq!("ESP32-P4".parse(), Ok(Hardware::Esp32P4));
        assert_eq!(Hardware::of_chip(0xffff), None);
        assert_eq!("esp8266".parse::<Hardware>(), Err(UnknownHardware));
    }
}
