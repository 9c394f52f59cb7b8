//! A line from the terminal that nobody sees: passwords.

use std::io::{self, ErrorKind, Read};

use zeroize::Zeroizing;

/// The longest line that is taken, in bytes.
const LONGEST: usize = 1024;

const INTERRUPT: u8 = 3;
const END: u8 = 4;
const BACKSPACE: u8 = 8;
const CLEAR: u8 = 21;
const DELETE: u8 = 127;

/// Reads a line from standard input, which must be a terminal, without showing it.
///
/// Ctrl-C is [`ErrorKind::Interrupted`], and leaves the terminal as it was.
pub fn hidden_line(stdin: &mut dyn Read) -> io::Result<Zeroizing<Vec<u8>>> {
    let _quiet = Quiet::begin()?;
    line(stdin)
}

/// A line, letter by letter as the keys are pressed.
fn line(keys: &mut dyn Read) -> io::Result<Zeroizing<Vec<u8>>> {
    let mut line = Zeroizing::new(Vec::with_capacity(LONGEST));
    let mut key = [0];
    loop {
        let count = match keys.read(&mut key) {
            Err(error) if error.kind() == ErrorKind::Interrupted => continue,
            other => other?,
        };
        match key[0] {
            _ if count == 0 => return Err(ErrorKind::UnexpectedEof.into()),
            b'\r' | b'\n' => return Ok(line),
            END if line.is_empty() => return Err(ErrorKind::UnexpectedEof.into()),
            INTERRUPT => return Err(ErrorKind::Interrupted.into()),
            CLEAR => line.clear(),
            // The whole letter, which may be some bytes.
            BACKSPACE | DELETE => while line.pop().is_some_and(|byte| byte & 0xc0 == 0x80) {},
            _ if line.len() == LONGEST => return Err(ErrorKind::InvalidInput.into()),
            byte => line.push(byte),
        }
    }
}

/// A terminal that shows nothing of what is typed, until this is dropped.
#[cfg(unix)]
struct Quiet(rustix::termios::Termios);

#[cfg(unix)]
impl Quiet {
    /// Signals are off too: whoever is killed cannot put the terminal right again.
    fn begin() -> io::Result<Self> {
        use rustix::termios::{LocalModes, OptionalActions, tcgetattr, tcsetattr};
        let before = tcgetattr(io::stdin())?;
        let mut quiet = before.clone();
        quiet.local_modes.remove(LocalModes::ECHO | LocalModes::ICANON | LocalModes::ISIG);
        tcsetattr(io::stdin(), OptionalActions::Flush, &quiet)?;
        Ok(Self(before))
    }
}

#[cfg(unix)]
impl Drop for Quiet {
    fn drop(&mut self) {
        // If this fails there is nothing left to try.
        let _ = rustix::termios::tcsetattr(io::stdin(), rustix::termios::OptionalActions::Flush, &self.0);
    }
}

/// Elsewhere passwords come by variables alone.
#[cfg(not(unix))]
struct Quiet;

#[cfg(not(unix))]
impl Quiet {
    fn begin() -> io::Result<Self> {
        Err(ErrorKind::Unsupported.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_that_edit_a_line_do() {
        let typed =
            |keys: &str| line(&mut keys.as_bytes()).map(|line| String::from_utf8(line.to_vec()).unwrap());
        assert_eq!(typed("secret\n").unwrap(), "secret");
        assert_eq!(typed("\r").unwrap(), "");
        assert_eq!(typed("sä\u{7f}ecrex\u{8}t\n").unwrap(), "secret");
        assert_eq!(typed("wrong\u{15}right\n").unwrap(), "right");
        assert_eq!(typed("abc\u{3}").unwrap_err().kind(), ErrorKind::Interrupted);
        assert_eq!(typed("\u{4}").unwrap_err().kind(), ErrorKind::UnexpectedEof);
        assert_eq!(typed("abc").unwrap_err().kind(), ErrorKind::UnexpectedEof);
        assert_eq!(typed(&"x".repeat(2000)).unwrap_err().kind(), ErrorKind::InvalidInput);
    }
}
