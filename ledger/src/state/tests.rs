use super::*;

#[test]
fn a_failure_is_written_as_debug_prints_it() {
    let codes = [0, 1, 9, 10, 99, 100, 6_010, 65_535, 1_000_000_000, u32::MAX];
    for (index, code) in [0, 7, 10, 255].into_iter().flat_map(|i| codes.map(|code| (i, code))) {
        let error = TransactionError::InstructionError(index, InstructionError::Custom(code));
        assert_eq!(outcome_text(&error), format!("{error:?}"));
    }
    let others = [
        TransactionError::InstructionError(3, InstructionError::InvalidArgument),
        TransactionError::InsufficientFundsForRent { account_index: 2 },
        TransactionError::ProgramAccountNotFound,
    ];
    for error in others {
        assert_eq!(outcome_text(&error), format!("{error:?}"));
    }
}
