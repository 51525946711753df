//! Prices that are stated at a few instants.

use super::{Grid, MicroUsd, PricePath};

/// A price, and when it holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Point {
    /// Seconds after the start of the path.
    pub after_s: u32,
    /// The price.
    pub price: MicroUsd,
}

/// Instants and prices of which the first is at the start and each comes after the one before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Points(Vec<Point>);

/// Points that make no path.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PointsError {
    /// No point at all.
    #[error("is empty")]
    Empty,
    /// The path has no price at its start.
    #[error("the first point is at after_s = {0}; it must be at 0")]
    LateStart(u32),
    /// Two points in the wrong order, or at one instant.
    #[error("point {index}: after_s = {found} does not come after {before}")]
    Order {
        /// Position of the later one in the list.
        index: usize,
        /// Its seconds.
        found: u32,
        /// Seconds of the point before.
        before: u32,
    },
    /// A price of zero.
    #[error("point {0}: a price of zero")]
    Zero(usize),
}

impl Points {
    /// Checked points.
    ///
    /// # Errors
    /// The first thing wrong with them.
    pub fn new(points: Vec<Point>) -> Result<Self, PointsError> {
        let first = points.first().ok_or(PointsError::Empty)?;
        if first.after_s != 0 {
            return Err(PointsError::LateStart(first.after_s));
        }
        for (index, pair) in (1..).zip(points.windows(2)) {
            let (before, found) = (pair[0].after_s, pair[1].after_s);
            if found <= before {
                return Err(PointsError::Order { index, found, before });
            }
        }
        match points.iter().position(|point| point.price == MicroUsd(0)) {
            Some(index) => Err(PointsError::Zero(index)),
            None => Ok(Self(points)),
        }
    }

    /// Price at the start.
    pub fn opening(&self) -> MicroUsd {
        self.0[0].price
    }

    /// Each price holds until the next.
    pub fn steps(&self, grid: Grid) -> PricePath {
        self.path(grid, |from, _, _| from.price)
    }

    /// The price moves from each point to the next in a straight line, rounded to the nearest
    /// millionth of a dollar, and stands still after the last.
    pub fn ramp(&self, grid: Grid) -> PricePath {
        self.path(grid, between)
    }

    fn path(&self, grid: Grid, price: impl Fn(Point, Point, u64) -> MicroUsd) -> PricePath {
        let at = |step: usize| {
            let after_s = (step as u64).saturating_mul(grid.step_s.into());
            let past = self.0.partition_point(|point| u64::from(point.after_s) <= after_s);
            let from = self.0[past - 1];
            price(from, *self.0.get(past).unwrap_or(&from), after_s - u64::from(from.after_s))
        };
        let prices = (0..grid.steps).map(at).collect();
        PricePath::new(grid, prices).expect("one price for each step of the grid")
    }
}

/// The price `gone_s` after `from` on the line to `to`.
fn between(from: Point, to: Point, gone_s: u64) -> MicroUsd {
    if to.after_s == from.after_s {
        return from.price;
    }
    let span_s = u128::from(to.after_s - from.after_s);
    let gone_s = u128::from(gone_s);
    let weighted = u128::from(from.price.0) * (span_s - gone_s) + u128::from(to.price.0) * gone_s;
    let nearest = (weighted + span_s / 2) / span_s;
    MicroUsd(u64::try_from(nearest).expect("a mean of two prices lies between them"))
}
