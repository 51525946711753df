use cofferdam_host::Address;
use cofferdam_lending_interface::{
    LendingError,
    instruction::ALL,
    math::{interest::RateCurve, loss::LossSplit},
    plan,
    state::{
        ENTRIES_MAX, Entry, FeedConfig, LossPolicy, Pool, PoolConfig, Position, PriceFeed,
        ReserveConfig,
    },
    units::{Amount, Bps, DebtShares, Fine, Index, Price, Shares, Wad},
};

use crate::encoding::{config, reserve};

fn address(byte: u8) -> Address {
    Address::new_from_array([byte; 32])
}

fn position() -> Position {
    Position {
        bump: 0,
        pool: address(1),
        owner: address(2),
        index: 0,
        entries: [Entry::default(); ENTRIES_MAX],
    }
}

#[test]
fn a_position_holds_supply_or_debt_of_a_reserve_never_both() {
    let mut position = position();
    let supply = Entry { reserve: address(3), supply: Shares(1), ..Entry::default() };
    let both = Entry { debt: DebtShares(1), ..supply };
    assert_eq!(position.set(both), Err(LendingError::SameReserve));
    let claimed = Entry { claim: Fine(1), ..supply };
    assert_eq!(position.set(claimed), Err(LendingError::SameReserve));
    assert_eq!(position.used().count(), 0);
}

#[test]
fn entries_are_freed_and_found_again() {
    let mut position = position();
    for byte in 1..=8 {
        let entry = Entry { reserve: address(byte), supply: Shares(1), ..Entry::default() };
        position.set(entry).unwrap();
    }
    let ninth = Entry { reserve: address(9), supply: Shares(1), ..Entry::default() };
    assert_eq!(position.set(ninth), Err(LendingError::PositionFull));
    position.set(Entry { reserve: address(4), ..Entry::default() }).unwrap();
    assert_eq!(position.used().count(), 7);
    position.set(ninth).unwrap();
    assert_eq!(position.entry(&address(9)), ninth);
    assert_eq!(position.entry(&address(4)).supply, Shares::ZERO);
}

#[test]
fn a_pool_has_room_for_sixteen_reserves() {
    let mut pool = Pool::new(0, address(1), [0; 32], PoolConfig::default());
    for byte in 0..16 {
        pool.push_reserve(address(byte)).unwrap();
    }
    assert_eq!(pool.push_reserve(address(16)), Err(LendingError::PoolFull));
    assert_eq!(pool.reserves().len(), 16);
}

#[test]
fn a_price_is_fresh_up_to_its_age_and_never_zero() {
    let config = FeedConfig::single(address(1));
    let feed = |price| PriceFeed {
        price: Price(price),
        observed_at_s: 100,
        ..PriceFeed::new(0, address(1), [0; 16], config)
    };
    assert_eq!(feed(5).head().fresh_price(160, 60), Ok(Price(5)));
    assert_eq!(feed(5).head().fresh_price(161, 60), Err(LendingError::PriceStale));
    assert_eq!(feed(0).head().fresh_price(100, 60), Err(LendingError::PriceZero));
}

#[test]
fn every_parameter_is_refused_beyond_its_range() {
    type Change = fn(&mut ReserveConfig);
    let changes: [(Change, &str); 12] = [
        (|c| c.collateral_factor = Bps(8_001), "collateral_factor must be at most"),
        (|c| c.liquidation_threshold = Bps(0), "collateral_factor must be at most"),
        (|c| c.liquidation_threshold = Bps(9_260), "must be at most one"),
        (|c| c.target_health = Bps(9_999), "target_health"),
        (|c| c.target_health = Bps(15_001), "target_health"),
        (|c| c.full_close_health = Bps(10_001), "full_close_health"),
        (|c| c.insolvent_bonus = Bps(801), "insolvent_bonus"),
        (|c| c.liquidation_protocol_fee = Bps(5_001), "liquidation_protocol_fee"),
        (|c| c.reserve_factor = Bps(5_001), "reserve_factor"),
        (|c| c.max_price_age_s = 0, "max_price_age_s"),
        (|c| c.max_price_age_s = 604_801, "max_price_age_s"),
        (|c| c.curve.len = 1, "curve"),
    ];
    assert_eq!(config().fault(), None);
    for (change, range) in changes {
        let mut config = config();
        change(&mut config);
        let fault = config.fault().unwrap_or("accepted");
        assert!(fault.contains(range), "{fault} does not speak of {range}");
    }
    let dear = ReserveConfig {
        collateral_factor: Bps(100),
        liquidation_threshold: Bps(200),
        liquidation_bonus_max: Bps(2_501),
        ..config()
    };
    assert!(dear.fault().unwrap().contains("liquidation_bonus"));
}

