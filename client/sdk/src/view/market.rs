use cofferdam_lending_interface::{
    LendingError,
    instruction::{ALL, Liquidate},
    math::oracle::{Prices, Valuation},
    plan,
    state::{Pool, Position, PriceFeed, Reserve},
    units::Amount,
};
use rust_decimal::Decimal;
use solana_address::Address;
use solana_instruction::Instruction;

use super::{PositionView, ReserveView};
use crate::{
    Backend, Client, ClientError, human,
    instruction::{self as build, ReserveKeys},
};

/// One pool at one moment: its reserves with interest up to then, and their prices. Nothing in
/// it changes; read it again after a transaction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Market {
    /// The pool's address.
    pub address: Address,
    /// The pool.
    pub pool: Pool,
    /// Its reserves, in order of creation.
    pub reserves: Vec<ReserveView>,
    /// The moment, unix time.
    pub now_s: i64,
}

impl Market {
    pub(crate) fn read<B: Backend>(
        client: &Client<B>,
        address: &Address,
    ) -> Result<Self, ClientError> {
        let pool = client.pool(address)?;
        let now_s = client.backend().clock().unix_timestamp;
        let mut reserves = Vec::with_capacity(pool.reserves().len());
        for reserve in pool.reserves() {
            let mut state = client.reserve(reserve)?;
            state.accrue(now_s).map_err(ClientError::Preview)?;
            let feed = client.feed(&state.feed)?;
            let keys = ReserveKeys::of(*reserve, &state);
            let second_feed = keys.second_feed.map(|second| client.feed(&second)).transpose()?;
            reserves.push(ReserveView { keys, state, feed, second_feed });
        }
        Ok(Self { address: *address, pool, reserves, now_s })
    }

    /// The reserve of a mint.
    ///
    /// # Errors
    /// [`ClientError::Missing`] when the pool has none.
    pub fn reserve_of(&self, mint: &Address) -> Result<&ReserveView, ClientError> {
        let found = self.reserves.iter().find(|reserve| reserve.keys.mint == *mint);
        found.ok_or(ClientError::Missing { what: "reserve of the mint", address: *mint })
    }

    /// Keys of the reserves that a position uses.
    #[must_use]
    pub fn used_by(&self, position: &Position) -> Vec<ReserveKeys> {
        let used = |keys: &ReserveKeys| position.used().any(|entry| entry.reserve == keys.reserve);
        self.reserves.iter().map(|reserve| reserve.keys).filter(used).collect()
    }

    /// Instruction that supplies `tokens` whole tokens of `mint`.
    ///
    /// # Errors
    /// [`ClientError::Missing`] for a mint without a reserve; [`ClientError::Number`].
    pub fn deposit(
        &self,
        position: &PositionView,
        mint: &Address,
        tokens: Decimal,
    ) -> Result<Instruction, ClientError> {
        let (keys, amount) = self.amount_of("deposit", mint, tokens)?;
        Ok(build::deposit(&position.state.owner, &position.address, &keys, amount))
    }

    /// Instruction that takes `tokens` whole tokens of `mint` back.
    ///
    /// # Errors
    /// Those of [`Market::deposit`].
    pub fn withdraw(
        &self,
        position: &PositionView,
        mint: &Address,
        tokens: Decimal,
    ) -> Result<Instruction, ClientError> {
        let (keys, amount) = self.amount_of("withdrawal", mint, tokens)?;
        Ok(self.withdraw_units(position, &keys, amount))
    }

    /// Instruction that takes back all supply of `mint`.
    ///
    /// # Errors
    /// [`ClientError::Missing`] for a mint without a reserve.
    pub fn withdraw_all(
        &self,
        position: &PositionView,
        mint: &Address,
    ) -> Result<Instruction, ClientError> {
        Ok(self.withdraw_units(position, &self.reserve_of(mint)?.keys, Amount(ALL)))
    }

    /// Instruction that borrows `tokens` whole tokens of `mint`.
    ///
    /// # Errors
    /// Those of [`Market::deposit`].
    pub fn borrow(
        &self,
        position: &PositionView,
        mint: &Address,
        tokens: Decimal,
    ) -> Result<Instruction, ClientError> {
        let (keys, amount) = self.amount_of("loan", mint, tokens)?;
        let others = self.used_by(&position.state);
        Ok(build::borrow(&position.state.owner, &position.address, &keys, &others, amount))
    }

    /// Instruction by which `payer` repays `tokens` whole tokens of `mint`; at most what is owed
    /// is taken.
    ///
    /// # Errors
    /// Those of [`Market::deposit`].
    pub fn repay(
        &self,
        payer: &Address,
        position: &PositionView,
        mint: &Address,
        tokens: Decimal,
    ) -> Result<Instruction, ClientError> {
        let (keys, amount) = self.amount_of("repayment", mint, tokens)?;
        Ok(build::repay(payer, &position.address, &keys, amount))
    }

