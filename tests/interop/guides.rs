//! What the guides of `docs/` say of other tools, with those tools.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::lab::Lab;
use crate::registry::{Registry, open_ones, torte_serve};

/// The blocks of a page with this info string.
fn blocks(name: &str, info: &str) -> Vec<String> {
    let page = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs").join(name)).unwrap();
    let parts = page.split("```").skip(1).step_by(2);
    parts.filter_map(|part| part.strip_prefix(&format!("{info}\n")).map(str::to_owned)).collect()
}

/// Runs lines of a shell that finds torte and these tools; they all succeed.
fn shell(lab: &Lab, tools: &[&str], lines: &str) -> String {
    let bin = lab.path("bin");
    fs::create_dir_all(&bin).unwrap();
    for tool in [&["torte"], tools].concat() {
        let program = lab.command(tool, &[]).get_program().to_owned();
        let link = bin.join(tool);
        if !link.exists() {
            std::os::unix::fs::symlink(program, link).unwrap();
        }
    }
    let path = format!("{}:{}", bin.display(), std::env::var("PATH").unwrap());
    let mut command: Command = lab.command("sh", &["-euc", lines]);
    let output = command.env("PATH", path).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{lines}\n{said}{}", String::from_utf8_lossy(&output.stdout));
    said
}

#[test]
#[ignore = "needs other tools: tests/interop/run"]
fn the_commands_of_flux_in_the_guide_are_flux_s() {
    let Some(lab) = Lab::with(&["flux"]) else { return };
    let text = blocks("from-flux.md", "sh run").concat();
    // The page's files and variables, and then the comments with Flux's commands, in place of torte's.
    let lines = text.lines().filter(|line| !line.starts_with("torte "));
    let lines: Vec<_> = lines.map(|line| line.strip_prefix("# ").unwrap_or(line)).collect();
    let script = lines.join("\n");
    assert_eq!(script.matches("flux ").count(), 6, "{script}");
    let registry = torte_serve(&lab);
    shell(&lab, &["flux"], &script.replace("127.0.0.1:5000", &registry.host));
    let read = |path: &str| fs::read_to_string(lab.path(path)).unwrap();
    assert_eq!(read("out/web/service.yaml"), read("manifests/web/service.yaml"));
    assert!(lab.path("app.tgz").exists());
    // What Flux's own command published is what torte's publishes: the same files.
    let app = registry.place("team/app");
    let compared = lab.torte(&["diff", &format!("{app}:production"), &lab.text("manifests"), "--exit-code"]);
    assert_eq!(compared, "");
}

/// `flux create … --export` prints what it would apply; the page leaves out what is so anyway.
#[test]
#[ignore = "needs other tools: tests/interop/run"]
fn the_yaml_of_the_guide_is_what_flux_would_apply() {
    let Some(lab) = Lab::with(&["flux"]) else { return };
    let pages = blocks("from-flux.md", "yaml");
    let digest = "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
    let source = ["create", "source", "oci", "app", "--url", "oci://registry.example.com/team/app"];
    let refs = [["--tag", "production"], ["--tag-semver", ">=1.0 <2"], ["--digest", digest]];
    let rest = ["--interval", "5m", "--export"];
    let exported = |words: &[&str]| {
        let text = String::from_utf8(lab.run("flux", words)).unwrap();
        let usual = ["---", "  provider: generic"];
        let lines = text.lines().filter(|line| !usual.contains(line));
        lines.collect::<Vec<_>>().join("\n")
    };
    let quoted = |text: &str| text.trim_end().replace('"', "'");
    for (page, reference) in pages.iter().zip(refs) {
        assert_eq!(quoted(page), quoted(&exported(&[&source[..], &reference, &rest].concat())));
    }
    let words = ["create", "kustomization", "app", "--source", "OCIRepository/app", "--path", "./web"];
    let rest = ["--prune", "--interval", "10m", "--export"];
    assert_eq!(quoted(&pages[3]), quoted(&exported(&[&words[..], &rest].concat())));
}

fn carried(lab: &Lab) -> String {
    lab.build("app:1.0.0", 3, 4);
    let layout = format!("ocidir://{}", lab.text("carry/app"));
    lab.torte(&["copy", "app:1.0.0", &layout])
}

/// The lines of the last section of the page, for a registry on plain HTTP, which each client must be told in its way.
fn other_side(block: &str, registry: &Registry, name: &str) -> String {
    let host = &registry.host;
    let text = block.replace("registry.example.com/team/app", &format!("{host}/{name}"));
    text.replace("oras cp --from-oci-layout", "oras cp --to-plain-http --from-oci-layout")
        .replace(&format!("oras cp {host}"), &format!("oras cp --from-plain-http {host}"))
        .replace("skopeo copy", "skopeo --insecure-policy copy --dest-tls-verify=false")
        .replace("regctl image", &format!("regctl --host reg={host},tls=disabled image"))
}

#[test]
#[ignore = "needs other tools: tests/interop/run"]
fn what_was_carried_comes_in_without_torte_too() {
    let Some(lab) = Lab::with(&["registry", "olareg", "oras", "skopeo", "regctl"]) else { return };
    let digest = carried(&lab);
    let sections = blocks("air-gapped.md", "sh");
    let [into, out_of] = &sections[..] else { panic!("{sections:?}") };
    let tools = ["oras", "skopeo", "regctl"];
    assert_eq!(into.lines().count(), tools.len());
    for (number, registry) in open_ones(&lab).iter().enumerate() {
        for (line, tool) in into.lines().zip(tools) {
            assert!(line.starts_with(tool), "{line}");
            let name = format!("team/from-{tool}");
            shell(&lab, &[tool], &other_side(line, registry, &name));
            assert_eq!(lab.torte(&["resolve", &registry.place(&format!("{name}:1.0.0"))]), digest, "{tool}");
        }
        // And back: what oras wrote is taken into a store that has nothing yet.
        let folder = format!("back-{number}");
        fs::create_dir(lab.path(&folder)).unwrap();
        let lines = other_side(out_of, registry, "team/from-oras");
        shell(&lab, &["oras"], &format!("cd {folder}\nexport TORTE_STORE=$PWD/store\n{lines}"));
        let store = lab.text(&format!("{folder}/store"));
        assert_eq!(lab.torte(&["resolve", "app:1.0.0", "--store", &store]), digest);
    }
}

#[test]
#[ignore = "needs other tools: tests/interop/run"]
fn the_commands_of_cosign_in_the_guide_work_after_torte_s() {
    let Some(lab) = Lab::with(&["cosign"]) else { return };
    let mut text = blocks("signing.md", "sh run").concat();
    let cosign: Vec<_> =
        blocks("signing.md", "sh").into_iter().filter(|block| block.contains("\ncosign ")).collect();
    assert!(cosign.len() == 1 && cosign[0].matches("\ncosign ").count() == 3, "{cosign:?}");
    // Somebody sits at the terminal of whoever reads the guide, and says yes.
    text.push_str(&cosign[0].replace("cosign sign ", "cosign sign --yes "));
    let registry = torte_serve(&lab);
    shell(&lab, &["cosign"], &text.replace("127.0.0.1:5000", &registry.host));
}
