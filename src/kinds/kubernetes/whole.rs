//! Packs a whole tree while it is still being read, so that no more of it is in memory than is being worked on.

use std::sync::mpsc::Sender;

use super::capacity::Ratio;
use super::files::{Files, Read, Reader};
use super::layers::Packed;
use super::parts::Chosen;
use super::pieces::{Cutter, Piece, Press};
use super::select::{Selected, Step};
use crate::kinds::fault::Fault;
use crate::kinds::relay::relay;
use crate::source::Tree;

/// The members of the one layer of a bundle without groups, as Flux packs it: `.` first, then all in the order of the walk.
///
/// What was seen of the files goes to `seen` as soon as all were read. The members mean nothing where that tells of a
/// fault; where the tree is not sound anyway there are none.
pub(super) fn members<'t>(
    tree: &'t Tree,
    selected: &Selected<'t>,
    is_sound: bool,
    threads: usize,
    seen: Sender<Files<'t>>,
) -> Result<Vec<u8>, Vec<Fault>> {
    let reader = Reader::new(tree);
    let mut gathering = Gathering {
        reader: &reader,
        steps: selected.steps(),
        files: Files::with_capacity(selected.files.len()),
        cutter: Cutter::default(),
        is_begun: false,
        is_sound,
        seen,
    };
    let (mut members, mut ratio) = (Vec::new(), Ratio::default());
    relay(
        selected.files.iter(),
        threads,
        |file| reader.read(file),
        |read| gathering.take(read),
        Press::default,
        |press, piece| press.member(&piece),
        |member| {
            ratio.take(0, &member);
            members.extend_from_slice(&member);
        },
    );
    ratio.end().map(|()| members)
}

/// Puts files and directories together to pieces.
struct Gathering<'r, 't, Steps> {
    reader: &'r Reader<'t>,
    /// What is not in a piece yet.
    steps: Steps,
    files: Files<'t>,
    cutter: Cutter<'t>,
    is_begun: bool,
    is_sound: bool,
    seen: Sender<Files<'t>>,
}

impl<'t, Steps: Iterator<Item = Step<'t>>> Gathering<'_, 't, Steps> {
    /// Takes the next file, or the end; gives the pieces that are whole by then.
    fn take(&mut self, read: Option<Read<'t>>) -> Vec<Piece<'t>> {
        if let Some(read) = read {
            let file = self.files.take(read);
            return self.pieces(file);
        }
        self.files.end(self.reader);
        let mut pieces = self.pieces(None);
        pieces.extend(self.cutter.end());
        // Where nobody waits for it, there has been a panic.
        let _ = self.seen.send(std::mem::take(&mut self.files));
        pieces
    }

    /// The pieces that end with the directories before a file, or with the file.
    fn pieces(&mut self, file: Option<Chosen<'t>>) -> Vec<Piece<'t>> {
        let mut pieces = Vec::new();
        if !self.is_sound || !self.files.faults.is_empty() {
            return pieces;
        }
        if !std::mem::replace(&mut self.is_begun, true) {
            pieces.extend(self.cutter.add(Packed::Directory { path: "." }));
        }
        for step in &mut self.steps {
            let Step::Directory(path) = step else { break };
            pieces.extend(self.cutter.add(Packed::Directory { path }));
        }
        pieces.extend(file.and_then(|file| self.cutter.add(file.packed("none"))));
        pieces
    }
}
