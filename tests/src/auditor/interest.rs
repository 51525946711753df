//! Interest: what utilisation costs, and what a debt grows to. docs/MATH.md, "Interest".
//!
//! The growth itself is known between two bounds only: the program's exponential is off by less
//! than the error that the page states. What it stored is held against these bounds.

use cofferdam_lending_interface::{
    LendingError,
    state::{LossPolicy, RateModel},
};

use super::{
    number::{Grain, Q},
    series::{Span, exp, exp_neg},
    state::Reserve,
};

/// Seconds of a year of 365 days.
const YEAR_S: u32 = 31_536_000;

/// Where an index and a rate on target may stand after a stretch of time.
#[derive(Clone, Debug)]
pub(super) struct Growth {
    pub(super) index: Span,
    pub(super) rate_at_target: Span,
}

/// Relative error that docs/MATH.md allows an exponential: 3·10⁻²⁵.
fn error() -> Q {
    Q::ratio(3, 10_000_000_000_000_000_000_000_000_u128)
}

fn ray() -> Q {
    Q::kept(1, Grain::Ray)
}

impl Reserve {
    /// Bounds of index and rate when `elapsed_s` seconds, at least one, have passed.
    pub(super) fn growth(&self, elapsed_s: u64) -> Result<Growth, LendingError> {
        let utilisation = self.utilisation()?;
        let (rate, rate_at_target) = match self.config.rate_model {
            RateModel::Curve => {
                let rate = self.curve(&utilisation).unwrap_or_else(Q::zero);
                (Span::exactly(rate), Span::exactly(self.rate_at_target.clone()))
            }
            RateModel::Adaptive => adapted(&self.rate_at_target, &utilisation, elapsed_s),
        };
        let index = if self.debt_shares.is_zero() {
            Span::exactly(self.index.clone())
        } else {
            self.grown(&rate, elapsed_s)
        };
        Ok(Growth { index, rate_at_target })
    }

    /// Books the interest since the last accrual, the index being where it stands now.
    pub(super) fn settle(
        &mut self,
        (index, rate_at_target): (Q, Q),
        now_s: i64,
    ) -> Result<(), LendingError> {
        let before = self.debt()?;
        (self.index, self.rate_at_target) = (index, rate_at_target);
        let interest = self.debt()? - before;
        let part = interest * Q::bps(self.config.reserve_factor.0);
        self.earn(part.down(Grain::Fine)?)?;
        self.vest(now_s);
        self.accrued_at_s = now_s;
        Ok(())
    }

    /// Lent funds over all funds, rounded down.
    fn utilisation(&self) -> Result<Q, LendingError> {
        let receivable = self.config.loss_policy == LossPolicy::Receivable;
        let lent = if receivable { self.debt()? + &self.deficit } else { self.debt()? };
        if lent.is_zero() {
            return Ok(lent);
        }
        let all = &lent + self.available();
        (lent / all).down(Grain::Ray)
    }

    /// The straight line between the two points around `utilisation`, rounded down.
    fn curve(&self, utilisation: &Q) -> Option<Q> {
        let points = self.config.curve.points.iter().take(usize::from(self.config.curve.len));
        let corner = |(u, rate): (u32, u32)| (Q::bps(u), Q::bps(rate));
        let mut from: Option<(Q, Q)> = None;
        for point in points {
            let to = corner((point.utilisation.0, point.rate.0));
            if to.0 >= *utilisation {
                let Some((start, low)) = from else { return Some(to.1) };
                let climbed = (&to.1 - &low) * (utilisation - &start) / (&to.0 - &start);
                return Some(low + climbed.floor(Grain::Ray));
            }
            from = Some(to);
        }
        None
    }

