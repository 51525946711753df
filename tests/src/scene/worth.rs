//! What positions are worth and owe, by arithmetic of its own: nothing of the program's plans,
//! shares or values is called, so that a slip in those is no slip in the checks as well. A test
//! holds the two against each other.
//!
//! `None` stands for a figure that leaves 128 bits.

use cofferdam_host::Address;
use cofferdam_lending_interface::{
    math::health::Health,
    plan::{FORSAKEN_AFTER_S, UNPRICEABLE_AFTER_S},
    state::{Entry, Mode, Position, PriceFeed, Reserve},
    units::{FINE_PER_UNIT, RAY, Value},
};

use super::Scene;
use crate::wide::{mul_div_down, mul_div_up};

/// Ten thousand basis points.
const BPS: u128 = 10_000;
/// Shares that stand beside a reserve's own.
const VIRTUAL_SHARES: u128 = 1_000_000;
/// Assets that stand beside a reserve's own, in 10⁻⁹ units.
const VIRTUAL_ASSETS: u128 = FINE_PER_UNIT;

/// What is made of a price that is in doubt.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Doubt {
    /// The price at face value.
    Ignored,
    /// Interval and average count against the position.
    Counted,
}

/// A reserve's suppliers: what they own together and by how many shares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Books {
    /// Assets, in 10⁻⁹ units.
    pub(crate) assets: u128,
    /// Shares.
    pub(crate) shares: u128,
}

impl Books {
    /// `cash + debt + flash loan + deficit − fees − insurance − vesting`.
    pub(crate) fn of(reserve: &Reserve) -> Option<Self> {
        let assets = assets(reserve)?.checked_sub(claims(reserve)?)?;
        Some(Self { assets, shares: reserve.supply_shares.get() })
    }

    /// Assets and shares with the virtual ones; the price of a share is their quotient.
    pub(crate) fn price(self) -> Option<(u128, u128)> {
        let assets = self.assets.checked_add(VIRTUAL_ASSETS)?;
        Some((assets, self.shares.checked_add(VIRTUAL_SHARES)?))
    }

    /// What `shares` are worth, rounded down, and never more than there is.
    pub(crate) fn claim_down(self, shares: u128) -> Option<u128> {
        let (assets, all) = self.price()?;
        Some(mul_div_down(shares, assets, all)?.min(self.assets))
    }
}

/// What a reserve has, in 10⁻⁹ units.
pub(crate) fn assets(reserve: &Reserve) -> Option<u128> {
    let lent = debt_of_all(reserve)?.checked_add(fine(reserve.flash_loan.get()))?;
    fine(reserve.cash.get()).checked_add(lent)?.checked_add(reserve.deficit.get())
}

/// What others than suppliers have a claim on, in 10⁻⁹ units.
pub(crate) fn claims(reserve: &Reserve) -> Option<u128> {
    let fund = reserve.fees.get().checked_add(reserve.insurance.get())?;
    fund.checked_add(reserve.vesting.get())
}

/// What all borrowers of a reserve owe together, rounded down, in 10⁻⁹ units.
pub(crate) fn debt_of_all(reserve: &Reserve) -> Option<u128> {
    mul_div_down(reserve.debt_shares.get(), reserve.index.get(), RAY)
}

/// What `shares` of a reserve's debt owe, rounded up, in 10⁻⁹ units.
pub(crate) fn debt_up(shares: u128, reserve: &Reserve) -> Option<u128> {
    mul_div_up(shares, reserve.index.get(), RAY)
}

/// Cash that is not the insurance fund's, rounded down.
pub(crate) fn available_down(reserve: &Reserve) -> Option<u64> {
    let fund = reserve.insurance_cash.get().min(fine(reserve.cash.get()));
    reserve.cash.get().checked_sub(units_up(fund)?)
}

/// 10⁻⁹ units of native units.
pub(crate) fn fine(units: u64) -> u128 {
    u128::from(units) * FINE_PER_UNIT
}

/// Native units, rounded down.
pub(crate) fn units_down(fine: u128) -> Option<u64> {
    u64::try_from(fine / FINE_PER_UNIT).ok()
}

/// Native units, rounded up.
pub(crate) fn units_up(fine: u128) -> Option<u64> {
    u64::try_from(fine.div_ceil(FINE_PER_UNIT)).ok()
}

