//! What users do, and what they see: one module a wish, one sentence a test.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

mod build_a_bundle;
mod build_for_each_environment;
mod build_manifests;
mod build_the_same_everywhere;
mod carry_signatures;
mod check_the_source;
mod choose_a_version;
mod clean_up;
mod compare_bundles;
mod compare_manifests;
mod complete_what_i_type;
mod demand_signatures;
mod document_the_json;
mod guard_a_tag;
mod keep_my_keys;
mod list_what_i_built;
#[cfg(unix)]
mod log_in;
#[cfg(unix)]
mod log_in_at_a_terminal;
mod look_inside;
mod move_an_index;
mod move_manifests;
mod name_a_bundle;
mod prove_the_store;
mod prove_who_i_am;
mod reach_a_registry;
mod read_the_docs;
#[cfg(unix)]
mod read_the_guides;
mod read_the_help;
mod read_the_readme;
mod refuse_hostile_archives;
mod refuse_hostile_manifests;
#[cfg(unix)]
mod run_in_ci;
mod script_with_it;
mod serve_it_myself;
mod serve_under_load;
mod share_for_an_hour;
mod share_through_a_registry;
mod sign_and_verify;
mod survive;
mod unpack_foreign;
mod unpack_it_again;
mod when_a_registry_misbehaves;
mod when_things_go_wrong;
mod write_references;