#[test]
fn interest_is_split_and_accrues_once() {
    let mut reserve = reserve();
    reserve.config.curve = RateCurve::new(&[(0, 1_000), (10_000, 1_000)]).unwrap();
    reserve.debt_shares = DebtShares(1_000_000_000_000_000);
    let before = reserve.clone();
    let interest = reserve.accrue(1_000 + 31_536_000).unwrap();
    // e^0.1 − 1 of a million units.
    assert_eq!(interest.get() / 1_000_000, 105_170_918);
    // A tenth is the protocol's, and a fifth of that the insurance fund's, which gets shares of its
    // own for it: a thousandth of a fine unit each, for the price of the first one.
    let tenth = interest.get() / 10;
    assert_eq!(reserve.insurance, Fine(tenth / 5));
    assert_eq!(reserve.fees, Fine(tenth - tenth / 5));
    assert_eq!(reserve.insurance_shares, Shares(tenth / 5 / 1_000));
    let earned = reserve.supply().unwrap().assets.get() - before.supply().unwrap().assets.get();
    assert_eq!(earned, interest.get() - tenth);
    let once = reserve.clone();
    assert_eq!(reserve.accrue(1_000 + 31_536_000), Ok(Fine::ZERO));
    assert_eq!(reserve.accrue(0), Ok(Fine::ZERO), "a clock behind the books");
    assert_eq!(reserve, once);
}

#[test]
fn a_reserve_left_alone_for_a_century_still_works() {
    let mut reserve = reserve();
    reserve.config.curve = RateCurve::new(&[(0, 0), (10_000, 1_000_000)]).unwrap();
    reserve.debt_shares = DebtShares(1_000_000_000_000_000);
    reserve.cash = Amount(1_000);
    reserve.accrue(1_000 + 100 * 31_536_000).unwrap();
    assert_eq!(reserve.index, Index::CEILING);
    reserve.accrue(1_000 + 200 * 31_536_000).unwrap();
    assert_eq!(reserve.index, Index::CEILING);
    let entry = Entry { supply: Shares(10), ..Entry::default() };
    assert!(plan::withdraw(&reserve, &entry, Amount(1_000)).is_ok(), "the cash is still there");
}

#[test]
fn a_loss_takes_exactly_the_suppliers_part_from_their_assets() {
    let mut reserve = reserve();
    reserve.debt_shares = DebtShares(500_000_000_000_007);
    reserve.index = Index(1_234_567_890_123_456_789_012_345_678);
    reserve.fees = Fine(7_000_000_001);
    reserve.insurance = Fine(11_000_000_003);
    let before = reserve.supply().unwrap().assets;
    let split = reserve.write_off(DebtShares(400_000_000_000_003)).unwrap();
    assert!(split.is_exact());
    assert_eq!((split.fees, split.insurance), (Fine(7_000_000_001), Fine(11_000_000_003)));
    assert_eq!(reserve.supply().unwrap().assets, before.minus(split.suppliers).unwrap());
    assert_eq!((reserve.fees, reserve.insurance), (Fine::ZERO, Fine::ZERO));
    assert_eq!(reserve.losses, split);
    let again = reserve.write_off(DebtShares(100_000_000_000_004)).unwrap();
    assert_eq!(again.suppliers, again.recognised);
    assert_eq!(reserve.losses, LossSplit::plus(split, again).unwrap());
}

