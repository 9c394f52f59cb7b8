//! Helm charts in `torte serve`, and torte over charts that Helm pushed.

use torte::oci::Digest;

use crate::client::Client;
use crate::lab::Lab;
use crate::registry::torte_serve;

#[test]
#[ignore = "needs other tools: tests/interop/run"]
fn a_chart_goes_to_torte_serve_and_back() {
    let Some(lab) = Lab::with(&["helm", "crane"]) else { return };
    let registry = torte_serve(&lab);
    lab.write("shop/Chart.yaml", "apiVersion: v2\nname: shop\nversion: 0.1.0\n");
    lab.write("shop/values.yaml", "replicas: 2\n");
    let template = "apiVersion: v1\nkind: ConfigMap\ndata:\n  replicas: \"{{ .Values.replicas }}\"\n";
    lab.write("shop/templates/settings.yaml", template);
    lab.run("helm", &["package", "shop"]);
    let (charts, chart) =
        (format!("oci://{}/charts", registry.host), format!("oci://{}/charts/shop", registry.host));

    lab.run("helm", &["push", "shop-0.1.0.tgz", &charts, "--plain-http"]);
    std::fs::create_dir(lab.path("pulled")).unwrap();
    lab.run("helm", &["pull", &chart, "--version", "0.1.0", "--plain-http", "--destination", "pulled"]);
    let pushed = std::fs::read(lab.path("shop-0.1.0.tgz")).unwrap();
    assert!(std::fs::read(lab.path("pulled/shop-0.1.0.tgz")).unwrap() == pushed);
    // Without a version Helm asks for the tags and takes the newest.
    let shown = lab.run("helm", &["template", &chart, "--set", "replicas=7", "--plain-http"]);
    assert!(String::from_utf8_lossy(&shown).contains("replicas: \"7\""));

    let digest = Digest::of(&Client::Crane.manifest(&lab, &registry, "charts/shop:0.1.0")).to_string();
    let place = registry.place("charts/shop");
    assert_eq!(lab.torte(&["list", &place]), "0.1.0");
    assert_eq!(lab.torte(&["pull", &format!("{place}:0.1.0"), "chart"]), digest);
    // Back by torte under another name, it is still a chart.
    lab.torte(&["push", "chart:0.1.0", &registry.place("mirror/shop:0.1.0")]);
    let mirror = format!("oci://{}/mirror/shop", registry.host);
    lab.run("helm", &["pull", &mirror, "--version", "0.1.0", "--plain-http", "--destination", "home"]);
    assert!(std::fs::read(lab.path("home/shop-0.1.0.tgz")).unwrap() == pushed);
}