    /// Instruction by which `liquidator` repays up to `repay_max` whole tokens of `debt` for at
    /// least `collateral_min` whole tokens of `collateral`; in supply shares to the liquidator's
    /// position `receiver` when the vault is short of cash.
    ///
    /// # Errors
    /// Those of [`Market::deposit`].
    pub fn liquidate(
        &self,
        liquidator: &Address,
        position: &PositionView,
        (debt, repay_max): (&Address, Decimal),
        (collateral, collateral_min): (&Address, Decimal),
        receiver: Option<&PositionView>,
    ) -> Result<Instruction, ClientError> {
        let (debt, repay_max) = self.amount_of("repayment", debt, repay_max)?;
        let (collateral, collateral_min) =
            self.amount_of("least collateral", collateral, collateral_min)?;
        let others = self.used_by(&position.state);
        let args = Liquidate { repay_max, collateral_min };
        Ok(build::liquidate(
            liquidator,
            &position.address,
            (&debt, &collateral),
            receiver.map(|receiver| &receiver.address),
            &others,
            args,
        ))
    }

    /// Instructions that take a flash loan of `tokens` whole tokens of `mint` and pay it back with
    /// its fee; what uses the loan goes between them in one transaction.
    ///
    /// # Errors
    /// Those of [`Market::deposit`].
    pub fn flash_loan(
        &self,
        borrower: &Address,
        mint: &Address,
        tokens: Decimal,
    ) -> Result<(Instruction, Instruction), ClientError> {
        let (keys, amount) = self.amount_of("flash loan", mint, tokens)?;
        Ok(build::flash_pair(borrower, &keys, amount))
    }

    /// Instruction that recognises a position's bad debt.
    #[must_use]
    pub fn absorb_bad_debt(&self, position: &PositionView) -> Instruction {
        let reserves = self.used_by(&position.state);
        build::absorb_bad_debt(&self.address, &position.address, &reserves)
    }

    /// Instruction by which `funder` pays `tokens` whole tokens into the insurance of `mint`.
    ///
    /// # Errors
    /// Those of [`Market::deposit`].
    pub fn fund_insurance(
        &self,
        funder: &Address,
        mint: &Address,
        tokens: Decimal,
    ) -> Result<Instruction, ClientError> {
        let (keys, amount) = self.amount_of("insurance payment", mint, tokens)?;
        Ok(build::fund_insurance(funder, &keys, amount))
    }

    /// Instruction by which the pool's admin collects `tokens` whole tokens of accrued fees in
    /// `mint`; without `tokens`, all that is accrued and in cash.
    ///
    /// # Errors
    /// Those of [`Market::deposit`].
    pub fn collect_fees(
        &self,
        mint: &Address,
        tokens: Option<Decimal>,
    ) -> Result<Instruction, ClientError> {
        let (keys, amount) = match tokens {
            Some(tokens) => self.amount_of("fees", mint, tokens)?,
            None => (self.reserve_of(mint)?.keys, Amount(ALL)),
        };
        Ok(build::collect_fees(&self.pool.admin, &keys, amount))
    }

    fn withdraw_units(
        &self,
        position: &PositionView,
        keys: &ReserveKeys,
        amount: Amount,
    ) -> Instruction {
        let others = self.used_by(&position.state);
        build::withdraw(&position.state.owner, &position.address, keys, &others, amount)
    }

    pub(super) fn amount_of(
        &self,
        field: &str,
        mint: &Address,
        tokens: Decimal,
    ) -> Result<(ReserveKeys, Amount), ClientError> {
        let reserve = self.reserve_of(mint)?;
        Ok((reserve.keys, human::amount(field, tokens, reserve.state.decimals)?))
    }
}

impl plan::Market for Market {
    fn reserve(&self, address: &Address) -> Result<&Reserve, LendingError> {
        self.view(address).map(|reserve| &reserve.state)
    }

    fn prices(&self, address: &Address, valuation: Valuation) -> Result<Prices, LendingError> {
        let ReserveView { state, feed, second_feed, .. } = self.view(address)?;
        let second = second_feed.as_ref().map(PriceFeed::head);
        plan::prices(state, &feed.head(), second.as_ref(), valuation, self.now_s)
    }

    fn silent_for_s(&self, address: &Address) -> Result<u64, LendingError> {
        Ok(self.view(address)?.feed.head().silent_for_s(self.now_s))
    }
}

impl Market {
    pub(super) fn view_mut(&mut self, address: &Address) -> Result<&mut ReserveView, LendingError> {
        let found = self.reserves.iter_mut().find(|reserve| reserve.keys.reserve == *address);
        found.ok_or(LendingError::MissingReserve)
    }

    pub(super) fn view(&self, address: &Address) -> Result<&ReserveView, LendingError> {
        let found = self.reserves.iter().find(|reserve| reserve.keys.reserve == *address);
        found.ok_or(LendingError::MissingReserve)
    }
}
