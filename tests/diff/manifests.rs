//! Random manifests, and what `torte diff` compares of them.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde_json::{Value, json};

use super::dice::{Dice, Make, Object, list};
use super::features::{TEXTS, tree};

/// What stands in every value of a Secret.
pub(crate) const SECRET: &str = "hush-";

/// A directory.
#[derive(Clone)]
pub(crate) struct Side {
    /// Whether all files are one group, or else each in the group of the one namespace of its objects.
    is_one: bool,
    /// Paths, and the documents of each.
    manifests: BTreeMap<String, Vec<Value>>,
    /// Paths, and text.
    others: BTreeMap<String, String>,
}

const NAMESPACES: [&str; 3] = ["web", "pay", "ops"];
const NAMES: [&str; 3] = ["a", "b", "c.d"];

/// A directory, made of another where there is one: objects stand in other files, and changed.
pub(crate) fn side(dice: &mut Dice, base: Option<&Side>) -> Side {
    if dice.percent(3)
        && let Some(base) = base
    {
        return base.clone();
    }
    let is_one = base.map_or_else(|| dice.percent(50), |base| base.is_one);
    let old: Option<Value> = base.map(|base| base.manifests.values().flatten().cloned().collect());
    let mut documents = list(dice, old.as_ref(), 2, object);
    documents.retain(|document| document["kind"].is_string());
    if documents.is_empty() {
        documents.push(object(dice, None));
    }
    if is_one {
        let old = old.as_ref().and_then(Value::as_array).into_iter().flatten();
        let old: Value = old.filter(|document| document["kind"].is_null()).cloned().collect();
        documents.extend(list(dice, Some(&old), 0, values));
    }
    let mut side = Side { is_one, manifests: BTreeMap::new(), others: BTreeMap::new() };
    for document in documents {
        let namespace = document["metadata"]["namespace"].as_str().unwrap_or("values").to_owned();
        let file = *dice.pick(&["x.yaml", "y.yaml", "z.yml"]);
        side.manifests.entry(format!("{namespace}/{file}")).or_default().push(document);
    }
    if is_one {
        for path in ["notes.txt", "web/notes.txt"] {
            if dice.percent(60) {
                side.others.insert(path.to_owned(), format!("some {}\ntext\n", dice.below(3)));
            }
        }
    }
    side
}

impl Side {
    /// Its files.
    pub(crate) fn files(&self) -> BTreeMap<String, String> {
        let mut files = self.others.clone();
        for (path, documents) in &self.manifests {
            let documents = documents.iter().map(|document| format!("---\n{document}\n"));
            files.insert(path.clone(), documents.collect());
        }
        files
    }

    /// How it is read.
    pub(crate) fn flags(&self) -> &[&str] {
        if self.is_one {
            &["--kind", "kubernetes", "--group-by", "none"]
        } else {
            &["--kind", "kubernetes", "--group-by", "namespace"]
        }
    }

    /// Its groups.
    pub(crate) fn names(&self) -> BTreeSet<String> {
        self.manifests.keys().map(|path| self.group(path)).collect()
    }

    fn group(&self, path: &str) -> String {
        if self.is_one { "_all".to_owned() } else { path.split('/').next().unwrap().to_owned() }
    }
}

/// What an object is known by.
fn identity(document: &Value) -> Option<[String; 4]> {
    let metadata = &document["metadata"];
    let fields = [&document["apiVersion"], &document["kind"], &metadata["namespace"], &metadata["name"]];
    let texts = fields.map(|field| field.as_str().map(str::to_owned));
    texts.iter().all(Option::is_some).then(|| texts.map(Option::unwrap))
}

