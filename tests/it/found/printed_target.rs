//! What a target was given.

use cofferdam_tests::{hunt::code::bytes, target::tx_mutate};

#[test]
fn printed_target() {
    let _end = tx_mutate::run(&bytes(
        "0307646070befe52afae62eaaf87b689b544e52bec4360603197a187582f78b33643fe6b8e80",
    ));
}
