//! Repays a liquidatable position's debt for its collateral and a bonus.

use alloc::vec::Vec;
use core::iter;

use cofferdam_host::{Address, Host, ProgramError, ProgramResult, Shown};
use cofferdam_lending_interface::{
    LendingError,
    event::Liquidated,
    instruction::{Liquidate, LiquidateAccounts},
    math::oracle::Valuation,
    plan::{self, LiquidationOrder, LiquidationPlan, Sides},
    state::{PoolHead, Position},
    units::Amount,
    zoo,
};

use super::emit;
use crate::{
    load::{Book, Loaded, Pair, Seen, now_s, pool, position, position_of, signer},
    refuse::{planned, refuse, require},
    token::{TokenSlots, pull, push},
};

const SLOTS: LiquidateAccounts<usize> = LiquidateAccounts::SLOTS;
const DEBT: Pair = Pair { reserve: SLOTS.debt_reserve, feed: SLOTS.debt_feed };
const COLLATERAL: Pair = Pair { reserve: SLOTS.collateral_reserve, feed: SLOTS.collateral_feed };
const DEBT_TOKENS: TokenSlots =
    TokenSlots { vault: SLOTS.debt_vault, outside: SLOTS.source, program: SLOTS.token_program };
const COLLATERAL_TOKENS: TokenSlots = TokenSlots {
    vault: SLOTS.collateral_vault,
    outside: SLOTS.destination,
    program: SLOTS.token_program,
};

struct Context {
    pool: Seen<PoolHead>,
    liquidator: Address,
    sides: Sides,
    book: Book,
    position: Loaded<Position>,
    /// Where the liquidator takes supply shares, if anywhere.
    receiver: Option<Loaded<Position>>,
}

impl Context {
    /// The positions whose shares move.
    fn touched(&self) -> Vec<&Position> {
        let receiver = self.receiver.iter().map(|receiver| &*receiver.state);
        iter::once(&*self.position.state).chain(receiver).collect()
    }
}

pub(crate) fn process<H: Host>(host: &mut H, args: &Liquidate) -> ProgramResult {
    let mut cx = load(host)?;
    cx.book.require_price(host, &cx.sides.debt, Valuation::Spot)?;
    cx.book.require_price(host, &cx.sides.collateral, Valuation::Spot)?;
    let untouched = cx.book.others(&cx.touched());
    let plan = plan(host, &cx, args.repay_max)?;
    require_past_grace(host, &cx)?;
    require!(
        host,
        plan.payout >= args.collateral_min,
        SlippageExceeded,
        "pays {} of collateral, asked for at least {}",
        plan.payout,
        args.collateral_min
    );

    apply(host, &mut cx, &plan)?;
    zoo!(LiquidatorUnchecked => {
        let repaid = (cx.sides.debt, plan.repay);
        crate::zoo::take_over(host, &mut cx.book, cx.receiver.as_mut(), repaid)?;
    });
    cx.book.loaded(&cx.sides.debt)?.store(host)?;
    cx.book.loaded(&cx.sides.collateral)?.store(host)?;

    emit(host, &event(&cx, &plan))?;
    let dust = cx.pool.state.config.min_position_value;
    zoo!(
        super::absorb_bad_debt::recognise(host, &mut cx.book, &mut cx.position, dust)?;
        FirstOut => (),
    );
    zoo!(
        cx.book.require_others(host, &cx.touched(), &untouched?)?;
        DuplicateMutAccounts => (), AbsorbKeepsDebt => (),
    );
    cx.position.store(host)?;
    zoo!(DuplicateMutAccounts => crate::zoo::store_receiver(host, cx.receiver.as_ref(), &plan)?);
    let debt = cx.book.loaded(&cx.sides.debt)?;
    let repaid = plan.repay.amount;
    let due = zoo!(repaid; LiquidatorUnchecked => crate::zoo::due(cx.receiver.as_ref(), repaid));
    pull(host, debt, DEBT_TOKENS, cx.liquidator, due)?;
    let collateral = cx.book.loaded(&cx.sides.collateral)?;
    let tokens = if plan.pays_shares() { Amount::ZERO } else { plan.payout };
    push(host, collateral, COLLATERAL_TOKENS, tokens)
}

