use cofferdam_lending_interface::{
    LendingError,
    math::{loss::LossSplit, oracle::Valuation},
    plan::{
        self, AbsorbPlan, BorrowPlan, DepositPlan, LiquidationOrder, LiquidationPlan, RepayPlan,
        Sides, WithdrawPlan,
    },
    state::{Operation, Position, Reserve},
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
        let saves = position.state.has_debt();
        let operation = if saves { Operation::DepositToSave } else { Operation::Deposit };
        let mut plan = || {
            self.pool.head().require_mode(&view.state, operation)?;
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
        let owes = position.state.has_debt();
        let operation =
            if owes { Operation::WithdrawWithDebt } else { Operation::WithdrawDebtFree };
        let mut plan = || {
            position.state.require_no_claim()?;
            self.pool.head().require_mode(&view.state, operation)?;
            let mut entry = position.state.entry(&view.keys.reserve);
            let plan = plan::withdraw(&view.state, &entry, amount)?;
            entry.use_notice(plan.shares, self.pool.config.withdrawal_notice_s, self.now_s)?;
            plan.apply(&mut after.0, &mut entry)?;
            after.1.set(entry)?;
            if owes {
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
            self.pool.head().require_mode(&view.state, Operation::Borrow)?;
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

    /// A liquidation that repays at most `repay_max` native units of `debt` for `collateral`; by
    /// the owner of `receiver`, who can be paid in supply shares when the vault is short of cash.
    ///
    /// # Errors
    /// [`ClientError::Missing`], [`ClientError::Preview`].
    pub fn preview_liquidation(
        &self,
        position: &PositionView,
        (debt, collateral): (&Address, &Address),
        repay_max: Amount,
        receiver: Option<&PositionView>,
    ) -> Result<LiquidationPlan, ClientError> {
        let sides = Sides {
            debt: self.reserve_of(debt)?.keys.reserve,
            collateral: self.reserve_of(collateral)?.keys.reserve,
        };
        // In the program's order, so that of two refusals the preview tells the same one.
        let plan = || {
            plan::Market::prices(self, &sides.debt, Valuation::Spot)?;
            plan::Market::prices(self, &sides.collateral, Valuation::Spot)?;
            let min_left = self.pool.config.min_position_value;
            let order = LiquidationOrder { sides, repay_max, min_left };
            let plan = plan::liquidate(&position.state, self, order)?;
            plan::require_past_grace(&self.pool.head(), &position.state, self, sides, self.now_s)?;
            let _booked = self.liquidated(&position.state, sides, &plan)?;
            if plan.pays_shares() {
                book_receiver(receiver, &sides.collateral, &plan)?;
            }
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
            after.endow(amount.fine())?;
            after.keep_for_fund(amount.fine())?;
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
            let plan = self.plan_absorption(position)?;
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
        let losses = || self.book_absorption(position, &self.plan_absorption(position)?);
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

    fn plan_absorption(&self, position: &PositionView) -> Result<AbsorbPlan, LendingError> {
        plan::absorb(&position.state, self, self.pool.config.min_position_value)
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
            let mut entry = after.entry(&cut.reserve);
            let loss = cut.apply(&mut self.view(&cut.reserve)?.state.clone(), &mut entry)?;
            after.set(entry)?;
            losses.push((cut.reserve, loss));
        }
        for forfeit in &plan.forfeits {
            let mut entry = after.entry(&forfeit.reserve);
            forfeit.apply(&mut self.view(&forfeit.reserve)?.state.clone(), &mut entry)?;
            after.set(entry)?;
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
        let health = plan::health(position, &market, Valuation::Strict)?;
        if !health.is_within_borrow_limit() {
            return Err(LendingError::BorrowLimitExceeded);
        }
        let least = self.pool.config.min_position_value;
        if health.debt < least { Err(LendingError::PositionTooSmall) } else { Ok(()) }
    }
}

/// Books a payout in shares on a copy.
fn book_receiver(
    receiver: Option<&PositionView>,
    collateral: &Address,
    plan: &LiquidationPlan,
) -> Result<(), LendingError> {
    let mut state = receiver.ok_or(LendingError::InsufficientCash)?.state.clone();
    let mut entry = state.entry(collateral);
    plan.apply_receiver(&mut entry)?;
    state.set(entry)
}
