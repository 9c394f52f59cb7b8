//! Which kinds are cluster-scoped: as the user says, as Kubernetes defines its own, or as the tree's definitions say.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use super::object::{Object, Outline, Stated};

/// The group of objects that belong to the whole cluster.
pub const CLUSTER: &str = "_cluster";
/// The group of objects that state no namespace.
pub const UNSCOPED: &str = "_unscoped";

/// Kubernetes' own kinds by group, of all versions from 1.17 to 1.37: first the cluster-scoped, then the namespaced.
///
/// Source: the typed clients of client-go 0.17 to 0.37, which take a namespace for the latter, with the kinds
/// of the API server's own extensions (`apiextensions.k8s.io`, `apiregistration.k8s.io`) beside.
const BUILT_IN: [(&str, &[&str], &[&str]); 25] = [
    (
        "",
        &["ComponentStatus", "Namespace", "Node", "PersistentVolume"],
        &[
            "Binding",
            "ConfigMap",
            "Endpoints",
            "Event",
            "LimitRange",
            "PersistentVolumeClaim",
            "Pod",
            "PodTemplate",
            "ReplicationController",
            "ResourceQuota",
            "Secret",
            "Service",
            "ServiceAccount",
        ],
    ),
    (
        "admissionregistration.k8s.io",
        &[
            "MutatingAdmissionPolicy",
            "MutatingAdmissionPolicyBinding",
            "MutatingWebhookConfiguration",
            "ValidatingAdmissionPolicy",
            "ValidatingAdmissionPolicyBinding",
            "ValidatingWebhookConfiguration",
        ],
        &[],
    ),
    ("apiextensions.k8s.io", &["CustomResourceDefinition"], &[]),
    ("apiregistration.k8s.io", &["APIService"], &[]),
    ("apps", &[], &["ControllerRevision", "DaemonSet", "Deployment", "ReplicaSet", "StatefulSet"]),
    ("auditregistration.k8s.io", &["AuditSink"], &[]),
    ("authentication.k8s.io", &["SelfSubjectReview", "TokenReview"], &[]),
    (
        "authorization.k8s.io",
        &["SelfSubjectAccessReview", "SelfSubjectRulesReview", "SubjectAccessReview"],
        &["LocalSubjectAccessReview"],
    ),
    ("autoscaling", &[], &["HorizontalPodAutoscaler"]),
    ("batch", &[], &["CronJob", "Job"]),
    ("certificates.k8s.io", &["CertificateSigningRequest", "ClusterTrustBundle"], &["PodCertificateRequest"]),
    ("coordination.k8s.io", &[], &["Lease", "LeaseCandidate"]),
    ("discovery.k8s.io", &[], &["EndpointSlice"]),
    ("events.k8s.io", &[], &["Event"]),
    (
        "extensions",
        &["PodSecurityPolicy"],
        &["DaemonSet", "Deployment", "Ingress", "NetworkPolicy", "ReplicaSet"],
    ),
    ("flowcontrol.apiserver.k8s.io", &["FlowSchema", "PriorityLevelConfiguration"], &[]),
    ("internal.apiserver.k8s.io", &["StorageVersion"], &[]),
    (
        "networking.k8s.io",
        &["ClusterCIDR", "IPAddress", "IngressClass", "ServiceCIDR"],
        &["Ingress", "NetworkPolicy"],
    ),
    ("node.k8s.io", &["RuntimeClass"], &[]),
    ("policy", &["PodSecurityPolicy"], &["Eviction", "PodDisruptionBudget"]),
    ("rbac.authorization.k8s.io", &["ClusterRole", "ClusterRoleBinding"], &["Role", "RoleBinding"]),
    (
        "resource.k8s.io",
        &["DeviceClass", "DeviceTaintRule", "ResourceClass", "ResourcePoolStatusRequest", "ResourceSlice"],
        &[
            "PodSchedulingContext",
            "ResourceClaim",
            "ResourceClaimParameters",
            "ResourceClaimTemplate",
            "ResourceClassParameters",
        ],
    ),
    ("scheduling.k8s.io", &["PriorityClass"], &["CompositePodGroup", "PodGroup", "Workload"]),
    (
        "storage.k8s.io",
        &["CSIDriver", "CSINode", "StorageClass", "VolumeAttachment", "VolumeAttributesClass"],
        &["CSIStorageCapacity"],
    ),
    ("storagemigration.k8s.io", &["StorageVersionMigration"], &[]),
];

/// Whether a kind of Kubernetes itself is cluster-scoped; none where it is no such kind.
pub fn built_in(object: &Object) -> Option<bool> {
    let group = object.group();
    let (_, cluster, namespaced) = BUILT_IN.iter().find(|(name, ..)| *name == group)?;
    let kind = object.kind.as_str();
    if cluster.contains(&kind) { Some(true) } else { namespaced.contains(&kind).then_some(false) }
}

/// What is known of the scope of kinds.
#[derive(Clone, Debug, Default)]
pub struct Scopes {
    /// Cluster-scoped as the user says, by group and kind.
    declared: HashMap<String, Vec<String>>,
    /// As definitions of custom resources say, by group and kind; no answer where two differ.
    defined: HashMap<String, HashMap<String, Option<bool>>>,
}