/// Value of `fine` of a token, rounded down, in 10⁻¹⁸ dollars.
pub(crate) fn value_down(fine: u128, price: u128, decimals: u8) -> Option<u128> {
    mul_div_down(fine, price, per_token(decimals)?)
}

/// Value of `fine` of a token, rounded up, in 10⁻¹⁸ dollars.
pub(crate) fn value_up(fine: u128, price: u128, decimals: u8) -> Option<u128> {
    mul_div_up(fine, price, per_token(decimals)?)
}

/// Native units that `value` buys, rounded down.
pub(super) fn units_for_down(value: u128, price: u128, decimals: u8) -> Option<u64> {
    let per_token = power(decimals)?;
    u64::try_from(mul_div_down(value, per_token, price)?).ok()
}

/// 10⁻⁹ units of a whole token.
fn per_token(decimals: u8) -> Option<u128> {
    power(decimals)?.checked_mul(FINE_PER_UNIT)
}

/// `10ⁿ`; `None` when that is no number of 128 bits.
fn power(exponent: u8) -> Option<u128> {
    const POWERS: [u128; 39] = {
        let (mut powers, mut at) = ([1; 39], 1);
        while at < powers.len() {
            powers[at] = powers[at - 1] * 10;
            at += 1;
        }
        powers
    };
    POWERS.get(usize::from(exponent)).copied()
}

/// What one token counts for as collateral and as debt while its price is in doubt:
/// `min(price − confidence, average)` and `max(price + confidence, average)`.
pub(crate) fn prices(scene: &Scene, reserve: &Reserve) -> Option<(u128, u128)> {
    let feed = scene.feeds.get(&reserve.feed)?;
    let (price, doubt) = (last(feed), feed.confidence.get());
    let average = feed.ema_at(scene.now_s).ok()?.get();
    Some((price.checked_sub(doubt)?.min(average), price.checked_add(doubt)?.max(average)))
}

/// The last price; the average once it was withdrawn.
pub(crate) const fn last(feed: &PriceFeed) -> u128 {
    if feed.price.is_zero() { feed.ema.get() } else { feed.price.get() }
}

/// The threshold in force: on its way down it stands above the configured one by the part of the
/// fall that is still to come, rounded up.
pub(crate) fn threshold_bps(reserve: &Reserve, now_s: i64) -> u32 {
    let (ramp, target) = (&reserve.ramp, reserve.config.liquidation_threshold.get());
    let (left_s, all_s) = (ramp.end_s - now_s, ramp.end_s - ramp.start_s);
    if left_s <= 0 || ramp.from.get() <= target {
        return target;
    }
    let fall = i64::from(ramp.from.get() - target);
    let left = (fall * left_s.min(all_s) + all_s - 1) / all_s.max(1);
    target + u32::try_from(left).unwrap_or_default()
}

/// What a position is worth and owes.
pub(super) fn health(scene: &Scene, position: &Address, doubt: Doubt) -> Option<Health> {
    health_of(scene, scene.positions.get(position)?.used(), doubt)
}

fn health_of<'a>(
    scene: &Scene,
    entries: impl Iterator<Item = &'a Entry>,
    doubt: Doubt,
) -> Option<Health> {
    let mut sum = [0_u128; 5];
    for entry in entries {
        let part = part(scene, entry, doubt)?;
        for (sum, part) in sum.iter_mut().zip(part) {
            *sum = sum.checked_add(part)?;
        }
    }
    let [collateral, borrow_limit, liquidation_limit, debt, debt_weighted] = sum.map(Value);
    Some(Health { collateral, borrow_limit, liquidation_limit, debt, debt_weighted })
}

/// What one entry adds to each figure of [`Health`], in their order.
fn part(scene: &Scene, entry: &Entry, doubt: Doubt) -> Option<[u128; 5]> {
    let reserve = scene.accrued.get(&entry.reserve)?;
    let (low, high) = match doubt {
        Doubt::Ignored => scene.feeds.get(&reserve.feed).map(|feed| (last(feed), last(feed)))?,
        Doubt::Counted => prices(scene, reserve)?,
    };
    let (config, mut part) = (&reserve.config, [0; 5]);
    if !entry.supply.is_zero() {
        let tokens = scene.accrued.books(&entry.reserve)?.claim_down(entry.supply.get())?;
        let value = value_down(tokens, low, reserve.decimals)?;
        let active = reserve.mode == Mode::Active;
        let factor = if active { config.collateral_factor.get() } else { 0 };
        let threshold = threshold_bps(reserve, reserve.accrued_at_s);
        part[0] = value;
        part[1] = mul_div_down(value, u128::from(factor), BPS)?;
        part[2] = mul_div_down(value, u128::from(threshold), BPS)?;
    }
    if !entry.debt.is_zero() {
        let value = value_up(debt_up(entry.debt.get(), reserve)?, high, reserve.decimals)?;
        part[3] = value;
        part[4] = mul_div_up(value, u128::from(config.borrow_factor.get()), BPS)?;
    }
    Some(part)
}

