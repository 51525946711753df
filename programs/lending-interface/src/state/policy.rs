use borsh::{BorshDeserialize, BorshSerialize};

/// Who pays for bad debt, in order. Each is what a known protocol does, so that one trace can be
/// run through all of them; the first is Cofferdam's own.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, BorshSerialize, BorshDeserialize,
)]
pub enum LossPolicy {
    /// Accrued fees, then the insurance fund, then the suppliers at once.
    #[default]
    Waterfall,
    /// The suppliers, at once and alone (Morpho Blue).
    Haircut,
    /// The insurance fund, then the suppliers (marginfi, Blend).
    InsuranceThenHaircut,
    /// The protocol's own reserves, below zero if need be (Compound III).
    NegativeReserves,
    /// Nobody yet: a deficit that is paid down later (Aave).
    Deficit,
    /// Nobody yet: a receivable that stays in the exchange rate (Venus).
    Receivable,
}

impl LossPolicy {
    /// Every policy, in the order of their numbers.
    pub const ALL: [Self; 6] = [
        Self::Waterfall,
        Self::Haircut,
        Self::InsuranceThenHaircut,
        Self::NegativeReserves,
        Self::Deficit,
        Self::Receivable,
    ];
}
