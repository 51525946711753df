//! Memory on the machine: a heap that only grows, and the moves that the compiler asks for.

use core::{
    alloc::{GlobalAlloc, Layout},
    ptr::null_mut,
};

use crate::syscalls;

/// Where the machine puts the heap.
const HEAP_START: usize = 0x3_0000_0000;
/// Bytes of heap a transaction has unless it asks for more.
const HEAP_LEN: usize = 32 * 1024;

/// Hands out the heap from its end. The first word keeps where it has come to; the machine starts
/// it at zero. Nothing is given back: an instruction is over before that would pay.
struct Bump;

// SAFETY: every block lies within the heap, aligned, and overlaps no other; one thread runs.
unsafe impl GlobalAlloc for Bump {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let next = HEAP_START as *mut usize;
        // SAFETY: the heap's first word is mapped, aligned and nobody else's.
        unsafe {
            let end = if *next == 0 { HEAP_START + HEAP_LEN } else { *next };
            let Some(start) = end.checked_sub(layout.size()) else { return null_mut() };
            let start = start & !(layout.align() - 1);
            if start < HEAP_START + size_of::<usize>() {
                return null_mut();
            }
            *next = start;
            start as *mut u8
        }
    }

    unsafe fn dealloc(&self, _block: *mut u8, _layout: Layout) {}
}

#[global_allocator]
static HEAP: Bump = Bump;

/// Copies.
#[unsafe(no_mangle)]
unsafe extern "C" fn memcpy(to: *mut u8, from: *const u8, len: usize) -> *mut u8 {
    // SAFETY: the caller's promise is the syscall's.
    unsafe { syscalls::sol_memcpy_(to, from, len as u64) };
    to
}

/// Copies what may overlap.
#[unsafe(no_mangle)]
unsafe extern "C" fn memmove(to: *mut u8, from: *const u8, len: usize) -> *mut u8 {
    // SAFETY: the caller's promise is the syscall's.
    unsafe { syscalls::sol_memmove_(to, from, len as u64) };
    to
}

/// Fills.
#[unsafe(no_mangle)]
unsafe extern "C" fn memset(to: *mut u8, byte: i32, len: usize) -> *mut u8 {
    // SAFETY: the caller's promise is the syscall's.
    unsafe { syscalls::sol_memset_(to, byte as u8, len as u64) };
    to
}

/// Compares.
#[unsafe(no_mangle)]
unsafe extern "C" fn memcmp(a: *const u8, b: *const u8, len: usize) -> i32 {
    let mut result = 0;
    // SAFETY: the caller's promise is the syscall's.
    unsafe { syscalls::sol_memcmp_(a, b, len as u64, &raw mut result) };
    result
}

/// Compares for equality.
#[unsafe(no_mangle)]
unsafe extern "C" fn bcmp(a: *const u8, b: *const u8, len: usize) -> i32 {
    // SAFETY: the caller's promise is the syscall's.
    unsafe { memcmp(a, b, len) }
}
