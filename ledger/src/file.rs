//! Writing a file as a whole.

use std::{
    ffi::OsString,
    fs::{self, File},
    io::{self, BufWriter, Write},
    path::Path,
};

/// Replaces the file at `path` by what `write` writes, or makes it. A kill at any moment leaves the
/// old file or the new one: the new one is complete and on the disk, under the name with `.new`
/// behind it, before it takes the old one's name, and that is on the disk when this returns.
///
/// Two who replace one file at the same time use the same `.new`: whoever may meet another takes a
/// lock first.
///
/// # Errors
/// Those of `write` and of the file system; the old file stands then.
pub fn replace_file(
    path: &Path,
    write: impl FnOnce(&mut BufWriter<File>) -> io::Result<()>,
) -> io::Result<()> {
    let mut new = OsString::from(path);
    new.push(".new");
    let mut out = BufWriter::new(File::create(&new)?);
    write(&mut out)?;
    out.flush()?;
    out.get_ref().sync_all()?;
    fs::rename(&new, path)?;
    let dir = path.parent().filter(|dir| !dir.as_os_str().is_empty());
    File::open(dir.unwrap_or(Path::new(".")))?.sync_all()
}
