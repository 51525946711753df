//! The limits a reserve sets to what comes and goes, and how its parameters change.

use super::{Reserve, ReserveConfig};
use crate::{
    error::LendingError,
    math::{
        health::CollateralFactors,
        outflow::OutflowLimits,
        ramp::{is_slower, next_ramp, threshold_at},
        wide::mul_div_up,
    },
    state::Mode,
    units::{Amount, BPS_PER_ONE, Bps},
    zoo,
};

impl Reserve {
    /// The liquidation threshold at the moment up to which the reserve has accrued: the configured
    /// one, or where it stands on its way down, rounded up.
    #[must_use]
    pub fn liquidation_threshold(&self) -> Bps {
        threshold_at(&self.ramp, self.config.liquidation_threshold, self.accrued_at_s)
    }

    /// The factors the reserve gives collateral, at the moment up to which it has accrued. A
    /// reserve that is not active lends nothing against its asset: what is wrong with the asset
    /// would otherwise be turned into a loan of another one before anybody is liquidated.
    #[must_use]
    pub fn factors(&self) -> CollateralFactors {
        let active = self.mode == Mode::Active;
        CollateralFactors {
            collateral_factor: if active { self.config.collateral_factor } else { Bps::ZERO },
            liquidation_threshold: self.liquidation_threshold(),
        }
    }

    /// The most that may leave within an hour and a day.
    #[must_use]
    pub const fn outflow_limits(&self) -> OutflowLimits {
        OutflowLimits { hour: self.config.outflow_hour_max, day: self.config.outflow_day_max }
    }

    /// What may still be supplied under the cap, rounded down; [`Amount::MAX`] without a cap.
    ///
    /// # Errors
    /// [`LendingError::MathOverflow`].
    pub fn supply_room_down(&self) -> Result<Amount, LendingError> {
        let cap = self.config.supply_cap;
        if cap == Amount::MAX {
            return Ok(Amount::MAX);
        }
        // Interest may have carried the supply past the cap; then there is no room.
        let supplied = zoo!(self.supply()?.assets; CapByMintOnly => self.cash.fine());
        cap.fine().minus(supplied).unwrap_or_default().units_down()
    }

    /// What may still be lent under the cap, rounded down; [`Amount::MAX`] without a cap.
    ///
    /// # Errors
    /// [`LendingError::MathOverflow`].
    pub fn borrow_room_down(&self) -> Result<Amount, LendingError> {
        let cap = self.config.borrow_cap;
        if cap == Amount::MAX {
            return Ok(Amount::MAX);
        }
        // As above.
        cap.fine().minus(self.debt()?).unwrap_or_default().units_down()
    }

    /// What may still leave by loan and withdrawal now, rounded down; [`Amount::MAX`] without a
    /// limit.
    ///
    /// # Errors
    /// [`LendingError::MathOverflow`].
    pub fn outflow_room_down(&self) -> Result<Amount, LendingError> {
        self.outflow.room_down(self.outflow_limits(), self.accrued_at_s)
    }

    /// Refuses a deposit of `amount` beyond the cap.
    ///
    /// # Errors
    /// [`LendingError::SupplyCapExceeded`]; [`LendingError::MathOverflow`].
    pub fn require_supply_room(&self, amount: Amount) -> Result<(), LendingError> {
        if amount > self.supply_room_down()? {
            Err(LendingError::SupplyCapExceeded)
        } else {
            Ok(())
        }
    }

    /// Refuses a loan of `amount`, of which there is as much cash, beyond the cap or the highest
    /// utilisation.
    ///
    /// # Errors
    /// [`LendingError::BorrowCapExceeded`], [`LendingError::UtilisationTooHigh`];
    /// [`LendingError::MathOverflow`].
    pub fn require_borrow_room(&self, amount: Amount) -> Result<(), LendingError> {
        if amount > self.borrow_room_down()? {
            return Err(LendingError::BorrowCapExceeded);
        }
        let most = self.config.max_utilisation;
        if most == Bps::ONE {
            return Ok(());
        }
        let debt = self.debt()?;
        let (lent, funds) = (debt.plus(amount.fine())?, debt.plus(self.available()?.fine())?);
        let utilisation = mul_div_up(lent.get(), BPS_PER_ONE, funds.get())?;
        let fine = utilisation <= u128::from(most.get());
        if fine { Ok(()) } else { Err(LendingError::UtilisationTooHigh) }
    }

    /// Refuses to let `amount` leave beyond what the hour and the day leave room for.
    ///
    /// # Errors
    /// [`LendingError::OutflowLimitExceeded`]; [`LendingError::MathOverflow`].
    pub fn require_outflow_room(&self, amount: Amount) -> Result<(), LendingError> {
        let room = self.outflow_room_down()?;
        if amount > room { Err(LendingError::OutflowLimitExceeded) } else { Ok(()) }
    }

    /// Counts a loan or withdrawal of `amount`. Liquidations are never counted, so that nothing
    /// stands in their way.
    ///
    /// # Errors
    /// [`LendingError::OutflowLimitExceeded`]; [`LendingError::MathOverflow`].
    pub fn count_out(&mut self, amount: Amount) -> Result<(), LendingError> {
        let (limits, now_s) = (self.outflow_limits(), self.accrued_at_s);
        self.outflow.take(amount, limits, now_s)
    }

    /// Counts a deposit or repayment of `amount`, which makes room again.
    ///
    /// # Errors
    /// [`LendingError::MathOverflow`].
    pub fn count_in(&mut self, amount: Amount) -> Result<(), LendingError> {
        let (limits, now_s) = (self.outflow_limits(), self.accrued_at_s);
        self.outflow.give(amount, limits, now_s)
    }

    /// Why `config`, with a threshold that falls over `ramp_s` if it falls, carries more risk than
    /// what holds now; `None` when it does not.
    ///
    /// # Errors
    /// Those of [`next_ramp`].
    pub fn risk_raised_by(
        &self,
        config: &ReserveConfig,
        ramp_s: u32,
    ) -> Result<Option<&'static str>, LendingError> {
        if let Some(reason) = config.raises_risk(&self.config) {
            return Ok(Some(reason));
        }
        let now_s = self.accrued_at_s;
        let (before, after) = (self.config.liquidation_threshold, config.liquidation_threshold);
        let next = next_ramp(&self.ramp, (before, after), ramp_s, now_s)?;
        let slower = is_slower((&self.ramp, before), (&next, after), now_s);
        Ok(slower.then_some("a slower ramp holds the liquidation_threshold up for longer"))
    }

    /// Replaces the parameters at the moment up to which the reserve has accrued; a threshold that
    /// falls does so over `ramp_s`. The new ones are held against the threshold that holds right
    /// then too: a higher bonus next to a threshold that has not fallen yet would make bad debt of
    /// whoever is liquidated first.
    ///
    /// # Errors
    /// [`LendingError::InvalidConfig`]; those of [`next_ramp`].
    pub fn reconfigure(&mut self, config: ReserveConfig, ramp_s: u32) -> Result<(), LendingError> {
        let (before, after) = (self.config.liquidation_threshold, config.liquidation_threshold);
        let ramp = next_ramp(&self.ramp, (before, after), ramp_s, self.accrued_at_s)?;
        let threshold = threshold_at(&ramp, after, self.accrued_at_s);
        let at_once = ReserveConfig { liquidation_threshold: threshold, ..config };
        if config.fault().or_else(|| at_once.fault()).is_some() {
            return Err(LendingError::InvalidConfig);
        }
        (self.config, self.ramp) = (config, ramp);
        Ok(())
    }
}
