//! Progress of a transfer, drawn on standard error with indicatif.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::progress::{Event, Progress};

/// A bar that shows bytes, and goes away when the transfer ends.
pub struct Bar(ProgressBar);

impl Bar {
    /// A bar that appears with the first event that plans something.
    pub fn new() -> Self {
        let bar = ProgressBar::with_draw_target(Some(0), ProgressDrawTarget::stderr());
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
            Event::Planned { bytes: 0 } => {}
            Event::Planned { bytes } => self.0.inc_length(*bytes),
            Event::Moved { bytes } => self.0.inc(*bytes),
        }
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_bar_counts_all_copies_of_a_command() {
        let bar = Bar::new();
        for event in [
            Event::Planned { bytes: 10 },
            Event::Moved { bytes: 10 },
            Event::Planned { bytes: 0 },
            Event::Planned { bytes: 5 },
            Event::Moved { bytes: 1 },
        ] {
            bar.report(&event);
        }
        assert_eq!((bar.0.length(), bar.0.position()), (Some(15), 11));
    }
}
