//! Positions and funds beyond what a token account can hold: interest carries a debt, and with it
//! the suppliers' claims, as far as that, and nobody may become untouchable by it.

use cofferdam_host::Address;
use cofferdam_lending_interface::{
    LendingError,
    instruction::ALL,
    math::{
        oracle::{Prices, Valuation},
        value::Quote,
    },
    plan::{
        CoverPlan, LiquidationOrder, LiquidationPlan, Market, Sides, cover_deficit, liquidate,
        unstake, withdraw,
    },
    state::{Entry, Position, Reserve, Stake},
    units::{Amount, DebtShares, Fine, Price, Shares, Value, WAD},
};

use crate::accrual::{flat, lending};

const FULL: u128 = u64::MAX as u128;
const UNIT: u128 = 1_000_000_000;
const DEBT: Address = Address::new_from_array([1; 32]);
const COLLATERAL: Address = Address::new_from_array([2; 32]);

/// Two reserves, and the price of a whole token of each in dollars.
struct Scene {
    debt: (Reserve, u128),
    collateral: (Reserve, u128),
}

impl Scene {
    fn side(&self, address: &Address) -> &(Reserve, u128) {
        if *address == DEBT { &self.debt } else { &self.collateral }
    }
}

impl Market for Scene {
    fn reserve(&self, address: &Address) -> Result<&Reserve, LendingError> {
        Ok(&self.side(address).0)
    }

    fn prices(&self, address: &Address, _: Valuation) -> Result<Prices, LendingError> {
        let (reserve, dollars) = self.side(address);
        let quote = Quote { price: Price(dollars * WAD), decimals: reserve.decimals };
        Ok(Prices { collateral: quote, debt: quote })
    }

    fn silent_for_s(&self, _: &Address) -> Result<u64, LendingError> {
        Ok(0)
    }
}

/// A reserve of which `held` fine units are supplied, all of it lent.
fn supplied(held: u128) -> Reserve {
    let shares = Shares(held / UNIT * 1_000_000);
    let debt_shares = DebtShares(held);
    let base = lending(0, flat(0));
    Reserve { cash: Amount(0), supply_shares: shares, debt_shares, ..base }
}

fn position(reserves: &[Entry]) -> Position {
    let mut entries = <[Entry; 8]>::default();
    entries[..reserves.len()].copy_from_slice(reserves);
    let (pool, owner) = (Address::default(), Address::default());
    Position { bump: 0, pool, owner, index: 0, entries }
}

fn liquidation(scene: &Scene, owed: u128, held: u128) -> Result<LiquidationPlan, LendingError> {
    let debt = Entry { reserve: DEBT, debt: DebtShares(owed), ..Entry::default() };
    let supply = Shares(held / UNIT * 1_000_000);
    let collateral = Entry { reserve: COLLATERAL, supply, ..Entry::default() };
    let sides = Sides { debt: DEBT, collateral: COLLATERAL };
    let order = LiquidationOrder { sides, repay_max: Amount::MAX, min_left: Value::ZERO };
    liquidate(&position(&[debt, collateral]), scene, order)
}

#[test]
fn a_debt_beyond_any_token_account_is_liquidated() {
    let (owed, held) = (3 * FULL * UNIT, FULL * UNIT);
    let scene = Scene { debt: (supplied(owed), 1), collateral: (supplied(held), 2) };
    let plan = liquidation(&scene, owed, held).unwrap();
    // All the collateral, at two to one less the bonus, costs more than one call can pay.
    assert_eq!(plan.repay.amount, Amount::MAX);
    assert_eq!(plan.repay.shares, DebtShares(FULL * UNIT));
    assert!(plan.seize.amount < Amount::MAX && plan.seize.amount > Amount(u64::MAX / 2));
}

#[test]
fn collateral_beyond_any_token_account_is_taken_bit_by_bit() {
    let (owed, held) = (FULL * UNIT, 3 * FULL * UNIT);
    let scene = Scene { debt: (supplied(owed), 4), collateral: (supplied(held), 1) };
    let plan = liquidation(&scene, owed, held).unwrap();
    assert_eq!(plan.seize.amount, Amount::MAX);
    // What is left stays the position's: only a third of the shares go.
    assert_eq!(plan.seize.shares, Shares(FULL * 1_000_000));
    assert!(plan.repay.amount < Amount::MAX && plan.pays_shares());
}

#[test]
fn a_deficit_beyond_any_token_account_is_covered_bit_by_bit() {
    let deficit = Fine(2 * FULL * UNIT + 1);
    let reserve = Reserve { deficit, ..lending(0, flat(0)) };
    let most = CoverPlan { amount: Amount::MAX, covered: Amount::MAX.fine() };
    assert_eq!(cover_deficit(&reserve, Amount(ALL)), Ok(most));
    let seven = CoverPlan { amount: Amount(7), covered: Amount(7).fine() };
    assert_eq!(cover_deficit(&reserve, Amount(7)), Ok(seven));
    let last = Reserve { deficit: Fine(UNIT + 1), ..reserve };
    let rest = CoverPlan { amount: Amount(2), covered: Fine(UNIT + 1) };
    assert_eq!(cover_deficit(&last, Amount(ALL)), Ok(rest));
}

#[test]
fn claims_beyond_any_token_account_leave_as_far_as_there_is_cash() {
    let mut reserve = supplied(3 * FULL * UNIT);
    reserve.cash = Amount(50);
    let entry = Entry { reserve: COLLATERAL, supply: reserve.supply_shares, ..Entry::default() };
    assert_eq!(withdraw(&reserve, &entry, Amount(ALL)), Err(LendingError::InsufficientCash));
    assert_eq!(withdraw(&reserve, &entry, Amount(50)).unwrap().amount, Amount(50));

    let shares = Shares(3 * FULL * 1_000_000);
    reserve.insurance = Fine(3 * FULL * UNIT);
    (reserve.insurance_shares, reserve.insurance_staked) = (shares, shares);
    let (reserve_at, owner) = (COLLATERAL, Address::default());
    let stake = Stake {
        bump: 0,
        reserve: reserve_at,
        owner,
        shares,
        epoch: 0,
        cooling: shares,
        cooling_from_s: 0,
    };
    let leave = |shares| unstake(&reserve, &stake, Shares(shares), 10 * 86_400);
    assert_eq!(leave(shares.get()), Err(LendingError::InsufficientCash));
    assert_eq!(leave(50 * 1_000_000).unwrap().amount, Amount(50));
}
