//! Questions to the user at a terminal: one line each, and what is secret is not shown while it is typed.

use std::io::{self, Write};

use super::clean_line;

/// The longest line that is taken, in bytes.
#[cfg(unix)]
const LONGEST: usize = 64 * 1024;

/// Asks on standard error, and reads the answer from standard input, which must be a terminal; an interrupt ends it.
///
/// `None` where the input ends without an answer.
pub fn ask(question: &str) -> io::Result<Option<String>> {
    put(&format!("{}: ", clean_line(question)))?;
    terminal::line(true)
}

/// The same for a secret: what is typed is not shown, also not after an interrupt.
pub fn ask_secretly(question: &str) -> io::Result<Option<String>> {
    put(&format!("{}: ", clean_line(question)))?;
    let answer = terminal::line(false);
    put("\n")?;
    answer
}

fn put(text: &str) -> io::Result<()> {
    let mut stderr = io::stderr();
    stderr.write_all(text.as_bytes())?;
    stderr.flush()
}

#[cfg(unix)]
mod terminal {
    use std::io;

    use rustix::event::{PollFd, PollFlags, Timespec, poll};
    use rustix::io::Errno;
    use rustix::stdio::stdin;
    use rustix::termios::{LocalModes, OptionalActions, SpecialCodeIndex, Termios, tcgetattr, tcsetattr};
    use zeroize::Zeroizing;

    use super::LONGEST;
    use crate::runtime;

    /// What keys send that edit a line.
    const BACKSPACE: [u8; 2] = [0x08, 0x7f];
    const END: u8 = 0x04;
    const CLEAR: u8 = 0x15;

    /// A terminal that is as it was before when this is dropped.
    struct Changed(Termios);

    impl Changed {
        /// Shows nothing of what is typed, and gives it key by key: a line that the system collects ends after 4,095
        /// bytes, and some tokens are longer.
        fn silent() -> io::Result<Self> {
            let before = tcgetattr(stdin())?;
            let mut silent = before.clone();
            silent.local_modes -= LocalModes::ECHO | LocalModes::ICANON;
            silent.special_codes[SpecialCodeIndex::VMIN] = 1;
            silent.special_codes[SpecialCodeIndex::VTIME] = 0;
            tcsetattr(stdin(), OptionalActions::Flush, &silent)?;
            Ok(Self(before))
        }
    }

    impl Drop for Changed {
        fn drop(&mut self) {
            let _ = tcsetattr(stdin(), OptionalActions::Now, &self.0);
        }
    }

    /// One line, without its end.
    pub(super) fn line(is_shown: bool) -> io::Result<Option<String>> {
        let _changed = if is_shown { None } else { Some(Changed::silent()?) };
        // Nothing of a secret is left where a growing text was.
        let mut typed = Zeroizing::new(Vec::with_capacity(LONGEST));
        while let Some(byte) = next()? {
            match byte {
                b'\n' | b'\r' => return text(typed),
                END if typed.is_empty() => return Ok(None),
                END => {}
                CLEAR => typed.clear(),
                _ if BACKSPACE.contains(&byte) => erase(&mut typed),
                _ if typed.len() == LONGEST => {
                    return Err(io::Error::other(format!("it is longer than {LONGEST} bytes")));
                }
                _ => typed.push(byte),
            }
        }
        if typed.is_empty() { Ok(None) } else { text(typed) }
    }

    fn text(mut typed: Zeroizing<Vec<u8>>) -> io::Result<Option<String>> {
        String::from_utf8(std::mem::take(&mut typed)).map(Some).map_err(|error| {
            drop(Zeroizing::new(error.into_bytes()));
            io::Error::other("it is not text in UTF-8")
        })
    }

    /// Takes the last letter away, however many bytes it has.
    fn erase(typed: &mut Vec<u8>) {
        while typed.pop().is_some_and(|byte| byte & 0xc0 == 0x80) {}
    }

    /// The next byte; `None` at the end of the input.
    fn next() -> io::Result<Option<u8>> {
        let glance = Timespec { tv_sec: 0, tv_nsec: 100_000_000 };
        let mut byte = [0];
        loop {
            if runtime::interrupted().is_some() {
                return Err(io::ErrorKind::Interrupted.into());
            }
            let input = stdin();
            match poll(&mut [PollFd::new(&input, PollFlags::IN)], Some(&glance)) {
                Ok(0) | Err(Errno::INTR) => {}
                Ok(_) => match rustix::io::read(input, &mut byte) {
                    Ok(0) => return Ok(None),
                    Ok(_) => return Ok(Some(byte[0])),
                    Err(Errno::INTR | Errno::AGAIN) => {}
                    Err(error) => return Err(error.into()),
                },
                Err(error) => return Err(error.into()),
            }
        }
    }
}

#[cfg(not(unix))]
mod terminal {
    use std::io;

    /// One line, without its end.
    pub(super) fn line(is_shown: bool) -> io::Result<Option<String>> {
        let terminal = console::Term::stderr();
        let line = if is_shown { terminal.read_line() } else { terminal.read_secure_line() }?;
        Ok(Some(line).filter(|line| !line.is_empty()))
    }
}
