//! The largest limit that a price ramp and a throughput of repayments allow.

/// One whale at its limit, a price that falls in equal steps to a floor, and liquidators who
/// repay so much a step: the recommendation model of Gauntlet for Morpho Blue.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Ramp {
    /// Value of the collateral at the start.
    pub collateral: f64,
    /// Most that is repaid in one step: what the market takes at half a percent of impact.
    pub repay_per_step: f64,
    /// Share of its value that the collateral loses in all.
    pub drawdown: f64,
    /// Share of the opening price that it loses in one step.
    pub step: f64,
    /// Largest bonus.
    pub bonus_max: f64,
    /// Weight of the limit in the bonus.
    pub beta: f64,
    /// Smallest bonus.
    pub bonus_min: f64,
}

/// A limit and the debt it leaves.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Insolvency {
    /// The limit, a whole percentage.
    pub lltv_percent: u32,
    /// Debt that nobody repays.
    pub bad_debt: f64,
}

/// The largest limit without a loss.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Recommendation {
    /// The limit, a whole percentage.
    pub lltv_percent: u32,
    /// Its bonus.
    pub bonus: f64,
    /// The next limit up, when it loses.
    pub first_insolvent: Option<Insolvency>,
}

impl Ramp {
    /// The bonus at a limit: that of [`super::liquidation_incentive_factor`] with this ramp's
    /// constants, held between its smallest and its largest.
    pub fn bonus(&self, lltv: f64) -> f64 {
        let bonus = 1.0 / (self.beta * lltv + 1.0 - self.beta) - 1.0;
        bonus.min(self.bonus_max).max(self.bonus_min)
    }

    /// Debt left when the collateral is gone; zero when the position ends repaid or healthy.
    /// At the floor the price stands still and repayments go on.
    pub fn bad_debt(&self, lltv: f64) -> f64 {
        let factor = 1.0 + self.bonus(lltv);
        // Collateral is counted in units that open at a price of one.
        let (mut units, mut price, mut debt) = (self.collateral, 1.0_f64, lltv * self.collateral);
        let floor = 1.0 - self.drawdown;
        loop {
            price = floor.max(price - self.step);
            let value = units * price;
            if debt < lltv * value {
                if price == floor {
                    return 0.0;
                }
                continue;
            }
            let affordable = value / factor;
            let repaid = debt.min(self.repay_per_step);
            if repaid >= affordable {
                return debt - affordable;
            }
            if repaid >= debt {
                return 0.0;
            }
            debt -= repaid;
            units -= repaid * factor / price;
        }
    }

    /// The largest limit of 1 % to 99 % that leaves no debt; `None` when every one does.
    pub fn recommend(&self) -> Option<Recommendation> {
        let percent = |percent: u32| f64::from(percent) / 100.0;
        let solvent = |lltv: f64| self.survivable(lltv) || self.bad_debt(lltv) == 0.0;
        let best = (1..=99).rev().find(|lltv| solvent(percent(*lltv)))?;
        let above = (best < 99).then(|| Insolvency {
            lltv_percent: best + 1,
            bad_debt: self.bad_debt(percent(best + 1)),
        });
        Some(Recommendation {
            lltv_percent: best,
            bonus: self.bonus(percent(best)),
            first_insolvent: above,
        })
    }

    /// Whether even the whole ramp without a liquidation leaves enough for debt and bonus.
    fn survivable(&self, lltv: f64) -> bool {
        lltv * (1.0 + self.bonus(lltv)) < 1.0 - self.drawdown
    }
}
