//! Totals move by what positions move.

use cofferdam_host::Address;
use cofferdam_lending_interface::{
    LendingError,
    plan::{Others, staked_by_others},
    state::{Entry, Position, Reserve, Stake},
    units::{DebtShares, Shares},
};

use crate::encoding::reserve;

const RESERVE: Address = Address::new_from_array([7; 32]);

/// A reserve with 100 supply shares and 50 debt shares.
fn hundred() -> Reserve {
    Reserve { supply_shares: Shares(100), debt_shares: DebtShares(50), ..reserve() }
}

/// A position with so many of them.
fn position(supply: u128, debt: u128) -> Position {
    let mut entries: [Entry; 8] = Default::default();
    let (supply, debt) = (Shares(supply), DebtShares(debt));
    entries[3] = Entry { reserve: RESERVE, supply, debt, ..Entry::default() };
    let (pool, owner) = (Address::default(), Address::default());
    Position { bump: 0, pool, owner, index: 0, entries }
}

fn others(reserve: &Reserve, positions: &[&Position]) -> Result<Others, LendingError> {
    Others::of(&RESERVE, reserve, positions.iter().copied())
}

#[test]
fn a_total_that_moves_alone_is_noticed() {
    let (mut reserve, one, mut two) = (hundred(), position(60, 0), position(30, 50));
    let before = others(&reserve, &[&one, &two]).unwrap();
    assert_eq!(before.to_string(), "10 shares and 0 debt shares");
    let check = |reserve: &Reserve, two: &Position| {
        others(reserve, &[&one, two]).and_then(|now| now.require_as(before))
    };
    assert_eq!(check(&reserve, &two), Ok(()));
    // Together they move, as in a deposit and a repayment.
    reserve.supply_shares = Shares(105);
    assert_eq!(check(&reserve, &two), Err(LendingError::SharesMismatch));
    two = position(35, 50);
    assert_eq!(check(&reserve, &two), Ok(()));
    reserve.debt_shares = DebtShares(49);
    assert_eq!(check(&reserve, &two), Err(LendingError::SharesMismatch));
    two = position(35, 49);
    assert_eq!(check(&reserve, &two), Ok(()));
}

#[test]
fn positions_hold_no_more_than_there_is() {
    let all = position(100, 50);
    assert_eq!(others(&hundred(), &[&all]).unwrap().to_string(), "0 shares and 0 debt shares");
    for (supply, debt) in [(101, 0), (0, 51)] {
        let more = position(supply, debt);
        assert_eq!(others(&hundred(), &[&more]), Err(LendingError::SharesMismatch));
    }
    // Two that fit alone and not together.
    let half = position(51, 0);
    assert_eq!(others(&hundred(), &[&half, &half]), Err(LendingError::SharesMismatch));
}

#[test]
fn stakes_of_an_earlier_epoch_are_worth_nothing() {
    let mut reserve = Reserve { insurance_staked: Shares(10), ..hundred() };
    reserve.insurance_epoch = 3;
    let mut stake = Stake {
        bump: 0,
        reserve: RESERVE,
        owner: Address::default(),
        shares: Shares(4),
        epoch: 3,
        cooling: Shares(0),
        cooling_from_s: 0,
    };
    assert_eq!(staked_by_others(&reserve, &stake), Ok(Shares(6)));
    stake.shares = Shares(11);
    assert_eq!(staked_by_others(&reserve, &stake), Err(LendingError::SharesMismatch));
    stake.epoch = 2;
    assert_eq!(staked_by_others(&reserve, &stake), Ok(Shares(10)));
}
