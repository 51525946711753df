//! Debts too small to be worth a transaction.

/// The smallest debt that a liquidator closes when a transaction costs `gas` and the bonus is a
/// share of the debt: below it the bonus does not pay for the gas. Same unit as `gas`.
pub fn smallest_debt(gas: f64, bonus: f64) -> f64 {
    gas / bonus
}
