use std::collections::{BTreeMap, BTreeSet};

use cofferdam_ledger::{Program, Recording};
use cofferdam_lending_interface::{
    state::{LossPolicy, PoolConfig, RateModel, ReserveConfig},
    units::{Amount, Bps, Value, WAD},
};
use cofferdam_sdk::{Signer, keys::seeded};

use super::{Actor, Asset, PoolId};

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
    /// Parameters of single pools, in place of `pool`.
    pub pools: BTreeMap<PoolId, PoolConfig>,
    /// Parameters of reserves that differ from [`base_config`].
    pub configs: BTreeMap<(PoolId, Asset), ReserveConfig>,
    /// Assets whose reserves compare their price with a second feed's.
    pub second_feeds: BTreeSet<Asset>,
    /// Assets whose feed takes five of seven publishers, [`PANEL`](super::PANEL); two of them are
    /// compromised.
    pub panels: BTreeSet<Asset>,
    /// Assets for which somebody else's program has an account that says what a feed says, and a
    /// price [`FORGED_TIMES`](super::FORGED_TIMES) as high.
    pub forged: BTreeSet<Asset>,
    /// Who is in the insurance fund of every reserve of a lively world, besides the admin's gift.
    pub stakers: BTreeSet<Actor>,
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
            pools: BTreeMap::new(),
            configs: BTreeMap::new(),
            second_feeds: BTreeSet::new(),
            panels: BTreeSet::new(),
            forged: BTreeSet::new(),
            stakers: BTreeSet::new(),
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

    /// For campaigns that are to reach everything there is: [`Options::fast`] with what the plain
    /// world lacks. Harbour has a guardian, a grace and a least position; Lagoon a guardian, a
    /// timelock and a notice. Ether's feed takes five of seven publishers, two of them compromised; DAI is
    /// compared with a second feed; prices may not jump in the Harbour's ether. The reserves
    /// share out losses by different policies and find their rates in different ways.
    #[must_use]
    pub fn wild() -> Self {
        let guardian = seeded(Self::default().seed, Actor::Carol.name()).pubkey();
        let harbour = PoolConfig {
            guardian,
            grace_s: PoolConfig::GRACE_MAX_S,
            min_position_value: Value(10 * WAD),
            ..PoolConfig::default()
        };
        let lagoon = PoolConfig {
            guardian,
            timelock_s: 86_400,
            withdrawal_notice_s: 3_600,
            ..PoolConfig::default()
        };
        Self {
            pools: [(PoolId::Harbour, harbour), (PoolId::Lagoon, lagoon)].into(),
            configs: wild_configs(),
            second_feeds: [Asset::Dai].into(),
            panels: [Asset::Weth].into(),
            forged: [Asset::Weth, Asset::Usdc].into(),
            stakers: [Actor::Carol, Actor::Dave].into(),
            ..Self::fast()
        }
    }

    /// Parameters of a pool.
    #[must_use]
    pub fn pool_config(&self, pool: PoolId) -> PoolConfig {
        self.pools.get(&pool).copied().unwrap_or(self.pool)
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

fn wild_configs() -> BTreeMap<(PoolId, Asset), ReserveConfig> {
    use Asset::{Dai, Usdc, Wbtc, Weth};
    use PoolId::{Harbour, Lagoon};
    let base = base_config();
    let (adaptive, policy) =
        (RateModel::Adaptive, |loss_policy| ReserveConfig { loss_policy, ..base });
    let of = |asset: Asset, part: u64| Amount(asset.funding().get() / part);
    let weth = ReserveConfig {
        collateral_factor: Bps(6_800),
        liquidation_threshold: Bps(7_300),
        max_divergence: Bps(4_000),
        ..base
    };
    let usdc = ReserveConfig { rate_model: adaptive, max_utilisation: Bps(9_000), ..base };
    let dai = ReserveConfig { max_divergence: Bps(500), ..policy(LossPolicy::Deficit) };
    let limited = ReserveConfig {
        rate_model: adaptive,
        outflow_hour_max: of(Weth, 100),
        outflow_day_max: of(Weth, 50),
        ..policy(LossPolicy::Receivable)
    };
    let capped = ReserveConfig {
        supply_cap: of(Dai, 40),
        borrow_cap: of(Dai, 140),
        ..policy(LossPolicy::InsuranceThenHaircut)
    };
    [
        ((Harbour, Weth), weth),
        ((Harbour, Usdc), usdc),
        ((Harbour, Dai), dai),
        ((Harbour, Wbtc), ReserveConfig { rate_model: adaptive, ..base }),
        ((Lagoon, Weth), limited),
        ((Lagoon, Usdc), policy(LossPolicy::NegativeReserves)),
        ((Lagoon, Dai), capped),
        ((Lagoon, Wbtc), policy(LossPolicy::Haircut)),
    ]
    .into()
}
