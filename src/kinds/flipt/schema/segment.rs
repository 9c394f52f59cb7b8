//! Segments, and the constraints that say who belongs to them.

use super::findings::{Findings, Path};
use crate::kinds::flipt::shape::{CONSTRAINT, SEGMENT};
use crate::kinds::yaml::{Problem, Value};

const MATCHES: [&str; 2] = ["ANY_MATCH_TYPE", "ALL_MATCH_TYPE"];

const TYPES: [&str; 5] = [
    "STRING_COMPARISON_TYPE",
    "NUMBER_COMPARISON_TYPE",
    "BOOLEAN_COMPARISON_TYPE",
    "DATETIME_COMPARISON_TYPE",
    "ENTITY_ID_COMPARISON_TYPE",
];

const OF_TEXT: &[&str] = &[
    "eq",
    "neq",
    "empty",
    "notempty",
    "prefix",
    "suffix",
    "isoneof",
    "isnotoneof",
    "contains",
    "notcontains",
];
const OF_NUMBERS: &[&str] =
    &["eq", "neq", "present", "notpresent", "lt", "lte", "gt", "gte", "isoneof", "isnotoneof"];
const OF_BOOLEANS: &[&str] = &["true", "false", "present", "notpresent"];
const OF_TIMES: &[&str] = &["eq", "neq", "present", "notpresent", "lt", "lte", "gt", "gte"];

/// The operators of each type, in the order of `TYPES`.
const OPERATORS: [&[&str]; 5] = [OF_TEXT, OF_NUMBERS, OF_BOOLEANS, OF_TIMES, OF_TEXT];

pub(super) fn check<'t>(findings: &mut Findings<'t>, segment: Value<'t>, path: Path<'_>) {
    findings.own("segment", segment);
    let Some([key, name, description, constraints, matches]) = findings.fields(segment, &SEGMENT, path)
    else {
        return;
    };
    findings.required(key, segment, path.field("key"), Findings::key);
    findings.required(name, segment, path.field("name"), Findings::line);
    findings.optional(description, |findings, value| {
        findings.text(value, path.field("description"));
    });
    findings.required(matches, segment, path.field("match_type"), |findings, value, path| {
        findings.one_of(value, path, &MATCHES);
    });
    for (at, value) in findings.optional_items(constraints, path.field("constraints")) {
        constraint(findings, value, path.field("constraints").item(at));
    }
    findings.disown();
}

fn constraint<'t>(findings: &mut Findings<'t>, constraint: Value<'t>, path: Path<'_>) {
    let Some([kind, property, operator, value, description]) = findings.fields(constraint, &CONSTRAINT, path)
    else {
        return;
    };
    let operators = match kind {
        Some(kind) => findings.one_of(kind, path.field("type"), &TYPES).map(|at| OPERATORS[at]),
        // Only truth has the operators `true` and `false`, so the schema can tell the type by them.
        None if operator
            .and_then(Value::scalar)
            .is_some_and(|scalar| matches!(scalar.text, "true" | "false")) =>
        {
            let message = format!("`{path}` has no type, and no server can evaluate it");
            findings.warnings.push(Problem::new(constraint.mark(), "unservable", message));
            Some(OF_BOOLEANS)
        }
        None => {
            findings.missing(constraint, path.field("type"));
            None
        }
    };
    findings.required(property, constraint, path.field("property"), Findings::line);
    findings.required(operator, constraint, path.field("operator"), |findings, value, path| {
        let Some(text) = findings.text(value, path) else {
            return;
        };
        let Some(operators) = operators else {
            return;
        };
        if findings.one_of(value, path, operators).is_some() && text == "lt" {
            let message = format!(
                "`{path}`: no released Flipt (up to v1.61.1) loads the operator `lt`; `gte` with the outcomes swapped does the same"
            );
            findings.warnings.push(Problem::new(value.mark(), "unreleased-operator", message));
        }
    });
    findings.optional(value, |findings, value| {
        findings.text(value, path.field("value"));
    });
    findings.optional(description, |findings, value| {
        findings.text(value, path.field("description"));
    });
}
