//! What must hold: modes, limits, authority, and what holds of every transaction.

use super::invariant;
use crate::invariant::{Check, Invariant, alive, beat, govern, limits, preview, probe, rules};

pub(super) const LIST: &[Invariant] = &[
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
        "Parameters in force are in range: a factor within its threshold, a bonus the threshold leaves room for, some bonus for the insolvent.",
        "factor ≤ threshold; threshold · (1 + bonus) ≤ 1, at the threshold in force too; 0.1 % ≤ insolvent bonus ≤ bonus; index ≥ 1",
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
        "An account of a pool changes by an instruction that was handed it together with its pool, or is a vault that was given tokens.",
        "a′ ≠ a ⇒ ∃ instruction: a writable, pool of a listed or donations of a grown",
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
        "EVENT-1",
        "The events tell all: the books, positions and stakes before, with the events applied, are those after.",
        "state′ = fold(state, events), each event by arithmetic of the checks' own",
        "exact",
        "indexers and auditors rely on events alone",
        "prop::invariants_hold",
        Check::Step(beat::events_tell_all)
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
        "LAMP-1",
        "What a transaction takes from all accounts together is its fee, and its receipt tells of every account that changed.",
        "Σ lamports′ = Σ lamports − fee; changes ⊆ receipt",
        "exact",
        "Solana runtime: sum of lamports",
        "replay::session_replays",
        Check::Always(rules::lamports_are_conserved)
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
        "repay(all) and withdraw(all) succeed for every position; supply stays defined; of a debt beyond 2⁶⁴ − 1 − minted units, repay(part) does",
        "exact",
        "frozen funds: Venus, marginfi bankruptcies",
        "absorb_bad_debt::suppliers_can_leave_after_a_loss",
        Check::End(probe::everybody_can_leave)
    ),
    invariant!(
        "LIVE-2",
        "Whoever can be liquidated can be dealt with, once everybody publishes the last prices, on second feeds too.",
        "debt > limit ⇒ some liquidation or the recognition succeeds, on a fork",
        "debts excepted that are under 10⁻⁴ dollars or worth less than one unit of a collateral, which others may have to wait for: nobody could be paid",
        "liquidations that cannot happen: Compound pauses, Venus, Mango",
        "absorb_bad_debt::walks_the_waterfall",
        Check::End(alive::the_unhealthy_can_be_dealt_with)
    ),
    invariant!(
        "PREVIEW-1",
        "What a client's preview tells is what happens, and of what it refuses the program refuses with the same error.",
        "preview(x) = outcome(x), for deposits, withdrawals, loans, repayments, liquidations and recognitions of everybody",
        "exact; what the token program refuses no preview knows",
        "ERC-4626: previews",
        "liquidation_rules::previews_follow_the_rules",
        Check::End(preview::previews_come_true)
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
