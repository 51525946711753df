//! How the random prices of a scenario depend on each other, and how paths are drawn.

use rust_decimal::Decimal;
use serde::Deserialize;

use super::fields::real;
use super::{Fault, PriceSource, Scenario};
use crate::prices::process::{Draw, Market, MarketError, Model, Scheme, SchemeError, Tilt};

/// Two assets whose random prices are correlated.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CorrelationPair {
    /// Symbols of the two.
    pub assets: [String; 2],
    /// Correlation of their noise, from -1 to 1.
    pub coefficient: Decimal,
}

/// How the paths of a Monte Carlo run are drawn.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(try_from = "SamplingFields")]
pub struct Sampling {
    scheme: Option<Scheme>,
    tilt: Option<PriceTilt>,
}

/// Importance sampling of one asset's price.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PriceTilt {
    /// Symbol of the asset.
    pub asset: String,
    /// How far its noise over the run is shifted, in standard deviations.
    pub shift: Decimal,
    /// How many times as often it jumps; 1 when not stated.
    #[serde(default = "once")]
    pub jump_multiple: Decimal,
}

/// A way of drawing that cannot be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SamplingError {
    /// A replicate without its size.
    #[error("method `sobol` needs the key `replicate_paths`")]
    NoReplicate,
    /// A size without a replicate.
    #[error("only method `sobol` has the key `replicate_paths`")]
    Foreign,
    /// A size that is none.
    #[error(transparent)]
    Scheme(#[from] SchemeError),
}

#[derive(Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Method {
    #[default]
    Independent,
    Antithetic,
    Sobol,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SamplingFields {
    #[serde(default)]
    method: Method,
    replicate_paths: Option<u32>,
    tilt: Option<PriceTilt>,
}

impl Sampling {
    /// How paths relate to each other; independently unless stated.
    pub fn scheme(&self) -> Scheme {
        self.scheme.unwrap_or(Scheme::Independent)
    }

    /// Where paths are drawn instead of where they are likely, if stated.
    pub fn tilt(&self) -> Option<&PriceTilt> {
        self.tilt.as_ref()
    }
}

impl Scenario {
    /// The assets with random prices, and how these depend on each other.
    ///
    /// # Errors
    /// Correlations or a tilt that cannot be; never for a scenario that passed the checks.
    pub fn market(&self) -> Result<Market, MarketError> {
        let random = self.random();
        let count = random.len();
        let position = |symbol: &str| random.iter().position(|(name, _)| name == symbol);
        let mut pairs = Vec::new();
        for CorrelationPair { assets: [first, second], coefficient } in &self.correlations {
            // A pair of an asset without random prices is refused by the market as no pair.
            let at = |symbol| position(symbol).unwrap_or(count);
            pairs.push((at(first), at(second), real(*coefficient)));
        }
        let share = self.common_jump_share.map_or(0.0, real);
        let tilt = self.sampling.tilt.as_ref().map(|tilt| Tilt {
            asset: position(&tilt.asset).unwrap_or(count),
            shift: real(tilt.shift),
            jump_multiple: real(tilt.jump_multiple),
        });
        let market = Market::new(random).correlated(&pairs)?.with_common_jumps(share)?;
        match tilt {
            Some(tilt) => market.tilted(tilt),
            None => Ok(market),
        }
    }

    fn random(&self) -> Vec<(String, Model)> {
        let model = |price: &PriceSource| match price {
            PriceSource::Process(model) => Some(*model),
            _ => None,
        };
        let random = self.assets.iter();
        random.filter_map(|asset| Some((asset.symbol.clone(), model(&asset.price)?))).collect()
    }
}

/// Checks that random prices can depend on each other as the scenario says.
pub(super) fn check(scenario: &Scenario) -> Result<(), (String, Fault)> {
    let random = scenario.random();
    let known = |key: String, symbol: &str| {
        let is_random = random.iter().any(|(name, _)| name == symbol);
        if is_random { Ok(()) } else { Err((key, Fault::NotRandom(symbol.to_owned()))) }
    };
    for (index, pair) in scenario.correlations.iter().enumerate() {
        let key = format!("correlations[{index}].assets");
        let [first, second] = &pair.assets;
        known(key.clone(), first)?;
        known(key.clone(), second)?;
        let before = &scenario.correlations[..index];
        let same =
            |other: &CorrelationPair| other.assets.contains(first) && other.assets.contains(second);
        if first == second || before.iter().any(same) {
            return Err((key, Fault::Duplicate(format!("{first} and {second}"))));
        }
    }
    if let Some(tilt) = scenario.sampling.tilt() {
        known("sampling.tilt.asset".into(), &tilt.asset)?;
    }
    let market = scenario.market().map_err(|error| (key(&error).into(), Fault::Market(error)))?;
    // The first draw is the one a single run plays. Others can fail too, when their turn comes.
    let draw = Draw { seed: scenario.seed, path: 0, scheme: scenario.sampling.scheme() };
    market.sample(&scenario.grid(), &draw).map(drop).map_err(|error| {
        let index = scenario.assets.iter().position(|asset| asset.symbol == error.symbol);
        let key = format!("assets[{}].price", index.unwrap_or_default());
        (key, Fault::Prices(error.into()))
    })
}

/// The key at fault.
fn key(error: &MarketError) -> &'static str {
    match error {
        MarketError::Correlation(_) => "correlations",
        MarketError::CommonJumps(_) => "common_jump_share",
        MarketError::NoAsset { .. } | MarketError::Tilt { .. } => "sampling.tilt",
    }
}

fn once() -> Decimal {
    Decimal::ONE
}

impl TryFrom<SamplingFields> for Sampling {
    type Error = SamplingError;

    fn try_from(fields: SamplingFields) -> Result<Self, SamplingError> {
        let scheme = match (fields.method, fields.replicate_paths) {
            (Method::Sobol, Some(paths)) => Scheme::sobol(paths)?,
            (Method::Sobol, None) => return Err(SamplingError::NoReplicate),
            (_, Some(_)) => return Err(SamplingError::Foreign),
            (Method::Independent, None) => Scheme::Independent,
            (Method::Antithetic, None) => Scheme::Antithetic,
        };
        Ok(Self { scheme: Some(scheme), tilt: fields.tilt })
    }
}
