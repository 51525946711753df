use borsh::{BorshDeserialize, BorshSerialize};

/// One of those who can pay for a loss.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Payer {
    /// The protocol's accrued fees, as far as they go.
    Fees,
    /// The insurance fund, as far as it goes.
    Insurance,
    /// The suppliers, through the price of their shares, down to nothing.
    Suppliers,
    /// Nobody for now: the loss is booked as a deficit, without a limit.
    Deficit,
}

/// Who pays for bad debt, in order. Each is what a known protocol does, so that one trace can be
/// run through all of them; the first is Cofferdam's own.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, BorshSerialize, BorshDeserialize,
)]
pub enum LossPolicy {
    /// Accrued fees, then the insurance fund, then the suppliers at once. Nobody keeps a claim
    /// that nothing stands behind, and those who earn by the risk pay before those who lend.
    #[default]
    Waterfall,
    /// The suppliers, at once and alone (Morpho Blue: `badDebtAssets` leaves total borrow and
    /// total supply in the same call).
    Haircut,
    /// The insurance fund, then the suppliers (marginfi `handle_bankruptcy`: covered by the
    /// insurance vault, the rest socialised; Blend: the backstop, then the rate of the supply
    /// tokens).
    InsuranceThenHaircut,
    /// The protocol's own reserves, below zero if need be (Compound III `absorb`: the balance is
    /// paid by reserves, which are a signed number). What is below zero is the deficit, and fees
    /// earned later fill it first.
    NegativeReserves,
    /// Nobody yet: a deficit that anybody may cover later (Aave 3.3 and Umbrella). It bears no
    /// interest and is not counted as lent.
    Deficit,
    /// Nobody yet: a receivable that stays in the exchange rate (Venus `badDebt`). It bears no
    /// interest but counts as lent, so it keeps utilisation and the rate up, as in Venus.
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

    /// Who pays, in order; each as far as it goes. What all of them leave, which only happens to
    /// policies that spare somebody while suppliers lose everything, is paid by the spared ones:
    /// a fee or an insurance fund with no asset behind it is worth nothing either.
    #[must_use]
    pub const fn stages(self) -> &'static [Payer] {
        match self {
            Self::Waterfall => &[Payer::Fees, Payer::Insurance, Payer::Suppliers],
            Self::Haircut => &[Payer::Suppliers],
            Self::InsuranceThenHaircut => &[Payer::Insurance, Payer::Suppliers],
            Self::NegativeReserves => &[Payer::Fees, Payer::Deficit],
            Self::Deficit | Self::Receivable => &[Payer::Deficit],
        }
    }

    /// Whether a deficit counts as lent when utilisation is found.
    #[must_use]
    pub const fn lends_deficit(self) -> bool {
        matches!(self, Self::Receivable)
    }
}
