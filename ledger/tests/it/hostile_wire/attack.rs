//! Hostile wire input: how valid transactions are damaged, and what must hold whatever is sent.
//!
//! The property tests beside this file and the fuzz target `wire` use it alike, so it depends on
//! nothing else here.

use cofferdam_host::Address;
use cofferdam_ledger::{Genesis, Ledger, Receipt, Rejection, SubmitError};
use solana_hash::Hash;
use solana_instruction::{AccountMeta, Instruction};
use solana_keypair::Keypair;
use solana_message::Message;
use solana_signature::Signature;
use solana_signer::Signer;
use solana_system_interface::instruction as system;
use solana_transaction::Transaction;
use spl_token_interface::{ID as TOKEN, instruction as token};

const SOL: u64 = 1_000_000_000;

/// Bytes of one command of a script.
const COMMAND_LEN: usize = 4;

/// A ledger with something to steal, and valid transactions to damage.
#[derive(Clone, Debug)]
pub(crate) struct Range {
    /// Where they are sent; every attack gets a fork.
    pub(crate) ledger: Ledger,
    valid: Vec<Transaction>,
}

/// Somebody with a key.
fn key(number: u8) -> Keypair {
    Keypair::new_from_array([number; 32])
}

/// Whoever can sign for one of the accounts here.
const KEYS: std::ops::Range<u8> = 1..7;
const ALICE: u8 = 1;
const BOB: u8 = 2;
const MINT: u8 = 3;
const HERS: u8 = 4;
const HIS: u8 = 5;
const NEW: u8 = 6;

impl Range {
    /// Alice and Bob have SOL and a thousand tokens each.
    #[must_use]
    pub(crate) fn new(genesis: Genesis) -> Self {
        let mut ledger = Ledger::new(genesis, []);
        for number in [ALICE, BOB] {
            let wallet = key(number).pubkey();
            let _cheats = ledger.cheat().airdrop(&wallet, SOL).expect("SOL fits");
        }
        let _mint = submit(&mut ledger, &[ALICE, MINT], &make_mint());
        for account in [(ALICE, HERS), (BOB, HIS)] {
            let _account = submit(&mut ledger, &[account.0, account.1], &make_account(account));
            let _minted = submit(&mut ledger, &[ALICE], &[mint_to(account.1)]);
        }
        let valid = valid().iter().map(|(keys, ixs)| signed(&ledger, keys, ixs)).collect();
        Self { ledger, valid }
    }

    /// What a script makes of a valid transaction: its first byte says of which, or that the rest
    /// is sent as it stands; then come commands of four bytes. `None` when what is on the wire in
    /// the end is no transaction at all.
    #[must_use]
    pub(crate) fn transaction(&self, script: &[u8]) -> Option<Transaction> {
        let (first, rest) = script.split_first()?;
        let Some(valid) = self.valid.get(usize::from(*first)) else {
            return bincode::deserialize(rest).ok();
        };
        let mut transaction = valid.clone();
        let commands = || rest.chunks_exact(COMMAND_LEN).map(|c| [c[0], c[1], c[2], c[3]]);
        commands().for_each(|command| change_message(&mut transaction, command));
        let mut wire = bincode::serialize(&transaction).ok()?;
        commands().for_each(|command| change_wire(&mut wire, command));
        bincode::deserialize(&wire).ok()
    }

    /// Sends what a script makes to a fork and checks the answer; see [`attack`].
    pub(crate) fn run(&self, script: &[u8]) -> Option<Result<(), Option<Rejection>>> {
        let transaction = self.transaction(script)?;
        Some(attack(&mut self.ledger.fork(), &transaction))
    }
}

/// Submits a transaction of whatever kind and checks what must hold:
///
/// - turned away, it leaves the ledger as it was, every byte that a dump would hold;
/// - failed, it costs its payer the fee and changes nothing else, and no builtin program panicked;
/// - done, it was signed by all who had to sign, it makes no lamports, and it is not done again;
/// - a simulation says the same.
///
/// Says `Err(Some(_))` when it was turned away, `Err(None)` when it failed.
pub(crate) fn attack(
    ledger: &mut Ledger,
    transaction: &Transaction,
) -> Result<(), Option<Rejection>> {
    let before = ledger.fork();
    let simulated = before.simulate(transaction);
    let answer = ledger.submit(transaction);
    assert_eq!(format!("{simulated:?}"), format!("{answer:?}"), "simulated and submitted");
    match answer {
        Err(SubmitError::Rejected(rejection)) => {
            assert_eq!(before.state_root(), ledger.state_root());
            assert_eq!(before.dump().to_json(), ledger.dump().to_json());
            Err(Some(rejection))
        }
        Err(SubmitError::Failed { receipt, .. }) => {
            check_failure(&before, ledger, transaction, &receipt);
            Err(None)
        }
        Ok(receipt) => {
            check_success(&before, ledger, transaction, &receipt);
            Ok(())
        }
    }
}