/// The content of each group on both sides, by the words of `docs/json.md`; the values of Secrets are null.
pub(crate) fn contents(sides: &[Side; 2]) -> [BTreeMap<String, Value>; 2] {
    let mut counts: HashMap<[String; 4], [usize; 2]> = HashMap::new();
    for (at, side) in sides.iter().enumerate() {
        for known in side.manifests.values().flatten().filter_map(identity) {
            counts.entry(known).or_default()[at] += 1;
        }
    }
    let is_single =
        |document: &Value| identity(document).is_some_and(|known| counts[&known].iter().all(|n| *n < 2));
    let content = |side: &Side| {
        let mut groups: BTreeMap<String, [Vec<Value>; 2]> = BTreeMap::new();
        for (path, documents) in &side.manifests {
            let group = groups.entry(side.group(path)).or_default();
            let (single, rest): (Vec<_>, Vec<_>) = documents.iter().map(masked).partition(is_single);
            group[0].extend(single);
            if !rest.is_empty() {
                group[1].push(json!({"path": path, "documents": rest}));
            }
        }
        for (path, text) in &side.others {
            groups.entry(side.group(path)).or_default()[1].push(json!({"path": path, "text": text}));
        }
        let group = |(name, [objects, files]): (String, [Vec<Value>; 2])| {
            (name, json!({"objects": objects, "files": files}))
        };
        groups.into_iter().map(group).collect()
    };
    [content(&sides[0]), content(&sides[1])]
}

fn masked(document: &Value) -> Value {
    let mut document = document.clone();
    if document["kind"] == "Secret" {
        for part in ["data", "stringData"] {
            let values = document.get_mut(part).and_then(Value::as_object_mut);
            values.into_iter().flatten().for_each(|(_, value)| *value = Value::Null);
        }
    }
    document
}

/// Lists whose order means nothing, in one order.
pub(crate) fn settled(content: &Value) -> Value {
    let mut content = content.clone();
    content.sort_all_objects();
    let by = |list: Option<&mut Value>, key: fn(&Value) -> String| {
        if let Some(items) = list.and_then(Value::as_array_mut) {
            items.sort_by_key(key);
        }
    };
    let fields = content.as_object_mut().unwrap();
    let lists = fields.iter_mut().flat_map(|(_, list)| list.as_array_mut().unwrap());
    let mut all: Vec<&mut Value> = Vec::new();
    for item in lists {
        if item.get("documents").is_some() {
            all.extend(item["documents"].as_array_mut().unwrap());
        } else {
            all.push(item);
        }
    }
    for object in all {
        let kept = ["containers", "volumes", "tolerations"];
        if let Some(pod) = object.pointer_mut("/spec/template/spec") {
            for containers in ["containers", "initContainers"] {
                let containers = pod.get_mut(containers).and_then(Value::as_array_mut);
                for container in containers.into_iter().flatten() {
                    for name in ["env", "ports", "volumeMounts"] {
                        by(container.get_mut(name), Value::to_string);
                    }
                }
            }
            for name in kept {
                by(pod.get_mut(name), Value::to_string);
            }
        }
        for pointer in ["/spec/ports", "/rules"] {
            by(object.pointer_mut(pointer), Value::to_string);
        }
    }
    by(content.get_mut("objects"), Value::to_string);
    by(content.get_mut("files"), |file| file["path"].to_string());
    content
}

fn text(dice: &mut Dice, _: Option<&Value>) -> Value {
    json!(dice.pick(&TEXTS))
}

fn name(dice: &mut Dice, _: Option<&Value>) -> Value {
    json!(dice.pick(&NAMES))
}

fn number(dice: &mut Dice, _: Option<&Value>) -> Value {
    json!(dice.below(4))
}

fn map(dice: &mut Dice, base: Option<&Value>) -> Value {
    let mut fields = base.and_then(Value::as_object).cloned().unwrap_or_default();
    fields.insert((*dice.pick(&["a", "b/c", "d"])).to_owned(), text(dice, None));
    Value::Object(fields)
}

/// A document that is no object.
fn values(dice: &mut Dice, base: Option<&Value>) -> Value {
    Object::new(dice, base).must("image", map).may("count", number).done()
}

