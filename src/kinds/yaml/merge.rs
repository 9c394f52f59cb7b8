//! Merge keys (`<<`), by the precedence with which `yaml.v3` works them in.

use std::collections::{HashMap, HashSet};

use super::tree::{Entries, Mapping, Mark, NodeId, Shape, Style, Value};

/// A merge key whose value is neither a mapping nor a list of mappings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BadMerge {
    /// Where that value stands.
    pub mark: Mark,
}

impl<'t> Mapping<'t> {
    /// Keys and values with merge keys worked in: what is written wins over what is merged, and of the
    /// mappings of one merge key the earlier over the later.
    pub fn merged(self) -> Result<Entries<'t>, BadMerge> {
        if !self.merges() {
            return Ok(self.written());
        }
        let mut seen = HashSet::new();
        let mut entries = Vec::new();
        self.collect(&mut seen, &mut entries)?;
        Ok(Entries::merged(entries))
    }

    /// Keys and values with merge keys worked in as CUE does it: in order, and from the first merge key on
    /// whatever comes later wins, so that a merged value beats one that is written before the merge key.
    pub fn overlaid(self) -> Result<Entries<'t>, BadMerge> {
        if !self.merges() {
            return Ok(self.written());
        }
        let mut entries = Vec::new();
        self.overlay(false, &mut HashMap::new(), &mut entries)?;
        Ok(Entries::merged(entries))
    }

    /// What [`Self::overlaid`] has beside that which is written in the mapping itself.
    pub fn brought(self) -> Result<Entries<'t>, BadMerge> {
        if !self.merges() {
            return Ok(Entries::none());
        }
        let own: HashSet<NodeId> = self.written().map(|(_, value)| value.id).collect();
        let brought = self.overlaid()?.filter(|(_, value)| !own.contains(&value.id)).collect();
        Ok(Entries::merged(brought))
    }

    fn overlay(
        self,
        mut merging: bool,
        places: &mut HashMap<&'t str, usize>,
        entries: &mut Vec<(Value<'t>, Value<'t>)>,
    ) -> Result<(), BadMerge> {
        for (key, value) in self.written() {
            if key.is_merge_key() {
                merging = true;
                for mapping in merged_mappings(value)?.into_iter().rev() {
                    mapping.overlay(true, places, entries)?;
                }
                continue;
            }
            let text = key.scalar().map_or("", |scalar| scalar.text);
            match places.get(text) {
                Some(at) if merging => entries[*at] = (key, value),
                Some(_) => entries.push((key, value)),
                None => {
                    places.insert(text, entries.len());
                    entries.push((key, value));
                }
            }
        }
        Ok(())
    }

    fn collect(
        self,
        seen: &mut HashSet<(&'t str, bool)>,
        entries: &mut Vec<(Value<'t>, Value<'t>)>,
    ) -> Result<(), BadMerge> {
        let mut merged = None;
        for (key, value) in self.written() {
            if key.is_merge_key() {
                merged = Some(value);
            } else if key
                .scalar()
                .is_none_or(|scalar| seen.insert((scalar.text, scalar.style == Style::Quoted)))
            {
                entries.push((key, value));
            }
        }
        let Some(value) = merged else {
            return Ok(());
        };
        merged_mappings(value)?.into_iter().try_for_each(|mapping| mapping.collect(seen, entries))
    }
}

fn mapping(value: Value<'_>) -> Result<Mapping<'_>, BadMerge> {
    match value.shape() {
        Shape::Mapping(mapping) => Ok(mapping),
        _ => Err(BadMerge { mark: value.mark() }),
    }
}

/// The mappings that a merge key names.
fn merged_mappings(value: Value<'_>) -> Result<Vec<Mapping<'_>>, BadMerge> {
    match value.shape() {
        // A list of mappings must stand there itself; an alias of one is refused.
        Shape::Sequence(sequence) if !value.is_alias() => sequence.items().map(mapping).collect(),
        _ => mapping(value).map(|mapping| vec![mapping]),
    }
}

impl Value<'_> {
    /// Whether the value, as a key, is the merge key.
    #[must_use]
    pub fn is_merge_key(self) -> bool {
        self.tree.nodes[self.id.0 as usize].is_merge()
    }
}