fn load<H: Host>(host: &mut H) -> Result<Context, ProgramError> {
    let liquidator = signer(host, SLOTS.liquidator)?;
    let pool = pool(host, SLOTS.pool)?;
    let position = position(host, SLOTS.position, &pool.address)?;
    let receiver = receiver(host, &pool.address, &position.address)?;
    let pairs = [DEBT, COLLATERAL];
    let book = zoo!(
        Book::load(host, &pool.address, &pairs, LiquidateAccounts::COUNT)?;
        LiqSkipsAccrue => crate::zoo::load_stale(host, &pool.address, &pairs)?,
    );
    let sides = Sides { debt: book.fixed(0)?, collateral: book.fixed(1)? };
    book.loaded(&sides.debt)?.require_writable(host)?;
    book.loaded(&sides.collateral)?.require_writable(host)?;
    Ok(Context { pool, liquidator, sides, book, position, receiver })
}

/// The liquidator's position; none when the liquidated one stands in its place, which could not
/// be written twice. Checked whether or not it will be needed: an instruction's accounts are right
/// or wrong, whatever the vault holds at the moment.
fn receiver<H: Host>(
    host: &mut H,
    pool: &Address,
    liquidated: &Address,
) -> Result<Option<Loaded<Position>>, ProgramError> {
    if host.account(SLOTS.receiver)?.address == liquidated {
        zoo!(DuplicateMutAccounts => return position(host, SLOTS.receiver, pool).map(Some));
        return Ok(None);
    }
    position_of(host, SLOTS.receiver, pool, SLOTS.liquidator).map(Some)
}

fn plan<H: Host>(
    host: &mut H,
    cx: &Context,
    repay_max: Amount,
) -> Result<LiquidationPlan, ProgramError> {
    let min_left = cx.pool.state.config.min_position_value;
    let order = LiquidationOrder { sides: cx.sides, repay_max, min_left };
    let plan = plan::liquidate(&cx.position.state, &cx.book, order);
    if plan == Err(LendingError::WrongCollateralOrder) {
        let first = plan::collateral_before(&cx.position.state, &cx.book, order)?;
        host.log(format_args!("reserve {} comes first", Shown(&first.unwrap_or_default())));
    }
    let detail =
        format_args!("liquidation of {} for at most {repay_max}", Shown(&cx.position.address));
    planned(host, plan, detail)
}

fn require_past_grace<H: Host>(host: &mut H, cx: &Context) -> ProgramResult {
    let (now_s, until_s) = (now_s(host)?, cx.pool.state.grace_until_s);
    let position = &cx.position.state;
    let past = plan::require_past_grace(&cx.pool.state, position, &cx.book, cx.sides, now_s);
    planned(host, past, format_args!("grace until {until_s}, now {now_s}"))
}

fn apply<H: Host>(host: &mut H, cx: &mut Context, plan: &LiquidationPlan) -> ProgramResult {
    let position = &mut cx.position.state;
    let mut owing = position.entry(&cx.sides.debt);
    plan.apply_debt(&mut cx.book.reserve_mut(&cx.sides.debt)?.state, &mut owing)?;
    position.set(owing)?;
    let mut holding = position.entry(&cx.sides.collateral);
    plan.apply_collateral(&mut cx.book.reserve_mut(&cx.sides.collateral)?.state, &mut holding)?;
    position.set(holding)?;
    if plan.pays_shares() { receive(host, cx, plan) } else { Ok(()) }
}

/// Hands the payout over in shares. The receiver may not owe the same reserve, which no position
/// may; that is its owner's to avoid.
fn receive<H: Host>(host: &mut H, cx: &mut Context, plan: &LiquidationPlan) -> ProgramResult {
    let available = cx.book.loaded(&cx.sides.collateral)?.state.available()?;
    let Some(receiver) = &mut cx.receiver else {
        let detail = format_args!(
            "payout {}, available {available}; name a position of the liquidator's to be paid in \
             shares",
            plan.payout
        );
        return Err(refuse(host, LendingError::InsufficientCash, detail));
    };
    let mut entry = receiver.state.entry(&cx.sides.collateral);
    plan.apply_receiver(&mut entry)?;
    let detail = format_args!("receiver {}", Shown(&receiver.address));
    planned(host, receiver.state.set(entry), detail)?;
    receiver.store(host)
}

fn event(cx: &Context, plan: &LiquidationPlan) -> Liquidated {
    Liquidated {
        position: cx.position.address,
        liquidator: cx.liquidator,
        debt_reserve: cx.sides.debt,
        collateral_reserve: cx.sides.collateral,
        repaid: plan.repay.amount,
        seized: plan.seize.amount,
        protocol_fee: plan.protocol_fee,
        bonus: plan.bonus,
        shares_out: plan.shares_out,
    }
}