/// An object of some kind.
fn object(dice: &mut Dice, base: Option<&Value>) -> Value {
    type Fill = for<'d, 'b> fn(Object<'d, 'b>) -> Object<'d, 'b>;
    const KINDS: [(&str, &str, Fill); 6] = [
        ("apps/v1", "Deployment", |object| object.must("spec", workload)),
        ("v1", "Service", |object| object.must("spec", service)),
        ("v1", "ConfigMap", |object| object.may("data", map)),
        ("v1", "Secret", |object| object.may("data", secret).may("stringData", secret)),
        ("rbac.authorization.k8s.io/v1", "Role", |object| object.must("rules", rules)),
        ("example.com/v1", "Thing", |object| object.must("spec", |dice, base| tree(dice, base, 0))),
    ];
    let known = base.and_then(|base| KINDS.iter().find(|(_, kind, _)| base["kind"] == *kind));
    if base.is_some() && known.is_none() {
        return values(dice, base);
    }
    let (version, kind, fill) = known.copied().unwrap_or_else(|| *dice.pick(&KINDS));
    let metadata: Make = |dice, base| {
        let namespace: Make = |dice, _| json!(dice.pick(&NAMESPACES));
        let object = Object::new(dice, base).must("name", name).must("namespace", namespace);
        object.may("labels", map).may("annotations", map).done()
    };
    let mut object = fill(Object::new(dice, base).must("metadata", metadata)).done();
    object["apiVersion"] = json!(version);
    object["kind"] = json!(kind);
    object
}

fn secret(dice: &mut Dice, base: Option<&Value>) -> Value {
    let mut fields = base.and_then(Value::as_object).cloned().unwrap_or_default();
    fields
        .insert((*dice.pick(&["user", "password"])).to_owned(), json!(format!("{SECRET}{}", dice.below(9))));
    Value::Object(fields)
}

fn service(dice: &mut Dice, base: Option<&Value>) -> Value {
    Object::new(dice, base)
        .must("ports", |dice, base| list(dice, base, 1, port).into())
        .may("type", text)
        .done()
}

fn port(dice: &mut Dice, base: Option<&Value>) -> Value {
    let protocol: Make = |dice, _| json!(dice.pick(&["TCP", "UDP"]));
    let port = Object::new(dice, base).must("port", number);
    port.may("protocol", protocol).may("targetPort", number).done()
}

fn words(dice: &mut Dice, base: Option<&Value>) -> Value {
    list(dice, base, 1, name).into()
}

fn rules(dice: &mut Dice, base: Option<&Value>) -> Value {
    let rule: Make = |dice, base| {
        Object::new(dice, base).must("apiGroups", words).must("resources", words).must("verbs", words).done()
    };
    list(dice, base, 1, rule).into()
}

fn workload(dice: &mut Dice, base: Option<&Value>) -> Value {
    let template: Make = |dice, base| Object::new(dice, base).must("spec", pod).may("metadata", map).done();
    Object::new(dice, base).may("replicas", number).must("template", template).done()
}

fn pod(dice: &mut Dice, base: Option<&Value>) -> Value {
    Object::new(dice, base)
        .must("containers", |dice, base| list(dice, base, 1, container).into())
        .may("initContainers", |dice, base| list(dice, base, 1, container).into())
        .may("tolerations", |dice, base| list(dice, base, 1, toleration).into())
        .may("volumes", |dice, base| list(dice, base, 1, named).into())
        .done()
}

fn toleration(dice: &mut Dice, base: Option<&Value>) -> Value {
    Object::new(dice, base).must("key", name).may("operator", text).may("value", text).done()
}

fn named(dice: &mut Dice, base: Option<&Value>) -> Value {
    Object::new(dice, base).must("name", name).may("value", text).done()
}

fn container(dice: &mut Dice, base: Option<&Value>) -> Value {
    Object::new(dice, base)
        .must("name", name)
        .must("image", text)
        .may("args", |dice, base| list(dice, base, 1, text).into())
        .may("env", |dice, base| list(dice, base, 1, named).into())
        .may("ports", |dice, base| list(dice, base, 1, opening).into())
        .may("volumeMounts", |dice, base| list(dice, base, 1, mount).into())
        .done()
}

fn opening(dice: &mut Dice, base: Option<&Value>) -> Value {
    let protocol: Make = |dice, _| json!(dice.pick(&["TCP", "UDP"]));
    Object::new(dice, base).must("containerPort", number).may("protocol", protocol).may("name", name).done()
}

fn mount(dice: &mut Dice, base: Option<&Value>) -> Value {
    Object::new(dice, base).must("mountPath", text).may("name", name).done()
}
