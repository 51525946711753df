//! How much a liquidator can sell before the market eats the bonus.

/// A constant-product market in which seized collateral is sold, for a given bonus.
///
/// Sizes are the collateral sold as a share of the market's collateral reserve. Collateral is
/// bought at the market's opening price less the bonus.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ConstantProduct {
    /// Liquidation bonus.
    pub bonus: f64,
    /// Share of what is sold that the market keeps.
    pub fee: f64,
}

/// A market whose price moves with the square root of what is sold.
///
/// Selling `Q` moves the price by `coefficient · daily_volatility · √(Q / daily_volume)` in the
/// end and by two thirds of that on average.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SquareRootImpact {
    /// Factor of the law, about one.
    pub coefficient: f64,
    /// Volatility per square root of a day.
    pub daily_volatility: f64,
    /// Traded volume of a day, in the unit that sizes are to have.
    pub daily_volume: f64,
}

impl ConstantProduct {
    /// The sale that ends with neither profit nor loss; zero when the fee is above the bonus.
    pub fn break_even(&self) -> f64 {
        ((self.edge() - 1.0) / self.kept()).max(0.0)
    }

    /// The sale of greatest profit; zero when the fee is above the bonus.
    pub fn optimal(&self) -> f64 {
        ((self.edge().sqrt() - 1.0) / self.kept()).max(0.0)
    }

    /// Profit of the optimal sale as a share of the value of the market's collateral reserve.
    pub fn greatest_profit(&self) -> f64 {
        self.profit(self.optimal())
    }

    /// Profit of selling `size`, as a share of the value of the market's collateral reserve.
    pub fn profit(&self, size: f64) -> f64 {
        let sold = self.kept() * size;
        sold / (1.0 + sold) - size / (1.0 + self.bonus)
    }

    fn kept(&self) -> f64 {
        1.0 - self.fee
    }

    /// What an infinitely small sale brings per unit paid.
    fn edge(&self) -> f64 {
        self.kept() * (1.0 + self.bonus)
    }
}

impl SquareRootImpact {
    /// The sale whose average impact eats the whole bonus, in the unit of the daily volume.
    pub fn break_even(&self, bonus: f64) -> f64 {
        let discount = bonus / (1.0 + bonus);
        let root = 1.5 * discount / (self.coefficient * self.daily_volatility);
        self.daily_volume * root * root
    }
}
