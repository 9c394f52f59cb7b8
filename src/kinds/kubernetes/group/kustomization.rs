//! The paths that a kustomization names, field by field (kustomize 5, `api/types/kustomization.go` and the loaders).

use super::root::{Reference, Wants, field, items, text};
use crate::kinds::yaml::Value;

/// Fields that are lists of paths, and what stands there. In place of a path some take what would be in the file.
const LISTS: [(&str, Wants); 9] = [
    ("resources", Wants::Either),
    ("bases", Wants::Either),
    ("components", Wants::Kustomization),
    ("crds", Wants::File),
    ("configurations", Wants::File),
    ("patchesStrategicMerge", Wants::File),
    ("generators", Wants::Either),
    ("transformers", Wants::Either),
    ("validators", Wants::Either),
];
/// Fields that are lists of objects with a `path`.
const WITH_PATH: [&str; 3] = ["patches", "patchesJson6902", "replacements"];
/// Fields that make objects of files.
const GENERATORS: [&str; 2] = ["configMapGenerator", "secretGenerator"];
/// Where charts lie unless `chartHome` says otherwise.
const CHART_HOME: &str = "charts";

/// All local paths, in the order of the fields here.
pub(super) fn references(root: Value<'_>) -> Vec<Reference> {
    let mut found = Found(Vec::new());
    for (name, wants) in LISTS {
        items(root, name).for_each(|value| found.add(value, wants));
    }
    for name in WITH_PATH {
        items(root, name).for_each(|item| found.file(field(item, "path")));
    }
    found.file(field(root, "openapi").and_then(|openapi| field(openapi, "path")));
    for generator in GENERATORS.iter().flat_map(|name| items(root, name)) {
        items(generator, "files").for_each(|file| found.keyed(file));
        items(generator, "envs").for_each(|file| found.file(Some(file)));
        found.file(field(generator, "env"));
    }
    let home = field(root, "helmGlobals").and_then(|globals| field(globals, "chartHome"));
    items(root, "helmCharts").for_each(|chart| found.chart(chart, home));
    items(root, "helmChartInflationGenerator").for_each(|chart| found.old_chart(chart));
    found.0
}

struct Found(Vec<Reference>);

impl Found {
    fn push(&mut self, path: &str, value: Value<'_>, wants: Wants) {
        let is_elsewhere = match wants {
            Wants::File => is_url(path),
            _ => is_repository(path),
        };
        if !path.is_empty() && !is_elsewhere && !is_inline(path) {
            self.0.push(Reference { path: path.to_owned(), mark: value.mark(), wants });
        }
    }

    fn add(&mut self, value: Value<'_>, wants: Wants) {
        if let Some(path) = text(value) {
            self.push(path, value, wants);
        }
    }

    fn file(&mut self, value: Option<Value<'_>>) {
        if let Some(value) = value {
            self.add(value, Wants::File);
        }
    }

    /// `path`, or `key=path`.
    fn keyed(&mut self, value: Value<'_>) {
        let Some(source) = text(value) else { return };
        let path = source.split_once('=').map_or(source, |(_, path)| path);
        self.push(path, value, Wants::File);
    }

    fn chart(&mut self, chart: Value<'_>, home: Option<Value<'_>>) {
        self.file(field(chart, "valuesFile"));
        items(chart, "additionalValuesFiles").for_each(|file| self.file(Some(file)));
        let of = |name| field(chart, name).and_then(text).filter(|text| !text.is_empty());
        let home = home.and_then(text).filter(|home| !home.is_empty()).unwrap_or(CHART_HOME);
        let Some(name) = of("name") else { return };
        let (path, wants) = match (of("repo"), of("version")) {
            // What is not there is downloaded, into a directory with the version in its name.
            (Some(_), Some(version)) => (format!("{home}/{name}-{version}/{name}"), Wants::ChartIfAny),
            (Some(_), None) => (format!("{home}/{name}"), Wants::ChartIfAny),
            (None, _) => (format!("{home}/{name}"), Wants::Chart),
        };
        self.0.push(Reference { path, mark: chart.mark(), wants });
    }

    /// A chart under the names that the fields had before `helmCharts`.
    fn old_chart(&mut self, chart: Value<'_>) {
        self.file(field(chart, "values"));
        let of = |name| field(chart, name).and_then(text).filter(|text| !text.is_empty());
        let Some(name) = of("chartName") else { return };
        let path = format!("{}/{name}", of("chartHome").unwrap_or(CHART_HOME));
        self.0.push(Reference { path, mark: chart.mark(), wants: Wants::ChartIfAny });
    }
}

/// Whether a text is the content of a file, and not its path.
fn is_inline(text: &str) -> bool {
    text.contains('\n') || text.contains(": ") || text.trim_start().starts_with('{')
}

/// Whether it is fetched as a file (`IsRemoteFile`).
fn is_url(text: &str) -> bool {
    ["http://", "https://"].iter().any(|scheme| without(text, scheme).is_some())
}

/// Whether it is cloned (`NewRepoSpecFromURL`): a URL, `user@host:path`, or a path of GitHub.
fn is_repository(text: &str) -> bool {
    let text = without(text, "git::").unwrap_or(text);
    let text = text.split('?').next().unwrap_or(text);
    if is_url(text) || ["ssh://", "file://"].iter().any(|scheme| without(text, scheme).is_some()) {
        return true;
    }
    let after_user = text.split_once('@').filter(|(user, _)| is_user(user)).map(|(_, rest)| rest);
    let host = after_user.unwrap_or(text);
    let is_github = ["github.com/", "github.com:"].iter().any(|start| without(host, start).is_some());
    if after_user.is_none() && !is_github {
        return false;
    }
    let path = host.split_once([':', '/']).map_or("", |(_, path)| path);
    // An owner and a repository, or what ends the path of a repository.
    path.contains('/') || path.contains(".git")
}

fn is_user(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_alphabetic())
        && text.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '-')
}

/// The rest after a beginning whose case does not matter.
fn without<'t>(text: &'t str, start: &str) -> Option<&'t str> {
    let (head, rest) = text.split_at_checked(start.len())?;
    head.eq_ignore_ascii_case(start).then_some(rest)
}

#[cfg(test)]
mod tests;
