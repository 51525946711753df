//! Health, and what a liquidation takes and gives.

use cofferdam_lending_interface::{
    LendingError,
    math::{
        close::{Target, health_repay_up, target_repay_up},
        health::{CollateralFactors, Health},
        liquidation::{
            BonusRange, Case, Plan, Terms, bonus_down, close_limit_up, plan, recoverable_down,
        },
        value::{Quote, discount_down, discount_up, share_of_value_down, share_of_value_up},
    },
    units::{Amount, Bps, FINE_PER_UNIT, Fine, Price, Value, WAD, Wad},
};
use num_bigint::BigUint;

use super::{
    bps,
    exact::{Got, Round, down, equal, exact, same, up},
    short,
};

pub(super) fn run([a, b, c, d, e, f]: [u128; 6]) {
    shares(a, bps(b), c);
    repayments([a, b], c % WAD, d % WAD);
    targets([a, b], [bps(c), bps(d), bps(e)], f % WAD);
    liquidation([a, b, c, d, e, f]);
}

fn shares(value: u128, ratio: u32, bonus: u128) {
    let (value, share) = (Value(value), u128::from(ratio));
    let of = |round| exact(&[value.get(), share], &[10_000], round);
    let got = |value: Got<Value>| value.map(Value::get);
    same("share_of_value_down", got(share_of_value_down(value, Bps(ratio))), &of(Round::Down));
    same("share_of_value_up", got(share_of_value_up(value, Bps(ratio))), &of(Round::Up));
    let all = WAD.checked_add(bonus).ok_or(LendingError::MathOverflow);
    let bare =
        |rounded: fn(u128, u128, u128) -> Got| all.and_then(|all| rounded(value.get(), WAD, all));
    equal("discount_down", &discount_down(value.get(), Wad(bonus)), &bare(down));
    equal("discount_up", &discount_up(value.get(), Wad(bonus)), &bare(up));
    let recovered = down(value.get(), 10_000, 10_000 + share).map(Value);
    equal("recoverable_down", &recoverable_down(value, Bps(ratio)), &recovered);
}

/// `(D − T·C) ÷ (1 − T·(1 + b))`: what is repaid restores the target, unless it is all.
fn repayments([debt, collateral]: [u128; 2], ltv: u128, bonus: u128) {
    let got = target_repay_up(Value(debt), Value(collateral), Wad(ltv), Wad(bonus));
    let repay = got.expect("the target is below one").get();
    let (wad, big) = (BigUint::from(WAD), BigUint::from);
    let excess = debt.checked_sub(down(collateral, ltv, WAD).expect("it fits"));
    let lost = up(ltv, WAD + bonus, WAD).expect("it fits");
    let truth = match (excess.filter(|excess| *excess > 0), WAD.checked_sub(lost)) {
        (None, _) => 0,
        // What no repayment restores, and what takes more than there is, is all.
        (_, None | Some(0)) => debt,
        (Some(excess), Some(divisor)) => up(excess, WAD, divisor).map_or(debt, |it| it.min(debt)),
    };
    equal("target_repay_up", &repay, &truth);
    if repay == debt {
        return;
    }
    let taken = big(repay) * (&wad + bonus);
    let left = big(debt - repay) * &wad * &wad;
    let allowed = big(ltv) * (big(collateral) * &wad);
    // D − x ≤ T·(C − (1 + b)·x), multiplied out; nothing is repaid at the target already.
    assert!(left + big(ltv) * taken <= allowed, "{repay} of {debt} do not restore {ltv}");
}

fn targets([debt, limit]: [u128; 2], [health, factor, threshold]: [u32; 3], bonus: u128) {
    let target = Target {
        health: Bps(health),
        borrow_factor: Bps(factor),
        threshold: Bps(threshold),
        bonus: Wad(bonus),
    };
    let got = health_repay_up(Value(debt), Value(limit), &target);
    equal("health_repay_up", &got, &restores(debt, limit, &target));
}

