//! Memory that one transaction leaves to the next.

use std::sync::Arc;

use cofferdam_host::Address;
use solana_account::Account;

use super::{FrameAccount, running::Baseline};

/// Lists that are empty between transactions and keep their memory: asking for it anew costs as
/// much as a small transfer.
#[derive(Debug, Default)]
pub(crate) struct Workspace {
    /// The bytes that signers sign.
    pub(super) message: Vec<u8>,
    /// The listed accounts as they are now, `None` for one that nobody wrote so far.
    pub(super) written: Vec<Option<Arc<Account>>>,
    /// Programs that are running, the innermost last.
    pub(super) stack: Vec<Address>,
    /// The accounts of all running instructions, those of the innermost last.
    pub(super) held: Vec<FrameAccount>,
    /// What all running instructions were handed, the innermost last.
    pub(super) baselines: Vec<Baseline>,
    /// The line that is being logged: written here it is copied once, not as often as it grows.
    pub(super) line: String,
}

// By hand: there is nothing in it that a fork could share.
impl Clone for Workspace {
    fn clone(&self) -> Self {
        Self::default()
    }
}

impl Workspace {
    pub(super) fn clear(&mut self) {
        let Self { message, written, stack, held, baselines, line } = self;
        message.clear();
        written.clear();
        stack.clear();
        held.clear();
        baselines.clear();
        line.clear();
    }
}
