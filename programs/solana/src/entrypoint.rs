//! Where the machine enters the program.

use cofferdam_host::ProgramError;

use crate::{chain::Chain, input::Input, syscalls};

/// Runs one instruction; zero, or the number of the error.
///
/// # Safety
/// `input` is what the loader serialised.
#[unsafe(no_mangle)]
unsafe extern "C" fn entrypoint(input: *mut u8) -> u64 {
    // SAFETY: the loader's promise.
    let result = unsafe { Input::parse(input) }.and_then(run);
    result.err().map_or(0, u64::from)
}

fn run(input: Input) -> Result<(), ProgramError> {
    let data = input.data();
    cofferdam_lending::process(&mut Chain(input), data)
}

/// A panic ends the transaction. What it would say is left out: formatting it would double the
/// program's size.
#[panic_handler]
fn panic(_info: &core::panic::PanicInfo<'_>) -> ! {
    // SAFETY: takes nothing and does not return.
    unsafe { syscalls::abort() }
}
