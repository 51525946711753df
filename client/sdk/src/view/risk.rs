use cofferdam_lending_interface::{
    LendingError,
    math::{health::Health, loss::LossSplit, oracle::Valuation},
    plan,
    units::{BPS_PER_ONE, Fine},
};
use rust_decimal::Decimal;
use solana_address::Address;

use super::{Market, PositionView, ReserveView};
use crate::{ClientError, human};

/// A position's health for people; values in quote currency.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HealthView {
    /// Health factor, rounded down; `None` without debt. Below one it can be liquidated.
    pub factor: Option<Decimal>,
    /// Value of the collateral.
    pub collateral: Decimal,
    /// Value of the debt.
    pub debt: Decimal,
    /// What the debt counts for against both limits: each one times its borrow factor.
    pub debt_weighted: Decimal,
    /// Weighted debt up to which it may borrow, every doubt about a price counted against it; zero
    /// while prices are too doubtful for any loan.
    pub borrow_limit: Decimal,
    /// Weighted debt beyond which it can be liquidated.
    pub liquidation_limit: Decimal,
    /// Value that may still be borrowed at a borrow factor of one; zero when the limit is reached.
    pub borrow_left: Decimal,
    /// Whether it can be liquidated.
    pub liquidatable: bool,
}

/// Who pays a loss, in whole tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LossView {
    /// The loss.
    pub recognised: Decimal,
    /// Paid by accrued fees.
    pub fees: Decimal,
    /// Paid by the insurance fund.
    pub insurance: Decimal,
    /// Paid by the suppliers.
    pub suppliers: Decimal,
    /// Paid by nobody yet: booked as a deficit.
    pub deficit: Decimal,
}

impl HealthView {
    /// Values as `health` has them, what may be borrowed as `strict` does.
    fn of(health: Health, strict: Health) -> Result<Self, LendingError> {
        let left = strict.borrow_limit.minus(strict.debt_weighted).unwrap_or_default();
        Ok(Self {
            factor: health.factor_down()?.map(human::ratio),
            collateral: human::value(health.collateral),
            debt: human::value(health.debt),
            debt_weighted: human::value(health.debt_weighted),
            borrow_limit: human::value(strict.borrow_limit),
            liquidation_limit: human::value(health.liquidation_limit),
            borrow_left: human::value(left),
            liquidatable: health.is_liquidatable(),
        })
    }
}

impl LossView {
    /// A loss in whole tokens of `decimals`. All are rounded down to native units except the last
    /// payer's part, the deficit or else the suppliers', which is the rest: the payers still add
    /// up.
    #[must_use]
    pub fn of(loss: &LossSplit, decimals: u8) -> Self {
        let units = |fine: Fine| {
            fine.units_down().map_or(Decimal::MAX, |amount| human::tokens(amount, decimals))
        };
        let (recognised, fees, insurance) =
            (units(loss.recognised), units(loss.fees), units(loss.insurance));
        let rest = recognised - fees - insurance;
        let suppliers =
            if loss.deficit.is_zero() { rest.normalize() } else { units(loss.suppliers) };
        let deficit = (rest - suppliers).normalize();
        Self { recognised, fees, insurance, suppliers, deficit }
    }
}

impl Market {
    /// Health of a position at the prices of this moment.
    ///
    /// # Errors
    /// [`ClientError::Preview`], with [`LendingError::PriceStale`] or [`LendingError::PriceZero`]
    /// when the program would not act on a price either.
    pub fn health(&self, position: &PositionView) -> Result<HealthView, ClientError> {
        let health =
            plan::health(&position.state, self, Valuation::Spot).map_err(ClientError::Preview)?;
        // Whatever refuses a strict price refuses a loan of any size.
        let strict = plan::health(&position.state, self, Valuation::Strict).unwrap_or_default();
        HealthView::of(health, strict).map_err(ClientError::Preview)
    }

    /// The price at which a position becomes liquidatable if `collateral`'s alone moves, rounded
    /// up; `None` when it holds none of it, owes nothing, or is safe whatever the price.
    ///
    /// # Errors
    /// As [`Market::health`].
    pub fn liquidation_price(
        &self,
        position: &PositionView,
        collateral: &Address,
    ) -> Result<Option<Decimal>, ClientError> {
        let reserve = self.reserve_of(collateral)?;
        let health = self.health_with(position, reserve)?;
        let Some((rest, tokens)) = health else { return Ok(None) };
        let threshold = Decimal::from(reserve.state.liquidation_threshold().get());
        let weight = tokens * threshold / Decimal::from(BPS_PER_ONE);
        if weight.is_zero() || rest <= Decimal::ZERO {
            return Ok(None);
        }
        Ok(rest.checked_div(weight))
    }

    /// Weighted debt that must be covered by `reserve`'s collateral alone, and its tokens.
    fn health_with(
        &self,
        position: &PositionView,
        reserve: &ReserveView,
    ) -> Result<Option<(Decimal, Decimal)>, ClientError> {
        let entry = position.state.entry(&reserve.keys.reserve);
        if entry.supply.is_zero() || !position.state.has_debt() {
            return Ok(None);
        }
        let read = || -> Result<_, LendingError> {
            let health = plan::health(&position.state, self, Valuation::Spot)?;
            let held = reserve.state.supply()?.assets_down(entry.supply)?;
            let prices = plan::Market::prices(self, &reserve.keys.reserve, Valuation::Spot)?;
            let factors = reserve.state.factors();
            let alone = Health::default().with_collateral(held, prices.collateral, factors)?;
            let others = health.liquidation_limit.minus(alone.liquidation_limit)?;
            Ok((health.debt_weighted, others, held.units_down()?))
        };
        let (debt, others, held) = read().map_err(ClientError::Preview)?;
        let tokens = human::tokens(held, reserve.state.decimals);
        Ok(Some((human::value(debt) - human::value(others), tokens)))
    }
}

impl ReserveView {
    /// All losses so far and who paid.
    #[must_use]
    pub fn losses(&self) -> LossView {
        LossView::of(&self.state.losses, self.state.decimals)
    }
}
