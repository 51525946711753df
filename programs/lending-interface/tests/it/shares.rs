use cofferdam_lending_interface::{
    math::shares::{Supply, debt_down, debt_shares_down, debt_shares_up, debt_up},
    units::{Amount, Fine, Index, RAY, Shares, WAD},
};
use proptest::prelude::*;

prop_compose! {
    fn supply()(units in 0_u64..1 << 60, loss_bps in 0_u128..10_000, gain_bps in 0_u128..50_000) -> Supply {
        let fine = Amount(units).fine().get();
        let assets = Fine(fine / 10_000 * (10_000 - loss_bps) + fine / 10_000 * gain_bps);
        Supply { assets, shares: Shares(u128::from(units) * 1_000_000) }
    }
}

#[test]
fn a_new_reserve_gives_a_million_shares_a_unit() {
    let new = Supply { assets: Fine::ZERO, shares: Shares::ZERO };
    assert_eq!(new.shares_down(Amount(5).fine()), Ok(Shares(5_000_000)));
    assert_eq!(new.share_price_down().unwrap().get(), WAD);
}

#[test]
fn the_first_depositor_cannot_price_the_next_one_out() {
    // One unit deposited, a billion added to the assets in whatever way: the next depositor of a
    // million still gets shares, and loses at most a thousandth.
    let inflated = Supply { assets: Amount(1_000_000_001).fine(), shares: Shares(1_000_000) };
    let deposit = Amount(1_000_000).fine();
    let shares = inflated.shares_down(deposit).unwrap();
    let after = Supply {
        assets: inflated.assets.plus(deposit).unwrap(),
        shares: inflated.shares.plus(shares).unwrap(),
    };
    let back = after.assets_down(shares).unwrap();
    assert!(back.get() >= deposit.get() / 1_000 * 999, "{back} of {deposit}");
}

proptest! {
    #[test]
    fn deposit_then_withdraw_never_profits(supply in supply(), amount in 1_u64..1 << 60) {
        let amount = Amount(amount).fine();
        let shares = supply.shares_down(amount).unwrap();
        let after = Supply {
            assets: supply.assets.plus(amount).unwrap(),
            shares: supply.shares.plus(shares).unwrap(),
        };
        prop_assert!(after.assets_down(shares).unwrap() <= amount);
        prop_assert!(after.share_price_down().unwrap() >= supply.share_price_down().unwrap());
    }

    #[test]
    fn what_costs_shares_costs_at_least_their_worth(supply in supply(), amount in 1_u64..1 << 60) {
        let amount = Amount(amount).fine();
        let cost = supply.shares_up(amount).unwrap();
        prop_assert!(supply.assets_down(cost).unwrap() >= amount.min(supply.assets));
        prop_assert!(supply.assets_down(Shares(u128::MAX >> 64)).unwrap() <= supply.assets);
        prop_assert!(supply.shares_down(amount).unwrap() <= cost);
        prop_assert!(cost.get() - supply.shares_down(amount).unwrap().get() <= 1);
    }

    #[test]
    fn borrow_then_repay_never_profits(units in 1_u64..1 << 60, growth in 0..RAY * 1_000) {
        let index = Index(RAY + growth);
        let debt = Amount(units).fine();
        let owed = debt_shares_up(debt, index).unwrap();
        prop_assert!(debt_up(owed, index).unwrap() >= debt);
        prop_assert!(debt_shares_down(debt, index).unwrap() <= owed);
        prop_assert!(debt_up(owed, index).unwrap().get() - debt_down(owed, index).unwrap().get() <= 1);
    }
}
