//! How bad it is: the figures an objective search maximises.

use cofferdam_lending_interface::{
    math::value::Quote,
    units::{Amount, Fine, Value, WAD},
};

use super::Course;
use crate::{
    scene::Scene,
    world::{Actor, Asset, PoolId, World},
};

/// What can be maximised. Dollars are in millionths.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Measure {
    /// Debt that no collateral covers at the last prices, worth what it was at par, in millionths
    /// of a dollar: a price that is a thousand times too high is not a loss a thousand times as
    /// large.
    BadDebt,
    /// What suppliers lost and did not get back, deficits included, at par prices, in millionths
    /// of a dollar.
    SupplierLoss,
    /// Supplier loss for a shock of a hundred per cent: loss ÷ Σ |move|, where an hour counts as a
    /// move of a basis point, in millionths of a dollar.
    LossPerShock,
    /// Most that one person owns beyond what that person began with, at par prices, in millionths
    /// of a dollar.
    Profit,
    /// Bad debt that liquidations added, in millionths of a dollar.
    Toxic,
    /// Debt ÷ collateral of the solvent position that is nearest to insolvency, in basis points.
    Nearness,
    /// Loss that withdrawals escaped because it was not recognised yet, in millionths of a dollar.
    Running,
}

/// The figures of one moment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Gauge {
    values: [i128; Measure::ALL.len()],
}

/// A smaller shock counts as this one: a loss without any shock would otherwise be infinite.
const SHOCK_MIN_BPS: i128 = 100;

/// A millionth of a dollar, as a [`Value`].
const MICRO: u128 = WAD / 1_000_000;

impl Measure {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::BadDebt,
        Self::SupplierLoss,
        Self::LossPerShock,
        Self::Profit,
        Self::Toxic,
        Self::Nearness,
        Self::Running,
    ];

    /// Name, as on the command line.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::BadDebt => "bad_debt",
            Self::SupplierLoss => "supplier_loss",
            Self::LossPerShock => "loss_per_shock",
            Self::Profit => "profit",
            Self::Toxic => "toxic",
            Self::Nearness => "nearness",
            Self::Running => "running",
        }
    }

    /// The measure of a name.
    #[must_use]
    pub fn of_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|measure| measure.name() == name)
    }

    /// A figure with its unit, for people.
    #[must_use]
    pub fn say(self, figure: i128) -> String {
        match self {
            Self::Nearness => format!("{figure} bp"),
            _ => dollars(figure),
        }
    }
}

impl Gauge {
    /// Reads a moment.
    #[must_use]
    pub fn of(world: &World, scene: &Scene, course: &Course) -> Self {
        let lost = supplier_loss(world, scene);
        let mut gauge = Self::default();
        gauge.set(Measure::BadDebt, bad_debt(world, scene));
        gauge.set(Measure::SupplierLoss, lost);
        gauge.set(
            Measure::LossPerShock,
            lost * 10_000 / course.shock_bps(scene.now_s).max(SHOCK_MIN_BPS),
        );
        gauge.set(Measure::Profit, profit(world, scene));
        gauge.set(Measure::Toxic, course.toxic());
        gauge.set(Measure::Nearness, nearness(scene));
        gauge.set(Measure::Running, course.escaped());
        gauge
    }

    /// One figure.
    #[must_use]
    pub const fn get(&self, measure: Measure) -> i128 {
        self.values[measure as usize]
    }

    const fn set(&mut self, measure: Measure, figure: i128) {
        self.values[measure as usize] = figure;
    }
}

/// Debt beyond collateral of all positions at the last prices, in millionths of a dollar.
pub(super) fn uncovered(scene: &Scene) -> i128 {
    let healths = scene.positions.keys().filter_map(|position| scene.health(position));
    healths.map(|health| micros(health.debt).saturating_sub(micros(health.collateral)).max(0)).sum()
}

