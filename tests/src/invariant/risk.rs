//! Health, liquidation and prices.

use cofferdam_host::Address;
use cofferdam_lending_interface::{
    event::{BadDebtAbsorbed, Borrowed, Liquidated, Withdrawn},
    math::{health::Health, value::Quote},
    units::Amount,
};

use super::{Step, Verdict, wide::product_at_most};
use crate::action::Verb;

pub(super) fn within_limit_after_taking(step: &Step<'_>) -> Verdict {
    for position in takers(step) {
        let health = step.after.strict_health(&position).ok_or("health overflows")?;
        if !health.debt.is_zero() && !health.is_within_borrow_limit() {
            return Err(format!(
                "{position} owes {} with a limit of {}",
                health.debt_weighted, health.borrow_limit
            ));
        }
    }
    Ok(())
}

pub(super) fn only_price_time_or_settings_endanger(step: &Step<'_>) -> Verdict {
    let verb = step.outcome.verb;
    let expected = step.outcome.verbs().any(|verb| {
        matches!(
            verb,
            Verb::PublishPrice
                | Verb::Refresh
                | Verb::Advance
                | Verb::UpdateReserve
                | Verb::ApplyReserveChange
        )
    });
    let lost =
        step.outcome.success().is_some_and(|r| r.events::<BadDebtAbsorbed>().next().is_some());
    if expected || lost {
        return Ok(());
    }
    for position in step.before.positions.keys() {
        let (then, now) = (step.before.health(position), step.after.health(position));
        let (Some(then), Some(now)) = (then, now) else { continue };
        if !then.is_liquidatable() && now.is_liquidatable() {
            return Err(format!("{} made {position} liquidatable: {now:?}", verb.name()));
        }
    }
    Ok(())
}

pub(super) fn only_unhealthy_are_liquidated(step: &Step<'_>) -> Verdict {
    for event in liquidations(step) {
        let health = step.before.health(&event.position).ok_or("health overflows")?;
        if !health.is_liquidatable() {
            return Err(format!("{} was liquidated at {health:?}", event.position));
        }
    }
    Ok(())
}

/// `debt' ÷ collateral' ≤ debt ÷ collateral`, with one native unit of each side for rounding.
pub(super) fn liquidation_improves(step: &Step<'_>) -> Verdict {
    for event in liquidations(step) {
        let then = step.before.health(&event.position).ok_or("health overflows")?;
        let now = step.after.health(&event.position).ok_or("health overflows")?;
        if then.collateral < then.debt {
            continue;
        }
        let slack = unit(step, &event.collateral_reserve)?;
        let debt = now.debt.get().saturating_sub(unit(step, &event.debt_reserve)?);
        let after = (debt, then.collateral.get());
        if !product_at_most(after, (then.debt.get(), now.collateral.get() + slack)) {
            return Err(format!("{} went from {then:?} to {now:?}", event.position));
        }
    }
    Ok(())
}

/// A liquidator never pays for more than the protocol's terms: the payout is at most what was
/// repaid plus the bonus, and at least what was repaid unless the collateral ran out.
pub(super) fn liquidator_is_paid_in_terms(step: &Step<'_>) -> Verdict {
    for event in liquidations(step) {
        let debt = quote(step, &event.debt_reserve)?;
        let collateral = quote(step, &event.collateral_reserve)?;
        let payout = event.seized.minus(event.protocol_fee).map_err(|error| error.to_string())?;
        let config = step.before.reserves[&event.collateral_reserve].config;
        let most = value(debt, Amount(event.repaid.get()))?;
        let most = most + most / 10_000 * u128::from(config.liquidation_bonus_max.get()) + 10_000;
        let got = value(collateral, payout)?;
        if got > most {
            return Err(format!(
                "liquidator got {got} for {} repaid, at most {most}",
                event.repaid
            ));
        }
    }
    Ok(())
}

