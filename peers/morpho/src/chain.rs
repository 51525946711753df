//! revm with an in-memory database, and calls written out by hand.

use std::{fs, path::Path};

use peers_common::cpu;
use revm::{
    Context, ExecuteCommitEvm, MainBuilder, MainContext, MainnetEvm,
    context::{BlockEnv, CfgEnv, Journal, TxEnv, result::ExecutionResult},
    database::{CacheDB, EmptyDB},
    primitives::{Address, Bytes, TxKind, U256, keccak256},
};

/// Gas that a transaction may take.
const GAS: u64 = 15_000_000;
/// Seconds when the chain begins.
const BEGIN_S: u64 = 1_600_000_000;

type Database = CacheDB<EmptyDB>;
type Machine = MainnetEvm<Context<BlockEnv, TxEnv, CfgEnv, Database, Journal<Database>, ()>>;

/// The machine, and the one account that sends everything.
pub(crate) struct Chain {
    machine: Machine,
    pub(crate) sender: Address,
}

/// A word of a call's arguments.
pub(crate) enum Word {
    Number(U256),
    Address(Address),
}

impl Chain {
    pub(crate) fn new() -> Self {
        let mut machine =
            Context::mainnet().with_db(Database::default()).build_mainnet();
        // In favour of this side: no nonce has to be counted.
        machine.ctx.cfg.disable_nonce_check = true;
        machine.ctx.block.timestamp = U256::from(BEGIN_S);
        Self { machine, sender: Address::repeat_byte(0x11) }
    }

    /// Creates the contract whose code was compiled, with one word for its constructor at most.
    pub(crate) fn create(
        &mut self,
        folder: &Path,
        name: &str,
        arguments: &[Word],
    ) -> Result<Address, String> {
        let path = folder.join(format!("{name}.hex"));
        let text = fs::read_to_string(&path)
            .map_err(|error| format!("{}: {error}", path.display()))?;
        let mut code = bytes(text.trim()).ok_or_else(|| format!("{name} is no hexadecimal"))?;
        code.extend(words(arguments));
        let transaction = self.transaction(TxKind::Create, code)?;
        let result = self.machine.transact_commit(transaction).map_err(|it| it.to_string())?;
        match &result {
            ExecutionResult::Success { .. } => {
                result.created_address().ok_or_else(|| format!("{name} has no address"))
            }
            other => Err(format!("{name} could not be created: {other:?}")),
        }
    }

    /// A call with its arguments as words.
    pub(crate) fn call(&self, to: Address, name: &str, arguments: &[Word]) -> Result<TxEnv, String> {
        let mut data = keccak256(name)[..4].to_vec();
        data.extend(words(arguments));
        self.transaction(TxKind::Call(to), data)
    }

    /// Sends a call that has to succeed.
    pub(crate) fn send(&mut self, transaction: TxEnv) -> Result<(), String> {
        match self.machine.transact_commit(transaction).map_err(|error| error.to_string())? {
            ExecutionResult::Success { .. } => Ok(()),
            other => Err(format!("{other:?}")),
        }
    }

    /// CPU time of the calls, one second apart.
    pub(crate) fn spent(&mut self, calls: Vec<TxEnv>) -> Result<std::time::Duration, String> {
        let mut verdict = Ok(());
        let spent = cpu(|| {
            for call in calls {
                self.machine.ctx.block.timestamp += U256::ONE;
                verdict = self.send(call);
                if verdict.is_err() {
                    return;
                }
            }
        });
        verdict.map(|()| spent)
    }

    fn transaction(&self, kind: TxKind, data: Vec<u8>) -> Result<TxEnv, String> {
        let built = TxEnv::builder().caller(self.sender).kind(kind).data(Bytes::from(data));
        built.gas_limit(GAS).build().map_err(|error| format!("{error:?}"))
    }
}

impl From<u128> for Word {
    fn from(number: u128) -> Self {
        Self::Number(U256::from(number))
    }
}

impl From<Address> for Word {
    fn from(address: Address) -> Self {
        Self::Address(address)
    }
}

fn words(arguments: &[Word]) -> Vec<u8> {
    let word = |word: &Word| match word {
        Word::Number(number) => number.to_be_bytes::<32>(),
        Word::Address(address) => address.into_word().0,
    };
    arguments.iter().flat_map(word).collect()
}

fn bytes(text: &str) -> Option<Vec<u8>> {
    let pairs = (0..text.len()).step_by(2);
    pairs.map(|at| u8::from_str_radix(text.get(at..at + 2)?, 16).ok()).collect()
}
