//! Addresses of web pages that show a repository, as a browser has them, and the repository that each shows.

/// What is meant by what stands after `https://`, if that is the address of a page and no repository.
///
/// The forms are those of GitHub, Docker Hub and Quay; of any page, what follows a `?` or a `#` is for the browser alone.
pub(super) fn shown_on(address: &str) -> Option<String> {
    let path = address.split(['?', '#']).next().unwrap_or_default().trim_end_matches('/');
    let parts: Vec<&str> = path.split('/').collect();
    let repository = match parts[..] {
        ["github.com", owner, _, "pkgs", "container", name, ..]
        | ["github.com", "orgs" | "users", owner, "packages", "container", "package", name, ..] => {
            format!("ghcr.io/{owner}/{name}")
        }
        ["hub.docker.com", "_", name, ..] => format!("docker.io/library/{name}"),
        ["hub.docker.com", "r", owner, name, ..]
        | ["hub.docker.com", "repository", "docker", owner, name, ..] => format!("docker.io/{owner}/{name}"),
        ["quay.io", "repository", owner, name, ..] => format!("quay.io/{owner}/{name}"),
        [_, _, ..] if path.len() < address.len() => path.to_owned(),
        _ => return None,
    };
    Some(repository.to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_repository_of_a_page_is_known() {
        for (address, repository) in [
            ("github.com/Org/repo/pkgs/container/flags", "ghcr.io/org/flags"),
            ("github.com/orgs/org/packages/container/package/flags", "ghcr.io/org/flags"),
            ("hub.docker.com/_/alpine", "docker.io/library/alpine"),
            ("hub.docker.com/r/org/app/tags", "docker.io/org/app"),
            ("hub.docker.com/repository/docker/org/app/general", "docker.io/org/app"),
            ("quay.io/repository/org/app?tab=tags", "quay.io/org/app"),
            ("registry.example.com/org/app/?page=2#top", "registry.example.com/org/app"),
            ("registry.example.com/org/app/", "registry.example.com/org/app"),
        ] {
            assert_eq!(shown_on(address).as_deref(), Some(repository), "{address}");
        }
        for address in ["ghcr.io/org/app:v1", "quay.io/repository/app", "ghcr.io", "ghcr.io/", "", "/?#"] {
            assert_eq!(shown_on(address), None, "{address}");
        }
    }
}
