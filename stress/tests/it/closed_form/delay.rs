//! Delay, first passage and waterfall against committed figures.
//!
//! Figures without another source were computed independently for this project and confirmed by
//! simulation of eight million paths.

use cofferdam_stress::closed_form::{
    self as form, DelayedPut, Passage, Terms, liquidation_incentive_factor, queued, whole_process,
    whole_process_discrete,
};
use cofferdam_stress::prices::process::{Heston, Merton};

use super::{close, hours};
use crate::process::heston;

fn morpho(lltv: f64) -> Terms {
    Terms { lltv, lif: liquidation_incentive_factor(lltv) }
}

#[test]
fn a_late_liquidation_loses_a_put() {
    for (lltv, volatility, delay_h, probability, expected) in [
        (0.86, 2.0, 6.0, 0.020_898, 3.968_36e-4),
        (0.86, 4.0, 1.0, 0.006_145, 8.360_24e-5),
        (0.86, 4.0, 6.0, 0.163_909, 8.669_42e-3),
        (0.86, 4.0, 24.0, 0.340_630, 4.254_56e-2),
        (0.915, 2.0, 6.0, 0.119_508, 3.007_37e-3),
        (0.915, 4.0, 1.0, 0.073_145, 1.370_51e-3),
        (0.915, 4.0, 6.0, 0.291_342, 1.815_55e-2),
        (0.915, 4.0, 24.0, 0.422_219, 5.742_36e-2),
    ] {
        let loss = morpho(lltv).delayed(volatility, hours(delay_h)).bad_debt();
        close(loss.probability, probability, 3e-5);
        close(loss.expected, expected, 5e-6);
    }
}

#[test]
fn twice_the_volatility_is_four_times_the_delay() {
    for lltv in [0.5, 0.77, 0.915] {
        for delay_h in [0.1, 1.0, 30.0] {
            let fast = morpho(lltv).delayed(2.4, hours(delay_h)).bad_debt();
            let slow = morpho(lltv).delayed(1.2, hours(4.0 * delay_h)).bad_debt();
            close(fast.expected, slow.expected, 1e-12);
            close(fast.probability, slow.probability, 1e-12);
        }
    }
}

#[test]
fn losses_grow_with_delay_volatility_and_limit() {
    let loss = |lltv, volatility, delay_h| {
        morpho(lltv).delayed(volatility, hours(delay_h)).bad_debt().expected
    };
    assert!(loss(0.86, 1.0, 6.0) < loss(0.86, 1.1, 6.0));
    assert!(loss(0.86, 1.0, 6.0) < loss(0.86, 1.0, 6.5));
    assert!(loss(0.86, 1.0, 6.0) < loss(0.87, 1.0, 6.0));
}

#[test]
fn jumps_lose_what_diffusion_does_not() {
    let jumpy = |volatility, jumps_per_year| Merton {
        drift_per_year: 0.0,
        volatility,
        jumps_per_year,
        jump_mean: -0.10,
        jump_deviation: 0.08,
    };
    let loss = form::merton(morpho(0.86), &jumpy(0.8, 50.0), hours(1.0));
    close(loss.expected, 1.534_19e-4, 3e-6);
    close(loss.probability, 2.614_36e-3, 3e-6);
    let loss = form::merton(morpho(0.86), &jumpy(0.8, 50.0), hours(6.0));
    close(loss.expected, 9.324_05e-4, 3e-6);
    close(loss.probability, 0.015_267_0, 3e-6);
    // Without jumps the mixture is the put; with fast keepers jumps beat four times the volatility.
    let plain = form::merton(morpho(0.86), &jumpy(2.0, 0.0), hours(6.0));
    assert_eq!(plain, morpho(0.86).delayed(2.0, hours(6.0)).bad_debt());
    let calm = morpho(0.86).delayed(4.0 * 0.8, hours(1.0)).bad_debt();
    assert!(form::merton(morpho(0.86), &jumpy(0.8, 50.0), hours(1.0)).expected > calm.expected);
}

#[test]
fn heston_without_noise_of_its_variance_is_the_put() {
    let quiet = Heston {
        drift_per_year: 0.0,
        variance: 4.0,
        long_variance: 4.0,
        reversion_per_year: 3.0,
        vol_of_variance: 0.01,
        correlation: 0.0,
    };
    let put = morpho(0.86).delayed(2.0, hours(6.0)).bad_debt();
    let found = form::heston(morpho(0.86), &quiet, hours(6.0));
    close(found.probability, put.probability, 1e-6);
    close(found.expected, put.expected, 1e-6);
}

