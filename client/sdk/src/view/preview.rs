use cofferdam_lending_interface::{
    LendingError,
    math::loss::LossSplit,
    plan::{
        self, AbsorbPlan, BorrowPlan, DepositPlan, LiquidationPlan, RepayPlan, Sides, WithdrawPlan,
    },
    state::{Position, Reserve},
    units::{Amount, Fine},
};
use solana_address::Address;

use super::{LossView, Market, PositionView};
use crate::ClientError;

/// Previews: what the program will do at this moment, from the program's own plans. A preview
/// that answers an error is a transaction that would fail with it.
impl Market {
    /// A deposit of `amount` native units of `mint` into a position.
    ///
    /// # Errors
    /// [`ClientError::Missing`], [`ClientError::Preview`].
    pub fn preview_deposit(
        &self,
        position: &PositionView,
        mint: &Address,
        amount: Amount,
    ) -> Result<DepositPlan, ClientError> {
        let view = self.reserve_of(mint)?;
        let mut after = (view.state.clone(), position.state.clone());
        let mut plan = || {
            let mut entry = position.state.entry(&view.keys.reserve);
            let plan = plan::deposit(&view.state, amount)?;
            plan.apply(&mut after.0, &mut entry)?;
            after.1.set(entry)?;
            Ok(plan)
        };
        plan().map_err(ClientError::Preview)
    }

    /// A withdrawal of `amount` native units of `mint`.
    ///
    /// # Errors
    /// [`ClientError::Missing`], [`ClientError::Preview`].
    pub fn preview_withdraw(
        &self,
        position: &PositionView,
        mint: &Address,
        amount: Amount,
    ) -> Result<WithdrawPlan, ClientError> {
        let view = self.reserve_of(mint)?;
        let mut after = (view.state.clone(), position.state.clone());
        let mut plan = || {
            position.state.require_no_claim()?;
            let mut entry = position.state.entry(&view.keys.reserve);
            let plan = plan::withdraw(&view.state, &entry, amount)?;
            plan.apply(&mut after.0, &mut entry)?;
            after.1.set(entry)?;
            if after.1.has_debt() {
                self.require_borrow_limit(&view.keys.reserve, &after.0, &after.1)?;
            }
            Ok(plan)
        };
        plan().map_err(ClientError::Preview)
    }

    /// A loan of `amount` native units of `mint`.
    ///
    /// # Errors
    /// [`ClientError::Missing`], [`ClientError::Preview`].
    pub fn preview_borrow(
        &self,
        position: &PositionView,
        mint: &Address,
        amount: Amount,
    ) -> Result<BorrowPlan, ClientError> {
        let view = self.reserve_of(mint)?;
        let mut after = (view.state.clone(), position.state.clone());
        let mut plan = || {
            position.state.require_no_claim()?;
            let mut entry = position.state.entry(&view.keys.reserve);
            let plan = plan::borrow(&view.state, amount)?;
            plan.apply(&mut after.0, &mut entry)?;
            after.1.set(entry)?;
            self.require_borrow_limit(&view.keys.reserve, &after.0, &after.1)?;
            Ok(plan)
        };
        plan().map_err(ClientError::Preview)
    }

    /// A repayment of at most `amount` native units of `mint`.
    ///
    /// # Errors
    /// [`ClientError::Missing`], [`ClientError::Preview`].
    pub fn preview_repay(
        &self,
        position: &PositionView,
        mint: &Address,
        amount: Amount,
    ) -> Result<RepayPlan, ClientError> {
        let view = self.reserve_of(mint)?;
        let mut after = (view.state.clone(), position.state.clone());
        let mut plan = || {
            let mut entry = position.state.entry(&view.keys.reserve);
            let plan = plan::repay(&view.state, &entry, amount)?;
            plan.apply(&mut after.0, &mut entry)?;
            after.1.set(entry)?;
            Ok(plan)
        };
        plan().map_err(ClientError::Preview)
    }

    /// A liquidation that repays at most `repay_max` native units of `debt` for `collateral`.
    ///
    /// # Errors
    /// [`ClientError::Missing`], [`ClientError::Preview`].
    pub fn preview_liquidation(
        &self,
        position: &PositionView,
        (debt, collateral): (&Address, &Address),
        repay_max: Amount,
    ) -> Result<LiquidationPlan, ClientError> {
        let sides = Sides {
            debt: self.reserve_of(debt)?.keys.reserve,
            collateral: self.reserve_of(collateral)?.keys.reserve,
        };
        // In the program's order, so that of two refusals the preview tells the same one.
        let plan = || {
            plan::Market::quote(self, &sides.debt)?;
            plan::Market::quote(self, &sides.collateral)?;
            let plan = plan::liquidate(&position.state, self, sides, repay_max)?;
            self.book_liquidation(position, sides, &plan)?;
            Ok(plan)
        };
        plan().map_err(ClientError::Preview)
    }

