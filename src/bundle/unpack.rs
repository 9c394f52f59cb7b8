//! Which layers of a bundle from elsewhere are unpacked, and what each of them is. Pure.

use crate::oci::media_type::{EMPTY, FLUX_CONFIG, FLUX_CONTENT};
use crate::oci::{Descriptor, Manifest};

/// Helm's config and chart (Helm, `pkg/registry/constants.go`).
const HELM_CONFIG: &str = "application/vnd.cncf.helm.config.v1+json";
const HELM_CHART: &str = "application/vnd.cncf.helm.chart.content.v1.tar+gzip";
/// Annotation of a layer: its file's name (image specification, `annotations.md`).
const TITLE: &str = "org.opencontainers.image.title";
/// Annotation of a layer: `true` where oras packed a directory of that name.
const IS_DIRECTORY: &str = "io.deis.oras.content.unpack";
/// What the name of a file begins with that takes another one away (image specification, `layer.md`).
const WHITEOUT: &str = ".wh.";

/// What is unpacked of a bundle.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// The layers, in the order in which they must be read.
    pub parts: Vec<Part>,
    /// Whether they lie over each other as those of an image do; the uppermost is then read first.
    pub overlays: bool,
    /// How many layers have no name, where others have one: oras leaves them out.
    pub nameless: usize,
}

/// One layer that is unpacked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// The layer.
    pub layer: Descriptor,
    /// What it is.
    pub shape: Shape,
}

/// What a layer is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Shape {
    /// An archive.
    Archive,
    /// An archive of one directory, whose entries must lie in it. The path is anybody's.
    Directory(String),
    /// A file of this path. The path is anybody's.
    File(String),
}

/// Why a bundle cannot be unpacked, whatever its layers hold.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PlanError {
    /// No layers, or none with content.
    #[error("the bundle has no layer with content")]
    Empty,
    /// Flux would fail on it, or take a part for the whole.
    #[error("Flux takes the first layer alone, and here that is `{0}`, not the one with its content")]
    FluxFirst(String),
    /// Flux would leave files out without a word.
    #[error("Flux takes the first layer alone, and here {0} layers have content for it")]
    FluxSeveral(usize),
    /// A chart of Helm's that has no chart.
    #[error("the bundle is Helm's, and holds no chart")]
    NoChart,
}

/// Says which layers hold the files of a bundle that is not of a kind of torte's own, and how to read them.
///
/// - Flux's bundles have their tree in the first layer; others may follow that hold parts of the same tree.
/// - Helm's have one chart, which may have a signature beside it.
/// - oras names its layers: each is a file, or a directory packed as an archive.
/// - All others are read as images are: archives, of which a later one's files lie over those of an earlier one.
pub fn plan(manifest: &Manifest) -> Result<Plan, PlanError> {
    let layers: Vec<_> = manifest.layers().iter().filter(|layer| layer.media_type != EMPTY).collect();
    let Some(first) = layers.first() else { return Err(PlanError::Empty) };
    let config = manifest.config().map(|config| config.media_type.as_str());
    let is_of = |wanted| config == Some(wanted) || manifest.artifact_type() == Some(wanted);
    if is_of(FLUX_CONFIG) || first.media_type == FLUX_CONTENT {
        return flux(&layers).map(single);
    }
    if is_of(HELM_CONFIG) {
        let chart = layers.iter().find(|layer| layer.media_type == HELM_CHART);
        return chart.map(|chart| single(chart)).ok_or(PlanError::NoChart);
    }
    let named: Vec<_> = layers.iter().filter_map(|layer| named(layer)).collect();
    if !named.is_empty() {
        return Ok(Plan { overlays: false, nameless: layers.len() - named.len(), parts: named });
    }
    let archive = |layer: &&Descriptor| Part { layer: (*layer).clone(), shape: Shape::Archive };
    Ok(Plan { parts: layers.iter().rev().map(archive).collect(), overlays: true, nameless: 0 })
}

/// The layer with the whole tree. Where there is but one, its media type does not matter, as with Flux.
fn flux<'a>(layers: &[&'a Descriptor]) -> Result<&'a Descriptor, PlanError> {
    let [first, others @ ..] = layers else { return Err(PlanError::Empty) };
    if others.is_empty() {
        return Ok(first);
    }
    if first.media_type != FLUX_CONTENT {
        return Err(PlanError::FluxFirst(first.media_type.clone()));
    }
    match others.iter().filter(|layer| layer.media_type == FLUX_CONTENT).count() {
        0 => Ok(first),
        more => Err(PlanError::FluxSeveral(1 + more)),
    }
}

fn single(layer: &Descriptor) -> Plan {
    let parts = vec![Part { layer: layer.clone(), shape: Shape::Archive }];
    Plan { parts, overlays: false, nameless: 0 }
}

fn named(layer: &Descriptor) -> Option<Part> {
    let title = layer.annotation(TITLE)?.to_owned();
    let is_directory = layer.annotation(IS_DIRECTORY) == Some("true");
    let shape = if is_directory { Shape::Directory(title) } else { Shape::File(title) };
    Some(Part { layer: layer.clone(), shape })
}

/// Whether a plain path is that of a directory, or of something in it. The directory's may have `.` and needless `/`.
pub fn lies_in(path: &str, directory: &str) -> bool {
    let mut parts = path.split('/');
    let mut above = directory.split('/').filter(|part| !["", "."].contains(part));
    above.all(|part| parts.next() == Some(part))
}

