//! Flags: variants, rules with their distributions, and rollouts.

use super::findings::{Findings, Path};
use crate::kinds::flipt::literal::Literal;
use crate::kinds::flipt::number::as_float32;
use crate::kinds::flipt::shape::{
    DISTRIBUTION, FLAG, ROLLOUT, ROLLOUT_SEGMENT, RULE, RULE_SEGMENT, THRESHOLD, VARIANT,
};
use crate::kinds::yaml::{Shape, Value};

const TYPES: [&str; 2] = ["VARIANT_FLAG_TYPE", "BOOLEAN_FLAG_TYPE"];
const OPERATORS: [&str; 2] = ["OR_SEGMENT_OPERATOR", "AND_SEGMENT_OPERATOR"];

pub(super) fn check<'t>(findings: &mut Findings<'t>, flag: Value<'t>, path: Path<'_>) {
    findings.own("flag", flag);
    let Some([key, name, kind, description, enabled, metadata, variants, rules, rollouts]) =
        findings.fields(flag, &FLAG, path)
    else {
        return;
    };
    findings.required(key, flag, path.field("key"), Findings::key);
    findings.required(name, flag, path.field("name"), Findings::line);
    findings.optional(description, |findings, value| {
        findings.text(value, path.field("description"));
    });
    findings.optional(enabled, |findings, value| findings.boolean(value, path.field("enabled")));
    for (at, value) in findings.optional_items(variants, path.field("variants")) {
        variant(findings, value, path.field("variants").item(at));
    }
    for (at, value) in findings.optional_items(rules, path.field("rules")) {
        rule(findings, value, path.field("rules").item(at));
    }
    let mut kind = findings
        .since(1, kind, path.field("type"))
        .and_then(|value| findings.one_of(value, path.field("type"), &TYPES));
    if let Some(value) = findings.since(3, metadata, path.field("metadata")) {
        findings.metadata(value, path.field("metadata"));
    }
    if let Some(value) = findings.since(1, rollouts, path.field("rollouts")) {
        if kind.take() == Some(0) {
            let message = format!("`{}` belongs to flags of type {} only", path.field("rollouts"), TYPES[1]);
            findings.fault(value.mark(), "unknown-field", message);
        }
        for (at, value) in findings.items(value, path.field("rollouts")) {
            rollout(findings, value, path.field("rollouts").item(at));
        }
    }
    findings.disown();
}

fn variant<'t>(findings: &mut Findings<'t>, variant: Value<'t>, path: Path<'_>) {
    let Some([default, key, name, description, attachment]) = findings.fields(variant, &VARIANT, path) else {
        return;
    };
    findings.required(key, variant, path.field("key"), Findings::line);
    findings.optional(name, |findings, value| findings.line(value, path.field("name")));
    findings.optional(description, |findings, value| {
        findings.text(value, path.field("description"));
    });
    if let Some(value) = findings.since(3, default, path.field("default")) {
        findings.boolean(value, path.field("default"));
    }
    let Some(value) = attachment else {
        return;
    };
    let path = path.field("attachment");
    match value.shape() {
        Shape::Scalar(_) => match findings.literal(value, path, "a mapping, a list or null") {
            Some(Literal::Null) | None => {}
            Some(_) => findings.wrong(value, path, "a mapping, a list or null"),
        },
        Shape::Sequence(_) | Shape::Mapping(_) => findings.free(value, path),
    }
}

fn rule<'t>(findings: &mut Findings<'t>, rule: Value<'t>, path: Path<'_>) {
    let Some([segment, rank, distributions]) = findings.fields(rule, &RULE, path) else {
        return;
    };
    findings.required(segment, rule, path.field("segment"), rule_segment);
    findings.optional(rank, |findings, value| findings.rank(value, path.field("rank")));
    for (at, value) in findings.optional_items(distributions, path.field("distributions")) {
        distribution(findings, value, path.field("distributions").item(at));
    }
}

