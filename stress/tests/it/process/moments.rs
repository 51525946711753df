//! Mean, variance, jumps and memory of each process.

use cofferdam_stress::prices::process::{Gbm, Process};

use super::*;

const YEAR: f64 = 1.0;

/// Mean and variance of the logarithm after `years`, in one step and in many, and the mean price.
#[track_caller]
fn has_moments(process: Process, years: f64, log_mean: f64, log_variance: f64, growth: f64) {
    for steps in [1, 7] {
        let study = Study { steps, ..Study::once(40_000, years) };
        let market = alone(process);
        let drawn = Drawn::new(&study, &market);
        let deviation = log_variance.sqrt();
        meets(drawn.mean(last), log_mean, 0.006 * deviation);
        let square = |logs: &[f64]| (last(logs) - log_mean) * (last(logs) - log_mean);
        meets(drawn.mean(square), log_variance, 0.05 * log_variance);
        meets(drawn.mean(|logs| last(logs).exp()), (growth * years).exp(), 0.03);
    }
}

#[test]
fn gbm_grows_by_its_drift_and_spreads_by_its_volatility() {
    let process = Process::Gbm(Gbm { drift_per_year: 0.3, volatility: 0.8 });
    has_moments(process, YEAR, 0.3 - 0.32, 0.64, 0.3);
    has_moments(gbm(2.0), 7.0 * DAY, -2.0 * 7.0 * DAY, 4.0 * 7.0 * DAY, 0.0);
}

#[test]
fn gbm_forgets() {
    let study = Study { steps: 30, ..Study::once(2_000, 30.0 * DAY) };
    let product = |logs: &[f64]| {
        let moves: Vec<f64> = logs.windows(2).map(|pair| pair[1] - pair[0]).collect();
        let centred: Vec<f64> = moves.iter().map(|x| x + 0.5 * 0.64 * DAY).collect();
        centred.windows(2).map(|pair| pair[0] * pair[1]).sum::<f64>() / 28.0
    };
    meets(study.mean(&alone(gbm(0.8)), product), 0.0, 0.005 * 0.64 * DAY);
}

#[test]
fn merton_jumps_as_often_and_as_far_as_it_says() {
    let years = 0.1;
    let process = merton();
    let jump_square = 0.1_f64 * 0.1 + 0.08 * 0.08;
    let growth = 50.0 * ((-0.1_f64 + 0.5 * 0.08 * 0.08).exp() - 1.0);
    let log_mean = years * (-0.32 - growth - 50.0 * 0.1);
    has_moments(
        Process::Merton(process),
        years,
        log_mean,
        years * (0.64 + 50.0 * jump_square),
        0.0,
    );
}

/// Without diffusion a path is a staircase: its steps are the jumps.
fn jumps(logs: &[f64], drift: f64) -> impl Iterator<Item = f64> {
    let starts = std::iter::once(&0.0).chain(logs);
    let moves: Vec<f64> = starts.zip(logs).map(|(from, to)| to - from - drift).collect();
    moves.into_iter().filter(|jump| jump.abs() > 1e-12)
}

#[test]
fn jumps_are_a_poisson_process() {
    let process = cofferdam_stress::prices::process::Merton { volatility: 0.0, ..merton() };
    let (years, steps) = (0.02, 2_000);
    let growth = 50.0 * ((-0.1_f64 + 0.5 * 0.08 * 0.08).exp() - 1.0);
    let drift = -growth * years / f64::from(steps);
    let study = Study { steps: 2_000, ..Study::once(1_500, years) };
    let market = alone(Process::Merton(process));
    let drawn = Drawn::new(&study, &market);
    let count = |logs: &[f64]| jumps(logs, drift).count() as f64;
    // One jump is expected; two in one step of a two-thousandth are rare but count as one.
    meets(drawn.mean(count), 1.0 - 0.5 / 2_000.0, 0.03);
    meets(drawn.mean(|logs| f64::from(count(logs) == 0.0)), (-1.0_f64).exp(), 0.015);
    meets(drawn.mean(|logs| f64::from(count(logs) == 2.0)), 0.5 * (-1.0_f64).exp(), 0.015);
    meets(drawn.mean(|logs| jumps(logs, drift).sum()), -0.1, 0.005);
}