#[test]
fn a_repaid_claim_goes_back_in_reverse_order_of_loss() {
    let mut reserve = reserve();
    reserve.debt_shares = DebtShares(100_000_000_000);
    (reserve.fees, reserve.insurance) = (Fine(10_000_000_000), Fine(20_000_000_000));
    let split = reserve.write_off(DebtShares(100_000_000_000)).unwrap();
    assert_eq!(split.suppliers, Fine(70_000_000_000));
    let mut entry = Entry { claim: split.recognised, ..Entry::default() };
    let assets = reserve.supply().unwrap().assets;

    // 60 units go to suppliers; of the next 40 ten do, then 20 to insurance and 10 to fees.
    let plan = plan::repay(&reserve, &entry, Amount(60)).unwrap();
    assert_eq!(
        (plan.amount, plan.shares, plan.claim),
        (Amount(60), DebtShares(0), Amount(60).fine())
    );
    let first = plan.apply(&mut reserve, &mut entry).unwrap();
    assert_eq!(
        (first.suppliers, first.insurance, first.fees),
        (Amount(60).fine(), Fine(0), Fine(0))
    );
    let plan = plan::repay(&reserve, &entry, Amount(ALL)).unwrap();
    assert_eq!(plan.amount, Amount(40), "never more than is claimed");
    let rest = plan.apply(&mut reserve, &mut entry).unwrap();
    let [ten, twenty] = [Amount(10).fine(), Amount(20).fine()];
    assert_eq!((rest.suppliers, rest.insurance, rest.fees), (ten, twenty, ten));
    assert_eq!((reserve.insurance, reserve.fees), (twenty, ten));
    assert_eq!(reserve.vesting, split.suppliers, "what came back to suppliers vests");
    assert_eq!(reserve.supply().unwrap().assets, assets);
    assert_eq!(reserve.recovered, reserve.losses);
    assert_eq!(plan::repay(&reserve, &entry, Amount(1)), Err(LendingError::NoDebt));
    assert_eq!(reserve.recover(Fine(1)), Err(LendingError::LossMismatch));
}

#[test]
fn a_liquidation_needs_cash_for_the_payout_only() {
    let mut reserve = reserve();
    (reserve.cash, reserve.debt_shares) = (Amount(97), DebtShares(Amount(999_903).fine().get()));
    let mut entry = Entry { supply: Shares(1_000_000_000), ..Entry::default() };
    let plan = plan::LiquidationPlan {
        bonus: Wad(0),
        repay: plan::RepayPlan { amount: Amount(1), shares: DebtShares(0), claim: Fine(0) },
        seize: plan::WithdrawPlan { amount: Amount(100), shares: Shares(100_000_000) },
        protocol_fee: Amount(3),
        payout: Amount(97),
        shares_out: Shares::ZERO,
    };
    let before = reserve.supply().unwrap().assets;
    plan.apply_collateral(&mut reserve, &mut entry).unwrap();
    // A fifth of the fee is the insurance fund's.
    assert_eq!(reserve.cash, Amount(0));
    assert_eq!((reserve.fees, reserve.insurance), (Fine(2_400_000_000), Fine(600_000_000)));
    assert_eq!(entry.supply, Shares(900_000_000));
    assert_eq!(reserve.supply().unwrap().assets, before.minus(Amount(100).fine()).unwrap());
}

#[test]
fn a_liquidation_pays_shares_when_cash_is_short() {
    let mut reserve = reserve();
    (reserve.cash, reserve.debt_shares) = (Amount(96), DebtShares(Amount(999_904).fine().get()));
    let mut entry =
        Entry { supply: Shares(1_000_000_000), noticed: Shares(950_000_000), ..Entry::default() };
    let plan = plan::LiquidationPlan {
        bonus: Wad(0),
        repay: plan::RepayPlan { amount: Amount(1), shares: DebtShares(0), claim: Fine(0) },
        seize: plan::WithdrawPlan { amount: Amount(100), shares: Shares(100_000_000) },
        protocol_fee: Amount(3),
        payout: Amount(97),
        shares_out: Shares(97_000_000),
    };
    let (before, shares) = (reserve.supply().unwrap().assets, reserve.supply_shares);
    plan.apply_collateral(&mut reserve, &mut entry).unwrap();
    let mut receiver = Entry { supply: Shares(5), ..Entry::default() };
    plan.apply_receiver(&mut receiver).unwrap();
    // The cash stays, the shares of the fee end, those of the payout change hands.
    assert_eq!(reserve.cash, Amount(96));
    assert_eq!(reserve.supply_shares, shares.minus(Shares(3_000_000)).unwrap());
    assert_eq!(reserve.supply().unwrap().assets, before.minus(Amount(3).fine()).unwrap());
    assert_eq!((entry.supply, entry.noticed), (Shares(900_000_000), Shares(900_000_000)));
    assert_eq!(receiver.supply, Shares(97_000_005));
}

