//! The report of diff as JSON, a change a line: values stand as they are, with all their digits, however deep they nest.

use serde_json::json;

use super::{Diffed, Differing, Named};
use crate::kinds::{Change, Value};

/// One object and a line end.
pub(super) fn text(report: &Diffed) -> String {
    let Diffed { kind, sides, namespaces, compared, cost, warnings } = report;
    let side = |side: &Named| json!({"reference": side.name, "digest": side.digest}).to_string();
    let mut out = String::from("{\n");
    let mut member = |name: &str, value: &str| out.extend(["  \"", name, "\": ", value, ",\n"]);
    member("equal", if namespaces.is_empty() { "true" } else { "false" });
    member("kind", &json!(kind).to_string());
    member("from", &side(&sides[0]));
    member("to", &side(&sides[1]));
    member("compared", &compared.to_string());
    member("layers", &cost.layers.to_string());
    member("bytes", &cost.bytes.to_string());
    member("requests", &cost.requests.to_string());
    member("warnings", &json!(warnings).to_string());
    out.push_str("  \"namespaces\": [");
    for (at, namespace) in namespaces.iter().enumerate() {
        out.push_str(if at > 0 { ",\n" } else { "\n" });
        differing(namespace, &mut out);
    }
    out.push_str(if namespaces.is_empty() { "]\n}\n" } else { "\n  ]\n}\n" });
    out
}

fn differing(namespace: &Differing, out: &mut String) {
    let (name, nature) = (json!(namespace.name).to_string(), namespace.nature.name());
    out.extend(["    {\"namespace\": ", &name, ", \"change\": \"", nature, "\", \"changes\": ["]);
    for (at, one) in namespace.changes.iter().enumerate() {
        out.push_str(if at > 0 { ",\n      " } else { "\n      " });
        change(one, out);
    }
    out.push_str("]}");
}

fn change(change: &Change, out: &mut String) {
    let path = json!(change.path.to_string()).to_string();
    out.extend(["{\"path\": ", &path, ", \"change\": \"", change.nature.name(), "\""]);
    for (name, value) in [("from", &change.from), ("to", &change.to)] {
        out.extend([", \"", name, "\": "]);
        value.as_ref().unwrap_or(&Value::Null).write_json(out, usize::MAX);
    }
    let mut values = change.from.iter().chain(&change.to);
    if values.any(Value::has_secrets) {
        out.push_str(", \"secret\": true");
    }
    out.push('}');
}
