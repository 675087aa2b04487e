//! The program as a user runs it: in a folder of the test's own, which is gone afterwards.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

/// A fresh folder.
pub struct Place(PathBuf);

/// How a command ended and what it said where.
#[derive(Debug)]
pub struct Said {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl From<Output> for Said {
    fn from(output: Output) -> Said {
        Said {
            code: output.status.code().unwrap_or(-1),
            out: String::from_utf8_lossy(&output.stdout).into_owned(),
            err: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }
}

impl Place {
    /// `name` sets it apart from those of other tests of the same process.
    pub fn new(name: &str) -> Place {
        let place = std::env::temp_dir().join(format!("saldo-{}-{name}", std::process::id()));
        let _ = std::fs::remove_dir_all(&place);
        std::fs::create_dir_all(&place).expect("a folder");
        Place(place)
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    /// Puts a file there, with the folders above it.
    pub fn write(&self, name: &str, bytes: impl AsRef<[u8]>) {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        std::fs::write(path, bytes).expect("a file");
    }

    pub fn text(&self, name: &str) -> String {
        std::fs::read_to_string(self.path(name)).expect("a text")
    }

    /// `saldo` there, with these words and nobody at the keyboard.
    pub fn command(&self, words: &str) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_saldo"));
        command.args(words.split_whitespace()).current_dir(&self.0);
        command.stdin(Stdio::null());
        command
    }

    pub fn saldo(&self, words: &str) -> Said {
        self.command(words).output().expect("saldo runs").into()
    }

    pub fn spawn(&self, words: &str) -> Child {
        let mut command = self.command(words);
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        command.spawn().expect("saldo runs")
    }

    /// A line of the shell, in which `saldo` is this build.
    pub fn shell(&self, script: &str) -> Said {
        let program = Path::new(env!("CARGO_BIN_EXE_saldo"));
        let folder = program.parent().expect("a folder").display();
        let path = std::env::var("PATH").unwrap_or_default();
        let mut command = Command::new("sh");
        command.args(["-c", script]).current_dir(&self.0);
        command.env("PATH", format!("{folder}:{path}"));
        command
            .stdin(Stdio::null())
            .output()
            .expect("a shell")
            .into()
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// Ctrl-C.
pub fn interrupt(child: &Child) {
    let stop = format!("kill -INT {}", child.id());
    let sent = Command::new("sh").args(["-c", &stop]).status();
    assert!(sent.expect("a shell").success(), "the signal finds it");
}
