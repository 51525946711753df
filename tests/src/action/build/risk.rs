//! Dealing with positions that fail.

use cofferdam_host::Address;
use cofferdam_lending_interface::{
    instruction::Liquidate,
    math::ramp::RAMP_MIN_S,
    state::ReserveConfig,
    units::{Amount, Bps},
};
use cofferdam_sdk::{Instruction, instruction as build, instruction::ReserveKeys};

use super::{Built, Loan, Resolved};
use crate::{
    action::Figures,
    world::{Actor, Asset},
};

impl Resolved<'_> {
    /// A liquidation of what the position owes and holds: the assets of the record when it does,
    /// its first ones otherwise.
    pub(super) fn liquidate(&self, loans: &mut Vec<Loan>) -> Option<Built> {
        let state = self.state()?;
        let owed = state.used().filter(|entry| !entry.debt.is_zero()).map(|entry| entry.reserve);
        let held = state.used().filter(|entry| !entry.supply.is_zero()).map(|entry| entry.reserve);
        let debt = self.pick(self.action.asset, &owed.collect::<Vec<_>>());
        let collateral = match self.action.way % 32 {
            6 => self.action.other,
            _ => self.pick(self.action.other, &held.collect::<Vec<_>>()),
        };
        let (debt_keys, collateral_keys) = (self.key(debt), self.key(collateral));
        let owed = self.scene.owed(&self.position, &debt_keys.reserve);
        let repay_max = self.amount(owed);
        let args = Liquidate { repay_max, collateral_min: self.least() };
        let (signer, receiver) = self.liquidator();
        let receiver = receiver.map(|owner| self.world.position_address(self.pool, owner));
        let (person, sides) = (self.world.person(signer), (&debt_keys, &collateral_keys));
        let others = self.used();
        let instruction =
            build::liquidate(&person, &self.position, sides, receiver.as_ref(), &others, args);
        let mut built = self.built(instruction, signer, Figures::Against(collateral, repay_max));
        built.instructions.splice(0..0, self.before(signer, collateral_keys, loans));
        Some(built)
    }

    /// What comes right before a liquidation in the same transaction, in some ways: who runs the
    /// pool puts a grace in front of it or lets the threshold fall, or all of the collateral's
    /// tokens are lent elsewhere.
    fn before(
        &self,
        liquidator: Actor,
        collateral: ReserveKeys,
        loans: &mut Vec<Loan>,
    ) -> Vec<Instruction> {
        match self.action.way % 32 {
            1 | 9 | 26 => self.drain(liquidator, collateral, loans).into_iter().collect(),
            2 | 10 => self.lower(&collateral).into_iter().collect(),
            5 => self.thaw().into(),
            _ => Vec::new(),
        }
    }

    /// The collateral's threshold is to fall, as fast as it may, to where the position could be
    /// liquidated.
    fn lower(&self, collateral: &ReserveKeys) -> Option<Instruction> {
        let reserve = self.scene.accrued.get(&collateral.reserve)?;
        let health = self.scene.health(&self.position)?;
        let (limit, debt) =
            (health.liquidation_limit.get() >> 40, health.debt_weighted.get() >> 40);
        let now = u128::from(reserve.liquidation_threshold().get());
        let to = now.checked_mul(debt)?.checked_div(limit)?.checked_mul(97)? / 100;
        let to = u32::try_from(to).ok().filter(|to| (100..10_000).contains(to))?;
        let factor = reserve.config.collateral_factor.min(Bps(to.saturating_sub(500)));
        let config = ReserveConfig {
            collateral_factor: factor,
            liquidation_threshold: Bps(to),
            ..reserve.config
        };
        let (admin, target) =
            (self.world.person(self.admin()), (&collateral.pool, &collateral.reserve));
        Some(build::update_reserve(&admin, target.0, target.1, config, RAMP_MIN_S))
    }

    /// Who liquidates, and to whose position shares go when cash is short: the liquidator for
    /// tokens only, another owner with or without shares; now and then an owner their own position.
    fn liquidator(&self) -> (Actor, Option<Actor>) {
        let next = |by: usize| {
            let at = Actor::OWNERS.iter().position(|owner| *owner == self.owner).unwrap_or(0);
            Actor::OWNERS[(at + by) % Actor::OWNERS.len()]
        };
        match self.action.way % 16 {
            0..8 => (Actor::Liquidator, None),
            // Who has hardly any position has nothing in the way of a receipt.
            10 | 11 => (Actor::Mallory, Some(Actor::Mallory)),
            8..13 => (next(1), Some(next(1))),
            13 => (next(2), None),
            14 => (self.owner, Some(self.owner)),
            _ => (next(1), Some(next(2))),
        }
    }

    /// The least collateral asked for: nearly always none.
    fn least(&self) -> Amount {
        if self.action.way % 32 == 7 { Amount(1 << 60) } else { Amount::ZERO }
    }

    fn pick(&self, wanted: Asset, among: &[Address]) -> Asset {
        let is_there = |asset: &Asset| among.contains(&self.world.keys(self.pool, *asset).reserve);
        let fitting = [wanted].into_iter().chain(Asset::ALL).find(is_there);
        fitting.filter(|_| !self.is_odd()).unwrap_or(wanted)
    }

    pub(super) fn absorb(&self) -> Option<Built> {
        let _exists = self.state()?;
        let pool = self.world.pool(self.pool);
        let instruction = build::absorb_bad_debt(&pool, &self.position, &self.used());
        Some(self.built(instruction, Actor::Liquidator, Figures::None))
    }
}
