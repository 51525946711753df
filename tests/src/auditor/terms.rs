//! What a liquidation takes and gives. docs/MATH.md, "Liquidation".

use cofferdam_lending_interface::{LendingError, state::ReserveConfig};

use super::{
    health::Health,
    number::{Grain, Q},
    state::Reserve,
};

/// What a liquidation starts from.
pub(super) struct Case<'a> {
    pub(super) health: &'a Health,
    pub(super) debt: &'a Reserve,
    pub(super) debt_price: Q,
    pub(super) collateral: &'a Reserve,
    pub(super) collateral_price: Q,
    /// Whole units.
    pub(super) owed: Q,
    /// Whole units.
    pub(super) held: Q,
    pub(super) asked: Q,
    /// Dollars.
    pub(super) least: Q,
}

/// What it does, in whole units.
#[derive(Clone, Debug)]
pub(super) struct Terms {
    pub(super) bonus: Q,
    pub(super) repaid: Q,
    pub(super) seized: Q,
    pub(super) fee: Q,
}

struct Exchange {
    repaid: Q,
    seized: Q,
}

impl Case<'_> {
    pub(super) fn terms(&self) -> Result<Terms, LendingError> {
        if self.health.weighted <= self.health.liquidation_limit {
            return Err(LendingError::NotLiquidatable);
        }
        let bonus = self.bonus();
        let Exchange { repaid, seized } = self.wanted(&bonus)?;
        if repaid.is_zero() || seized.is_zero() {
            return Err(LendingError::AmountTooSmall);
        }
        let fee = self.fee(&seized, &bonus);
        Ok(Terms { bonus, repaid, seized, fee })
    }

    fn config(&self) -> &ReserveConfig {
        &self.collateral.config
    }

    /// Grows with the overshoot, capped by what the collateral has to spare.
    fn bonus(&self) -> Q {
        let (health, config) = (self.health, self.config());
        if health.collateral < health.debt {
            return Q::bps(config.insolvent_bonus.0);
        }
        let (least, most) =
            (Q::bps(config.liquidation_bonus_min.0), Q::bps(config.liquidation_bonus_max.0));
        let shortfall = (&health.weighted - &health.liquidation_limit) / &health.weighted;
        let span = Q::whole(1) - Q::bps(self.debt.config.full_close_health.0);
        let bonus = if shortfall >= span {
            most
        } else {
            // The slope is rounded before it is followed.
            let slope = ((most - &least) / span).floor(Grain::Wad);
            least + (slope * shortfall).floor(Grain::Wad)
        };
        if health.debt.is_zero() {
            return bonus;
        }
        let spare = (&health.collateral - &health.debt) / &health.debt;
        bonus.min(spare.floor(Grain::Wad))
    }

    /// The most that is repaid before dust is looked at.
    fn close_limit(&self, bonus: &Q) -> Result<Q, LendingError> {
        let debt = self.debt.value(&self.owed, &self.debt_price).up(Grain::Dollar)?;
        let level = Q::bps(self.debt.config.full_close_health.0);
        if self.health.factor() <= level || debt < self.least {
            return Ok(self.owed.clone());
        }
        let nine_tenths = (&debt * Q::ratio(9, 10)).floor(Grain::Dollar);
        match self.restoring(bonus).filter(|repaid| *repaid <= nine_tenths) {
            Some(repaid) => {
                let units = self.debt.bought(&repaid, &self.debt_price).up(Grain::Unit)?;
                Ok(units.min(self.owed.clone()))
            }
            None => Ok(self.owed.clone()),
        }
    }

    /// Dollars that restore the target health, `(H·Dw − L) ÷ (H·bf − LT·(1 + b))` rounded up;
    /// `None` when nothing does.
    fn restoring(&self, bonus: &Q) -> Option<Q> {
        let target = Q::bps(self.config().target_health.0);
        let wanted = (&self.health.weighted * &target).ceil(Grain::Dollar);
        let missing = wanted - &self.health.liquidation_limit;
        if !missing.is_positive() {
            return Some(Q::zero());
        }
        let gained = (Q::bps(self.debt.config.borrow_factor.0) * target).floor(Grain::Wad);
        let threshold = Q::bps(self.collateral.threshold());
        let lost = ((Q::whole(1) + bonus) * threshold).ceil(Grain::Wad);
        let divisor = gained - lost;
        if !divisor.is_positive() {
            return None;
        }
        (missing / divisor).up(Grain::Dollar).ok()
    }

    fn wanted(&self, bonus: &Q) -> Result<Exchange, LendingError> {
        let most = self.limit(bonus)?;
        if self.asked >= most.repaid {
            return Ok(most);
        }
        let less = self.exchange(self.asked.clone(), bonus)?;
        if self.leaves_dust(&less) { Err(LendingError::PositionTooSmall) } else { Ok(less) }
    }

    fn limit(&self, bonus: &Q) -> Result<Exchange, LendingError> {
        let most = self.exchange(self.close_limit(bonus)?, bonus)?;
        if most.seized.is_zero() {
            let unit = self.cost(&Q::whole(1).min(self.held.clone()), bonus, &self.owed);
            return self.exchange(unit.unwrap_or_else(|| self.owed.clone()), bonus);
        }
        if self.leaves_dust(&most) { self.exchange(self.owed.clone(), bonus) } else { Ok(most) }
    }

    /// Collateral for `repaid`; all of it for what it costs, when that is no more.
    fn exchange(&self, repaid: Q, bonus: &Q) -> Result<Exchange, LendingError> {
        if let Some(cost) = self.cost(&self.held, bonus, &repaid) {
            return Ok(Exchange { repaid: cost, seized: self.held.clone() });
        }
        let value = self.debt.value(&repaid, &self.debt_price).down(Grain::Dollar)?;
        let value = (value * (Q::whole(1) + bonus)).down(Grain::Dollar)?;
        let units = self.collateral.bought(&value, &self.collateral_price).down(Grain::Unit)?;
        Ok(Exchange { repaid, seized: units.min(self.held.clone()) })
    }

    /// Debt that has to be repaid for `units` of the collateral, if it is at most `most`.
    fn cost(&self, units: &Q, bonus: &Q, most: &Q) -> Option<Q> {
        let value = self.collateral.value(units, &self.collateral_price).up(Grain::Dollar).ok()?;
        let value = (value / (Q::whole(1) + bonus)).ceil(Grain::Dollar);
        let cost = self.debt.bought(&value, &self.debt_price).up(Grain::Unit).ok()?;
        (cost <= *most).then_some(cost)
    }

    /// Whether something is left on both sides, and too little on one.
    fn leaves_dust(&self, exchange: &Exchange) -> bool {
        if exchange.repaid >= self.owed || exchange.seized >= self.held {
            return false;
        }
        let (owed, held) = (&self.owed - &exchange.repaid, &self.held - &exchange.seized);
        let debt = self.debt.value(&owed, &self.debt_price).ceil(Grain::Dollar);
        let held = self.collateral.value(&held, &self.collateral_price).floor(Grain::Dollar);
        debt < self.least || held < self.least
    }

    /// The protocol's share of the bonus in whole units: at least one, at most the bonus.
    fn fee(&self, seized: &Q, bonus: &Q) -> Q {
        let principal = (seized / (Q::whole(1) + bonus)).ceil(Grain::Unit);
        let bonus = seized - principal;
        let share = Q::bps(self.config().liquidation_protocol_fee.0);
        (&bonus * share).ceil(Grain::Unit).max(Q::whole(1)).min(bonus)
    }
}
