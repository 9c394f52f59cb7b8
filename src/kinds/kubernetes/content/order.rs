//! What the order of a list means to Kubernetes, and what its items are known by.
//!
//! Keys are those by which the API server merges lists (`patchMergeKey` and `x-kubernetes-list-map-keys` in the API's own
//! types); a list that it does not know is told by places, an item that keeps its name as the same one.

use super::document::IDENTITY;
use super::sides::{DOCUMENTS, FILES, OBJECTS};
use crate::kinds::diff::Order;

const BY_NAME: Order = Order::Keyed(&[&["name"]]);
const PORTS: Order = Order::Keyed(&[
    &["containerPort"],
    &["containerPort", "protocol"],
    &["port"],
    &["port", "protocol"],
    &["port", "protocol", "name"],
]);

/// The order of a list, by the names of the fields on the way to it.
pub(super) fn order(names: &[&str]) -> Order {
    match names {
        [OBJECTS] => Order::Keyed(&[&IDENTITY]),
        [FILES] => Order::Keyed(&[&["path"]]),
        [FILES, DOCUMENTS] => Order::Ranked("kind"),
        [OBJECTS, within @ ..] | [FILES, DOCUMENTS, within @ ..] => of_object(within),
        _ => Order::Plain,
    }
}

fn of_object(names: &[&str]) -> Order {
    match names {
        // Of a role, whose rules only ever add up.
        ["rules"] => return Order::Bag(&["apiGroups", "resources", "nonResourceURLs"]),
        ["subjects"] => return Order::Keyed(&[&["kind", "namespace", "name"]]),
        ["secrets" | "imagePullSecrets"] | ["spec", "versions"] => return BY_NAME,
        ["metadata", "ownerReferences"] => return Order::Keyed(&[&["uid"]]),
        _ => {}
    }
    match names.last().copied().unwrap_or_default() {
        "containers"
        | "ephemeralContainers"
        | "volumes"
        | "env"
        | "imagePullSecrets"
        | "webhooks"
        | "resourceClaims"
        | "configMapGenerator"
        | "secretGenerator"
        | "images"
        | "replicas" => BY_NAME,
        "ports" => PORTS,
        "volumeMounts" => Order::Keyed(&[&["mountPath"]]),
        "volumeDevices" => Order::Keyed(&[&["devicePath"]]),
        "hostAliases" => Order::Keyed(&[&["ip"]]),
        "conditions" => Order::Keyed(&[&["type"]]),
        "topologySpreadConstraints" => {
            Order::Keyed(&[&["topologyKey"], &["topologyKey", "whenUnsatisfiable"]])
        }
        "tolerations" => Order::Bag(&["key"]),
        "finalizers" | "accessModes" => Order::Bag(&[]),
        _ => Order::Ranked("name"),
    }
}
