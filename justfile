# The tasks of this repository. `just` lists them.

_default:
    @just --list --unsorted

# Everything that a change must pass, but for the other tools
check: format lint test deny

# Formatting, as rustfmt.toml has it
format:
    cargo fmt --all --check

# Clippy, with every warning denied
lint:
    cargo clippy --locked --all-targets -- -D warnings

# All tests that need nothing but Rust
test:
    cargo test --locked

# Licences, bans and advisories, where cargo-deny is installed
deny:
    @if cargo deny --version >/dev/null 2>&1; then cargo deny check; else echo "deny: skipped, cargo-deny is not installed"; fi

# torte against other registries and clients; needs Go, skopeo and openssl
interop:
    tests/interop/run

# The registry's proofs in their full sizes: 200 bundles of each of 16 clients at once, and a blob of a gibibyte; a minute
measure:
    cargo test --locked --test stories -- --ignored

# Times, requests and bytes beside other clients; some minutes, on a quiet machine
bench namespaces="1000":
    tests/interop/peers .interop registry olareg crane oras regctl
    cargo bench --locked --bench compare -- {{ namespaces }}

# Time, memory and bytes of packing manifests beside flux and oras; on a quiet machine
bench-manifests manifests="10000" runs="5":
    tests/interop/peers .interop flux oras
    cargo bench --locked --bench manifests -- {{ manifests }} {{ runs }}

# How many pushes and pulls `torte serve` takes beside Distribution and olareg; a few minutes, on a quiet machine
bench-serve seconds="3":
    tests/interop/peers .interop registry olareg
    cargo bench --locked --bench serve -- {{ seconds }}

# The completion scripts that are shipped
completions:
    cargo build --locked
    target/debug/torte completions bash >completions/torte.bash
    target/debug/torte completions elvish >completions/torte.elv
    target/debug/torte completions fish >completions/torte.fish
    target/debug/torte completions powershell >completions/_torte.ps1
    target/debug/torte completions zsh >completions/_torte
