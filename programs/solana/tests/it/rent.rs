use cofferdam_solana::rent::exempt_balance;

#[test]
fn two_years_on_every_cluster_so_far() {
    assert_eq!(exempt_balance(3_480, 2.0_f64.to_bits(), 165), Some(2_039_280));
    assert_eq!(exempt_balance(6_960, 1.0_f64.to_bits(), 165), Some(2_039_280));
}

#[test]
fn refuses_what_it_cannot_count() {
    assert_eq!(exempt_balance(3_480, 1.5_f64.to_bits(), 165), None);
    assert_eq!(exempt_balance(3_480, 2.0_f64.to_bits(), u64::MAX), None);
    assert_eq!(exempt_balance(u64::MAX, 2.0_f64.to_bits(), 0), None);
}
