use cofferdam_lending_interface::units::{Amount, Price, WAD};

/// The people of a world.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Actor {
    /// Created the pools and runs them.
    Admin,
    /// Publishes prices.
    Publisher,
    /// Supplies and borrows.
    Alice,
    /// Supplies and borrows.
    Bob,
    /// Supplies and borrows.
    Carol,
    /// Supplies most of what there is.
    Dave,
    /// Liquidates.
    Liquidator,
    /// Tries what is not allowed.
    Mallory,
}

impl Actor {
    /// Place in a table of everybody.
    pub(super) const fn place(self) -> usize {
        self as usize
    }

    /// Everybody.
    pub const ALL: [Self; 8] = [
        Self::Admin,
        Self::Publisher,
        Self::Alice,
        Self::Bob,
        Self::Carol,
        Self::Dave,
        Self::Liquidator,
        Self::Mallory,
    ];
    /// Those with a position in every pool.
    pub const OWNERS: [Self; 5] = [Self::Alice, Self::Bob, Self::Carol, Self::Dave, Self::Mallory];

    /// The label their key is derived from.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Admin => "admin",
            Self::Publisher => "publisher",
            Self::Alice => "alice",
            Self::Bob => "bob",
            Self::Carol => "carol",
            Self::Dave => "dave",
            Self::Liquidator => "liquidator",
            Self::Mallory => "mallory",
        }
    }
}

/// Who publishes the price of a feed that takes several publishers: the honest ones first.
pub const PANEL: [Actor; 7] = [
    Actor::Publisher,
    Actor::Admin,
    Actor::Liquidator,
    Actor::Carol,
    Actor::Dave,
    Actor::Bob,
    Actor::Mallory,
];

/// Those of the [`PANEL`] who say what they see; as many as a quorum.
pub const HONEST: [Actor; 5] =
    [Actor::Publisher, Actor::Admin, Actor::Liquidator, Actor::Carol, Actor::Dave];

/// Those of the [`PANEL`] who say what they like.
pub const COMPROMISED: [Actor; 2] = [Actor::Bob, Actor::Mallory];

/// The tokens of a world.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Asset {
    /// 9 decimals, 2,000 dollars.
    Weth,
    /// 6 decimals, 1 dollar.
    Usdc,
    /// 9 decimals, 1 dollar.
    Dai,
    /// 8 decimals, 30,000 dollars; no pool has it at first.
    Wbtc,
}

impl Asset {
    /// Place in a table of every asset.
    pub(super) const fn place(self) -> usize {
        self as usize
    }

    /// Every asset.
    pub const ALL: [Self; 4] = [Self::Weth, Self::Usdc, Self::Dai, Self::Wbtc];
    /// Those the pools start with.
    pub const LISTED: [Self; 3] = [Self::Weth, Self::Usdc, Self::Dai];

    /// Symbol; the label of its mint's key, and of its feed.
    #[must_use]
    pub const fn symbol(self) -> &'static str {
        match self {
            Self::Weth => "WETH",
            Self::Usdc => "USDC",
            Self::Dai => "DAI",
            Self::Wbtc => "WBTC",
        }
    }

    /// Decimals of its mint.
    #[must_use]
    pub const fn decimals(self) -> u8 {
        match self {
            Self::Weth | Self::Dai => 9,
            Self::Usdc => 6,
            Self::Wbtc => 8,
        }
    }

    /// Native units of `tokens` whole tokens.
    ///
    /// # Panics
    /// When that is more than a token account holds.
    #[must_use]
    pub const fn whole(self, tokens: u64) -> Amount {
        match tokens.checked_mul(10_u64.pow(self.decimals() as u32)) {
            Some(units) => Amount(units),
            None => panic!("more tokens than an account holds"),
        }
    }

    /// Price at the start of a world.
    #[must_use]
    pub const fn par(self) -> Price {
        let dollars = match self {
            Self::Weth => 2_000,
            Self::Usdc | Self::Dai => 1,
            Self::Wbtc => 30_000,
        };
        Price(dollars * WAD)
    }

    /// What each person is given of it.
    #[must_use]
    pub const fn funding(self) -> Amount {
        match self {
            Self::Weth => self.whole(10_000),
            Self::Usdc | Self::Dai => self.whole(10_000_000),
            Self::Wbtc => self.whole(1_000),
        }
    }
}

/// The pools of a world.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum PoolId {
    /// The first.
    Harbour,
    /// The second.
    Lagoon,
}

impl PoolId {
    /// Place in a table of both.
    pub(super) const fn place(self) -> usize {
        self as usize
    }

    /// Both.
    pub const ALL: [Self; 2] = [Self::Harbour, Self::Lagoon];

    /// Name; part of the pool's address.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Harbour => "harbour",
            Self::Lagoon => "lagoon",
        }
    }

    /// The other one.
    #[must_use]
    pub const fn other(self) -> Self {
        match self {
            Self::Harbour => Self::Lagoon,
            Self::Lagoon => Self::Harbour,
        }
    }
}
