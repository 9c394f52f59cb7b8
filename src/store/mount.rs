//! Blobs that one layout has already and another needs.

use std::io;

use super::Layout;
use crate::oci::{Descriptor, Digest, media_type};
use crate::repository::{Error, ErrorKind};

impl Layout {
    /// Takes a blob from another layout; tells whether that had it. One that rotted there counts as missing.
    ///
    /// It is read and held against its digest first, and then gets a second name where the file system can do that, so
    /// that it takes no space twice; the two names are independent from then on.
    pub fn mount(&self, from: &Self, digest: &Digest) -> Result<bool, Error> {
        let Some(size) = from.size(digest)? else { return Ok(false) };
        let blob = Descriptor::new(media_type::OCTETS, digest.clone(), size);
        if self.blobs.is_kept(&blob, self.relying()?)? {
            return Ok(true);
        }
        let verified = from.blobs.open(&blob, 0).and_then(|mut bytes| {
            io::copy(&mut bytes, &mut io::sink())
                .map(drop)
                .map_err(|error| Error::reading(&from.place, format!("cannot read blob {digest}"), error))
        });
        match verified {
            Ok(()) => self.blobs.take(&from.blobs, &blob, self.relying()?).map(|_| true),
            Err(error) if matches!(error.kind, ErrorKind::Corrupt | ErrorKind::NotFound) => Ok(false),
            Err(error) => Err(error),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::repository::Repository as _;

    fn pair() -> (tempfile::TempDir, Layout, Layout) {
        let dir = tempfile::tempdir().unwrap();
        let layout = |name: &str| Layout::create_at(&dir.path().join(name)).unwrap();
        let (from, to) = (layout("from"), layout("to"));
        (dir, from, to)
    }

    #[test]
    fn a_blob_is_taken_and_lives_on_when_the_other_goes() {
        let (_dir, from, to) = pair();
        for body in [b"small".to_vec(), vec![7; 2_000_000]] {
            let blob = Descriptor::of("x", &body);
            assert!(!to.mount(&from, &blob.digest).unwrap());
            from.put(&blob, &body, &[]).unwrap();
            for _ in 0..2 {
                assert!(to.mount(&from, &blob.digest).unwrap());
            }
            assert!(from.delete_blob(&blob.digest).unwrap());
            assert_eq!(from.size(&blob.digest).unwrap(), None);
            let mut read = Vec::new();
            to.open(&blob, 0).unwrap().read_to_end(&mut read).unwrap();
            assert_eq!(read, body);
            assert_eq!(fs::read_dir(to.path().join("ingest")).unwrap().count(), 0);
        }
    }

    #[test]
    fn what_rotted_is_not_taken() {
        let (_dir, from, to) = pair();
        let blob = Descriptor::of("x", b"content");
        from.put(&blob, &b"content".to_vec(), &[]).unwrap();
        let file = from.path().join("blobs/sha256").join(blob.digest.hex());
        fs::remove_file(&file).unwrap();
        fs::write(&file, "cOntent").unwrap();
        assert!(!to.mount(&from, &blob.digest).unwrap());
        assert_eq!(to.size(&blob.digest).unwrap(), None);
    }
}
