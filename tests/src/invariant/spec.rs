use super::{
    Check, Invariant, accrual, beat, books, feed, gain, govern, leave, limits, liquidation, loss,
    probe, risk, rules,
};

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
        "At constant prices all people together gain, in each asset, at most what fees, insurance and deficit bore for them.",
        "Δ(wallets + claims + stakes − debts) ≤ Σ (recognised − by suppliers) + fees collected",
        "four 10⁻⁹ units a reserve for rounding; after a loss what the virtual shares stand for",
        "no coalition of users takes value out of a protocol at constant prices: Euler, Cream, Platypus",
        "prop::invariants_hold",
        Check::Step(gain::nobody_gains_what_nobody_gave)
    ),
    invariant!(
        "SOLV-1",
        "Cash, loans and deficit cover fees, insurance, what vests, and suppliers.",
        "fees + insurance + vesting ≤ cash + debt + flash loan + deficit; Σ claims ≤ the rest + 1",
        "one native unit for all suppliers together: the virtual share takes part in losses",
        "Kamino, Silo: liabilities within assets",
        "absorb_bad_debt::walks_the_waterfall",
        Check::Step(books::claims_are_covered)
    ),
    invariant!(
        "SOLV-2",
        "Cash that leaves by loan, withdrawal, flash loan or as fees is cash the insurance fund has no claim on.",
        "amount ≤ cash − min(cash, insurance) before",
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
        Check::Step(books::no_flash_loan_is_left)
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
        "debt ≤ limit ∧ event ∉ {price, parameter, mode, loss} ⇒ debt′ ≤ limit′, event by event",
        "exact",
        "Euler Finance, March 2023: donate made an account liquidatable",
        "prop::invariants_hold",
        Check::Step(risk::only_price_time_or_settings_endanger)
    ),
    invariant!(
        "HEALTH-3",
        "Nobody who stands below liquidation after it takes anything out.",
        "taken ⇒ debt′ ≤ Σ collateral′ × threshold",
        "exact",
        "all protocols",
        "borrow::refuses_beyond_the_limit",
        Check::Step(risk::the_unhealthy_take_nothing)
    ),
    invariant!(
        "DUST-1",
        "A loan or a withdrawal leaves no debt below the pool's least.",
        "taken ∧ debt′ > 0 ⇒ value(debt′) ≥ min_position_value",
        "exact",
        "Aave and marginfi bad debt of dust positions",
        "limits::nobody_is_left_with_a_debt_too_small_to_liquidate",
        Check::Step(risk::no_dust_after_taking)
    ),
    invariant!(
        "CLAIM-3",
        "Who still owes what was written off takes nothing out.",
        "taken ⇒ Σ claim = 0 before",
        "exact",
        "write-offs that let a borrower walk away",
        "absorb_bad_debt::borrower_cannot_walk_away",
        Check::Step(risk::no_claim_when_taking)
    ),
    invariant!(
        "ENTRY-1",
        "A position never supplies and owes one asset, uses a reserve once, and reserves of its own pool only.",
        "¬(supply > 0 ∧ (debt > 0 ∨ claim > 0)); reserve.pool = position.pool; noticed ≤ supply",
        "exact",
        "self-collateral loops: Solend, Mango; foreign collateral: Cashio",
        "borrow::refusals",
        Check::Step(limits::positions_are_one_sided)
    ),
    invariant!(
        "LIQ-1",
        "Only positions whose debt exceeds their liquidation limit are liquidated.",
        "liquidated ⇒ debt > Σ collateral × liquidation threshold before",
        "exact",
        "all protocols",
        "liquidate::refuses_a_healthy_position",
        Check::Step(liquidation::only_unhealthy_are_liquidated)
    ),
    invariant!(
        "LIQ-2",
        "A liquidation does not raise the loan-to-value ratio while collateral covers the debt.",
        "collateral ≥ debt ⇒ debt′ · collateral ≤ debt · collateral′",
        "one native unit of debt and of collateral: amounts are whole units, shares round against the position",
        "Kamino bonus cap; toxic liquidation spirals",
        "liquidate::bonus_is_capped_by_the_surplus",
        Check::Step(liquidation::liquidation_improves)
    ),
    invariant!(
        "LIQ-3",
        "A liquidator receives at most what was repaid plus the bonus.",
        "value(payout) ≤ value(repaid) · (1 + bonus)",
        "10⁻¹⁴ dollars: the bonus is applied to the value in steps of a basis point",
        "Morpho Blue incentive factor",
        "liquidate::restores_the_target_and_pays_the_bonus",
        Check::Step(liquidation::liquidator_is_paid_in_terms)
    ),
    invariant!(
        "LIQ-4",
        "A partial close stops at the target health.",
        "not near insolvency, not small, less than 90 % repaid ⇒ limit′ ≤ target · debt′",
        "twice a unit of debt and of collateral, for amounts are whole units",
        "Kamino, Aave close factors: collateral lost to an unlucky minute",
        "liquidate::restores_the_target_and_pays_the_bonus",
        Check::Step(liquidation::close_stops_at_the_target)
    ),
    invariant!(
        "LIQ-5",
        "The collateral that counts for least goes first.",
        "no other collateral with a price, worth a liquidation, has a lower threshold",
        "exact",
        "Kamino collateral order: the best collateral cherry-picked",
        "liquidation_rules::the_lowest_threshold_goes_first",
        Check::Step(liquidation::weakest_collateral_goes_first)
    ),
    invariant!(
        "LIQ-6",
        "A liquidation leaves nothing too small to be liquidated.",
        "debt′ = 0 ∨ collateral′ = 0 ∨ both ≥ min_position_value",
        "one native unit of each",
        "Aave v3.3 dust rule",
        "liquidation_rules::no_dust_of_debt_is_left",
        Check::Step(liquidation::no_dust_after_liquidation)
    ),
    invariant!(
        "LIQ-7",
        "The protocol takes its share of the bonus, rounded up, and no more than the bonus.",
        "fee = min(bonus, max(1, ⌈bonus · share⌉)), bonus = seized − ⌈seized ÷ (1 + b)⌉",
        "exact",
        "Aave liquidation protocol fee; principal taken as fee in forks",
        "liquidate::restores_the_target_and_pays_the_bonus",
        Check::Step(liquidation::protocol_takes_its_share)
    ),
    invariant!(
        "LIQ-8",
        "A liquidation clears at most the debt it repays and pays at most the collateral it takes.",
        "debt − debt′ ≤ repaid; payout ≤ collateral − collateral′",
        "one 10⁻⁹ unit of debt, one native unit of collateral",
        "rounding exploits, as for SHARE-3",
        "liquidate::restores_the_target_and_pays_the_bonus",
        Check::Step(liquidation::liquidation_rounds_for_the_reserve)
    ),
    invariant!(
        "GRACE-1",
        "In the grace after a thaw only positions at the full-close level are liquidated.",
        "now < grace_until ⇒ health ≤ full_close_health",
        "exact",
        "liquidations right after an unpause: Aave sentinel, Compound",
        "set_mode::the_grace_after_a_thaw_spares_who_can_still_be_saved",
        Check::Step(liquidation::grace_is_kept)
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
        "FEED-1",
        "The price is the median of the quotes that count, so that a minority moves it nowhere outside what the others say.",
        "quorum ⇒ price = median; otherwise price′ ∈ {price, 0}",
        "exact",
        "Mango, Cream, Blend: one source moves the price",
        "publish_price::a_quorum_makes_the_price",
        Check::Step(feed::price_is_the_median)
    ),
    invariant!(
        "FEED-2",
        "The average lies between itself and the price that stood until now, and a price of this second does not move it.",
        "min(ema, price) ≤ ema′ ≤ max(ema, price); ema′ = ema when no time passed",
        "exact",
        "one-block manipulation: Inverse Finance, Cream",
        "oracle::a_spike_raises_no_limit",
        Check::Step(feed::average_follows)
    ),
    invariant!(
        "FEED-3",
        "A quote changes by its publisher's word alone, and every publication counts.",
        "quoteᵢ′ ≠ quoteᵢ ⇒ publisherᵢ signed; sequence′ = sequence + publications",
        "exact",
        "fake price accounts: Solend, Loopscale",
        "publish_price::refusals",
        Check::Step(feed::publishers_speak_for_themselves)
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
        "PARAM-1",
        "Parameters in force are in range: a factor below its threshold, a bonus the threshold leaves room for.",
        "factor < threshold; threshold · (1 + bonus) ≤ 1, at the threshold in force too; index ≥ 1",
        "exact",
        "liquidations that create bad debt: Aave bonus at high LTV",
        "update_reserve::refusals",
        Check::Step(limits::parameters_are_in_range)
    ),
    invariant!(
        "LOCK-1",
        "In a pool with a timelock nothing that raises risk happens without having waited.",
        "raised ∧ timelock > 0 ⇒ queued ∧ 0 ≤ now − ready ≤ 14 days; ready = queued at + timelock; feeds change by the queue alone",
        "exact",
        "Compound Timelock; Euler, Sonne: parameters changed at once",
        "queue_change::a_change_waits_and_is_applied",
        Check::Step(govern::risk_waits_in_the_queue)
    ),
    invariant!(
        "AUTH-2",
        "Modes, parameters, fees and reserves are the admin's; the guardian's word only makes things stricter and does not kill.",
        "¬admin signed ⇒ guardian signed ∧ (mode′ > mode ∧ mode′ ≠ killed ∨ risk′ ≤ risk ∨ cancelled)",
        "exact",
        "guardians in Aave, Compound; leaked admin keys",
        "set_mode::the_guardian_only_makes_it_stricter",
        Check::Step(govern::only_those_in_charge)
    ),
    invariant!(
        "AUTH-3",
        "A pool changes hands when the one who was proposed signs, and changes in no way that is not told.",
        "admin′ ≠ admin ⇒ admin′ = pending ∧ signed; pool′ = fold(pool, events)",
        "exact",
        "two-step ownership; hijacked admins",
        "propose_admin::whoever_accepts_is_the_admin",
        Check::Step(govern::pools_change_hands_by_consent)
    ),
    invariant!(
        "IDENT-1",
        "Who an account is, it stays; none disappears.",
        "pool, mint, vault, owner, authority, publishers of an account never change",
        "exact",
        "re-initialised accounts: Crema, Cashio",
        "mallory::table",
        Check::Step(govern::identities_stay)
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
        "One instruction changes the accounts of one pool at most.",
        "|{pool of a : bytes(a) ≠ bytes′(a)}| ≤ instructions of the program, over pools, reserves, positions, stakes, changes and vaults",
        "exact",
        "isolation; Sentiment v2 cross-pool leaks",
        "isolation::neighbour_stays_dry",
        Check::Step(rules::one_pool_an_instruction)
    ),
    invariant!(
        "ISO-2",
        "An account of a pool changes by an instruction that was handed it together with its pool.",
        "a′ ≠ a ⇒ ∃ instruction: a writable, pool of a listed",
        "exact",
        "isolation; accounts of another pool passed in",
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
        Check::Always(rules::failure_costs_the_fee_only)
    ),
    invariant!(
        "LAMP-1",
        "What a transaction takes from all accounts together is its fee, and its receipt tells of every account that changed.",
        "Σ lamports′ = Σ lamports − fee; changes ⊆ receipt",
        "exact",
        "Solana runtime: sum of lamports",
        "replay::session_replays",
        Check::Always(rules::lamports_are_conserved)
    ),
    invariant!(
        "STATE-1",
        "Every account of the program is one of its types, in the bytes the program would write.",
        "encode(decode(a)) = a",
        "exact",
        "canonical encoding; trailing bytes",
        "prop::invariants_hold",
        Check::Step(rules::accounts_are_canonical)
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
    invariant!(
        "EVENT-1",
        "The events tell all: the books, positions and stakes before, with the events applied, are those after.",
        "state′ = fold(state, events), each event by arithmetic of the checks' own",
        "exact",
        "indexers and auditors rely on events alone",
        "prop::invariants_hold",
        Check::Step(beat::events_tell_all)
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
