//! Manifests as a large cluster has them, the same on every machine: 1 to 2 KiB each, a directory for each namespace.

use std::fmt::Write as _;
use std::path::Path;

use crate::flags::Dice;

/// How many manifests a namespace has.
pub(crate) const EACH: usize = 10;

/// Writes so many namespaces of [`EACH`] manifests; returns the size of all in bytes.
pub(crate) fn write(folder: &Path, namespaces: usize) -> usize {
    let mut size = 0;
    for number in 0..namespaces {
        let namespace = format!("team-{number:05}");
        let directory = folder.join(&namespace);
        std::fs::create_dir_all(&directory).unwrap();
        for at in 0..EACH {
            let mut dice = Dice((number * EACH + at) as u64);
            let (kind, text) = manifest(&namespace, at, &mut dice);
            size += text.len();
            std::fs::write(directory.join(format!("{kind}-{at}.yaml")), text).unwrap();
        }
    }
    size
}

/// Of ten, four are deployments, three are config maps, two are services, one binds a role.
fn manifest(namespace: &str, at: usize, dice: &mut Dice) -> (&'static str, String) {
    match at {
        0..4 => ("deployment", head("apps/v1", "Deployment", namespace, at, dice) + &deployment(at, dice)),
        4..7 => ("configmap", head("v1", "ConfigMap", namespace, at, dice) + &config(dice)),
        7..9 => ("service", head("v1", "Service", namespace, at, dice) + &service(at, dice)),
        _ => {
            let version = "rbac.authorization.k8s.io/v1";
            ("rolebinding", head(version, "RoleBinding", namespace, at, dice) + &binding(namespace, dice))
        }
    }
}

fn head(version: &str, kind: &str, namespace: &str, at: usize, dice: &mut Dice) -> String {
    let mut out = format!(
        "apiVersion: {version}\nkind: {kind}\nmetadata:\n  name: app-{at}\n  namespace: {namespace}\n  labels:\n    \
         app.kubernetes.io/name: app-{at}\n    app.kubernetes.io/part-of: {}\n    app.kubernetes.io/version: \"{}.{}\"\n  \
         annotations:\n",
        dice.word(),
        dice.below(10),
        dice.below(30),
    );
    for number in 0..6 {
        let _ = writeln!(out, "    example.com/{}-{number}: \"{:016x}\"", dice.word(), number_of(dice));
    }
    out
}

fn deployment(at: usize, dice: &mut Dice) -> String {
    let mut out = format!(
        "spec:\n  replicas: {}\n  selector:\n    matchLabels:\n      app.kubernetes.io/name: app-{at}\n  template:\n    \
         metadata:\n      labels:\n        app.kubernetes.io/name: app-{at}\n    spec:\n      containers:\n        \
         - name: app\n          image: registry.example.com/{}:{:016x}\n          ports:\n            - name: http\n              \
         containerPort: {}\n          readinessProbe:\n            httpGet:\n              path: /readyz\n              \
         port: http\n          env:\n",
        1 + dice.below(6),
        dice.word(),
        number_of(dice),
        3000 + dice.below(6000),
    );
    for number in 0..6 {
        let (name, value) = (dice.word().to_uppercase(), dice.below(100_000));
        let _ = writeln!(out, "            - name: {name}_{number}\n              value: \"{value}\"");
    }
    out
}

fn config(dice: &mut Dice) -> String {
    let mut out = "data:\n".to_owned();
    for number in 0..24 {
        let (one, two) = (dice.word(), dice.word());
        let _ = writeln!(out, "  {one}.{two}.{number}: \"{}-{:08x}\"", dice.word(), dice.below(1 << 31));
    }
    out
}

fn service(at: usize, dice: &mut Dice) -> String {
    let mut out =
        format!("spec:\n  type: ClusterIP\n  selector:\n    app.kubernetes.io/name: app-{at}\n  ports:\n");
    for number in 0..8 {
        let port = 8000 + dice.below(1000);
        let _ = writeln!(
            out,
            "    - name: {}-{number}\n      port: {port}\n      targetPort: {port}\n      protocol: TCP",
            dice.word()
        );
    }
    out
}

fn binding(namespace: &str, dice: &mut Dice) -> String {
    let mut out =
        "roleRef:\n  apiGroup: rbac.authorization.k8s.io\n  kind: ClusterRole\n  name: view\nsubjects:\n"
            .to_owned();
    for number in 0..9 {
        let name = format!("{}-{number}-{:08x}", dice.word(), dice.below(1 << 31));
        let _ = writeln!(out, "  - kind: ServiceAccount\n    name: {name}\n    namespace: {namespace}");
    }
    out
}

fn number_of(dice: &mut Dice) -> u64 {
    dice.below(1 << 31) << 31 | dice.below(1 << 31)
}
