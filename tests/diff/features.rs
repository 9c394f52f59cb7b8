//! Random features, and others that were made of them as an author would: items kept, changed, dropped, added, reordered.

use serde_json::{Map, Value, json};

/// Numbers that depend on a seed alone (`SplitMix64`).
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// A number below this.
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^= mixed >> 31;
        usize::try_from(mixed % bound as u64).unwrap()
    }

    /// True so many times of a hundred.
    fn percent(&mut self, many: usize) -> bool {
        self.below(100) < many
    }

    fn pick<'v, T>(&mut self, all: &'v [T]) -> &'v T {
        &all[self.below(all.len())]
    }

    fn shuffle<T>(&mut self, all: &mut [T]) {
        for at in (1..all.len()).rev() {
            all.swap(at, self.below(at + 1));
        }
    }
}

const KEYS: [&str; 5] = ["a", "b-1", "c,d", "_", "flags"];
const TEXTS: [&str; 9] = ["x", "y z", "1", "a/b~c", "[key=a]", "q\"]#2", "k,e=y~2", "ü日本", "-"];

/// Some documents, made of others where there are any.
pub(crate) fn documents(dice: &mut Dice, base: Option<&[Value]>) -> Vec<Value> {
    let base = base.map(|documents| Value::from(documents.to_vec()));
    if dice.percent(5)
        && let Some(base) = &base
    {
        return base.as_array().unwrap().clone();
    }
    let found = list(dice, base.as_ref(), 1, document);
    if found.is_empty() { vec![document(dice, None)] } else { found }
}

type Make = fn(&mut Dice, Option<&Value>) -> Value;