fn check_failure(before: &Ledger, after: &Ledger, transaction: &Transaction, receipt: &Receipt) {
    let payer = transaction.message.account_keys[0];
    let changes = before.diff(after);
    let [change] = &changes[..] else { panic!("a failure changed {changes:?}") };
    assert_eq!(change.address, payer);
    // A payer that is left with nothing is gone.
    let mut paid = change.before.as_deref().cloned().expect("a payer has an account");
    paid.lamports = paid.lamports.checked_sub(receipt.fee).expect("a payer can pay");
    assert_eq!(change.after.as_deref(), (paid.lamports > 0).then_some(&paid));
    let failure = receipt.failure.as_ref().map(|failure| &failure.error);
    assert_ne!(format!("{failure:?}"), "Some(ProgramFailedToComplete)", "a program panicked");
    check_once(after, transaction);
}

fn check_success(before: &Ledger, after: &Ledger, transaction: &Transaction, receipt: &Receipt) {
    let signed = transaction.verify().is_ok() || !before.genesis().verify_signatures;
    assert!(signed, "done without the signatures it needs: {transaction:?}");
    let sum = |ledger: &Ledger| -> u128 {
        ledger.accounts().map(|(_, account)| u128::from(account.lamports)).sum()
    };
    assert_eq!(sum(before) - u128::from(receipt.fee), sum(after), "lamports");
    check_once(after, transaction);
}

/// What ran does not run again.
fn check_once(ledger: &Ledger, transaction: &Transaction) {
    let again = ledger.simulate(transaction);
    let seen = matches!(again, Err(SubmitError::Rejected(Rejection::AlreadyProcessed(_))));
    assert!(seen, "ran twice: {again:?}");
}

/// One change of the message; a command that is none of these is for the wire.
fn change_message(transaction: &mut Transaction, [command, a, b, c]: [u8; COMMAND_LEN]) {
    let at = |len: usize, index: u8| usize::from(index).checked_rem(len);
    let message = &mut transaction.message;
    let keys = message.account_keys.len();
    let instruction = at(message.instructions.len(), a);
    match (command, at(keys, a), at(keys, b)) {
        // Twice the same account; two accounts that change places.
        (0, Some(a), Some(b)) => message.account_keys[a] = message.account_keys[b],
        (1, Some(a), Some(b)) => message.account_keys.swap(a, b),
        (2, Some(_), Some(_)) => message.account_keys.push(key(a).pubkey()),
        (3, ..) => message.header.num_required_signatures = a,
        (4, ..) => message.header.num_readonly_signed_accounts = a,
        (5, ..) => message.header.num_readonly_unsigned_accounts = a,
        (6, ..) => message.recent_blockhash = Hash::new_from_array([a; 32]),
        (7, ..) => transaction.signatures.truncate(usize::from(a)),
        (8, ..) => transaction.signatures.resize(usize::from(a), Signature::from([b; 64])),
        (9, ..) => transaction.signatures.reverse(),
        (10..=14, ..) => {
            let instructions = &mut message.instructions;
            let Some(index) = instruction else { return };
            let chosen = &mut instructions[index];
            match (command, at(chosen.accounts.len(), b)) {
                (10, _) => chosen.program_id_index = b,
                (11, Some(account)) => chosen.accounts[account] = c,
                (12, _) => chosen.accounts.push(b),
                // From a few bytes to more than a packet holds.
                (13, _) => chosen.data.resize(usize::from(b) * 8, c),
                (14, _) => {
                    let copy = chosen.clone();
                    instructions.push(copy);
                }
                _ => {}
            }
        }
        (15, ..) => sign_as_far_as_possible(transaction),
        _ => {}
    }
}