    /// `index × e^(rate × time)`, rounded up, where interest does not stop.
    fn grown(&self, rate: &Span, elapsed_s: u64) -> Span {
        let exponent = |rate: &Q| (rate * Q::ratio(elapsed_s, YEAR_S)).ceil(Grain::Ray);
        let ceiling = Q::whole(1_000_000_000);
        // e^22 is more than a billion: the index stands at the ceiling then.
        let bounded = |x: Q| x.min(Q::whole(22));
        let (low, high) = (bounded(exponent(&rate.low)), bounded(exponent(&rate.high)));
        let low_factor = exp(&low).low;
        let high_factor = if high.is_zero() {
            Q::whole(1)
        } else {
            exp(&high).high * (Q::whole(1) + error()) + ray()
        };
        let at = |factor: Q| {
            let grown = (&self.index * factor).ceil(Grain::Ray).min(ceiling.clone());
            self.stopped(grown)
        };
        Span { low: at(low_factor), high: at(high_factor) }
    }

    /// Interest stops where all debts together reach 2¹²⁵ fine units.
    fn stopped(&self, grown: Q) -> Q {
        let most = Q::kept(1_u128 << 125, Grain::Fine);
        if self.debt_shares.is_zero()
            || (&self.debt_shares * &grown).floor(Grain::Share) <= &most * Q::whole(1_000_000_000)
        {
            return grown;
        }
        let last = (most * Q::whole(1_000_000_000) / &self.debt_shares).floor(Grain::Ray);
        last.max(self.index.clone())
    }
}

/// Rate over the stretch and rate on target at its end, by Morpho's adaptive curve.
fn adapted(rate_at_target: &Q, utilisation: &Q, elapsed_s: u64) -> (Span, Span) {
    let target = Q::ratio(9, 10);
    let above = *utilisation > target;
    let distance = if above {
        (utilisation - &target) / (Q::whole(1) - &target)
    } else {
        (&target - utilisation) / &target
    };
    let distance = distance.floor(Grain::Ray);
    let (least, most) = (Q::ratio(1, 1_000), Q::whole(2));
    let at_curve = |rate: &Q| curve_at(rate, &distance, above);
    if rate_at_target.is_zero() {
        let initial = Q::ratio(4, 100);
        return (Span::exactly(at_curve(&initial)), Span::exactly(initial));
    }
    let start = rate_at_target.clone().clamp(least.clone(), most.clone());
    let speed = (Q::whole(50) * &distance).floor(Grain::Ray);
    let exponent = (speed * Q::ratio(elapsed_s, YEAR_S)).floor(Grain::Ray);
    let half = (&exponent / Q::whole(2)).floor(Grain::Ray);
    let moved = |exponent: &Q| {
        let Span { low, high } = moved(&start, exponent, above);
        let bounded = |rate: Q| rate.clamp(least.clone(), most.clone());
        Span { low: bounded(low), high: bounded(high) }
    };
    let (middle, end) = (moved(&half), moved(&exponent));
    let mean = |middle: &Q, end: &Q| {
        ((&start + middle * Q::whole(2) + end) / Q::whole(4)).floor(Grain::Ray)
    };
    let low = at_curve(&mean(&middle.low, &end.low));
    let high = at_curve(&mean(&middle.high, &end.high));
    (Span { low, high }, end)
}

/// The rate on target times what `distance` makes of it, rounded down.
fn curve_at(rate: &Q, distance: &Q, above: bool) -> Q {
    let multiple = if above {
        Q::whole(1) + (Q::whole(3) * distance).floor(Grain::Ray)
    } else {
        Q::whole(1) - (Q::ratio(3, 4) * distance).floor(Grain::Ray)
    };
    (multiple * rate).floor(Grain::Ray)
}

/// `rate × e^±exponent`, rounded down and short by no more than the page allows.
fn moved(rate: &Q, exponent: &Q, rises: bool) -> Span {
    if exponent.is_zero() {
        return Span::exactly(rate.clone());
    }
    // From any rate to its bound is a factor of 2,000, which is less than e^8.
    let exponent = exponent.clone().min(Q::whole(60));
    let power = if rises { exp(&exponent) } else { exp_neg(&exponent) };
    let low = (rate * (power.low * (Q::whole(1) - error()) - ray())).floor(Grain::Ray);
    Span { low, high: (rate * power.high).floor(Grain::Ray) }
}
