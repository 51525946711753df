//! A liquidation from the offer to the proceeds.

use cofferdam_sdk::{
    Address, ClientError, Instruction, Keypair, Market, PositionView, Signer, human,
    instruction::{self as build, ReserveKeys},
    interface::{
        instruction::Liquidate,
        math::{health::Health, oracle::Valuation},
        plan::{self, LiquidationPlan},
        units::{Amount, Value},
    },
    token,
};
use rust_decimal::{Decimal, RoundingStrategy};

use super::{
    book::take_down,
    play::{Floor, Script},
    run::RunError,
    stage::{Stage, Token},
    tally::{Taking, micros_down},
    view::health,
};

/// A liquidation that somebody wants to do.
#[derive(Clone, Debug)]
pub(super) struct Deal {
    pub(super) pool: usize,
    /// Number of the position.
    pub(super) number: u32,
    pub(super) position: PositionView,
    pub(super) debt: (String, ReserveKeys),
    pub(super) collateral: (String, ReserveKeys),
    /// What the program will do.
    pub(super) plan: LiquidationPlan,
    /// Which of the stage's keepers does it.
    pub(super) keeper: usize,
    /// The most it repays: all that the keeper has rather than the amount of the plan, for exactly
    /// that amount reads as a wish for less, which must leave no dust.
    pub(super) repay_max: Amount,
    pub(super) collateral_min: Amount,
    /// Repaid in an instruction of its own before that, if anything is.
    pub(super) first: Option<Amount>,
    /// What it costs to be included, in millionths of a dollar.
    pub(super) fee: u128,
}

impl Deal {
    /// The instructions, in one transaction.
    pub(super) fn instructions(
        &self,
        stage: &Stage,
        market: &Market,
        position: &Address,
    ) -> Vec<Instruction> {
        let others = market.used_by(&self.position.state);
        let sides = (&self.debt.1, &self.collateral.1);
        let address = stage.keepers[self.keeper].pubkey();
        let liquidate = |repay_max, collateral_min| {
            let args = Liquidate { repay_max, collateral_min };
            build::liquidate(&address, position, sides, None, &others, args)
        };
        let first = self.first.map(|repay_max| liquidate(repay_max, Amount::ZERO));
        first.into_iter().chain([liquidate(self.repay_max, self.collateral_min)]).collect()
    }

    /// Liquidates on `market` as it stands, sells the collateral, and takes note. `false` when the
    /// program refused.
    pub(super) fn close(
        &self,
        script: Script<'_>,
        floor: &mut Floor,
        market: &Market,
    ) -> Result<bool, RunError> {
        let keeper = floor.stage.keepers[self.keeper].insecure_clone();
        let before = self.holdings(&floor.stage, &keeper);
        let position = take_down(&mut floor.stage, self.pool, self.number)?;
        let instructions = self.instructions(&floor.stage, market, &position);
        match floor.stage.desk.send(&[&keeper], instructions) {
            Ok(_) => {}
            Err(ClientError::Lending { .. } | ClientError::Submit(_)) => {
                floor.tally.refused(self.pool, self.fee);
                return Ok(false);
            }
            Err(error) => return Err(error.into()),
        }
        let after = self.holdings(&floor.stage, &keeper);
        let moved = |before: Amount, after: Amount| before.minus(after).map_err(RunError::Math);
        let (repaid, payout) = (moved(before.0, after.0)?, moved(after.1, before.1)?);
        let proceeds = sell(script, floor, &keeper, self, payout)?;
        let taking = self.taking(script, &floor.stage, market, (repaid, payout), proceeds)?;
        floor.tally.taken(self.pool, taking);
        let place = (self.pool, self.debt.1.reserve);
        floor.watch.liquidated((self.pool, self.number), place, market.now_s);
        // The program recognises what the collateral no longer covers in the same instruction.
        floor.touched(script.paths, self.pool, self.number)?;
        Ok(true)
    }

    fn holdings(&self, stage: &Stage, keeper: &Keypair) -> (Amount, Amount) {
        let held = |keys: &ReserveKeys| stage.desk.balance(keeper, &keys.mint);
        (held(&self.debt.1), held(&self.collateral.1))
    }

    /// What a liquidation that was just done came to.
    fn taking(
        &self,
        script: Script<'_>,
        stage: &Stage,
        market: &Market,
        (repaid, payout): (Amount, Amount),
        proceeds: u128,
    ) -> Result<Taking, RunError> {
        let before = health(market, &self.position);
        let now = stage.desk.client.market(&stage.pools[self.pool].address)?;
        let after = health(&now, &stage.pools[self.pool].book.read(stage, self.number)?);
        let bonus = self.bonus(market, repaid, payout);
        let repaid = value_down(script, stage, &self.debt.0, repaid)?;
        Ok(Taking {
            repaid,
            profit: signed(proceeds) - signed(repaid) - signed(self.fee),
            bonus,
            toxic: before.zip(after).is_some_and(|(before, after)| is_worse(before, after)),
        })
    }

