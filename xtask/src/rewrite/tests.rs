use super::{Count, module};

const HELPERS: &str = "\
define void @cofferdam_wide_mul(ptr %o, i64 %a, i64 %b, i64 %c, i64 %d) {
  ret void
}
define i64 @cofferdam_wide_umulo(ptr %o, i64 %a, i64 %b, i64 %c, i64 %d) {
  ret i64 0
}
define void @cofferdam_wide_lshr(ptr %o, i64 %a, i64 %b, i64 %c) {
  ret void
}
";

#[test]
fn operations_become_calls() {
    let source = format!(
        "{HELPERS}define i128 @f(i128 %a, i128 %b) {{\nbb:\n  %p = mul nuw i128 %a, %b\n  \
         %q = lshr i128 %p, 64\n  %r = lshr i128 %q, %b\n  ret i128 %r\n}}\n"
    );
    let (text, count) = module(&source).expect("understood");
    assert_eq!(count, Count { operations: 2, functions: 0 });
    assert!(text.contains("bb:\n  %wide.slot = alloca i128, align 8\n"), "{text}");
    assert!(
        text.contains("call void @cofferdam_wide_mul(ptr %wide.slot, i64 %wide.1.a0"),
        "{text}"
    );
    assert!(text.contains("  %p = load i128, ptr %wide.slot, align 8\n"), "{text}");
    // A shift by a constant stays, the one by a variable does not.
    assert!(text.contains("  %q = lshr i128 %p, 64\n"), "{text}");
    assert!(!text.contains("lshr i128 %q, %b"), "{text}");
}

#[test]
fn checked_products_keep_both_results() {
    let source = format!(
        "{HELPERS}define i1 @f(i128 %a) {{\n  %x = tail call {{ i128, i1 }} \
         @llvm.umul.with.overflow.i128(i128 noundef %a, i128 7)\n  \
         %y = extractvalue {{ i128, i1 }} %x, 1\n  ret i1 %y\n}}\n"
    );
    let (text, count) = module(&source).expect("understood");
    assert_eq!(count, Count { operations: 1, functions: 0 });
    assert!(text.contains("%wide.1.flag = call i64 @cofferdam_wide_umulo("), "{text}");
    assert!(
        text.contains("%x = insertvalue { i128, i1 } %wide.1.half, i1 %wide.1.over, 1"),
        "{text}"
    );
}

#[test]
fn the_helpers_themselves_are_left_alone() {
    let source = HELPERS.replace("  ret void\n", "  %x = mul i128 1, 2\n  ret void\n");
    assert_eq!(module(&source).expect("understood").1, Count::default());
}

#[test]
fn a_helper_that_is_missing_is_an_error() {
    let source = "define i128 @f(i128 %a) {\n  %x = udiv i128 %a, 3\n  ret i128 %x\n}\n";
    let error = module(source).expect_err("nothing defines the division");
    assert!(error.contains("@cofferdam_wide_udiv"), "{error}");
}

#[test]
fn many_arguments_go_through_memory() {
    let source = "\
define internal fastcc void @f(ptr noalias align 16 dereferenceable(32) %a, i128 noundef range(i128 0, 9) %b, i128 %c, i8 zeroext %d) #3 {
bb:
  ret void
}
define void @g(ptr %p) {
  tail call fastcc void @f(ptr noalias %p, i128 noundef 1, i128 2, i8 zeroext 3) #4
  ret void
}
";
    let (text, count) = module(source).expect("understood");
    assert_eq!(count, Count { operations: 0, functions: 1 });
    assert!(text.contains("define internal fastcc void @f(ptr %in.memory) #3 {"), "{text}");
    assert!(text.contains("  %c = load i128, ptr %in.3, align 8\n"), "{text}");
    assert!(text.contains("  %d = load i8, ptr %in.5, align 8\n"), "{text}");
    assert!(text.contains("%out.memory = alloca [6 x i64], align 8"), "{text}");
    assert!(text.contains("  store i8 3, ptr %out.5, align 8\n"), "{text}");
    // A tail call may not see its caller's stack.
    assert!(text.contains("\n  call fastcc void @f(ptr %out.memory) #4\n"), "{text}");
}

#[test]
fn the_address_of_such_a_function_is_an_error() {
    let source = "\
@table = constant [1 x ptr] [ptr @f]
define void @f(i64 %a, i64 %b, i64 %c, i64 %d, i64 %e, i64 %g) {
  ret void
}
";
    let error = module(source).expect_err("the table calls it as it was");
    assert!(error.contains("address of @f"), "{error}");
}
