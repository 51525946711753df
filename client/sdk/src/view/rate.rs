use cofferdam_lending_interface::{
    LendingError,
    math::{
        interest::{SECONDS_PER_YEAR, compound_up},
        wide::mul_div_down,
    },
    state::{RateModel, Reserve},
    units::{BPS_PER_ONE, Index, RAY, WAD, Wad},
};
use rust_decimal::Decimal;

use super::ReserveView;
use crate::{ClientError, human};

/// Rates, all as ratios: 0.05 is 5 %. They hold for this moment's utilisation, and with the adaptive
/// model for this moment: its curve moves while utilisation is off target.
impl ReserveView {
    /// Share of the funds that is lent out, 0 to 1.
    ///
    /// # Errors
    /// [`ClientError::Preview`].
    pub fn utilisation(&self) -> Result<Decimal, ClientError> {
        self.state.utilisation_down().map(from_ray).map_err(ClientError::Preview)
    }

    /// Borrow rate a year, continuously compounded.
    ///
    /// # Errors
    /// [`ClientError::Preview`].
    pub fn borrow_rate(&self) -> Result<Decimal, ClientError> {
        self.state.borrow_rate_down().map(from_ray).map_err(ClientError::Preview)
    }

    /// Borrow rate a year at target utilisation; `None` when the reserve follows its own curve.
    #[must_use]
    pub fn rate_at_target(&self) -> Option<Decimal> {
        match self.state.config.rate_model {
            RateModel::Curve => None,
            RateModel::Adaptive => {
                Some(from_ray(Reserve::ADAPTIVE.on_target(self.state.rate_at_target)))
            }
        }
    }

    /// Supply rate a year, continuously compounded: the interest that is not the protocol's, by
    /// what suppliers own. `borrow rate × debt × (1 − reserve factor) ÷ supply`.
    ///
    /// # Errors
    /// [`ClientError::Preview`].
    pub fn supply_rate(&self) -> Result<Decimal, ClientError> {
        self.supply_rate_down().map(from_ray).map_err(ClientError::Preview)
    }

    /// What a debt grows by in a year, interest on interest: `e^(borrow rate) − 1`.
    ///
    /// # Errors
    /// [`ClientError::Preview`] with [`LendingError::MathOverflow`] for rates beyond about 2,500 %.
    pub fn borrow_apy(&self) -> Result<Decimal, ClientError> {
        self.state.borrow_rate_down().and_then(apy).map_err(ClientError::Preview)
    }

    /// What a supply grows by in a year, interest on interest: `e^(supply rate) − 1`.
    ///
    /// # Errors
    /// As for [`ReserveView::borrow_apy`].
    pub fn supply_apy(&self) -> Result<Decimal, ClientError> {
        self.supply_rate_down().and_then(apy).map_err(ClientError::Preview)
    }

    /// Price of a million supply shares in native units: 1 when new.
    ///
    /// # Errors
    /// [`ClientError::Preview`].
    pub fn share_price(&self) -> Result<Decimal, ClientError> {
        let price = self.state.supply().and_then(|supply| supply.share_price_down());
        price.map(human::ratio).map_err(ClientError::Preview)
    }

    fn supply_rate_down(&self) -> Result<u128, LendingError> {
        let (debt, supply) = (self.state.debt()?, self.state.supply()?.assets);
        if supply.is_zero() {
            return Ok(0);
        }
        let kept = BPS_PER_ONE - u128::from(self.state.config.reserve_factor.get());
        let after_fee = mul_div_down(self.state.borrow_rate_down()?, kept, BPS_PER_ONE)?;
        mul_div_down(after_fee, debt.get(), supply.get())
    }
}

/// `e^rate − 1`, by the program's own compounding; `rate` in units of 10⁻²⁷.
fn apy(rate: u128) -> Result<Decimal, LendingError> {
    let year_s = u64::try_from(SECONDS_PER_YEAR).map_err(|_| LendingError::MathOverflow)?;
    let grown = compound_up(Index::ONE, rate, year_s)?;
    Ok(from_ray(grown.minus(Index::ONE)?.get()))
}

/// A ratio from units of 10⁻²⁷; digits beyond the 18th are cut off.
fn from_ray(ray: u128) -> Decimal {
    human::ratio(Wad(ray / (RAY / WAD)))
}
