//! Flags as JSON, with what they refer to.

use super::Encoder;
use crate::kinds::flipt::number::as_unsigned;
use crate::kinds::flipt::outline::{Flag, Rule, Word};
use crate::kinds::flipt::shape::{
    DISTRIBUTION, FLAG, ROLLOUT, ROLLOUT_SEGMENT, RULE, RULE_SEGMENT, THRESHOLD, VARIANT,
};
use crate::kinds::flipt::text::quoted;
use crate::kinds::yaml::{Problem, Shape as Form, Value};

impl Encoder {
    pub(super) fn flag(&mut self, flag: Value<'_>) {
        let [key, name, kind, description, enabled, metadata, variants, rules, rollouts] =
            self.values(flag, &FLAG);
        let word = self.outline.word(key.unwrap_or(flag));
        let mut outline = Flag {
            key: word,
            boolean: self.text_of(kind) == "BOOLEAN_FLAG_TYPE",
            enabled: self.is_true(enabled),
            variants: Vec::new(),
            rules: Vec::new(),
            rollouts: Vec::new(),
        };
        self.out.push(b'{');
        self.text("key", key);
        self.text("name", name);
        self.text("type", kind);
        self.text("description", description);
        self.name("enabled");
        self.out.extend_from_slice(if outline.enabled { b"true" } else { b"false" });
        self.metadata("metadata", metadata);
        let mut defaults = 0;
        self.list("variants", variants, |encoder, variant| {
            encoder.variant(variant, &mut outline.variants, &mut defaults);
        });
        self.list("rules", rules, |encoder, rule| {
            let rule = encoder.rule(rule);
            outline.rules.push(rule);
        });
        self.list("rollouts", rollouts, |encoder, rollout| {
            let segments = encoder.rollout(rollout);
            outline.rollouts.push(segments);
        });
        self.out.push(b'}');
        self.outline.flags.push(outline);
    }

    fn variant(&mut self, variant: Value<'_>, words: &mut Vec<Word>, defaults: &mut usize) {
        let [default, key, name, description, attachment] = self.values(variant, &VARIANT);
        words.push(self.outline.word(key.unwrap_or(variant)));
        let is_default = self.is_true(default);
        *defaults += usize::from(is_default);
        if let Some(default) = default.filter(|_| is_default && *defaults > 1) {
            let message = "this flag has a default variant already; the last one counts";
            self.warnings.push(Problem::new(default.mark(), "several-defaults", message));
        }
        self.out.push(b'{');
        self.truth("default", default);
        self.text("key", key);
        self.text("name", name);
        self.text("description", description);
        if let Some(value) = attachment.filter(|value| value.scalar().is_none()) {
            self.name("attachment");
            self.free(value);
        }
        self.out.push(b'}');
    }

    fn rule(&mut self, rule: Value<'_>) -> Rule {
        let [segment, rank, distributions] = self.values(rule, &RULE);
        let mut outline = Rule { segments: Vec::new(), variants: Vec::new(), total: 0 };
        self.out.push(b'{');
        if let Some(segment) = segment.map(Value::last) {
            self.name("segment");
            self.rule_segment(segment, &mut outline.segments);
        }
        if let Some(rank) = rank.and_then(as_unsigned).filter(|rank| *rank > 0) {
            self.name("rank");
            self.out.extend_from_slice(rank.to_string().as_bytes());
        }
        let mut total = 0.0;
        self.list("distributions", distributions, |encoder, distribution| {
            let [variant, rollout] = encoder.values(distribution, &DISTRIBUTION);
            if let Some(variant) = variant {
                outline.variants.push(encoder.outline.word(variant));
            }
            encoder.out.push(b'{');
            encoder.text("variant", variant);
            let share = encoder.float("rollout", rollout);
            // More than all is refused by itself.
            total += if share <= 100.0 { f64::from(share) } else { 0.0 };
            encoder.out.push(b'}');
        });
        // Each share is at most 100, so only a list beyond all reason would saturate.
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        {
            outline.total = (total * 100.0).round() as u32;
        }
        self.out.push(b'}');
        outline
    }

    fn rule_segment(&mut self, segment: Value<'_>, words: &mut Vec<Word>) {
        if let Some(scalar) = segment.scalar() {
            words.push(self.outline.word(segment));
            return quoted(scalar.text, &mut self.out);
        }
        let [keys, operator] = self.values(segment, &RULE_SEGMENT);
        self.out.push(b'{');
        self.keys(keys, words);
        self.text("operator", operator);
        self.out.push(b'}');
    }

    fn rollout(&mut self, rollout: Value<'_>) -> Vec<Word> {
        let [description, segment, threshold] = self.values(rollout, &ROLLOUT);
        let mut words = Vec::new();
        self.out.push(b'{');
        self.text("description", description);
        if let Some(segment) = segment {
            self.name("segment");
            self.rollout_segment(segment, &mut words);
        }
        if let Some(threshold) = threshold {
            let [percentage, value] = self.values(threshold, &THRESHOLD);
            self.name("threshold");
            self.out.push(b'{');
            self.float("percentage", percentage);
            self.truth("value", value);
            self.out.push(b'}');
        }
        self.out.push(b'}');
        words
    }

    fn rollout_segment(&mut self, segment: Value<'_>, words: &mut Vec<Word>) {
        let [key, keys, operator, value] = self.values(segment, &ROLLOUT_SEGMENT);
        self.out.push(b'{');
        if let Some(key) = key {
            words.push(self.outline.word(key));
        }
        self.text("key", key);
        self.keys(keys, words);
        if words.is_empty() {
            let message = "no server loads a rollout whose segment names no key";
            self.warnings.push(Problem::new(segment.mark(), "unservable", message));
        }
        self.text("operator", operator);
        self.truth("value", value);
        self.out.push(b'}');
    }

    fn keys(&mut self, keys: Option<Value<'_>>, words: &mut Vec<Word>) {
        if let Some(Form::Sequence(sequence)) = keys.map(Value::shape) {
            words.extend(sequence.items().map(|key| self.outline.word(key)));
        }
        self.texts("keys", keys);
    }
}
