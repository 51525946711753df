//! A scenario as a tree of values, so that any key can be changed before the scenario is checked.

use toml::{Table, Value};

use super::CampaignError;

/// The tree of a scenario file.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Document(Table);

/// Keys by which an entry of a list is known.
const NAMES: [&str; 3] = ["name", "symbol", "asset"];

impl Document {
    /// The tree of a text; empty for one that is no TOML, which the scenario's own parser refuses
    /// with its line.
    pub(super) fn of(text: &str) -> Self {
        Self(text.parse().unwrap_or_default())
    }

    /// The value at a dotted path.
    pub(super) fn get(&self, key: &str) -> Result<&Value, CampaignError> {
        let segments = segments(key);
        let (first, rest) = segments.split_first().ok_or_else(|| nowhere(key, key))?;
        let mut value = in_table(&self.0, first).ok_or_else(|| nowhere(key, first))?;
        for segment in rest {
            value = step(value, segment).ok_or_else(|| nowhere(key, segment))?;
        }
        Ok(value)
    }

    /// Sets the value at a dotted path. The last part may be new: whether such a key may be there
    /// is for the scenario's checks to say.
    pub(super) fn set(&mut self, key: &str, text: &str) -> Result<(), CampaignError> {
        let segments = segments(key);
        let (last, ways) = segments.split_last().ok_or_else(|| nowhere(key, key))?;
        let mut place = Place::Table(&mut self.0);
        for segment in ways {
            place = place.into_step(segment).ok_or_else(|| nowhere(key, segment))?;
        }
        place.put(last, text).ok_or_else(|| nowhere(key, last))
    }

    /// The tree as a scenario file.
    pub(super) fn to_text(&self) -> String {
        toml::to_string(&self.0).unwrap_or_default()
    }

    /// Every file that prices come from, as the scenario names it.
    pub(super) fn price_files(&self) -> Vec<String> {
        self.price_files_by_asset().into_iter().map(|(_, file)| file).collect()
    }

    /// The position of an asset and the file its prices come from.
    pub(super) fn price_files_by_asset(&self) -> Vec<(usize, String)> {
        let assets = self.0.get("assets").and_then(Value::as_array);
        let file = |asset: &Value| Some(asset.get("price")?.get("file")?.as_str()?.to_owned());
        let assets = assets.into_iter().flatten().enumerate();
        assets.filter_map(|(index, asset)| Some((index, file(asset)?))).collect()
    }
}

/// Where a value hangs.
enum Place<'a> {
    Table(&'a mut Table),
    Array(&'a mut Vec<Value>),
}

impl<'a> Place<'a> {
    fn into_step(self, segment: &str) -> Option<Self> {
        let value = match self {
            Self::Table(table) => in_table_mut(table, segment)?,
            Self::Array(array) => in_array_mut(array, segment)?,
        };
        match value {
            Value::Table(table) => Some(Self::Table(table)),
            Value::Array(array) => Some(Self::Array(array)),
            _ => None,
        }
    }

    fn put(self, segment: &str, text: &str) -> Option<()> {
        match self {
            Self::Table(table) => {
                let value = read(text, table.get(segment));
                let _old = table.insert(segment.to_owned(), value);
            }
            Self::Array(array) => {
                let slot = in_array_mut(array, segment)?;
                *slot = read(text, Some(slot));
            }
        }
        Some(())
    }
}

fn segments(key: &str) -> Vec<&str> {
    key.split(['.', '[', ']']).filter(|segment| !segment.is_empty()).collect()
}

fn step<'a>(value: &'a Value, segment: &str) -> Option<&'a Value> {
    match value {
        Value::Table(table) => in_table(table, segment),
        Value::Array(array) => array.get(position(array, segment)?),
        _ => None,
    }
}

