//! Random content, and other content that was made of it as an author would: items kept, changed, dropped, added, reordered.

use serde_json::{Map, Value};

/// Numbers that depend on a seed alone (`SplitMix64`).
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// A number below this.
    pub(crate) fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^= mixed >> 31;
        usize::try_from(mixed % bound as u64).unwrap()
    }

    /// True so many times of a hundred.
    pub(crate) fn percent(&mut self, many: usize) -> bool {
        self.below(100) < many
    }

    /// One of these.
    pub(crate) fn pick<'v, T>(&mut self, all: &'v [T]) -> &'v T {
        &all[self.below(all.len())]
    }

    /// Puts all in another order.
    pub(crate) fn shuffle<T>(&mut self, all: &mut [T]) {
        for at in (1..all.len()).rev() {
            all.swap(at, self.below(at + 1));
        }
    }
}

/// Makes a value, of an old one where there is one.
pub(crate) type Make = fn(&mut Dice, Option<&Value>) -> Value;

/// Items: most of the old ones as they are, some of them others, and new ones.
pub(crate) fn list(dice: &mut Dice, base: Option<&Value>, least: usize, make: Make) -> Vec<Value> {
    let mut items = Vec::new();
    for item in base.and_then(Value::as_array).into_iter().flatten() {
        match dice.below(10) {
            0 => {}
            1..=4 => items.push(make(dice, Some(item))),
            _ => items.push(item.clone()),
        }
    }
    let many = if base.is_none() { least + dice.below(4) } else { dice.below(5).saturating_sub(3) };
    for _ in 0..many {
        let at = dice.below(items.len() + 1);
        items.insert(at, make(dice, None));
    }
    if dice.percent(20) {
        dice.shuffle(&mut items);
    }
    items
}

/// An object whose fields stay mostly as they were.
pub(crate) struct Object<'d, 'b> {
    dice: &'d mut Dice,
    base: Option<&'b Value>,
    fields: Map<String, Value>,
}

impl<'d, 'b> Object<'d, 'b> {
    pub(crate) fn new(dice: &'d mut Dice, base: Option<&'b Value>) -> Self {
        Self { dice, base, fields: Map::new() }
    }

    /// A field that is always there, and seldom changes.
    pub(crate) fn must(mut self, name: &str, make: Make) -> Self {
        let old = self.base.map(|base| &base[name]).filter(|old| !old.is_null());
        // What lies deep is reached through what lies above it.
        let stays = if old.is_some_and(|old| old.is_object() || old.is_array()) { 25 } else { 75 };
        let value = match old {
            Some(old) if self.dice.percent(stays) => old.clone(),
            old => make(self.dice, old),
        };
        self.fields.insert(name.to_owned(), value);
        self
    }

    /// A field that comes and goes.
    pub(crate) fn may(self, name: &str, make: Make) -> Self {
        let was = self.base.is_some_and(|base| !base[name].is_null());
        let is = if self.base.is_none() || self.dice.percent(15) { self.dice.percent(60) } else { was };
        if is { self.must(name, make) } else { self }
    }

    pub(crate) fn done(self) -> Value {
        Value::Object(self.fields)
    }
}