/// Calls at strike 100 that Lord, Koekkoek and van Dijk (Quantitative Finance 10, 2010) and
/// Broadie and Kaya (Operations Research 54, 2006) price: 6.8061 for the first set of parameters
/// there, with a rate of 3.19 %, after one year. A put and a call differ by what a forward costs.
#[test]
fn heston_meets_a_published_price() {
    let process = heston();
    let discount = f64::exp(-0.0319);
    let forward = 100.0 / discount;
    let terms = Terms { lltv: 100.0 / forward, lif: 1.0 };
    let put = 100.0 * discount * form::heston(terms, &process, 1.0).expected;
    let call = put + 100.0 - 100.0 * discount;
    assert!((call - 6.8061).abs() < 5e-5, "{call}");
}

#[test]
fn a_limit_watched_once_a_step_is_reached_less_often() {
    let passage = Passage { ltv: 0.6, lltv: 0.8, volatility: 1.0, years: 30.0 / 365.0 };
    close(passage.probability(), 0.362_506, 3e-6);
    close(passage.probability_discrete(720), 0.351_679, 1e-5);
    close(passage.mean_log_overshoot(720), 0.006_225, 1e-4);
    let passage = Passage { ltv: 0.7, lltv: 0.86, volatility: 0.8, years: 7.0 / 365.0 };
    close(passage.probability(), 0.069_928, 1e-5);
    close(passage.probability_discrete(168), 0.063_308, 1e-5);
    let there = Passage { ltv: 0.86, ..passage };
    assert_eq!(there.probability(), 1.0);
}

#[test]
fn the_whole_process_is_passage_times_put() {
    let passage = Passage { ltv: 0.7, lltv: 0.86, volatility: 2.0, years: 7.0 / 365.0 };
    let lif = liquidation_incentive_factor(0.86);
    close(whole_process(&passage, lif, hours(6.0)), 2.003_36e-4, 3e-6);
    let five_minutes = 7 * 24 * 12;
    close(whole_process_discrete(&passage, lif, hours(6.0), five_minutes), 2.370_4e-4, 3e-5);
    // The correction vanishes with the square root of the step.
    let gap = |steps| whole_process_discrete(&passage, lif, hours(6.0), steps) / 2.003_36e-4 - 1.0;
    let slope = (gap(100_000) / gap(400_000)).log2();
    assert!((slope - 1.0).abs() < 0.05, "{slope}");
}

#[test]
fn every_part_of_a_loss_has_one_payer() {
    let put = morpho(0.86).delayed(4.0, hours(6.0));
    let split = put.tranches(0.01, 0.03);
    close(split.reserves, 0.001_524_35, 3e-6);
    close(split.insurance, 0.003_357_67, 3e-6);
    close(split.socialised, 0.003_787_39, 3e-6);
    close(split.probability_exhausted, 0.085_583, 1e-5);
    close(split.reserves + split.insurance + split.socialised, put.bad_debt().expected, 1e-14);
    let all = put.tranches(0.4, 0.6);
    assert_eq!((all.socialised, all.probability_exhausted), (0.0, 0.0));
}

#[test]
fn the_worst_cases_of_a_late_liquidation() {
    let put = morpho(0.86).delayed(4.0, hours(6.0));
    close(put.value_at_risk(0.95), 0.067_378, 1e-5);
    close(put.value_at_risk(0.99), 0.131_595, 1e-5);
    close(put.expected_shortfall(0.95), 0.106_632, 1e-5);
    close(put.expected_shortfall(0.99), 0.161_424, 1e-5);
    // Shortfall is the mean of the values at risk above its level, wherever losses begin.
    for level in [0.5, 0.836_090_88, 0.9, 0.99] {
        let slices = 200_000;
        let at = |slice: u32| level + (1.0 - level) * (f64::from(slice) + 0.5) / f64::from(slices);
        let mean = (0..slices).map(|slice| put.value_at_risk(at(slice))).sum::<f64>();
        close(put.expected_shortfall(level), mean / f64::from(slices), 1e-4);
    }
}

#[test]
fn the_put_of_nothing_is_nothing() {
    let put = DelayedPut::new(1.2, 0.01);
    assert_eq!(put.probability_above(1.0), 0.0);
    assert_eq!(put.expected_above(1.5), 0.0);
    assert_eq!(put.value_at_risk(0.95), 0.0);
}

#[test]
fn waiting_in_a_queue_mixes_delays() {
    let block_years = 12.0 / 31_536_000.0;
    for (probability, expected) in [(0.1, 2.376e-8), (0.01, 2.417e-4), (0.002, 4.001e-3)] {
        close(queued(morpho(0.915), 4.0, probability, block_years), expected, 3e-4);
    }
    // Certain inclusion is a delay of one block; two of four wait for the second block.
    let put = |blocks: f64| {
        morpho(0.915).delayed(4.0, blocks * 3_600.0 / 31_536_000.0).bad_debt().expected
    };
    close(queued(morpho(0.915), 4.0, 1.0, hours(1.0)), put(1.0), 1e-15);
    let four = form::capacity_limited(morpho(0.915), 4.0, 4, 2, hours(1.0));
    close(four, 0.5 * (put(1.0) + put(2.0)), 1e-15);
}
