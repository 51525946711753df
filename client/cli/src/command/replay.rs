//! `cofferdam replay`.

use crate::{args::ReplayArgs, fault::Fault};

pub(crate) fn replay(_args: &ReplayArgs) -> Result<(), Fault> {
    Err(Fault::failed("not yet"))
}
