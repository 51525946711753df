//! Bonuses that follow from the limit, and what they leave.

/// The end of a full close.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Close {
    /// Debt that the liquidator repays.
    pub repaid: f64,
    /// Debt that nobody repays.
    pub bad_debt: f64,
}

/// The factor `1 / (0.3 · lltv + 0.7)`, at most 1.15, by which Morpho Blue rewards a repayment
/// (its white paper and `ConstantsLib`).
pub fn liquidation_incentive_factor(lltv: f64) -> f64 {
    (1.0 / (0.3 * lltv + 0.7)).min(1.15)
}

/// The loan-to-value up to which a full close leaves no bad debt.
pub fn critical_ltv(lif: f64) -> f64 {
    1.0 / lif
}

/// How far the price may fall between the limit and the first bad debt.
pub fn liquidation_buffer(lltv: f64, lif: f64) -> f64 {
    1.0 - lltv * lif
}

/// Closes a whole position for as much debt as its collateral pays for.
pub fn close(collateral: f64, debt: f64, lif: f64) -> Close {
    let repaid = debt.min(collateral / lif);
    Close { repaid, bad_debt: debt - repaid }
}
