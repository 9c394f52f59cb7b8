//! The members of a gzip file as one stream: each is checked, and nothing but zeros may follow the last.

use std::io::{self, BufRead, Read};

use flate2::bufread::GzDecoder;

use super::Error;
use super::limits::Meter;

/// Decompresses all members of a gzip file, one after the other.
pub(super) struct Members<'a, R> {
    /// `None` once the last has ended.
    member: Option<GzDecoder<R>>,
    meter: &'a Meter,
}

impl<'a, R: BufRead> Members<'a, R> {
    pub(super) fn new(inner: R, meter: &'a Meter) -> Self {
        Self { member: Some(GzDecoder::new(inner)), meter }
    }
}

impl<R: BufRead> Read for Members<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while let Some(member) = &mut self.member {
            let count = member.read(buffer)?;
            if count > 0 || buffer.is_empty() {
                return Ok(count);
            }
            // Its length and checksum were right.
            match member.get_mut().fill_buf()?.first() {
                None => self.member = None,
                Some(0x1f) => {
                    self.meter.member()?;
                    self.member = self.member.take().map(|ended| GzDecoder::new(ended.into_inner()));
                }
                Some(_) => {
                    demand_zeros(member.get_mut())?;
                    self.member = None;
                }
            }
        }
        Ok(0)
    }
}

/// Reads to the end, which some writers pad.
fn demand_zeros(rest: &mut impl BufRead) -> io::Result<()> {
    loop {
        let bytes = rest.fill_buf()?;
        if bytes.is_empty() {
            return Ok(());
        }
        if bytes.iter().any(|byte| *byte != 0) {
            return Err(Error::broken("bytes follow its gzip that are neither gzip nor zeros").into());
        }
        let count = bytes.len();
        rest.consume(count);
    }
}