/// Whether a position can be liquidated and its debt exceeds what its collateral recovers, by a
/// debt share at least. Collateral without a price recovers what it would at its last one, until
/// that is too old.
pub(super) fn is_insolvent(scene: &Scene, position: &Address) -> Option<bool> {
    let (address, position) = (position, scene.positions.get(position)?);
    let is_known = |entry: &&Entry| !is_forsaken(scene, entry);
    let health = if position.used().all(|entry| is_known(&entry)) {
        scene.health(address)?
    } else {
        health_of(scene, position.used().filter(is_known), Doubt::Ignored)?
    };
    if !health.is_liquidatable() {
        return Some(false);
    }
    let estate = estate(scene, position)?;
    if estate.debt <= estate.recoverable.checked_add(estate.remembered)? {
        return Some(false);
    }
    let dust = scene.pools.get(&position.pool).map_or(0, |p| p.config.min_position_value.get());
    let recovered = if estate.value < dust { 0 } else { estate.recoverable };
    let excess = estate.debt.checked_sub(recovered)?;
    let mut owed = position.used().map(|entry| entry.debt.get()).filter(|shares| *shares > 0);
    Some(owed.any(|shares| mul_div_down(shares, excess, estate.debt).is_some_and(|cut| cut > 0)))
}

/// What a position owes and what its collateral comes to, in value.
#[derive(Clone, Copy, Debug, Default)]
struct Estate {
    debt: u128,
    value: u128,
    recoverable: u128,
    remembered: u128,
}

fn estate(scene: &Scene, position: &Position) -> Option<Estate> {
    let mut sum = Estate::default();
    for entry in position.used() {
        let reserve = scene.accrued.get(&entry.reserve)?;
        if !entry.debt.is_zero() {
            let tokens = debt_up(entry.debt.get(), reserve)?;
            let value = value_up(tokens, prices(scene, reserve)?.1, reserve.decimals)?;
            sum.debt = sum.debt.checked_add(value)?;
        }
        if !entry.supply.is_zero() {
            add_collateral(scene, reserve, entry, &mut sum)?;
        }
    }
    Some(sum)
}

/// Whether an entry is collateral whose price is so old that it counts for nothing.
fn is_forsaken(scene: &Scene, entry: &Entry) -> bool {
    let silent_s = || {
        let feed = scene.feeds.get(&scene.accrued.get(&entry.reserve)?.feed)?;
        Some(i128::from(scene.now_s) - i128::from(feed.observed_at_s))
    };
    !entry.supply.is_zero() && silent_s().is_some_and(|it| it > i128::from(FORSAKEN_AFTER_S))
}

fn add_collateral(scene: &Scene, reserve: &Reserve, entry: &Entry, sum: &mut Estate) -> Option<()> {
    let feed = scene.feeds.get(&reserve.feed)?;
    let tokens = scene.accrued.books(&entry.reserve)?.claim_down(entry.supply.get())?;
    let bonus = BPS + u128::from(reserve.config.liquidation_bonus_max.get());
    let silent_s = i128::from(scene.now_s) - i128::from(feed.observed_at_s);
    if silent_s > i128::from(UNPRICEABLE_AFTER_S) {
        if silent_s <= i128::from(FORSAKEN_AFTER_S) {
            let value = value_down(tokens, last(feed), reserve.decimals)?;
            sum.remembered = sum.remembered.checked_add(mul_div_down(value, BPS, bonus)?)?;
        }
        return Some(());
    }
    // What is dust shows at face value, what is recovered at the price in doubt.
    let face = value_down(tokens, last(feed), reserve.decimals)?;
    sum.value = sum.value.checked_add(face)?;
    let value = value_down(tokens, prices(scene, reserve)?.0, reserve.decimals)?;
    sum.recoverable = sum.recoverable.checked_add(mul_div_down(value, BPS, bonus)?)?;
    Some(())
}
