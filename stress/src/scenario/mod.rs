//! Scenario files: TOML, strict, and refused with one line that names file, key and reason.
//!
//! Durations are whole seconds in keys that end in `_s`, shares are basis points in keys that end
//! in `_bps`, amounts are whole tokens written as text or numbers, times are UTC.

mod agent;
mod amount;
mod assert;
mod book;
mod caps;
mod check;
mod fault;
mod feed;
mod fields;
mod model;
mod moment;
mod people;
mod price;
mod process;
mod sampling;
mod sweep;

pub use agent::{Depth, DepthModel, Fees, Gas, Liquidators, Sizing};
pub use amount::AmountError;
pub use assert::{Assertion, AssertionError, Assertions, Bound, Comparison, fits};
pub(crate) use book::each;
pub use book::{PlannedPosition, plan};
pub use fault::{Fault, ScenarioError};
pub use feed::{Feed, Window, WrongPrice};
pub use model::{
    Asset, BorrowerGroup, Chain, Congestion, CurvePoint, Keepers, LtvRange, Oracle, Pool, PoolRole,
    Reserve, Scenario,
};
pub use moment::{MomentError, UtcDay, UtcTime};
pub use people::{Behaviour, Runners, Stakers};
pub use price::{Day, PriceFault, PriceSource, PriceSourceError};
pub use sampling::{CorrelationPair, PriceTilt, Sampling, SamplingError};
pub use sweep::{Axis, AxisError, Sweep};

use std::path::Path;

/// A scenario and the text it was read from, which reports echo.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Loaded {
    /// The checked scenario.
    pub scenario: Scenario,
    /// The file's text, unchanged.
    pub text: String,
}

/// Reads and checks a scenario file.
///
/// # Errors
/// The first thing wrong, as one line: a file that cannot be read, a TOML error with its line,
/// or a key with the reason it is refused.
pub fn load(path: &Path) -> Result<Loaded, ScenarioError> {
    let file = path.display().to_string();
    match std::fs::read_to_string(path) {
        Ok(text) => Ok(Loaded { scenario: parse(&file, &text)?, text }),
        Err(error) => {
            Err(ScenarioError::Unreadable { file, reason: fault::one_line(&error.to_string()) })
        }
    }
}

/// Parses and checks the text of a scenario; `file` is the name that errors give, and the candle
/// files that the scenario names are looked for beside it.
///
/// # Errors
/// As [`load`].
pub fn parse(file: &str, text: &str) -> Result<Scenario, ScenarioError> {
    let document =
        toml::Deserializer::parse(text).map_err(|error| fault::syntax(file, text, &error))?;
    let mut scenario: Scenario =
        serde_path_to_error::deserialize(document).map_err(|error| fault::value(file, &error))?;
    let folder = Path::new(file).parent().unwrap_or(Path::new(""));
    read_files(&mut scenario, folder)
        .and_then(|()| check::scenario(&scenario))
        .and_then(|()| assert::check(&scenario))
        .map_err(|(key, reason)| {
            let (file, reason) = (file.to_owned(), Box::new(reason));
            ScenarioError::Key { file, key, reason }
        })?;
    Ok(scenario)
}

/// Reads the candle files that prices come from.
fn read_files(scenario: &mut Scenario, folder: &Path) -> Result<(), check::Faulty> {
    let start_s = scenario.start.unix_s();
    for (index, asset) in scenario.assets.iter_mut().enumerate() {
        let read = asset.price.read_file(folder, start_s);
        read.map_err(|fault| (format!("assets[{index}].price"), Fault::PriceFile(fault)))?;
    }
    Ok(())
}
