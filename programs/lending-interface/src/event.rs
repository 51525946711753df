//! What the program reports, one event for each thing that happened. Amounts are native units
//! unless the type says otherwise.

use borsh::{BorshDeserialize, BorshSerialize};
use cofferdam_host::{Address, Event};

use crate::{
    math::loss::LossSplit,
    state::ReserveConfig,
    units::{Amount, DebtShares, Fine, Price, Shares, Wad},
};

/// Declares an event with its discriminator.
macro_rules! event {
    ($(#[$doc:meta])* $name:ident = $discriminator:expr; { $( $(#[$field_doc:meta])* $field:ident: $type:ty, )+ }) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
        pub struct $name { $( $(#[$field_doc])* pub $field: $type, )+ }

        impl Event for $name {
            const DISCRIMINATOR: [u8; 8] = $discriminator;
            const NAME: &'static str = stringify!($name);
        }
    };
}

mod governance;

pub use governance::{
    AdminChanged, AdminProposed, ChangeCancelled, ChangeQueued, FeedsChanged, ModeChanged,
    PoolUpdated, ReserveUpdated,
};

event! {
    /// A pool was created.
    PoolCreated = [0xca, 0x2c, 0x29, 0x58, 0x68, 0xdc, 0x9d, 0x52]; {
        /// The pool.
        pool: Address,
        /// Its admin.
        admin: Address,
        /// Its name.
        name: [u8; 32],
    }
}
event! {
    /// A reserve was added.
    ReserveAdded = [0xe6, 0x4d, 0x8d, 0x75, 0x14, 0xe2, 0x28, 0x64]; {
        /// The pool.
        pool: Address,
        /// The reserve.
        reserve: Address,
        /// Its asset.
        mint: Address,
        /// Its parameters.
        config: ReserveConfig,
    }
}
event! {
    /// A price feed was created.
    FeedCreated = [0x30, 0x72, 0x56, 0xfd, 0x71, 0x42, 0xfa, 0x62]; {
        /// The feed.
        feed: Address,
        /// Who publishes.
        authority: Address,
        /// Its symbol.
        symbol: [u8; 16],
    }
}
event! {
    /// A price was published.
    PricePublished = [0xa1, 0xb6, 0x33, 0x85, 0x19, 0xc0, 0xb3, 0x8c]; {
        /// The feed.
        feed: Address,
        /// Who published.
        publisher: Address,
        /// What that publisher said.
        quote: Price,
        /// The price that all of them make.
        price: Price,
        /// Its confidence interval, half of its width.
        confidence: Price,
        /// When it was observed, unix time.
        observed_at_s: i64,
        /// Number of the publication.
        sequence: u64,
    }
}
event! {
    /// A position was opened.
    PositionOpened = [0xed, 0xaf, 0xf3, 0xe6, 0x93, 0x75, 0x65, 0x79]; {
        /// The pool.
        pool: Address,
        /// The position.
        position: Address,
        /// Its owner.
        owner: Address,
    }
}
event! {
    /// Tokens were supplied.
    Deposited = [0x6f, 0x8d, 0x1a, 0x2d, 0xa1, 0x23, 0x64, 0x39]; {
        /// The position.
        position: Address,
        /// The reserve.
        reserve: Address,
        /// Tokens in.
        amount: Amount,
        /// Shares received.
        shares: Shares,
    }
}
event! {
    /// Supply was taken back.
    Withdrawn = [0x14, 0x59, 0xdf, 0xc6, 0xc2, 0x7c, 0xdb, 0x0d]; {
        /// The position.
        position: Address,
        /// The reserve.
        reserve: Address,
        /// Tokens out.
        amount: Amount,
        /// Shares given up.
        shares: Shares,
    }
}
event! {
    /// Tokens were borrowed.
    Borrowed = [0xe1, 0xb6, 0xf1, 0x4e, 0x22, 0x91, 0xfd, 0xe6]; {
        /// The position.
        position: Address,
        /// The reserve.
        reserve: Address,
        /// Tokens out.
        amount: Amount,
        /// Debt shares added.
        shares: DebtShares,
    }
}
event! {
    /// Debt was repaid.
    Repaid = [0x26, 0xf8, 0xe7, 0x07, 0x96, 0xa4, 0xac, 0x17]; {
        /// The position.
        position: Address,
        /// The reserve.
        reserve: Address,
        /// Who paid.
        payer: Address,
        /// Tokens in.
        amount: Amount,
        /// Debt shares cleared.
        shares: DebtShares,
    }
}
event! {
    /// Written-off debt was repaid after all.
    LossRecovered = [0x94, 0xbf, 0x94, 0xed, 0x9d, 0x9b, 0x9f, 0x82]; {
        /// The position.
        position: Address,
        /// The reserve.
        reserve: Address,
        /// What came back and whom it went to.
        split: LossSplit,
    }
}
event! {
    /// The insurance fund received tokens.
    InsuranceFunded = [0x9e, 0x48, 0x17, 0x50, 0x8a, 0x38, 0x21, 0xce]; {
        /// The reserve.
        reserve: Address,
        /// Who paid.
        funder: Address,
        /// Tokens in.
        amount: Amount,
    }
}
event! {
    /// Fees were paid out.
    FeesCollected = [0xe9, 0x17, 0x75, 0xe1, 0x6b, 0xb2, 0xfe, 0x08]; {
        /// The reserve.
        reserve: Address,
        /// Tokens out.
        amount: Amount,
    }
}
event! {
    /// A position was liquidated, in part or in full.
    Liquidated = [0xe7, 0x39, 0x37, 0x4b, 0x00, 0xaa, 0xf6, 0x44]; {
        /// The position.
        position: Address,
        /// Who liquidated.
        liquidator: Address,
        /// Reserve of the debt.
        debt_reserve: Address,
        /// Reserve of the collateral.
        collateral_reserve: Address,
        /// Debt repaid.
        repaid: Amount,
        /// Collateral taken from the position.
        seized: Amount,
        /// Part of it that stayed with the collateral reserve as a fee.
        protocol_fee: Amount,
        /// Bonus that applied.
        bonus: Wad,
        /// Supply shares that the liquidator received instead of tokens; zero when paid in tokens.
        shares_out: Shares,
    }
}
event! {
    /// Bad debt of a position was recognised in one reserve.
    BadDebtAbsorbed = [0x4f, 0x07, 0x2e, 0xdc, 0x95, 0x94, 0xfa, 0xaa]; {
        /// The position.
        position: Address,
        /// The reserve.
        reserve: Address,
        /// Debt shares written off.
        shares: DebtShares,
        /// The loss and who paid it.
        loss: LossSplit,
        /// Price of the supply share before.
        share_price_before: Wad,
        /// Price of the supply share after.
        share_price_after: Wad,
    }
}
event! {
    /// A deficit was paid down.
    DeficitCovered = [0xd5, 0xd0, 0x05, 0x28, 0x36, 0x6f, 0x6d, 0xc6]; {
        /// The reserve.
        reserve: Address,
        /// Who paid; zero for the protocol's own fees.
        payer: Address,
        /// What was paid.
        amount: Fine,
        /// The deficit that is left.
        left: Fine,
    }
}
event! {
    /// Collateral too small or too uncertain to be liquidated went to the insurance fund.
    CollateralSeized = [0xa5, 0x95, 0x92, 0x5a, 0xf2, 0x17, 0x0b, 0xa8]; {
        /// The position.
        position: Address,
        /// The reserve.
        reserve: Address,
        /// Supply shares taken.
        shares: Shares,
        /// What they were worth to the fund.
        amount: Fine,
    }
}
event! {
    /// A stake in an insurance fund was opened.
    StakeOpened = [0xe0, 0xf9, 0xd3, 0xe3, 0x09, 0x53, 0x8e, 0xbc]; {
        /// The reserve.
        reserve: Address,
        /// The stake.
        stake: Address,
        /// Its owner.
        owner: Address,
    }
}
event! {
    /// Tokens joined an insurance fund.
    Staked = [0x0b, 0x92, 0x2d, 0xcd, 0xe6, 0x3a, 0xd5, 0xf0]; {
        /// The stake.
        stake: Address,
        /// The reserve.
        reserve: Address,
        /// Tokens in.
        amount: Amount,
        /// Shares of the fund received.
        shares: Shares,
    }
}
event! {
    /// Shares of an insurance fund set out to leave.
    CooldownStarted = [0xea, 0xde, 0xfd, 0x2e, 0x43, 0xef, 0xd2, 0x35]; {
        /// The stake.
        stake: Address,
        /// Shares on their way out, all together.
        shares: Shares,
        /// When they may leave, unix time.
        ready_at_s: i64,
    }
}
event! {
    /// Tokens left an insurance fund.
    Unstaked = [0x1b, 0xb3, 0x9c, 0xd7, 0x2f, 0x47, 0xc3, 0x07]; {
        /// The stake.
        stake: Address,
        /// The reserve.
        reserve: Address,
        /// Tokens out.
        amount: Amount,
        /// Shares of the fund given up.
        shares: Shares,
    }
}
event! {
    /// A withdrawal was announced.
    NoticeGiven = [0x89, 0x15, 0x51, 0x51, 0x62, 0x67, 0x91, 0x56]; {
        /// The position.
        position: Address,
        /// The reserve.
        reserve: Address,
        /// Supply shares announced, all together.
        shares: Shares,
        /// From when on they may leave, unix time.
        ready_at_s: i64,
    }
}
event! {
    /// A flash loan went out.
    FlashLoanTaken = [0xf5, 0xea, 0x1a, 0xd5, 0xcb, 0xc1, 0xe5, 0x8f]; {
        /// The reserve.
        reserve: Address,
        /// Who received it.
        borrower: Address,
        /// Tokens out.
        amount: Amount,
    }
}
event! {
    /// A flash loan came back.
    FlashLoanRepaid = [0x09, 0xcc, 0x69, 0x73, 0x46, 0x07, 0x19, 0xc6]; {
        /// The reserve.
        reserve: Address,
        /// Who paid.
        payer: Address,
        /// Tokens lent.
        amount: Amount,
        /// Fee on top, rounded up.
        fee: Amount,
    }
}
event! {
    /// Losses took nearly everything a reserve's suppliers had; it is closed for good.
    ReserveWipedOut = [0x67, 0x72, 0x33, 0x4c, 0x57, 0xbc, 0x16, 0xa6]; {
        /// The reserve.
        reserve: Address,
    }
}
