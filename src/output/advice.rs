//! What registries of well-known hosts want in place of a password: the helper, or the kind of token.

use crate::oci::DOCKER_HUB;
use crate::registry::Variables;
use crate::repository::Error;

/// What to do where a registry lets nobody in: `usual` where nothing better is known of it.
pub fn unauthorized(error: &Error, usual: impl FnOnce(&str) -> String) -> String {
    let host = error.place.split('/').next().unwrap_or(&error.place);
    let known = credentials(host);
    // A login would change nothing: the variables are looked at before what it keeps.
    match error.cause.as_ref().and_then(|cause| cause.downcast_ref::<Variables>()) {
        None => known.unwrap_or_else(|| usual(host)),
        Some(Variables(names)) => {
            let them = if names.len() == 1 { "it" } else { "them" };
            let known = known.map(|known| format!("; {known}")).unwrap_or_default();
            format!("mend {}, or unset {them}{known}", names.join(" and "))
        }
    }
}

/// What to do about credentials that were refused by, or missing for, this host; `None` for hosts that say nothing of who
/// runs them. `docs/registries.md` has more, and where each fact comes from.
pub fn credentials(host: &str) -> Option<String> {
    let lower = host.to_ascii_lowercase();
    let name = lower.rsplit_once(':').map_or(lower.as_str(), |(name, _)| name);
    let labels: Vec<&str> = name.split('.').collect();
    ecr(name, &labels)
        .or_else(|| google(name))
        .or_else(|| azure(name, &labels))
        .or_else(|| tokens(name, &labels))
}

/// Amazon: passwords of twelve hours.
fn ecr(host: &str, labels: &[&str]) -> Option<String> {
    let (service, region) = match labels {
        ["public", "ecr", "aws"] => ("ecr-public", "us-east-1"),
        [_, "dkr", "ecr" | "ecr-fips", region, "amazonaws", "com"]
        | [_, "dkr", "ecr" | "ecr-fips", region, "amazonaws", "com", "cn"]
        | [_, "dkr-ecr" | "dkr-ecr-fips", region, "on", "aws"] => ("ecr", *region),
        _ => return None,
    };
    Some(format!(
        "Amazon ECR takes passwords of 12 hours: let `docker-credential-ecr-login` make them, or run \
         `aws {service} get-login-password --region {region} | torte login -u AWS --password-stdin {host}`"
    ))
}

/// Google: access tokens of an hour.
fn google(host: &str) -> Option<String> {
    let is_google = host.ends_with("-docker.pkg.dev") || host == "gcr.io" || host.ends_with(".gcr.io");
    is_google.then(|| {
        format!(
            "Google's registry takes tokens of an hour: let `docker-credential-gcloud` make them \
             (`gcloud auth configure-docker {host}`) or `docker-credential-gcr`, or run `gcloud auth print-access-token \
             | torte login -u oauth2accesstoken --password-stdin {host}`"
        )
    })
}

/// Azure: tokens of three hours, and a user that is all zeros.
fn azure(host: &str, labels: &[&str]) -> Option<String> {
    let [registry, .., "azurecr", "io" | "cn" | "us"] = labels else { return None };
    Some(format!(
        "Azure's registry takes tokens of three hours: let `docker-credential-acr-env` make them, or run \
         `az acr login --name {registry} --expose-token --output tsv --query accessToken \
         | torte login -u 00000000-0000-0000-0000-000000000000 --password-stdin {host}`"
    ))
}

/// Registries that take a token in place of the password.
fn tokens(host: &str, labels: &[&str]) -> Option<String> {
    let has = |part: &str| labels.iter().any(|label| label.contains(part));
    let what = match host {
        "ghcr.io" => {
            "GitHub takes a personal access token (classic) with `read:packages`, to push `write:packages`, and in a \
             workflow `GITHUB_TOKEN`; a fine-grained token or a password will not do"
        }
        host if DOCKER_HUB.contains(&host) => {
            "Docker Hub takes your Docker ID, not the address of your mail, with a personal access token that may read, \
             or read and write"
        }
        "quay.io" => "Quay takes a robot account, `ORGANISATION+NAME`, with its token",
        _ if has("gitlab") => {
            "GitLab takes an access token or a deploy token with `read_registry`, to push `write_registry` too, and in a job \
             `$CI_REGISTRY_USER` with `$CI_REGISTRY_PASSWORD`"
        }
        _ if has("quay") => "Quay takes a robot account, `ORGANISATION+NAME`, with its token",
        _ if has("harbor") => {
            "Harbor takes a robot account, such as `robot$PROJECT+NAME` in single quotes, or the CLI secret of your profile"
        }
        _ => return None,
    };
    Some(format!("{what}: `torte login {host} -u NAME --password-stdin`"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_right_helper_and_command_are_named() {
        for (host, parts) in [
            (
                "123456789012.dkr.ecr.eu-west-1.amazonaws.com",
                &["docker-credential-ecr-login", "aws ecr get-login-password --region eu-west-1", "-u AWS"][..],
            ),
            ("123456789012.dkr.ecr-fips.us-gov-west-1.amazonaws.com", &["--region us-gov-west-1"]),
            ("123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn", &["--region cn-north-1"]),
            ("123456789012.dkr-ecr.eu-west-1.on.aws", &["aws ecr get-login-password --region eu-west-1"]),
            (
                "public.ecr.aws",
                &["docker-credential-ecr-login", "aws ecr-public get-login-password --region us-east-1"],
            ),
            ("europe-docker.pkg.dev", &["docker-credential-gcloud", "docker-credential-gcr"]),
            ("eu.gcr.io", &["gcloud auth configure-docker eu.gcr.io", "-u oauth2accesstoken"]),
            ("gcr.io", &["docker-credential-gcloud"]),
            (
                "Team.azurecr.io",
                &[
                    "docker-credential-acr-env",
                    "--name team --expose-token",
                    "-u 00000000-0000-0000-0000-0000",
                ],
            ),
            ("ghcr.io", &["(classic)", "`read:packages`", "`write:packages`", "GITHUB_TOKEN"]),
            ("docker.io", &["personal access token", "Docker ID"]),
            ("registry.gitlab.com", &["read_registry", "write_registry", "deploy token"]),
            ("gitlab.example.com:5050", &["read_registry"]),
            ("quay.io", &["robot account"]),
            ("harbor.example.com", &["robot$PROJECT+NAME"]),
        ] {
            let hint = credentials(host).unwrap_or_default();
            for part in parts {
                assert!(hint.contains(part), "{host}: {part} is missing in: {hint}");
            }
        }
    }

    #[test]
    fn nobody_is_taken_for_somebody_else() {
        for host in [
            "registry.example.com",
            "127.0.0.1:5000",
            "localhost",
            "dkr.ecr.eu-west-1.amazonaws.com",
            "a.dkr.ecr.eu-west-1.amazonaws.com.example.com",
            "docker.pkg.dev.example.com",
            "azurecr.io",
            "notgcr.io",
            "ghcr.io.example.com",
        ] {
            assert_eq!(credentials(host), None, "{host}");
        }
    }
}
