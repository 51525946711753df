//! Single accounts, in the format that `solana account --output json` writes.

use cofferdam_host::Address;
use serde::{Deserialize, Serialize};
use solana_account::Account;

use super::error::{FixtureError, parse};
use crate::{cheats::Cheats, journal::text};

const ENCODING: &str = "base64";

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Fixture {
    #[serde(with = "text::address")]
    pubkey: Address,
    account: Body,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Body {
    lamports: u64,
    /// The text and its encoding.
    data: (String, String),
    #[serde(with = "text::address")]
    owner: Address,
    executable: bool,
    rent_epoch: u64,
    /// Length of the data in bytes. Older files do not have it.
    space: Option<usize>,
}

/// An account in the format that `solana account --output json` writes.
#[must_use]
pub fn fixture(address: &Address, account: &Account) -> String {
    let Account { lamports, owner, executable, rent_epoch, .. } = *account;
    let data = (text::base64::encode(&account.data), ENCODING.to_owned());
    let space = Some(account.data.len());
    let body = Body { lamports, data, owner, executable, rent_epoch, space };
    let fixture = Fixture { pubkey: *address, account: body };
    // A plain struct with text keys: serialising it has no way to fail.
    let mut json = serde_json::to_string_pretty(&fixture).unwrap_or_default();
    json.push('\n');
    json
}

impl Cheats<'_> {
    /// Writes the account of a fixture, under no rule, as [`Cheats::set_account`] does. Returns
    /// its address.
    ///
    /// The account keeps its balance, whatever this ledger asks for rent, and its executable
    /// flag; code it may hold does not run here, so to call it the ledger needs a program of
    /// the same address.
    ///
    /// # Errors
    /// [`FixtureError`] when the text is not such a fixture; nothing changes then.
    pub fn load_fixture(&mut self, json: &str) -> Result<Address, FixtureError> {
        let (address, account) = read(json)?;
        self.set_account(&address, account)?;
        Ok(address)
    }
}

fn read(json: &str) -> Result<(Address, Account), FixtureError> {
    let Fixture { pubkey: address, account: body } = parse(json)?;
    let (encoded, encoding) = body.data;
    if encoding != ENCODING {
        return Err(FixtureError::Encoding { address, found: encoding });
    }
    let data = text::base64::decode(&encoded).map_err(|error| FixtureError::Damaged {
        field: "account.data[0]".to_owned(),
        problem: error.to_string(),
    })?;
    let found = data.len();
    if let Some(space) = body.space.filter(|space| *space != found) {
        return Err(FixtureError::Cut { address, space, found });
    }
    if body.lamports == 0 {
        return Err(FixtureError::NoLamports(address));
    }
    let Body { lamports, owner, executable, rent_epoch, .. } = body;
    Ok((address, Account { lamports, data, owner, executable, rent_epoch }))
}
