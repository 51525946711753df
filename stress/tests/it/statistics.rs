//! Estimates and intervals: their arithmetic, and how often they hold what they promise.

use cofferdam_stress::math::{exp, ln, normal_quantile};
use cofferdam_stress::seeded;
use cofferdam_stress::statistics::{
    Cluster, Interval, Level, Losses, Quantile, Ranks, SampleError, Sampled, clustered_quantile,
    mean, quantile, wilson,
};
use proptest::prelude::*;

const SEED: u64 = 20_221_109;

/// Uniform draws strictly between 0 and 1.
fn uniforms(label: &str, repeat: u32, count: usize) -> Vec<f64> {
    let mut rng = seeded::stream(SEED, "test", label, i64::from(repeat));
    let draw = |_| (seeded::below(&mut rng, 1 << 52) as f64 + 0.5) / (1_u64 << 52) as f64;
    (0..count).map(draw).collect()
}

fn plain(losses: &[f64]) -> Vec<Sampled> {
    losses.iter().map(|loss| Sampled { loss: *loss, weight: 1.0 }).collect()
}

fn losses(losses: &[f64]) -> Losses {
    Losses::new(plain(losses), 1).expect("losses")
}

/// Whether `held` of 2,000 repeats fit a promise of at least 95 %, by three standard errors.
#[track_caller]
fn covers(held: u32) {
    assert!(f64::from(held) / 2_000.0 > 0.95 - 3.0 * (0.05_f64 * 0.95 / 2_000.0).sqrt(), "{held}");
}

/// As [`covers`], and the interval does not promise much less than it holds.
#[track_caller]
fn covers_narrowly(held: u32) {
    covers(held);
    assert!(held < 1_960, "{held} of 2000: the interval is too wide");
}

fn holds(found: &Quantile<f64>, truth: f64) -> bool {
    found.low.is_none_or(|low| low <= truth) && found.high.is_none_or(|high| truth <= high)
}

#[test]
fn levels_are_exact_shares() {
    assert_eq!(Level::P95.count_up(100), 95);
    assert_eq!(Level::P95.count_up(101), 96);
    assert_eq!(Level::new(700).unwrap().count_up(100), 7);
    assert_eq!(Level::P99.count_up(0), 0);
    for bps in [0, 10_000, u32::MAX] {
        let error = Level::new(bps).expect_err("no level").to_string();
        assert_eq!(error, format!("{bps} is not within 1 to 9999 basis points"));
    }
}

#[test]
fn a_mean_knows_its_error() {
    let found = mean(&[1.0, 2.0, 3.0, 6.0], 1);
    assert_eq!((found.value, found.groups), (3.0, 4));
    assert!((found.standard_error - (14.0_f64 / 3.0 / 4.0).sqrt()).abs() < 1e-15);
    // Pairs that mirror each other have no error at all; a rest that is no pair is left out.
    let found = mean(&[1.0, 3.0, 0.0, 4.0, 99.0], 2);
    assert_eq!((found.value, found.standard_error, found.groups), (2.0, 0.0, 2));
    let one = mean(&[1.0], 1);
    assert_eq!(one.standard_error, f64::INFINITY);
    assert_eq!(one.interval(Level::P95), Interval { low: f64::NEG_INFINITY, high: f64::INFINITY });
    assert!(mean(&[], 1).value.is_nan());
}

#[test]
fn wilson_is_the_published_interval() {
    // Newcombe, Statistics in Medicine 17 (1998), table I, method 3.
    for (seen, of, low, high) in [
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ] {
        let found = wilson(seen, of, Level::P95);
        assert!((found.low - low).abs() < 5e-5 && (found.high - high).abs() < 5e-5, "{found:?}");
    }
    assert_eq!(wilson(0, 0, Level::P95), Interval { low: 0.0, high: 1.0 });
}

