//! Who acts in hostile transactions, and what they own.

use cofferdam_host::{
    Address,
    cpi::{MINT_LEN, TOKEN_ACCOUNT_LEN, TOKEN_PROGRAM_ID},
};
use cofferdam_ledger::{Genesis, Ledger};
use cofferdam_sdk::{
    Client, ClientError, Instruction, Keypair, Signer, interface::units::Amount, keys::seeded,
    local, token,
};
use solana_account::Account;
use solana_system_interface::instruction as system;
use spl_token_interface::{instruction as spl, native_mint};

const SEED: u64 = 7;
const LAMPORTS: u64 = 10_000_000_000;
/// Tokens of each person, of each mint.
const TOKENS: u64 = 1_000;
const MULTISIG_LEN: usize = 355;
/// Bytes of a token account, a mint and a multisig.
pub(super) const LENGTHS: [u64; 3] =
    [TOKEN_ACCOUNT_LEN as u64, MINT_LEN as u64, MULTISIG_LEN as u64];
/// Seeds of the accounts that stand beside a person's address.
pub(super) const SEEDS: [&str; 2] = ["a", "another"];

/// Keys and addresses.
#[derive(Debug)]
pub(super) struct Cast {
    /// People first, then keys whose accounts are created on the way.
    keys: Vec<Keypair>,
    pub(super) people: Vec<Address>,
    pub(super) fresh: Vec<Address>,
    /// Two mints of their own, and the one of wrapped lamports.
    pub(super) mints: Vec<Address>,
    /// Of every person and every mint.
    pub(super) token_accounts: Vec<Address>,
    pub(super) multisig: Address,
}

impl Clone for Cast {
    fn clone(&self) -> Self {
        Self::named()
    }
}

impl Cast {
    fn named() -> Self {
        let keys_of =
            |names: &[&str]| names.iter().map(|name| seeded(SEED, name)).collect::<Vec<_>>();
        let people = keys_of(&["payer", "ann", "ben", "cem"]);
        let rest = keys_of(&["red", "blue", "many", "new", "newer", "newest"]);
        let addresses = |keys: &[Keypair]| keys.iter().map(Signer::pubkey).collect::<Vec<_>>();
        let (people_at, rest_at) = (addresses(&people), addresses(&rest));
        let mints = vec![rest_at[0], rest_at[1], native_mint::ID];
        let accounts = people_at.iter().flat_map(|person| {
            mints.iter().map(|mint| token::account_address(person, mint)).collect::<Vec<_>>()
        });
        Self {
            token_accounts: accounts.collect(),
            keys: people.into_iter().chain(rest).collect(),
            people: people_at,
            fresh: rest_at[3..].to_vec(),
            multisig: rest_at[2],
            mints,
        }
    }

    /// The cast, and a ledger on which everybody has lamports and tokens.
    pub(super) fn funded() -> Result<(Self, Ledger), ClientError> {
        let cast = Self::named();
        let mut ledger = local::ledger(Genesis::default());
        for person in &cast.people {
            let _cheats = ledger.cheat().airdrop(person, LAMPORTS)?;
        }
        let _cheats = ledger.cheat().set_account(&native_mint::ID, wrapped_lamports())?;
        let mut client = Client::new(ledger);
        for instructions in cast.setup(client.backend()) {
            let _receipt = client.tx().extend(instructions).sign(cast.keys()).send()?;
        }
        Ok((cast, client.into_backend()))
    }

    pub(super) fn payer(&self) -> Address {
        self.people[0]
    }

    pub(super) fn keys(&self) -> &[Keypair] {
        &self.keys
    }

    /// Every address that a changed instruction may name.
    pub(super) fn addresses(&self) -> Vec<Address> {
        let seeded = self.people.iter().flat_map(|person| {
            SEEDS.map(|seed| Address::create_with_seed(person, seed, &TOKEN_PROGRAM_ID))
        });
        let all = [&self.people, &self.fresh, &self.mints, &self.token_accounts];
        let all = all.into_iter().flatten().copied().chain(seeded.flatten());
        all.chain([self.multisig, TOKEN_PROGRAM_ID]).collect()
    }

    /// One list a transaction.
    fn setup(&self, ledger: &Ledger) -> Vec<Vec<Instruction>> {
        let (payer, program) = (self.payer(), TOKEN_PROGRAM_ID);
        let rent = |len: usize| ledger.minimum_balance(len);
        let mut all = Vec::new();
        for mint in &self.mints[..2] {
            all.push(token::create_mint(&payer, mint, &self.people[1], 9, rent(MINT_LEN)).to_vec());
        }
        let len = MULTISIG_LEN as u64;
        let create =
            system::create_account(&payer, &self.multisig, rent(MULTISIG_LEN), len, &program);
        let members: Vec<_> = self.people[1..].iter().collect();
        let begin = spl::initialize_multisig2(&program, &self.multisig, &members, 2);
        all.push([create].into_iter().chain(begin).collect());
        for person in &self.people {
            for mint in &self.mints {
                let lamports = rent(TOKEN_ACCOUNT_LEN) + TOKENS;
                all.push(token::create_account(&payer, person, mint, lamports).to_vec());
            }
            let mint = |mint| token::mint_to(mint, person, &self.people[1], Amount(TOKENS));
            all.push(self.mints[..2].iter().map(mint).collect());
        }
        all
    }
}

/// The mint of wrapped lamports as every cluster has it: nine decimals, no authority.
fn wrapped_lamports() -> Account {
    let mut data = vec![0; MINT_LEN];
    (data[44], data[45]) = (9, 1);
    Account { lamports: LAMPORTS, data, owner: TOKEN_PROGRAM_ID, ..Account::default() }
}