#[test]
fn a_flash_loan_moves_no_share_price_and_splits_its_fee() {
    let mut reserve = reserve();
    reserve.insurance = Fine(400_000_000_000_001);
    reserve.insurance_cash = reserve.insurance;
    assert_eq!(plan::flash_repay(&reserve), Err(LendingError::FlashLoanMissing));
    assert_eq!(plan::flash_borrow(&reserve, Amount(0)), Err(LendingError::AmountTooSmall));
    let beyond = plan::flash_borrow(&reserve, Amount(600_000));
    assert_eq!(beyond, Err(LendingError::InsufficientCash));
    let before = reserve.supply().unwrap();
    plan::flash_borrow(&reserve, Amount(599_999)).unwrap().apply(&mut reserve).unwrap();
    assert_eq!(reserve.supply(), Ok(before));
    assert_eq!((reserve.cash, reserve.flash_loan), (Amount(400_001), Amount(599_999)));
    assert_eq!(reserve.available(), Ok(Amount(0)));
    let second = plan::flash_borrow(&reserve, Amount(1));
    assert_eq!(second, Err(LendingError::FlashLoanActive));

    // 5 bps of 599,999 are 300; a tenth of it the protocol's, of that a fifth insurance.
    let back = plan::flash_repay(&reserve).unwrap();
    assert_eq!(
        (back.amount, back.fee, back.total()),
        (Amount(599_999), Amount(300), Ok(Amount(600_299)))
    );
    back.apply(&mut reserve).unwrap();
    assert_eq!((reserve.cash, reserve.flash_loan), (Amount(1_000_300), Amount(0)));
    assert_eq!(reserve.fees, Amount(24).fine());
    assert_eq!(reserve.insurance, Fine(400_006_000_000_001));
    let after = before.assets.plus(Amount(270).fine());
    assert_eq!(reserve.supply().map(|supply| supply.assets), after);
}

#[test]
fn insurance_is_never_lent_or_withdrawn() {
    let mut reserve = reserve();
    reserve.insurance = Fine(400_000_000_000_001);
    reserve.insurance_cash = reserve.insurance;
    assert_eq!(reserve.available(), Ok(Amount(599_999)));
    assert!(plan::borrow(&reserve, Amount(599_999)).is_ok());
    assert_eq!(plan::borrow(&reserve, Amount(600_000)), Err(LendingError::InsufficientCash));
    let entry = Entry { supply: Shares(900_000_000_000), ..Entry::default() };
    let asked = plan::withdraw(&reserve, &entry, Amount(ALL));
    assert!(asked.is_ok_and(|plan| plan.amount.get() <= 599_999), "worth less than the cash");
    // What it earns on top is not kept back.
    reserve.credit_insurance(Fine(7_000_000_000)).unwrap();
    assert_eq!(reserve.available(), Ok(Amount(599_999)));
    // A loss takes what is kept first.
    reserve.config.loss_policy = LossPolicy::InsuranceThenHaircut;
    reserve.debt_shares = DebtShares(1_000_000_000_000);
    let _loss = reserve.write_off(DebtShares(1_000_000_000)).unwrap();
    assert_eq!(reserve.insurance_cash, Fine(399_999_000_000_001));
    assert_eq!(reserve.available(), Ok(Amount(600_000)));
}

#[test]
fn a_wiped_out_reserve_takes_no_new_supply() {
    let mut reserve = reserve();
    reserve.cash = Amount::ZERO;
    reserve.debt_shares = DebtShares(1_000);
    reserve.write_off(DebtShares(1_000)).unwrap();
    assert_eq!(reserve.is_wiped_out(), Ok(true));
    assert_eq!(plan::deposit(&reserve, Amount(1)), Err(LendingError::ReserveWipedOut));
    let entry = Entry { supply: Shares(5), ..Entry::default() };
    let cleared = plan::withdraw(&reserve, &entry, Amount(ALL)).unwrap();
    assert_eq!((cleared.amount, cleared.shares), (Amount::ZERO, Shares(5)));
}
