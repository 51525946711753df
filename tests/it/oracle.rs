//! What may happen at which price: the table of operations and needs, with each way a price can
//! be in doubt.

use std::sync::LazyLock;

use cofferdam_host::Address;
use cofferdam_lending_interface::{
    LendingError,
    instruction::Liquidate,
    math::oracle::Valuation,
    state::{Operation, PublisherQuote, ReserveConfig},
    units::{Bps, Price, Shares},
};
use cofferdam_sdk::{Instruction, instruction as build};
use cofferdam_tests::world::{Actor, Asset, Options, World, base_config};

use crate::common::*;

/// What is wrong with the oracle of ether.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fault {
    Nothing,
    Stale,
    Unknown,
    Wide,
    FarFromAverage,
    FarFromSecond,
    SecondStale,
    SecondUnknown,
    SecondMissing,
}

const FAULTS: [Fault; 9] = [
    Fault::Nothing,
    Fault::Stale,
    Fault::Unknown,
    Fault::Wide,
    Fault::FarFromAverage,
    Fault::FarFromSecond,
    Fault::SecondStale,
    Fault::SecondUnknown,
    Fault::SecondMissing,
];

/// Ether fell from 2,000 to 1,400 so slowly that its average is there too. Alice, 50 ether against
/// 60,000 dollars, can be liquidated; Mallory, 10 against 15,000, is bad debt; Bob supplies ether
/// only; Carol owes ten against 100,000 dollars. Certain to 1 %, 10 % apart, with a second feed.
static STRAINED: LazyLock<World> = LazyLock::new(|| {
    let config =
        ReserveConfig { max_confidence: Bps(100), max_divergence: Bps(1_000), ..base_config() };
    let mut world = World::new(&Options {
        configs: [((Harbour, Weth), config)].into(),
        second_feeds: [Weth].into(),
        ..options()
    });
    done(world.deposit(Dave, Harbour, Usdc, Usdc.whole(200_000)));
    done(world.deposit(Bob, Harbour, Weth, Weth.whole(50)));
    for (owner, held, supply, owed, debt) in [
        (Alice, Weth, 50, Usdc, 60_000),
        (Mallory, Weth, 10, Usdc, 15_000),
        (Carol, Usdc, 100_000, Weth, 10),
    ] {
        done(world.deposit(owner, Harbour, held, held.whole(supply)));
        done(world.borrow(owner, Harbour, owed, owed.whole(debt)));
    }
    done(world.open_stake(Bob, Harbour, Weth));
    done(world.stake(Bob, Harbour, Weth, Weth.whole(1)));
    both(&mut world, 1_400);
    world.advance(3_600);
    done(world.refresh());
    world
});

/// Publishes a price of ether in dollars to both of its feeds.
fn both(world: &mut World, price: u128) {
    done(world.publish(Weth, dollars(price)));
    second(world, dollars(price));
}

/// Publishes a price of ether to its second feed.
fn second(world: &mut World, price: Price) {
    let feed = world.second_feed(Weth).expect("the world has one");
    let quote = PublisherQuote { price, confidence: Price::ZERO, observed_at_s: world.now_s() };
    done(world.quote(Publisher, &feed, quote));
}

impl Fault {
    fn world(self) -> World {
        let mut world = STRAINED.clone();
        match self {
            Self::Nothing | Self::SecondMissing => {}
            Self::Stale => {
                world.advance(3_601);
                done(world.publish(Usdc, dollars(1)));
            }
            Self::Unknown => done(world.publish(Weth, Price::ZERO)),
            // One unit more than 1 % of 1,400.
            Self::Wide => {
                let width = Price(dollars(14).get() + 1);
                done(world.publish_around(Weth, dollars(1_400), width));
            }
            Self::FarFromAverage => both(&mut world, 1_250),
            Self::FarFromSecond => second(&mut world, dollars(1_600)),
            Self::SecondStale => {
                world.advance(3_601);
                for (asset, dear) in [(Usdc, 1), (Weth, 1_400)] {
                    price(&mut world, asset, dear);
                }
            }
            Self::SecondUnknown => second(&mut world, Price::ZERO),
        }
        world
    }