/// A key of a table; else the entry of that name in one of its lists, so that a reserve can be
/// reached as `pools.eth-dai.ETH`.
fn in_table<'a>(table: &'a Table, segment: &str) -> Option<&'a Value> {
    table.get(segment).or_else(|| {
        let lists = table.values().filter_map(Value::as_array);
        lists.into_iter().find_map(|list| list.iter().find(|entry| is_named(entry, segment)))
    })
}

fn in_table_mut<'a>(table: &'a mut Table, segment: &str) -> Option<&'a mut Value> {
    if table.contains_key(segment) {
        return table.get_mut(segment);
    }
    let lists = table.iter_mut().filter_map(|(_, value)| value.as_array_mut());
    lists.into_iter().find_map(|list| list.iter_mut().find(|entry| is_named(entry, segment)))
}

fn in_array_mut<'a>(array: &'a mut [Value], segment: &str) -> Option<&'a mut Value> {
    let position = position(array, segment)?;
    array.get_mut(position)
}

fn position(array: &[Value], segment: &str) -> Option<usize> {
    let named = array.iter().position(|entry| is_named(entry, segment));
    named.or_else(|| segment.parse().ok().filter(|index| *index < array.len()))
}

fn is_named(entry: &Value, name: &str) -> bool {
    NAMES.iter().any(|key| entry.get(key).and_then(Value::as_str) == Some(name))
}

/// A value as it is written on a command line. Decimals stay text, as in a scenario, so that no
/// digit is lost; what was text stays text.
fn read(text: &str, before: Option<&Value>) -> Value {
    let parsed = format!("value = {text}").parse::<Table>().ok();
    match parsed.and_then(|mut table| table.remove("value")) {
        Some(Value::Integer(_)) if matches!(before, Some(Value::String(_))) => text.into(),
        Some(Value::Float(_) | Value::Datetime(_)) | None => text.into(),
        Some(value) => value,
    }
}

fn nowhere(key: &str, segment: &str) -> CampaignError {
    CampaignError::NoKey { key: key.to_owned(), segment: segment.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "seed = 7\n[[assets]]\nsymbol = \"ETH\"\nprice = { volatility = \"1.0\" }\n\
        [[pools]]\nname = \"main\"\nborrowers = [{ count = 3 }]\n[[pools.reserves]]\nasset = \"ETH\"\nfactor = 10\n";

    #[test]
    fn keys_are_reached_by_name_and_by_number() {
        let mut tree = Document::of(TEXT);
        for (key, value) in [
            ("assets.ETH.price.volatility", "1.50"),
            ("pools.main.ETH.factor", "11"),
            ("pools[0].borrowers[0].count", "5"),
            ("seed", "9"),
            ("pools.main.ETH.brand_new", "true"),
        ] {
            tree.set(key, value).unwrap();
        }
        assert_eq!(tree.get("assets.0.price.volatility").unwrap().as_str(), Some("1.50"));
        assert_eq!(tree.get("pools.0.reserves.0.factor").unwrap().as_integer(), Some(11));
        assert_eq!(tree.get("pools.main.borrowers.0.count").unwrap().as_integer(), Some(5));
        assert_eq!(Document::of(&tree.to_text()), tree);
    }

    #[test]
    fn a_key_that_leads_nowhere_is_named_with_its_part() {
        let mut tree = Document::of(TEXT);
        let error = tree.set("pools.other.ETH.factor", "1").unwrap_err().to_string();
        assert!(error.starts_with("pools.other.ETH.factor: `other` is nowhere"), "{error}");
        assert!(tree.get("pools.main.BTC").is_err());
        assert!(tree.set("seed.deeper", "1").is_err());
    }

    #[test]
    fn numbers_stay_what_they_were() {
        assert_eq!(read("7", Some(&Value::String("6".into()))), Value::String("7".into()));
        assert_eq!(read("7", Some(&Value::Integer(6))), Value::Integer(7));
        assert_eq!(read("0.30", None), Value::String("0.30".into()));
        assert_eq!(read("haircut", None), Value::String("haircut".into()));
        assert!(read("[[0, 1]]", None).is_array());
    }
}
