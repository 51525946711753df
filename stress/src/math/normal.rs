//! The standard normal distribution.

use std::f64::consts::{FRAC_1_SQRT_2, TAU};

use super::{erfc, exp, ln};

/// Probability of a value of `x` or less.
pub fn normal_cdf(x: f64) -> f64 {
    0.5 * erfc(-x * FRAC_1_SQRT_2)
}

/// Density at `x`.
pub fn normal_density(x: f64) -> f64 {
    exp(-0.5 * x * x) / TAU.sqrt()
}

/// The value that a share `p` of draws does not exceed; infinite for 0 and 1, not a number
/// outside them.
///
/// Algorithm AS 241 (Wichura, Applied Statistics 37, 1988), accurate to about 1e-16. It is also
/// how uniform draws become normal ones: inversion keeps the order of its input, which antithetic
/// and low-discrepancy draws need.
pub fn normal_quantile(p: f64) -> f64 {
    let centred = p - 0.5;
    if centred.abs() <= 0.425 {
        let r = 0.180_625 - centred * centred;
        return centred * ratio(r, &CENTRE);
    }
    let tail = if centred < 0.0 { p } else { 1.0 - p };
    if tail <= 0.0 {
        return if tail < 0.0 { f64::NAN } else { f64::INFINITY.copysign(centred) };
    }
    let r = (-ln(tail)).sqrt();
    let size = if r <= 5.0 { ratio(r - 1.6, &NEAR) } else { ratio(r - 5.0, &FAR) };
    size.copysign(centred)
}

/// Coefficients of numerator and denominator, the constant first.
type Ratio = [[f64; 8]; 2];

fn ratio(x: f64, [top, bottom]: &Ratio) -> f64 {
    let polynomial = |c: &[f64; 8]| c.iter().rev().fold(0.0, |sum, c| sum * x + c);
    polynomial(top) / polynomial(bottom)
}

const CENTRE: Ratio = [
    [
        3.387_132_872_796_366_5,
        133.141_667_891_784_38,
        1_971.590_950_306_551_3,
        13_731.693_765_509_46,
        45_921.953_931_549_87,
        67_265.770_927_008_7,
        33_430.575_583_588_13,
        2_509.080_928_730_122_7,
    ],
    [
        1.0,
        42.313_330_701_600_91,
        687.187_007_492_057_9,
        5_394.196_021_424_751,
        21_213.794_301_586_597,
        39_307.895_800_092_71,
        28_729.085_735_721_943,
        5_226.495_278_852_855,
    ],
];

const NEAR: Ratio = [
    [
        1.423_437_110_749_683_5,
        4.630_337_846_156_546,
        5.769_497_221_460_691,
        3.647_848_324_763_204_5,
        1.270_458_252_452_368_4,
        0.241_780_725_177_450_6,
        0.022_723_844_989_269_184,
        0.000_774_545_014_278_341_4,
    ],
    [
        1.0,
        2.053_191_626_637_759,
        1.676_384_830_183_803_8,
        0.689_767_334_985_1,
        0.148_103_976_427_480_08,
        0.015_198_666_563_616_457,
        0.000_547_593_808_499_534_5,
        1.050_750_071_644_416_9e-9,
    ],
];

const FAR: Ratio = [
    [
        6.657_904_643_501_103,
        5.463_784_911_164_114,
        1.784_826_539_917_291_3,
        0.296_560_571_828_504_87,
        0.026_532_189_526_576_124,
        0.001_242_660_947_388_078_4,
        0.000_027_115_555_687_434_876,
        2.010_334_399_292_288_1e-7,
    ],
    [
        1.0,
        0.599_832_206_555_888,
        0.136_929_880_922_735_8,
        0.014_875_361_290_850_615,
        0.000_786_869_131_145_613_2,
        0.000_018_463_183_175_100_548,
        1.421_511_758_316_446e-7,
        2.044_263_103_389_939_8e-15,
    ],
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_quantile_inverts_the_distribution_far_into_both_tails() {
        for exponent in 1..=300 {
            let p = 0.5 * exp(-2.3 * f64::from(exponent));
            let x = normal_quantile(p);
            assert!((normal_cdf(x) / p - 1.0).abs() < 1e-11, "{p}: {x}");
        }
        for step in 1..1_000 {
            let p = f64::from(step) / 1_000.0;
            let (x, mirrored) = (normal_quantile(p), normal_quantile(1.0 - p));
            assert!((normal_cdf(x) - p).abs() < 3e-16, "{p}: {x}");
            assert!((x + mirrored).abs() < 1e-12, "{p}: {x} and {mirrored}");
        }
    }

    #[test]
    fn published_quantiles_are_met() {
        // Tables of the normal distribution, to sixteen digits.
        for (p, x) in [
            (0.5, 0.0),
            (0.95, 1.644_853_626_951_472_7),
            (0.975, 1.959_963_984_540_054),
            (0.99, 2.326_347_874_040_841),
            (0.999_999, 4.753_424_308_822_899),
        ] {
            assert!((normal_quantile(p) - x).abs() < 2e-10, "{p}");
        }
        assert_eq!(normal_quantile(0.0), f64::NEG_INFINITY);
        assert_eq!(normal_quantile(1.0), f64::INFINITY);
        assert!(normal_quantile(-0.1).is_nan() && normal_quantile(1.1).is_nan());
    }

    #[test]
    fn the_density_is_the_slope_of_the_distribution() {
        for x in [-3.0, -0.5, 0.0, 1.0, 2.5] {
            let slope = (normal_cdf(x + 1e-5) - normal_cdf(x - 1e-5)) / 2e-5;
            assert!((normal_density(x) - slope).abs() < 1e-10, "{x}");
        }
    }
}