    /// What an operation of that need is refused with.
    const fn refusal(self, need: Option<Valuation>) -> Option<LendingError> {
        match (need, self) {
            (None | Some(Valuation::Last), _) | (_, Self::Nothing) => None,
            (_, Self::Stale) => Some(LendingError::PriceStale),
            (_, Self::Unknown) => Some(LendingError::PriceZero),
            (Some(Valuation::Spot), _) => None,
            (_, Self::Wide) => Some(LendingError::PriceUncertain),
            (_, Self::FarFromAverage | Self::FarFromSecond) => Some(LendingError::PriceDivergent),
            (_, Self::SecondStale) => Some(LendingError::PriceStale),
            (_, Self::SecondUnknown) => Some(LendingError::PriceZero),
            (_, Self::SecondMissing) => Some(LendingError::MissingSecondFeed),
        }
    }
}

/// The smallest honest instructions of an operation that depends on ether, and who signs; nothing
/// for covering a deficit, of which there is none here.
fn instructions(world: &World, operation: Operation) -> Option<(Actor, Vec<Instruction>)> {
    let weth = world.keys(Harbour, Weth);
    let at = |owner| world.position_address(Harbour, owner);
    let [alice, bob] = [Alice, Bob].map(|actor| world.person(actor));
    let one = Amount(1);
    let (signer, instruction) = match operation {
        Operation::Deposit => (Bob, build::deposit(&bob, &at(Bob), &weth, one)),
        Operation::DepositToSave => (Alice, build::deposit(&alice, &at(Alice), &weth, one)),
        Operation::WithdrawDebtFree => (Bob, build::withdraw(&bob, &at(Bob), &weth, &[], one)),
        Operation::GiveNotice => (Bob, build::give_notice(&bob, &at(Bob), &weth, Shares(1))),
        Operation::FundInsurance => (Bob, build::fund_insurance(&bob, &weth, one)),
        Operation::StakeInsurance => (Bob, build::stake_insurance(&bob, &weth, Amount(1_000))),
        Operation::UnstakeInsurance => (Bob, build::start_cooldown(&bob, &weth, Shares(1))),
        Operation::CollectFees => (Admin, build::collect_fees(&world.person(Admin), &weth, one)),
        Operation::FlashBorrow | Operation::FlashRepay => {
            let (borrow, repay) = build::flash_pair(&bob, &weth, Amount(1_000));
            return Some((Bob, vec![borrow, repay]));
        }
        Operation::CoverDeficit => return None,
        _ => owing_instruction(world, operation),
    };
    Some((signer, vec![instruction]))
}

fn owing_instruction(world: &World, operation: Operation) -> (Actor, Instruction) {
    let (weth, usdc) = (world.keys(Harbour, Weth), world.keys(Harbour, Usdc));
    let at = |owner| world.position_address(Harbour, owner);
    let (carol, liquidator) = (world.person(Carol), world.person(Liquidator));
    let market = world.market(Harbour);
    let used = |owner| market.used_by(&world.position(Harbour, owner).state);
    let (carols, one) = (used(Carol), Amount(1));
    match operation {
        Operation::Repay => (Carol, build::repay(&carol, &at(Carol), &weth, Amount(1_000))),
        Operation::Liquidate => {
            let args = Liquidate { repay_max: Usdc.whole(10), collateral_min: Amount(0) };
            let (sides, alices) = ((&usdc, &weth), used(Alice));
            let liquidate = build::liquidate(&liquidator, &at(Alice), sides, None, &alices, args);
            (Liquidator, liquidate)
        }
        Operation::Borrow => (Carol, build::borrow(&carol, &at(Carol), &weth, &carols, one)),
        Operation::WithdrawWithDebt => {
            (Carol, build::withdraw(&carol, &at(Carol), &usdc, &carols, one))
        }
        Operation::AbsorbBadDebt => {
            (Liquidator, market.absorb_bad_debt(&world.position(Harbour, Mallory)))
        }
        _ => panic!("{operation:?} needs no debt"),
    }
}

