//! Shards back together: the same whatever order they come in.

use std::path::PathBuf;

use super::{CampaignError, Plan, shard};
use crate::outcome::PathOutcome;

/// Every path of a plan, in order, from the shards below some folders.
///
/// # Errors
/// Shards that are missing or damaged everywhere, or two of one number that differ.
pub fn collect(plan: &Plan, dirs: &[PathBuf]) -> Result<Vec<PathOutcome>, CampaignError> {
    let mut rows = Vec::new();
    let (mut missing, mut first) = (0, 0);
    for index in 0..plan.shards {
        match one(plan, dirs, index)? {
            Some(found) => rows.extend(found),
            None => {
                first = if missing == 0 { index } else { first };
                missing += 1;
            }
        }
    }
    if missing > 0 {
        return Err(CampaignError::Missing { missing, shards: plan.shards, first });
    }
    Ok(rows)
}

/// How many shards of a plan are there and valid.
pub fn count(plan: &Plan, dir: &std::path::Path) -> u64 {
    let valid = |index: &u64| shard::read(&shard::file(dir, plan, *index), plan, *index).is_some();
    (0..plan.shards).filter(valid).count() as u64
}

fn one(
    plan: &Plan,
    dirs: &[PathBuf],
    index: u64,
) -> Result<Option<Vec<PathOutcome>>, CampaignError> {
    let mut found: Option<Vec<PathOutcome>> = None;
    for dir in dirs {
        let Some(rows) = shard::read(&shard::file(dir, plan, index), plan, index) else { continue };
        if found.as_ref().is_some_and(|other| *other != rows) {
            return Err(CampaignError::Differ(index));
        }
        found = Some(rows);
    }
    Ok(found)
}