    /// The bonus at the chain's prices, in millionths of a dollar, rounded down.
    fn bonus(&self, market: &Market, repaid: Amount, payout: Amount) -> u128 {
        const VALUE_PER_MICRO: u128 = 1_000_000_000_000;
        let quote =
            |keys: &ReserveKeys| plan::Market::prices(market, &keys.reserve, Valuation::Spot).ok();
        let value = || {
            let paid = quote(&self.debt.1)?.debt.value_down(repaid.fine()).ok()?;
            let got = quote(&self.collateral.1)?.collateral.value_down(payout.fine()).ok()?;
            got.minus(paid).ok()
        };
        value().map_or(0, |value| value.get() / VALUE_PER_MICRO)
    }
}

/// `amount` of `symbol` at the market's price of now, in millionths of a dollar, rounded down.
pub(super) fn value_down(
    script: Script<'_>,
    stage: &Stage,
    symbol: &str,
    amount: Amount,
) -> Result<u128, RunError> {
    let decimals = stage.token(symbol)?.decimals;
    Ok(micros_down(amount.fine(), decimals, script.paths[symbol].at(stage.desk.now_s())))
}

/// Price of `symbol` on the market, in dollars.
pub(super) fn price(script: Script<'_>, symbol: &str, now_s: i64) -> Decimal {
    script.paths.get(symbol).map_or(Decimal::ZERO, |path| path.at(now_s).usd())
}

/// Whether the loan-to-value ratio rose; what is left without debt has none.
fn is_worse(before: Health, after: Health) -> bool {
    // Billionths of a billionth are more than it takes, and would leave no room for a product.
    let short = |value: Value| value.get() / 1_000_000_000;
    if after.debt.is_zero() {
        return false;
    }
    match short(after.debt).checked_mul(short(before.collateral)) {
        Some(left) => short(before.debt)
            .checked_mul(short(after.collateral))
            .is_some_and(|right| left > right),
        None => after.collateral.is_zero(),
    }
}

pub(super) fn signed(micros: u128) -> i128 {
    i128::try_from(micros).unwrap_or(i128::MAX)
}

/// The keeper's collateral leaves to the market and the proceeds arrive in the debt's asset;
/// returns them in millionths of a dollar.
fn sell(
    script: Script<'_>,
    floor: &mut Floor,
    keeper: &Keypair,
    deal: &Deal,
    payout: Amount,
) -> Result<u128, RunError> {
    let Floor { stage, markets, .. } = floor;
    let now_s = stage.desk.now_s();
    let (sold, bought) = (stage.token(&deal.collateral.0)?, stage.token(&deal.debt.0)?);
    let value = value_down(script, stage, &deal.collateral.0, payout)?;
    let (symbol, other) = (&deal.collateral.0, &deal.debt.0);
    let proceeds = markets.sell(symbol, value, now_s);
    let amount = if markets.is_limited(symbol) {
        let price = u128::from(script.paths[other].at(now_s).0);
        let units = proceeds * 10_u128.pow(bought.decimals.into()) / price;
        Amount(u64::try_from(units).unwrap_or(u64::MAX))
    } else {
        let rate = price(script, symbol, now_s) / price(script, other, now_s);
        proceeds_down(payout, sold, bought, rate)?
    };
    let (treasury, address) = (stage.treasury.pubkey(), keeper.pubkey());
    let trade = [
        token::transfer(&sold.mint, &address, &treasury, payout),
        token::mint_to(&bought.mint, &address, &treasury, amount),
    ];
    let treasury = stage.treasury.insecure_clone();
    let _receipt = stage.desk.send(&[&treasury, keeper], trade)?;
    Ok(proceeds)
}

/// Native units of `bought` for `amount` of `sold` at `rate`, rounded down.
fn proceeds_down(
    amount: Amount,
    sold: Token,
    bought: Token,
    rate: Decimal,
) -> Result<Amount, RunError> {
    let tokens = human::tokens(amount, sold.decimals) * rate;
    let places = u32::from(bought.decimals);
    let tokens = tokens.round_dp_with_strategy(places, RoundingStrategy::ToZero);
    Ok(human::amount("proceeds", tokens, bought.decimals)?)
}
