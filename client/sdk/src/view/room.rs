use cofferdam_lending_interface::{LendingError, units::Amount};
use rust_decimal::Decimal;

use super::ReserveView;
use crate::{ClientError, human};

/// What a reserve's limits leave room for at this moment.
impl ReserveView {
    /// Share of the collateral's value at which liquidation begins now: on its way down, where it
    /// stands.
    #[must_use]
    pub fn liquidation_threshold(&self) -> Decimal {
        human::ratio(self.state.liquidation_threshold().wad())
    }

    /// Whole tokens that may still be supplied; `None` without a cap.
    ///
    /// # Errors
    /// [`ClientError::Preview`].
    pub fn supply_room(&self) -> Result<Option<Decimal>, ClientError> {
        self.tokens_of(self.state.supply_room_down())
    }

    /// Whole tokens that may still be lent under the cap; `None` without one.
    ///
    /// # Errors
    /// [`ClientError::Preview`].
    pub fn borrow_room(&self) -> Result<Option<Decimal>, ClientError> {
        self.tokens_of(self.state.borrow_room_down())
    }

    /// Whole tokens that may still leave by loan and withdrawal now; `None` without a limit.
    ///
    /// # Errors
    /// [`ClientError::Preview`].
    pub fn outflow_room(&self) -> Result<Option<Decimal>, ClientError> {
        self.tokens_of(self.state.outflow_room_down())
    }

    fn tokens_of(
        &self,
        room: Result<Amount, LendingError>,
    ) -> Result<Option<Decimal>, ClientError> {
        let room = room.map_err(ClientError::Preview)?;
        Ok((room != Amount::MAX).then(|| human::tokens(room, self.state.decimals)))
    }
}
