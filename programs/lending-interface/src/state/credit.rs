use super::Reserve;
use crate::{error::LendingError, math::interest::fee_down, units::Fine};

impl Reserve {
    /// Books what the protocol earns: the insurance fund gets its share, rounded down, and the rest
    /// is fees.
    ///
    /// # Errors
    /// [`LendingError::MathOverflow`].
    pub fn credit_protocol(&mut self, fee: Fine) -> Result<(), LendingError> {
        let insurance = fee_down(fee, self.config.insurance_share)?;
        self.insurance = self.insurance.plus(insurance)?;
        self.fees = self.fees.plus(fee.minus(insurance)?)?;
        Ok(())
    }
}
