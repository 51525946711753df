use std::collections::{BTreeMap, BTreeSet};

use cofferdam_ledger::{Program, Recording};
use cofferdam_lending_interface::state::{PoolConfig, ReserveConfig};

use super::{Asset, PoolId};

/// Whether the ledger checks signatures. Without the check it believes the message's flags, and
/// a campaign is several times faster.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Signatures {
    /// Checked.
    #[default]
    Checked,
    /// Believed.
    Believed,
}

/// How a world begins.
#[derive(Clone, Debug)]
pub struct Options {
    /// Seed of all keys.
    pub seed: u64,
    /// Whether signatures are checked.
    pub signatures: Signatures,
    /// What the ledger records.
    pub recording: Recording,
    /// Parameters of the pools.
    pub pool: PoolConfig,
    /// Parameters of reserves that differ from [`base_config`].
    pub configs: BTreeMap<(PoolId, Asset), ReserveConfig>,
    /// Assets whose reserves compare their price with a second feed's.
    pub second_feeds: BTreeSet<Asset>,
    /// Other people's programs on the ledger.
    pub guests: Vec<Program>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            seed: 1,
            signatures: Signatures::default(),
            recording: Recording::Journal,
            pool: PoolConfig::default(),
            configs: BTreeMap::new(),
            second_feeds: BTreeSet::new(),
            guests: Vec::new(),
        }
    }
}

impl Options {
    /// For campaigns: signatures believed and nothing recorded.
    #[must_use]
    pub fn fast() -> Self {
        let (signatures, recording) = (Signatures::Believed, Recording::Nothing);
        Self { signatures, recording, ..Self::default() }
    }

    /// Parameters of a reserve.
    #[must_use]
    pub fn config(&self, pool: PoolId, asset: Asset) -> ReserveConfig {
        self.configs.get(&(pool, asset)).copied().unwrap_or_else(base_config)
    }
}

/// Parameters a reserve has unless told otherwise: 75 % may be borrowed, liquidation from 80 %
/// with a bonus of 8 % (1 % once insolvent) of which the protocol takes a tenth, prices good for
/// an hour, no interest on an idle reserve and 4 % a year at 90 % utilisation.
///
/// # Panics
/// Never: the curve is valid.
#[must_use]
pub fn base_config() -> ReserveConfig {
    ReserveConfig::default()
}