fn without(mut instruction: Instruction, account: &Address) -> Instruction {
    instruction.accounts.retain(|meta| meta.pubkey != *account);
    instruction
}

#[test]
fn matrix() {
    let (mut tried, mut refused) = (0, 0);
    for fault in FAULTS {
        let world = fault.world();
        let second = world.second_feed(Weth).expect("the world has one");
        for operation in Operation::ALL {
            let Some((signer, mut wanted)) = instructions(&world, operation) else { continue };
            tried += 1;
            if fault == Fault::SecondMissing {
                wanted = wanted.into_iter().map(|one| without(one, &second)).collect();
            }
            match fault.refusal(operation.needs().sides) {
                None => {
                    let sent = world.clone().send(&[signer], &wanted);
                    assert!(sent.is_ok(), "{operation:?} with {fault:?}: {sent:?}");
                }
                Some(error) => {
                    refused += 1;
                    refuses(&world, signer, error, |world| world.send(&[signer], &wanted));
                }
            }
        }
    }
    // Three strict operations with eight faults, a liquidation with two.
    assert_eq!((tried, refused), (15 * 9, 3 * 8 + 2));
}

/// Leaving, saving a position and paying need no price at all, however dead the oracle is.
#[test]
fn everybody_without_debt_leaves_while_the_oracle_is_dead() {
    for fault in [Fault::Stale, Fault::Unknown] {
        let mut world = fault.world();
        done(world.repay(Carol, (Harbour, Carol), Weth, Amount(ALL)));
        done(world.withdraw(Carol, Harbour, Usdc, Amount(ALL)));
        done(world.repay(Alice, (Harbour, Alice), Usdc, Amount(ALL)));
        done(world.withdraw(Alice, Harbour, Weth, Amount(ALL)));
        done(world.withdraw(Bob, Harbour, Weth, Amount(ALL)));
    }
}

#[test]
fn a_price_is_good_up_to_its_last_second() {
    let mut world = indebted();
    world.advance(3_600);
    done(world.borrow(Alice, Harbour, Usdc, Amount(1)));
    world.advance(1);
    refuses(&world, Alice, LendingError::PriceStale, |w| w.borrow(Alice, Harbour, Usdc, Amount(1)));
}

/// A dead feed of dust collateral must not make its owner immune: liquidation needs the prices of
/// the two reserves it moves between, and takes the others at their last price.
#[test]
fn a_dead_feed_of_other_collateral_blocks_no_liquidation() {
    let mut world = indebted();
    done(world.deposit(Alice, Harbour, Dai, Amount(1)));
    world.advance(3_601);
    done(world.publish(Usdc, dollars(1)));
    price(&mut world, Weth, 1_400);
    refuses(&world, Alice, LendingError::PriceStale, |w| {
        w.withdraw(Alice, Harbour, Weth, Amount(1))
    });
    done(world.liquidate((Harbour, Alice), (Usdc, Weth), Amount(ALL), Amount(0)));
}

/// A price that was taken back is not a price of nothing: who holds the asset stays healthy.
#[test]
fn a_withdrawn_price_endangers_nobody() {
    let mut world = indebted();
    done(world.deposit(Alice, Harbour, Dai, Dai.whole(1)));
    done(world.publish(Weth, Price::ZERO));
    refuses(&world, Liquidator, LendingError::NotLiquidatable, |w| {
        w.liquidate((Harbour, Alice), (Usdc, Dai), Amount(ALL), Amount(0))
    });
}