/// `(H·Dw − L) ÷ (H·bf − LT·(1 + b))`, every part rounded so that more is repaid.
fn restores(debt: u128, limit: u128, target: &Target) -> Got<Option<Value>> {
    let [health, threshold, factor] = [target.health, target.threshold, target.borrow_factor]
        .map(|ratio| u128::from(ratio.get()));
    let missing = up(debt, health, 10_000)?.saturating_sub(limit);
    if missing == 0 {
        return Ok(Some(Value::ZERO));
    }
    let gained = down(factor * (WAD / 10_000), health, 10_000)?;
    let lost = up(WAD + target.bonus.get(), threshold, 10_000)?;
    let divisor = gained.checked_sub(lost).filter(|divisor| *divisor > 0);
    Ok(divisor.and_then(|divisor| up(missing, WAD, divisor).ok()).map(Value))
}

/// A position of one collateral and one debt.
fn liquidation([a, b, c, d, e, f]: [u128; 6]) {
    let decimals = |number: u128| u8::try_from(number % 19).unwrap_or_default();
    let debt_quote = Quote { price: Price(c), decimals: decimals(e >> 64) };
    let collateral_quote = Quote { price: Price(d), decimals: decimals(f >> 64) };
    let (owed, held) = (Amount(short(a)), Amount(short(b)));
    let part = |number: u128, at: u32, below: u32| bps(number >> at) % below;
    let factors = CollateralFactors {
        collateral_factor: Bps(part(e, 0, 10_001)),
        liquidation_threshold: Bps(part(e, 14, 10_001)),
    };
    let borrow_factor = Bps(10_000 + part(e, 28, 20_000));
    let health = Health::default()
        .with_collateral(held.fine(), collateral_quote, factors)
        .and_then(|health| health.with_debt(owed.fine(), debt_quote, borrow_factor));
    equal(
        "health",
        &health,
        &stands((held, collateral_quote), factors, (owed, debt_quote), borrow_factor),
    );
    let Ok(health) = health else { return };
    let least = part(f, 0, 2_000);
    let terms = Terms {
        target_health: Bps(10_000 + part(f, 11, 5_000)),
        full_close_health: Bps(part(f, 24, 10_000)),
        borrow_factor,
        threshold: factors.liquidation_threshold,
        bonus: BonusRange {
            min: Bps(least),
            max: Bps(least + part(f, 38, 3_000)),
            insolvent: Bps(part(f, 50, 500)),
        },
        protocol_fee: Bps(part(e, 42, 10_001)),
        min_left: Value(b >> 64),
    };
    let repay_max = Amount(short(a >> 64).min(short(f)));
    check(&Case { health, owed, debt_quote, held, collateral_quote, terms, repay_max });
    check(&Case {
        health,
        owed,
        debt_quote,
        held,
        collateral_quote,
        terms,
        repay_max: Amount::MAX,
    });
}

fn stands(
    (held, collateral): (Amount, Quote),
    factors: CollateralFactors,
    (owed, debt): (Amount, Quote),
    borrow_factor: Bps,
) -> Got<Health> {
    let value = |tokens: Amount, quote: Quote, rounded: fn(u128, u128, u128) -> Got| {
        let one = 10_u128.pow(u32::from(quote.decimals)) * FINE_PER_UNIT;
        rounded(tokens.fine().get(), quote.price.get(), one)
    };
    let (holds, owes) = (value(held, collateral, down)?, value(owed, debt, up)?);
    let share = |ratio: Bps| down(holds, ratio.get().into(), 10_000).map(Value);
    Ok(Health {
        collateral: Value(holds),
        borrow_limit: share(factors.collateral_factor)?,
        liquidation_limit: share(factors.liquidation_threshold)?,
        debt: Value(owes),
        debt_weighted: Value(up(owes, borrow_factor.get().into(), 10_000)?),
    })
}