pub(super) fn prices_are_fresh_where_needed(step: &Step<'_>) -> Verdict {
    for event in liquidations(step) {
        is_fresh(step, &event.position, &event.debt_reserve)?;
        is_fresh(step, &event.position, &event.collateral_reserve)?;
    }
    for address in takers(step).into_iter().chain(absorbed(step)) {
        let Some(position) = step.before.positions.get(&address) else { continue };
        let after = &step.after.positions[&address];
        // Who owes nothing may leave whatever the oracle does.
        if !after.has_debt() && !position.has_debt() {
            continue;
        }
        for entry in after.used() {
            is_fresh(step, &address, &entry.reserve)?;
            is_sure(step, &address, &entry.reserve)?;
        }
    }
    Ok(())
}

/// The price was as certain, and as close to its average, as the reserve asks.
fn is_sure(step: &Step<'_>, position: &Address, reserve: &Address) -> Verdict {
    let reserve = &step.before.reserves[reserve];
    let (feed, config) = (&step.before.feeds[&reserve.feed], &reserve.config);
    let average = feed.ema_at(step.before.now_s).map_err(|error| error.to_string())?;
    let (price, average) = (feed.price.get(), average.get());
    let within = |part: u128, whole: u128, bps: u32| {
        product_at_most((part, 10_000), (whole, u128::from(bps)))
    };
    let apart = price.abs_diff(average);
    if !within(feed.confidence.get(), price, config.max_confidence.get())
        || !within(apart, price.max(average), config.max_divergence.get())
    {
        return Err(format!(
            "{position} was served with price {price} ± {} of {}, on average {average}",
            feed.confidence, reserve.feed
        ));
    }
    Ok(())
}

fn is_fresh(step: &Step<'_>, position: &Address, reserve: &Address) -> Verdict {
    let reserve = &step.before.reserves[reserve];
    let feed = &step.before.feeds[&reserve.feed];
    let age_s = step.before.now_s - feed.observed_at_s;
    if feed.price.is_zero() || age_s > i64::from(reserve.config.max_price_age_s) {
        return Err(format!(
            "{position} was served with price {} of {}, {age_s} s old",
            feed.price, reserve.feed
        ));
    }
    Ok(())
}

/// Positions that took value out and owe something afterwards.
fn takers(step: &Step<'_>) -> Vec<Address> {
    let Some(receipt) = step.outcome.success() else { return Vec::new() };
    let borrowed = receipt.events::<Borrowed>().map(|event| event.position);
    let withdrawn = receipt.events::<Withdrawn>().map(|event| event.position);
    let owing = |address: &Address| step.after.positions[address].has_debt();
    borrowed.chain(withdrawn).filter(owing).collect()
}

fn liquidations(step: &Step<'_>) -> Vec<Liquidated> {
    step.outcome.success().map(|receipt| receipt.events().collect()).unwrap_or_default()
}

fn absorbed(step: &Step<'_>) -> Vec<Address> {
    let events = |receipt: &cofferdam_ledger::Receipt| {
        receipt.events::<BadDebtAbsorbed>().map(|event| event.position).collect()
    };
    step.outcome.success().map(events).unwrap_or_default()
}

fn quote(step: &Step<'_>, reserve: &Address) -> Result<Quote, String> {
    step.before.any_age().quote(reserve).map_err(|error| error.to_string())
}

fn value(quote: Quote, amount: Amount) -> Result<u128, String> {
    quote.value_up(amount.fine()).map(|value| value.get()).map_err(|error| error.to_string())
}

/// Value of one native unit, rounded up.
fn unit(step: &Step<'_>, reserve: &Address) -> Result<u128, String> {
    value(quote(step, reserve)?, Amount(1))
}

/// Health for readers of a story.
impl crate::scene::Scene {
    /// Whether anybody can be liquidated.
    #[must_use]
    pub fn has_liquidatable(&self) -> bool {
        let mut healths = self.positions.keys().filter_map(|position| self.health(position));
        healths.any(Health::is_liquidatable)
    }
}