impl Scopes {
    /// What the custom resources of a tree's files say of their scope.
    pub fn of<'a>(outlines: impl IntoIterator<Item = &'a Outline>) -> Self {
        let mut scopes = Self::default();
        for scope in outlines.into_iter().flat_map(|outline| &outline.scopes) {
            let kinds = scopes.defined.entry(scope.group.clone()).or_default();
            match kinds.entry(scope.kind.clone()) {
                Entry::Vacant(place) => {
                    place.insert(Some(scope.is_cluster));
                }
                Entry::Occupied(mut place) if *place.get() != Some(scope.is_cluster) => {
                    place.insert(None);
                }
                Entry::Occupied(_) => {}
            }
        }
        scopes
    }

    /// The same, with kinds that the user declares cluster-scoped, each as its group (empty for the core) and name.
    #[must_use]
    pub fn declaring<'a>(mut self, kinds: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        for (group, kind) in kinds {
            self.declared.entry(group.to_owned()).or_default().push(kind.to_owned());
        }
        self
    }

    /// Whether an object is cluster-scoped; none where nobody says so.
    ///
    /// The user's word counts before Kubernetes' own, and that before the tree's.
    pub fn is_cluster(&self, object: &Object) -> Option<bool> {
        let (group, kind) = (object.group(), object.kind.as_str());
        if self.declared.get(group).is_some_and(|kinds| kinds.iter().any(|name| name == kind)) {
            return Some(true);
        }
        built_in(object).or_else(|| self.defined.get(group)?.get(kind).copied().flatten())
    }

    /// The namespace that an object goes to, `_cluster`, or `_unscoped` where that is known only later.
    pub fn place<'a>(&self, object: &'a Object) -> &'a str {
        match (self.is_cluster(object), &object.namespace) {
            (Some(true), _) => CLUSTER,
            (_, Stated::Literal(namespace)) => namespace,
            (_, Stated::Absent | Stated::Unusable(_)) => UNSCOPED,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kinds::kubernetes::object::Scope;
    use crate::kinds::yaml::Mark;

    fn object(api_version: &str, kind: &str) -> Object {
        let (api_version, kind) = (api_version.to_owned(), kind.to_owned());
        Object {
            api_version,
            kind,
            name: "x".into(),
            namespace: Stated::Literal("a".into()),
            mark: Mark::default(),
        }
    }

    fn defining(kind: &str, is_cluster: bool) -> Outline {
        let scope = Scope { group: "example.com".into(), kind: kind.into(), is_cluster };
        Outline { scopes: vec![scope], ..Outline::default() }
    }

    #[test]
    fn a_kind_is_known_by_its_group_and_name_in_every_version() {
        let scopes = Scopes::default();
        for (version, kind) in [
            ("v1", "Namespace"),
            ("rbac.authorization.k8s.io/v1", "ClusterRole"),
            ("rbac.authorization.k8s.io/v1beta1", "ClusterRole"),
            ("apiextensions.k8s.io/v1", "CustomResourceDefinition"),
            ("policy/v1beta1", "PodSecurityPolicy"),
        ] {
            assert_eq!(scopes.is_cluster(&object(version, kind)), Some(true), "{version} {kind}");
        }
        for (version, kind) in
            [("v1", "Secret"), ("apps/v1", "Deployment"), ("networking.k8s.io/v1", "Ingress")]
        {
            assert_eq!(scopes.is_cluster(&object(version, kind)), Some(false), "{version} {kind}");
        }
        // Other groups have kinds of the same name: Rancher's and Knative's, say.
        for (version, kind) in [
            ("management.cattle.io/v3", "Node"),
            ("serving.knative.dev/v1", "Service"),
            ("v1", "ClusterRole"),
            ("v1", "namespace"),
        ] {
            assert_eq!(scopes.is_cluster(&object(version, kind)), None, "{version} {kind}");
        }
    }

    #[test]
    fn the_table_names_each_group_and_each_kind_of_it_once() {
        for pair in BUILT_IN.windows(2) {
            assert!(pair[0].0 < pair[1].0, "{} stands before {}", pair[0].0, pair[1].0);
        }
        for (group, cluster, namespaced) in BUILT_IN {
            assert!(cluster.is_sorted() && namespaced.is_sorted(), "{group}");
            assert!(cluster.iter().all(|kind| !namespaced.contains(kind)), "{group}");
        }
    }

    #[test]
    fn definitions_in_the_tree_count_where_they_agree_and_speak_of_no_kind_of_kubernetes() {
        let mut files = vec![defining("Wide", true), defining("Narrow", false), defining("Torn", true)];
        files.push(defining("Torn", false));
        let scope = Scope { group: String::new(), kind: "ConfigMap".into(), is_cluster: true };
        files.push(Outline { scopes: vec![scope], ..Outline::default() });
        let scopes = Scopes::of(&files);
        let answer = |kind| scopes.is_cluster(&object("example.com/v1", kind));
        assert_eq!(
            [answer("Wide"), answer("Narrow"), answer("Torn"), answer("Other")],
            [Some(true), Some(false), None, None]
        );
        assert_eq!(scopes.is_cluster(&object("v1", "ConfigMap")), Some(false));
    }

    #[test]
    fn the_users_word_counts_first() {
        let scopes = Scopes::of(&[defining("Narrow", false)]).declaring([("example.com", "Narrow")]);
        assert_eq!(scopes.is_cluster(&object("example.com/v1", "Narrow")), Some(true));
        assert_eq!(scopes.is_cluster(&object("example.org/v1", "Narrow")), None);
    }

    #[test]
    fn an_object_goes_to_the_namespace_it_states_unless_its_kind_has_none() {
        let scopes = Scopes::default();
        let with = |kind, namespace| Object { namespace, ..object("v1", kind) };
        assert_eq!(scopes.place(&object("v1", "ConfigMap")), "a");
        assert_eq!(scopes.place(&object("example.com/v1", "Unheard")), "a");
        assert_eq!(scopes.place(&object("v1", "Node")), CLUSTER);
        assert_eq!(scopes.place(&with("ConfigMap", Stated::Absent)), UNSCOPED);
        assert_eq!(scopes.place(&with("ConfigMap", Stated::Unusable("${ns}".into()))), UNSCOPED);
    }
}
