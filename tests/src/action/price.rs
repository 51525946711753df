//! What a price becomes.

use cofferdam_lending_interface::{math::health::Health, units::Price};

use super::Move;

/// A publication: price, half of its interval, and by how many seconds the observation differs
/// from now.
pub(super) struct Publication {
    pub(super) price: Price,
    pub(super) confidence: Price,
    pub(super) observed_ago_s: i64,
}

/// Prices stay within this factor of where they began: beyond it only overflows are found.
const RANGE: u128 = 1 << 20;

/// Applies a move to the price of a position's collateral, or of its debt.
pub(super) fn publication(
    kind: Move,
    now: Price,
    par: Price,
    health: Health,
    side: Side,
) -> Publication {
    let sure = |price: u128, observed_ago_s| {
        let (price, confidence) = (Price(price), Price::ZERO);
        Publication { price, confidence, observed_ago_s }
    };
    let at = |price: u128| sure(price, 0);
    let (price, limit, debt) =
        (now.get(), health.liquidation_limit.get(), health.debt_weighted.get());
    match kind {
        Move::Nudge(step) => {
            let change = price / 4_096 * u128::from(step.unsigned_abs());
            at(if step < 0 { price - change } else { bounded(price + change, par) })
        }
        Move::Halve => at(price / 2),
        Move::Double => at(bounded(price.saturating_mul(2), par)),
        Move::ThroughLiquidation => at(bounded(through(price, limit, debt, side, 99), par)),
        Move::ThroughBankruptcy => {
            at(bounded(through(price, health.collateral.get(), debt, side, 85), par))
        }
        Move::ThinSurplus => {
            at(bounded(through(price, health.collateral.get(), debt, side, 103), par))
        }
        Move::Zero => at(0),
        Move::Par => at(par.get()),
        Move::Exponent(powers) => {
            let factor = 10_u128.pow(powers.unsigned_abs().into());
            at(if powers < 0 { price / factor } else { bounded(price.saturating_mul(factor), par) })
        }
        Move::Unsound(part) => {
            let (confidence, price) =
                if part % 2 == 0 { (Price(price), price) } else { (Price(1), 0) };
            Publication { confidence, ..at(price) }
        }
        Move::Late(minutes) => sure(price, i64::from(minutes) * 60),
        Move::Future => sure(price, -1),
        Move::Wide(part) => {
            let confidence = Price(price / 2_048 * u128::from(part));
            Publication { confidence, ..at(price) }
        }
    }
}

/// Which side of a position a price is on.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    Collateral,
    Debt,
}

/// The price at which `limit` and `debt` meet when this side alone moves, times `percent`:
/// below a hundred beyond it, above short of it.
fn through(price: u128, limit: u128, debt: u128, side: Side, percent: u128) -> u128 {
    // Scaled down first, so that the product fits.
    let (limit, debt) = (limit >> 40, debt >> 40);
    if limit == 0 || debt == 0 {
        return price;
    }
    let scaled = |from: u128, to: u128| price / 1_000 * (to.saturating_mul(1_000) / from);
    match side {
        Side::Collateral => scaled(limit, debt) / 100 * percent,
        Side::Debt => scaled(debt, limit) / 100 * (200 - percent),
    }
}

fn bounded(price: u128, par: Price) -> u128 {
    price.min(par.get().saturating_mul(RANGE))
}