/// Whether a path is that of a whiteout, which takes away what a lower layer has.
pub fn is_whiteout(path: &str) -> bool {
    path.split('/').any(|part| part.starts_with(WHITEOUT))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::oci::Digest;

    /// A manifest with layers of these media types and titles; a title that ends in `/` is a directory's.
    fn manifest(config: &str, layers: &[(&str, &str)]) -> Manifest {
        let digest = Digest::of(b"x");
        let layers: Vec<_> = layers
            .iter()
            .map(|(media_type, title)| {
                let title_only = serde_json::json!({TITLE: title.trim_end_matches('/')});
                let directory = serde_json::json!({TITLE: title.trim_end_matches('/'), IS_DIRECTORY: "true"});
                let annotations = match *title {
                    "" => serde_json::Value::Null,
                    title if title.ends_with('/') => directory,
                    _ => title_only,
                };
                serde_json::json!({"mediaType": media_type, "digest": digest, "size": 1, "annotations": annotations})
            })
            .collect();
        let config = serde_json::json!({"mediaType": config, "digest": digest, "size": 1});
        let json = serde_json::json!({"schemaVersion": 2, "config": config, "layers": layers});
        Manifest::parse(json.to_string().into_bytes(), None).unwrap()
    }

    fn parts(plan: &Plan) -> Vec<(&str, Shape)> {
        plan.parts.iter().map(|part| (part.layer.media_type.as_str(), part.shape.clone())).collect()
    }

    #[test]
    fn of_flux_the_first_layer_is_the_tree_or_nothing_is() {
        let one = manifest(FLUX_CONFIG, &[("any/thing", "artifact.tgz")]);
        assert_eq!(parts(&plan(&one).unwrap()), [("any/thing", Shape::Archive)]);
        let hybrid = manifest(FLUX_CONFIG, &[(FLUX_CONTENT, ""), ("vendor/a", "a"), ("vendor/b", "")]);
        assert_eq!(parts(&plan(&hybrid).unwrap()), [(FLUX_CONTENT, Shape::Archive)]);
        let by_layer = manifest("some/config", &[(FLUX_CONTENT, ""), ("vendor/a", "a")]);
        assert_eq!(parts(&plan(&by_layer).unwrap()), [(FLUX_CONTENT, Shape::Archive)]);
        let second = manifest(FLUX_CONFIG, &[("vendor/a", ""), (FLUX_CONTENT, "")]);
        assert_eq!(plan(&second), Err(PlanError::FluxFirst("vendor/a".into())));
        let two = manifest(FLUX_CONFIG, &[(FLUX_CONTENT, ""), ("vendor/a", ""), (FLUX_CONTENT, "")]);
        assert_eq!(plan(&two), Err(PlanError::FluxSeveral(2)));
    }

    #[test]
    fn of_helm_the_chart_is_taken_and_not_its_signature() {
        let provenance = "application/vnd.cncf.helm.chart.provenance.v1.prov";
        let signed = manifest(HELM_CONFIG, &[(provenance, ""), (HELM_CHART, "")]);
        assert_eq!(parts(&plan(&signed).unwrap()), [(HELM_CHART, Shape::Archive)]);
        assert_eq!(plan(&manifest(HELM_CONFIG, &[(provenance, "")])), Err(PlanError::NoChart));
    }

    #[test]
    fn of_oras_all_layers_with_a_name_are_taken_in_order() {
        let oras = manifest("t/t", &[("a/b", "d/"), ("c/d", "x/y"), ("e/f", "")]);
        let plan = plan(&oras).unwrap();
        assert_eq!(parts(&plan), [("a/b", Shape::Directory("d".into())), ("c/d", Shape::File("x/y".into()))]);
        assert_eq!((plan.overlays, plan.nameless), (false, 1));
    }

    #[test]
    fn of_an_image_all_layers_are_taken_from_the_top() {
        let image = manifest("image/config", &[("a/b", ""), ("c/d", "")]);
        let plan = plan(&image).unwrap();
        assert_eq!(parts(&plan), [("c/d", Shape::Archive), ("a/b", Shape::Archive)]);
        assert!(plan.overlays);
    }

    #[test]
    fn without_content_there_is_no_plan() {
        assert_eq!(plan(&manifest("t/t", &[])), Err(PlanError::Empty));
        assert_eq!(plan(&manifest(FLUX_CONFIG, &[])), Err(PlanError::Empty));
        assert_eq!(plan(&manifest("t/t", &[(EMPTY, "")])), Err(PlanError::Empty));
    }

    #[test]
    fn a_path_lies_in_a_directory_by_whole_components() {
        for (path, directory) in
            [("a", "a"), ("a/b", "a"), ("a/b", "./a/"), ("a/b", "."), ("a", ""), ("a/b/c", "a//b")]
        {
            assert!(lies_in(path, directory), "{path} in {directory}");
        }
        for (path, directory) in [("ab", "a"), ("a", "a/b"), ("b/a", "a"), ("a", ".."), ("a/b", "a/..")] {
            assert!(!lies_in(path, directory), "{path} in {directory}");
        }
        assert!(is_whiteout(".wh.a") && is_whiteout("a/.wh..wh..opq") && !is_whiteout("a.wh.b/c"));
    }
}
