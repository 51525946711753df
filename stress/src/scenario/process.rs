//! Random prices, as a scenario states them.

use serde::Deserialize;

use super::PriceSourceError;
use super::fields::{Fields, real};
use super::price::PriceSource;
use crate::prices::process::{
    Gbm, Heston, Kou, Merton, Model, OrnsteinUhlenbeck, Process, ProcessError, above_zero, within,
};

/// The random kinds of a price.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum ProcessKind {
    Gbm,
    Merton,
    Kou,
    Heston,
    Ou,
    Bootstrap,
}

impl ProcessKind {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Gbm => "gbm",
            Self::Merton => "merton",
            Self::Kou => "kou",
            Self::Heston => "heston",
            Self::Ou => "ou",
            Self::Bootstrap => "bootstrap",
        }
    }

    /// Takes the keys of the process out of `fields`.
    pub(super) fn read(self, fields: &mut Fields) -> Result<PriceSource, PriceSourceError> {
        let opening = fields.price("opening")?;
        let process = match self {
            Self::Gbm => Process::Gbm(gbm(fields)?),
            Self::Merton => Process::Merton(merton(fields)?),
            Self::Kou => Process::Kou(kou(fields)?),
            Self::Heston => Process::Heston(heston(fields)?),
            Self::Ou => Process::OrnsteinUhlenbeck(ou(fields)?),
            Self::Bootstrap => {
                let (file, block_s) = (fields.file()?, fields.block_s()?);
                return Ok(PriceSource::UnreadBootstrap { file, block_s, opening });
            }
        };
        Ok(PriceSource::Process(Model::new(opening, process)?))
    }
}

fn gbm(fields: &mut Fields) -> Result<Gbm, PriceSourceError> {
    let drift_per_year = drift(fields);
    Ok(Gbm { drift_per_year, volatility: fields.real("volatility")? })
}

fn merton(fields: &mut Fields) -> Result<Merton, PriceSourceError> {
    Ok(Merton {
        drift_per_year: drift(fields),
        volatility: fields.real("volatility")?,
        jumps_per_year: fields.real("jumps_per_year")?,
        jump_mean: fields.real("jump_mean")?,
        jump_deviation: fields.real("jump_deviation")?,
    })
}

fn kou(fields: &mut Fields) -> Result<Kou, PriceSourceError> {
    Ok(Kou {
        drift_per_year: drift(fields),
        volatility: fields.real("volatility")?,
        jumps_per_year: fields.real("jumps_per_year")?,
        up_probability: fields.real("up_probability")?,
        up_mean: fields.real("up_mean")?,
        down_mean: fields.real("down_mean")?,
    })
}

/// Scenarios speak of volatilities, the process of variances. A volatility is checked before it
/// is squared, for a square hides a sign.
fn heston(fields: &mut Fields) -> Result<Heston, PriceSourceError> {
    let (now, long) = (fields.real("volatility")?, fields.real("long_volatility")?);
    within("volatility", now, 0.0, Process::VOLATILITY_MAX)?;
    above_zero("long_volatility", long)?;
    within("long_volatility", long, 0.0, Process::VOLATILITY_MAX)?;
    Ok(Heston {
        drift_per_year: drift(fields),
        variance: now * now,
        long_variance: long * long,
        reversion_per_year: fields.real("reversion_per_year")?,
        vol_of_variance: fields.real("vol_of_variance")?,
        correlation: fields.real("correlation")?,
    })
}

fn ou(fields: &mut Fields) -> Result<OrnsteinUhlenbeck, PriceSourceError> {
    Ok(OrnsteinUhlenbeck {
        peg: fields.price("peg")?,
        reversion_per_year: fields.real("reversion_per_year")?,
        volatility: fields.real("volatility")?,
    })
}

/// No drift unless stated: over the days of a crash nobody knows one.
fn drift(fields: &mut Fields) -> f64 {
    fields.optional("drift_per_year").map_or(0.0, real)
}

impl From<ProcessError> for PriceSourceError {
    fn from(error: ProcessError) -> Self {
        Self::Process(error)
    }
}
