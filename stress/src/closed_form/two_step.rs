//! Liquidating twice to take more than the close factor allows at once.

/// Repayments and profits of one large liquidation and of two that together repay more.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TwoStep {
    /// First repayment: the largest that leaves the position just liquidatable.
    pub first_repay: f64,
    /// Second repayment: the close factor of what is then owed.
    pub second_repay: f64,
    /// Profit of one repayment of the close factor.
    pub profit_single: f64,
    /// Profit of both repayments.
    pub profit: f64,
    /// Gain of two over one, as a share of the profit of one.
    pub relative_gain: f64,
}

/// The strategy of Qin and others (arXiv 2106.06389): `collateral` and `debt` in value, a
/// liquidation threshold, a bonus (their liquidation spread), and the close factor.
pub fn two_step(
    collateral: f64,
    debt: f64,
    threshold: f64,
    bonus: f64,
    close_factor: f64,
) -> TwoStep {
    let first = (debt - threshold * collateral) / (1.0 - threshold * (1.0 + bonus));
    let second = close_factor * (debt - first);
    let (profit_single, profit) = (bonus * close_factor * debt, bonus * (first + second));
    TwoStep {
        first_repay: first,
        second_repay: second,
        profit_single,
        profit,
        relative_gain: profit / profit_single - 1.0,
    }
}
