//! What the virtual machine offers. The linker leaves these names open and the loader resolves
//! them.

unsafe extern "C" {
    pub(crate) fn abort() -> !;
    pub(crate) fn sol_log_(text: *const u8, len: u64);
    pub(crate) fn sol_log_data(slices: *const u8, count: u64);
    pub(crate) fn sol_invoke_signed_c(
        call: *const u8,
        accounts: *const u8,
        accounts_len: u64,
        seeds: *const u8,
        seeds_len: u64,
    ) -> u64;
    pub(crate) fn sol_create_program_address(
        seeds: *const u8,
        seeds_len: u64,
        program_id: *const u8,
        address: *mut u8,
    ) -> u64;
    pub(crate) fn sol_get_clock_sysvar(clock: *mut u8) -> u64;
    pub(crate) fn sol_get_rent_sysvar(rent: *mut u8) -> u64;
    pub(crate) fn sol_set_return_data(data: *const u8, len: u64);
    pub(crate) fn sol_get_return_data(data: *mut u8, len: u64, program_id: *mut u8) -> u64;
    pub(crate) fn sol_remaining_compute_units() -> u64;
    pub(crate) fn sol_memcpy_(to: *mut u8, from: *const u8, len: u64);
    pub(crate) fn sol_memmove_(to: *mut u8, from: *const u8, len: u64);
    pub(crate) fn sol_memset_(to: *mut u8, byte: u8, len: u64);
    pub(crate) fn sol_memcmp_(a: *const u8, b: *const u8, len: u64, result: *mut i32);
}