#[test]
fn ranks_are_those_of_the_binomial_distribution() {
    // For the median of ten, 2nd and 9th: P(2 <= B < 9) = 0.9785; 3rd and 8th hold 0.8906 only.
    let median = Level::new(5_000).unwrap();
    assert_eq!(
        Ranks::new(10, median, Level::P95),
        Some(Ranks { point: 4, low: Some(1), high: Some(8) })
    );
    // Ninety-five percent to the power of 58 is above 0.05: nothing bounds it from above.
    let upper_only = Level::new(9_000).unwrap();
    assert_eq!(Ranks::new(58, Level::P95, upper_only).unwrap().high, None);
    assert_eq!(Ranks::new(59, Level::P95, upper_only).unwrap().high, Some(58));
    assert_eq!(Ranks::new(0, median, Level::P95), None);
    let many = Ranks::new(1_000_000, Level::P99, Level::P95).unwrap();
    let reach = 1.96 * (1e6_f64 * 0.99 * 0.01).sqrt();
    assert_eq!(many.point, 989_999);
    let width = (many.high.unwrap() - many.low.unwrap()) as f64;
    assert!((width / (2.0 * reach) - 1.0).abs() < 0.02, "{many:?}");
}

fn cluster(weight: f64, counts: &[(u32, u64)]) -> Cluster {
    Cluster { weight, counts: counts.iter().copied().collect() }
}

#[test]
fn values_of_a_path_have_its_weight() {
    let ninetieth = |slow: f64| {
        let paths = [vec![cluster(1.0, &[(60, 9)]); 90], vec![cluster(slow, &[(600, 9)]); 30]];
        clustered_quantile(&paths.concat(), 1, Level::new(9_000).unwrap(), Level::P95).unwrap()
    };
    // A quarter of the liquidations that were drawn, and a thirtieth of those there are.
    assert_eq!(ninetieth(1.0).value, 600);
    assert_eq!((ninetieth(0.1).value, ninetieth(0.1).low), (60, Some(60)));
    assert_eq!(clustered_quantile(&[cluster(1.0, &[])], 1, Level::P95, Level::P95), None);
    assert_eq!(clustered_quantile(&[cluster(0.0, &[(1, 1)])], 1, Level::P95, Level::P95), None);
}

#[test]
fn values_that_are_all_the_same_are_still_few() {
    let ends = |paths: usize| {
        let paths = vec![cluster(1.0, &[(60, 50)]); paths];
        let Quantile { low, high, .. } =
            clustered_quantile(&paths, 1, Level::P99, Level::P95).unwrap();
        (low, high)
    };
    assert_eq!(ends(1), (None, None));
    assert_eq!(ends(10), (Some(60), None));
    assert_eq!(ends(1_000), (Some(60), Some(60)));
}

/// Values of a path are all alike, so four hundred paths with five each are four hundred values.
#[test]
fn intervals_over_paths_cover_what_they_promise() {
    let (mut held, level) = (0, Level::new(8_000).unwrap());
    for repeat in 0..2_000 {
        let mut rng = seeded::stream(SEED, "test", "clusters", i64::from(repeat));
        let mut value = || u32::try_from(seeded::below(&mut rng, 1_000_000)).unwrap();
        let paths: Vec<Cluster> = (0..400).map(|_| cluster(1.0, &[(value(), 5)])).collect();
        let found = clustered_quantile(&paths, 1, level, Level::P95).unwrap();
        held += u32::from((found.low.unwrap()..=found.high.unwrap()).contains(&800_000));
    }
    assert!((1_860..1_960).contains(&held), "{held}");
}

#[test]
fn a_quantile_is_a_sample() {
    let sorted: Vec<u128> = (1..=200).collect();
    let found = quantile(&sorted, Level::P95, Level::P95).unwrap();
    assert_eq!(found.value, 190);
    let (low, high) = (found.low.unwrap(), found.high.unwrap());
    assert!((180..190).contains(&low) && (191..=198).contains(&high), "{found:?}");
    assert_eq!(quantile::<u128>(&[], Level::P95, Level::P95), None);
}

