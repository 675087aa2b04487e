//! A file that is written beside its place and takes it only when it is whole.

use crate::FileHash;
use sha2::{Digest, Sha256};
use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

/// Not kept, it leaves nothing behind.
pub struct Aside {
    place: PathBuf,
    /// `None` for a device or a pipe, which is written to as it is: renaming would put a file in
    /// its place.
    aside: Option<PathBuf>,
    file: Option<BufWriter<File>>,
    sum: Sha256,
}

impl Aside {
    /// Begins a file; the folders above it are made.
    pub fn begin(place: &Path) -> io::Result<Self> {
        if place.is_dir() {
            return Err(io::Error::other("there is a folder of that name"));
        }
        if fs::metadata(place).is_ok_and(|about| !about.is_file()) {
            let file = File::options().write(true).open(place)?;
            return Ok(Aside::over(place, None, file));
        }
        if let Some(parent) = place
            .parent()
            .filter(|parent| !parent.as_os_str().is_empty())
        {
            fs::create_dir_all(parent)?;
        }
        let name = place
            .file_name()
            .map_or_else(String::new, |name| name.to_string_lossy().into_owned());
        let aside = place.with_file_name(format!(".{name}.{}.tmp", std::process::id()));
        let file = File::create(&aside)?;
        Ok(Aside::over(place, Some(aside), file))
    }

    fn over(place: &Path, aside: Option<PathBuf>, file: File) -> Self {
        Aside {
            place: place.to_path_buf(),
            aside,
            file: Some(BufWriter::with_capacity(1 << 16, file)),
            sum: Sha256::new(),
        }
    }

    /// Puts the whole file into its place.
    pub fn keep(mut self) -> io::Result<FileHash> {
        let file = self.file.take().ok_or(io::ErrorKind::NotFound)?;
        let file = file.into_inner().map_err(io::IntoInnerError::into_error)?;
        if let Some(aside) = &self.aside {
            file.sync_all()?;
            fs::rename(aside, &self.place)?;
        }
        let name = self.place.file_name().unwrap_or_default();
        Ok(FileHash {
            name: name.to_string_lossy().into_owned(),
            sha256: crate::folder::hex(&self.sum.finalize_reset()),
        })
    }
}

impl Write for Aside {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let file = self.file.as_mut().ok_or(io::ErrorKind::NotFound)?;
        let count = file.write(bytes)?;
        self.sum.update(&bytes[..count]);
        Ok(count)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.as_mut().map_or(Ok(()), Write::flush)
    }
}

impl Drop for Aside {
    fn drop(&mut self) {
        self.file = None;
        if let Some(aside) = &self.aside {
            let _ = fs::remove_file(aside);
        }
    }
}
