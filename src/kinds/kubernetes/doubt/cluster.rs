//! What Flux's controller drops of a bundle, without a word, when it hands the files on inside the cluster.

use super::{base, count, files, quoted};
use crate::kinds::Fault;
use crate::kinds::kubernetes::ignore::{FILE, Ignore};
use crate::source::{Entry, FileType};

/// The files that source-controller leaves out of the artifact that it makes of a bundle, in one warning: by the
/// `.sourceignore` files among them, which are given with their bytes, or else by a list of its own. Only `spec.ignore`,
/// which nobody can see from here, can keep them.
///
/// It holds for bundles that Flux reads; Argo CD knows nothing of it.
pub fn dropped<'f>(
    entries: &[Entry<'_>],
    sourceignores: impl IntoIterator<Item = (&'f str, &'f [u8])>,
) -> Option<Fault> {
    let sourceignores: Vec<_> = sourceignores.into_iter().collect();
    let own = match Ignore::of_files(sourceignores.iter().copied()) {
        Ok(own) => own,
        Err(fault) => return Some(fault),
    };
    let has_own = !own.is_empty();
    let ignore = Ignore::controller(own);
    let regular = files(entries).filter(|file| file.file_type == FileType::Regular);
    let out: Vec<&str> =
        regular.map(|file| file.path.as_str()).filter(|path| ignore.ignores(path, false)).collect();
    let first = out.first()?;
    let (count, few) = (count(&out), quoted(&out));
    if has_own {
        let at = sourceignores.first().map_or(FILE, |(path, _)| path);
        let message = format!(
            "Flux's controller will leave {count} out of the cluster, by `.sourceignore` and its rules for version control: \
             {few}; `--sourceignore` leaves out here what those files name"
        );
        return Some(Fault::whole(at, "dropped-in-cluster", message));
    }
    let message = format!(
        "Flux's controller will leave {count} out of the cluster, by a list of its own: {few}; a `spec.ignore` of the \
         OCIRepository with a pattern in it, such as `!{}`, replaces that list",
        base(first)
    );
    Some(Fault::whole(first, "dropped-in-cluster", message))
}

/// Patterns that can fit nothing, in one warning; given where they stand.
pub fn idle(path: &str, ignore: &Ignore) -> Option<Fault> {
    let patterns: Vec<&str> = ignore.idle().iter().map(String::as_str).collect();
    let message = format!(
        "these patterns fit nothing, as Flux reads them: {}; close each `[…]`, and let `**` stand alone between `/`",
        quoted(&patterns)
    );
    (!patterns.is_empty()).then(|| Fault::whole(path, "idle-pattern", message))
}
