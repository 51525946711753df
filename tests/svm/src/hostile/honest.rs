//! Every instruction of both programs, as an honest client would write it; who owns what decides
//! whether it succeeds.

use cofferdam_host::{
    Address, ProgramError,
    cpi::{SYSTEM_PROGRAM_ID, TOKEN_PROGRAM_ID},
};
use cofferdam_sdk::Instruction;
use rand_chacha::ChaCha8Rng;
use solana_system_interface::instruction as system;
use spl_token_interface::instruction::{self as spl, AuthorityType};

use super::{
    below,
    cast::{Cast, LENGTHS, SEEDS},
    one,
};

/// Lamports that are next to nothing, enough for rent, and more than anybody has.
const LAMPORTS: [u64; 6] = [0, 1, 890_880, 2_100_000, 5_000_000, u64::MAX];
/// Amounts of tokens.
const AMOUNTS: [u64; 7] = [0, 1, 7, 500, 1_000, 1_001, u64::MAX];

/// What an instruction is made of.
struct Draw {
    people: [Address; 2],
    /// Token accounts of these two, of one mint.
    accounts: [Address; 2],
    mint: Address,
    fresh: Address,
    /// Who signs for the first: mostly himself, sometimes the multisig with two of its members.
    authority: Address,
    members: Vec<Address>,
    amount: u64,
    lamports: u64,
    space: u64,
    owner: Address,
    seed: &'static str,
}

pub(super) fn instruction(cast: &Cast, rng: &mut ChaCha8Rng) -> Instruction {
    let draw = Draw::of(cast, rng);
    match below(rng, 3) {
        0 => draw.system(rng),
        _ => draw.token(rng).expect("the token program's builders take any address"),
    }
}

impl Draw {
    fn of(cast: &Cast, rng: &mut ChaCha8Rng) -> Self {
        let people = [one(rng, &cast.people), one(rng, &cast.people)];
        let mint = one(rng, &cast.mints);
        let by_multisig = below(rng, 6) == 0;
        Self {
            accounts: people.map(|person| cofferdam_sdk::token::account_address(&person, &mint)),
            authority: if by_multisig { cast.multisig } else { people[0] },
            members: if by_multisig { cast.people[1..3].to_vec() } else { Vec::new() },
            fresh: one(rng, &cast.fresh),
            amount: one(rng, &AMOUNTS),
            lamports: one(rng, &LAMPORTS),
            space: one(rng, &[0, 1, LENGTHS[0], LENGTHS[0], LENGTHS[1], LENGTHS[2], 10_485_761]),
            owner: one(rng, &[TOKEN_PROGRAM_ID, TOKEN_PROGRAM_ID, SYSTEM_PROGRAM_ID, people[1]]),
            seed: one(rng, &SEEDS),
            people,
            mint,
        }
    }

    fn system(&self, rng: &mut ChaCha8Rng) -> Instruction {
        let ([from, to], fresh, seed) = (&self.people, &self.fresh, self.seed);
        let (lamports, space, owner) = (self.lamports, self.space, &self.owner);
        let beside = Address::create_with_seed(from, seed, owner).unwrap_or_default();
        match below(rng, 9) {
            0 => system::transfer(from, one(rng, &[to, fresh]), lamports),
            1 => system::create_account(from, fresh, lamports, space, owner),
            2 => {
                system::create_account_with_seed(from, &beside, from, seed, lamports, space, owner)
            }
            3 => system::create_account_allow_prefund(fresh, Some((from, lamports)), space, owner),
            4 => system::assign(one(rng, &[from, fresh]), owner),
            5 => system::assign_with_seed(&beside, from, seed, owner),
            6 => system::allocate(one(rng, &[from, fresh]), space),
            7 => system::allocate_with_seed(&beside, from, seed, space, owner),
            _ => system::transfer_with_seed(&beside, from, seed.into(), owner, to, lamports),
        }
    }

    fn token(&self, rng: &mut ChaCha8Rng) -> Result<Instruction, ProgramError> {
        match below(rng, 3) {
            0 => self.begin(rng),
            1 => self.govern(rng),
            _ => self.spend(rng),
        }
    }

    /// Mints, accounts and multisigs.
    fn begin(&self, rng: &mut ChaCha8Rng) -> Result<Instruction, ProgramError> {
        let (id, fresh, mint, [person, other]) =
            (&TOKEN_PROGRAM_ID, &self.fresh, &self.mint, &self.people);
        let freezer = (self.amount > 500).then_some(other);
        match below(rng, 9) {
            0 => spl::initialize_mint(id, fresh, person, freezer, 6),
            1 => spl::initialize_mint2(id, fresh, person, freezer, 6),
            2 => spl::initialize_account(id, fresh, mint, person),
            3 => spl::initialize_account2(id, fresh, mint, person),
            4 => spl::initialize_account3(id, fresh, mint, person),
            5 => spl::initialize_multisig(id, fresh, &[person, other], 1),
            6 => spl::initialize_multisig2(id, fresh, &[person, other], 2),
            7 => spl::initialize_immutable_owner(id, fresh),
            _ => spl::get_account_data_size(id, mint),
        }
    }

    /// Authorities, freezing and the end of accounts.
    fn govern(&self, rng: &mut ChaCha8Rng) -> Result<Instruction, ProgramError> {
        use AuthorityType as Kind;
        let (id, mint, authority) = (&TOKEN_PROGRAM_ID, &self.mint, &self.authority);
        let ([account, other], members) = (&self.accounts, &self.members());
        let next = (self.amount > 1).then_some(&self.people[1]);
        let kinds = [Kind::MintTokens, Kind::FreezeAccount, Kind::AccountOwner, Kind::CloseAccount];
        let kind = kinds.into_iter().nth(usize::try_from(below(rng, 4)).unwrap_or_default());
        let kind = kind.unwrap_or(Kind::CloseAccount);
        match below(rng, 7) {
            0 => spl::set_authority(id, mint, next, kind, authority, members),
            1 => spl::set_authority(id, account, next, kind, authority, members),
            2 => spl::close_account(id, account, other, authority, members),
            3 => spl::freeze_account(id, account, mint, authority, members),
            4 => spl::thaw_account(id, account, mint, authority, members),
            5 => spl::revoke(id, account, authority, members),
            _ => spl::sync_native(id, account),
        }
    }

    /// Everything that moves tokens.
    fn spend(&self, rng: &mut ChaCha8Rng) -> Result<Instruction, ProgramError> {
        let (id, mint, authority) = (&TOKEN_PROGRAM_ID, &self.mint, &self.authority);
        let ([from, to], members) = (&self.accounts, &self.members());
        let (delegate, amount) = (&self.people[1], self.amount);
        match below(rng, 8) {
            0 => spl::transfer(id, from, to, authority, members, amount),
            1 => spl::transfer_checked(id, from, mint, to, authority, members, amount, 9),
            2 => spl::approve(id, from, delegate, authority, members, amount),
            3 => spl::approve_checked(id, from, mint, delegate, authority, members, amount, 9),
            4 => spl::mint_to(id, mint, to, authority, members, amount),
            5 => spl::mint_to_checked(id, mint, to, authority, members, amount, 9),
            6 => spl::burn(id, from, mint, authority, members, amount),
            _ => spl::burn_checked(id, from, mint, authority, members, amount, 9),
        }
    }

    fn members(&self) -> Vec<&Address> {
        self.members.iter().collect()
    }
}
