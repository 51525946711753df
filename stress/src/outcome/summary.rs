//! The result of a run, as `summary.json` states it.

use std::fmt;

use rust_decimal::Decimal;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::scenario::PoolRole;

/// An amount in native units; text in JSON, where numbers end at 2^53.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct NativeAmount(pub u128);

/// A value before the run and after it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change<T> {
    /// After the warm-up and before the first step.
    pub before: T,
    /// After the last step.
    pub after: T,
}

/// The result of a run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Summary {
    /// Name of the scenario.
    pub scenario: String,
    /// Its seed.
    pub seed: u64,
    /// State root of the ledger after the run, in hexadecimal.
    pub state_root: String,
    /// What became of the transactions.
    pub transactions: Transactions,
    /// The pools, in the scenario's order.
    pub pools: Vec<PoolSummary>,
}

/// Counts of transactions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Transactions {
    /// Handed to the ledger.
    pub submitted: u64,
    /// Executed, and took effect.
    pub succeeded: u64,
    /// Executed, and left only their fee.
    pub failed: u64,
    /// Not executed.
    pub rejected: u64,
}

/// The result of one pool.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PoolSummary {
    /// Name of the pool.
    pub name: String,
    /// What it was there to show.
    pub role: PoolRole,
    /// Hash over every account of the pool, in hexadecimal.
    pub accounts_hash: Change<String>,
    /// Its reserves, in the scenario's order.
    pub reserves: Vec<ReserveSummary>,
}

/// The result of one reserve. Amounts are in native units of its asset.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReserveSummary {
    /// Symbol of the asset.
    pub symbol: String,
    /// Decimal places of a native unit.
    pub decimals: u8,
    /// Bad debt recognised, and who paid.
    pub bad_debt: BadDebt,
    /// Debt beyond the collateral of its position that nobody has recognised when the run ends.
    pub uncollected: NativeAmount,
    /// What one supply share is worth, in tokens.
    pub share_price: Change<Decimal>,
    /// Insurance fund.
    pub insurance_fund: Change<NativeAmount>,
    /// Liquidations of debt in this asset.
    pub liquidations: Liquidations,
}

/// Bad debt recognised and who paid it, in native units.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct BadDebt {
    /// All of it.
    pub recognised: NativeAmount,
    /// Paid from accrued protocol fees, which go first.
    pub fees: NativeAmount,
    /// Paid from the insurance fund, which goes second.
    pub insurance: NativeAmount,
    /// Paid by suppliers through a lower share price.
    pub suppliers: NativeAmount,
    /// Paid by nobody when it was recognised: booked as a deficit of the reserve, to be covered
    /// later.
    pub deficit: NativeAmount,
}

/// Counts of liquidations.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Liquidations {
    /// Done, the late ones included.
    pub executed: u64,
    /// Done later than the scenario's `late_after_s`.
    pub late: u64,
    /// Due at some time and never done: the debt was left, or became bad debt as a whole.
    pub missed: u64,
}

impl NativeAmount {
    /// The amount in whole tokens; `None` beyond 28 digits, which no token reaches.
    pub fn tokens(self, decimals: u8) -> Option<Decimal> {
        let units = i128::try_from(self.0).ok()?;
        Decimal::try_from_i128_with_scale(units, decimals.into()).ok()
    }
}

impl<T: PartialEq> Change<T> {
    /// Whether both sides are the same.
    pub fn is_none(&self) -> bool {
        self.before == self.after
    }
}

impl BadDebt {
    /// Whether every unit recognised has a payer, and no payer paid for nothing.
    pub fn is_attributed(&self) -> bool {
        let paid = self.fees.0.checked_add(self.insurance.0);
        let paid = paid.and_then(|paid| paid.checked_add(self.suppliers.0));
        paid.and_then(|paid| paid.checked_add(self.deficit.0)) == Some(self.recognised.0)
    }
}

impl fmt::Display for NativeAmount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

impl Serialize for NativeAmount {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for NativeAmount {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map(Self).map_err(|_| {
            de::Error::custom(format_args!("`{text}` is no whole number of native units"))
        })
    }
}