/// What no path has shown is not known to be nothing.
#[test]
fn a_tail_without_evidence_has_no_upper_end() {
    let ends = |beyond: usize, count: usize| {
        let lost: Vec<f64> =
            (0..count).map(|path| if path < beyond { 1.0 + path as f64 } else { 0.0 }).collect();
        losses(&lost).shortfall(Level::P95, Level::P95)
    };
    let none = ends(0, 10_000);
    assert_eq!((none.value, none.low, none.high), (0.0, Some(0.0), None));
    assert_eq!(ends(9, 1_000).high, None);
    let ten = ends(10, 1_000);
    assert!((ten.value - 55.0 / 50.0).abs() < 1e-9 && ten.high.unwrap() > ten.value, "{ten:?}");
    // All of a hundred lose, and five exceed the 95th.
    assert_eq!(ends(100, 100).high, None);
    assert!(ends(200, 200).high.is_some());
}

#[test]
fn intervals_cover_what_they_promise() {
    let (mut means, mut shares, mut at_risk, mut shortfalls) = (0, 0, 0, 0);
    for repeat in 0..2_000 {
        // Exponential losses: VaR is -ln(1 - level), and shortfall is one more.
        let drawn: Vec<f64> =
            uniforms("coverage", repeat, 400).into_iter().map(|u| -ln(u)).collect();
        let losses = losses(&drawn);
        means += u32::from(losses.mean().interval(Level::P95).contains(1.0));
        let above = drawn.iter().filter(|loss| **loss > 3.0).count() as u64;
        shares += u32::from(wilson(above, 400, Level::P95).contains(exp(-3.0)));
        let truth = -ln(0.05);
        at_risk += u32::from(holds(&losses.value_at_risk(Level::P95, Level::P95), truth));
        let shortfall = losses.expected_shortfall(Level::new(8_000).unwrap());
        shortfalls += u32::from(shortfall.interval(Level::P99).contains(1.0 - ln(0.2)));
    }
    // A skewed mean of 400 and a discrete share fall a little short of their promise.
    assert!((1_860..1_960).contains(&means), "{means}");
    assert!((1_860..1_960).contains(&shares), "{shares}");
    covers(at_risk);
    assert!(shortfalls > 1_920, "{shortfalls}");
}

/// Losses are normal; paths are drawn two deviations out and weighted back.
#[test]
fn weighted_intervals_cover_what_they_promise() {
    let (mut means, mut at_risk, mut shortfalls) = (0, 0, 0);
    let (level, truth) = (Level::P99, normal_quantile(0.99));
    let shortfall = exp(-0.5 * truth * truth) / std::f64::consts::TAU.sqrt() / 0.01;
    for repeat in 0..2_000 {
        let weigh = |u: f64| {
            let loss = normal_quantile(u) + 2.0;
            Sampled { loss, weight: exp(2.0 - 2.0 * loss) }
        };
        let drawn = uniforms("weighted", repeat, 400).into_iter().map(weigh).collect();
        let losses = Losses::new(drawn, 1).unwrap();
        means +=
            u32::from(losses.probability_above(3.0).interval(Level::P95).contains(1.349_898e-3));
        at_risk += u32::from(holds(&losses.value_at_risk(level, Level::P95), truth));
        shortfalls +=
            u32::from(losses.expected_shortfall(level).interval(Level::P95).contains(shortfall));
    }
    covers_narrowly(means);
    assert!((1_860..1_960).contains(&at_risk), "{at_risk}");
    assert!((1_840..1_960).contains(&shortfalls), "{shortfalls}");
}

/// One in a hundred paths loses something, so nothing is lost at the 95 % quantile, however much
/// the weights of the others vary.
#[test]
fn weights_of_paths_without_a_loss_do_not_blur_the_tail() {
    let draw = |path: u32| {
        let is_lossy = path.is_multiple_of(2);
        let weight = if is_lossy { 0.02 } else { f64::from(path % 40) / 10.0 };
        Sampled { loss: if is_lossy { f64::from(path + 1) } else { 0.0 }, weight }
    };
    let losses = Losses::new((0..400).map(draw).collect(), 1).unwrap();
    let at_risk = losses.value_at_risk(Level::P95, Level::P95);
    assert_eq!((at_risk.value, at_risk.high), (0.0, Some(0.0)));
    assert!(losses.shortfall(Level::P95, Level::P95).high.is_some());
}

