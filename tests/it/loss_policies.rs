//! One trace through every policy: supplied 1,000,000 dollars, a bad borrower's debt of 800,000, of
//! which a liquidation recovers 600,000, and 50,000 of reserves or of insurance.

use cofferdam_lending_interface::{
    LendingError,
    event::{BadDebtAbsorbed, Liquidated},
    state::{LossPolicy, ReserveConfig},
    units::{Bps, FINE_PER_UNIT, Fine},
};
use cofferdam_tests::world::{World, base_config};

use crate::common::*;

/// Where the 50,000 are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Cushion {
    Reserves,
    Insurance,
}

/// Who holds what afterwards, in dollars.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Holdings {
    suppliers: u128,
    reserves: u128,
    insurance: u128,
    deficit: u128,
    cash: u128,
}

const fn holdings(suppliers: u128, reserves: u128, insurance: u128, deficit: u128) -> Holdings {
    Holdings { suppliers, reserves, insurance, deficit, cash: 850_000 }
}

/// What each protocol's published rules make of the trace.
///
/// - Morpho Blue (`Morpho.sol`, `liquidate`): bad debt leaves total supply, 20 % for everybody.
/// - marginfi (`handle_bankruptcy`): insurance covers what it can, the rest lowers the share value:
///   (1,000,000 − 150,000) ÷ 1,000,000. Blend: the same with the backstop and the rate.
/// - Compound III (`absorb`): suppliers keep face value, reserves fall to 50,000 − 200,000.
/// - Aave 3.3 (`reserve.deficit`): claims keep face value; treasury and stakes are not touched until
///   somebody covers the deficit.
/// - Venus (`healBorrow`, `badDebt`): the exchange rate counts the bad debt as an asset.
const PUBLISHED: [(LossPolicy, Cushion, Holdings); 12] = {
    use Cushion::{Insurance, Reserves};
    use LossPolicy::{
        Deficit, Haircut, InsuranceThenHaircut, NegativeReserves, Receivable, Waterfall,
    };
    [
        (Waterfall, Reserves, holdings(850_000, 0, 0, 0)),
        (Waterfall, Insurance, holdings(850_000, 0, 0, 0)),
        (Haircut, Reserves, holdings(800_000, 50_000, 0, 0)),
        (Haircut, Insurance, holdings(800_000, 0, 50_000, 0)),
        (InsuranceThenHaircut, Reserves, holdings(800_000, 50_000, 0, 0)),
        (InsuranceThenHaircut, Insurance, holdings(850_000, 0, 0, 0)),
        (NegativeReserves, Reserves, holdings(1_000_000, 0, 0, 150_000)),
        (NegativeReserves, Insurance, holdings(1_000_000, 0, 50_000, 200_000)),
        (Deficit, Reserves, holdings(1_000_000, 50_000, 0, 200_000)),
        (Deficit, Insurance, holdings(1_000_000, 0, 50_000, 200_000)),
        (Receivable, Reserves, holdings(1_000_000, 50_000, 0, 200_000)),
        (Receivable, Insurance, holdings(1_000_000, 0, 50_000, 200_000)),
    ]
};

/// The trace up to the loss, which the liquidation recognises in the same instruction.
fn trace(policy: LossPolicy, cushion: Cushion) -> World {
    let mut world = fresh();
    let config = ReserveConfig { loss_policy: policy, ..base_config() };
    done(world.update_reserve(Harbour, Usdc, config));
    // One per cent of bonus: 606 ether at 1,000 recover 600,000.
    let ether = ReserveConfig { insolvent_bonus: Bps(100), ..base_config() };
    done(world.update_reserve(Harbour, Weth, ether));
    done(world.deposit(Dave, Harbour, Usdc, Usdc.whole(1_000_000)));
    match cushion {
        Cushion::Insurance => {
            done(world.fund_insurance(Admin, Harbour, Usdc, Usdc.whole(50_000)));
        }
        Cushion::Reserves => earn(&mut world, Usdc.whole(50_000)),
    }
    done(world.deposit(Alice, Harbour, Weth, Weth.whole(606)));
    done(world.borrow(Alice, Harbour, Usdc, Usdc.whole(800_000)));
    price(&mut world, Weth, 1_000);
    let all = Usdc.whole(800_000);
    let receipt = receipt_of(world.liquidate((Harbour, Alice), (Usdc, Weth), all, Amount(0)));
    assert_eq!(event::<Liquidated>(&receipt).repaid, Usdc.whole(600_000));
    let loss = event::<BadDebtAbsorbed>(&receipt).loss;
    assert!(loss.is_exact(), "{loss:?}");
    assert_eq!(loss.recognised, Usdc.whole(200_000).fine());
    world
}

