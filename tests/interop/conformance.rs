//! The conformance suite of the OCI distribution specification, all four workflows, against `torte serve`.

use std::io::Write as _;

use crate::lab::Lab;
use crate::registry::{PASSWORD, Registry, USER, distribution, olareg, torte_serve, torte_serve_with_basic};

/// Set, it has the counts of a peer that does not pass printed too, to compare.
const COUNT_ALL: &str = "TORTE_INTEROP_COUNTS";
/// Both registries do all that the suite asks for. What it skips: a name and tags that it would take from the
/// environment, and two tests that stand for another answer to a mount than the one that was given.
const ALL: Counts = Counts { passed: 75, failed: 0, skipped: 4 };

/// What became of the suite's tests.
#[derive(Debug, PartialEq, Eq)]
struct Counts {
    passed: u32,
    failed: u32,
    skipped: u32,
}

/// What a registry does when it is asked to mount a blob, and not told from where.
#[derive(Clone, Copy)]
enum Mount {
    /// It looks in all its repositories: 201.
    FromAnywhere,
    /// It begins an upload: 202.
    FromNowhere,
}

/// Runs the suite and returns the counts, and all that it said.
fn suite(lab: &Lab, registry: &Registry, mount: Mount) -> (Counts, String) {
    let output = lab
        .command("conformance", &["-ginkgo.no-color", "-ginkgo.v"])
        .env("OCI_ROOT_URL", format!("http://{}", registry.host))
        .env("OCI_NAMESPACE", "conformance/one")
        .env("OCI_CROSSMOUNT_NAMESPACE", "conformance/two")
        .env("OCI_USERNAME", USER)
        .env("OCI_PASSWORD", PASSWORD)
        .env("OCI_TEST_PULL", "1")
        .env("OCI_TEST_PUSH", "1")
        .env("OCI_TEST_CONTENT_DISCOVERY", "1")
        .env("OCI_TEST_CONTENT_MANAGEMENT", "1")
        .env("OCI_AUTOMATIC_CROSSMOUNT", matches!(mount, Mount::FromAnywhere).to_string())
        .env("OCI_REPORT_DIR", "none")
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let Some(counts) = counts(&said) else {
        panic!("the suite did not run: {said}{}", String::from_utf8_lossy(&output.stderr));
    };
    assert_eq!(output.status.success(), counts.failed == 0, "its exit code and its counts differ: {said}");
    (counts, said)
}

/// Reads `SUCCESS! -- 75 Passed | 0 Failed | 0 Pending | 5 Skipped`.
fn counts(said: &str) -> Option<Counts> {
    let (_, line) = said.lines().find_map(|line| line.split_once("! -- "))?;
    let count = |what: &str| {
        line.split(" | ").find_map(|part| part.strip_suffix(what)).and_then(|count| count.trim().parse().ok())
    };
    Some(Counts { passed: count("Passed")?, failed: count("Failed")?, skipped: count("Skipped")? })
}

fn print(name: &str, counts: &Counts) {
    let Counts { passed, failed, skipped } = counts;
    let _ = writeln!(
        std::io::stdout(),
        "conformance of {name}: {passed} passed, {failed} failed, {skipped} skipped"
    );
}

#[test]
#[ignore = "needs other tools: tests/interop/run"]
fn torte_serve_passes_all_of_it() {
    let Some(lab) = Lab::with(&["conformance"]) else { return };
    let (counts, said) = suite(&lab, &torte_serve(&lab), Mount::FromAnywhere);
    print("torte serve", &counts);
    assert_eq!(counts, ALL, "{said}");
}

#[test]
#[ignore = "needs other tools: tests/interop/run"]
fn torte_serve_passes_all_of_it_for_a_user_too() {
    let Some(lab) = Lab::with(&["conformance"]) else { return };
    let (counts, said) = suite(&lab, &torte_serve_with_basic(&lab), Mount::FromAnywhere);
    print("torte serve with users", &counts);
    assert_eq!(counts, ALL, "{said}");
}

#[test]
#[ignore = "needs other tools: tests/interop/run"]
fn so_does_olareg_which_shows_that_the_suite_is_run_as_it_should_be() {
    let Some(lab) = Lab::with(&["conformance", "olareg"]) else { return };
    let (counts, said) = suite(&lab, &olareg(&lab), Mount::FromAnywhere);
    print("olareg", &counts);
    assert_eq!(counts, ALL, "{said}");
}

#[test]
#[ignore = "needs other tools: tests/interop/run"]
fn what_distribution_lacks_is_only_counted_and_only_when_asked() {
    if std::env::var_os(COUNT_ALL).is_none() {
        return;
    }
    let Some(lab) = Lab::with(&["conformance", "registry"]) else { return };
    print("Distribution", &suite(&lab, &distribution(&lab), Mount::FromNowhere).0);
}
