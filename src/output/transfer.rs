//! Progress of a transfer, drawn on standard error with indicatif.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::progress::{Event, Progress};

/// A bar that shows bytes and blobs, and goes away when the transfer ends.
pub struct Bar(ProgressBar);

impl Bar {
    /// A bar that appears with the first event that plans something.
    pub fn new() -> Self {
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
        let style = ProgressStyle::with_template("{bar:30} {bytes}/{total_bytes} {bytes_per_sec} {eta}");
        if let Ok(style) = style {
            bar.set_style(style);
        }
        Self(bar)
    }
}

impl Default for Bar {
    fn default() -> Self {
        Self::new()
    }
}

impl Progress for Bar {
    fn report(&self, event: &Event) {
        match event {
            Event::Planned { bytes, .. } if *bytes > 0 => self.0.set_length(*bytes),
            Event::Moved { bytes } => self.0.inc(*bytes),
            Event::Planned { .. } | Event::Finished => {}
        }
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}