/// The part of each debt that its collateral does not cover, at par prices.
pub(super) fn bad_debt(world: &World, scene: &Scene) -> i128 {
    let people = PoolId::ALL.into_iter().flat_map(|pool| Actor::OWNERS.map(|owner| (pool, owner)));
    let parts = people.map(|(pool, owner)| {
        let position = world.position_address(pool, owner);
        let Some(health) = scene.health(&position) else { return 0 };
        let (debt, held) = (micros(health.debt), micros(health.collateral));
        if debt <= held {
            return 0;
        }
        let owed = |asset| scene.owed(&position, &world.keys(pool, asset).reserve).fine();
        let par: i128 = Asset::ALL.into_iter().map(|asset| worth(asset, owed(asset))).sum();
        par.saturating_mul((debt - held) * 1_000 / debt) / 1_000
    });
    parts.sum()
}

fn nearness(scene: &Scene) -> i128 {
    let healths = scene.positions.keys().filter_map(|position| scene.health(position));
    let ratios = healths.filter(|health| !health.debt.is_zero()).filter_map(|health| {
        let (debt, collateral) = (micros(health.debt), micros(health.collateral));
        (collateral > 0 && debt <= collateral).then(|| debt * 10_000 / collateral)
    });
    ratios.max().unwrap_or(0)
}

/// What suppliers lost and did not get back, deficits included, at par prices.
fn supplier_loss(world: &World, scene: &Scene) -> i128 {
    let lost = places().filter_map(|(pool, asset)| {
        let reserve = scene.reserves.get(&world.keys(pool, asset).reserve)?;
        let suppliers = reserve.losses.suppliers.minus(reserve.recovered.suppliers).ok()?;
        Some(worth(asset, suppliers) + worth(asset, reserve.deficit))
    });
    lost.sum()
}

/// The greatest gain of anybody but admin and publisher, at par prices.
fn profit(world: &World, scene: &Scene) -> i128 {
    let gains =
        Actor::ALL.into_iter().filter(|actor| !matches!(actor, Actor::Admin | Actor::Publisher));
    gains.map(|actor| owns(world, scene, actor) - funding()).max().unwrap_or(0)
}

/// Wallets and positions of a person at the prices the world began with, in millionths of a dollar.
#[must_use]
pub fn owns(world: &World, scene: &Scene, actor: Actor) -> i128 {
    let wallets = Asset::ALL
        .into_iter()
        .map(|asset| worth(asset, scene.balance(&world.wallet(actor, asset)).fine()));
    let wallets: i128 = wallets.sum();
    if !Actor::OWNERS.contains(&actor) {
        return wallets;
    }
    let positions = places().map(|(pool, asset)| {
        let (position, reserve) = (world.position_address(pool, actor), world.keys(pool, asset));
        let held = scene.held(&position, &reserve.reserve).fine();
        let owed = scene.owed(&position, &reserve.reserve).fine();
        worth(asset, held) - worth(asset, owed)
    });
    wallets + positions.sum::<i128>()
}

fn funding() -> i128 {
    Asset::ALL.into_iter().map(|asset| worth(asset, asset.funding().fine())).sum()
}

/// Tokens at the price the world began with, in millionths of a dollar.
pub(super) fn worth(asset: Asset, tokens: Fine) -> i128 {
    let quote = Quote { price: asset.par(), decimals: asset.decimals() };
    quote.value_down(tokens).map(micros).unwrap_or(0)
}

/// Whole units at the price the world began with, in millionths of a dollar.
pub(super) fn worth_units(asset: Asset, tokens: Amount) -> i128 {
    worth(asset, tokens.fine())
}

pub(super) fn micros(value: Value) -> i128 {
    i128::try_from(value.get() / MICRO).unwrap_or(i128::MAX / 1_024)
}

/// Millionths of a dollar as dollars and cents.
pub(super) fn dollars(micros: i128) -> String {
    let (sign, cents) = (if micros < 0 { "-" } else { "" }, micros.unsigned_abs() / 10_000);
    format!("{sign}${}.{:02}", grouped(cents / 100), cents % 100)
}

fn grouped(number: u128) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

fn places() -> impl Iterator<Item = (PoolId, Asset)> {
    PoolId::ALL.into_iter().flat_map(|pool| Asset::ALL.map(|asset| (pool, asset)))
}
