use cofferdam_lending_interface::{
    LendingError,
    plan::{self, AbsorbPlan, LiquidationPlan, Sides},
    state::Position,
};
use solana_address::Address;

use super::{Market, PositionView};
use crate::ClientError;

/// What a liquidation recognises on the way.
impl Market {
    /// The recognition of bad debt that the program makes in the same instruction as the
    /// liquidation `plan`; `None` when nothing is left uncovered or a price does not stand up to the
    /// strict checks. All reserves are passed as [`build::liquidate`] passes them.
    ///
    /// [`build::liquidate`]: crate::instruction::liquidate
    ///
    /// # Errors
    /// [`ClientError::Missing`] for a mint without a reserve; [`ClientError::Preview`] for a plan
    /// that cannot be booked.
    pub fn preview_recognition(
        &self,
        position: &PositionView,
        (debt, collateral): (&Address, &Address),
        plan: &LiquidationPlan,
    ) -> Result<Option<AbsorbPlan>, ClientError> {
        let sides = Sides {
            debt: self.reserve_of(debt)?.keys.reserve,
            collateral: self.reserve_of(collateral)?.keys.reserve,
        };
        let after = self.liquidated(&position.state, sides, plan);
        let (market, state) = after.map_err(ClientError::Preview)?;
        if !state.has_debt() {
            return Ok(None);
        }
        let dust = self.pool.config.min_position_value;
        Ok(plan::absorb(&state, &market, dust).ok())
    }

    /// The market and the position after a liquidation, before anything is recognised.
    pub(super) fn liquidated(
        &self,
        position: &Position,
        sides: Sides,
        plan: &LiquidationPlan,
    ) -> Result<(Self, Position), LendingError> {
        let (mut market, mut after) = (self.clone(), position.clone());
        let (mut owing, mut holding) = (after.entry(&sides.debt), after.entry(&sides.collateral));
        plan.apply_debt(&mut market.view_mut(&sides.debt)?.state, &mut owing)?;
        after.set(owing)?;
        plan.apply_collateral(&mut market.view_mut(&sides.collateral)?.state, &mut holding)?;
        after.set(holding)?;
        Ok((market, after))
    }
}
