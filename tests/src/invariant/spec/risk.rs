//! What must hold: health, liquidations and prices.

use super::invariant;
use crate::invariant::{Check, Invariant, feed, limits, liquidation, risk};

pub(super) const LIST: &[Invariant] = &[
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
        "A quote changes by its publisher's word alone, to a later observation, and every publication counts.",
        "quoteᵢ′ ≠ quoteᵢ ⇒ publisherᵢ signed; observedᵢ′ ≥ observedᵢ; sequence′ = sequence + publications",
        "exact",
        "fake price accounts: Solend, Loopscale",
        "publish_price::refusals",
        Check::Step(feed::publishers_speak_for_themselves)
    ),
];