/// Exactly `most` can be borrowed: one unit more is refused, and the client says the same.
#[track_caller]
fn borrows_at_most(world: &World, owner: Actor, asset: Asset, most: Amount) {
    let position = world.position(Harbour, owner);
    let told = world.market(Harbour).max_borrow(&position, &world.mint(asset));
    assert_eq!(told.ok(), Some(most), "the client's own limit");
    let more = Amount(most.get() + 1);
    refuses(world, owner, LendingError::BorrowLimitExceeded, |w| {
        w.borrow(owner, Harbour, asset, more)
    });
    done(world.clone().borrow(owner, Harbour, asset, most));
}

/// Fifty ether of Alice's, 100,000 dollars of Bob's, three quarters of which can be borrowed.
fn lenders() -> World {
    let mut world = fresh();
    done(world.deposit(Dave, Harbour, Usdc, Usdc.whole(200_000)));
    done(world.deposit(Dave, Harbour, Weth, Weth.whole(100)));
    done(world.deposit(Alice, Harbour, Weth, Weth.whole(50)));
    done(world.deposit(Bob, Harbour, Usdc, Usdc.whole(100_000)));
    world
}

/// With 2,000 ± 20, collateral counts at 1,980 (50 × 1,980 × ¾ = 74,250) and debt at 2,020
/// (75,000 ÷ 2,020 = 37.128712871…).
#[test]
fn uncertainty_counts_against_either_side() {
    let mut world = lenders();
    borrows_at_most(&world, Alice, Usdc, Usdc.whole(75_000));
    borrows_at_most(&world, Bob, Weth, Amount(37_500_000_000));
    done(world.publish_around(Weth, dollars(2_000), dollars(20)));
    borrows_at_most(&world, Alice, Usdc, Usdc.whole(74_250));
    borrows_at_most(&world, Bob, Weth, Amount(37_128_712_871));
}

/// A spike that lasts one moment lets nobody borrow more: a high one does not raise collateral,
/// a low one does not cheapen debt.
#[test]
fn a_spike_raises_no_limit() {
    let world = lenders();
    let mut high = world.clone();
    price(&mut high, Weth, 4_000);
    borrows_at_most(&high, Alice, Usdc, Usdc.whole(75_000));
    // Debt at the spike: 75,000 ÷ 4,000.
    borrows_at_most(&high, Bob, Weth, Amount(18_750_000_000));
    let mut low = world;
    price(&mut low, Weth, 1_000);
    borrows_at_most(&low, Alice, Usdc, Usdc.whole(37_500));
    borrows_at_most(&low, Bob, Weth, Amount(37_500_000_000));
    // After a half-life of the average, 300 s, at 1,000: it stands at 1,500, so 75,000 ÷ 1,500.
    low.advance(300);
    borrows_at_most(&low, Bob, Weth, Weth.whole(50));
}

/// Second feeds may stand anywhere between the pairs, and any other feed is not one.
#[test]
fn second_feeds_stand_anywhere_and_are_the_reserves_own() {
    let world = Fault::Nothing.world();
    let feed = world.second_feed(Weth).expect("the world has one");
    let (signer, borrow) = owing_instruction(&world, Operation::Borrow);
    let place = borrow.accounts.iter().position(|meta| meta.pubkey == feed).expect("the builder's");
    let (fixed, count) = (8, borrow.accounts.len());
    assert_eq!(count, fixed + 3, "a second feed and a pair");
    for to in [fixed, count - 1] {
        let mut moved = borrow.clone();
        let meta = moved.accounts.remove(place);
        moved.accounts.insert(to, meta);
        done(world.clone().send(&[signer], &[moved]));
    }
    let mut wrong = borrow;
    wrong.accounts[place].pubkey = world.feed(Dai);
    refuses(&world, signer, LendingError::MissingSecondFeed, |w| w.send(&[signer], &[wrong]));
}
