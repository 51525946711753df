use super::{Check, Invariant, books, limits, loss, probe, risk, rules};

/// Declares an invariant in the order of the document's columns.
macro_rules! invariant {
    ($id:literal, $sentence:literal, $formula:literal, $tolerance:literal, $source:literal, $test:literal, $check:expr) => {
        Invariant {
            id: $id,
            sentence: $sentence,
            formula: $formula,
            tolerance: $tolerance,
            source: $source,
            test: $test,
            check: $check,
        }
    };
}

/// Everything that must hold, in the order in which it is checked. `docs/INVARIANTS.md` shows
/// this list, and a test compares the two.
pub const SPEC: &[Invariant] = &[
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
        "SOLV-1",
        "Cash, loans and deficit cover fees, insurance, what vests, and suppliers.",
        "fees + insurance + vesting ≤ cash + debt + flash loan + deficit; Σ claims ≤ the rest + 1; insurance cash ≤ insurance, cash",
        "one native unit for all suppliers together: the virtual share takes part in losses",
        "Kamino, Silo: liabilities within assets",
        "absorb_bad_debt::walks_the_waterfall",
        Check::Step(books::claims_are_covered)
    ),
    invariant!(
        "ACCR-1",
        "Index, accrual time and recorded losses never go back, and the index stands while time does.",
        "index′ ≥ index; accrued_at ≤ accrued_at′ ≤ now; index′ = index when no time passed",
        "exact",
        "Aave, Compound: monotone index",
        "repay::interest_is_continuous",
        Check::Step(books::accrual_is_monotone)
    ),
    invariant!(
        "ACCR-2",
        "A rate on target stays within its bounds once it is set, and stands while time does.",
        "0.1 % ≤ rate_at_target′ ≤ 200 %, or 0 as before; rate_at_target′ = rate_at_target when no time passed",
        "exact",
        "Morpho AdaptiveCurveIrm: rate at target within its bounds",
        "rates::the_rate_stands_still_while_time_does",
        Check::Step(books::rate_at_target_is_sane)
    ),
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
        "HEALTH-1",
        "Who borrows or withdraws with debt is within the borrow limit afterwards.",
        "debt′ ≤ Σ collateral′ × collateral factor",
        "exact",
        "all protocols",
        "borrow::refuses_beyond_the_limit",
        Check::Step(risk::within_limit_after_taking)
    ),
    invariant!(
        "HEALTH-2",
        "Nobody becomes liquidatable except by price, time, configuration or a recognised loss.",
        "debt ≤ limit ∧ verb ∉ {price, time, configuration, loss} ⇒ debt′ ≤ limit′",
        "exact",
        "Euler Finance, March 2023: donate made an account liquidatable",
        "prop::invariants_hold",
        Check::Step(risk::only_price_time_or_settings_endanger)
    ),
    invariant!(
        "LIQ-1",
        "Only positions whose debt exceeds their liquidation limit are liquidated.",
        "liquidated ⇒ debt > Σ collateral × liquidation threshold before",
        "exact",
        "all protocols",
        "liquidate::refuses_a_healthy_position",
        Check::Step(risk::only_unhealthy_are_liquidated)
    ),
    invariant!(
        "LIQ-2",
        "A liquidation does not raise the loan-to-value ratio while collateral covers the debt.",
        "collateral ≥ debt ⇒ debt′ · collateral ≤ debt · collateral′",
        "one native unit of debt and of collateral: amounts are whole units, shares round against the position",
        "Kamino bonus cap; toxic liquidation spirals",
        "liquidate::bonus_is_capped_by_the_surplus",
        Check::Step(risk::liquidation_improves)
    ),
    invariant!(
        "LIQ-3",
        "A liquidator receives at most what was repaid plus the bonus.",
        "value(payout) ≤ value(repaid) · (1 + bonus)",
        "10⁻¹⁴ dollars: the bonus is applied to the value in steps of a basis point",
        "Morpho Blue incentive factor",
        "liquidate::restores_the_target_and_pays_the_bonus",
        Check::Step(risk::liquidator_is_paid_in_terms)
    ),
    invariant!(
        "ORACLE-1",
        "Nobody with debt borrows, withdraws, is liquidated or written off at a price that is zero or too old.",
        "price > 0 ∧ now − observed ≤ max_price_age_s for every reserve the position uses; for a liquidation the two it moves between",
        "exact",
        "Kamino per-operation price flags; Compound without staleness check",
        "oracle::matrix",
        Check::Step(risk::prices_are_fresh_where_needed)
    ),
    invariant!(
        "MODE-1",
        "Nobody supplies, withdraws or borrows what the modes of pool and reserve forbid.",
        "mode = max(pool, reserve) before; mode ≤ the strictest that allows the operation",
        "exact",
        "Aave, marginfi and Kamino: operation by mode",
        "set_mode::the_table_holds_on_chain",
        Check::Step(limits::modes_hold)
    ),
    invariant!(
        "CAP-1",
        "A deposit leaves supply within its cap, a loan leaves debt and utilisation within theirs.",
        "supply′ ≤ supply cap; debt′ ≤ borrow cap; debt′ ÷ (debt′ + available′) ≤ max utilisation",
        "exact",
        "all protocols with caps",
        "limits::the_supply_cap_holds_deposits_only",
        Check::Step(limits::caps_hold)
    ),
    invariant!(
        "RAMP-1",
        "No transaction lowers a liquidation threshold at once.",
        "now′ = now ⇒ threshold′ ≥ threshold",
        "exact",
        "Euler Vault Kit: LTV ramps",
        "update_reserve::the_limit_falls_at_once_and_the_threshold_slowly",
        Check::Step(limits::thresholds_fall_slowly)
    ),
    invariant!(
        "ISO-1",
        "One action changes the accounts of one pool at most.",
        "|{pool of a : bytes(a) ≠ bytes′(a)}| ≤ 1 over pools, reserves, positions and vaults",
        "exact",
        "isolation; Sentiment v2 cross-pool leaks",
        "isolation::neighbour_stays_dry",
        Check::Step(rules::one_pool_at_a_time)
    ),
    invariant!(
        "AUTH-1",
        "Nobody loses tokens or supply or takes on debt without signing, except by liquidation or a settled loss.",
        "balance′ < balance ⇒ owner signed; supply′ < supply ⇒ owner signed, liquidated or forfeit with bad debt",
        "exact",
        "missing signer and owner checks: Solend, Crema, Cashio",
        "mallory::table",
        Check::Step(rules::nobody_loses_unasked)
    ),
    invariant!(
        "FAIL-1",
        "A transaction that failed changes nothing but the payer's fee.",
        "failed ⇒ state′ = state − fee",
        "exact",
        "atomicity of transactions",
        "mallory::table",
        Check::Step(rules::failure_costs_the_fee_only)
    ),
    invariant!(
        "TRIP-1",
        "No round trip at constant prices and time pays.",
        "withdraw(deposit(x)) ≤ x, at once and in parts; borrow then repay leaves at most what was there",
        "one-sided, exact",
        "rounding exploits: Hundred Finance, Balancer, zkLend",
        "prop::invariants_hold",
        Check::End(probe::no_round_trip_pays)
    ),
    invariant!(
        "LIVE-1",
        "Every debt can be repaid and then everybody can leave, whatever the oracle says, and reserves stay usable.",
        "repay(all) and withdraw(all) succeed for every position; supply stays defined",
        "exact",
        "frozen funds: Venus, marginfi bankruptcies",
        "absorb_bad_debt::suppliers_can_leave_after_a_loss",
        Check::End(probe::everybody_can_leave)
    ),
    invariant!(
        "REPLAY-1",
        "The journal of a run replays to the same state.",
        "root(replay(journal)) = root",
        "exact",
        "determinism",
        "replay::session_replays",
        Check::End(probe::replay_is_equal)
    ),
];

/// The list as the table of `docs/INVARIANTS.md`.
#[must_use]
pub fn table() -> String {
    let mut table = String::from(
        "| id | what must hold | formula | tolerance | source | test |\n|---|---|---|---|---|---|\n",
    );
    for Invariant { id, sentence, formula, tolerance, source, test, .. } in SPEC {
        let formula = formula.replace('|', "\\|");
        table +=
            &format!("| {id} | {sentence} | {formula} | {tolerance} | {source} | `{test}` |\n");
    }
    table
}
