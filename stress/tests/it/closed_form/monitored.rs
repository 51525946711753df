//! Looks once a step, by quadrature, against what is known in closed form.

use cofferdam_stress::closed_form::{Passage, Terms, monitored, whole_process};

use super::{close, hours};

fn passage() -> Passage {
    Passage { ltv: 0.7, lltv: 0.86, volatility: 0.8, years: hours(168.0) }
}

/// With one look there is nothing to carry: the price is log-normal.
#[test]
fn one_look_is_a_probability_and_a_put() {
    let passage = passage();
    let put = Terms { lltv: passage.ltv, lif: 1.0 / passage.lltv }
        .delayed(passage.volatility, passage.years);
    // What the price has fallen below the limit, as a share of the limit.
    let found = monitored(&passage, 1, |past| 1.0 - (-past).exp());
    close(found.probability, put.bad_debt().probability, 1e-9);
    close(found.expected_loss, put.bad_debt().expected, 1e-5);
}

/// Looks ever closer approach the price that is always watched, with an error that halves when
/// looks are four times as many, the better the more there are.
#[test]
fn many_looks_are_all_looks() {
    let passage = passage();
    let gap = |looks| passage.probability() - monitored(&passage, looks, |_| 0.0).probability;
    for looks in [84, 168] {
        let ratio = gap(looks) / gap(4 * looks);
        assert!((ratio - 2.0).abs() < f64::from(looks).sqrt().recip(), "{looks}: {ratio}");
    }
    // The discrete correction leaves an error that falls as the looks rise, not as their root.
    for looks in [168, 672] {
        let exact = monitored(&passage, looks, |_| 0.0);
        let corrected = passage.probability_discrete(looks);
        let off = corrected / exact.probability - 1.0;
        assert!(off.abs() < 0.6 / f64::from(looks), "{looks}: {off}");
        close(exact.mean_log_overshoot, passage.mean_log_overshoot(looks), 1e-3);
    }
}

/// Simulations of 5-minute steps gave 2.461e-4 with a standard error of 4.7e-6.
#[test]
fn the_whole_process_is_that_of_a_simulation() {
    let passage = Passage { volatility: 2.0, ..passage() };
    let (lif, late) = (1.043_841_336_116_910_3, hours(6.0));
    let put = Terms { lltv: 0.86, lif }.delayed(2.0, late);
    let loss = |past: f64| put.scaled((-past).exp()).expected_above(0.0);
    let found = monitored(&passage, 2_016, loss).expected_loss;
    assert!((found - 2.461e-4).abs() < 4.0 * 4.7e-6, "{found}");
    assert!(found > whole_process(&passage, lif, late));
}
