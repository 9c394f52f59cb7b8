//! The commands of the pages of `docs/` do what the pages say.

use crate::support::{Registry, Sandbox, page, script};

#[test]
fn promotion_goes_from_a_directory_to_production_and_back() {
    let (sandbox, first, second) = (Sandbox::new(), Registry::open(), Registry::open());
    let script = script("promotion.md")
        .replace("127.0.0.1:5000", &first.host())
        .replace("127.0.0.1:5001", &second.host());
    assert!(script.lines().filter(|line| line.contains("torte ")).count() > 15, "{script}");
    let change = "~ web/banner    enabled: false → true\n";
    assert!(page("promotion.md").contains(change));
    drop(sandbox.shell(&script).succeeds().shows(change));
    assert!(sandbox.read("change.md").contains("banner"));

    let digest = |registry: &Registry, tag: &str| {
        sandbox.run(&format!("resolve {}:{tag}", registry.at("team/app"))).succeeds().digest()
    };
    let (old, new) = (digest(&first, "1.0.0"), digest(&first, "1.1.0"));
    assert_ne!(old, new);
    assert_eq!(digest(&first, "production"), old, "rolled back");
    assert_eq!(digest(&first, "staging"), new);
    assert_eq!(digest(&second, "production"), new);
    assert!(sandbox.read("out/web.features.yml").contains("enabled: true"), "the pinned one is unpacked");
}