#[test]
fn kou_jumps_up_and_down_as_often_and_as_far_as_it_says() {
    let calm = cofferdam_stress::prices::process::Kou { volatility: 0.0, ..kou() };
    let growth = 40.0 * (0.3 / 0.95 + 0.7 / 1.1 - 1.0);
    let (years, steps) = (0.05, 1_000);
    let drift = -growth * years / f64::from(steps);
    let study = Study { steps: 1_000, ..Study::once(1_500, years) };
    let market = alone(Process::Kou(calm));
    let drawn = Drawn::new(&study, &market);
    let ups = |logs: &[f64]| jumps(logs, drift).filter(|jump| *jump > 0.0).count() as f64;
    let downs = |logs: &[f64]| jumps(logs, drift).filter(|jump| *jump < 0.0).count() as f64;
    // Two expected a path; a step with two is one here.
    meets(drawn.mean(ups), 0.6, 0.022);
    meets(drawn.mean(downs), 1.4, 0.032);
    let up_sum = |logs: &[f64]| jumps(logs, drift).filter(|jump| *jump > 0.0).sum();
    let down_sum = |logs: &[f64]| jumps(logs, drift).filter(|jump| *jump < 0.0).sum();
    meets(drawn.mean(up_sum), 0.6 * 0.05, 0.002);
    meets(drawn.mean(down_sum), -1.4 * 0.10, 0.005);
    // Exponential sizes: a half of them is beyond the median.
    let median = 0.10 * 2.0_f64.ln();
    let far = |logs: &[f64]| jumps(logs, drift).filter(|jump| *jump < -median).count() as f64;
    meets(drawn.mean(far), 0.7, 0.025);
}

#[test]
fn kou_has_the_moments_of_its_jumps() {
    let years = 0.1;
    let (up, down) = (0.3, 0.7);
    let growth = 40.0 * (up / 0.95 + down / 1.1 - 1.0);
    let log_mean = years * (-0.18 - growth + 40.0 * (up * 0.05 - down * 0.10));
    let square = 2.0 * (up * 0.05 * 0.05 + down * 0.10 * 0.10);
    has_moments(Process::Kou(kou()), years, log_mean, years * (0.36 + 40.0 * square), 0.0);
}

#[test]
fn a_peg_pulls_back() {
    let process = ou();
    let model = Model::new(MicroUsd(900_000), Process::OrnsteinUhlenbeck(process)).unwrap();
    let market = Market::new(vec![("USDC".into(), model)]);
    let start = 0.9_f64.ln();
    let at = |logs: &[f64], step: usize| logs[step - 1] + start;
    let (years, spread) = (DAY, 0.3 * 0.3 / 400.0);
    for steps in [1, 5] {
        let study = Study { steps, ..Study::once(60_000, years) };
        let left = (-200.0 * years).exp();
        meets(study.mean(&market, |logs| at(logs, steps)), start * left, 1e-4);
        let variance = spread * (1.0 - left * left);
        let square = |logs: &[f64]| (at(logs, steps) - start * left).powi(2);
        meets(study.mean(&market, square), variance, 0.006 * variance);
    }
    // Long after the start the spread stands still, and a day's memory fades at its rate.
    let study = Study { steps: 30, ..Study::once(20_000, 30.0 * DAY) };
    meets(study.mean(&market, |logs| at(logs, 30).powi(2)), spread, 0.011 * spread);
    let memory = spread * (-200.0 * DAY).exp();
    meets(study.mean(&market, |logs| at(logs, 29) * at(logs, 30)), memory, 0.011 * spread);
}
