//! The rig itself: what it was built to be, and that events tell what the books say.

use std::sync::LazyLock;

use cofferdam_sdk::interface::units::{Fine, Price};
use proptest::{prop_assert, prop_assert_eq, proptest};

use super::{
    delay::{design, morpho},
    passage::found_within,
    rig::{DEBT, Design, OPENING, Rig, wad},
};

const FINE: u128 = 1_000_000_000;

/// Reserves of 1 % and insurance of 3 %, and nothing else than the formula's terms. One for all
/// tests, which fork it.
static RIG: LazyLock<(Design, Rig)> = LazyLock::new(|| {
    let (fees, insurance) = (DEBT / 100, 3 * (DEBT / 100));
    let design = Design { fees, insurance, ..design(morpho(0.86)) };
    let rig = Rig::new(&design).expect("a rig");
    (design, rig)
});

#[test]
fn a_rig_opens_with_its_position_and_its_funds() {
    let (design, rig) = &*RIG;
    let run = rig.run();
    let standing = run.standing(0).expect("a position");
    assert_eq!(standing.debt, Fine(u128::from(DEBT) * FINE));
    assert_eq!(standing.collateral, Fine(u128::from(design.loans[0].collateral) * FINE));
    // Half a basis point of the bonus is all that it stands off its limit.
    assert!((standing.ltv(wad(OPENING)) / 0.86 - 1.0).abs() < 5e-5);
    let funds = run.funds().expect("a reserve");
    assert_eq!(
        funds,
        (Fine(u128::from(design.fees) * FINE), Fine(u128::from(design.insurance) * FINE))
    );
}

proptest! {
    /// The loss is `debt − collateral · price ÷ (1 + bonus)` to the unit, reserves pay first,
    /// insurance second, suppliers last, and the books move by what the events say.
    #[test]
    fn a_settlement_is_the_formula(share in 0.2_f64..1.2) {
        let (design, rig) = &*RIG;
        let (mut run, micros) = (rig.run(), super::lab::units(share * 1e11));
        let price = Price(u128::from(micros) * 1_000_000_000_000);
        let before = run.funds().expect("a reserve");
        let owned = run.owned(0).expect("a supplier");
        let loss = run.settle(0, price).expect("a settlement");
        let worth = u128::from(design.loans[0].collateral) * u128::from(micros) / 1_000_000;
        let covered = worth * 10_000 / (10_000 + u128::from(design.bonus_bps)) * 1_000_000;
        let expected = (u128::from(DEBT) * FINE).saturating_sub(covered);
        prop_assert!(loss.recognised.get().abs_diff(expected) <= 4_000_000_000, "{loss:?}");
        let (fees, insurance) = run.funds().expect("a reserve");
        prop_assert_eq!(before.0.get() - fees.get(), loss.fees.get());
        prop_assert_eq!(before.1.get() - insurance.get(), loss.insurance.get());
        // Of every share price one unit belongs to nobody.
        let left = run.owned(0).expect("a supplier").get() + loss.suppliers.get();
        prop_assert!(owned.get().abs_diff(left) <= FINE, "{left} of {owned:?}: {loss:?}");
        let tranche = |from: u128, to: u128| loss.recognised.get().clamp(from, to) - from;
        let (reserves, both) = (before.0.get(), before.0.get() + before.1.get());
        prop_assert_eq!(loss.fees.get(), tranche(0, reserves));
        prop_assert_eq!(loss.insurance.get(), tranche(reserves, both));
        prop_assert_eq!(loss.suppliers.get(), tranche(both, u128::MAX));
    }
}

/// Passing over the looks that are far from the limit changes nothing: the program is asked about
/// every one of them here.
#[test]
fn asking_near_the_limit_is_asking_everywhere() {
    let near = found_within(1.0 + 1e-4, 60).expect("paths");
    let everywhere = found_within(f64::INFINITY, 60).expect("paths");
    assert_eq!(near, everywhere);
    let seen = near.iter().filter(|hit| hit.is_some()).count();
    assert!((10..50).contains(&seen), "{seen}");
}