/// Fees without waiting for them: the tokens go into the vault and the books say whose they are.
fn earn(world: &mut World, amount: Amount) {
    done(world.donate(Admin, Harbour, Usdc, amount));
    rewrite(world, (Harbour, Usdc), |state| {
        state.fees = amount.fine();
        state.cash = state.cash.plus(amount).expect("it fits");
    });
}

fn held(world: &World) -> Holdings {
    let reserve = world.reserve(Harbour, Usdc);
    let shares = world.position(Harbour, Dave).state.entry(&self::reserve(world, Harbour, Usdc));
    let suppliers = reserve.supply().and_then(|supply| supply.assets_down(shares.supply));
    let dollars = |fine: Fine| {
        assert_eq!(fine.get() % (FINE_PER_UNIT * 1_000_000), 0, "{fine} is no whole dollar");
        fine.get() / (FINE_PER_UNIT * 1_000_000)
    };
    Holdings {
        suppliers: dollars(suppliers.expect("it fits")),
        reserves: dollars(reserve.fees),
        insurance: dollars(reserve.insurance),
        deficit: dollars(reserve.deficit),
        cash: dollars(reserve.cash.fine()),
    }
}

#[test]
fn one_trace_through_every_policy() {
    println!(
        "policy               | 50,000 in | suppliers | reserves | insurance | deficit | cash"
    );
    for (policy, cushion, published) in PUBLISHED {
        let world = trace(policy, cushion);
        let now = held(&world);
        let Holdings { suppliers, reserves, insurance, deficit, cash } = now;
        let (policy_name, cushion_name) = (format!("{policy:?}"), format!("{cushion:?}"));
        println!(
            "{policy_name:<20} | {cushion_name:<9} | {suppliers:>9} | {reserves:>8} | {insurance:>9} | \
             {deficit:>7} | {cash:>6}"
        );
        assert_eq!(now, published, "{policy:?} with {cushion:?}");
        assert_eq!(suppliers + reserves + insurance, cash + deficit, "{policy:?}");
        assert_eq!(world.reserve(Harbour, Usdc).losses.recognised, Usdc.whole(200_000).fine());
    }
}

/// Where claims keep their face value, the last one out finds the cash gone: what the policy
/// table of docs/MATH.md warns of. Once the deficit is covered everybody can leave.
#[test]
fn a_deficit_is_felt_by_the_last_one_out() {
    for (policy, cushion, published) in PUBLISHED {
        let mut world = trace(policy, cushion);
        if published.deficit > 0 {
            refuses(&world, Dave, LendingError::InsufficientCash, |w| {
                w.withdraw(Dave, Harbour, Usdc, Amount(ALL))
            });
            done(world.cover_deficit(Admin, Harbour, Usdc, Amount(ALL)));
        }
        done(world.withdraw(Dave, Harbour, Usdc, Amount(ALL)));
        assert_eq!(held(&world).suppliers, 0, "{policy:?}");
    }
}

/// The claim stays, whoever paid: repaid in full, everybody has what they had.
#[test]
fn what_comes_back_makes_every_payer_whole() {
    for (policy, cushion, _) in PUBLISHED {
        let mut world = trace(policy, cushion);
        done(world.repay(Alice, (Harbour, Alice), Usdc, Amount(ALL)));
        // What came back to suppliers vests over a week.
        world.advance(7 * 86_400);
        done(world.deposit(Bob, Harbour, Usdc, Usdc.whole(1)));
        let reserve = world.reserve(Harbour, Usdc);
        let cushions = (reserve.fees, reserve.insurance);
        let had = Usdc.whole(50_000).fine();
        let expected = match cushion {
            Cushion::Reserves => (had, Fine::ZERO),
            Cushion::Insurance => (Fine::ZERO, had),
        };
        assert_eq!(cushions, expected, "{policy:?}");
        assert_eq!((reserve.deficit, reserve.vesting), (Fine::ZERO, Fine::ZERO));
        assert_eq!(reserve.supply().expect("it fits").assets, Usdc.whole(1_000_001).fine());
        assert_eq!(reserve.recovered.recognised, reserve.losses.recognised);
    }
}
