//! From what people type to addresses. A seeded name needs no record: its key follows from the
//! ledger's seed. Pools and feeds are found by the names they carry.

use std::str::FromStr;

use cofferdam_sdk::{
    Address, Market, PositionView, Signer, address,
    instruction::padded,
    interface::state::{Pool, PriceFeed},
    keys::seeded,
    ledger::ReadError,
    listing::text,
};

use crate::{desk::Desk, fault::Fault, options::InPool};

/// Label of a token's mint key; the stroke keeps it apart from every person's name.
pub(crate) fn token_label(symbol: &str) -> String {
    format!("token/{symbol}")
}

/// Refuses what cannot be a name.
pub(crate) fn check(name: &str) -> Result<(), Fault> {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
    if name.is_empty() || !name.chars().all(plain) {
        let text = format!("{name:?} is no name; use letters, digits, - _ and .");
        return Err(Fault::Input(text));
    }
    Ok(())
}

/// Zero-padded bytes of a name that must fit.
pub(crate) fn bytes<const N: usize>(field: &str, name: &str) -> Result<[u8; N], Fault> {
    let long = || Fault::Input(format!("{field} is {name:?}, longer than {N} bytes"));
    check(name)?;
    padded(name).ok_or_else(long)
}

impl Desk {
    /// A person, by address or by seeded name.
    pub(crate) fn person(&self, name: &str) -> Result<Address, Fault> {
        match Address::from_str(name) {
            Ok(address) => Ok(address),
            Err(_) => check(name).map(|()| seeded(self.seed(), name).pubkey()),
        }
    }

    /// A mint, by address or by symbol.
    pub(crate) fn mint(&self, token: &str) -> Result<Address, Fault> {
        let by_symbol = || seeded(self.seed(), &token_label(token)).pubkey();
        let mint = Address::from_str(token).unwrap_or_else(|_| by_symbol());
        if self.decimals(&mint).is_none() {
            let text =
                format!("there is no token {token}; make it: cofferdam token create {token}");
            return Err(Fault::Input(text));
        }
        Ok(mint)
    }

    /// Decimals of a mint; `None` for anything else.
    pub(crate) fn decimals(&self, mint: &Address) -> Option<u8> {
        let account = self.ledger().account(mint)?;
        let is_token = account.owner == cofferdam_host::cpi::TOKEN_PROGRAM_ID;
        is_token.then(|| cofferdam_host::cpi::mint_decimals(&account.data).ok())?
    }

    /// Symbol of a mint, as far as a feed knows one that stands for it; else its address.
    pub(crate) fn symbol(&self, mint: &Address) -> String {
        let stands_for =
            |symbol: &String| seeded(self.seed(), &token_label(symbol)).pubkey() == *mint;
        let symbols = self.feeds().into_iter().map(|(_, feed)| text(&feed.symbol));
        symbols.into_iter().find(stands_for).unwrap_or_else(|| mint.to_string())
    }

    /// All feeds.
    pub(crate) fn feeds(&self) -> Vec<(Address, PriceFeed)> {
        self.all()
    }

    /// All pools.
    pub(crate) fn pools(&self) -> Vec<(Address, Pool)> {
        self.all()
    }

    /// A feed, by address or by symbol. Anybody may make a feed of any symbol, so the signer's
    /// own comes first and of strangers' only a single one is taken.
    pub(crate) fn feed(&self, name: &str, signer: &Address) -> Result<Address, Fault> {
        let symbol = bytes("symbol", name);
        let (own, _) = address::feed(signer, &symbol.unwrap_or_default());
        let feeds = self.feeds();
        if feeds.iter().any(|(address, _)| *address == own) {
            return Ok(own);
        }
        one("feed", name, feeds.into_iter().map(|(at, feed)| (at, text(&feed.symbol))))
            .map_err(|fault| fault.with("cofferdam oracle create"))
    }

    /// A pool, by address or name, or the only one there is.
    pub(crate) fn pool(&self, pool: &InPool) -> Result<Address, Fault> {
        let named = self.pools().into_iter().map(|(at, pool)| (at, text(&pool.name)));
        let found = match &pool.pool {
            Some(name) => one("pool", name, named),
            None => {
                let pools: Vec<_> = named.collect();
                match pools.as_slice() {
                    [(only, _)] => return Ok(*only),
                    [] => Err(Fault::Input("there is no pool".into())),
                    _ => Err(Fault::Input("there are several pools; say which: --pool".into())),
                }
            }
        };
        found.map_err(|fault| fault.with("cofferdam pool create"))
    }

    /// A pool at this moment.
    pub(crate) fn market(&self, pool: &InPool) -> Result<Market, Fault> {
        Ok(self.client.market(&self.pool(pool)?)?)
    }

    /// A position of a pool, by address or as OWNER or OWNER:NUMBER.
    pub(crate) fn position(&self, market: &Market, name: &str) -> Result<PositionView, Fault> {
        let found = Address::from_str(name).ok().and_then(|at| self.client.position(&at).ok());
        let view = match found {
            Some(view) => view,
            None => self.position_of(market, name)?,
        };
        if view.state.pool != market.address {
            let text = format!("position {name} is in another pool; say which: --pool");
            return Err(Fault::Input(text));
        }
        Ok(view)
    }

    fn position_of(&self, market: &Market, name: &str) -> Result<PositionView, Fault> {
        let (owner, number) = name.split_once(':').unwrap_or((name, "0"));
        let number = number.parse().map_err(|_| {
            Fault::Input(format!(
                "{name:?} names no position; use OWNER, OWNER:NUMBER or an address"
            ))
        })?;
        let (at, _) = address::position(&market.address, &self.person(owner)?, number);
        self.client.position(&at).map_err(|_| {
            Fault::Input(format!(
                "{owner} has no position {number} in {}; open it: cofferdam position open",
                self.pool_name(market)
            ))
        })
    }

    /// Name of a market's pool.
    pub(crate) fn pool_name(&self, market: &Market) -> String {
        text(&market.pool.name)
    }

    fn all<T: cofferdam_host::AccountData>(&self) -> Vec<(Address, T)> {
        let typed = |(address, _)| {
            let read: Result<T, ReadError> = self.ledger().get(&address);
            read.ok().map(|state| (address, state))
        };
        self.ledger().accounts_owned_by(&T::OWNER).filter_map(typed).collect()
    }
}

/// The one that `name` means, by address or by its own name.
fn one(
    what: &str,
    name: &str,
    all: impl Iterator<Item = (Address, String)>,
) -> Result<Address, Fault> {
    let fits = |(at, own): &(Address, String)| at.to_string() == name || own == name;
    let found: Vec<_> = all.filter(fits).collect();
    match found.as_slice() {
        [(only, _)] => Ok(*only),
        [] => Err(Fault::Input(format!("there is no {what} {name}"))),
        _ => {
            let places: Vec<_> = found.iter().map(|(at, _)| at.to_string()).collect();
            let places = places.join(", ");
            Err(Fault::Input(format!("{what} {name} is ambiguous; use an address: {places}")))
        }
    }
}
