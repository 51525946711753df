//! What must hold: what is held, owned and owed, and what interest does to it.

use super::invariant;
use crate::invariant::{Check, Invariant, accrual, books, gain, leave};

pub(super) const LIST: &[Invariant] = &[
    invariant!(
        "CONS-1",
        "A vault holds exactly what its reserve has booked, plus what was sent to it past the program.",
        "vault = cash + donations",
        "exact",
        "Kamino post-transfer checks; Morpho Blue internal balances",
        "deposit::moves_tokens_and_shares",
        Check::Step(books::vault_is_booked)
    ),
    invariant!(
        "CONS-2",
        "The program neither makes nor destroys tokens.",
        "Σ token accounts of a mint = its supply, and the supply is constant",
        "exact",
        "SPL Token rules",
        "prop::invariants_hold",
        Check::Step(books::tokens_are_conserved)
    ),
    invariant!(
        "SHARE-1",
        "The supply shares of all positions are the reserve's total.",
        "Σ position.supply = reserve.supply_shares",
        "exact",
        "Morpho Blue, Euler Vault Kit: sum of shares",
        "deposit::moves_tokens_and_shares",
        Check::Step(books::supply_shares_add_up)
    ),
    invariant!(
        "SHARE-2",
        "The debt shares of all positions are the reserve's total.",
        "Σ position.debt = reserve.debt_shares",
        "exact",
        "Morpho Blue, Euler Vault Kit: sum of shares",
        "borrow::moves_tokens_and_debt",
        Check::Step(books::debt_shares_add_up)
    ),
    invariant!(
        "SHARE-3",
        "Shares for a deposit or a stake are worth at most what was paid, shares for leaving at least what was taken.",
        "shares · (assets + 1) ≤ paid · (all shares + 10⁶); taken · (all shares + 10⁶) ≤ shares · (assets + 1)",
        "one-sided, exact, by cross-multiplication",
        "rounding exploits: Hundred Finance, zkLend, Balancer 2025",
        "deposit::moves_tokens_and_shares",
        Check::Step(gain::shares_round_for_the_reserve)
    ),
    invariant!(
        "SHARE-4",
        "A loan owes at least what was lent, a repayment clears at most what was paid.",
        "lent · 10²⁷ ≤ shares · index; cleared shares · index ≤ paid · 10²⁷",
        "one-sided, exact",
        "rounding exploits, as for SHARE-3",
        "borrow::moves_tokens_and_debt",
        Check::Step(gain::debt_rounds_for_the_reserve)
    ),
    invariant!(
        "SHARE-5",
        "Nobody pays for nothing: a deposit, a stake and a loan are in shares.",
        "deposited ∨ staked ∨ lent ⇒ shares > 0",
        "exact",
        "the first depositor's victims: deposits that round to no share",
        "deposit::refusals",
        Check::Always(gain::nothing_is_booked_for_nothing)
    ),
    invariant!(
        "PRICE-1",
        "The price of a supply share falls by an attributed loss only.",
        "(assets′ + loss + 1) · (shares + 10⁶) ≥ (assets + 1) · (shares′ + 10⁶), one in native units",
        "one-sided, exact: the fraction is compared by cross-multiplication",
        "Euler Vault Kit exchange rate; Aave liquidity index",
        "absorb_bad_debt::walks_the_waterfall",
        Check::Step(books::share_price_falls_by_loss_only)
    ),
    invariant!(
        "PRICE-2",
        "A donation to a vault changes no reserve's books.",
        "donation ⇒ reserves′ = reserves",
        "exact",
        "inflation attacks on vaults that read their own balance",
        "deposit::donation_moves_no_share_price",
        Check::Step(books::donation_changes_no_books)
    ),
    invariant!(
        "PRICE-3",
        "The price of an insurance fund's share falls by an attributed loss only.",
        "no loss to the fund ⇒ (fund′ + 1) · (shares + 10⁶) ≥ (fund + 1) · (shares′ + 10⁶)",
        "one-sided, exact",
        "ERC-4626 staking funds; Umbrella, Blend backstop",
        "insurance::stake_moves_tokens_and_shares",
        Check::Step(leave::fund_price_falls_by_loss_only)
    ),
    invariant!(
        "GAIN-1",
        "At constant prices all people together gain, in each asset, at most what fees, insurance, deficit and what vests bore for them.",
        "Δ(wallets + claims + stakes − debts) ≤ Σ (recognised − by suppliers) + vesting that a loss took + fees collected",
        "four 10⁻⁹ units a reserve for rounding; after a loss what the virtual shares stand for",
        "no coalition of users takes value out of a protocol at constant prices: Euler, Cream, Platypus",
        "prop::invariants_hold",
        Check::Step(gain::nobody_gains_what_nobody_gave)
    ),
    invariant!(
        "GAIN-2",
        "Time gives all people together nothing but what vests for them.",
        "Δ(claims + stakes − debts) by interest ≤ vesting − vesting′",
        "four 10⁻⁹ units a reserve, for rounding",
        "interest made of nothing: Blend, Iron Bank; no coalition gains by waiting",
        "repay::interest_is_continuous",
        Check::Step(gain::time_gives_nothing)
    ),
    invariant!(
        "SOLV-1",
        "Cash, loans and deficit cover fees, insurance, what vests, and suppliers.",
        "fees + insurance + vesting ≤ cash + debt + flash loan + deficit; Σ claims ≤ the rest + 1; insurance cash ≤ insurance, cash",
        "one native unit for all suppliers together: the virtual share takes part in losses",
        "Kamino, Silo: liabilities within assets",
        "absorb_bad_debt::walks_the_waterfall",
        Check::Step(books::claims_are_covered)
    ),
    invariant!(
        "SOLV-2",
        "Cash that leaves by loan, withdrawal, flash loan or as fees is cash that was not paid into the insurance fund.",
        "amount ≤ cash − min(cash, insurance cash) before",
        "exact",
        "insurance that was lent out: Iron Bank, Blend",
        "borrow::insurance_is_never_lent",
        Check::Step(books::fund_is_not_lent)
    ),
    invariant!(
        "FLASH-1",
        "A flash loan does not outlive its transaction, and costs its fee, rounded up.",
        "flash loan′ = 0; fee = ⌈amount · fee_bps ÷ 10⁴⌉",
        "exact",
        "transient flags; flash loans left open: Euler, Platypus",
        "flash::costs_the_fee_and_nothing_else",
        Check::Always(books::no_flash_loan_is_left)
    ),
    invariant!(
        "ACCR-1",
        "Index, accrual time and recorded losses never go back, and the index stands while time does.",
        "index′ ≥ index; accrued_at ≤ accrued_at′ ≤ now; index′ = index when no time passed",
        "exact",
        "Aave, Compound: monotone index",
        "repay::interest_is_continuous",
        Check::Step(accrual::accrual_is_monotone)
    ),
    invariant!(
        "ACCR-2",
        "A rate on target stays within its bounds once it is set, and stands while time does.",
        "0.1 % ≤ rate_at_target′ ≤ 200 %, or 0 as before; rate_at_target′ = rate_at_target when no time passed",
        "exact",
        "Morpho AdaptiveCurveIrm: rate at target within its bounds",
        "rates::the_rate_stands_still_while_time_does",
        Check::Step(accrual::rate_at_target_is_sane)
    ),
    invariant!(
        "ACCR-3",
        "Of interest the protocol takes its factor, a deficit first; the rest is the suppliers'.",
        "fees + insurance + covered = ⌊(debt′ − debt) · reserve_factor⌋; covered = min(that, deficit)",
        "exact",
        "Aave, Compound: reserve factor",
        "insurance::a_stake_earns_interest",
        Check::Step(accrual::interest_is_shared)
    ),
    invariant!(
        "ACCR-4",
        "The index grows by the reserve's own rate, compounded.",
        "1 + x ≤ index′ ÷ index ≤ 1 + x + x², x = rate · time, for x ≤ 1; 1 + x ≤ index′ ÷ index beyond",
        "the bounds of eˣ; 10⁻²⁴ for the program's exponential, 2·10⁻²⁷ for rates rounded down; for the adaptive curve its extreme rates",
        "Compound and Aave accrual; Blend: interest without time",
        "repay::interest_is_continuous",
        Check::Step(accrual::index_grows_by_the_rate)
    ),
    invariant!(
        "VEST-1",
        "What came back to suppliers counts evenly over time, and not at once.",
        "vesting′ = ⌈vesting · left′ ÷ left⌉ by time; end ≤ now + 7 days; rises by recoveries only",
        "exact",
        "just-in-time deposits before a recovery: Yearn, Euler",
        "absorb_bad_debt::claim_flows_back",
        Check::Step(accrual::vesting_is_even)
    ),
];
