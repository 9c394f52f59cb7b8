//! Flipt's closed schema for features documents, by version; every fault of a document is found in one run.

mod findings;
mod flag;
mod segment;
mod values;

use crate::kinds::yaml::{Problem, Style, Value};

use self::findings::{Findings, Path};
use super::literal::Literal;
use super::shape::{DOCUMENT, NAMESPACE};

/// The versions of the schema; `1.4` where a document names none.
const VERSIONS: [&str; 5] = ["1.0", "1.1", "1.2", "1.3", "1.4"];

/// Whether the document is one that nothing was written into; Flipt takes it for an empty mapping.
pub(super) fn is_blank(document: Value<'_>) -> bool {
    document.scalar().is_some_and(|scalar| scalar.style == Style::Empty)
}

/// Checks a document; faults and, apart from them, warnings.
pub(super) fn check(document: Value<'_>) -> (Vec<Problem>, Vec<Problem>) {
    let mut findings = Findings::default();
    if !is_blank(document) {
        self::document(&mut findings, document);
    }
    (findings.faults, findings.warnings)
}

fn document<'t>(findings: &mut Findings<'t>, document: Value<'t>) {
    let root = Path::root();
    let Some([version, namespace, flags, segments]) = findings.fields(document, &DOCUMENT, root) else {
        return;
    };
    findings.minor = version.map_or(4, |version| self::version(findings, version, root));
    if let Some(value) = namespace {
        self::namespace(findings, value, root.field("namespace"));
    }
    for (at, value) in findings.optional_items(flags, root.field("flags")) {
        flag::check(findings, value, root.field("flags").item(at));
    }
    for (at, value) in findings.optional_items(segments, root.field("segments")) {
        segment::check(findings, value, root.field("segments").item(at));
    }
}

/// The minor version to check by; the newest where the one given does not exist.
fn version<'t>(findings: &mut Findings<'t>, value: Value<'t>, root: Path<'_>) -> u8 {
    findings.one_of(value, root.field("version"), &VERSIONS).and_then(|at| u8::try_from(at).ok()).unwrap_or(4)
}

fn namespace<'t>(findings: &mut Findings<'t>, value: Value<'t>, path: Path<'_>) {
    if value.scalar().is_some() {
        const EXPECTED: &str = "a key, or a mapping with `key`, `name` and `description`";
        match findings.literal(value, path, EXPECTED) {
            Some(Literal::Text(_)) => findings.key(value, path),
            Some(_) => findings.wrong(value, path, EXPECTED),
            None => {}
        }
        return;
    }
    let Some([key, name, description]) = findings.fields(value, &NAMESPACE, path) else {
        return;
    };
    match key {
        Some(key) => findings.key(key, path.field("key")),
        // Flipt takes it, and then serves a namespace without a name that nobody can ask for.
        None => findings.missing(value, path.field("key")),
    }
    findings.optional(name, |findings, value| findings.line(value, path.field("name")));
    findings.optional(description, |findings, value| {
        findings.text(value, path.field("description"));
    });
}
