//! Programs that a ledger can run.

use std::{collections::BTreeMap, fmt, sync::Arc};

use cofferdam_host::{Address, ProgramResult};
use solana_instruction_error::InstructionError;

use crate::{derive::Derivations, invocation::Invocation};

/// The function that runs an instruction: its accounts and the chain, and its data.
pub type Entrypoint = Arc<dyn Fn(&mut Invocation<'_>, &[u8]) -> ProgramResult + Send + Sync>;

/// A program that a ledger can run.
#[derive(Clone)]
pub struct Program {
    /// Address under which it is called.
    pub id: Address,
    /// Its name, as in logs and errors.
    pub name: Arc<str>,
    /// What runs.
    pub entrypoint: Entrypoint,
    pub(crate) growth: Growth,
    pub(crate) derivations: Arc<Derivations>,
    pub(crate) error_names: ErrorNames,
}

/// The name of an error by its number.
pub(crate) type ErrorNames = fn(u32) -> Option<String>;

/// Whether the limit on growth within one instruction holds for a program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Growth {
    /// It does.
    Limited,
    /// It does not: the System program allocates accounts of any allowed size at once.
    Unlimited,
}

/// The programs of a ledger.
pub(crate) type Programs = BTreeMap<Address, Program>;

impl Program {
    /// A program that is a Rust function.
    pub fn native(
        id: Address,
        name: &str,
        entrypoint: impl Fn(&mut Invocation<'_>, &[u8]) -> ProgramResult + Send + Sync + 'static,
    ) -> Self {
        Self {
            id,
            name: name.into(),
            entrypoint: Arc::new(entrypoint),
            growth: Growth::Limited,
            derivations: Arc::default(),
            error_names: |_| None,
        }
    }

    /// The same program, with names for the numbers of its errors: a receipt tells them.
    #[must_use]
    pub fn naming_errors(self, error_names: fn(u32) -> Option<String>) -> Self {
        Self { error_names, ..self }
    }

    /// Its own name of `error`.
    pub(crate) fn error_name(&self, error: &InstructionError) -> Option<String> {
        match error {
            InstructionError::Custom(code) => (self.error_names)(*code),
            _ => None,
        }
    }
}

impl fmt::Debug for Program {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Program").field("id", &self.id).field("name", &self.name).finish()
    }
}
