use cofferdam_ledger::Receipt;
use cofferdam_lending_interface::{instruction::Liquidate, units::Amount};
use cofferdam_sdk::{ClientError, Instruction, instruction as build};

use super::{Actor, Asset, PoolId, World};

type Sent = Result<Receipt, ClientError>;

/// Liquidations by whom one likes, and flash loans.
impl World {
    /// Instruction by which `by` repays up to `repay_max` of `debt` of `owner` for `collateral`;
    /// with a `receiver`, in shares to its position when cash is short.
    #[must_use]
    pub fn liquidation(
        &self,
        by: Actor,
        (pool, owner): (PoolId, Actor),
        (debt, collateral): (Asset, Asset),
        repay_max: Amount,
        receiver: Option<Actor>,
    ) -> Instruction {
        let position = self.position(pool, owner);
        let others = self.market(pool).used_by(&position.state);
        let sides = (&self.listed(pool, debt), &self.listed(pool, collateral));
        let receiver = receiver.map(|receiver| self.position_address(pool, receiver));
        let args = Liquidate { repay_max, collateral_min: Amount::ZERO };
        let (person, at) = (self.person(by), position.address);
        build::liquidate(&person, &at, sides, receiver.as_ref(), &others, args)
    }

    /// A flash loan and its repayment.
    #[must_use]
    pub fn flash_pair(
        &self,
        borrower: Actor,
        (pool, asset): (PoolId, Asset),
        amount: Amount,
    ) -> (Instruction, Instruction) {
        build::flash_pair(&self.person(borrower), &self.keys(pool, asset), amount)
    }

    /// Takes a flash loan, runs `between` and pays it back, in one transaction.
    ///
    /// # Errors
    /// [`ClientError`].
    pub fn flash(
        &mut self,
        borrower: Actor,
        at: (PoolId, Asset),
        amount: Amount,
        between: &[Instruction],
    ) -> Sent {
        let (borrow, repay) = self.flash_pair(borrower, at, amount);
        let mut all = vec![borrow];
        all.extend_from_slice(between);
        all.push(repay);
        self.send(&[borrower], &all)
    }
}
