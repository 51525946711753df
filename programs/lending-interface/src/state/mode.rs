use borsh::{BorshDeserialize, BorshSerialize};

/// What a pool, or one reserve of it, still lets people do. Ordered: later is stricter. Repaying,
/// liquidating, recognising bad debt and leaving without debt stay open in all of them.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, BorshSerialize, BorshDeserialize,
)]
pub enum Mode {
    /// Everything.
    #[default]
    Active,
    /// No new loans; supply only into positions that owe, to save them.
    ReduceOnly,
    /// No new loans, no supply.
    Frozen,
    /// Frozen for good: there is no way back.
    Killed,
}
