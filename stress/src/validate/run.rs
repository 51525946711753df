//! What happens on one fork of a rig: prices are published, bad debt is recognised, positions are
//! liquidated, each by a signed transaction; what was lost and paid is read from the events.

use cofferdam_sdk::{
    Client, ClientError, Instruction, Signer, instruction as build,
    interface::{
        LendingError,
        event::{BadDebtAbsorbed, Liquidated},
        instruction::Liquidate,
        math::{loss::LossSplit, shares::debt_up},
        units::{Amount, Fine, Price, WAD},
    },
    ledger::{Ledger, Receipt, Warp},
};

use super::{
    fault::ValidateError,
    rig::{OPENING, REST_S, Rig, wad},
};

/// A fork of a rig.
#[derive(Debug)]
pub(super) struct Run<'r> {
    rig: &'r Rig,
    client: Client<Ledger>,
    price: Price,
}

/// What a position holds and owes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Standing {
    pub(super) collateral: Fine,
    pub(super) debt: Fine,
}

impl<'r> Run<'r> {
    pub(super) fn new(rig: &'r Rig) -> Self {
        Self { rig, client: Client::new(rig.ledger.fork()), price: wad(OPENING) }
    }

    pub(super) fn into_ledger(self) -> Ledger {
        self.client.into_backend()
    }

    /// Lets time pass.
    pub(super) fn wait(&mut self, seconds: u64) -> Result<(), ValidateError> {
        self.client.backend_mut().warp(Warp::Seconds(seconds))?;
        Ok(())
    }

    /// Publishes a price of the collateral, and the debt's once more.
    pub(super) fn publish(&mut self, price: Price) -> Result<(), ValidateError> {
        let publish = self.publication(price);
        let _receipt = self.send(publish)?;
        self.price = price;
        Ok(())
    }

    /// Publishes `price`, has the bad debt of a position recognised, and liquidates what is left of
    /// it, in one transaction. Without bad debt nothing is lost and nothing more is done: a
    /// liquidation would then repay the whole debt.
    ///
    /// A recognition takes the lower of price and average, and a price published this second has
    /// not moved the average at all; so after a rise it waits until the average has arrived.
    pub(super) fn settle(&mut self, at: usize, price: Price) -> Result<LossSplit, ValidateError> {
        let mut instructions = Vec::with_capacity(4);
        if price > self.price {
            self.publish(price)?;
            self.wait(REST_S)?;
        } else {
            instructions.extend(self.publication(price));
            self.price = price;
        }
        instructions.push(self.absorption(at));
        instructions.push(self.liquidation(at, Amount::MAX));
        match allowing(self.send(instructions), LendingError::NoBadDebt)? {
            Some(receipt) => losses(&receipt),
            None => Ok(LossSplit::default()),
        }
    }

    /// Liquidates at most `most` of a position; `None` when the program finds it healthy.
    pub(super) fn liquidate(
        &mut self,
        at: usize,
        most: Amount,
    ) -> Result<Option<(Liquidated, LossSplit)>, ValidateError> {
        let liquidation = [self.liquidation(at, most)];
        let sent = self.send(liquidation);
        let Some(receipt) = allowing(sent, LendingError::NotLiquidatable)? else { return Ok(None) };
        let told = receipt.events::<Liquidated>().next();
        let told = told.ok_or_else(|| unexplained("a liquidation told of nothing"))?;
        Ok(Some((told, losses(&receipt)?)))
    }

    /// Recognises a position's bad debt; `None` when the program finds none.
    pub(super) fn absorb(&mut self, at: usize) -> Result<Option<LossSplit>, ValidateError> {
        let absorption = [self.absorption(at)];
        let sent = self.send(absorption);
        allowing(sent, LendingError::NoBadDebt)?.map(|receipt| losses(&receipt)).transpose()
    }

    /// What a borrower's position holds and owes.
    pub(super) fn standing(&self, at: usize) -> Result<Standing, ValidateError> {
        let position = self.client.position(&self.rig.positions[at])?.state;
        let (collateral, debt) = (&self.rig.collateral.keys.reserve, &self.rig.debt.keys.reserve);
        let supply = self.client.reserve(collateral)?.supply()?;
        Ok(Standing {
            collateral: supply.assets_down(position.entry(collateral).supply)?,
            debt: debt_up(position.entry(debt).debt, self.client.reserve(debt)?.index)?,
        })
    }

    /// What a supplier owns, rounded down.
    pub(super) fn owned(&self, supplier: usize) -> Result<Fine, ValidateError> {
        let position = self.client.position(&self.rig.supplies[supplier])?.state;
        let debt = &self.rig.debt.keys.reserve;
        Ok(self.client.reserve(debt)?.supply()?.assets_down(position.entry(debt).supply)?)
    }

    /// The fees and the insurance fund of the debt's reserve.
    pub(super) fn funds(&self) -> Result<(Fine, Fine), ValidateError> {
        let reserve = self.client.reserve(&self.rig.debt.keys.reserve)?;
        Ok((reserve.fees, reserve.insurance))
    }

    fn publication(&self, price: Price) -> [Instruction; 2] {
        let (own, now_s) =
            (self.rig.operator.pubkey(), self.client.backend().clock().unix_timestamp);
        [(self.rig.collateral.feed, price), (self.rig.debt.feed, Price(WAD))]
            .map(|(feed, price)| build::publish_price(&own, &feed, price, Price::ZERO, now_s))
    }

    fn absorption(&self, at: usize) -> Instruction {
        let reserves = [self.rig.collateral.keys, self.rig.debt.keys];
        build::absorb_bad_debt(&self.rig.pool, &self.rig.positions[at], &reserves)
    }

    fn liquidation(&self, at: usize, repay_max: Amount) -> Instruction {
        let args = Liquidate { repay_max, collateral_min: Amount::ZERO };
        let sides = (&self.rig.debt.keys, &self.rig.collateral.keys);
        let own = self.rig.operator.pubkey();
        build::liquidate(&own, &self.rig.positions[at], sides, None, &[], args)
    }

    fn send(
        &mut self,
        instructions: impl IntoIterator<Item = Instruction>,
    ) -> Result<Receipt, ClientError> {
        let receipt = self.client.tx().extend(instructions).sign([&self.rig.operator]).send()?;
        Ok(receipt)
    }
}

impl Standing {
    /// Loan-to-value at a price of the collateral.
    pub(super) fn ltv(&self, price: Price) -> f64 {
        let value = whole(self.collateral.get()) / 1e21 * (whole(price.get()) / 1e18);
        whole(self.debt.get()) / 1e18 / value
    }
}

/// `None` for the one refusal that is an answer.
fn allowing(
    sent: Result<Receipt, ClientError>,
    answer: LendingError,
) -> Result<Option<Receipt>, ValidateError> {
    match sent {
        Ok(receipt) => Ok(Some(receipt)),
        Err(ClientError::Lending { error, .. }) if error == answer => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// The losses a transaction told of, together.
fn losses(receipt: &Receipt) -> Result<LossSplit, ValidateError> {
    let mut sum = LossSplit::default();
    for event in receipt.events::<BadDebtAbsorbed>() {
        sum = sum.plus(event.loss)?;
    }
    if sum.is_exact() { Ok(sum) } else { Err(unexplained("payers do not add up to the loss")) }
}

pub(super) fn unexplained(what: &str) -> ValidateError {
    ValidateError::Unexplained(what.to_owned())
}

/// A chain's number as a real one; the last digits may go.
#[expect(clippy::cast_precision_loss, reason = "figures are compared to far fewer digits")]
pub(super) fn whole(number: u128) -> f64 {
    number as f64
}
