use cofferdam_lending_interface::{
    math::loss::{LossSplit, waterfall, write_off_down},
    units::{DebtShares, Fine, Value},
};
use proptest::prelude::*;

fn split(recognised: u128, fees: u128, insurance: u128, suppliers: u128) -> LossSplit {
    LossSplit {
        recognised: Fine(recognised),
        fees: Fine(fees),
        insurance: Fine(insurance),
        suppliers: Fine(suppliers),
        deficit: Fine::ZERO,
    }
}

#[test]
fn fees_pay_first_then_insurance_then_suppliers() {
    let rows = [
        ((0, 5, 5), split(0, 0, 0, 0)),
        ((4, 5, 5), split(4, 4, 0, 0)),
        ((5, 5, 5), split(5, 5, 0, 0)),
        ((9, 5, 5), split(9, 5, 4, 0)),
        ((10, 5, 5), split(10, 5, 5, 0)),
        ((11, 5, 5), split(11, 5, 5, 1)),
        ((7, 0, 0), split(7, 0, 0, 7)),
    ];
    for ((loss, fees, insurance), expected) in rows {
        assert_eq!(waterfall(Fine(loss), Fine(fees), Fine(insurance)), Ok(expected));
    }
}

#[test]
fn a_split_that_does_not_add_up_is_not_exact() {
    assert!(split(10, 5, 4, 1).is_exact());
    assert!(!split(10, 5, 4, 0).is_exact());
    assert!(!split(10, 5, 4, 2).is_exact());
    assert!(!split(0, u128::MAX, 1, 0).is_exact());
}

proptest! {
    #[test]
    fn every_loss_is_paid_exactly(loss: u128, fees: u128, insurance: u128) {
        let split = waterfall(Fine(loss), Fine(fees), Fine(insurance)).unwrap();
        prop_assert!(split.is_exact());
        prop_assert!(split.fees.get() <= fees && split.insurance.get() <= insurance);
        prop_assert!(split.insurance.is_zero() || split.fees.get() == fees);
        prop_assert!(split.suppliers.is_zero() || split.insurance.get() == insurance);
    }

    #[test]
    fn a_write_off_leaves_the_recoverable_part_owed(
        shares in 1_u128..1 << 100,
        debt in 1_u128..1 << 120,
        excess_bps in 0_u128..=10_000,
    ) {
        let excess = debt / 10_000 * excess_bps;
        let cut = write_off_down(DebtShares(shares), Value(excess), Value(debt)).unwrap();
        prop_assert!(cut.get() <= shares);
        let all = write_off_down(DebtShares(shares), Value(debt), Value(debt)).unwrap();
        prop_assert_eq!(all.get(), shares);
    }
}
