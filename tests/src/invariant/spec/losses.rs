//! What must hold: losses, claims, and leaving.

use super::invariant;
use crate::invariant::{Check, Invariant, books, leave, loss, uncovered};

pub(super) const LIST: &[Invariant] = &[
    invariant!(
        "LOSS-1",
        "Fees, insurance, suppliers and deficit together are exactly the loss recognised, in the event and in the books.",
        "fees + insurance + suppliers + deficit = recognised = debt − debt′, each its claim − claim′",
        "exact, in 10⁻⁹ native units",
        "attribution of every unit; losses that vanished in Fluid and Venus accounting",
        "absorb_bad_debt::walks_the_waterfall",
        Check::Step(loss::payers_add_up)
    ),
    invariant!(
        "LOSS-2",
        "Who pays, and in which order, is what the reserve's policy says.",
        "of the default: by fees = min(loss, fees); by insurance = min(rest, insurance); by suppliers the rest",
        "exact",
        "Blend and Aave backstop order",
        "absorb_bad_debt::fees_pay_before_insurance",
        Check::Step(loss::waterfall_in_order)
    ),
    invariant!(
        "LOSS-3",
        "Only debt that collateral does not recover is written off.",
        "absorbed ⇒ debt > Σ collateral ÷ (1 + bonus) before",
        "exact; within a liquidation one native unit of each asset of the position",
        "Sentiment v2 reviews: shortfall booked larger than it was",
        "absorb_bad_debt::refuses_without_bad_debt",
        Check::Step(loss::only_bad_debt_is_written_off)
    ),
    invariant!(
        "LOSS-4",
        "A loss is cut from all debts of a position in proportion.",
        "shares cut ÷ shares owed is the same in every reserve",
        "one share: each cut is rounded down by itself",
        "nobody chooses which pool loses: Venus, Compound",
        "absorb_bad_debt::walks_the_waterfall",
        Check::Step(loss::losses_are_proportional)
    ),
    invariant!(
        "LOSS-5",
        "Collateral is forfeit only with a loss, where it is dust or has had no price for a week, and goes to its fund at its value.",
        "forfeit ⇒ loss ∧ (Σ collateral < min position ∨ silent > 7 days) ∧ amount = claim(shares)",
        "one dollar on the sum, valued at face value where the program counts doubt",
        "seizure without a price: Euler; dust that keeps a loss off the books",
        "forfeit::dust_goes_to_the_insurance_of_its_reserve",
        Check::Step(loss::only_dust_is_forfeit)
    ),
    invariant!(
        "LOSS-6",
        "A reserve whose suppliers lost everything is closed, and what is closed stays closed.",
        "share price < 10⁻⁶ ⇒ killed; killed ⇒ killed′",
        "exact",
        "zero-share resets: Compound forks, Hundred Finance",
        "absorb_bad_debt::a_wiped_out_reserve_takes_no_supply",
        Check::Step(loss::killed_is_for_good)
    ),
    invariant!(
        "LOSS-7",
        "What the last collateral does not pay is recognised in the same liquidation.",
        "liquidated ∧ Σ supply′ = 0 ∧ debt′ > 0 ∧ its prices stand ⇒ recognised",
        "exact; debts of which a cut would take no share are excepted",
        "who is first leaves at full price: bad debt on nobody's books",
        "liquidate::what_the_last_collateral_does_not_pay_is_recognised",
        Check::Step(uncovered::no_debt_is_left_alone)
    ),
    invariant!(
        "CLAIM-1",
        "What was written off and not repaid is still claimed, from the positions that owed it.",
        "Σ position.claim = losses.recognised − recovered.recognised",
        "exact",
        "write-offs that let a borrower walk away with the collateral",
        "absorb_bad_debt::borrower_cannot_walk_away",
        Check::Step(loss::claims_are_what_was_lost)
    ),
    invariant!(
        "CLAIM-2",
        "A repaid claim goes back to the deficit first, then suppliers, then insurance, then fees.",
        "to deficit = min(back, deficit); to suppliers = min(rest, lost − recovered); to insurance = min(rest, its own); to fees the rest",
        "exact",
        "reverse of LOSS-2",
        "absorb_bad_debt::claim_flows_back",
        Check::Step(loss::recovery_in_reverse_order)
    ),
    invariant!(
        "DEFICIT-1",
        "A deficit is what was booked as one, less what came back and what was covered.",
        "deficit = losses.deficit − recovered.deficit − covered",
        "exact",
        "Aave: deficit changes through recognised functions only",
        "cover_deficit::moves_tokens_and_nothing_else",
        Check::Step(books::deficit_is_accounted_for)
    ),
    invariant!(
        "STAKE-1",
        "The stakes of an insurance fund's epoch are its staked shares, within all its shares.",
        "Σ stake.shares = insurance_staked ≤ insurance_shares; cooling ≤ shares",
        "exact",
        "sum of shares, as for supply",
        "insurance::stake_moves_tokens_and_shares",
        Check::Step(books::stakes_add_up)
    ),
    invariant!(
        "STAKE-2",
        "A stake leaves after its cooldown, within the window after that.",
        "unstaked ≤ cooling; 0 ≤ now − cooling_from − 10 days ≤ 2 days",
        "exact",
        "Aave safety module, Umbrella: cooldown",
        "insurance::leaves_within_the_window_only",
        Check::Step(leave::stakes_cool_down)
    ),
    invariant!(
        "NOTICE-1",
        "From a pool that asks for notice leaves what was announced, once the notice has run.",
        "withdrawn ≤ noticed; 0 ≤ now − noticed_at − notice ≤ 1 day",
        "exact",
        "runs ahead of a loss: Maple, Euler",
        "give_notice::supply_leaves_within_its_window_only",
        Check::Step(leave::withdrawals_are_announced)
    ),
    invariant!(
        "OUT-1",
        "Within an hour and a day no more leaves than the limits say, net of what came in, and nothing else uses them up.",
        "used + out ≤ limit; used′ = used + loans + withdrawals − deposits − repayments",
        "exact",
        "Kamino withdrawal caps; Blend drained in one transaction",
        "limits::an_hour_lets_out_what_its_limit_says",
        Check::Step(leave::outflow_is_limited)
    ),
];
