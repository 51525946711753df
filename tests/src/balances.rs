//! The complete set of balances under readable labels, and what moved between two moments. A test
//! compares the whole set, so it says what did not move as well.

use std::{collections::BTreeMap, fmt};

use cofferdam_host::Address;

use crate::{
    scene::Scene,
    world::{Actor, Asset, PoolId, World},
};

/// Every balance of a world: wallets, vaults, lamports, the books of all reserves and the shares
/// of all positions.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Balances(BTreeMap<String, i128>);

/// What moved: label and change, without those that did not move.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Deltas(BTreeMap<String, i128>);

impl Balances {
    /// Reads a world.
    ///
    /// Labels: `alice WETH` for a wallet, `alice lamports`, `harbour WETH vault`, `cash`, `fees`,
    /// `insurance`, `fund shares`, `fund staked`, `fund epoch`, `supply shares`, `debt shares`,
    /// `index`, `flash loan`, `deficit`, `covered`, `vesting`, `mode`, `lost` and `recovered` for a
    /// reserve, `alice@harbour WETH supply`, `debt`, `claim` and `noticed` for a position, and
    /// `alice@harbour WETH stake` and `cooling` for a stake. Fees, insurance, deficits, losses and
    /// claims are in 10⁻⁹ native units.
    #[must_use]
    pub fn of(world: &World) -> Self {
        let scene = Scene::of(world);
        let mut balances = Self::default();
        balances.wallets(world, &scene);
        for pool in PoolId::ALL {
            for asset in Asset::ALL {
                balances.reserve(world, &scene, (pool, asset));
            }
        }
        balances.positions(world, &scene);
        balances.stakes(world, &scene);
        balances
    }

    /// What moved from here to `later`.
    ///
    /// # Panics
    /// When a balance exceeds 127 bits, which none of this program's does.
    #[must_use]
    pub fn to(&self, later: &Self) -> Deltas {
        let labels = self.0.keys().chain(later.0.keys());
        let value = |balances: &Self, label: &str| balances.0.get(label).copied().unwrap_or(0);
        let change = |label: &String| (label.clone(), value(later, label) - value(self, label));
        Deltas(labels.map(change).filter(|(_, change)| *change != 0).collect())
    }

    fn wallets(&mut self, world: &World, scene: &Scene) {
        for actor in Actor::ALL {
            let name = actor.name();
            let lamports = scene.ledger.lamports(&world.person(actor));
            self.put(format!("{name} lamports"), u128::from(lamports));
            for asset in Asset::ALL {
                let held = scene.balance(&world.wallet(actor, asset));
                self.put(format!("{name} {}", asset.symbol()), u128::from(held.get()));
            }
        }
    }

    fn reserve(&mut self, world: &World, scene: &Scene, (pool, asset): (PoolId, Asset)) {
        let keys = world.keys(pool, asset);
        let Some(reserve) = scene.reserves.get(&keys.reserve) else { return };
        let vault = scene.balance(&keys.vault);
        let lines = [
            ("vault", u128::from(vault.get())),
            ("cash", u128::from(reserve.cash.get())),
            ("fees", reserve.fees.get()),
            ("insurance", reserve.insurance.get()),
            ("insurance cash", reserve.insurance_cash.get()),
            ("supply shares", reserve.supply_shares.get()),
            ("debt shares", reserve.debt_shares.get()),
            ("index", reserve.index.get()),
            ("fund shares", reserve.insurance_shares.get()),
            ("fund staked", reserve.insurance_staked.get()),
            ("fund epoch", u128::from(reserve.insurance_epoch)),
            ("flash loan", u128::from(reserve.flash_loan.get())),
            ("deficit", reserve.deficit.get()),
            ("covered", reserve.covered.get()),
            ("vesting", reserve.vesting.get()),
            ("mode", reserve.mode as u128),
            ("lost", reserve.losses.recognised.get()),
            ("recovered", reserve.recovered.recognised.get()),
        ];
        for (label, value) in lines {
            self.put(format!("{} {} {label}", pool.name(), asset.symbol()), value);
        }
    }

    fn positions(&mut self, world: &World, scene: &Scene) {
        for (address, position) in &scene.positions {
            let owner = label_of_owner(world, &position.owner);
            let pool = label_of_pool(world, &position.pool);
            let number =
                if position.index == 0 { String::new() } else { position.index.to_string() };
            for entry in scene.positions[address].used() {
                let asset = label_of_reserve(world, &entry.reserve);
                self.put(format!("{owner}{number}@{pool} {asset} supply"), entry.supply.get());
                self.put(format!("{owner}{number}@{pool} {asset} debt"), entry.debt.get());
                self.put(format!("{owner}{number}@{pool} {asset} claim"), entry.claim.get());
                self.put(format!("{owner}{number}@{pool} {asset} noticed"), entry.noticed.get());
            }
        }
    }

    fn stakes(&mut self, world: &World, scene: &Scene) {
        for stake in scene.stakes.values() {
            let owner = label_of_owner(world, &stake.owner);
            let pool = scene.reserves.get(&stake.reserve).map(|reserve| reserve.pool);
            let pool = label_of_pool(world, &pool.unwrap_or_default());
            let asset = label_of_reserve(world, &stake.reserve);
            self.put(format!("{owner}@{pool} {asset} stake"), stake.shares.get());
            self.put(format!("{owner}@{pool} {asset} cooling"), stake.cooling.get());
        }
    }

    fn put(&mut self, label: String, value: u128) {
        let value = i128::try_from(value).expect("a balance fits 127 bits");
        let _previous = self.0.insert(label, value);
    }
}

impl Deltas {
    /// The change of one balance; zero when it did not move.
    #[must_use]
    pub fn get(&self, label: &str) -> i128 {
        self.0.get(label).copied().unwrap_or(0)
    }

    /// Whether nothing moved.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl<const N: usize> From<[(&str, i128); N]> for Deltas {
    fn from(changes: [(&str, i128); N]) -> Self {
        Self(changes.map(|(label, change)| (label.to_owned(), change)).into())
    }
}

impl fmt::Display for Deltas {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|(label, change)| writeln!(f, "{label}: {change:+}"))
    }
}

fn label_of_owner(world: &World, owner: &Address) -> String {
    world.actor(owner).map_or_else(|| owner.to_string(), |actor| actor.name().into())
}

fn label_of_pool(world: &World, pool: &Address) -> String {
    let known = PoolId::ALL.into_iter().find(|id| world.pool(*id) == *pool);
    known.map_or_else(|| pool.to_string(), |id| id.name().into())
}

fn label_of_reserve(world: &World, reserve: &Address) -> String {
    let known = PoolId::ALL.into_iter().find_map(|pool| {
        Asset::ALL.into_iter().find(|asset| world.keys(pool, *asset).reserve == *reserve)
    });
    known.map_or_else(|| reserve.to_string(), |asset| asset.symbol().into())
}
