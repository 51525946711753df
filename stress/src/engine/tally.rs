//! Adds up what a path cost whom, in millionths of a dollar.

use cofferdam_sdk::interface::{
    math::loss::LossSplit,
    state::Reserve,
    units::{FINE_PER_UNIT, Fine},
};

use super::{play::Paths, run::RunError, stage::Stage};
use crate::{
    outcome::{CoursePoint, Payers},
    prices::MicroUsd,
    scenario::Scenario,
};

/// The sums of a path, pool by pool.
#[derive(Clone, Debug)]
pub(super) struct Tally {
    start_s: i64,
    pub(super) pools: Vec<PoolTally>,
}

/// The sums of a pool.
#[derive(Clone, Debug, Default)]
pub(super) struct PoolTally {
    pub(super) paid: Payers,
    pub(super) liquidated: u128,
    pub(super) profit: i128,
    pub(super) bonus_paid: u128,
    pub(super) failed: u32,
    pub(super) fled: u128,
    pub(super) toxic: u32,
    pub(super) first_loss_s: Option<u32>,
    pub(super) exhausted_s: Option<u32>,
    pub(super) course: Vec<CoursePoint>,
    /// Losses of each reserve when they were last looked at.
    losses: Vec<LossSplit>,
}

/// A liquidation in millionths of a dollar.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Taking {
    pub(super) repaid: u128,
    /// What the liquidator was left with after swaps.
    pub(super) profit: i128,
    /// Collateral above what was repaid, at the chain's prices.
    pub(super) bonus: u128,
    /// Whether the position is worse off.
    pub(super) toxic: bool,
}

impl Tally {
    pub(super) fn new(scenario: &Scenario, stage: &Stage) -> Self {
        let pool = |reserves| PoolTally {
            losses: vec![LossSplit::default(); reserves],
            ..PoolTally::default()
        };
        let pools = stage.pools.iter().map(|staged| pool(staged.reserves.len())).collect();
        Self { start_s: scenario.start.unix_s(), pools }
    }

    /// Adds a liquidation.
    pub(super) fn taken(&mut self, pool: usize, taking: Taking) {
        let sums = &mut self.pools[pool];
        sums.liquidated += taking.repaid;
        sums.profit += taking.profit;
        sums.bonus_paid += taking.bonus;
        sums.toxic += u32::from(taking.toxic);
    }

    /// Adds a liquidation that the program refused, and what it cost.
    pub(super) fn refused(&mut self, pool: usize, fee: u128) {
        self.pools[pool].failed += 1;
        self.pools[pool].profit -= i128::try_from(fee).unwrap_or(i128::MAX);
    }

    /// Adds what the reserves of a pool lost since they were last looked at, at the market's
    /// prices of now.
    pub(super) fn look_for_losses(
        &mut self,
        stage: &Stage,
        paths: &Paths,
        pool: usize,
    ) -> Result<(), RunError> {
        let (now_s, sums) = (stage.desk.now_s(), &mut self.pools[pool]);
        let after_s = u32::try_from(now_s - self.start_s).unwrap_or_default();
        for (index, (symbol, keys)) in stage.pools[pool].reserves.iter().enumerate() {
            let state = stage.desk.client.reserve(&keys.reserve)?;
            let before = std::mem::replace(&mut sums.losses[index], state.losses);
            if before == state.losses {
                continue;
            }
            let price = paths[symbol].at(now_s);
            let worth = |before: Fine, after: Fine| {
                micros_down(Fine(after.get() - before.get()), state.decimals, price)
            };
            let now = state.losses;
            sums.paid.fees += worth(before.fees, now.fees);
            sums.paid.insurance += worth(before.insurance, now.insurance);
            sums.paid.suppliers += worth(before.suppliers, now.suppliers);
            sums.paid.deficit += worth(before.deficit, now.deficit);
            sums.first_loss_s.get_or_insert(after_s);
            let unpaid = now.suppliers != before.suppliers || now.deficit != before.deficit;
            if unpaid && state.insurance.units_down() == Ok(Default::default()) {
                sums.exhausted_s.get_or_insert(after_s);
            }
        }
        Ok(())
    }
}

/// `amount` in millionths of a dollar, rounded down.
pub(super) fn micros_down(amount: Fine, decimals: u8, price: MicroUsd) -> u128 {
    let unit = 10_u128.pow(decimals.into());
    let (units, rest) = (amount.get() / FINE_PER_UNIT, amount.get() % FINE_PER_UNIT);
    let price = u128::from(price.0);
    // Native units fit 64 bits by far, and so does a price; what is finer is worth its own floor.
    (units * price + rest * price / FINE_PER_UNIT) / unit
}

/// All insurance of a pool at `now_s` and the market's prices, in millionths of a dollar; `books`
/// are the pool's reserves in order.
pub(super) fn insurance<'b>(
    books: impl Iterator<Item = &'b Reserve>,
    now_s: i64,
    stage: &Stage,
    paths: &Paths,
    pool: usize,
) -> Result<u128, RunError> {
    let mut sum = 0;
    for ((symbol, _), reserve) in stage.pools[pool].reserves.iter().zip(books) {
        let mut reserve = reserve.clone();
        reserve.accrue(now_s).map_err(RunError::Math)?;
        sum += micros_down(reserve.insurance, reserve.decimals, paths[symbol].at(now_s));
    }
    Ok(sum)
}
