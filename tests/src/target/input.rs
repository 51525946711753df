//! What a fuzz target was given, as something that can be told and shrunk: most targets take
//! records, some with a few bytes before them, and each judges in its own way.

use std::panic::{AssertUnwindSafe, catch_unwind};

use super::{differential, loss_policies, profit, tx_mutate};
use crate::{
    action::{Action, Record, records},
    hunt::{Finding, Ground, Key, Shrunk, panic_words, reduce, reproduce, shrink},
};

/// A fuzz target that takes records.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Target {
    /// As the hunt itself.
    #[default]
    Insolvency,
    /// As the hunt, in a world that the first byte chooses.
    LossPolicies,
    /// Against the auditor.
    Differential,
    /// Who gains and who loses.
    Profit,
    /// The last transaction damaged; two bytes say where.
    TxMutate,
}

/// What a target was given.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Input {
    /// Which target.
    pub target: Target,
    /// The bytes before the records.
    pub head: Vec<u8>,
    /// The records.
    pub records: Vec<Record>,
}

impl Target {
    /// All of them.
    pub const ALL: [Self; 5] =
        [Self::Insolvency, Self::LossPolicies, Self::Differential, Self::Profit, Self::TxMutate];

    /// Name, as in `fuzz/fuzz_targets`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Insolvency => "insolvency",
            Self::LossPolicies => "loss_policies",
            Self::Differential => "differential",
            Self::Profit => "profit",
            Self::TxMutate => "tx_mutate",
        }
    }

    /// The target of a name.
    #[must_use]
    pub fn of_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|target| target.name() == name)
    }

    /// Bytes as the target reads them: a rest shorter than a record is left out.
    #[must_use]
    pub fn read(self, bytes: &[u8]) -> Input {
        let head_len = match self {
            Self::Insolvency | Self::Differential | Self::Profit => 0,
            Self::LossPolicies => 1,
            Self::TxMutate => 2,
        };
        let (head, rest) = bytes.split_at(head_len.min(bytes.len()));
        Input { target: self, head: head.to_vec(), records: records(rest).collect() }
    }
}

impl Input {
    /// Records of the hunt itself.
    #[must_use]
    pub fn of_records(records: Vec<Record>) -> Self {
        Self { records, ..Self::default() }
    }

    /// As the target takes it.
    #[must_use]
    pub fn bytes(&self) -> Vec<u8> {
        let records = self.records.iter().flat_map(|record| record.0);
        self.head.iter().copied().chain(records).collect()
    }

    /// Whether the target asks nothing but whether every invariant holds.
    #[must_use]
    pub const fn is_judged_by_invariants(&self) -> bool {
        matches!(self.target, Target::Insolvency | Target::LossPolicies)
    }

    /// The same with other records.
    #[must_use]
    pub fn with(&self, records: &[Record]) -> Self {
        Self { records: records.to_vec(), ..self.clone() }
    }

    /// The world that the target starts from.
    ///
    /// # Panics
    /// When it cannot be built.
    #[must_use]
    pub fn ground(&self) -> Ground {
        match self.target {
            Target::Insolvency => Ground::wild(),
            Target::LossPolicies => loss_policies::ground(self.head.first().copied().unwrap_or(0)),
            Target::Differential | Target::Profit | Target::TxMutate => Ground::lively(),
        }
    }

    /// What is wrong, by the target's own judgement. `ground` is [`Self::ground`], or the hunt's.
    #[must_use]
    pub fn find(&self, ground: &Ground) -> Option<Finding> {
        let run: fn(&[u8]) = match self.target {
            Target::Insolvency | Target::LossPolicies => {
                return reproduce(ground, &self.records, true);
            }
            Target::Differential => |bytes| _ = differential::run(bytes),
            Target::Profit => |bytes| _ = profit::run(bytes),
            Target::TxMutate => |bytes| _ = tx_mutate::run(bytes),
        };
        let bytes = self.bytes();
        let panic = catch_unwind(AssertUnwindSafe(|| run(&bytes))).err()?;
        let verb = self.records.last().map(|record| Action::from(*record).verb);
        let id = self.target.name().to_uppercase();
        let sentence = format!("The fuzz target {} runs to its end.", self.target.name());
        let details = panic_words(&*panic);
        Some(Finding { key: Key::new(&id, verb), sentence, details, records: self.records.clone() })
    }

    /// Shrinks a finding of this input with at most `tries_max` sequences.
    #[must_use]
    pub fn shrink(&self, ground: &Ground, finding: &Finding, tries_max: usize) -> Shrunk<Finding> {
        if self.is_judged_by_invariants() {
            return shrink(ground, finding, tries_max);
        }
        // Such a target says no more than that it fails, so that is what stays the same.
        let mut kept = finding.clone();
        let mut holds = |records: &[Record]| {
            kept = self.with(records).find(ground)?;
            Some(records.len())
        };
        let (_records, tries) = reduce(&self.records, tries_max, &mut holds);
        Shrunk { kept, tries }
    }
}