    /// A collection of `amount` native units of accrued fees in `mint`; what will be paid out.
    ///
    /// # Errors
    /// [`ClientError::Missing`], [`ClientError::Preview`].
    pub fn preview_collect_fees(
        &self,
        mint: &Address,
        amount: Amount,
    ) -> Result<Amount, ClientError> {
        let mut after = self.reserve_of(mint)?.state.clone();
        let mut paid = || {
            let paid = plan::collect_fees(&after, amount)?;
            after.fees = after.fees.minus(paid.fine())?;
            after.cash = after.cash.minus(paid)?;
            Ok(paid)
        };
        paid().map_err(ClientError::Preview)
    }

    /// A payment of `amount` native units into the insurance of `mint`'s reserve; what will be in
    /// it afterwards.
    ///
    /// # Errors
    /// [`ClientError::Missing`], [`ClientError::Preview`].
    pub fn preview_fund_insurance(
        &self,
        mint: &Address,
        amount: Amount,
    ) -> Result<Fine, ClientError> {
        let mut after = self.reserve_of(mint)?.state.clone();
        let mut funded = || {
            if amount.is_zero() {
                return Err(LendingError::AmountTooSmall);
            }
            after.cash = after.cash.plus(amount)?;
            after.insurance = after.insurance.plus(amount.fine())?;
            Ok(after.insurance)
        };
        funded().map_err(ClientError::Preview)
    }

    /// A recognition of the position's bad debt.
    ///
    /// # Errors
    /// [`ClientError::Preview`].
    pub fn preview_absorb(&self, position: &PositionView) -> Result<AbsorbPlan, ClientError> {
        let plan = || {
            let plan = plan::absorb(&position.state, self)?;
            self.book_absorption(position, &plan)?;
            Ok(plan)
        };
        plan().map_err(ClientError::Preview)
    }

    /// What a recognition of the position's bad debt would cost each payer, by reserve, exactly.
    ///
    /// # Errors
    /// [`ClientError::Preview`].
    pub fn preview_loss_units(
        &self,
        position: &PositionView,
    ) -> Result<Vec<(Address, LossSplit)>, ClientError> {
        let losses = || self.book_absorption(position, &plan::absorb(&position.state, self)?);
        losses().map_err(ClientError::Preview)
    }

    /// What a recognition of the position's bad debt would cost each payer, by reserve, in whole
    /// tokens.
    ///
    /// # Errors
    /// [`ClientError::Preview`].
    pub fn preview_losses(
        &self,
        position: &PositionView,
    ) -> Result<Vec<(Address, LossView)>, ClientError> {
        let losses = self.preview_loss_units(position)?;
        let view = |(reserve, split): (Address, LossSplit)| {
            let decimals = self.view(&reserve).map_err(ClientError::Preview)?.state.decimals;
            Ok((reserve, LossView::of(&split, decimals)))
        };
        losses.into_iter().map(view).collect()
    }

    /// Books a liquidation on copies: a plan that cannot be booked fails in the program too.
    fn book_liquidation(
        &self,
        position: &PositionView,
        sides: Sides,
        plan: &LiquidationPlan,
    ) -> Result<(), LendingError> {
        let mut after = position.state.clone();
        let (mut owing, mut holding) = (after.entry(&sides.debt), after.entry(&sides.collateral));
        plan.apply_debt(&mut self.view(&sides.debt)?.state.clone(), &mut owing)?;
        after.set(owing)?;
        plan.apply_collateral(&mut self.view(&sides.collateral)?.state.clone(), &mut holding)?;
        after.set(holding)
    }

    /// Books an absorption on copies and tells the loss of each reserve: the loss is split by what
    /// is there to pay it, and the program takes no split that does not add up.
    fn book_absorption(
        &self,
        position: &PositionView,
        plan: &AbsorbPlan,
    ) -> Result<Vec<(Address, LossSplit)>, LendingError> {
        let mut after = position.state.clone();
        let mut losses = Vec::with_capacity(plan.cuts.len());
        for cut in &plan.cuts {
            let loss = self.view(&cut.reserve)?.state.clone().write_off(cut.shares)?;
            let mut entry = after.entry(&cut.reserve);
            entry.debt = entry.debt.minus(cut.shares)?;
            entry.claim = entry.claim.plus(loss.recognised)?;
            after.set(entry)?;
            if !loss.is_exact() {
                return Err(LendingError::LossMismatch);
            }
            losses.push((cut.reserve, loss));
        }
        Ok(losses)
    }

    /// The program's check after a loan or withdrawal, on the state that would follow.
    fn require_borrow_limit(
        &self,
        address: &Address,
        reserve: &Reserve,
        position: &Position,
    ) -> Result<(), LendingError> {
        let mut market = self.clone();
        let view = market.reserves.iter_mut().find(|view| view.keys.reserve == *address);
        view.ok_or(LendingError::MissingReserve)?.state = reserve.clone();
        let health = plan::health(position, &market)?;
        if health.is_within_borrow_limit() {
            Ok(())
        } else {
            Err(LendingError::BorrowLimitExceeded)
        }
    }
}
