use std::io::{self, Write};

use cofferdam_host::{AccountData, decode_account};
use cofferdam_ledger::{Receipt, message_bytes};
use cofferdam_lending_interface::state::{
    Pool, Position, PriceFeed, QueuedPoolChange, QueuedReserveChange, Reserve, Stake,
};
use smallvec::SmallVec;
use solana_address::Address;
use solana_instruction::Instruction;
use solana_signer::Signer;
use solana_transaction::Transaction;

use crate::{Backend, ClientError, Market, address, listing::Listing, message, view::PositionView};

/// Signs, submits and reads. The first signer of a transaction pays its fee.
#[derive(Clone, Debug)]
pub struct Client<B> {
    backend: B,
}

/// A transaction in the making.
#[must_use = "a transaction does nothing until it is signed and sent"]
#[derive(Debug)]
pub struct Tx<'c, B> {
    client: &'c mut Client<B>,
    instructions: Vec<Instruction>,
}

/// A signed transaction, ready to go.
#[must_use = "a transaction does nothing until it is sent"]
#[derive(Debug)]
pub struct SignedTx<'c, B> {
    client: &'c mut Client<B>,
    transaction: Transaction,
}

impl<B: Backend> Client<B> {
    /// A client of `backend`.
    pub const fn new(backend: B) -> Self {
        Self { backend }
    }

    /// The chain.
    pub const fn backend(&self) -> &B {
        &self.backend
    }

    /// The chain, to be changed: warps and cheats of a local ledger.
    pub const fn backend_mut(&mut self) -> &mut B {
        &mut self.backend
    }

    /// The chain again, without the client.
    pub fn into_backend(self) -> B {
        self.backend
    }

    /// Begins a transaction.
    pub const fn tx(&mut self) -> Tx<'_, B> {
        Tx { client: self, instructions: Vec::new() }
    }

    /// Puts instructions that are kept elsewhere into a transaction and signs it, as [`Tx::sign`]
    /// does.
    pub fn sign<I>(&mut self, instructions: &[Instruction], signers: I) -> SignedTx<'_, B>
    where
        I: IntoIterator<Item: Signer>,
    {
        let signers: SmallVec<[I::Item; 4]> = signers.into_iter().collect();
        let payer = signers.first().and_then(|signer| signer.try_pubkey().ok());
        let blockhash = self.backend.latest_blockhash();
        let message = message::compile(instructions, payer.as_ref(), &blockhash);
        let required = usize::from(message.header.num_required_signatures);
        let data = message_bytes(&message);
        let find =
            |key| signers.iter().find(|signer| signer.try_pubkey().ok().as_ref() == Some(key));
        let sign = |key| find(key).and_then(|signer| signer.try_sign_message(&data).ok());
        let signatures =
            message.account_keys[..required].iter().map(|key| sign(key).unwrap_or_default());
        let transaction = Transaction { signatures: signatures.collect(), message };
        SignedTx { client: self, transaction }
    }

    /// A pool.
    ///
    /// # Errors
    /// [`ClientError::Missing`] and [`ClientError::WrongAccount`].
    pub fn pool(&self, address: &Address) -> Result<Pool, ClientError> {
        self.read(address)
    }

    /// A reserve as it stands on the chain, interest up to its last change only.
    ///
    /// # Errors
    /// [`ClientError::Missing`] and [`ClientError::WrongAccount`].
    pub fn reserve(&self, address: &Address) -> Result<Reserve, ClientError> {
        self.read(address)
    }

    /// A price feed.
    ///
    /// # Errors
    /// [`ClientError::Missing`] and [`ClientError::WrongAccount`].
    pub fn feed(&self, address: &Address) -> Result<PriceFeed, ClientError> {
        self.read(address)
    }

    /// A position.
    ///
    /// # Errors
    /// [`ClientError::Missing`] and [`ClientError::WrongAccount`].
    pub fn position(&self, address: &Address) -> Result<PositionView, ClientError> {
        let state: Position = self.read(address)?;
        Ok(PositionView { address: *address, state })
    }

    /// The change that waits for a reserve.
    ///
    /// # Errors
    /// [`ClientError::Missing`] when none does, and [`ClientError::WrongAccount`].
    pub fn reserve_change(&self, reserve: &Address) -> Result<QueuedReserveChange, ClientError> {
        self.read(&address::change(reserve).0)
    }

    /// The change that waits for a pool's own parameters.
    ///
    /// # Errors
    /// [`ClientError::Missing`] when none does, and [`ClientError::WrongAccount`].
    pub fn pool_change(&self, pool: &Address) -> Result<QueuedPoolChange, ClientError> {
        self.read(&address::change(pool).0)
    }

    /// A stake in an insurance fund.
    ///
    /// # Errors
    /// [`ClientError::Missing`] and [`ClientError::WrongAccount`].
    pub fn stake(&self, address: &Address) -> Result<Stake, ClientError> {
        self.read(address)
    }

    /// All stakes in a reserve's insurance fund, in order of address.
    #[must_use]
    pub fn stakes(&self, reserve: &Address) -> Vec<Stake> {
        let accounts = self.backend.accounts_owned_by(&Stake::OWNER);
        let stakes = accounts.iter().filter_map(|(_, account)| decode_account(&account.data).ok());
        stakes.filter(|stake: &Stake| stake.reserve == *reserve).collect()
    }

    /// All positions of a pool, in order of address.
    #[must_use]
    pub fn positions(&self, pool: &Address) -> Vec<PositionView> {
        let accounts = self.backend.accounts_owned_by(&Position::OWNER);
        let positions = accounts.iter().filter_map(|(address, account)| {
            let state = decode_account::<Position>(&account.data).ok()?;
            (state.pool == *pool).then_some(PositionView { address: *address, state })
        });
        positions.collect()
    }

    /// A pool with all its reserves and prices, interest up to now.
    ///
    /// # Errors
    /// [`ClientError::Missing`], [`ClientError::WrongAccount`], [`ClientError::Preview`].
    pub fn market(&self, pool: &Address) -> Result<Market, ClientError> {
        Market::read(self, pool)
    }

    fn read<T: AccountData>(&self, address: &Address) -> Result<T, ClientError> {
        let (what, address) = (T::NAME, *address);
        let account =
            self.backend.account(&address).ok_or(ClientError::Missing { what, address })?;
        if account.owner != T::OWNER {
            let error = cofferdam_host::ProgramError::InvalidAccountOwner;
            return Err(ClientError::WrongAccount { what, address, error });
        }
        decode_account(&account.data).map_err(|error| ClientError::WrongAccount {
            what,
            address,
            error,
        })
    }
}

