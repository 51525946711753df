//! Sends transactions and keeps count of what became of them.

use cofferdam_sdk::{
    AccountMeta, Address, Client, ClientError, Instruction, Keypair, Signer,
    interface::units::Amount,
    ledger::{Ledger, Receipt, Rejection, SubmitError},
    token,
};

use crate::outcome::Transactions;

/// Signs, sends and counts.
#[derive(Debug)]
pub(super) struct Desk {
    pub(super) client: Client<Ledger>,
    pub(super) counts: Transactions,
    /// Transactions so far that were like an earlier one of their slot.
    repeats: u64,
}

impl Desk {
    pub(super) fn new(ledger: Ledger) -> Self {
        Self { client: Client::new(ledger), counts: Transactions::default(), repeats: 0 }
    }

    /// A desk on a fork of the ledger, with nothing counted yet.
    pub(super) fn fork(&self) -> Self {
        Self::new(self.client.backend().fork())
    }

    /// Sends one transaction; the first signer pays its fee.
    pub(super) fn send(
        &mut self,
        signers: &[&Keypair],
        instructions: impl IntoIterator<Item = Instruction>,
    ) -> Result<Receipt, ClientError> {
        let signers: Vec<&dyn Signer> = signers.iter().map(|key| *key as &dyn Signer).collect();
        let mut instructions: Vec<_> = instructions.into_iter().collect();
        let mut result = self.client.tx().extend(instructions.clone()).sign(&signers).send();
        // To the chain two equal transfers of a slot are one and the same. A payment to oneself,
        // of another amount each time, tells them apart.
        while is_repeat(&result) {
            self.repeats += 1;
            instructions.push(to_oneself(&signers[0].pubkey(), self.repeats));
            result = self.client.tx().extend(instructions.clone()).sign(&signers).send();
        }
        self.counts.submitted += 1;
        match &result {
            Ok(_) => self.counts.succeeded += 1,
            Err(ClientError::Submit(SubmitError::Rejected(_))) => self.counts.rejected += 1,
            Err(_) => self.counts.failed += 1,
        }
        result
    }

    /// The chain's time, unix seconds.
    pub(super) fn now_s(&self) -> i64 {
        self.client.backend().clock().unix_timestamp
    }

    /// What `owner` holds of `mint`.
    pub(super) fn balance(&self, owner: &Keypair, mint: &Address) -> Amount {
        let account = self.client.backend().account(&token::account_address(&owner.pubkey(), mint));
        account.map_or(Amount::ZERO, |account| token::balance(&account.data))
    }
}

/// Whether a transaction was refused as one that the chain has seen.
fn is_repeat(result: &Result<Receipt, ClientError>) -> bool {
    let Err(ClientError::Submit(SubmitError::Rejected(rejection))) = result else { return false };
    matches!(rejection, Rejection::AlreadyProcessed(_))
}

/// A payment of lamports by `payer` to itself.
fn to_oneself(payer: &Address, lamports: u64) -> Instruction {
    const TRANSFER: u32 = 2;
    let accounts = vec![AccountMeta::new(*payer, true), AccountMeta::new(*payer, false)];
    let data = [&TRANSFER.to_le_bytes()[..], &lamports.to_le_bytes()].concat();
    // The System program has the address of all zeros.
    Instruction { program_id: Address::default(), accounts, data }
}
