//! Integration tests: one file an instruction, then what holds across all of them.

mod absorb_bad_debt;
mod add_reserve;
mod arrows;
mod borrow;
mod collect_fees;
mod common;
mod create_feed;
mod create_pool;
mod deposit;
mod fund_insurance;
mod invariants;
mod isolation;
mod liquidate;
mod mallory;
mod open_position;
mod oracle;
mod prop;
mod publish_price;
mod rates;
mod repay;
mod replay;
mod update_reserve;
mod withdraw;
