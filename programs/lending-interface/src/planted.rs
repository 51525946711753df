//! The door through which a build with `--cfg zoo` puts bugs into the code. In every other build
//! it is no door: what stands behind it is not even compiled.

/// What the code does, then what it does instead in a build with `--cfg zoo` while that bug is
/// planted: `zoo!(clean; Bug => planted)`. Without a clean part, what it does besides:
/// `zoo!(Bug => planted)`. In a normal build only the clean part is left.
#[cfg(not(zoo))]
#[macro_export]
macro_rules! zoo {
    ($($bug:ident => $planted:expr),+ $(,)?) => {};
    ($clean:expr; $($bug:ident => $planted:expr),+ $(,)?) => {
        $clean
    };
}

/// What the code does, then what it does instead while that bug is planted.
#[cfg(zoo)]
#[macro_export]
macro_rules! zoo {
    ($($bug:ident => $planted:expr),+ $(,)?) => {
        $(if $crate::zoo::is($crate::zoo::Bug::$bug) {
            $planted;
        })+
    };
    ($clean:expr; $($bug:ident => $planted:expr),+ $(,)?) => {
        match $crate::zoo::planted() {
            $(Some($crate::zoo::Bug::$bug) => $planted,)+
            _ => $clean,
        }
    };
}
