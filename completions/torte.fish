# Print an optspec for argparse to handle cmd's options that are independent of any subcommand.
function __fish_torte_global_optspecs
    string join \n store= q/quiet v/verbose no-progress color= h/help V/version
end

function __fish_torte_needs_command
    # Figure out if the current invocation already has a command.
    set -l cmd (commandline -opc)
    set -e cmd[1]
    argparse -s (__fish_torte_global_optspecs) -- $cmd 2>/dev/null
    or return
    if set -q argv[1]
        # Also print the command, so this can be used to figure out what it is.
        echo $argv[1]
        return 1
    end
    return 0
end

function __fish_torte_using_subcommand
    set -l cmd (__fish_torte_needs_command)
    test -z "$cmd"
    and return 1
    contains -- $cmd[1] $argv
end

complete -c torte -n "__fish_torte_needs_command" -l store -d 'Directory of the local store [default: `torte` in the user\'s data directory, such as ~/.local/share; environment: `TORTE_STORE`]' -r -f -a "(__fish_complete_directories)"
complete -c torte -n "__fish_torte_needs_command" -l color -d 'Colour the messages' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Everywhere'
never\t'Nowhere'"
complete -c torte -n "__fish_torte_needs_command" -s q -l quiet -d 'Print nothing but data and errors'
complete -c torte -n "__fish_torte_needs_command" -s v -l verbose -d 'Say each request and what it cost'
complete -c torte -n "__fish_torte_needs_command" -l no-progress -d 'Draw no progress bars, also on a terminal'
complete -c torte -n "__fish_torte_needs_command" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c torte -n "__fish_torte_needs_command" -s V -l version -d 'Print version'
complete -c torte -n "__fish_torte_needs_command" -f -a "build" -d 'Pack a directory into the local store, and publish it in the same breath if asked'
complete -c torte -n "__fish_torte_needs_command" -f -a "lint" -d 'Check a directory: every fault of every file, without building'
complete -c torte -n "__fish_torte_needs_command" -f -a "list" -d 'List the bundles of the local store, or the tags of a remote repository'
complete -c torte -n "__fish_torte_needs_command" -f -a "resolve" -d 'Print the digest that a tag or a range of versions means now'
complete -c torte -n "__fish_torte_needs_command" -f -a "inspect" -d 'Show what is inside a bundle'
complete -c torte -n "__fish_torte_needs_command" -f -a "diff" -d 'Show what changed between two bundles or directories'
complete -c torte -n "__fish_torte_needs_command" -f -a "tag" -d 'Give a bundle further names, locally or in its registry'
complete -c torte -n "__fish_torte_needs_command" -f -a "push" -d 'Copy a local bundle to a registry'
complete -c torte -n "__fish_torte_needs_command" -f -a "pull" -d 'Copy a bundle from a registry to the local store'
complete -c torte -n "__fish_torte_needs_command" -f -a "copy" -d 'Copy a bundle between any two places'
complete -c torte -n "__fish_torte_needs_command" -f -a "unpack" -d 'Write the files of a bundle into a directory'
complete -c torte -n "__fish_torte_needs_command" -f -a "rm" -d 'Remove a tag, locally or in its registry, or a bundle by its digest'
complete -c torte -n "__fish_torte_needs_command" -f -a "gc" -d 'Free the space of what no tag and no pull by digest holds'
complete -c torte -n "__fish_torte_needs_command" -f -a "check" -d 'Prove the local store sound: every fault with its file, and what to do'
complete -c torte -n "__fish_torte_needs_command" -f -a "sign" -d 'Sign a bundle, or attest something of it'
complete -c torte -n "__fish_torte_needs_command" -f -a "verify" -d 'Print the digest of a bundle if the right keys signed it'
complete -c torte -n "__fish_torte_needs_command" -f -a "keys" -d 'Make the keys that bundles are signed with'
complete -c torte -n "__fish_torte_needs_command" -f -a "share" -d 'Give a bundle a throw-away name on a registry that forgets it'
complete -c torte -n "__fish_torte_needs_command" -f -a "login" -d 'Keep credentials for a registry, in Docker\'s file or its helper, once the registry has taken them'
complete -c torte -n "__fish_torte_needs_command" -f -a "logout" -d 'Forget the credentials for a registry'
complete -c torte -n "__fish_torte_needs_command" -f -a "serve" -d 'Run an OCI registry out of a directory, on loopback unless told otherwise'
complete -c torte -n "__fish_torte_needs_command" -f -a "completions" -d 'Print the completion script of a shell'
complete -c torte -n "__fish_torte_needs_command" -f -a "man" -d 'Write the man pages into a directory'
complete -c torte -n "__fish_torte_needs_command" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c torte -n "__fish_torte_using_subcommand build" -l each -d 'Make a bundle of each directory that matches, tagged by its name, all in one go' -r -f
complete -c torte -n "__fish_torte_using_subcommand build" -l push -d 'Copy the bundle to this place when it is built' -r -f
complete -c torte -n "__fish_torte_using_subcommand build" -l kind -d 'What the directory holds [default: recognised from its files]' -r -f -a "flipt\t'Feature flags, as Flipt v1 reads them'
kubernetes\t'Manifests, as Flux and Argo CD take them'"
complete -c torte -n "__fish_torte_using_subcommand build" -l check -d 'How much to check' -r -f -a "references\t'The schema, and what flags, variants and segments say of each other'
schema\t'The schema alone, as Flipt\'s builder does'"
complete -c torte -n "__fish_torte_using_subcommand build" -l profile -d 'Shape of the bundle [default: hybrid]' -r -f -a "hybrid\t'The complete tree, and a layer for each namespace'
flux\t'The one layer that Flux writes'
argo\t'The one layer that Argo CD takes by default'"
complete -c torte -n "__fish_torte_using_subcommand build" -l group-by -d 'What decides which layer a file goes to [default: auto]' -r -f -a "auto\t'Units of kustomize and Helm, then namespaces'
dir\t'The first directory of the path'
namespace\t'Namespaces; units of kustomize and Helm are refused'
none\t'Nothing: one layer'"
complete -c torte -n "__fish_torte_using_subcommand build" -l group -d 'Put the files that match into this group, whatever they hold' -r -f
complete -c torte -n "__fish_torte_using_subcommand build" -l ignore-paths -d 'Leave these out, as a comma list of patterns like those of .gitignore; replaces Flux\'s own list' -r -f
complete -c torte -n "__fish_torte_using_subcommand build" -l add-ignore-paths -d 'Leave these out too' -r -f
complete -c torte -n "__fish_torte_using_subcommand build" -l symlinks -d 'What to do with symbolic links' -r -f -a "error\t'Refuse them'
skip\t'Leave them out'
follow\t'Pack what they point at, if that is inside the directory'"
complete -c torte -n "__fish_torte_using_subcommand build" -l stdin-name -d 'Keep standard input whole, as a file of this name' -r -F
complete -c torte -n "__fish_torte_using_subcommand build" -l created -d 'When the bundle counts as made, in RFC 3339 [default: 1970; environment: `SOURCE_DATE_EPOCH`]' -r -f
complete -c torte -n "__fish_torte_using_subcommand build" -l manifest-version -d 'Version of the OCI manifest, 1.1 unless said; 1.0 for registries that refuse artifacts' -r -f -a "1.1\t'With `artifactType`'
1.0\t'Without it'"
complete -c torte -n "__fish_torte_using_subcommand build" -l annotation -d 'Add an annotation to the manifest' -r -f
complete -c torte -n "__fish_torte_using_subcommand build" -l source -d 'Where the source is kept, as an annotation' -r -f
complete -c torte -n "__fish_torte_using_subcommand build" -l revision -d 'Revision of the source, as an annotation' -r -f
complete -c torte -n "__fish_torte_using_subcommand build" -l digest-file -d 'Write the digest to this file too' -r -F
complete -c torte -n "__fish_torte_using_subcommand build" -l sign -d 'Sign what was published with this private key [its password: `TORTE_KEY_PASSWORD`, `COSIGN_PASSWORD`]' -r -F
complete -c torte -n "__fish_torte_using_subcommand build" -l if-match -d 'Fail unless the tag points at this digest now' -r -f
complete -c torte -n "__fish_torte_using_subcommand build" -l format -d 'How to print the result' -r -f -a "text\t'For people, and one line of data for scripts'
json\t'One JSON object'
reference\t'The reference with its digest, for the next tool'"
complete -c torte -n "__fish_torte_using_subcommand build" -l ca-file -d 'Trust these certificate authorities too (PEM) [environment: `TORTE_CA_FILE`]' -r -F
complete -c torte -n "__fish_torte_using_subcommand build" -l concurrency -d 'How many transfers run at once [default: 32; environment: `TORTE_CONCURRENCY`]' -r -f
complete -c torte -n "__fish_torte_using_subcommand build" -l timeout -d 'How long to wait for an answer, such as `30s` or `2m`' -r -f
complete -c torte -n "__fish_torte_using_subcommand build" -l retries -d 'How often to try again where that is safe' -r -f
complete -c torte -n "__fish_torte_using_subcommand build" -l authfile -d 'Read credentials from this file instead of Docker\'s and Podman\'s' -r -F
complete -c torte -n "__fish_torte_using_subcommand build" -s u -l username -d 'User name for the registry [environment: `TORTE_USERNAME`, `TORTE_PASSWORD`]' -r -f
complete -c torte -n "__fish_torte_using_subcommand build" -l store -d 'Directory of the local store [default: `torte` in the user\'s data directory, such as ~/.local/share; environment: `TORTE_STORE`]' -r -f -a "(__fish_complete_directories)"
complete -c torte -n "__fish_torte_using_subcommand build" -l color -d 'Colour the messages' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Everywhere'
never\t'Nowhere'"
complete -c torte -n "__fish_torte_using_subcommand build" -l strict -d 'Take warnings for faults'
complete -c torte -n "__fish_torte_using_subcommand build" -l sourceignore -d 'Leave out what the `.sourceignore` files of the directory name'
complete -c torte -n "__fish_torte_using_subcommand build" -l git -d 'Take source and revision from the git repository of the directory'
complete -c torte -n "__fish_torte_using_subcommand build" -l dry-run -d 'Print the digest that the bundle would get, and write nothing'
complete -c torte -n "__fish_torte_using_subcommand build" -l if-absent -d 'Fail if the tag exists already'
complete -c torte -n "__fish_torte_using_subcommand build" -l plain-http -d 'Speak plain HTTP to registries [environment: `TORTE_PLAIN_HTTP`]'
complete -c torte -n "__fish_torte_using_subcommand build" -l insecure -d 'Do not verify the registry\'s certificate'
complete -c torte -n "__fish_torte_using_subcommand build" -l password-stdin -d 'Read the password from standard input'
complete -c torte -n "__fish_torte_using_subcommand build" -l identity-token-stdin -d 'Read an identity token from standard input'
complete -c torte -n "__fish_torte_using_subcommand build" -s q -l quiet -d 'Print nothing but data and errors'
complete -c torte -n "__fish_torte_using_subcommand build" -s v -l verbose -d 'Say each request and what it cost'
complete -c torte -n "__fish_torte_using_subcommand build" -l no-progress -d 'Draw no progress bars, also on a terminal'
complete -c torte -n "__fish_torte_using_subcommand build" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c torte -n "__fish_torte_using_subcommand build" -s V -l version -d 'Print version'
complete -c torte -n "__fish_torte_using_subcommand lint" -l kind -d 'What the directory holds [default: recognised from its files]' -r -f -a "flipt\t'Feature flags, as Flipt v1 reads them'
kubernetes\t'Manifests, as Flux and Argo CD take them'"
complete -c torte -n "__fish_torte_using_subcommand lint" -l check -d 'How much to check' -r -f -a "references\t'The schema, and what flags, variants and segments say of each other'
schema\t'The schema alone, as Flipt\'s builder does'"
complete -c torte -n "__fish_torte_using_subcommand lint" -l profile -d 'Shape of the bundle [default: hybrid]' -r -f -a "hybrid\t'The complete tree, and a layer for each namespace'
flux\t'The one layer that Flux writes'
argo\t'The one layer that Argo CD takes by default'"
complete -c torte -n "__fish_torte_using_subcommand lint" -l group-by -d 'What decides which layer a file goes to [default: auto]' -r -f -a "auto\t'Units of kustomize and Helm, then namespaces'
dir\t'The first directory of the path'
namespace\t'Namespaces; units of kustomize and Helm are refused'
none\t'Nothing: one layer'"
complete -c torte -n "__fish_torte_using_subcommand lint" -l group -d 'Put the files that match into this group, whatever they hold' -r -f
complete -c torte -n "__fish_torte_using_subcommand lint" -l ignore-paths -d 'Leave these out, as a comma list of patterns like those of .gitignore; replaces Flux\'s own list' -r -f
complete -c torte -n "__fish_torte_using_subcommand lint" -l add-ignore-paths -d 'Leave these out too' -r -f
complete -c torte -n "__fish_torte_using_subcommand lint" -l symlinks -d 'What to do with symbolic links' -r -f -a "error\t'Refuse them'
skip\t'Leave them out'
follow\t'Pack what they point at, if that is inside the directory'"
complete -c torte -n "__fish_torte_using_subcommand lint" -l stdin-name -d 'Keep standard input whole, as a file of this name' -r -F
complete -c torte -n "__fish_torte_using_subcommand lint" -l format -d 'How to print the faults' -r -f -a "text\t'A block for each fault'
json\t'One JSON object'
github\t'Annotations for a workflow of GitHub Actions'"
complete -c torte -n "__fish_torte_using_subcommand lint" -l store -d 'Directory of the local store [default: `torte` in the user\'s data directory, such as ~/.local/share; environment: `TORTE_STORE`]' -r -f -a "(__fish_complete_directories)"
complete -c torte -n "__fish_torte_using_subcommand lint" -l color -d 'Colour the messages' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Everywhere'
never\t'Nowhere'"
complete -c torte -n "__fish_torte_using_subcommand lint" -l strict -d 'Take warnings for faults'
complete -c torte -n "__fish_torte_using_subcommand lint" -l sourceignore -d 'Leave out what the `.sourceignore` files of the directory name'
complete -c torte -n "__fish_torte_using_subcommand lint" -s q -l quiet -d 'Print nothing but data and errors'
complete -c torte -n "__fish_torte_using_subcommand lint" -s v -l verbose -d 'Say each request and what it cost'
complete -c torte -n "__fish_torte_using_subcommand lint" -l no-progress -d 'Draw no progress bars, also on a terminal'
complete -c torte -n "__fish_torte_using_subcommand lint" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c torte -n "__fish_torte_using_subcommand lint" -s V -l version -d 'Print version'
complete -c torte -n "__fish_torte_using_subcommand list" -l semver -d 'Only tags that are versions in this range, newest first, such as \'>=1.0 <2\'' -r -f
complete -c torte -n "__fish_torte_using_subcommand list" -l limit -d 'At most N tags of a repository: the newest with `--semver`, else the first by name' -r -f
complete -c torte -n "__fish_torte_using_subcommand list" -l format -d 'How to print the result' -r -f -a "text\t'For people'
json\t'One JSON object'"
complete -c torte -n "__fish_torte_using_subcommand list" -l ca-file -d 'Trust these certificate authorities too (PEM) [environment: `TORTE_CA_FILE`]' -r -F
complete -c torte -n "__fish_torte_using_subcommand list" -l concurrency -d 'How many transfers run at once [default: 32; environment: `TORTE_CONCURRENCY`]' -r -f
complete -c torte -n "__fish_torte_using_subcommand list" -l timeout -d 'How long to wait for an answer, such as `30s` or `2m`' -r -f
complete -c torte -n "__fish_torte_using_subcommand list" -l retries -d 'How often to try again where that is safe' -r -f
complete -c torte -n "__fish_torte_using_subcommand list" -l authfile -d 'Read credentials from this file instead of Docker\'s and Podman\'s' -r -F
complete -c torte -n "__fish_torte_using_subcommand list" -s u -l username -d 'User name for the registry [environment: `TORTE_USERNAME`, `TORTE_PASSWORD`]' -r -f
complete -c torte -n "__fish_torte_using_subcommand list" -l store -d 'Directory of the local store [default: `torte` in the user\'s data directory, such as ~/.local/share; environment: `TORTE_STORE`]' -r -f -a "(__fish_complete_directories)"
complete -c torte -n "__fish_torte_using_subcommand list" -l color -d 'Colour the messages' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Everywhere'
never\t'Nowhere'"
complete -c torte -n "__fish_torte_using_subcommand list" -l plain-http -d 'Speak plain HTTP to registries [environment: `TORTE_PLAIN_HTTP`]'
complete -c torte -n "__fish_torte_using_subcommand list" -l insecure -d 'Do not verify the registry\'s certificate'
complete -c torte -n "__fish_torte_using_subcommand list" -l password-stdin -d 'Read the password from standard input'
complete -c torte -n "__fish_torte_using_subcommand list" -l identity-token-stdin -d 'Read an identity token from standard input'
complete -c torte -n "__fish_torte_using_subcommand list" -s q -l quiet -d 'Print nothing but data and errors'
complete -c torte -n "__fish_torte_using_subcommand list" -s v -l verbose -d 'Say each request and what it cost'
complete -c torte -n "__fish_torte_using_subcommand list" -l no-progress -d 'Draw no progress bars, also on a terminal'
complete -c torte -n "__fish_torte_using_subcommand list" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c torte -n "__fish_torte_using_subcommand list" -s V -l version -d 'Print version'
complete -c torte -n "__fish_torte_using_subcommand resolve" -l semver -d 'Take the newest tag that is a version in this range, such as \'>=1.0 <2\'' -r -f
complete -c torte -n "__fish_torte_using_subcommand resolve" -l format -d 'How to print the result' -r -f -a "text\t'For people, and one line of data for scripts'
json\t'One JSON object'
reference\t'The reference with its digest, for the next tool'"
complete -c torte -n "__fish_torte_using_subcommand resolve" -l ca-file -d 'Trust these certificate authorities too (PEM) [environment: `TORTE_CA_FILE`]' -r -F
complete -c torte -n "__fish_torte_using_subcommand resolve" -l concurrency -d 'How many transfers run at once [default: 32; environment: `TORTE_CONCURRENCY`]' -r -f
complete -c torte -n "__fish_torte_using_subcommand resolve" -l timeout -d 'How long to wait for an answer, such as `30s` or `2m`' -r -f
complete -c torte -n "__fish_torte_using_subcommand resolve" -l retries -d 'How often to try again where that is safe' -r -f
complete -c torte -n "__fish_torte_using_subcommand resolve" -l authfile -d 'Read credentials from this file instead of Docker\'s and Podman\'s' -r -F
complete -c torte -n "__fish_torte_using_subcommand resolve" -s u -l username -d 'User name for the registry [environment: `TORTE_USERNAME`, `TORTE_PASSWORD`]' -r -f
complete -c torte -n "__fish_torte_using_subcommand resolve" -l store -d 'Directory of the local store [default: `torte` in the user\'s data directory, such as ~/.local/share; environment: `TORTE_STORE`]' -r -f -a "(__fish_complete_directories)"
complete -c torte -n "__fish_torte_using_subcommand resolve" -l color -d 'Colour the messages' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Everywhere'
never\t'Nowhere'"
complete -c torte -n "__fish_torte_using_subcommand resolve" -l plain-http -d 'Speak plain HTTP to registries [environment: `TORTE_PLAIN_HTTP`]'
complete -c torte -n "__fish_torte_using_subcommand resolve" -l insecure -d 'Do not verify the registry\'s certificate'
complete -c torte -n "__fish_torte_using_subcommand resolve" -l password-stdin -d 'Read the password from standard input'
complete -c torte -n "__fish_torte_using_subcommand resolve" -l identity-token-stdin -d 'Read an identity token from standard input'
complete -c torte -n "__fish_torte_using_subcommand resolve" -s q -l quiet -d 'Print nothing but data and errors'
complete -c torte -n "__fish_torte_using_subcommand resolve" -s v -l verbose -d 'Say each request and what it cost'
complete -c torte -n "__fish_torte_using_subcommand resolve" -l no-progress -d 'Draw no progress bars, also on a terminal'
complete -c torte -n "__fish_torte_using_subcommand resolve" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c torte -n "__fish_torte_using_subcommand resolve" -s V -l version -d 'Print version'
complete -c torte -n "__fish_torte_using_subcommand inspect" -l semver -d 'Take the newest tag that is a version in this range, such as \'>=1.0 <2\'' -r -f
complete -c torte -n "__fish_torte_using_subcommand inspect" -l format -d 'How to print the result' -r -f -a "text\t'For people'
json\t'One JSON object'"
complete -c torte -n "__fish_torte_using_subcommand inspect" -l ca-file -d 'Trust these certificate authorities too (PEM) [environment: `TORTE_CA_FILE`]' -r -F
complete -c torte -n "__fish_torte_using_subcommand inspect" -l concurrency -d 'How many transfers run at once [default: 32; environment: `TORTE_CONCURRENCY`]' -r -f
complete -c torte -n "__fish_torte_using_subcommand inspect" -l timeout -d 'How long to wait for an answer, such as `30s` or `2m`' -r -f
complete -c torte -n "__fish_torte_using_subcommand inspect" -l retries -d 'How often to try again where that is safe' -r -f
complete -c torte -n "__fish_torte_using_subcommand inspect" -l authfile -d 'Read credentials from this file instead of Docker\'s and Podman\'s' -r -F
complete -c torte -n "__fish_torte_using_subcommand inspect" -s u -l username -d 'User name for the registry [environment: `TORTE_USERNAME`, `TORTE_PASSWORD`]' -r -f
complete -c torte -n "__fish_torte_using_subcommand inspect" -l store -d 'Directory of the local store [default: `torte` in the user\'s data directory, such as ~/.local/share; environment: `TORTE_STORE`]' -r -f -a "(__fish_complete_directories)"
complete -c torte -n "__fish_torte_using_subcommand inspect" -l color -d 'Colour the messages' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Everywhere'
never\t'Nowhere'"
complete -c torte -n "__fish_torte_using_subcommand inspect" -l contents -d 'Read the layers too, and show what they hold'
complete -c torte -n "__fish_torte_using_subcommand inspect" -l explain -d 'Show which file of a bundle of manifests is in which layer, and why'
complete -c torte -n "__fish_torte_using_subcommand inspect" -l referrers -d 'Follow what is attached, and what refers to that, and show it as a tree'
complete -c torte -n "__fish_torte_using_subcommand inspect" -l manifest -d 'Print the exact bytes of the manifest'
complete -c torte -n "__fish_torte_using_subcommand inspect" -l plain-http -d 'Speak plain HTTP to registries [environment: `TORTE_PLAIN_HTTP`]'
complete -c torte -n "__fish_torte_using_subcommand inspect" -l insecure -d 'Do not verify the registry\'s certificate'
complete -c torte -n "__fish_torte_using_subcommand inspect" -l password-stdin -d 'Read the password from standard input'
complete -c torte -n "__fish_torte_using_subcommand inspect" -l identity-token-stdin -d 'Read an identity token from standard input'
complete -c torte -n "__fish_torte_using_subcommand inspect" -s q -l quiet -d 'Print nothing but data and errors'
complete -c torte -n "__fish_torte_using_subcommand inspect" -s v -l verbose -d 'Say each request and what it cost'
complete -c torte -n "__fish_torte_using_subcommand inspect" -l no-progress -d 'Draw no progress bars, also on a terminal'
complete -c torte -n "__fish_torte_using_subcommand inspect" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c torte -n "__fish_torte_using_subcommand inspect" -s V -l version -d 'Print version'
complete -c torte -n "__fish_torte_using_subcommand diff" -s n -l namespace -d 'Only this namespace; may be given more than once' -r -f
complete -c torte -n "__fish_torte_using_subcommand diff" -l format -d 'How to print the differences' -r -f -a "text\t'A line for each change'
json\t'One JSON object'
markdown\t'For the summary of a pull request or a job'"
complete -c torte -n "__fish_torte_using_subcommand diff" -l kind -d 'What the directory holds [default: recognised from its files]' -r -f -a "flipt\t'Feature flags, as Flipt v1 reads them'
kubernetes\t'Manifests, as Flux and Argo CD take them'"
complete -c torte -n "__fish_torte_using_subcommand diff" -l check -d 'How much to check' -r -f -a "references\t'The schema, and what flags, variants and segments say of each other'
schema\t'The schema alone, as Flipt\'s builder does'"
complete -c torte -n "__fish_torte_using_subcommand diff" -l profile -d 'Shape of the bundle [default: hybrid]' -r -f -a "hybrid\t'The complete tree, and a layer for each namespace'
flux\t'The one layer that Flux writes'
argo\t'The one layer that Argo CD takes by default'"
complete -c torte -n "__fish_torte_using_subcommand diff" -l group-by -d 'What decides which layer a file goes to [default: auto]' -r -f -a "auto\t'Units of kustomize and Helm, then namespaces'
dir\t'The first directory of the path'
namespace\t'Namespaces; units of kustomize and Helm are refused'
none\t'Nothing: one layer'"
complete -c torte -n "__fish_torte_using_subcommand diff" -l group -d 'Put the files that match into this group, whatever they hold' -r -f
complete -c torte -n "__fish_torte_using_subcommand diff" -l ignore-paths -d 'Leave these out, as a comma list of patterns like those of .gitignore; replaces Flux\'s own list' -r -f
complete -c torte -n "__fish_torte_using_subcommand diff" -l add-ignore-paths -d 'Leave these out too' -r -f
complete -c torte -n "__fish_torte_using_subcommand diff" -l symlinks -d 'What to do with symbolic links' -r -f -a "error\t'Refuse them'
skip\t'Leave them out'
follow\t'Pack what they point at, if that is inside the directory'"
complete -c torte -n "__fish_torte_using_subcommand diff" -l stdin-name -d 'Keep standard input whole, as a file of this name' -r -F
complete -c torte -n "__fish_torte_using_subcommand diff" -l ca-file -d 'Trust these certificate authorities too (PEM) [environment: `TORTE_CA_FILE`]' -r -F
complete -c torte -n "__fish_torte_using_subcommand diff" -l concurrency -d 'How many transfers run at once [default: 32; environment: `TORTE_CONCURRENCY`]' -r -f
complete -c torte -n "__fish_torte_using_subcommand diff" -l timeout -d 'How long to wait for an answer, such as `30s` or `2m`' -r -f
complete -c torte -n "__fish_torte_using_subcommand diff" -l retries -d 'How often to try again where that is safe' -r -f
complete -c torte -n "__fish_torte_using_subcommand diff" -l authfile -d 'Read credentials from this file instead of Docker\'s and Podman\'s' -r -F
complete -c torte -n "__fish_torte_using_subcommand diff" -s u -l username -d 'User name for the registry [environment: `TORTE_USERNAME`, `TORTE_PASSWORD`]' -r -f
complete -c torte -n "__fish_torte_using_subcommand diff" -l from-ca-file -d 'Trust these certificate authorities too (PEM)' -r -F
complete -c torte -n "__fish_torte_using_subcommand diff" -l from-authfile -d 'Read the source\'s credentials from this file' -r -F
complete -c torte -n "__fish_torte_using_subcommand diff" -l from-username -d 'User name for the source' -r -f
complete -c torte -n "__fish_torte_using_subcommand diff" -l store -d 'Directory of the local store [default: `torte` in the user\'s data directory, such as ~/.local/share; environment: `TORTE_STORE`]' -r -f -a "(__fish_complete_directories)"
complete -c torte -n "__fish_torte_using_subcommand diff" -l color -d 'Colour the messages' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Everywhere'
never\t'Nowhere'"
complete -c torte -n "__fish_torte_using_subcommand diff" -l stat -d 'A line for each namespace, with how many flags, segments or objects differ'
complete -c torte -n "__fish_torte_using_subcommand diff" -l exit-code -d 'End with 6 where the two differ'
complete -c torte -n "__fish_torte_using_subcommand diff" -l strict -d 'Take warnings for faults'
complete -c torte -n "__fish_torte_using_subcommand diff" -l sourceignore -d 'Leave out what the `.sourceignore` files of the directory name'
complete -c torte -n "__fish_torte_using_subcommand diff" -l plain-http -d 'Speak plain HTTP to registries [environment: `TORTE_PLAIN_HTTP`]'
complete -c torte -n "__fish_torte_using_subcommand diff" -l insecure -d 'Do not verify the registry\'s certificate'
complete -c torte -n "__fish_torte_using_subcommand diff" -l password-stdin -d 'Read the password from standard input'
complete -c torte -n "__fish_torte_using_subcommand diff" -l identity-token-stdin -d 'Read an identity token from standard input'
complete -c torte -n "__fish_torte_using_subcommand diff" -l from-plain-http -d 'Speak plain HTTP to the source'
complete -c torte -n "__fish_torte_using_subcommand diff" -l from-insecure -d 'Do not verify the source\'s certificate'
complete -c torte -n "__fish_torte_using_subcommand diff" -l from-password-stdin -d 'Read the source\'s password from standard input'
complete -c torte -n "__fish_torte_using_subcommand diff" -s q -l quiet -d 'Print nothing but data and errors'
complete -c torte -n "__fish_torte_using_subcommand diff" -s v -l verbose -d 'Say each request and what it cost'
complete -c torte -n "__fish_torte_using_subcommand diff" -l no-progress -d 'Draw no progress bars, also on a terminal'
complete -c torte -n "__fish_torte_using_subcommand diff" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c torte -n "__fish_torte_using_subcommand diff" -s V -l version -d 'Print version'
complete -c torte -n "__fish_torte_using_subcommand tag" -l if-match -d 'Fail unless the tag points at this digest now' -r -f
complete -c torte -n "__fish_torte_using_subcommand tag" -l format -d 'How to print the result' -r -f -a "text\t'For people, and one line of data for scripts'
json\t'One JSON object'
reference\t'The reference with its digest, for the next tool'"
complete -c torte -n "__fish_torte_using_subcommand tag" -l ca-file -d 'Trust these certificate authorities too (PEM) [environment: `TORTE_CA_FILE`]' -r -F
complete -c torte -n "__fish_torte_using_subcommand tag" -l concurrency -d 'How many transfers run at once [default: 32; environment: `TORTE_CONCURRENCY`]' -r -f
complete -c torte -n "__fish_torte_using_subcommand tag" -l timeout -d 'How long to wait for an answer, such as `30s` or `2m`' -r -f
complete -c torte -n "__fish_torte_using_subcommand tag" -l retries -d 'How often to try again where that is safe' -r -f
complete -c torte -n "__fish_torte_using_subcommand tag" -l authfile -d 'Read credentials from this file instead of Docker\'s and Podman\'s' -r -F
complete -c torte -n "__fish_torte_using_subcommand tag" -s u -l username -d 'User name for the registry [environment: `TORTE_USERNAME`, `TORTE_PASSWORD`]' -r -f
complete -c torte -n "__fish_torte_using_subcommand tag" -l store -d 'Directory of the local store [default: `torte` in the user\'s data directory, such as ~/.local/share; environment: `TORTE_STORE`]' -r -f -a "(__fish_complete_directories)"
complete -c torte -n "__fish_torte_using_subcommand tag" -l color -d 'Colour the messages' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Everywhere'
never\t'Nowhere'"
complete -c torte -n "__fish_torte_using_subcommand tag" -l if-absent -d 'Fail if the tag exists already'
complete -c torte -n "__fish_torte_using_subcommand tag" -l plain-http -d 'Speak plain HTTP to registries [environment: `TORTE_PLAIN_HTTP`]'
complete -c torte -n "__fish_torte_using_subcommand tag" -l insecure -d 'Do not verify the registry\'s certificate'
complete -c torte -n "__fish_torte_using_subcommand tag" -l password-stdin -d 'Read the password from standard input'
complete -c torte -n "__fish_torte_using_subcommand tag" -l identity-token-stdin -d 'Read an identity token from standard input'
complete -c torte -n "__fish_torte_using_subcommand tag" -s q -l quiet -d 'Print nothing but data and errors'
complete -c torte -n "__fish_torte_using_subcommand tag" -s v -l verbose -d 'Say each request and what it cost'
complete -c torte -n "__fish_torte_using_subcommand tag" -l no-progress -d 'Draw no progress bars, also on a terminal'
complete -c torte -n "__fish_torte_using_subcommand tag" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c torte -n "__fish_torte_using_subcommand tag" -s V -l version -d 'Print version'
complete -c torte -n "__fish_torte_using_subcommand push" -l sign -d 'Sign what was published with this private key [its password: `TORTE_KEY_PASSWORD`, `COSIGN_PASSWORD`]' -r -F
complete -c torte -n "__fish_torte_using_subcommand push" -l if-match -d 'Fail unless the tag points at this digest now' -r -f
complete -c torte -n "__fish_torte_using_subcommand push" -l format -d 'How to print the result' -r -f -a "text\t'For people, and one line of data for scripts'
json\t'One JSON object'
reference\t'The reference with its digest, for the next tool'"
complete -c torte -n "__fish_torte_using_subcommand push" -l ca-file -d 'Trust these certificate authorities too (PEM) [environment: `TORTE_CA_FILE`]' -r -F
complete -c torte -n "__fish_torte_using_subcommand push" -l concurrency -d 'How many transfers run at once [default: 32; environment: `TORTE_CONCURRENCY`]' -r -f
complete -c torte -n "__fish_torte_using_subcommand push" -l timeout -d 'How long to wait for an answer, such as `30s` or `2m`' -r -f
complete -c torte -n "__fish_torte_using_subcommand push" -l retries -d 'How often to try again where that is safe' -r -f
complete -c torte -n "__fish_torte_using_subcommand push" -l authfile -d 'Read credentials from this file instead of Docker\'s and Podman\'s' -r -F
complete -c torte -n "__fish_torte_using_subcommand push" -s u -l username -d 'User name for the registry [environment: `TORTE_USERNAME`, `TORTE_PASSWORD`]' -r -f
complete -c torte -n "__fish_torte_using_subcommand push" -l store -d 'Directory of the local store [default: `torte` in the user\'s data directory, such as ~/.local/share; environment: `TORTE_STORE`]' -r -f -a "(__fish_complete_directories)"
complete -c torte -n "__fish_torte_using_subcommand push" -l color -d 'Colour the messages' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Everywhere'
never\t'Nowhere'"
complete -c torte -n "__fish_torte_using_subcommand push" -l referrers -d 'Take along what is attached: signatures, attestations, and whatever else refers to it'
complete -c torte -n "__fish_torte_using_subcommand push" -l if-absent -d 'Fail if the tag exists already'
complete -c torte -n "__fish_torte_using_subcommand push" -l plain-http -d 'Speak plain HTTP to registries [environment: `TORTE_PLAIN_HTTP`]'
complete -c torte -n "__fish_torte_using_subcommand push" -l insecure -d 'Do not verify the registry\'s certificate'
complete -c torte -n "__fish_torte_using_subcommand push" -l password-stdin -d 'Read the password from standard input'
complete -c torte -n "__fish_torte_using_subcommand push" -l identity-token-stdin -d 'Read an identity token from standard input'
complete -c torte -n "__fish_torte_using_subcommand push" -s q -l quiet -d 'Print nothing but data and errors'
complete -c torte -n "__fish_torte_using_subcommand push" -s v -l verbose -d 'Say each request and what it cost'
complete -c torte -n "__fish_torte_using_subcommand push" -l no-progress -d 'Draw no progress bars, also on a terminal'
complete -c torte -n "__fish_torte_using_subcommand push" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c torte -n "__fish_torte_using_subcommand push" -s V -l version -d 'Print version'
complete -c torte -n "__fish_torte_using_subcommand pull" -l semver -d 'Take the newest tag that is a version in this range, such as \'>=1.0 <2\'' -r -f
complete -c torte -n "__fish_torte_using_subcommand pull" -l verify-key -d 'Go on only if the holder of this public key signed the bundle; given more than once, each of them' -r -F
complete -c torte -n "__fish_torte_using_subcommand pull" -l verify-annotation -d 'What the signatures must say too; may be given more than once' -r -f
complete -c torte -n "__fish_torte_using_subcommand pull" -l format -d 'How to print the result' -r -f -a "text\t'For people, and one line of data for scripts'
json\t'One JSON object'
reference\t'The reference with its digest, for the next tool'"
complete -c torte -n "__fish_torte_using_subcommand pull" -l ca-file -d 'Trust these certificate authorities too (PEM) [environment: `TORTE_CA_FILE`]' -r -F
complete -c torte -n "__fish_torte_using_subcommand pull" -l concurrency -d 'How many transfers run at once [default: 32; environment: `TORTE_CONCURRENCY`]' -r -f
complete -c torte -n "__fish_torte_using_subcommand pull" -l timeout -d 'How long to wait for an answer, such as `30s` or `2m`' -r -f
complete -c torte -n "__fish_torte_using_subcommand pull" -l retries -d 'How often to try again where that is safe' -r -f
complete -c torte -n "__fish_torte_using_subcommand pull" -l authfile -d 'Read credentials from this file instead of Docker\'s and Podman\'s' -r -F
complete -c torte -n "__fish_torte_using_subcommand pull" -s u -l username -d 'User name for the registry [environment: `TORTE_USERNAME`, `TORTE_PASSWORD`]' -r -f
complete -c torte -n "__fish_torte_using_subcommand pull" -l store -d 'Directory of the local store [default: `torte` in the user\'s data directory, such as ~/.local/share; environment: `TORTE_STORE`]' -r -f -a "(__fish_complete_directories)"
complete -c torte -n "__fish_torte_using_subcommand pull" -l color -d 'Colour the messages' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Everywhere'
never\t'Nowhere'"
complete -c torte -n "__fish_torte_using_subcommand pull" -l force -d 'Move a local tag even if it came from another registry'
complete -c torte -n "__fish_torte_using_subcommand pull" -l verify-any -d 'One of the keys is enough'
complete -c torte -n "__fish_torte_using_subcommand pull" -l referrers -d 'Take along what is attached: signatures, attestations, and whatever else refers to it'
complete -c torte -n "__fish_torte_using_subcommand pull" -l plain-http -d 'Speak plain HTTP to registries [environment: `TORTE_PLAIN_HTTP`]'
complete -c torte -n "__fish_torte_using_subcommand pull" -l insecure -d 'Do not verify the registry\'s certificate'
complete -c torte -n "__fish_torte_using_subcommand pull" -l password-stdin -d 'Read the password from standard input'
complete -c torte -n "__fish_torte_using_subcommand pull" -l identity-token-stdin -d 'Read an identity token from standard input'
complete -c torte -n "__fish_torte_using_subcommand pull" -s q -l quiet -d 'Print nothing but data and errors'
complete -c torte -n "__fish_torte_using_subcommand pull" -s v -l verbose -d 'Say each request and what it cost'
complete -c torte -n "__fish_torte_using_subcommand pull" -l no-progress -d 'Draw no progress bars, also on a terminal'
complete -c torte -n "__fish_torte_using_subcommand pull" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c torte -n "__fish_torte_using_subcommand pull" -s V -l version -d 'Print version'
complete -c torte -n "__fish_torte_using_subcommand copy" -l verify-key -d 'Go on only if the holder of this public key signed the bundle; given more than once, each of them' -r -F
complete -c torte -n "__fish_torte_using_subcommand copy" -l verify-annotation -d 'What the signatures must say too; may be given more than once' -r -f
complete -c torte -n "__fish_torte_using_subcommand copy" -l if-match -d 'Fail unless the tag points at this digest now' -r -f
complete -c torte -n "__fish_torte_using_subcommand copy" -l format -d 'How to print the result' -r -f -a "text\t'For people, and one line of data for scripts'
json\t'One JSON object'
reference\t'The reference with its digest, for the next tool'"
complete -c torte -n "__fish_torte_using_subcommand copy" -l ca-file -d 'Trust these certificate authorities too (PEM) [environment: `TORTE_CA_FILE`]' -r -F
complete -c torte -n "__fish_torte_using_subcommand copy" -l concurrency -d 'How many transfers run at once [default: 32; environment: `TORTE_CONCURRENCY`]' -r -f
complete -c torte -n "__fish_torte_using_subcommand copy" -l timeout -d 'How long to wait for an answer, such as `30s` or `2m`' -r -f
complete -c torte -n "__fish_torte_using_subcommand copy" -l retries -d 'How often to try again where that is safe' -r -f
complete -c torte -n "__fish_torte_using_subcommand copy" -l authfile -d 'Read credentials from this file instead of Docker\'s and Podman\'s' -r -F
complete -c torte -n "__fish_torte_using_subcommand copy" -s u -l username -d 'User name for the registry [environment: `TORTE_USERNAME`, `TORTE_PASSWORD`]' -r -f
complete -c torte -n "__fish_torte_using_subcommand copy" -l from-ca-file -d 'Trust these certificate authorities too (PEM)' -r -F
complete -c torte -n "__fish_torte_using_subcommand copy" -l from-authfile -d 'Read the source\'s credentials from this file' -r -F
complete -c torte -n "__fish_torte_using_subcommand copy" -l from-username -d 'User name for the source' -r -f
complete -c torte -n "__fish_torte_using_subcommand copy" -l store -d 'Directory of the local store [default: `torte` in the user\'s data directory, such as ~/.local/share; environment: `TORTE_STORE`]' -r -f -a "(__fish_complete_directories)"
complete -c torte -n "__fish_torte_using_subcommand copy" -l color -d 'Colour the messages' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Everywhere'
never\t'Nowhere'"
complete -c torte -n "__fish_torte_using_subcommand copy" -l verify-any -d 'One of the keys is enough'
complete -c torte -n "__fish_torte_using_subcommand copy" -l referrers -d 'Take along what is attached: signatures, attestations, and whatever else refers to it'
complete -c torte -n "__fish_torte_using_subcommand copy" -l if-absent -d 'Fail if the tag exists already'
complete -c torte -n "__fish_torte_using_subcommand copy" -l plain-http -d 'Speak plain HTTP to registries [environment: `TORTE_PLAIN_HTTP`]'
complete -c torte -n "__fish_torte_using_subcommand copy" -l insecure -d 'Do not verify the registry\'s certificate'
complete -c torte -n "__fish_torte_using_subcommand copy" -l password-stdin -d 'Read the password from standard input'
complete -c torte -n "__fish_torte_using_subcommand copy" -l identity-token-stdin -d 'Read an identity token from standard input'
complete -c torte -n "__fish_torte_using_subcommand copy" -l from-plain-http -d 'Speak plain HTTP to the source'
complete -c torte -n "__fish_torte_using_subcommand copy" -l from-insecure -d 'Do not verify the source\'s certificate'
complete -c torte -n "__fish_torte_using_subcommand copy" -l from-password-stdin -d 'Read the source\'s password from standard input'
complete -c torte -n "__fish_torte_using_subcommand copy" -s q -l quiet -d 'Print nothing but data and errors'
complete -c torte -n "__fish_torte_using_subcommand copy" -s v -l verbose -d 'Say each request and what it cost'
complete -c torte -n "__fish_torte_using_subcommand copy" -l no-progress -d 'Draw no progress bars, also on a terminal'
complete -c torte -n "__fish_torte_using_subcommand copy" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c torte -n "__fish_torte_using_subcommand copy" -s V -l version -d 'Print version'
complete -c torte -n "__fish_torte_using_subcommand unpack" -l semver -d 'Take the newest tag that is a version in this range, such as \'>=1.0 <2\'' -r -f
complete -c torte -n "__fish_torte_using_subcommand unpack" -s n -l namespace -d 'Only this namespace; may be given more than once' -r -f
complete -c torte -n "__fish_torte_using_subcommand unpack" -l verify-key -d 'Go on only if the holder of this public key signed the bundle; given more than once, each of them' -r -F
complete -c torte -n "__fish_torte_using_subcommand unpack" -l verify-annotation -d 'What the signatures must say too; may be given more than once' -r -f
complete -c torte -n "__fish_torte_using_subcommand unpack" -l ca-file -d 'Trust these certificate authorities too (PEM) [environment: `TORTE_CA_FILE`]' -r -F
complete -c torte -n "__fish_torte_using_subcommand unpack" -l concurrency -d 'How many transfers run at once [default: 32; environment: `TORTE_CONCURRENCY`]' -r -f
complete -c torte -n "__fish_torte_using_subcommand unpack" -l timeout -d 'How long to wait for an answer, such as `30s` or `2m`' -r -f
complete -c torte -n "__fish_torte_using_subcommand unpack" -l retries -d 'How often to try again where that is safe' -r -f
complete -c torte -n "__fish_torte_using_subcommand unpack" -l authfile -d 'Read credentials from this file instead of Docker\'s and Podman\'s' -r -F
complete -c torte -n "__fish_torte_using_subcommand unpack" -s u -l username -d 'User name for the registry [environment: `TORTE_USERNAME`, `TORTE_PASSWORD`]' -r -f
complete -c torte -n "__fish_torte_using_subcommand unpack" -l store -d 'Directory of the local store [default: `torte` in the user\'s data directory, such as ~/.local/share; environment: `TORTE_STORE`]' -r -f -a "(__fish_complete_directories)"
complete -c torte -n "__fish_torte_using_subcommand unpack" -l color -d 'Colour the messages' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Everywhere'
never\t'Nowhere'"
complete -c torte -n "__fish_torte_using_subcommand unpack" -l force -d 'Write into a directory that is not empty, over files of the same name'
complete -c torte -n "__fish_torte_using_subcommand unpack" -l verify-any -d 'One of the keys is enough'
complete -c torte -n "__fish_torte_using_subcommand unpack" -l plain-http -d 'Speak plain HTTP to registries [environment: `TORTE_PLAIN_HTTP`]'
complete -c torte -n "__fish_torte_using_subcommand unpack" -l insecure -d 'Do not verify the registry\'s certificate'
complete -c torte -n "__fish_torte_using_subcommand unpack" -l password-stdin -d 'Read the password from standard input'
complete -c torte -n "__fish_torte_using_subcommand unpack" -l identity-token-stdin -d 'Read an identity token from standard input'
complete -c torte -n "__fish_torte_using_subcommand unpack" -s q -l quiet -d 'Print nothing but data and errors'
complete -c torte -n "__fish_torte_using_subcommand unpack" -s v -l verbose -d 'Say each request and what it cost'
complete -c torte -n "__fish_torte_using_subcommand unpack" -l no-progress -d 'Draw no progress bars, also on a terminal'
complete -c torte -n "__fish_torte_using_subcommand unpack" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c torte -n "__fish_torte_using_subcommand unpack" -s V -l version -d 'Print version'
complete -c torte -n "__fish_torte_using_subcommand rm" -l format -d 'How to print the result' -r -f -a "text\t'For people'
json\t'One JSON object'"
complete -c torte -n "__fish_torte_using_subcommand rm" -l ca-file -d 'Trust these certificate authorities too (PEM) [environment: `TORTE_CA_FILE`]' -r -F
complete -c torte -n "__fish_torte_using_subcommand rm" -l concurrency -d 'How many transfers run at once [default: 32; environment: `TORTE_CONCURRENCY`]' -r -f
complete -c torte -n "__fish_torte_using_subcommand rm" -l timeout -d 'How long to wait for an answer, such as `30s` or `2m`' -r -f
complete -c torte -n "__fish_torte_using_subcommand rm" -l retries -d 'How often to try again where that is safe' -r -f
complete -c torte -n "__fish_torte_using_subcommand rm" -l authfile -d 'Read credentials from this file instead of Docker\'s and Podman\'s' -r -F
complete -c torte -n "__fish_torte_using_subcommand rm" -s u -l username -d 'User name for the registry [environment: `TORTE_USERNAME`, `TORTE_PASSWORD`]' -r -f
complete -c torte -n "__fish_torte_using_subcommand rm" -l store -d 'Directory of the local store [default: `torte` in the user\'s data directory, such as ~/.local/share; environment: `TORTE_STORE`]' -r -f -a "(__fish_complete_directories)"
complete -c torte -n "__fish_torte_using_subcommand rm" -l color -d 'Colour the messages' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Everywhere'
never\t'Nowhere'"
complete -c torte -n "__fish_torte_using_subcommand rm" -l force -d 'Remove a bundle by its digest although it has tags, and all of them with it'
complete -c torte -n "__fish_torte_using_subcommand rm" -l dry-run -d 'Say what would be removed, and remove nothing'
complete -c torte -n "__fish_torte_using_subcommand rm" -l plain-http -d 'Speak plain HTTP to registries [environment: `TORTE_PLAIN_HTTP`]'
complete -c torte -n "__fish_torte_using_subcommand rm" -l insecure -d 'Do not verify the registry\'s certificate'
complete -c torte -n "__fish_torte_using_subcommand rm" -l password-stdin -d 'Read the password from standard input'
complete -c torte -n "__fish_torte_using_subcommand rm" -l identity-token-stdin -d 'Read an identity token from standard input'
complete -c torte -n "__fish_torte_using_subcommand rm" -s q -l quiet -d 'Print nothing but data and errors'
complete -c torte -n "__fish_torte_using_subcommand rm" -s v -l verbose -d 'Say each request and what it cost'
complete -c torte -n "__fish_torte_using_subcommand rm" -l no-progress -d 'Draw no progress bars, also on a terminal'
complete -c torte -n "__fish_torte_using_subcommand rm" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c torte -n "__fish_torte_using_subcommand rm" -s V -l version -d 'Print version'
complete -c torte -n "__fish_torte_using_subcommand gc" -l older -d 'Free what nobody wanted for so long, such as `90s`, `24h` or `7d`; `0s` frees all of it' -r -f
complete -c torte -n "__fish_torte_using_subcommand gc" -l format -d 'How to print the result' -r -f -a "text\t'For people'
json\t'One JSON object'"
complete -c torte -n "__fish_torte_using_subcommand gc" -l store -d 'Directory of the local store [default: `torte` in the user\'s data directory, such as ~/.local/share; environment: `TORTE_STORE`]' -r -f -a "(__fish_complete_directories)"
complete -c torte -n "__fish_torte_using_subcommand gc" -l color -d 'Colour the messages' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Everywhere'
never\t'Nowhere'"
complete -c torte -n "__fish_torte_using_subcommand gc" -l dry-run -d 'Say what would be freed, and free nothing'
complete -c torte -n "__fish_torte_using_subcommand gc" -s q -l quiet -d 'Print nothing but data and errors'
complete -c torte -n "__fish_torte_using_subcommand gc" -s v -l verbose -d 'Say each request and what it cost'
complete -c torte -n "__fish_torte_using_subcommand gc" -l no-progress -d 'Draw no progress bars, also on a terminal'
complete -c torte -n "__fish_torte_using_subcommand gc" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c torte -n "__fish_torte_using_subcommand gc" -s V -l version -d 'Print version'
complete -c torte -n "__fish_torte_using_subcommand check" -l format -d 'How to print the result' -r -f -a "text\t'For people'
json\t'One JSON object'"
complete -c torte -n "__fish_torte_using_subcommand check" -l store -d 'Directory of the local store [default: `torte` in the user\'s data directory, such as ~/.local/share; environment: `TORTE_STORE`]' -r -f -a "(__fish_complete_directories)"
complete -c torte -n "__fish_torte_using_subcommand check" -l color -d 'Colour the messages' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Everywhere'
never\t'Nowhere'"
complete -c torte -n "__fish_torte_using_subcommand check" -l repair -d 'Remove what killed processes left, and move what is corrupt out of the way'
complete -c torte -n "__fish_torte_using_subcommand check" -s q -l quiet -d 'Print nothing but data and errors'
complete -c torte -n "__fish_torte_using_subcommand check" -s v -l verbose -d 'Say each request and what it cost'
complete -c torte -n "__fish_torte_using_subcommand check" -l no-progress -d 'Draw no progress bars, also on a terminal'
complete -c torte -n "__fish_torte_using_subcommand check" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c torte -n "__fish_torte_using_subcommand check" -s V -l version -d 'Print version'
complete -c torte -n "__fish_torte_using_subcommand sign" -l key -d 'Private key (PEM): of `torte keys generate` or cosign, or plain PKCS#8 [its password: `TORTE_KEY_PASSWORD`, `COSIGN_PASSWORD`]' -r -F
complete -c torte -n "__fish_torte_using_subcommand sign" -s a -l annotation -d 'Say this in the signature too; may be given more than once' -r -f
complete -c torte -n "__fish_torte_using_subcommand sign" -l signature-format -d 'How the signature is kept' -r -f -a "bundle\t'A bundle that refers to what is signed, as cosign 3 writes and Flux reads it'
legacy\t'Under a tag made of the digest, as older tools read it'
both\t'Both'"
complete -c torte -n "__fish_torte_using_subcommand sign" -l predicate -d 'Attest this file instead of signing' -r -F
complete -c torte -n "__fish_torte_using_subcommand sign" -l predicate-type -d 'Type of the predicate: a URI or a name of cosign\'s such as `spdxjson` for a JSON object, `custom` for any text' -r -f
complete -c torte -n "__fish_torte_using_subcommand sign" -l format -d 'How to print the result' -r -f -a "text\t'For people, and one line of data for scripts'
json\t'One JSON object'
reference\t'The reference with its digest, for the next tool'"
complete -c torte -n "__fish_torte_using_subcommand sign" -l ca-file -d 'Trust these certificate authorities too (PEM) [environment: `TORTE_CA_FILE`]' -r -F
complete -c torte -n "__fish_torte_using_subcommand sign" -l concurrency -d 'How many transfers run at once [default: 32; environment: `TORTE_CONCURRENCY`]' -r -f
complete -c torte -n "__fish_torte_using_subcommand sign" -l timeout -d 'How long to wait for an answer, such as `30s` or `2m`' -r -f
complete -c torte -n "__fish_torte_using_subcommand sign" -l retries -d 'How often to try again where that is safe' -r -f
complete -c torte -n "__fish_torte_using_subcommand sign" -l authfile -d 'Read credentials from this file instead of Docker\'s and Podman\'s' -r -F
complete -c torte -n "__fish_torte_using_subcommand sign" -s u -l username -d 'User name for the registry [environment: `TORTE_USERNAME`, `TORTE_PASSWORD`]' -r -f
complete -c torte -n "__fish_torte_using_subcommand sign" -l store -d 'Directory of the local store [default: `torte` in the user\'s data directory, such as ~/.local/share; environment: `TORTE_STORE`]' -r -f -a "(__fish_complete_directories)"
complete -c torte -n "__fish_torte_using_subcommand sign" -l color -d 'Colour the messages' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Everywhere'
never\t'Nowhere'"
complete -c torte -n "__fish_torte_using_subcommand sign" -l plain-http -d 'Speak plain HTTP to registries [environment: `TORTE_PLAIN_HTTP`]'
complete -c torte -n "__fish_torte_using_subcommand sign" -l insecure -d 'Do not verify the registry\'s certificate'
complete -c torte -n "__fish_torte_using_subcommand sign" -l password-stdin -d 'Read the password from standard input'
complete -c torte -n "__fish_torte_using_subcommand sign" -l identity-token-stdin -d 'Read an identity token from standard input'
complete -c torte -n "__fish_torte_using_subcommand sign" -s q -l quiet -d 'Print nothing but data and errors'
complete -c torte -n "__fish_torte_using_subcommand sign" -s v -l verbose -d 'Say each request and what it cost'
complete -c torte -n "__fish_torte_using_subcommand sign" -l no-progress -d 'Draw no progress bars, also on a terminal'
complete -c torte -n "__fish_torte_using_subcommand sign" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c torte -n "__fish_torte_using_subcommand sign" -s V -l version -d 'Print version'
complete -c torte -n "__fish_torte_using_subcommand verify" -l key -d 'Public key (PEM); given more than once, each of them must have signed' -r -F
complete -c torte -n "__fish_torte_using_subcommand verify" -s a -l annotation -d 'What the signatures must say too; may be given more than once' -r -f
complete -c torte -n "__fish_torte_using_subcommand verify" -l type -d 'Verify an attestation with this type of predicate instead: a URI, or a name of cosign\'s such as `spdxjson`' -r -f
complete -c torte -n "__fish_torte_using_subcommand verify" -l format -d 'How to print the result' -r -f -a "text\t'For people, and one line of data for scripts'
json\t'One JSON object'
reference\t'The reference with its digest, for the next tool'"
complete -c torte -n "__fish_torte_using_subcommand verify" -l ca-file -d 'Trust these certificate authorities too (PEM) [environment: `TORTE_CA_FILE`]' -r -F
complete -c torte -n "__fish_torte_using_subcommand verify" -l concurrency -d 'How many transfers run at once [default: 32; environment: `TORTE_CONCURRENCY`]' -r -f
complete -c torte -n "__fish_torte_using_subcommand verify" -l timeout -d 'How long to wait for an answer, such as `30s` or `2m`' -r -f
complete -c torte -n "__fish_torte_using_subcommand verify" -l retries -d 'How often to try again where that is safe' -r -f
complete -c torte -n "__fish_torte_using_subcommand verify" -l authfile -d 'Read credentials from this file instead of Docker\'s and Podman\'s' -r -F
complete -c torte -n "__fish_torte_using_subcommand verify" -s u -l username -d 'User name for the registry [environment: `TORTE_USERNAME`, `TORTE_PASSWORD`]' -r -f
complete -c torte -n "__fish_torte_using_subcommand verify" -l store -d 'Directory of the local store [default: `torte` in the user\'s data directory, such as ~/.local/share; environment: `TORTE_STORE`]' -r -f -a "(__fish_complete_directories)"
complete -c torte -n "__fish_torte_using_subcommand verify" -l color -d 'Colour the messages' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Everywhere'
never\t'Nowhere'"
complete -c torte -n "__fish_torte_using_subcommand verify" -l any -d 'One of the keys is enough'
complete -c torte -n "__fish_torte_using_subcommand verify" -l plain-http -d 'Speak plain HTTP to registries [environment: `TORTE_PLAIN_HTTP`]'
complete -c torte -n "__fish_torte_using_subcommand verify" -l insecure -d 'Do not verify the registry\'s certificate'
complete -c torte -n "__fish_torte_using_subcommand verify" -l password-stdin -d 'Read the password from standard input'
complete -c torte -n "__fish_torte_using_subcommand verify" -l identity-token-stdin -d 'Read an identity token from standard input'
complete -c torte -n "__fish_torte_using_subcommand verify" -s q -l quiet -d 'Print nothing but data and errors'
complete -c torte -n "__fish_torte_using_subcommand verify" -s v -l verbose -d 'Say each request and what it cost'
complete -c torte -n "__fish_torte_using_subcommand verify" -l no-progress -d 'Draw no progress bars, also on a terminal'
complete -c torte -n "__fish_torte_using_subcommand verify" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c torte -n "__fish_torte_using_subcommand verify" -s V -l version -d 'Print version'
complete -c torte -n "__fish_torte_using_subcommand keys; and not __fish_seen_subcommand_from generate help" -l store -d 'Directory of the local store [default: `torte` in the user\'s data directory, such as ~/.local/share; environment: `TORTE_STORE`]' -r -f -a "(__fish_complete_directories)"
complete -c torte -n "__fish_torte_using_subcommand keys; and not __fish_seen_subcommand_from generate help" -l color -d 'Colour the messages' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Everywhere'
never\t'Nowhere'"
complete -c torte -n "__fish_torte_using_subcommand keys; and not __fish_seen_subcommand_from generate help" -s q -l quiet -d 'Print nothing but data and errors'
complete -c torte -n "__fish_torte_using_subcommand keys; and not __fish_seen_subcommand_from generate help" -s v -l verbose -d 'Say each request and what it cost'
complete -c torte -n "__fish_torte_using_subcommand keys; and not __fish_seen_subcommand_from generate help" -l no-progress -d 'Draw no progress bars, also on a terminal'
complete -c torte -n "__fish_torte_using_subcommand keys; and not __fish_seen_subcommand_from generate help" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c torte -n "__fish_torte_using_subcommand keys; and not __fish_seen_subcommand_from generate help" -s V -l version -d 'Print version'
complete -c torte -n "__fish_torte_using_subcommand keys; and not __fish_seen_subcommand_from generate help" -f -a "generate" -d 'Make a pair of keys: PREFIX.key, encrypted, and PREFIX.pub [password: `TORTE_KEY_PASSWORD`, `COSIGN_PASSWORD`]'
complete -c torte -n "__fish_torte_using_subcommand keys; and not __fish_seen_subcommand_from generate help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c torte -n "__fish_torte_using_subcommand keys; and __fish_seen_subcommand_from generate" -l out -d 'What the files are called before `.key` and `.pub`' -r -F
complete -c torte -n "__fish_torte_using_subcommand keys; and __fish_seen_subcommand_from generate" -l store -d 'Directory of the local store [default: `torte` in the user\'s data directory, such as ~/.local/share; environment: `TORTE_STORE`]' -r -f -a "(__fish_complete_directories)"
complete -c torte -n "__fish_torte_using_subcommand keys; and __fish_seen_subcommand_from generate" -l color -d 'Colour the messages' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Everywhere'
never\t'Nowhere'"
complete -c torte -n "__fish_torte_using_subcommand keys; and __fish_seen_subcommand_from generate" -s q -l quiet -d 'Print nothing but data and errors'
complete -c torte -n "__fish_torte_using_subcommand keys; and __fish_seen_subcommand_from generate" -s v -l verbose -d 'Say each request and what it cost'
complete -c torte -n "__fish_torte_using_subcommand keys; and __fish_seen_subcommand_from generate" -l no-progress -d 'Draw no progress bars, also on a terminal'
complete -c torte -n "__fish_torte_using_subcommand keys; and __fish_seen_subcommand_from generate" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c torte -n "__fish_torte_using_subcommand keys; and __fish_seen_subcommand_from generate" -s V -l version -d 'Print version'
complete -c torte -n "__fish_torte_using_subcommand keys; and __fish_seen_subcommand_from help" -f -a "generate" -d 'Make a pair of keys: PREFIX.key, encrypted, and PREFIX.pub [password: `TORTE_KEY_PASSWORD`, `COSIGN_PASSWORD`]'
complete -c torte -n "__fish_torte_using_subcommand keys; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c torte -n "__fish_torte_using_subcommand share" -l ttl -d 'How long it is to be had, such as `30m` or `2h` [default: 1h]' -r -f
complete -c torte -n "__fish_torte_using_subcommand share" -l registry -d 'Registry that forgets: it takes the tag for a duration, as ttl.sh does' -r -f
complete -c torte -n "__fish_torte_using_subcommand share" -l name -d 'Name on the registry [default: a random one, which nobody can guess]' -r -f
complete -c torte -n "__fish_torte_using_subcommand share" -l kind -d 'What the directory holds [default: recognised from its files]' -r -f -a "flipt\t'Feature flags, as Flipt v1 reads them'
kubernetes\t'Manifests, as Flux and Argo CD take them'"
complete -c torte -n "__fish_torte_using_subcommand share" -l check -d 'How much to check' -r -f -a "references\t'The schema, and what flags, variants and segments say of each other'
schema\t'The schema alone, as Flipt\'s builder does'"
complete -c torte -n "__fish_torte_using_subcommand share" -l profile -d 'Shape of the bundle [default: hybrid]' -r -f -a "hybrid\t'The complete tree, and a layer for each namespace'
flux\t'The one layer that Flux writes'
argo\t'The one layer that Argo CD takes by default'"
complete -c torte -n "__fish_torte_using_subcommand share" -l group-by -d 'What decides which layer a file goes to [default: auto]' -r -f -a "auto\t'Units of kustomize and Helm, then namespaces'
dir\t'The first directory of the path'
namespace\t'Namespaces; units of kustomize and Helm are refused'
none\t'Nothing: one layer'"
complete -c torte -n "__fish_torte_using_subcommand share" -l group -d 'Put the files that match into this group, whatever they hold' -r -f
complete -c torte -n "__fish_torte_using_subcommand share" -l ignore-paths -d 'Leave these out, as a comma list of patterns like those of .gitignore; replaces Flux\'s own list' -r -f
complete -c torte -n "__fish_torte_using_subcommand share" -l add-ignore-paths -d 'Leave these out too' -r -f
complete -c torte -n "__fish_torte_using_subcommand share" -l symlinks -d 'What to do with symbolic links' -r -f -a "error\t'Refuse them'
skip\t'Leave them out'
follow\t'Pack what they point at, if that is inside the directory'"
complete -c torte -n "__fish_torte_using_subcommand share" -l stdin-name -d 'Keep standard input whole, as a file of this name' -r -F
complete -c torte -n "__fish_torte_using_subcommand share" -l format -d 'How to print the result' -r -f -a "text\t'For people, and one line of data for scripts'
json\t'One JSON object'
reference\t'The reference with its digest, for the next tool'"
complete -c torte -n "__fish_torte_using_subcommand share" -l ca-file -d 'Trust these certificate authorities too (PEM) [environment: `TORTE_CA_FILE`]' -r -F
complete -c torte -n "__fish_torte_using_subcommand share" -l concurrency -d 'How many transfers run at once [default: 32; environment: `TORTE_CONCURRENCY`]' -r -f
complete -c torte -n "__fish_torte_using_subcommand share" -l timeout -d 'How long to wait for an answer, such as `30s` or `2m`' -r -f
complete -c torte -n "__fish_torte_using_subcommand share" -l retries -d 'How often to try again where that is safe' -r -f
complete -c torte -n "__fish_torte_using_subcommand share" -l store -d 'Directory of the local store [default: `torte` in the user\'s data directory, such as ~/.local/share; environment: `TORTE_STORE`]' -r -f -a "(__fish_complete_directories)"
complete -c torte -n "__fish_torte_using_subcommand share" -l color -d 'Colour the messages' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Everywhere'
never\t'Nowhere'"
complete -c torte -n "__fish_torte_using_subcommand share" -l allow-secrets -d 'Share it although it holds what looks like a secret'
complete -c torte -n "__fish_torte_using_subcommand share" -l strict -d 'Take warnings for faults'
complete -c torte -n "__fish_torte_using_subcommand share" -l sourceignore -d 'Leave out what the `.sourceignore` files of the directory name'
complete -c torte -n "__fish_torte_using_subcommand share" -l plain-http -d 'Speak plain HTTP to registries [environment: `TORTE_PLAIN_HTTP`]'
complete -c torte -n "__fish_torte_using_subcommand share" -l insecure -d 'Do not verify the registry\'s certificate'
complete -c torte -n "__fish_torte_using_subcommand share" -s q -l quiet -d 'Print nothing but data and errors'
complete -c torte -n "__fish_torte_using_subcommand share" -s v -l verbose -d 'Say each request and what it cost'
complete -c torte -n "__fish_torte_using_subcommand share" -l no-progress -d 'Draw no progress bars, also on a terminal'
complete -c torte -n "__fish_torte_using_subcommand share" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c torte -n "__fish_torte_using_subcommand share" -s V -l version -d 'Print version'
complete -c torte -n "__fish_torte_using_subcommand login" -l format -d 'How to print the result' -r -f -a "text\t'For people'
json\t'One JSON object'"
complete -c torte -n "__fish_torte_using_subcommand login" -l ca-file -d 'Trust these certificate authorities too (PEM) [environment: `TORTE_CA_FILE`]' -r -F
complete -c torte -n "__fish_torte_using_subcommand login" -l concurrency -d 'How many transfers run at once [default: 32; environment: `TORTE_CONCURRENCY`]' -r -f
complete -c torte -n "__fish_torte_using_subcommand login" -l timeout -d 'How long to wait for an answer, such as `30s` or `2m`' -r -f
complete -c torte -n "__fish_torte_using_subcommand login" -l retries -d 'How often to try again where that is safe' -r -f
complete -c torte -n "__fish_torte_using_subcommand login" -s u -l username -d 'User name for the registry [environment: `TORTE_USERNAME`, `TORTE_PASSWORD`]' -r -f
complete -c torte -n "__fish_torte_using_subcommand login" -l authfile -d 'Keep them in this file, such as Podman\'s, instead of Docker\'s' -r -F
complete -c torte -n "__fish_torte_using_subcommand login" -l store -d 'Directory of the local store [default: `torte` in the user\'s data directory, such as ~/.local/share; environment: `TORTE_STORE`]' -r -f -a "(__fish_complete_directories)"
complete -c torte -n "__fish_torte_using_subcommand login" -l color -d 'Colour the messages' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Everywhere'
never\t'Nowhere'"
complete -c torte -n "__fish_torte_using_subcommand login" -l plain-http -d 'Speak plain HTTP to registries [environment: `TORTE_PLAIN_HTTP`]'
complete -c torte -n "__fish_torte_using_subcommand login" -l insecure -d 'Do not verify the registry\'s certificate'
complete -c torte -n "__fish_torte_using_subcommand login" -l password-stdin -d 'Read the password from standard input'
complete -c torte -n "__fish_torte_using_subcommand login" -l identity-token-stdin -d 'Read an identity token from standard input'
complete -c torte -n "__fish_torte_using_subcommand login" -s q -l quiet -d 'Print nothing but data and errors'
complete -c torte -n "__fish_torte_using_subcommand login" -s v -l verbose -d 'Say each request and what it cost'
complete -c torte -n "__fish_torte_using_subcommand login" -l no-progress -d 'Draw no progress bars, also on a terminal'
complete -c torte -n "__fish_torte_using_subcommand login" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c torte -n "__fish_torte_using_subcommand login" -s V -l version -d 'Print version'
complete -c torte -n "__fish_torte_using_subcommand logout" -l authfile -d 'Take them out of this file, such as Podman\'s, instead of Docker\'s' -r -F
complete -c torte -n "__fish_torte_using_subcommand logout" -l timeout -d 'How long to wait for a credential helper, such as `30s` or `2m`' -r -f
complete -c torte -n "__fish_torte_using_subcommand logout" -l format -d 'How to print the result' -r -f -a "text\t'For people'
json\t'One JSON object'"
complete -c torte -n "__fish_torte_using_subcommand logout" -l store -d 'Directory of the local store [default: `torte` in the user\'s data directory, such as ~/.local/share; environment: `TORTE_STORE`]' -r -f -a "(__fish_complete_directories)"
complete -c torte -n "__fish_torte_using_subcommand logout" -l color -d 'Colour the messages' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Everywhere'
never\t'Nowhere'"
complete -c torte -n "__fish_torte_using_subcommand logout" -s q -l quiet -d 'Print nothing but data and errors'
complete -c torte -n "__fish_torte_using_subcommand logout" -s v -l verbose -d 'Say each request and what it cost'
complete -c torte -n "__fish_torte_using_subcommand logout" -l no-progress -d 'Draw no progress bars, also on a terminal'
complete -c torte -n "__fish_torte_using_subcommand logout" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c torte -n "__fish_torte_using_subcommand logout" -s V -l version -d 'Print version'
complete -c torte -n "__fish_torte_using_subcommand serve" -l listen -d 'Address to listen on; port 0 takes a free one' -r -f
complete -c torte -n "__fish_torte_using_subcommand serve" -l root -d 'Directory that keeps the bundles [default: a temporary one]' -r -f -a "(__fish_complete_directories)"
complete -c torte -n "__fish_torte_using_subcommand serve" -l auth -d 'Ask for a user of this file, as `htpasswd -B` writes it' -r -F
complete -c torte -n "__fish_torte_using_subcommand serve" -l tls-cert -d 'Speak TLS with this certificate, and those after it in the file (PEM)' -r -F
complete -c torte -n "__fish_torte_using_subcommand serve" -l tls-key -d 'Private key of the certificate (PEM)' -r -F
complete -c torte -n "__fish_torte_using_subcommand serve" -l store -d 'Directory of the local store [default: `torte` in the user\'s data directory, such as ~/.local/share; environment: `TORTE_STORE`]' -r -f -a "(__fish_complete_directories)"
complete -c torte -n "__fish_torte_using_subcommand serve" -l color -d 'Colour the messages' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Everywhere'
never\t'Nowhere'"
complete -c torte -n "__fish_torte_using_subcommand serve" -l ttl -d 'Let what is pushed live as long as its tag says, such as `30m`; an hour where it says nothing, at most a day'
complete -c torte -n "__fish_torte_using_subcommand serve" -l read-only -d 'Serve what is there, and take nothing'
complete -c torte -n "__fish_torte_using_subcommand serve" -l allow-anonymous -d 'Let anybody in who can reach an address that is not on loopback'
complete -c torte -n "__fish_torte_using_subcommand serve" -s q -l quiet -d 'Print nothing but data and errors'
complete -c torte -n "__fish_torte_using_subcommand serve" -s v -l verbose -d 'Say each request and what it cost'
complete -c torte -n "__fish_torte_using_subcommand serve" -l no-progress -d 'Draw no progress bars, also on a terminal'
complete -c torte -n "__fish_torte_using_subcommand serve" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c torte -n "__fish_torte_using_subcommand serve" -s V -l version -d 'Print version'
complete -c torte -n "__fish_torte_using_subcommand completions" -l store -d 'Directory of the local store [default: `torte` in the user\'s data directory, such as ~/.local/share; environment: `TORTE_STORE`]' -r -f -a "(__fish_complete_directories)"
complete -c torte -n "__fish_torte_using_subcommand completions" -l color -d 'Colour the messages' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Everywhere'
never\t'Nowhere'"
complete -c torte -n "__fish_torte_using_subcommand completions" -l live -d 'Look up names, tags and namespaces too; for bash, zsh and fish'
complete -c torte -n "__fish_torte_using_subcommand completions" -s q -l quiet -d 'Print nothing but data and errors'
complete -c torte -n "__fish_torte_using_subcommand completions" -s v -l verbose -d 'Say each request and what it cost'
complete -c torte -n "__fish_torte_using_subcommand completions" -l no-progress -d 'Draw no progress bars, also on a terminal'
complete -c torte -n "__fish_torte_using_subcommand completions" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c torte -n "__fish_torte_using_subcommand completions" -s V -l version -d 'Print version'
complete -c torte -n "__fish_torte_using_subcommand man" -l store -d 'Directory of the local store [default: `torte` in the user\'s data directory, such as ~/.local/share; environment: `TORTE_STORE`]' -r -f -a "(__fish_complete_directories)"
complete -c torte -n "__fish_torte_using_subcommand man" -l color -d 'Colour the messages' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Everywhere'
never\t'Nowhere'"
complete -c torte -n "__fish_torte_using_subcommand man" -s q -l quiet -d 'Print nothing but data and errors'
complete -c torte -n "__fish_torte_using_subcommand man" -s v -l verbose -d 'Say each request and what it cost'
complete -c torte -n "__fish_torte_using_subcommand man" -l no-progress -d 'Draw no progress bars, also on a terminal'
complete -c torte -n "__fish_torte_using_subcommand man" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c torte -n "__fish_torte_using_subcommand man" -s V -l version -d 'Print version'
complete -c torte -n "__fish_torte_using_subcommand help; and not __fish_seen_subcommand_from build lint list resolve inspect diff tag push pull copy unpack rm gc check sign verify keys share login logout serve completions man help" -f -a "build" -d 'Pack a directory into the local store, and publish it in the same breath if asked'
complete -c torte -n "__fish_torte_using_subcommand help; and not __fish_seen_subcommand_from build lint list resolve inspect diff tag push pull copy unpack rm gc check sign verify keys share login logout serve completions man help" -f -a "lint" -d 'Check a directory: every fault of every file, without building'
complete -c torte -n "__fish_torte_using_subcommand help; and not __fish_seen_subcommand_from build lint list resolve inspect diff tag push pull copy unpack rm gc check sign verify keys share login logout serve completions man help" -f -a "list" -d 'List the bundles of the local store, or the tags of a remote repository'
complete -c torte -n "__fish_torte_using_subcommand help; and not __fish_seen_subcommand_from build lint list resolve inspect diff tag push pull copy unpack rm gc check sign verify keys share login logout serve completions man help" -f -a "resolve" -d 'Print the digest that a tag or a range of versions means now'
complete -c torte -n "__fish_torte_using_subcommand help; and not __fish_seen_subcommand_from build lint list resolve inspect diff tag push pull copy unpack rm gc check sign verify keys share login logout serve completions man help" -f -a "inspect" -d 'Show what is inside a bundle'
complete -c torte -n "__fish_torte_using_subcommand help; and not __fish_seen_subcommand_from build lint list resolve inspect diff tag push pull copy unpack rm gc check sign verify keys share login logout serve completions man help" -f -a "diff" -d 'Show what changed between two bundles or directories'
complete -c torte -n "__fish_torte_using_subcommand help; and not __fish_seen_subcommand_from build lint list resolve inspect diff tag push pull copy unpack rm gc check sign verify keys share login logout serve completions man help" -f -a "tag" -d 'Give a bundle further names, locally or in its registry'
complete -c torte -n "__fish_torte_using_subcommand help; and not __fish_seen_subcommand_from build lint list resolve inspect diff tag push pull copy unpack rm gc check sign verify keys share login logout serve completions man help" -f -a "push" -d 'Copy a local bundle to a registry'
complete -c torte -n "__fish_torte_using_subcommand help; and not __fish_seen_subcommand_from build lint list resolve inspect diff tag push pull copy unpack rm gc check sign verify keys share login logout serve completions man help" -f -a "pull" -d 'Copy a bundle from a registry to the local store'
complete -c torte -n "__fish_torte_using_subcommand help; and not __fish_seen_subcommand_from build lint list resolve inspect diff tag push pull copy unpack rm gc check sign verify keys share login logout serve completions man help" -f -a "copy" -d 'Copy a bundle between any two places'
complete -c torte -n "__fish_torte_using_subcommand help; and not __fish_seen_subcommand_from build lint list resolve inspect diff tag push pull copy unpack rm gc check sign verify keys share login logout serve completions man help" -f -a "unpack" -d 'Write the files of a bundle into a directory'
complete -c torte -n "__fish_torte_using_subcommand help; and not __fish_seen_subcommand_from build lint list resolve inspect diff tag push pull copy unpack rm gc check sign verify keys share login logout serve completions man help" -f -a "rm" -d 'Remove a tag, locally or in its registry, or a bundle by its digest'
complete -c torte -n "__fish_torte_using_subcommand help; and not __fish_seen_subcommand_from build lint list resolve inspect diff tag push pull copy unpack rm gc check sign verify keys share login logout serve completions man help" -f -a "gc" -d 'Free the space of what no tag and no pull by digest holds'
complete -c torte -n "__fish_torte_using_subcommand help; and not __fish_seen_subcommand_from build lint list resolve inspect diff tag push pull copy unpack rm gc check sign verify keys share login logout serve completions man help" -f -a "check" -d 'Prove the local store sound: every fault with its file, and what to do'
complete -c torte -n "__fish_torte_using_subcommand help; and not __fish_seen_subcommand_from build lint list resolve inspect diff tag push pull copy unpack rm gc check sign verify keys share login logout serve completions man help" -f -a "sign" -d 'Sign a bundle, or attest something of it'
complete -c torte -n "__fish_torte_using_subcommand help; and not __fish_seen_subcommand_from build lint list resolve inspect diff tag push pull copy unpack rm gc check sign verify keys share login logout serve completions man help" -f -a "verify" -d 'Print the digest of a bundle if the right keys signed it'
complete -c torte -n "__fish_torte_using_subcommand help; and not __fish_seen_subcommand_from build lint list resolve inspect diff tag push pull copy unpack rm gc check sign verify keys share login logout serve completions man help" -f -a "keys" -d 'Make the keys that bundles are signed with'
complete -c torte -n "__fish_torte_using_subcommand help; and not __fish_seen_subcommand_from build lint list resolve inspect diff tag push pull copy unpack rm gc check sign verify keys share login logout serve completions man help" -f -a "share" -d 'Give a bundle a throw-away name on a registry that forgets it'
complete -c torte -n "__fish_torte_using_subcommand help; and not __fish_seen_subcommand_from build lint list resolve inspect diff tag push pull copy unpack rm gc check sign verify keys share login logout serve completions man help" -f -a "login" -d 'Keep credentials for a registry, in Docker\'s file or its helper, once the registry has taken them'
complete -c torte -n "__fish_torte_using_subcommand help; and not __fish_seen_subcommand_from build lint list resolve inspect diff tag push pull copy unpack rm gc check sign verify keys share login logout serve completions man help" -f -a "logout" -d 'Forget the credentials for a registry'
complete -c torte -n "__fish_torte_using_subcommand help; and not __fish_seen_subcommand_from build lint list resolve inspect diff tag push pull copy unpack rm gc check sign verify keys share login logout serve completions man help" -f -a "serve" -d 'Run an OCI registry out of a directory, on loopback unless told otherwise'
complete -c torte -n "__fish_torte_using_subcommand help; and not __fish_seen_subcommand_from build lint list resolve inspect diff tag push pull copy unpack rm gc check sign verify keys share login logout serve completions man help" -f -a "completions" -d 'Print the completion script of a shell'
complete -c torte -n "__fish_torte_using_subcommand help; and not __fish_seen_subcommand_from build lint list resolve inspect diff tag push pull copy unpack rm gc check sign verify keys share login logout serve completions man help" -f -a "man" -d 'Write the man pages into a directory'
complete -c torte -n "__fish_torte_using_subcommand help; and not __fish_seen_subcommand_from build lint list resolve inspect diff tag push pull copy unpack rm gc check sign verify keys share login logout serve completions man help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c torte -n "__fish_torte_using_subcommand help; and __fish_seen_subcommand_from keys" -f -a "generate" -d 'Make a pair of keys: PREFIX.key, encrypted, and PREFIX.pub [password: `TORTE_KEY_PASSWORD`, `COSIGN_PASSWORD`]'