/// Signs what was changed, so that it comes further than to the check of its signatures.
fn sign_as_far_as_possible(transaction: &mut Transaction) {
    let bytes = transaction.message.serialize();
    let needed = usize::from(transaction.message.header.num_required_signatures);
    let signers = transaction.message.account_keys.iter().take(needed);
    let sign = |address: &Address| {
        let signer = KEYS.map(key).find(|key| key.pubkey() == *address);
        signer.map_or_else(Signature::default, |key| key.sign_message(&bytes))
    };
    transaction.signatures = signers.map(sign).collect();
}

/// One change of the bytes on the wire; a command that is none of these was for the message.
fn change_wire(wire: &mut Vec<u8>, [command, a, b, c]: [u8; COMMAND_LEN]) {
    let position = usize::from(u16::from_le_bytes([a, b])).checked_rem(wire.len());
    match (command, position) {
        (16, Some(at)) => wire[at] ^= 1 << (c % 8),
        (17, Some(at)) => wire[at] = c,
        (18, Some(at)) => wire.truncate(at),
        (19, Some(at)) => wire.insert(at, c),
        (20, Some(at)) => drop(wire.remove(at)),
        (21, _) => wire.resize(wire.len() + usize::from(a) * 8, c),
        _ => {}
    }
}

fn signed(ledger: &Ledger, keys: &[u8], ixs: &[Instruction]) -> Transaction {
    let signers: Vec<_> = keys.iter().copied().map(key).collect();
    let message = Message::new(ixs, Some(&signers[0].pubkey()));
    Transaction::new(&signers.iter().collect::<Vec<_>>(), message, ledger.latest_blockhash())
}

fn submit(ledger: &mut Ledger, keys: &[u8], ixs: &[Instruction]) -> Receipt {
    let transaction = signed(ledger, keys, ixs);
    ledger.submit(&transaction).expect("the range is set up by the rules")
}

fn make_mint() -> [Instruction; 2] {
    let (alice, mint) = (key(ALICE).pubkey(), key(MINT).pubkey());
    let create = system::create_account(&alice, &mint, SOL / 100, 82, &TOKEN);
    let initialize = token::initialize_mint2(&TOKEN, &mint, &alice, Some(&alice), 6);
    [create, initialize.expect("a mint")]
}

fn make_account((owner, account): (u8, u8)) -> [Instruction; 2] {
    let (owner, account, mint) = (key(owner).pubkey(), key(account).pubkey(), key(MINT).pubkey());
    let create = system::create_account(&owner, &account, SOL / 100, 165, &TOKEN);
    let initialize = token::initialize_account3(&TOKEN, &account, &mint, &owner);
    [create, initialize.expect("an account")]
}

fn mint_to(account: u8) -> Instruction {
    let (mint, to, authority) = (key(MINT).pubkey(), key(account).pubkey(), key(ALICE).pubkey());
    token::mint_to(&TOKEN, &mint, &to, &authority, &[], 1_000).expect("an instruction")
}

/// One transaction of every shape: one signer and several, one instruction and several, accounts
/// made, tokens moved, accounts listed twice.
fn valid() -> Vec<(Vec<u8>, Vec<Instruction>)> {
    let [alice, bob, mint, hers, his, new] =
        [ALICE, BOB, MINT, HERS, HIS, NEW].map(|n| key(n).pubkey());
    let pay = |lamports| system::transfer(&alice, &bob, lamports);
    let move_tokens = token::transfer(&TOKEN, &hers, &his, &alice, &[], 7);
    let move_tokens = move_tokens.expect("an instruction");
    let burn = token::burn(&TOKEN, &his, &mint, &bob, &[], 3).expect("an instruction");
    let close = token::close_account(&TOKEN, &hers, &alice, &alice, &[]).expect("an instruction");
    let mut to_herself = pay(3);
    to_herself.accounts[1] = AccountMeta::new(alice, false);
    vec![
        (vec![ALICE], vec![pay(5)]),
        (vec![ALICE, NEW], vec![system::create_account(&alice, &new, SOL / 100, 50, &TOKEN)]),
        (vec![ALICE], vec![move_tokens.clone()]),
        (vec![ALICE, BOB], vec![pay(1), move_tokens.clone(), burn.clone(), pay(2)]),
        (vec![BOB], vec![burn]),
        (vec![ALICE], vec![to_herself, mint_to(HIS)]),
        // It fails, and costs the fee: there are tokens left.
        (vec![ALICE], vec![move_tokens, close]),
        (vec![ALICE], vec![]),
    ]
}
