//! What a reserve's caps leave of what people want.
//!
//! A scenario states what people would supply, deposit and borrow; the pool opens as it would have
//! filled up. What is beyond a cap is turned away from all in proportion, so that a cap changes how
//! much is at risk and not whose: the ratios of loans to collateral stay as they are. That makes a
//! cap a lever whose effect only grows with it.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use super::{AmountError, PlannedPosition, Pool, Reserve, Scenario};

/// A part of a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Part {
    of: u128,
    whole: u128,
}

/// What is left to the borrowers of a pool, by the symbols of what they deposit and borrow.
#[derive(Debug, Default)]
pub(super) struct Room {
    collateral: BTreeMap<String, Part>,
    debt: BTreeMap<String, Part>,
}

/// What people want of one asset, in native units.
#[derive(Debug, Default)]
struct Demand {
    collateral: u128,
    debt: u128,
    loans: u128,
}

impl Reserve {
    /// What its suppliers bring: no more than the cap.
    #[must_use]
    pub fn supplied_within_cap(&self) -> Decimal {
        self.supply_cap.map_or(self.supplied, |cap| cap.min(self.supplied))
    }

    /// What may be lent of it where a cap says so: what suppliers were allowed to bring, too.
    fn lendable(&self) -> Option<Decimal> {
        let cut = self.supply_cap.filter(|cap| *cap < self.supplied);
        [cut, self.borrow_cap].into_iter().flatten().min()
    }
}

impl Pool {
    /// Whether any of its reserves has a cap.
    pub(super) fn is_capped(&self) -> bool {
        self.reserves.iter().any(|of| of.supply_cap.is_some() || of.borrow_cap.is_some())
    }
}

impl Room {
    /// What the caps of `pool` leave to people who want what `wanted` says.
    pub(super) fn read(
        scenario: &Scenario,
        pool: &Pool,
        wanted: impl Iterator<Item = PlannedPosition>,
    ) -> Result<Self, AmountError> {
        let demand = demand(scenario, wanted);
        let mut room = Self::default();
        for reserve in &pool.reserves {
            let (Some(asset), Some(demand)) =
                (scenario.asset(&reserve.asset), demand.get(&reserve.asset))
            else {
                continue;
            };
            let native = |tokens| asset.native(tokens).map(u128::from);
            if let Some(cap) = reserve.supply_cap {
                let left = native(cap)? - native(reserve.supplied_within_cap())?;
                let part = Part { of: left, whole: demand.collateral };
                room.collateral.insert(reserve.asset.clone(), part);
            }
            if let Some(most) = reserve.lendable() {
                // Loans are whole units: cut, each may be one nearer to what it was.
                let part = Part { of: native(most)?, whole: demand.debt + demand.loans };
                room.debt.insert(reserve.asset.clone(), part);
            }
        }
        Ok(room)
    }

    /// A position as the tighter of its two caps lets it open.
    pub(super) fn within(&self, position: PlannedPosition) -> PlannedPosition {
        let whole = position.collateral_native;
        let sides = [self.collateral.get(&position.collateral), self.debt.get(&position.debt)];
        let left = sides.into_iter().flatten().map(|part| part.down(whole)).min();
        PlannedPosition { collateral_native: left.unwrap_or(whole), ..position }
    }
}

impl Part {
    /// That part of `amount`, rounded down; all of it where the cap is not reached.
    fn down(self, amount: u64) -> u64 {
        if self.of >= self.whole {
            return amount;
        }
        // A part of a u64 is one.
        let part = u128::from(amount).checked_mul(self.of).map(|product| product / self.whole);
        part.and_then(|part| u64::try_from(part).ok()).unwrap_or(0)
    }
}

fn demand(
    scenario: &Scenario,
    wanted: impl Iterator<Item = PlannedPosition>,
) -> BTreeMap<String, Demand> {
    let side = |symbol: &str| {
        let asset = scenario.asset(symbol)?;
        Some((asset.price.opening()?, asset.decimals))
    };
    let mut demand: BTreeMap<String, Demand> = BTreeMap::new();
    for position in wanted {
        let sides = side(&position.collateral).zip(side(&position.debt));
        let owed = sides.and_then(|(collateral, debt)| position.debt_native_down(collateral, debt));
        let PlannedPosition { collateral, debt, collateral_native, .. } = position;
        demand.entry(collateral).or_default().collateral += u128::from(collateral_native);
        let debt = demand.entry(debt).or_default();
        debt.debt += u128::from(owed.unwrap_or(u64::MAX));
        debt.loans += 1;
    }
    demand
}
