//! The arithmetic of protocols and markets against committed figures.

use cofferdam_stress::closed_form::{
    self as form, Close, ConstantProduct, Insolvency, Ramp, SquareRootImpact, two_step,
};

use super::close;

#[test]
fn the_market_eats_the_bonus() {
    let free = ConstantProduct { bonus: 0.05, fee: 0.0 };
    close(free.break_even(), 0.05, 1e-12);
    close(free.optimal(), 0.024_695_1, 1e-6);
    close(free.greatest_profit(), 5.808_1e-4, 1e-5);
    let paid = ConstantProduct { bonus: 0.05, fee: 0.003 };
    close(paid.break_even(), 0.046_991_0, 1e-6);
    close(paid.optimal(), 0.023_226_6, 2e-6);
    close(paid.greatest_profit(), 5.122_4e-4, 1e-5);
    for market in [free, paid] {
        assert!(market.profit(market.break_even()).abs() < 1e-16);
        for near in [0.999, 1.001] {
            assert!(market.profit(near * market.optimal()) < market.greatest_profit());
        }
    }
    let hopeless = ConstantProduct { bonus: 0.01, fee: 0.02 };
    assert_eq!((hopeless.break_even(), hopeless.optimal()), (0.0, 0.0));
}

#[test]
fn square_root_impact_breaks_even_where_its_average_is_the_bonus() {
    let market = SquareRootImpact { coefficient: 1.0, daily_volatility: 0.05, daily_volume: 2e8 };
    let size = market.break_even(0.05);
    let end = 1.0 * 0.05 * (size / 2e8).sqrt();
    close(2.0 / 3.0 * end, 0.05 / 1.05, 1e-12);
}

#[test]
fn dust_is_not_worth_its_gas() {
    close(form::smallest_debt(140.0, 0.05), 2_800.0, 1e-15);
}

/// Thresholds of Warmuz and others, and McFarlane (2025) for the market that the protocol reads.
#[test]
fn a_bonus_can_make_things_worse() {
    assert!(!form::is_toxic(0.925_925, 0.08) && form::is_toxic(0.925_926, 0.08));
    let mut ltv = 0.93;
    for after in [0.934_110, 0.942_440, 0.959_554, 0.995_717] {
        ltv = form::ltv_after(ltv, 0.08, 0.5);
        close(ltv, after, 1e-6);
    }
    close(form::ltv_after(0.90, 0.08, 0.5), 0.875_486, 1e-6);
    for (bonus, depth, threshold) in
        [(0.05, 0.1, 0.793_651), (0.1, 0.1, 0.757_576), (0.05, 0.25, 0.634_921)]
    {
        close(form::threshold_with_impact(bonus, depth), threshold, 1e-6);
    }
}

#[test]
fn a_spiral_ends_at_the_same_loss_whatever_the_close_factor() {
    for (ltv, loss, rounds) in [(0.93, 0.004_074_1, [19, 8, 1]), (0.96, 0.034_074_1, [12, 5, 1])] {
        for (close_factor, rounds) in [0.25, 0.5, 1.0].into_iter().zip(rounds) {
            let end = form::spiral(ltv, 0.08, close_factor, 0.8, 1_000);
            assert_eq!((end.rounds, end.collateral), (rounds, 0.0), "{ltv} {close_factor}");
            close(end.debt, loss, 1e-5);
            close(end.debt, form::terminal_bad_debt(ltv, 0.08), 1e-12);
        }
    }
    assert_eq!(form::terminal_bad_debt(0.9, 0.08), 0.0);
}

/// Morpho's white paper gives the factor; the buffers follow.
#[test]
fn morpho_pays_less_where_less_is_left() {
    for (lltv, lif, buffer) in [
        (0.385, 1.15, 0.557_250),
        (0.625, 1.126_761, 0.295_775),
        (0.77, 1.074_114, 0.172_932),
        (0.86, 1.043_841, 0.102_296),
        (0.915, 1.026_167, 0.061_057),
        (0.945, 1.016_777, 0.039_146),
        (0.965, 1.010_611, 0.024_760),
        (0.98, 1.006_036, 0.014_085),
    ] {
        let found = form::liquidation_incentive_factor(lltv);
        close(found, lif, 1e-6);
        close(form::liquidation_buffer(lltv, found), buffer, 5e-5);
    }
    close(form::critical_ltv(form::liquidation_incentive_factor(0.86)), 0.958, 1e-12);
}

/// Output of the notebook of morpho-org/morpho-blue-lltv-recommendation (Gauntlet, 2024).
#[test]
fn the_recommendations_of_gauntlet_for_morpho() {
    let weth = Ramp {
        collateral: 360_383_272.31,
        repay_per_step: 20_904_419.67,
        drawdown: 0.4,
        step: 0.005,
        bonus_max: 0.15,
        beta: 0.3,
        bonus_min: 0.005,
    };
    let deep = Ramp { drawdown: 0.7, repay_per_step: 5_000_000.0, ..weth };
    for (ramp, lltv, bonus, above) in
        [(weth, 93, 0.021, (94, 284_536.96)), (deep, 79, 0.067, (80, 1_681_396.36))]
    {
        let found = ramp.recommend().expect("some limit is safe");
        assert_eq!(found.lltv_percent, lltv);
        assert!((found.bonus - bonus).abs() < 5e-4, "{found:?}");
        let Insolvency { lltv_percent, bad_debt } = found.first_insolvent.expect("the next loses");
        assert_eq!(lltv_percent, above.0);
        assert!((bad_debt - above.1).abs() < 0.005, "{bad_debt}");
    }
}

/// The worked examples of Morpho Blue's README.
#[test]
fn collateral_pays_for_what_it_can() {
    let Close { repaid, bad_debt } = form::close(165.0, 160.0, 1.10);
    close(repaid, 150.0, 1e-12);
    close(bad_debt, 10.0, 1e-12);
    let Close { repaid, bad_debt } = form::close(98.5, 97.0, 1.02);
    close(repaid, 96.57, 1e-4);
    close(bad_debt, 0.43, 5e-3);
    close(form::liquidation_buffer(0.97, 1.02), 0.0106, 1e-10);
    assert_eq!(form::close(200.0, 160.0, 1.10), Close { repaid: 160.0, bad_debt: 0.0 });
}

/// The case of Qin and others (arXiv 2106.06389): Compound on 26 November 2020. Inputs are
/// rounded, so the last digits are this formula's.
#[test]
fn two_steps_take_more_than_one() {
    let simple = two_step(100.0, 80.0, 0.75, 0.05, 0.5);
    close(simple.first_repay, 23.529_4, 1e-5);
    close(simple.second_repay, 28.235_3, 1e-5);
    close(simple.profit, 2.588_2, 1e-4);
    close(simple.relative_gain, 0.294_1, 1e-3);
    let compound = two_step(136.730_894_49, 102.610_412_78, 0.75, 0.08, 0.5);
    let dai = 1.095_299;
    close(compound.first_repay / dai, 0.299_1, 1e-3);
    // What the first step leaves is exactly at the threshold.
    let (debt, collateral) =
        (102.610_412_78 - compound.first_repay, 136.730_894_49 - 1.08 * compound.first_repay);
    close(debt, 0.75 * collateral, 1e-12);
}
