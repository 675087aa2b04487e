//! Files that are whole or absent.

use crate::Aside;
use sha2::{Digest, Sha256};
use std::fs;
use std::io::{self, Write};
use std::path::Path;

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Hash of bytes as hexadecimal text (SHA-256).
pub fn hash(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

/// Writes beside the place and renames when complete.
pub fn write_whole(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut aside = Aside::begin(path)?;
    aside.write_all(bytes)?;
    aside.keep().map(|_| ())
}

/// A folder whose manifest is gone is not complete: it is taken away before anything changes
/// and written again last.
pub fn open_folder(folder: &Path) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    match fs::remove_file(folder.join("manifest.json")) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}
