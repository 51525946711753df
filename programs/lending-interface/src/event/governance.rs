use borsh::{BorshDeserialize, BorshSerialize};
use cofferdam_host::{Address, Event};

use crate::state::{Mode, PoolConfig, ReserveConfig};

event! {
    /// A reserve's parameters were replaced.
    ReserveUpdated = [0x78, 0x52, 0xb0, 0x02, 0x41, 0x0f, 0x8e, 0xe8]; {
        /// The reserve.
        reserve: Address,
        /// The parameters before.
        before: ReserveConfig,
        /// The parameters from now on.
        after: ReserveConfig,
    }
}
event! {
    /// A reserve's feeds were replaced.
    FeedsChanged = [0xb9, 0x37, 0xb5, 0x03, 0xf7, 0x00, 0x19, 0x56]; {
        /// The reserve.
        reserve: Address,
        /// Its feed from now on.
        feed: Address,
        /// Its second feed from now on; zero for none.
        second_feed: Address,
    }
}
event! {
    /// A pool's parameters were replaced.
    PoolUpdated = [0xda, 0x2b, 0xd2, 0xe7, 0x7f, 0xd6, 0x48, 0xf5]; {
        /// The pool.
        pool: Address,
        /// The parameters before.
        before: PoolConfig,
        /// The parameters from now on.
        after: PoolConfig,
    }
}
event! {
    /// A next admin was proposed.
    AdminProposed = [0x81, 0xf9, 0xe2, 0xe3, 0xc7, 0x52, 0x6e, 0xf3]; {
        /// The pool.
        pool: Address,
        /// Who was proposed; zero when a proposal was taken back.
        proposed: Address,
    }
}
event! {
    /// A proposed admin accepted.
    AdminChanged = [0xe8, 0x22, 0x1f, 0xe2, 0x3e, 0x12, 0x13, 0x72]; {
        /// The pool.
        pool: Address,
        /// The admin before.
        before: Address,
        /// The admin from now on.
        after: Address,
    }
}
event! {
    /// The mode of a pool or a reserve changed.
    ModeChanged = [0x95, 0x7b, 0x4e, 0x1d, 0xed, 0x48, 0x43, 0xe5]; {
        /// The pool or the reserve.
        target: Address,
        /// Who changed it.
        authority: Address,
        /// The mode before.
        before: Mode,
        /// The mode from now on.
        after: Mode,
    }
}
event! {
    /// A change that raises risk began to wait.
    ChangeQueued = [0xe8, 0x8f, 0x50, 0xe6, 0x7d, 0x75, 0xa9, 0xd5]; {
        /// The pool or the reserve.
        target: Address,
        /// From when on it may be applied, unix time.
        ready_at_s: i64,
    }
}
event! {
    /// A queued change was withdrawn.
    ChangeCancelled = [0x8b, 0xb3, 0x61, 0x51, 0xd6, 0x15, 0x77, 0x5d]; {
        /// The pool or the reserve.
        target: Address,
        /// Who withdrew it.
        authority: Address,
    }
}
