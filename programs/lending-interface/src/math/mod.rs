//! The protocol's arithmetic: pure functions, public so that anybody can call them with another
//! protocol's published numbers. The direction of rounding is in the name; docs/MATH.md has the
//! table of who it favours.

pub mod adaptive;
pub mod close;
pub mod exp;
pub mod flash;
pub mod health;
pub mod interest;
pub mod liquidation;
pub mod loss;
pub mod oracle;
pub mod outflow;
pub mod ramp;
pub mod shares;
pub mod value;
pub mod wide;
