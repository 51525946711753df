//! Times and days of a scenario file: TOML dates or RFC 3339 text, always UTC.

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use serde::de::value::MapAccessDeserializer;
use serde::de::{self, Deserialize, Deserializer, MapAccess, Visitor};
use serde::{Serialize, Serializer};

/// A whole second, in UTC.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UtcTime(Timestamp);

/// A calendar day in UTC.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UtcDay(UtcTime);

/// Text that is no UTC time or day.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MomentError {
    /// Not an RFC 3339 time that ends in `Z`, or one with a fraction of a second.
    #[error("`{0}` is no RFC 3339 time in UTC with whole seconds, such as 2020-03-12T10:00:00Z")]
    Time(String),
    /// Not a calendar day.
    #[error("`{0}` is no calendar day, such as 2020-03-12")]
    Day(String),
}

impl UtcTime {
    /// The time of a Unix second; `None` outside the years -9999 to 9999.
    pub fn from_unix_s(unix_s: i64) -> Option<Self> {
        Timestamp::from_second(unix_s).ok().map(Self)
    }

    /// Seconds since 1970-01-01T00:00:00Z.
    pub fn unix_s(self) -> i64 {
        self.0.as_second()
    }
}

impl UtcDay {
    /// Midnight at which the day begins.
    pub fn start(self) -> UtcTime {
        self.0
    }
}

impl FromStr for UtcTime {
    type Err = MomentError;

    fn from_str(text: &str) -> Result<Self, MomentError> {
        // Another offset is refused rather than converted: a file that mixes them is misread.
        let time: Option<Timestamp> = text.parse().ok().filter(|_| text.ends_with('Z'));
        time.filter(|time| time.subsec_nanosecond() == 0)
            .map(Self)
            .ok_or_else(|| MomentError::Time(text.to_owned()))
    }
}

impl FromStr for UtcDay {
    type Err = MomentError;

    fn from_str(text: &str) -> Result<Self, MomentError> {
        let midnight = format!("{text}T00:00:00Z");
        let time = midnight.parse().map_err(|_| MomentError::Day(text.to_owned()))?;
        Ok(Self(time))
    }
}

impl fmt::Display for UtcTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

impl fmt::Debug for UtcTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

impl fmt::Display for UtcDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0.0.strftime("%Y-%m-%d"))
    }
}

impl fmt::Debug for UtcDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

impl Serialize for UtcTime {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for UtcTime {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text =
            deserializer.deserialize_any(TextOrDate("a time such as 2020-03-12T10:00:00Z"))?;
        text.parse().map_err(de::Error::custom)
    }
}

impl<'de> Deserialize<'de> for UtcDay {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = deserializer.deserialize_any(TextOrDate("a day such as 2020-03-12"))?;
        text.parse().map_err(de::Error::custom)
    }
}

/// Takes a string or a TOML date as text, so that both are checked by the same rule.
struct TextOrDate(&'static str);

impl<'de> Visitor<'de> for TextOrDate {
    type Value = String;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<String, E> {
        Ok(text.to_owned())
    }

    // TOML hands its dates over as a map with one private key.
    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<String, A::Error> {
        let date = toml::value::Datetime::deserialize(MapAccessDeserializer::new(map));
        date.map(|date| date.to_string()).map_err(|_| {
            de::Error::custom(format_args!("invalid type: table, expected {}", self.0))
        })
    }
}
