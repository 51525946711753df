use cofferdam_lending_interface::{
    math::loss::{Funds, LossSplit, waterfall, write_off_down},
    state::{LossPolicy, Payer},
    units::{DebtShares, Fine, Value},
};
use proptest::prelude::*;

fn split(
    recognised: u128,
    fees: u128,
    insurance: u128,
    suppliers: u128,
    deficit: u128,
) -> LossSplit {
    LossSplit {
        recognised: Fine(recognised),
        fees: Fine(fees),
        insurance: Fine(insurance),
        suppliers: Fine(suppliers),
        deficit: Fine(deficit),
    }
}

fn funds(fees: u128, insurance: u128, suppliers: u128) -> Funds {
    Funds { fees: Fine(fees), insurance: Fine(insurance), suppliers: Fine(suppliers) }
}

#[test]
fn fees_pay_first_then_insurance_then_suppliers() {
    let rows = [
        ((0, 5, 5), split(0, 0, 0, 0, 0)),
        ((4, 5, 5), split(4, 4, 0, 0, 0)),
        ((5, 5, 5), split(5, 5, 0, 0, 0)),
        ((9, 5, 5), split(9, 5, 4, 0, 0)),
        ((10, 5, 5), split(10, 5, 5, 0, 0)),
        ((11, 5, 5), split(11, 5, 5, 1, 0)),
        ((7, 0, 0), split(7, 0, 0, 7, 0)),
    ];
    for ((loss, fees, insurance), expected) in rows {
        let funds = funds(fees, insurance, 100);
        assert_eq!(waterfall(Fine(loss), funds, LossPolicy::Waterfall), Ok(expected));
    }
}

/// 200,000 lost of 1,000,000 supplied with 50,000 in the fund that pays: what each protocol
/// publishes for it. Morpho Blue cuts supply to 800,000; marginfi and Blend to 850,000; Compound's
/// reserves stand at −150,000; Aave books a deficit and Venus bad debt of 200,000.
#[test]
fn each_policy_is_its_protocol() {
    use LossPolicy::{
        Deficit, Haircut, InsuranceThenHaircut, NegativeReserves, Receivable, Waterfall,
    };
    let reserves = funds(50_000, 0, 1_000_000);
    let fund = funds(0, 50_000, 1_000_000);
    let rows = [
        (Waterfall, reserves, split(200_000, 50_000, 0, 150_000, 0)),
        (Waterfall, fund, split(200_000, 0, 50_000, 150_000, 0)),
        (Haircut, reserves, split(200_000, 0, 0, 200_000, 0)),
        (InsuranceThenHaircut, fund, split(200_000, 0, 50_000, 150_000, 0)),
        (NegativeReserves, reserves, split(200_000, 50_000, 0, 0, 150_000)),
        (Deficit, reserves, split(200_000, 0, 0, 0, 200_000)),
        (Receivable, fund, split(200_000, 0, 0, 0, 200_000)),
    ];
    for (policy, funds, expected) in rows {
        assert_eq!(waterfall(Fine(200_000), funds, policy), Ok(expected), "{policy:?}");
    }
}

/// Suppliers who lose everything do not leave the spared ones with claims on nothing.
#[test]
fn the_spared_pay_once_the_payers_have_nothing_left() {
    let small = funds(20, 30, 50);
    let haircut = waterfall(Fine(75), small, LossPolicy::Haircut);
    assert_eq!(haircut, Ok(split(75, 0, 25, 50, 0)));
    let all = waterfall(Fine(100), small, LossPolicy::Haircut);
    assert_eq!(all, Ok(split(100, 20, 30, 50, 0)));
    let insured = waterfall(Fine(90), small, LossPolicy::InsuranceThenHaircut);
    assert_eq!(insured, Ok(split(90, 10, 30, 50, 0)));
    let beyond = waterfall(Fine(120), small, LossPolicy::Waterfall);
    assert_eq!(beyond, Ok(split(120, 20, 30, 50, 20)));
}

#[test]
fn a_split_that_does_not_add_up_is_not_exact() {
    assert!(split(10, 5, 2, 2, 1).is_exact());
    assert!(!split(10, 5, 2, 2, 0).is_exact());
    assert!(!split(10, 5, 2, 2, 2).is_exact());
    assert!(!split(10, 5, 2, 3, 1).is_exact());
    assert!(!split(0, u128::MAX, 1, 0, 0).is_exact());
}

proptest! {
    #[test]
    fn every_loss_is_paid_exactly(
        loss: u128,
        fees: u128,
        insurance: u128,
        suppliers: u128,
        policy in prop::sample::select(LossPolicy::ALL.to_vec()),
    ) {
        let split = waterfall(Fine(loss), funds(fees, insurance, suppliers), policy).unwrap();
        prop_assert!(split.is_exact());
        prop_assert!(split.fees.get() <= fees && split.insurance.get() <= insurance);
        prop_assert!(split.suppliers.get() <= suppliers);
        // Nobody pays while somebody before them still has something.
        let paid = |payer: &Payer| match payer {
            Payer::Fees => (split.fees.get(), fees),
            Payer::Insurance => (split.insurance.get(), insurance),
            Payer::Suppliers => (split.suppliers.get(), suppliers),
            Payer::Deficit => (split.deficit.get(), u128::MAX),
        };
        for pair in policy.stages().windows(2) {
            let ((first, had), (second, _)) = (paid(&pair[0]), paid(&pair[1]));
            prop_assert!(second == 0 || first == had);
        }
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
