//! The commands of the pages of `docs/` do what the pages say.

use crate::support::{Registry, Sandbox, Served, blocks, page, script};

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

#[cfg(unix)]
#[test]
fn cleaning_up_goes_as_its_page_says() {
    let sandbox = Sandbox::new();
    let script = script("cleaning-up.md");
    assert!(script.lines().filter(|line| line.contains("torte ")).count() > 14, "{script}");
    let outcome = sandbox.shell(&script).succeeds();
    let text = page("cleaning-up.md");
    for said in [
        "is tagged `latest`, `v2`, and would be gone under each",
        "freed 694 B · 1 bundle, 2 blobs",
        "3 blobs, 700 B · sound",
    ] {
        assert!(text.contains(said) && outcome.stderr.contains(said), "{said}\n{}", outcome.stderr);
    }
    for shown in
        ["the content of this blob is not what its digest says [digest]", "bundles: app:latest, app:v2"]
    {
        assert!(text.contains(shown) && outcome.stdout.contains(shown), "{shown}\n{}", outcome.stdout);
    }
    assert!(outcome.stderr.trim_end().ends_with("sound"), "{}", outcome.stderr);
}

#[test]
fn the_problems_of_a_check_are_those_of_its_page() {
    use torte::store::{Grade, Problem};
    let all = [
        Problem::Layout,
        Problem::Index,
        Problem::Entry,
        Problem::Missing,
        Problem::Digest,
        Problem::Size,
        Problem::MediaType,
        Problem::Manifest,
        Problem::Sum,
        Problem::NotAFile,
        Problem::Unreadable,
        Problem::Leftover,
        Problem::Stray,
        Problem::Tag,
    ];
    let text = page("cleaning-up.md");
    for problem in all {
        let slug = format!("`{}`", problem.slug());
        let row = text.lines().find(|line| line.starts_with('|') && line.contains(&slug)).unwrap();
        let code = match problem.grade() {
            Grade::Broken => "| 5 |",
            Grade::Unreadable => "| 1 |",
            Grade::Warning => "| 0, a warning |",
        };
        assert!(row.ends_with(code), "{row}");
    }
}

#[cfg(unix)]
#[test]
fn a_registry_of_ones_own_does_what_its_page_says() {
    let sandbox = Sandbox::new();
    // A port that nobody has: bound and given back.
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string();
    let text = script("serve.md");
    assert!(text.lines().filter(|line| line.contains("torte ")).count() > 14, "{text}");
    let started = text.replace("torte serve", &format!("torte serve --listen {free}"));
    let outcome = sandbox.shell(&started.replace("127.0.0.1:5000", &free)).succeeds();
    outcome.shows("banner").says("this registry is read-only").hides("warning");
    assert!(sandbox.read("requests").contains("PUT /v2/team/app/manifests/v3 405"));
    assert!(sandbox.path("registry/team/app/index.json").exists());
}

#[test]
fn previews_are_shared_as_their_page_says() {
    let sandbox = Sandbox::new();
    let served = Served::start(&sandbox, &["--root", "registry", "--ttl"]);
    let text = script("sharing.md");
    assert!(text.lines().filter(|line| line.contains("torte ")).count() > 8, "{text}");
    let outcome = sandbox.shell(&text.replace("127.0.0.1:5000", served.host())).succeeds();
    outcome.shows("banner").shows("\n90m\n").says("ends about").hides("warning");
    assert!(sandbox.read("out/web.features.yml").contains("banner"));
    assert!(sandbox.path("registry/team/preview/index.json").exists());
}

#[test]
fn the_limits_of_the_registry_are_those_of_its_page() {
    let limits = torte::serve::Limits::default();
    let text = page("serve.md");
    let seconds = limits.silence.as_secs();
    for line in [
        format!("| connections at once | {}; further ones wait |", limits.connections),
        format!("| head of a request | 32 KiB, and {} seconds,", limits.head.as_secs()),
        format!(
            "| body | {seconds} seconds without a byte, or less than {} KiB in {seconds} seconds",
            limits.least / 1024
        ),
        format!("| uploads that have begun | {}, and {} minutes", limits.uploads, limits.idle.as_secs() / 60),
    ] {
        assert!(text.contains(&line), "{line}");
    }
}

/// Every command of torte on a page: lines of code, and code in the text.
fn commands(text: &str) -> Vec<String> {
    let text = text.replace("|\n", "| ").replace("\\|", "|");
    let mut found = Vec::new();
    let mut in_code = false;
    for line in text.lines() {
        if line.starts_with("```") {
            in_code = !in_code;
        } else if in_code {
            found.push(line.to_owned());
        } else {
            found.extend(line.split('`').skip(1).step_by(2).map(str::to_owned));
        }
    }
    let of_torte = |line: String| {
        let at = if line.starts_with("torte ") { Some(0) } else { line.find("| torte ").map(|at| at + 2) };
        at.or_else(|| line.find("  torte ").map(|at| at + 2)).map(|at| line[at..].to_owned())
    };
    found.into_iter().filter_map(of_torte).collect()
}

