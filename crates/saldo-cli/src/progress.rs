//! Long work: a bar with the time left, and a clean end on Ctrl-C.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::sync::Once;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

static STOP: AtomicBool = AtomicBool::new(false);
static LISTEN: Once = Once::new();

/// From now on the first Ctrl-C asks for a stop after the current period, the second stops at
/// once.
pub fn listen() {
    LISTEN.call_once(|| {
        let heard = ctrlc::set_handler(|| {
            if STOP.swap(true, Ordering::Relaxed) {
                std::process::exit(130);
            }
        });
        if heard.is_err() {
            eprintln!("Ctrl-C will stop at once: the system gives no notice of it");
        }
    });
}

/// Has somebody asked to stop?
pub fn stopped() -> bool {
    STOP.load(Ordering::Relaxed)
}

/// A bar that appears only where a person looks, and only for work that takes its time.
pub struct Progress {
    bar: ProgressBar,
    shown: Once,
    quiet: bool,
}

/// Work shorter than this needs no bar.
const PATIENCE: Duration = Duration::from_millis(700);

impl Progress {
    /// `ticks`: how many steps the work has.
    pub fn begin(ticks: u64, quiet: bool) -> Self {
        let bar = ProgressBar::with_draw_target(Some(ticks), ProgressDrawTarget::hidden());
        let style = ProgressStyle::with_template(
            "{bar:30} {percent:>3} %  {elapsed} gone, {eta} left  (Ctrl-C stops)",
        );
        if let Ok(style) = style {
            bar.set_style(style.progress_chars("█▌ "));
        }
        Progress {
            bar,
            shown: Once::new(),
            quiet,
        }
    }

    /// One step is done; false if the work should stop.
    pub fn step(&self) -> bool {
        self.bar.inc(1);
        if !self.quiet && self.bar.elapsed() > PATIENCE {
            self.shown
                .call_once(|| self.bar.set_draw_target(ProgressDrawTarget::stderr()));
        }
        !stopped()
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}
