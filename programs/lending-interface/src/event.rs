//! What the program reports, one event for each thing that happened. Amounts are native units
//! unless the type says otherwise.

use borsh::{BorshDeserialize, BorshSerialize};
use cofferdam_host::{Address, Event};

use crate::{
    math::loss::LossSplit,
    state::ReserveConfig,
    units::{Amount, DebtShares, Price, Shares, Wad},
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
    /// A reserve's parameters were replaced.
    ReserveUpdated = [0x78, 0x52, 0xb0, 0x02, 0x41, 0x0f, 0x8e, 0xe8]; {
        /// The reserve.
        reserve: Address,
        /// The parameters before.
        before: ReserveConfig,
        /// The parameters from now on.
        after: ReserveConfig,
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
        /// The price.
        price: Price,
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