#[test]
fn the_commands_of_the_page_on_registries_are_commands() {
    use clap::Parser as _;
    let all = commands(&page("registries.md"));
    assert!(all.len() > 18, "{all:#?}");
    for command in &all {
        let words = command.split_whitespace().map(|word| word.trim_matches(['\'', '"']));
        if let Err(error) = torte::cli::Cli::try_parse_from(words) {
            panic!("`{command}`: {error}");
        }
    }
}

#[cfg(unix)]
#[test]
fn the_logins_of_the_page_on_registries_are_kept_by_their_hosts() {
    let (mut sandbox, registry) = (Sandbox::new(), Registry::with_password("AWS", "twelve-hours"));
    // Whoever makes the password, and whatever the user is called: what is shown here is that the words fit together.
    let hosts = [
        "123456789012.dkr.ecr.eu-west-1.amazonaws.com",
        "docker.io",
        "europe-docker.pkg.dev",
        "ghcr.io",
        "harbor.example.com",
        "myregistry.azurecr.io",
        "public.ecr.aws",
        "quay.io",
        "registry.gitlab.com",
    ];
    let users = [
        "DOCKER_ID",
        "GITHUB_NAME",
        "NAME",
        "ORGANISATION+ROBOT",
        "'robot$project+name'",
        "oauth2accesstoken",
        "00000000-0000-0000-0000-000000000000",
    ];
    let mut script = script("registries.md");
    let logins = script.matches("torte login").count();
    for host in hosts {
        assert!(script.contains(host), "{host}");
        script = script.replace(host, &registry.host());
    }
    for user in users {
        assert!(script.contains(&format!("-u {user}")), "{user}");
        script = script.replace(&format!("-u {user}"), "-u AWS");
    }
    let host = registry.host();
    let makers = "aws() { printf twelve-hours; }\ngcloud() { aws; }\naz() { aws; }\n";
    sandbox.with("TOKEN", "twelve-hours").with("CI_REGISTRY_PASSWORD", "twelve-hours");
    sandbox.with("CI_REGISTRY", &host).with("CI_REGISTRY_USER", "AWS");
    let outcome = sandbox.shell(&format!("{makers}{script}")).succeeds().hides("twelve-hours");
    assert_eq!(outcome.stderr.matches(&format!("logged in to {host} as AWS")).count(), logins);
    assert_eq!(logins, 10);
}

#[cfg(unix)]
#[test]
fn what_is_signed_is_verified_as_its_page_says() {
    let (sandbox, registry) = (Sandbox::new(), Registry::open());
    let text = script("signing.md");
    assert!(text.lines().filter(|line| line.contains("torte ")).count() > 10, "{text}");
    sandbox.shell(&text.replace("127.0.0.1:5000", &registry.host())).succeeds().hides("warning");
    for place in ["out/web.features.yml", "out2/web.features.yml"] {
        assert!(sandbox.read(place).contains("banner"), "{place}");
    }
    assert_eq!(
        sandbox.run("resolve verified:v1").succeeds().digest(),
        sandbox.run(&format!("resolve {}", registry.at("release/app:v1"))).succeeds().digest()
    );
}

#[cfg(unix)]
#[test]
fn a_pipeline_signs_and_whoever_deploys_demands_it() {
    let (mut sandbox, registry) = (Sandbox::new(), Registry::open());
    for (name, value) in [("TORTE_KEY_PASSWORD", "secret"), ("KEY_FILE", "torte.key"), ("TAG", "v9")] {
        sandbox.with(name, value);
    }
    sandbox.write("flags/features.yml", crate::support::BANNER).write("keys/none", "");
    sandbox.run("keys generate").succeeds();
    let steps = blocks("signing.md", "sh ci");
    let [sign, deploy] = steps.as_slice() else { panic!("{steps:?}") };
    let at = |step: &str| step.replace("registry.example.com", &registry.host());
    sandbox.shell("mv torte.pub keys/").succeeds();
    sandbox.shell(&at(sign)).succeeds();
    sandbox.shell(&at(deploy)).succeeds().says("verified: signed with keys/torte.pub");
    sandbox
        .run(&format!("build app:v9 flags --push {} --created 2020-01-01T00:00:00Z", registry.at("team/app")))
        .succeeds();
    sandbox.shell(&at(deploy)).fails(5);
}

#[test]
fn the_limits_of_verification_are_those_of_its_page() {
    use torte::signing::verify::{LARGEST_ATTESTATION, LARGEST_SIGNATURE, MOST_EXAMINED};
    let mib = 1024 * 1024;
    let line = format!(
        "at most {MOST_EXAMINED} signatures of at most {} MiB are examined (attestations: {} MiB)",
        LARGEST_SIGNATURE / mib,
        LARGEST_ATTESTATION / mib
    );
    assert!(page("signing.md").contains(&line), "{line}");
}