fn rule_segment<'t>(findings: &mut Findings<'t>, segment: Value<'t>, path: Path<'_>) {
    const EXPECTED: &str = "a segment's key, or a mapping with `keys` and `operator`";
    match segment.shape() {
        Shape::Scalar(_) => match findings.literal(segment, path, EXPECTED) {
            Some(Literal::Text(_)) => findings.key(segment, path),
            Some(_) => findings.wrong(segment, path, EXPECTED),
            None => {}
        },
        Shape::Sequence(_) => findings.wrong(segment, path, EXPECTED),
        Shape::Mapping(_) => {
            let Some([keys, operator]) = findings.fields(segment, &RULE_SEGMENT, path) else {
                return;
            };
            segment_keys(findings, keys, path.field("keys"));
            segment_operator(findings, operator, path.field("operator"));
        }
    }
}

fn segment_keys<'t>(findings: &mut Findings<'t>, keys: Option<Value<'t>>, path: Path<'_>) {
    for (at, value) in findings.optional_items(keys, path) {
        findings.text(value, path.item(at));
    }
}

fn segment_operator<'t>(findings: &mut Findings<'t>, operator: Option<Value<'t>>, path: Path<'_>) {
    let Some(value) = operator else {
        return;
    };
    match findings.literal(value, path, "text or null") {
        Some(Literal::Null) | None => {}
        Some(_) => {
            findings.one_of(value, path, &OPERATORS);
        }
    }
}

fn distribution<'t>(findings: &mut Findings<'t>, distribution: Value<'t>, path: Path<'_>) {
    let Some([variant, rollout]) = findings.fields(distribution, &DISTRIBUTION, path) else {
        return;
    };
    findings.required(variant, distribution, path.field("variant"), Findings::line);
    findings.required(rollout, distribution, path.field("rollout"), Findings::share);
}

fn rollout<'t>(findings: &mut Findings<'t>, rollout: Value<'t>, path: Path<'_>) {
    let Some([description, segment, threshold]) = findings.fields(rollout, &ROLLOUT, path) else {
        return;
    };
    findings.optional(description, |findings, value| {
        findings.text(value, path.field("description"));
    });
    if let (Some(_), Some(second)) = (segment, threshold) {
        let message = format!("`{path}` has both a segment and a threshold; a rollout takes one of them");
        findings.fault(second.mark(), "conflicting-fields", message);
    }
    if let Some(segment) = segment {
        rollout_segment(findings, segment, path.field("segment"));
    }
    if let Some(threshold) = threshold {
        self::threshold(findings, threshold, path.field("threshold"));
    }
}

fn rollout_segment<'t>(findings: &mut Findings<'t>, segment: Value<'t>, path: Path<'_>) {
    let Some([key, keys, operator, value]) = findings.fields(segment, &ROLLOUT_SEGMENT, path) else {
        return;
    };
    match (key, keys) {
        (Some(_), Some(second)) => {
            let message = format!("`{path}` has both `key` and `keys`; it takes one of them");
            findings.fault(second.mark(), "conflicting-fields", message);
        }
        (None, None) => {
            let message = format!("`{path}` must have a `key` or a list of `keys`");
            findings.fault(segment.mark(), "missing-field", message);
        }
        _ => {}
    }
    findings.optional(key, |findings, value| findings.key(value, path.field("key")));
    segment_keys(findings, keys, path.field("keys"));
    segment_operator(findings, operator, path.field("operator"));
    findings.optional(value, |findings, value| findings.boolean(value, path.field("value")));
}

fn threshold<'t>(findings: &mut Findings<'t>, threshold: Value<'t>, path: Path<'_>) {
    let Some([percentage, value]) = findings.fields(threshold, &THRESHOLD, path) else {
        return;
    };
    findings.required(percentage, threshold, path.field("percentage"), |findings, value, path| {
        if findings.number(value, path) && as_float32(value).is_none() {
            let message = format!("`{path}` is too large to be kept; a number must stay below 3.4e38");
            findings.fault(value.mark(), "out-of-range", message);
        }
    });
    findings.optional(value, |findings, value| findings.boolean(value, path.field("value")));
}

impl<'t> Findings<'t> {
    /// A field that only newer versions of the schema have: a fault in an older document.
    fn since(&mut self, minor: u8, value: Option<Value<'t>>, path: Path<'_>) -> Option<Value<'t>> {
        if let Some(value) = value.filter(|_| self.minor < minor) {
            let message = format!(
                "`{path}` needs version \"1.{minor}\" or later; this document says \"1.{}\"",
                self.minor
            );
            self.fault(value.mark(), "newer-version", message);
            return None;
        }
        value
    }
}