/// Items: most of the old ones as they are, some of them others, and new ones.
fn list(dice: &mut Dice, base: Option<&Value>, least: usize, make: Make) -> Vec<Value> {
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
struct Object<'d, 'b> {
    dice: &'d mut Dice,
    base: Option<&'b Value>,
    fields: Map<String, Value>,
}

impl<'d, 'b> Object<'d, 'b> {
    fn new(dice: &'d mut Dice, base: Option<&'b Value>) -> Self {
        Self { dice, base, fields: Map::new() }
    }

    /// A field that is always there, and seldom changes.
    fn must(mut self, name: &str, make: Make) -> Self {
        let old = self.base.map(|base| &base[name]).filter(|old| !old.is_null());
        let value = match old {
            Some(old) if self.dice.percent(70) => old.clone(),
            old => make(self.dice, old),
        };
        self.fields.insert(name.to_owned(), value);
        self
    }

    /// A field that comes and goes.
    fn may(self, name: &str, make: Make) -> Self {
        let was = self.base.is_some_and(|base| !base[name].is_null());
        let is = if self.base.is_none() || self.dice.percent(15) { self.dice.percent(60) } else { was };
        if is { self.must(name, make) } else { self }
    }

    fn done(self) -> Value {
        Value::Object(self.fields)
    }
}

fn key(dice: &mut Dice, _: Option<&Value>) -> Value {
    json!(dice.pick(&KEYS))
}

fn text(dice: &mut Dice, _: Option<&Value>) -> Value {
    json!(dice.pick(&TEXTS))
}

fn prose(dice: &mut Dice, _: Option<&Value>) -> Value {
    json!(dice.pick(&["one\nline\n", "one\nmore\nline\n", "short", ""]))
}

fn boolean(dice: &mut Dice, _: Option<&Value>) -> Value {
    json!(dice.percent(50))
}

fn percentage(dice: &mut Dice, _: Option<&Value>) -> Value {
    json!(dice.below(5) * 25)
}

fn document(dice: &mut Dice, base: Option<&Value>) -> Value {
    let version: Make = |dice, _| json!(dice.pick(&["1.3", "1.4"]));
    let namespace: Make = |dice, _| {
        let key = *dice.pick(&["default", "web", "c,d"]);
        if dice.percent(30) { json!({"key": key, "name": dice.pick(&TEXTS)}) } else { json!(key) }
    };
    Object::new(dice, base)
        .must("version", version)
        .must("namespace", namespace)
        .may("flags", |dice, base| list(dice, base, 0, flag).into())
        .may("segments", |dice, base| list(dice, base, 0, segment).into())
        .done()
}

fn flag(dice: &mut Dice, base: Option<&Value>) -> Value {
    let is_boolean = base.map_or_else(|| dice.percent(40), |base| base["type"] == "BOOLEAN_FLAG_TYPE");
    let metadata: Make = |dice, base| {
        let mut fields = base.and_then(Value::as_object).cloned().unwrap_or_default();
        let value = dice.pick(&[json!("x"), json!(7), json!(0.5), json!(true)]).clone();
        fields.insert((*dice.pick(&TEXTS)).to_owned(), value);
        Value::Object(fields)
    };
    let flag = Object::new(dice, base)
        .must("key", key)
        .must("name", text)
        .must("enabled", boolean)
        .may("description", prose)
        .may("metadata", metadata)
        .may("variants", |dice, base| list(dice, base, 0, variant).into())
        .may("rules", |dice, base| list(dice, base, 0, rule).into());
    if is_boolean {
        flag.must("type", |_, _| json!("BOOLEAN_FLAG_TYPE"))
            .may("rollouts", |dice, base| list(dice, base, 0, rollout).into())
            .done()
    } else {
        flag.done()
    }
}

fn variant(dice: &mut Dice, base: Option<&Value>) -> Value {
    let attachment: Make = |dice, base| match base {
        Some(base) => tree(dice, Some(base), 0),
        None if dice.percent(50) => json!({"rules": tree(dice, None, 1), "a~/": tree(dice, None, 1)}),
        None => json!([tree(dice, None, 1), tree(dice, None, 1)]),
    };
    Object::new(dice, base).must("key", text).may("name", text).may("attachment", attachment).done()
}

/// Any JSON, whose top stays what it is.
fn tree(dice: &mut Dice, base: Option<&Value>, depth: usize) -> Value {
    const LEAVES: [fn() -> Value; 7] = [
        || Value::Null,
        || json!(true),
        || json!(1),
        || json!(-0.5),
        || json!(u64::MAX),
        || json!("~0/"),
        || json!([]),
    ];
    match base {
        Some(Value::Array(_)) => {
            let make: Make = |dice, base| {
                if dice.percent(50) { tree(dice, base, 1) } else { tree(dice, None, 1) }
            };
            list(dice, base, 0, make).into()
        }
        Some(Value::Object(fields)) => {
            let mut fields = fields.clone();
            let name = (*dice.pick(&TEXTS)).to_owned();
            if dice.percent(30) {
                fields.remove(&name);
            } else {
                let value = tree(dice, fields.get(&name), depth + 1);
                fields.insert(name, value);
            }
            Value::Object(fields)
        }
        _ if depth > 3 || dice.percent(50) => dice.pick(&LEAVES)(),
        _ if dice.percent(50) => (0..dice.below(5)).map(|_| tree(dice, None, depth + 1)).collect(),
        _ => json!({*dice.pick(&TEXTS): tree(dice, None, depth + 1)}),
    }
}

fn keys(dice: &mut Dice, base: Option<&Value>) -> Value {
    list(dice, base, 1, key).into()
}

fn operator(dice: &mut Dice, _: Option<&Value>) -> Value {
    json!(dice.pick(&["OR_SEGMENT_OPERATOR", "AND_SEGMENT_OPERATOR"]))
}

fn rule(dice: &mut Dice, base: Option<&Value>) -> Value {
    let segment: Make = |dice, base| match base {
        Some(base @ Value::Object(_)) => {
            Object::new(dice, Some(base)).must("keys", keys).must("operator", operator).done()
        }
        _ if dice.percent(60) => key(dice, None),
        _ => Object::new(dice, None).must("keys", keys).must("operator", operator).done(),
    };
    let distribution: Make =
        |dice, base| Object::new(dice, base).must("variant", text).must("rollout", percentage).done();
    let rule =
        Object::new(dice, base).must("segment", segment).may("rank", |dice, _| json!(1 + dice.below(3)));
    let rule = rule.may("distributions", |_, _| json!([])).done();
    let mut rule = rule;
    if rule.get("distributions").is_some() {
        let old = base.and_then(|base| base.get("distributions"));
        rule["distributions"] = list(dice, old, 1, distribution).into();
    }
    rule
}

fn rollout(dice: &mut Dice, base: Option<&Value>) -> Value {
    let is_threshold = base.map_or_else(|| dice.percent(50), |base| base["threshold"].is_object());
    let threshold: Make = |dice, base| {
        Object::new(dice, base).must("percentage", percentage).may("value", |_, _| json!(true)).done()
    };
    let segment: Make = |dice, base| {
        let has_key = base.map_or_else(|| dice.percent(50), |base| base["key"].is_string());
        let segment = Object::new(dice, base).may("value", |_, _| json!(true));
        if has_key { segment.must("key", key) } else { segment.must("keys", keys).must("operator", operator) }
            .done()
    };
    let rollout = Object::new(dice, base).may("description", prose);
    if is_threshold { rollout.must("threshold", threshold) } else { rollout.must("segment", segment) }.done()
}

fn segment(dice: &mut Dice, base: Option<&Value>) -> Value {
    let match_type: Make = |dice, _| json!(dice.pick(&["ANY_MATCH_TYPE", "ALL_MATCH_TYPE"]));
    let constraint: Make = |dice, base| {
        Object::new(dice, base)
            .must("type", |_, _| json!("STRING_COMPARISON_TYPE"))
            .must("property", key)
            .must("operator", |dice, _| json!(dice.pick(&["eq", "neq", "prefix"])))
            .may("value", text)
            .done()
    };
    let mut segment = Object::new(dice, base)
        .must("key", key)
        .must("name", text)
        .must("match_type", match_type)
        .may("constraints", |_, _| json!([]))
        .done();
    if segment.get("constraints").is_some() {
        let old = base.and_then(|base| base.get("constraints"));
        segment["constraints"] = list(dice, old, 1, constraint).into();
    }
    segment
}