/// Pairs that are twice the same sample are half as many samples.
#[test]
fn paths_that_hang_together_count_once() {
    let mut held = 0;
    for repeat in 0..2_000 {
        let drawn = uniforms("pairs", repeat, 200);
        let twice: Vec<f64> = drawn.iter().flat_map(|u| [*u, *u]).collect();
        let grouped = Losses::new(plain(&twice), 2).unwrap();
        let (alone, pairs) = (losses(&drawn).mean(), grouped.mean());
        assert!((alone.standard_error - pairs.standard_error).abs() < 1e-12);
        let found = grouped.value_at_risk(Level::new(8_000).unwrap(), Level::P95);
        held += u32::from(holds(&found, 0.8));
    }
    assert!((1_860..1_960).contains(&held), "{held}");
}

#[test]
fn few_samples_do_not_bound_a_far_quantile() {
    let found = losses(&[1.0, 2.0, 3.0]).value_at_risk(Level::P99, Level::P95);
    assert_eq!((found.value, found.high), (3.0, None));
    let paired = Losses::new(plain(&[1.0, 2.0, 3.0, 4.0]), 2).unwrap();
    let found = paired.value_at_risk(Level::P99, Level::P95);
    assert_eq!((found.value, found.high), (4.0, None));
}

#[test]
fn samples_that_say_nothing_are_refused() {
    let refused = |paths, group| Losses::new(paths, group).expect_err("refused").to_string();
    assert_eq!(
        refused(plain(&[1.0]), 2),
        "1 path(s), but paths hang together in groups of 2; draw a whole group"
    );
    assert_eq!(Losses::new(vec![], 0), Err(SampleError::TooFew { count: 0, group: 1 }));
    assert_eq!(
        refused(plain(&[1.0, f64::NAN]), 1),
        "the loss of path 1 is NaN, which is no number"
    );
    assert_eq!(
        refused(vec![Sampled { loss: 1.0, weight: -0.5 }], 1),
        "the weight of path 0 is -0.5; a weight is a number from zero on"
    );
}

proptest! {
    #[test]
    fn shortfall_is_never_below_value_at_risk(
        drawn in prop::collection::vec(0.0..1e6_f64, 1..200), bps in 1..10_000u32
    ) {
        let losses = losses(&drawn);
        let level = Level::new(bps).unwrap();
        let at_risk = losses.value_at_risk(level, Level::P95);
        prop_assert!(losses.expected_shortfall(level).value >= at_risk.value);
        prop_assert!(at_risk.low.is_none_or(|low| low <= at_risk.value));
        prop_assert!(at_risk.high.is_none_or(|high| high >= at_risk.value));
        prop_assert!(losses.probability_above(at_risk.value).value <= level.tail() + 1e-9);
    }

    #[test]
    fn weights_count_like_repetitions(drawn in prop::collection::vec((0.0..100.0_f64, 0..4u32), 1..60)) {
        let repeated: Vec<f64> = drawn
            .iter()
            .flat_map(|(loss, times)| std::iter::repeat_n(*loss, *times as usize))
            .collect();
        prop_assume!(!repeated.is_empty());
        // Weights of the same paths, scaled to a mean of one.
        let scale = drawn.len() as f64 / repeated.len() as f64;
        let weighted = drawn
            .iter()
            .map(|(loss, times)| Sampled { loss: *loss, weight: f64::from(*times) * scale })
            .collect();
        let (weighted, repeated) = (Losses::new(weighted, 1).unwrap(), losses(&repeated));
        prop_assert!((weighted.mean().value - repeated.mean().value).abs() < 1e-9);
        let at = |losses: &Losses, bps| {
            losses.value_at_risk(Level::new(bps).unwrap(), Level::P95).value
        };
        for bps in [1_234, 5_001, 9_049] {
            prop_assert_eq!(at(&weighted, bps), at(&repeated, bps));
        }
    }
}