impl<'c, B: Backend> Tx<'c, B> {
    /// Adds an instruction.
    pub fn push(mut self, instruction: Instruction) -> Self {
        self.instructions.push(instruction);
        self
    }

    /// Adds several instructions.
    pub fn extend(mut self, instructions: impl IntoIterator<Item = Instruction>) -> Self {
        self.instructions.extend(instructions);
        self
    }

    /// Signs with a fresh blockhash. The first signer pays the fee; a signer that no instruction
    /// asks for is left out. A signature that is missing shows when the transaction is sent.
    pub fn sign<I>(self, signers: I) -> SignedTx<'c, B>
    where
        I: IntoIterator<Item: Signer>,
    {
        self.client.sign(&self.instructions, signers)
    }
}

impl<B: Backend> SignedTx<'_, B> {
    /// The transaction itself.
    pub const fn transaction(&self) -> &Transaction {
        &self.transaction
    }

    /// Submits it.
    ///
    /// # Errors
    /// [`ClientError::Lending`] when the program refused; [`ClientError::Submit`] otherwise.
    pub fn send(self) -> Result<Receipt, ClientError> {
        Ok(self.client.backend.submit(&self.transaction)?)
    }

    /// Runs it and forgets what it did.
    ///
    /// # Errors
    /// Those of [`SignedTx::send`].
    pub fn simulate(&self) -> Result<Receipt, ClientError> {
        Ok(self.client.backend.simulate(&self.transaction)?)
    }

    /// The transaction in words: instructions decoded, accounts with their roles.
    #[must_use]
    pub const fn listing(&self) -> Listing<'_> {
        Listing::new(&self.transaction)
    }

    /// Prints [`SignedTx::listing`] to standard output and hands the transaction back, so that it
    /// stands anywhere in a chain: `.sign([&alice]).print().send()`. A closed pipe is no failure.
    pub fn print(self) -> Self {
        let _ = write!(io::stdout().lock(), "{}", self.listing());
        self
    }
}
