//! Files that are whole or absent.

use sha2::{Digest, Sha256};
use std::fs;
use std::io::{self, Write};
use std::path::Path;

/// Hash of bytes as hexadecimal text (SHA-256).
pub fn hash(bytes: &[u8]) -> String {
    Sha256::digest(bytes)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

/// Writes beside the place and renames when complete. A device or a pipe is written to as it is:
/// renaming would put a file in its place.
pub fn write_whole(path: &Path, bytes: &[u8]) -> io::Result<()> {
    if fs::metadata(path).is_ok_and(|about| !about.is_file() && !about.is_dir()) {
        return fs::File::options().write(true).open(path)?.write_all(bytes);
    }
    if let Some(parent) = path
        .parent()
        .filter(|parent| !parent.as_os_str().is_empty())
    {
        fs::create_dir_all(parent)?;
    }
    let name = path
        .file_name()
        .map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    let aside = path.with_file_name(format!(".{name}.{}.tmp", std::process::id()));
    let written = fs::File::create(&aside).and_then(|mut file| {
        file.write_all(bytes)?;
        file.sync_all()
    });
    written
        .and_then(|()| fs::rename(&aside, path))
        .inspect_err(|_| {
            let _ = fs::remove_file(&aside);
        })
}

/// Writes a set of files into a folder; the manifest comes last, so a folder with a manifest
/// is complete.
pub fn write_folder(folder: &Path, files: &[(String, Vec<u8>)], manifest: &[u8]) -> io::Result<()> {
    let place = folder.join("manifest.json");
    if place.exists() {
        fs::remove_file(&place)?;
    }
    for (name, bytes) in files {
        write_whole(&folder.join(name), bytes)?;
    }
    write_whole(&place, manifest)
}
