//! What the program told, decoded once and in order.

use cofferdam_host::{Address, Event};
use cofferdam_ledger::{RawEvent, Receipt};
use cofferdam_lending_interface::{ID, event};

/// Declares the enum of all events.
macro_rules! told {
    ($($name:ident),+ $(,)?) => {
        /// One event of the program.
        #[derive(Clone, Debug, PartialEq, Eq)]
        #[expect(missing_docs, reason = "each is the event of its name")]
        pub enum Told {
            $( $name(event::$name), )+
            /// Bytes that are no event, or not all of one.
            Unknown,
        }

        impl Told {
            fn of(raw: &RawEvent) -> Self {
                match raw.data.first_chunk::<8>() {
                    $( Some(&event::$name::DISCRIMINATOR) => raw.decode().map_or(Self::Unknown, Self::$name), )+
                    _ => Self::Unknown,
                }
            }
        }
    };
}

told!(
    PoolCreated,
    ReserveAdded,
    FeedCreated,
    PricePublished,
    PositionOpened,
    Deposited,
    Withdrawn,
    Borrowed,
    Repaid,
    LossRecovered,
    InsuranceFunded,
    FeesCollected,
    Liquidated,
    BadDebtAbsorbed,
    DeficitCovered,
    CollateralSeized,
    StakeOpened,
    Staked,
    CooldownStarted,
    Unstaked,
    NoticeGiven,
    FlashLoanTaken,
    FlashLoanRepaid,
    ReserveWipedOut,
    ReserveUpdated,
    FeedsChanged,
    PoolUpdated,
    AdminProposed,
    AdminChanged,
    ModeChanged,
    ChangeQueued,
    ChangeCancelled,
);

/// The events of the program in a receipt, in order. Other programs' are left out: anybody can
/// write a program that says what it likes.
pub(super) fn told(receipt: &Receipt) -> Vec<Told> {
    let own = receipt.events.iter().filter(|event| event.program_id == ID);
    own.map(Told::of).collect()
}

impl Told {
    /// Whether a price, a parameter or a mode is another one since.
    pub(super) const fn changes_terms(&self) -> bool {
        matches!(
            self,
            Self::PricePublished(_)
                | Self::ReserveUpdated(_)
                | Self::FeedsChanged(_)
                | Self::PoolUpdated(_)
                | Self::ModeChanged(_)
        )
    }

    /// The position whose owner took something out.
    pub(super) const fn taker(&self) -> Option<Address> {
        match self {
            Self::Borrowed(event) => Some(event.position),
            Self::Withdrawn(event) => Some(event.position),
            _ => None,
        }
    }
}
