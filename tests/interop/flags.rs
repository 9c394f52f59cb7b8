//! Flag files as a large organisation has them, the same on every machine.

use std::fmt::Write as _;
use std::path::Path;

/// A small generator (Knuth's MMIX constants): what is made must be the same everywhere, not unpredictable.
pub(crate) struct Dice(pub(crate) u64);

impl Dice {
    pub(crate) fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % bound
    }

    pub(crate) fn word(&mut self) -> &'static str {
        const WORDS: [&str; 12] = [
            "basket", "billing", "coupon", "delivery", "gift", "invoice", "login", "mail", "price", "return",
            "search", "stock",
        ];
        WORDS[usize::try_from(self.below(WORDS.len() as u64)).unwrap()]
    }
}

/// Writes so many namespaces, each a file of its own with so many flags and three segments.
pub(crate) fn write(folder: &Path, namespaces: usize, flags: usize) {
    std::fs::create_dir_all(folder).unwrap();
    for number in 0..namespaces {
        let text = namespace(number, flags, 0);
        std::fs::write(folder.join(format!("ns{number:05}.features.yml")), text).unwrap();
    }
}

/// Writes one of the namespaces again, with other content.
pub(crate) fn change(folder: &Path, number: usize, flags: usize) {
    std::fs::write(folder.join(format!("ns{number:05}.features.yml")), namespace(number, flags, 1)).unwrap();
}

fn namespace(number: usize, flags: usize, version: u64) -> String {
    let mut dice = Dice(number as u64 * 2 + version);
    let mut out =
        format!("version: \"1.4\"\nnamespace:\n  key: ns{number:05}\n  name: Namespace {number}\nflags:\n");
    for flag in 0..flags {
        let words: Vec<_> = (0..8).map(|_| dice.word()).collect();
        let (first, second) = (dice.word(), dice.word());
        let _ = write!(
            out,
            "- key: {first}-{second}-{flag}\n  name: {first} {second}\n  description: {}\n",
            words.join(" ")
        );
        if flag % 2 == 0 { variants(&mut out, &mut dice) } else { boolean(&mut out, &mut dice) }
    }
    out += "segments:\n";
    for segment in 0..3 {
        let _ = write!(
            out,
            "- key: segment{segment}\n  name: Segment {segment}\n  match_type: ALL_MATCH_TYPE\n  constraints:\n  \
             - type: STRING_COMPARISON_TYPE\n    property: {}\n    operator: eq\n    value: {}\n  \
             - type: NUMBER_COMPARISON_TYPE\n    property: age\n    operator: gte\n    value: \"{}\"\n",
            dice.word(),
            dice.word(),
            dice.below(90)
        );
    }
    out
}

fn variants(out: &mut String, dice: &mut Dice) {
    let share = dice.below(101);
    let _ = write!(
        out,
        "  type: VARIANT_FLAG_TYPE\n  enabled: true\n  variants:\n  - key: old\n    name: Old\n  - key: new\n    \
         name: New\n    attachment:\n      colour: \"#{:06x}\"\n      weight: {}.{}\n      tags: [{}, {}]\n  \
         rules:\n  - segment: segment{}\n    distributions:\n    - variant: old\n      rollout: {share}\n    \
         - variant: new\n      rollout: {}\n",
        dice.below(1 << 24),
        dice.below(10),
        dice.below(9) + 1,
        dice.word(),
        dice.word(),
        dice.below(3),
        100 - share
    );
}

fn boolean(out: &mut String, dice: &mut Dice) {
    let _ = write!(
        out,
        "  type: BOOLEAN_FLAG_TYPE\n  enabled: {}\n  metadata:\n    team: {}\n    ticket: {}\n  rollouts:\n  \
         - segment:\n      key: segment{}\n      value: true\n  - threshold:\n      percentage: {}.5\n      \
         value: true\n",
        dice.below(2) == 0,
        dice.word(),
        dice.below(10_000),
        dice.below(3),
        dice.below(100)
    );
}
