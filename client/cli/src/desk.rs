//! An open ledger: who signs, what is sent, what is kept.

use cofferdam_sdk::{
    Client, ClientError, Instruction, Keypair, Signer,
    keys::seeded,
    ledger::{Ledger, Receipt, SubmitError, Warp},
    token,
};

use crate::{
    fault::Fault,
    names,
    options::{At, By, Mode, Output, Who},
    say::say,
    sheet::Sheet,
    store::{self, Store},
};

/// A ledger that is open to be read.
#[derive(Debug)]
pub(crate) struct Desk {
    pub(crate) client: Client<Ledger>,
    pub(crate) output: Output,
    /// The locked file; none when the ledger is only read.
    store: Option<Store>,
}

/// A transaction that ran.
#[derive(Debug)]
pub(crate) struct Done {
    pub(crate) receipt: Receipt,
    /// Its place in the journal; none for a dry run.
    pub(crate) entry: Option<usize>,
}

impl Desk {
    /// Opens a ledger to read it.
    pub(crate) fn read(at: &At) -> Result<Self, Fault> {
        let client = Client::new(store::read(&at.ledger)?);
        Ok(Self { client, output: at.output, store: None })
    }

    /// Opens a ledger to change it.
    pub(crate) fn open(at: &At) -> Result<Self, Fault> {
        let (store, ledger) = Store::open(&at.ledger)?;
        Ok(Self { client: Client::new(ledger), output: at.output, store: Some(store) })
    }

    /// The ledger.
    pub(crate) const fn ledger(&self) -> &Ledger {
        self.client.backend()
    }

    /// Number that all seeded keys of this ledger derive from.
    pub(crate) fn seed(&self) -> u64 {
        let [a, b, c, d, e, f, g, h, ..] = self.ledger().genesis().seed;
        u64::from_le_bytes([a, b, c, d, e, f, g, h])
    }

    /// The key that signs.
    pub(crate) fn signer(&self, who: &Who) -> Result<Keypair, Fault> {
        match (&who.name, &who.keypair) {
            (Some(name), _) => {
                names::check(name)?;
                Ok(seeded(self.seed(), name))
            }
            (None, Some(file)) => solana_keypair::read_keypair_file(file)
                .map_err(|error| Fault::Input(format!("{}: {error}", file.display()))),
            (None, None) => Err(Fault::Input("say who signs: --as NAME or --keypair FILE".into())),
        }
    }

    /// Sends a transaction; the first signer pays. A slot passes, so that the same command can
    /// be given again: within one slot an equal transaction is the same transaction.
    pub(crate) fn act(
        &mut self,
        by: &By,
        signers: &[&Keypair],
        instructions: Vec<Instruction>,
    ) -> Result<Done, Fault> {
        let tx = self.client.tx().extend(instructions).sign(signers.iter().copied());
        if by.keep.mode() == Mode::DryRun {
            if self.output == Output::Table {
                say(format_args!("{}", tx.listing().to_string().trim_end()));
            }
            return Ok(Done { receipt: tx.simulate()?, entry: None });
        }
        let sent = tx.send();
        // A failed transaction is kept too: it paid its fee and stands in the journal.
        if !matches!(sent, Err(ClientError::Submit(SubmitError::Rejected(_)))) {
            let entry = self.ledger().journal().map(|journal| journal.len() - 1);
            self.client.backend_mut().warp(Warp::Slots(1)).map_err(|e| Fault::failed(&e))?;
            self.save()?;
            return Ok(Done { receipt: sent?, entry });
        }
        Ok(Done { receipt: sent?, entry: None })
    }

    /// Writes the ledger back, if what was done counts.
    pub(crate) fn keep(&self, mode: Mode) -> Result<(), Fault> {
        match mode {
            Mode::Send => self.save(),
            Mode::DryRun => Ok(()),
        }
    }

    fn save(&self) -> Result<(), Fault> {
        self.store.as_ref().map_or(Ok(()), |store| store.save(self.ledger()))
    }

    /// Instructions that make `owner`'s token account of `mint`, if there is none yet.
    pub(crate) fn wallet(
        &self,
        owner: &Keypair,
        mint: &cofferdam_sdk::Address,
    ) -> Vec<Instruction> {
        let owner = owner.pubkey();
        if self.ledger().account(&token::account_address(&owner, mint)).is_some() {
            return Vec::new();
        }
        let rent = self.ledger().minimum_balance(token::ACCOUNT_LEN);
        token::create_account(&owner, &owner, mint, rent).into()
    }

    /// Prints an answer.
    pub(crate) fn show(&self, sheet: &Sheet) {
        sheet.show(self.output);
    }

    /// Prints an answer that is one list.
    pub(crate) fn list(&self, key: &'static str, columns: &[&'static str], rows: Vec<Vec<String>>) {
        self.show(&Sheet::default().list(key, columns, rows));
    }

    /// Prints the answer of a transaction.
    pub(crate) fn tell(&self, done: &Done, sheet: impl FnOnce(Sheet) -> Sheet, headline: &str) {
        let headline = match done.entry {
            Some(entry) => format!("#{entry} {headline}"),
            None => Mode::DryRun.said(headline),
        };
        let receipt = &done.receipt;
        let answer = sheet(Sheet::said(headline))
            .detail("entry", done.entry.map_or("none".into(), |entry| entry.to_string()))
            .detail("signature", receipt.signature)
            .detail("slot", receipt.slot)
            .detail("fee_lamports", receipt.fee)
            .detail("compute_units", receipt.units_consumed);
        self.show(&answer);
    }
}

impl Done {
    /// The event by which the program reported what happened.
    pub(crate) fn event<E: cofferdam_host::Event>(&self) -> Result<E, Fault> {
        let missing = || Fault::Failed(format!("the program reported no {}", E::NAME));
        self.receipt.events().next().ok_or_else(missing)
    }
}
