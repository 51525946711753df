//! The same paths under every loss policy of the program: who pays is a choice.

use super::{CampaignError, Change, Subject};

/// Names of the loss policies, as a scenario's `loss_policy` has them.
pub const POLICIES: [&str; 6] = [
    "waterfall",
    "haircut",
    "insurance_then_haircut",
    "negative_reserves",
    "deficit",
    "receivable",
];

/// A scenario in which every reserve has the policy.
///
/// # Errors
/// A policy that is none, as the scenario's checks say.
pub fn under(subject: &Subject, policy: &str) -> Result<Subject, CampaignError> {
    let pools = subject.scenario().pools.iter().enumerate();
    let keys = pools.flat_map(|(pool, found)| {
        (0..found.reserves.len())
            .map(move |reserve| format!("pools.{pool}.reserves.{reserve}.loss_policy"))
    });
    let changes: Vec<Change> = keys.map(|key| Change::new(&key, policy)).collect();
    subject.with(&changes)
}
