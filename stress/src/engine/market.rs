//! Where seized collateral is sold: the market's price gives way to what is sold and comes back
//! with time. All who sell an asset share its market.

use std::collections::BTreeMap;

use cofferdam_sdk::interface::{math::exp::exp2_neg_down, units::RAY};
use rust_decimal::Decimal;

use crate::scenario::{Depth, DepthModel, Scenario};

const BPS_PER_ONE: u128 = 10_000;
const MICROS_PER_USD: i64 = 1_000_000;

/// The markets with limited depth, by symbol.
#[derive(Clone, Debug, Default)]
pub(super) struct Markets {
    markets: BTreeMap<String, Outlet>,
}

#[derive(Clone, Debug)]
struct Outlet {
    terms: Depth,
    /// In millionths of a dollar.
    depth: u128,
    /// Value sold that the market has not digested yet, in millionths of a dollar.
    sold: u128,
    at_s: i64,
}

impl Markets {
    pub(super) fn new(scenario: &Scenario) -> Self {
        let start_s = scenario.start.unix_s();
        let outlet = |(symbol, terms): (&String, &Depth)| {
            let depth = micros(terms.depth_usd).max(1);
            (symbol.clone(), Outlet { terms: *terms, depth, sold: 0, at_s: start_s })
        };
        Self { markets: scenario.markets.iter().map(outlet).collect() }
    }

    /// Whether the price of `symbol` gives way at all.
    pub(super) fn is_limited(&self, symbol: &str) -> bool {
        self.markets.contains_key(symbol)
    }

    /// What selling `value` of `symbol` brings in, both in millionths of a dollar, rounded down.
    pub(super) fn proceeds_down(&self, symbol: &str, value: u128, now_s: i64) -> u128 {
        match self.markets.get(symbol) {
            Some(outlet) => outlet.proceeds_down(outlet.sold_at(now_s), value),
            None => value,
        }
    }

    /// Sells `value` of `symbol` and returns what it brings in.
    pub(super) fn sell(&mut self, symbol: &str, value: u128, now_s: i64) -> u128 {
        let Some(outlet) = self.markets.get_mut(symbol) else { return value };
        let sold = outlet.sold_at(now_s);
        let proceeds = outlet.proceeds_down(sold, value);
        (outlet.sold, outlet.at_s) = (sold + value, now_s);
        proceeds
    }
}

impl Outlet {
    /// What is left of earlier sales, rounded down.
    fn sold_at(&self, now_s: i64) -> u128 {
        let elapsed_s = u64::try_from(now_s - self.at_s).unwrap_or(0);
        let left = exp2_neg_down(elapsed_s, self.terms.recovery_half_life_s).unwrap_or(0);
        // A share of 10⁻⁹ is as fine as it needs to be, and leaves room for the product.
        self.sold * (left / 1_000_000_000_000_000_000) / (RAY / 1_000_000_000_000_000_000)
    }

    fn proceeds_down(&self, sold: u128, value: u128) -> u128 {
        let kept = BPS_PER_ONE - u128::from(self.terms.fee_bps);
        let value = value * kept / BPS_PER_ONE;
        match self.terms.model {
            // A pool that holds `depth` on either side pays `depth × v ÷ (depth + v)` for `v`.
            DepthModel::ConstantProduct => {
                let paid = |v: u128| mul_div(self.depth, v, self.depth + v);
                paid(sold + value).saturating_sub(paid(sold))
            }
            DepthModel::SquareRoot => {
                let impact_bps = u128::from(self.terms.impact_bps.unwrap_or(0));
                let part = mul_div(sold + value, BPS_PER_ONE * BPS_PER_ONE, self.depth);
                let lost_bps = (impact_bps * part.isqrt() / BPS_PER_ONE).min(BPS_PER_ONE);
                value * (BPS_PER_ONE - lost_bps) / BPS_PER_ONE
            }
        }
    }
}

/// `a × b ÷ c`, rounded down; values of markets are below 2⁶⁴ by far, so products fit.
fn mul_div(a: u128, b: u128, c: u128) -> u128 {
    match a.checked_mul(b) {
        Some(product) => product / c,
        None => a / c * b,
    }
}

/// Dollars in millionths; a checked scenario has none finer.
pub(super) fn micros(usd: Decimal) -> u128 {
    let micros = usd * Decimal::from(MICROS_PER_USD);
    u128::try_from(micros.floor()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outlet(model: DepthModel, impact_bps: Option<u32>) -> Outlet {
        let terms = Depth {
            model,
            depth_usd: Decimal::from(1_000),
            fee_bps: 0,
            impact_bps,
            recovery_half_life_s: 60,
        };
        Outlet { terms, depth: 1_000_000_000, sold: 0, at_s: 0 }
    }

    #[test]
    fn a_constant_product_pays_half_for_its_own_depth() {
        let pool = outlet(DepthModel::ConstantProduct, None);
        assert_eq!(pool.proceeds_down(0, 1_000_000_000), 500_000_000);
        // What comes second gets what is left: 2/3 − 1/2 of the depth.
        assert_eq!(pool.proceeds_down(1_000_000_000, 1_000_000_000), 166_666_666);
    }

    #[test]
    fn a_square_root_loses_its_impact_at_its_depth() {
        let market = outlet(DepthModel::SquareRoot, Some(1_000));
        assert_eq!(market.proceeds_down(0, 1_000_000_000), 900_000_000);
        assert_eq!(market.proceeds_down(0, 250_000_000), 237_500_000);
    }

    #[test]
    fn half_is_forgotten_in_a_half_life() {
        let pool = Outlet { sold: 800, ..outlet(DepthModel::ConstantProduct, None) };
        assert_eq!([0, 60, 120].map(|at_s| pool.sold_at(at_s)), [800, 400, 200]);
    }
}
