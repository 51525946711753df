//! Sends transactions and keeps count of what became of them.

use cofferdam_sdk::{
    Address, Client, ClientError, Instruction, Keypair, Signer,
    interface::units::Amount,
    ledger::{Ledger, Receipt, SubmitError},
    token,
};

use crate::outcome::Transactions;

/// Signs, sends and counts.
#[derive(Debug)]
pub(super) struct Desk {
    pub(super) client: Client<Ledger>,
    pub(super) counts: Transactions,
}

impl Desk {
    pub(super) fn new(ledger: Ledger) -> Self {
        Self { client: Client::new(ledger), counts: Transactions::default() }
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
        let result = self.client.tx().extend(instructions).sign(&signers).send();
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