fn check(case: &Case) {
    let (health, terms) = (case.health, &case.terms);
    let (debt, limit) = (health.debt_weighted.get(), health.liquidation_limit.get());
    equal("is_liquidatable", &health.is_liquidatable(), &(debt > limit));
    let factor = if debt == 0 { Ok(None) } else { down(limit, WAD, debt).map(|hf| Some(Wad(hf))) };
    equal("factor_down", &health.factor_down(), &factor);
    let bonus = bonus_down(health, terms.bonus, terms.full_close_health);
    equal("bonus_down", &bonus, &pays(health, terms));
    let got = plan(case);
    if debt <= limit {
        return equal("plan", &got, &Err(LendingError::NotLiquidatable));
    }
    let done = match got {
        Ok(done) => done,
        Err(error) => {
            let known = [
                LendingError::AmountTooSmall,
                LendingError::MathOverflow,
                LendingError::PositionTooSmall,
            ];
            assert!(known.contains(&error), "{error} refuses a liquidation: {case:?}");
            return;
        }
    };
    let bonus = bonus.expect("a plan has one");
    equal("the bonus of a plan", &done.bonus, &bonus);
    fair(case, &done);
    fee(&done, terms.protocol_fee);
    dust(case, &done);
    if let Ok(most) = close_limit_up(case, bonus) {
        assert!(most <= case.owed, "{most:?} of {:?} may be repaid", case.owed);
    }
}

/// It grows with the overshoot, and never beyond what is held above the debt.
fn pays(health: Health, terms: &Terms) -> Got<Wad> {
    let wad = |ratio: Bps| u128::from(ratio.get()) * (WAD / 10_000);
    let range = terms.bonus;
    let (debt, collateral) = (health.debt.get(), health.collateral.get());
    if collateral < debt {
        return Ok(Wad(wad(range.insolvent)));
    }
    let (weighted, limit) = (health.debt_weighted.get(), health.liquidation_limit.get());
    let (short_by, span) = (weighted.saturating_sub(limit), WAD - wad(terms.full_close_health));
    let bonus = if short_by == 0 {
        wad(range.min)
    } else if down(short_by, WAD, weighted)? >= span {
        wad(range.max)
    } else {
        let slope = down(wad(range.max) - wad(range.min), WAD, span)?;
        wad(range.min) + down(slope, short_by, weighted)?
    };
    let room = down(collateral - debt, WAD, debt).unwrap_or(u128::MAX);
    Ok(Wad(if debt == 0 { bonus } else { bonus.min(room) }))
}

/// What is taken is worth at most what is repaid and the bonus; all of the collateral costs at
/// least its value before the bonus.
fn fair(case: &Case, done: &Plan) {
    assert!(done.repay <= case.owed, "{done:?} takes more than is owed: {case:?}");
    assert!(done.seize <= case.held, "{done:?} takes more than there is: {case:?}");
    assert!(done.repay <= case.repay_max, "{done:?} takes more than was offered: {case:?}");
    let scale = |quote: Quote| BigUint::from(10_u128.pow(u32::from(quote.decimals)));
    let (debt, collateral) = (case.debt_quote, case.collateral_quote);
    let paid = BigUint::from(done.repay.get()) * debt.price.get() * scale(collateral);
    let paid = paid * (WAD + done.bonus.get());
    let taken = BigUint::from(done.seize.get()) * collateral.price.get() * scale(debt) * WAD;
    assert!(taken <= paid, "{done:?} takes more than it pays for: {case:?}");
}

/// Rounded up, and at most the bonus: whoever liquidates gets back at least what was repaid.
fn fee(done: &Plan, share: Bps) {
    let seize = u128::from(done.seize.get());
    let principal = up(seize, WAD, WAD + done.bonus.get()).expect("it is less than the whole");
    let extra = seize - principal;
    let fee = up(extra, share.get().into(), 10_000).expect("it is less than the whole");
    let fee = u64::try_from(fee.max(1).min(extra)).expect("it is less than the whole");
    equal("protocol_fee", &done.protocol_fee, &Amount(fee));
    equal("payout", &done.payout(), &Ok(Amount(done.seize.get() - fee)));
}

/// Afterwards the debt is gone, or the collateral is, or enough is left of each.
fn dust(case: &Case, done: &Plan) {
    let (owes, holds) = (case.owed.get() - done.repay.get(), case.held.get() - done.seize.get());
    if owes == 0 || holds == 0 {
        return;
    }
    let debt = case.debt_quote.value_up(Fine(u128::from(owes) * FINE_PER_UNIT));
    let collateral = case.collateral_quote.value_down(Fine(u128::from(holds) * FINE_PER_UNIT));
    let least = case.terms.min_left;
    let enough = debt.is_ok_and(|debt| debt >= least) && collateral.is_ok_and(|left| left >= least);
    assert!(enough, "{done:?} leaves dust: {case:?}");
}
