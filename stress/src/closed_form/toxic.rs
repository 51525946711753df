//! Liquidations that leave a position worse than they found it.

/// A position in units of its opening collateral, closed in rounds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Spiral {
    /// Liquidations until the position was healthy or its collateral gone.
    pub rounds: u32,
    /// Debt left.
    pub debt: f64,
    /// Collateral left.
    pub collateral: f64,
}

/// Whether a partial liquidation at this loan-to-value raises it: the bonus takes more collateral
/// from the position than its share of the debt (Warmuz and others, Toxic Liquidation Spirals).
pub fn is_toxic(ltv: f64, bonus: f64) -> bool {
    ltv * (1.0 + bonus) > 1.0
}

/// Loan-to-value after `close_factor` of the debt was repaid, the collateral sufficing.
pub fn ltv_after(ltv: f64, bonus: f64, close_factor: f64) -> f64 {
    ltv * (1.0 - close_factor) / (1.0 - close_factor * ltv * (1.0 + bonus))
}

/// Bad debt per unit of opening collateral at which a toxic position ends, whatever the close
/// factor: every unit of collateral repays `1 / (1 + bonus)` of debt, sooner or later. Zero for
/// a position that is not toxic.
pub fn terminal_bad_debt(ltv: f64, bonus: f64) -> f64 {
    (ltv - 1.0 / (1.0 + bonus)).max(0.0)
}

/// Liquidates `close_factor` of the debt again and again at a price that stands still, until the
/// loan-to-value is at or below `lltv`, no collateral is left, or `most_rounds` are done.
pub fn spiral(ltv: f64, bonus: f64, close_factor: f64, lltv: f64, most_rounds: u32) -> Spiral {
    let mut state = Spiral { rounds: 0, debt: ltv, collateral: 1.0 };
    while state.rounds < most_rounds
        && state.collateral > 0.0
        && state.debt > lltv * state.collateral
    {
        let wanted = close_factor * state.debt;
        let affordable = state.collateral / (1.0 + bonus);
        if wanted >= affordable {
            // Subtracting what is seized could leave a rest of rounding, and another round.
            state = Spiral { debt: state.debt - affordable, collateral: 0.0, ..state };
        } else {
            state.debt -= wanted;
            state.collateral -= wanted * (1.0 + bonus);
        }
        state.rounds += 1;
    }
    state
}

/// The loan-to-value above which a liquidation is toxic when the seized collateral is sold into a
/// constant-product market whose price the protocol itself reads: selling pushes the position
/// further down. `collateral_over_reserve` is the position's collateral over the market's
/// debt-side reserve, both in value (McFarlane, 2025).
pub fn threshold_with_impact(bonus: f64, collateral_over_reserve: f64) -> f64 {
    1.0 / ((1.0 + bonus) * (1.0 + 2.0 * collateral_over_reserve))
}
