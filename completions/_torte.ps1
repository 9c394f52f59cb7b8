
using namespace System.Management.Automation
using namespace System.Management.Automation.Language

Register-ArgumentCompleter -Native -CommandName 'torte' -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)

    $commandElements = $commandAst.CommandElements
    $command = @(
        'torte'
        for ($i = 1; $i -lt $commandElements.Count; $i++) {
            $element = $commandElements[$i]
            if ($element -isnot [StringConstantExpressionAst] -or
                $element.StringConstantType -ne [StringConstantType]::BareWord -or
                $element.Value.StartsWith('-') -or
                $element.Value -eq $wordToComplete) {
                break
        }
        $element.Value
    }) -join ';'

    $completions = @(switch ($command) {
        'torte' {
            [CompletionResult]::new('--store', '--store', [CompletionResultType]::ParameterName, 'Directory of the local store [default: `torte` in the user''s data directory, such as ~/.local/share; environment: `TORTE_STORE`]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour the messages')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing but data and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing but data and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say each request and what it cost')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say each request and what it cost')
            [CompletionResult]::new('--no-progress', '--no-progress', [CompletionResultType]::ParameterName, 'Draw no progress bars, also on a terminal')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('build', 'build', [CompletionResultType]::ParameterValue, 'Pack a directory into the local store, and publish it in the same breath if asked')
            [CompletionResult]::new('lint', 'lint', [CompletionResultType]::ParameterValue, 'Check a directory: every fault of every file, without building')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List the bundles of the local store, or the tags of a remote repository')
            [CompletionResult]::new('resolve', 'resolve', [CompletionResultType]::ParameterValue, 'Print the digest that a tag or a range of versions means now')
            [CompletionResult]::new('inspect', 'inspect', [CompletionResultType]::ParameterValue, 'Show what is inside a bundle')
            [CompletionResult]::new('diff', 'diff', [CompletionResultType]::ParameterValue, 'Show what changed between two bundles or directories')
            [CompletionResult]::new('tag', 'tag', [CompletionResultType]::ParameterValue, 'Give a bundle further names, locally or in its registry')
            [CompletionResult]::new('push', 'push', [CompletionResultType]::ParameterValue, 'Copy a local bundle to a registry')
            [CompletionResult]::new('pull', 'pull', [CompletionResultType]::ParameterValue, 'Copy a bundle from a registry to the local store')
            [CompletionResult]::new('copy', 'copy', [CompletionResultType]::ParameterValue, 'Copy a bundle between any two places')
            [CompletionResult]::new('unpack', 'unpack', [CompletionResultType]::ParameterValue, 'Write the files of a bundle into a directory')
            [CompletionResult]::new('rm', 'rm', [CompletionResultType]::ParameterValue, 'Remove a tag, locally or in its registry, or a bundle by its digest')
            [CompletionResult]::new('gc', 'gc', [CompletionResultType]::ParameterValue, 'Free the space of what no tag and no pull by digest holds')
            [CompletionResult]::new('check', 'check', [CompletionResultType]::ParameterValue, 'Prove the local store sound: every fault with its file, and what to do')
            [CompletionResult]::new('sign', 'sign', [CompletionResultType]::ParameterValue, 'Sign a bundle, or attest something of it')
            [CompletionResult]::new('verify', 'verify', [CompletionResultType]::ParameterValue, 'Print the digest of a bundle if the right keys signed it')
            [CompletionResult]::new('keys', 'keys', [CompletionResultType]::ParameterValue, 'Make the keys that bundles are signed with')
            [CompletionResult]::new('share', 'share', [CompletionResultType]::ParameterValue, 'Give a bundle a throw-away name on a registry that forgets it')
            [CompletionResult]::new('login', 'login', [CompletionResultType]::ParameterValue, 'Keep credentials for a registry, in Docker''s file or its helper, once the registry has taken them')
            [CompletionResult]::new('logout', 'logout', [CompletionResultType]::ParameterValue, 'Forget the credentials for a registry')
            [CompletionResult]::new('serve', 'serve', [CompletionResultType]::ParameterValue, 'Run an OCI registry out of a directory, on loopback unless told otherwise')
            [CompletionResult]::new('completions', 'completions', [CompletionResultType]::ParameterValue, 'Print the completion script of a shell')
            [CompletionResult]::new('man', 'man', [CompletionResultType]::ParameterValue, 'Write the man pages into a directory')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'torte;build' {
            [CompletionResult]::new('--each', '--each', [CompletionResultType]::ParameterName, 'Make a bundle of each directory that matches, tagged by its name, all in one go')
            [CompletionResult]::new('--push', '--push', [CompletionResultType]::ParameterName, 'Copy the bundle to this place when it is built')
            [CompletionResult]::new('--kind', '--kind', [CompletionResultType]::ParameterName, 'What the directory holds [default: recognised from its files]')
            [CompletionResult]::new('--check', '--check', [CompletionResultType]::ParameterName, 'How much to check')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Shape of the bundle [default: hybrid]')
            [CompletionResult]::new('--group-by', '--group-by', [CompletionResultType]::ParameterName, 'What decides which layer a file goes to [default: auto]')
            [CompletionResult]::new('--group', '--group', [CompletionResultType]::ParameterName, 'Put the files that match into this group, whatever they hold')
            [CompletionResult]::new('--ignore-paths', '--ignore-paths', [CompletionResultType]::ParameterName, 'Leave these out, as a comma list of patterns like those of .gitignore; replaces Flux''s own list')
            [CompletionResult]::new('--add-ignore-paths', '--add-ignore-paths', [CompletionResultType]::ParameterName, 'Leave these out too')
            [CompletionResult]::new('--symlinks', '--symlinks', [CompletionResultType]::ParameterName, 'What to do with symbolic links')
            [CompletionResult]::new('--stdin-name', '--stdin-name', [CompletionResultType]::ParameterName, 'Keep standard input whole, as a file of this name')
            [CompletionResult]::new('--created', '--created', [CompletionResultType]::ParameterName, 'When the bundle counts as made, in RFC 3339 [default: 1970; environment: `SOURCE_DATE_EPOCH`]')
            [CompletionResult]::new('--manifest-version', '--manifest-version', [CompletionResultType]::ParameterName, 'Version of the OCI manifest, 1.1 unless said; 1.0 for registries that refuse artifacts')
            [CompletionResult]::new('--annotation', '--annotation', [CompletionResultType]::ParameterName, 'Add an annotation to the manifest')
            [CompletionResult]::new('--source', '--source', [CompletionResultType]::ParameterName, 'Where the source is kept, as an annotation')
            [CompletionResult]::new('--revision', '--revision', [CompletionResultType]::ParameterName, 'Revision of the source, as an annotation')
            [CompletionResult]::new('--digest-file', '--digest-file', [CompletionResultType]::ParameterName, 'Write the digest to this file too')
            [CompletionResult]::new('--sign', '--sign', [CompletionResultType]::ParameterName, 'Sign what was published with this private key [its password: `TORTE_KEY_PASSWORD`, `COSIGN_PASSWORD`]')
            [CompletionResult]::new('--if-match', '--if-match', [CompletionResultType]::ParameterName, 'Fail unless the tag points at this digest now')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'How to print the result')
            [CompletionResult]::new('--ca-file', '--ca-file', [CompletionResultType]::ParameterName, 'Trust these certificate authorities too (PEM) [environment: `TORTE_CA_FILE`]')
            [CompletionResult]::new('--concurrency', '--concurrency', [CompletionResultType]::ParameterName, 'How many transfers run at once [default: 32; environment: `TORTE_CONCURRENCY`]')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'How long to wait for an answer, such as `30s` or `2m`')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'How often to try again where that is safe')
            [CompletionResult]::new('--authfile', '--authfile', [CompletionResultType]::ParameterName, 'Read credentials from this file instead of Docker''s and Podman''s')
            [CompletionResult]::new('-u', '-u', [CompletionResultType]::ParameterName, 'User name for the registry [environment: `TORTE_USERNAME`, `TORTE_PASSWORD`]')
            [CompletionResult]::new('--username', '--username', [CompletionResultType]::ParameterName, 'User name for the registry [environment: `TORTE_USERNAME`, `TORTE_PASSWORD`]')
            [CompletionResult]::new('--store', '--store', [CompletionResultType]::ParameterName, 'Directory of the local store [default: `torte` in the user''s data directory, such as ~/.local/share; environment: `TORTE_STORE`]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour the messages')
            [CompletionResult]::new('--strict', '--strict', [CompletionResultType]::ParameterName, 'Take warnings for faults')
            [CompletionResult]::new('--sourceignore', '--sourceignore', [CompletionResultType]::ParameterName, 'Leave out what the `.sourceignore` files of the directory name')
            [CompletionResult]::new('--git', '--git', [CompletionResultType]::ParameterName, 'Take source and revision from the git repository of the directory')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Print the digest that the bundle would get, and write nothing')
            [CompletionResult]::new('--if-absent', '--if-absent', [CompletionResultType]::ParameterName, 'Fail if the tag exists already')
            [CompletionResult]::new('--plain-http', '--plain-http', [CompletionResultType]::ParameterName, 'Speak plain HTTP to registries [environment: `TORTE_PLAIN_HTTP`]')
            [CompletionResult]::new('--insecure', '--insecure', [CompletionResultType]::ParameterName, 'Do not verify the registry''s certificate')
            [CompletionResult]::new('--password-stdin', '--password-stdin', [CompletionResultType]::ParameterName, 'Read the password from standard input')
            [CompletionResult]::new('--identity-token-stdin', '--identity-token-stdin', [CompletionResultType]::ParameterName, 'Read an identity token from standard input')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing but data and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing but data and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say each request and what it cost')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say each request and what it cost')
            [CompletionResult]::new('--no-progress', '--no-progress', [CompletionResultType]::ParameterName, 'Draw no progress bars, also on a terminal')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'torte;lint' {
            [CompletionResult]::new('--kind', '--kind', [CompletionResultType]::ParameterName, 'What the directory holds [default: recognised from its files]')
            [CompletionResult]::new('--check', '--check', [CompletionResultType]::ParameterName, 'How much to check')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Shape of the bundle [default: hybrid]')
            [CompletionResult]::new('--group-by', '--group-by', [CompletionResultType]::ParameterName, 'What decides which layer a file goes to [default: auto]')
            [CompletionResult]::new('--group', '--group', [CompletionResultType]::ParameterName, 'Put the files that match into this group, whatever they hold')
            [CompletionResult]::new('--ignore-paths', '--ignore-paths', [CompletionResultType]::ParameterName, 'Leave these out, as a comma list of patterns like those of .gitignore; replaces Flux''s own list')
            [CompletionResult]::new('--add-ignore-paths', '--add-ignore-paths', [CompletionResultType]::ParameterName, 'Leave these out too')
            [CompletionResult]::new('--symlinks', '--symlinks', [CompletionResultType]::ParameterName, 'What to do with symbolic links')
            [CompletionResult]::new('--stdin-name', '--stdin-name', [CompletionResultType]::ParameterName, 'Keep standard input whole, as a file of this name')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'How to print the faults')
            [CompletionResult]::new('--store', '--store', [CompletionResultType]::ParameterName, 'Directory of the local store [default: `torte` in the user''s data directory, such as ~/.local/share; environment: `TORTE_STORE`]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour the messages')
            [CompletionResult]::new('--strict', '--strict', [CompletionResultType]::ParameterName, 'Take warnings for faults')
            [CompletionResult]::new('--sourceignore', '--sourceignore', [CompletionResultType]::ParameterName, 'Leave out what the `.sourceignore` files of the directory name')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing but data and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing but data and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say each request and what it cost')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say each request and what it cost')
            [CompletionResult]::new('--no-progress', '--no-progress', [CompletionResultType]::ParameterName, 'Draw no progress bars, also on a terminal')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'torte;list' {
            [CompletionResult]::new('--semver', '--semver', [CompletionResultType]::ParameterName, 'Only tags that are versions in this range, newest first, such as ''>=1.0 <2''')
            [CompletionResult]::new('--limit', '--limit', [CompletionResultType]::ParameterName, 'At most N tags of a repository: the newest with `--semver`, else the first by name')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'How to print the result')
            [CompletionResult]::new('--ca-file', '--ca-file', [CompletionResultType]::ParameterName, 'Trust these certificate authorities too (PEM) [environment: `TORTE_CA_FILE`]')
            [CompletionResult]::new('--concurrency', '--concurrency', [CompletionResultType]::ParameterName, 'How many transfers run at once [default: 32; environment: `TORTE_CONCURRENCY`]')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'How long to wait for an answer, such as `30s` or `2m`')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'How often to try again where that is safe')
            [CompletionResult]::new('--authfile', '--authfile', [CompletionResultType]::ParameterName, 'Read credentials from this file instead of Docker''s and Podman''s')
            [CompletionResult]::new('-u', '-u', [CompletionResultType]::ParameterName, 'User name for the registry [environment: `TORTE_USERNAME`, `TORTE_PASSWORD`]')
            [CompletionResult]::new('--username', '--username', [CompletionResultType]::ParameterName, 'User name for the registry [environment: `TORTE_USERNAME`, `TORTE_PASSWORD`]')
            [CompletionResult]::new('--store', '--store', [CompletionResultType]::ParameterName, 'Directory of the local store [default: `torte` in the user''s data directory, such as ~/.local/share; environment: `TORTE_STORE`]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour the messages')
            [CompletionResult]::new('--plain-http', '--plain-http', [CompletionResultType]::ParameterName, 'Speak plain HTTP to registries [environment: `TORTE_PLAIN_HTTP`]')
            [CompletionResult]::new('--insecure', '--insecure', [CompletionResultType]::ParameterName, 'Do not verify the registry''s certificate')
            [CompletionResult]::new('--password-stdin', '--password-stdin', [CompletionResultType]::ParameterName, 'Read the password from standard input')
            [CompletionResult]::new('--identity-token-stdin', '--identity-token-stdin', [CompletionResultType]::ParameterName, 'Read an identity token from standard input')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing but data and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing but data and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say each request and what it cost')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say each request and what it cost')
            [CompletionResult]::new('--no-progress', '--no-progress', [CompletionResultType]::ParameterName, 'Draw no progress bars, also on a terminal')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'torte;resolve' {
            [CompletionResult]::new('--semver', '--semver', [CompletionResultType]::ParameterName, 'Take the newest tag that is a version in this range, such as ''>=1.0 <2''')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'How to print the result')
            [CompletionResult]::new('--ca-file', '--ca-file', [CompletionResultType]::ParameterName, 'Trust these certificate authorities too (PEM) [environment: `TORTE_CA_FILE`]')
            [CompletionResult]::new('--concurrency', '--concurrency', [CompletionResultType]::ParameterName, 'How many transfers run at once [default: 32; environment: `TORTE_CONCURRENCY`]')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'How long to wait for an answer, such as `30s` or `2m`')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'How often to try again where that is safe')
            [CompletionResult]::new('--authfile', '--authfile', [CompletionResultType]::ParameterName, 'Read credentials from this file instead of Docker''s and Podman''s')
            [CompletionResult]::new('-u', '-u', [CompletionResultType]::ParameterName, 'User name for the registry [environment: `TORTE_USERNAME`, `TORTE_PASSWORD`]')
            [CompletionResult]::new('--username', '--username', [CompletionResultType]::ParameterName, 'User name for the registry [environment: `TORTE_USERNAME`, `TORTE_PASSWORD`]')
            [CompletionResult]::new('--store', '--store', [CompletionResultType]::ParameterName, 'Directory of the local store [default: `torte` in the user''s data directory, such as ~/.local/share; environment: `TORTE_STORE`]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour the messages')
            [CompletionResult]::new('--plain-http', '--plain-http', [CompletionResultType]::ParameterName, 'Speak plain HTTP to registries [environment: `TORTE_PLAIN_HTTP`]')
            [CompletionResult]::new('--insecure', '--insecure', [CompletionResultType]::ParameterName, 'Do not verify the registry''s certificate')
            [CompletionResult]::new('--password-stdin', '--password-stdin', [CompletionResultType]::ParameterName, 'Read the password from standard input')
            [CompletionResult]::new('--identity-token-stdin', '--identity-token-stdin', [CompletionResultType]::ParameterName, 'Read an identity token from standard input')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing but data and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing but data and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say each request and what it cost')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say each request and what it cost')
            [CompletionResult]::new('--no-progress', '--no-progress', [CompletionResultType]::ParameterName, 'Draw no progress bars, also on a terminal')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'torte;inspect' {
            [CompletionResult]::new('--semver', '--semver', [CompletionResultType]::ParameterName, 'Take the newest tag that is a version in this range, such as ''>=1.0 <2''')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'How to print the result')
            [CompletionResult]::new('--ca-file', '--ca-file', [CompletionResultType]::ParameterName, 'Trust these certificate authorities too (PEM) [environment: `TORTE_CA_FILE`]')
            [CompletionResult]::new('--concurrency', '--concurrency', [CompletionResultType]::ParameterName, 'How many transfers run at once [default: 32; environment: `TORTE_CONCURRENCY`]')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'How long to wait for an answer, such as `30s` or `2m`')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'How often to try again where that is safe')
            [CompletionResult]::new('--authfile', '--authfile', [CompletionResultType]::ParameterName, 'Read credentials from this file instead of Docker''s and Podman''s')
            [CompletionResult]::new('-u', '-u', [CompletionResultType]::ParameterName, 'User name for the registry [environment: `TORTE_USERNAME`, `TORTE_PASSWORD`]')
            [CompletionResult]::new('--username', '--username', [CompletionResultType]::ParameterName, 'User name for the registry [environment: `TORTE_USERNAME`, `TORTE_PASSWORD`]')
            [CompletionResult]::new('--store', '--store', [CompletionResultType]::ParameterName, 'Directory of the local store [default: `torte` in the user''s data directory, such as ~/.local/share; environment: `TORTE_STORE`]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour the messages')
            [CompletionResult]::new('--contents', '--contents', [CompletionResultType]::ParameterName, 'Read the layers too, and show what they hold')
            [CompletionResult]::new('--explain', '--explain', [CompletionResultType]::ParameterName, 'Show which file of a bundle of manifests is in which layer, and why')
            [CompletionResult]::new('--referrers', '--referrers', [CompletionResultType]::ParameterName, 'Follow what is attached, and what refers to that, and show it as a tree')
            [CompletionResult]::new('--manifest', '--manifest', [CompletionResultType]::ParameterName, 'Print the exact bytes of the manifest')
            [CompletionResult]::new('--plain-http', '--plain-http', [CompletionResultType]::ParameterName, 'Speak plain HTTP to registries [environment: `TORTE_PLAIN_HTTP`]')
            [CompletionResult]::new('--insecure', '--insecure', [CompletionResultType]::ParameterName, 'Do not verify the registry''s certificate')
            [CompletionResult]::new('--password-stdin', '--password-stdin', [CompletionResultType]::ParameterName, 'Read the password from standard input')
            [CompletionResult]::new('--identity-token-stdin', '--identity-token-stdin', [CompletionResultType]::ParameterName, 'Read an identity token from standard input')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing but data and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing but data and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say each request and what it cost')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say each request and what it cost')
            [CompletionResult]::new('--no-progress', '--no-progress', [CompletionResultType]::ParameterName, 'Draw no progress bars, also on a terminal')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'torte;diff' {
            [CompletionResult]::new('-n', '-n', [CompletionResultType]::ParameterName, 'Only this namespace; may be given more than once')
            [CompletionResult]::new('--namespace', '--namespace', [CompletionResultType]::ParameterName, 'Only this namespace; may be given more than once')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'How to print the differences')
            [CompletionResult]::new('--kind', '--kind', [CompletionResultType]::ParameterName, 'What the directory holds [default: recognised from its files]')
            [CompletionResult]::new('--check', '--check', [CompletionResultType]::ParameterName, 'How much to check')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Shape of the bundle [default: hybrid]')
            [CompletionResult]::new('--group-by', '--group-by', [CompletionResultType]::ParameterName, 'What decides which layer a file goes to [default: auto]')
            [CompletionResult]::new('--group', '--group', [CompletionResultType]::ParameterName, 'Put the files that match into this group, whatever they hold')
            [CompletionResult]::new('--ignore-paths', '--ignore-paths', [CompletionResultType]::ParameterName, 'Leave these out, as a comma list of patterns like those of .gitignore; replaces Flux''s own list')
            [CompletionResult]::new('--add-ignore-paths', '--add-ignore-paths', [CompletionResultType]::ParameterName, 'Leave these out too')
            [CompletionResult]::new('--symlinks', '--symlinks', [CompletionResultType]::ParameterName, 'What to do with symbolic links')
            [CompletionResult]::new('--stdin-name', '--stdin-name', [CompletionResultType]::ParameterName, 'Keep standard input whole, as a file of this name')
            [CompletionResult]::new('--ca-file', '--ca-file', [CompletionResultType]::ParameterName, 'Trust these certificate authorities too (PEM) [environment: `TORTE_CA_FILE`]')
            [CompletionResult]::new('--concurrency', '--concurrency', [CompletionResultType]::ParameterName, 'How many transfers run at once [default: 32; environment: `TORTE_CONCURRENCY`]')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'How long to wait for an answer, such as `30s` or `2m`')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'How often to try again where that is safe')
            [CompletionResult]::new('--authfile', '--authfile', [CompletionResultType]::ParameterName, 'Read credentials from this file instead of Docker''s and Podman''s')
            [CompletionResult]::new('-u', '-u', [CompletionResultType]::ParameterName, 'User name for the registry [environment: `TORTE_USERNAME`, `TORTE_PASSWORD`]')
            [CompletionResult]::new('--username', '--username', [CompletionResultType]::ParameterName, 'User name for the registry [environment: `TORTE_USERNAME`, `TORTE_PASSWORD`]')
            [CompletionResult]::new('--from-ca-file', '--from-ca-file', [CompletionResultType]::ParameterName, 'Trust these certificate authorities too (PEM)')
            [CompletionResult]::new('--from-authfile', '--from-authfile', [CompletionResultType]::ParameterName, 'Read the source''s credentials from this file')
            [CompletionResult]::new('--from-username', '--from-username', [CompletionResultType]::ParameterName, 'User name for the source')
            [CompletionResult]::new('--store', '--store', [CompletionResultType]::ParameterName, 'Directory of the local store [default: `torte` in the user''s data directory, such as ~/.local/share; environment: `TORTE_STORE`]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour the messages')
            [CompletionResult]::new('--stat', '--stat', [CompletionResultType]::ParameterName, 'A line for each namespace, with how many flags, segments or objects differ')
            [CompletionResult]::new('--exit-code', '--exit-code', [CompletionResultType]::ParameterName, 'End with 6 where the two differ')
            [CompletionResult]::new('--strict', '--strict', [CompletionResultType]::ParameterName, 'Take warnings for faults')
            [CompletionResult]::new('--sourceignore', '--sourceignore', [CompletionResultType]::ParameterName, 'Leave out what the `.sourceignore` files of the directory name')
            [CompletionResult]::new('--plain-http', '--plain-http', [CompletionResultType]::ParameterName, 'Speak plain HTTP to registries [environment: `TORTE_PLAIN_HTTP`]')
            [CompletionResult]::new('--insecure', '--insecure', [CompletionResultType]::ParameterName, 'Do not verify the registry''s certificate')
            [CompletionResult]::new('--password-stdin', '--password-stdin', [CompletionResultType]::ParameterName, 'Read the password from standard input')
            [CompletionResult]::new('--identity-token-stdin', '--identity-token-stdin', [CompletionResultType]::ParameterName, 'Read an identity token from standard input')
            [CompletionResult]::new('--from-plain-http', '--from-plain-http', [CompletionResultType]::ParameterName, 'Speak plain HTTP to the source')
            [CompletionResult]::new('--from-insecure', '--from-insecure', [CompletionResultType]::ParameterName, 'Do not verify the source''s certificate')
            [CompletionResult]::new('--from-password-stdin', '--from-password-stdin', [CompletionResultType]::ParameterName, 'Read the source''s password from standard input')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing but data and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing but data and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say each request and what it cost')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say each request and what it cost')
            [CompletionResult]::new('--no-progress', '--no-progress', [CompletionResultType]::ParameterName, 'Draw no progress bars, also on a terminal')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'torte;tag' {
            [CompletionResult]::new('--if-match', '--if-match', [CompletionResultType]::ParameterName, 'Fail unless the tag points at this digest now')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'How to print the result')
            [CompletionResult]::new('--ca-file', '--ca-file', [CompletionResultType]::ParameterName, 'Trust these certificate authorities too (PEM) [environment: `TORTE_CA_FILE`]')
            [CompletionResult]::new('--concurrency', '--concurrency', [CompletionResultType]::ParameterName, 'How many transfers run at once [default: 32; environment: `TORTE_CONCURRENCY`]')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'How long to wait for an answer, such as `30s` or `2m`')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'How often to try again where that is safe')
            [CompletionResult]::new('--authfile', '--authfile', [CompletionResultType]::ParameterName, 'Read credentials from this file instead of Docker''s and Podman''s')
            [CompletionResult]::new('-u', '-u', [CompletionResultType]::ParameterName, 'User name for the registry [environment: `TORTE_USERNAME`, `TORTE_PASSWORD`]')
            [CompletionResult]::new('--username', '--username', [CompletionResultType]::ParameterName, 'User name for the registry [environment: `TORTE_USERNAME`, `TORTE_PASSWORD`]')
            [CompletionResult]::new('--store', '--store', [CompletionResultType]::ParameterName, 'Directory of the local store [default: `torte` in the user''s data directory, such as ~/.local/share; environment: `TORTE_STORE`]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour the messages')
            [CompletionResult]::new('--if-absent', '--if-absent', [CompletionResultType]::ParameterName, 'Fail if the tag exists already')
            [CompletionResult]::new('--plain-http', '--plain-http', [CompletionResultType]::ParameterName, 'Speak plain HTTP to registries [environment: `TORTE_PLAIN_HTTP`]')
            [CompletionResult]::new('--insecure', '--insecure', [CompletionResultType]::ParameterName, 'Do not verify the registry''s certificate')
            [CompletionResult]::new('--password-stdin', '--password-stdin', [CompletionResultType]::ParameterName, 'Read the password from standard input')
            [CompletionResult]::new('--identity-token-stdin', '--identity-token-stdin', [CompletionResultType]::ParameterName, 'Read an identity token from standard input')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing but data and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing but data and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say each request and what it cost')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say each request and what it cost')
            [CompletionResult]::new('--no-progress', '--no-progress', [CompletionResultType]::ParameterName, 'Draw no progress bars, also on a terminal')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'torte;push' {
            [CompletionResult]::new('--sign', '--sign', [CompletionResultType]::ParameterName, 'Sign what was published with this private key [its password: `TORTE_KEY_PASSWORD`, `COSIGN_PASSWORD`]')
            [CompletionResult]::new('--if-match', '--if-match', [CompletionResultType]::ParameterName, 'Fail unless the tag points at this digest now')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'How to print the result')
            [CompletionResult]::new('--ca-file', '--ca-file', [CompletionResultType]::ParameterName, 'Trust these certificate authorities too (PEM) [environment: `TORTE_CA_FILE`]')
            [CompletionResult]::new('--concurrency', '--concurrency', [CompletionResultType]::ParameterName, 'How many transfers run at once [default: 32; environment: `TORTE_CONCURRENCY`]')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'How long to wait for an answer, such as `30s` or `2m`')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'How often to try again where that is safe')
            [CompletionResult]::new('--authfile', '--authfile', [CompletionResultType]::ParameterName, 'Read credentials from this file instead of Docker''s and Podman''s')
            [CompletionResult]::new('-u', '-u', [CompletionResultType]::ParameterName, 'User name for the registry [environment: `TORTE_USERNAME`, `TORTE_PASSWORD`]')
            [CompletionResult]::new('--username', '--username', [CompletionResultType]::ParameterName, 'User name for the registry [environment: `TORTE_USERNAME`, `TORTE_PASSWORD`]')
            [CompletionResult]::new('--store', '--store', [CompletionResultType]::ParameterName, 'Directory of the local store [default: `torte` in the user''s data directory, such as ~/.local/share; environment: `TORTE_STORE`]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour the messages')
            [CompletionResult]::new('--referrers', '--referrers', [CompletionResultType]::ParameterName, 'Take along what is attached: signatures, attestations, and whatever else refers to it')
            [CompletionResult]::new('--if-absent', '--if-absent', [CompletionResultType]::ParameterName, 'Fail if the tag exists already')
            [CompletionResult]::new('--plain-http', '--plain-http', [CompletionResultType]::ParameterName, 'Speak plain HTTP to registries [environment: `TORTE_PLAIN_HTTP`]')
            [CompletionResult]::new('--insecure', '--insecure', [CompletionResultType]::ParameterName, 'Do not verify the registry''s certificate')
            [CompletionResult]::new('--password-stdin', '--password-stdin', [CompletionResultType]::ParameterName, 'Read the password from standard input')
            [CompletionResult]::new('--identity-token-stdin', '--identity-token-stdin', [CompletionResultType]::ParameterName, 'Read an identity token from standard input')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing but data and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing but data and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say each request and what it cost')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say each request and what it cost')
            [CompletionResult]::new('--no-progress', '--no-progress', [CompletionResultType]::ParameterName, 'Draw no progress bars, also on a terminal')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'torte;pull' {
            [CompletionResult]::new('--semver', '--semver', [CompletionResultType]::ParameterName, 'Take the newest tag that is a version in this range, such as ''>=1.0 <2''')
            [CompletionResult]::new('--verify-key', '--verify-key', [CompletionResultType]::ParameterName, 'Go on only if the holder of this public key signed the bundle; given more than once, each of them')
            [CompletionResult]::new('--verify-annotation', '--verify-annotation', [CompletionResultType]::ParameterName, 'What the signatures must say too; may be given more than once')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'How to print the result')
            [CompletionResult]::new('--ca-file', '--ca-file', [CompletionResultType]::ParameterName, 'Trust these certificate authorities too (PEM) [environment: `TORTE_CA_FILE`]')
            [CompletionResult]::new('--concurrency', '--concurrency', [CompletionResultType]::ParameterName, 'How many transfers run at once [default: 32; environment: `TORTE_CONCURRENCY`]')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'How long to wait for an answer, such as `30s` or `2m`')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'How often to try again where that is safe')
            [CompletionResult]::new('--authfile', '--authfile', [CompletionResultType]::ParameterName, 'Read credentials from this file instead of Docker''s and Podman''s')
            [CompletionResult]::new('-u', '-u', [CompletionResultType]::ParameterName, 'User name for the registry [environment: `TORTE_USERNAME`, `TORTE_PASSWORD`]')
            [CompletionResult]::new('--username', '--username', [CompletionResultType]::ParameterName, 'User name for the registry [environment: `TORTE_USERNAME`, `TORTE_PASSWORD`]')
            [CompletionResult]::new('--store', '--store', [CompletionResultType]::ParameterName, 'Directory of the local store [default: `torte` in the user''s data directory, such as ~/.local/share; environment: `TORTE_STORE`]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour the messages')
            [CompletionResult]::new('--force', '--force', [CompletionResultType]::ParameterName, 'Move a local tag even if it came from another registry')
            [CompletionResult]::new('--verify-any', '--verify-any', [CompletionResultType]::ParameterName, 'One of the keys is enough')
            [CompletionResult]::new('--referrers', '--referrers', [CompletionResultType]::ParameterName, 'Take along what is attached: signatures, attestations, and whatever else refers to it')
            [CompletionResult]::new('--plain-http', '--plain-http', [CompletionResultType]::ParameterName, 'Speak plain HTTP to registries [environment: `TORTE_PLAIN_HTTP`]')
            [CompletionResult]::new('--insecure', '--insecure', [CompletionResultType]::ParameterName, 'Do not verify the registry''s certificate')
            [CompletionResult]::new('--password-stdin', '--password-stdin', [CompletionResultType]::ParameterName, 'Read the password from standard input')
            [CompletionResult]::new('--identity-token-stdin', '--identity-token-stdin', [CompletionResultType]::ParameterName, 'Read an identity token from standard input')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing but data and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing but data and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say each request and what it cost')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say each request and what it cost')
            [CompletionResult]::new('--no-progress', '--no-progress', [CompletionResultType]::ParameterName, 'Draw no progress bars, also on a terminal')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'torte;copy' {
            [CompletionResult]::new('--verify-key', '--verify-key', [CompletionResultType]::ParameterName, 'Go on only if the holder of this public key signed the bundle; given more than once, each of them')
            [CompletionResult]::new('--verify-annotation', '--verify-annotation', [CompletionResultType]::ParameterName, 'What the signatures must say too; may be given more than once')
            [CompletionResult]::new('--if-match', '--if-match', [CompletionResultType]::ParameterName, 'Fail unless the tag points at this digest now')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'How to print the result')
            [CompletionResult]::new('--ca-file', '--ca-file', [CompletionResultType]::ParameterName, 'Trust these certificate authorities too (PEM) [environment: `TORTE_CA_FILE`]')
            [CompletionResult]::new('--concurrency', '--concurrency', [CompletionResultType]::ParameterName, 'How many transfers run at once [default: 32; environment: `TORTE_CONCURRENCY`]')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'How long to wait for an answer, such as `30s` or `2m`')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'How often to try again where that is safe')
            [CompletionResult]::new('--authfile', '--authfile', [CompletionResultType]::ParameterName, 'Read credentials from this file instead of Docker''s and Podman''s')
            [CompletionResult]::new('-u', '-u', [CompletionResultType]::ParameterName, 'User name for the registry [environment: `TORTE_USERNAME`, `TORTE_PASSWORD`]')
            [CompletionResult]::new('--username', '--username', [CompletionResultType]::ParameterName, 'User name for the registry [environment: `TORTE_USERNAME`, `TORTE_PASSWORD`]')
            [CompletionResult]::new('--from-ca-file', '--from-ca-file', [CompletionResultType]::ParameterName, 'Trust these certificate authorities too (PEM)')
            [CompletionResult]::new('--from-authfile', '--from-authfile', [CompletionResultType]::ParameterName, 'Read the source''s credentials from this file')
            [CompletionResult]::new('--from-username', '--from-username', [CompletionResultType]::ParameterName, 'User name for the source')
            [CompletionResult]::new('--store', '--store', [CompletionResultType]::ParameterName, 'Directory of the local store [default: `torte` in the user''s data directory, such as ~/.local/share; environment: `TORTE_STORE`]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour the messages')
            [CompletionResult]::new('--verify-any', '--verify-any', [CompletionResultType]::ParameterName, 'One of the keys is enough')
            [CompletionResult]::new('--referrers', '--referrers', [CompletionResultType]::ParameterName, 'Take along what is attached: signatures, attestations, and whatever else refers to it')
            [CompletionResult]::new('--if-absent', '--if-absent', [CompletionResultType]::ParameterName, 'Fail if the tag exists already')
            [CompletionResult]::new('--plain-http', '--plain-http', [CompletionResultType]::ParameterName, 'Speak plain HTTP to registries [environment: `TORTE_PLAIN_HTTP`]')
            [CompletionResult]::new('--insecure', '--insecure', [CompletionResultType]::ParameterName, 'Do not verify the registry''s certificate')
            [CompletionResult]::new('--password-stdin', '--password-stdin', [CompletionResultType]::ParameterName, 'Read the password from standard input')
            [CompletionResult]::new('--identity-token-stdin', '--identity-token-stdin', [CompletionResultType]::ParameterName, 'Read an identity token from standard input')
            [CompletionResult]::new('--from-plain-http', '--from-plain-http', [CompletionResultType]::ParameterName, 'Speak plain HTTP to the source')
            [CompletionResult]::new('--from-insecure', '--from-insecure', [CompletionResultType]::ParameterName, 'Do not verify the source''s certificate')
            [CompletionResult]::new('--from-password-stdin', '--from-password-stdin', [CompletionResultType]::ParameterName, 'Read the source''s password from standard input')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing but data and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing but data and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say each request and what it cost')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say each request and what it cost')
            [CompletionResult]::new('--no-progress', '--no-progress', [CompletionResultType]::ParameterName, 'Draw no progress bars, also on a terminal')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'torte;unpack' {
            [CompletionResult]::new('--semver', '--semver', [CompletionResultType]::ParameterName, 'Take the newest tag that is a version in this range, such as ''>=1.0 <2''')
            [CompletionResult]::new('-n', '-n', [CompletionResultType]::ParameterName, 'Only this namespace; may be given more than once')
            [CompletionResult]::new('--namespace', '--namespace', [CompletionResultType]::ParameterName, 'Only this namespace; may be given more than once')
            [CompletionResult]::new('--verify-key', '--verify-key', [CompletionResultType]::ParameterName, 'Go on only if the holder of this public key signed the bundle; given more than once, each of them')
            [CompletionResult]::new('--verify-annotation', '--verify-annotation', [CompletionResultType]::ParameterName, 'What the signatures must say too; may be given more than once')
            [CompletionResult]::new('--ca-file', '--ca-file', [CompletionResultType]::ParameterName, 'Trust these certificate authorities too (PEM) [environment: `TORTE_CA_FILE`]')
            [CompletionResult]::new('--concurrency', '--concurrency', [CompletionResultType]::ParameterName, 'How many transfers run at once [default: 32; environment: `TORTE_CONCURRENCY`]')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'How long to wait for an answer, such as `30s` or `2m`')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'How often to try again where that is safe')
            [CompletionResult]::new('--authfile', '--authfile', [CompletionResultType]::ParameterName, 'Read credentials from this file instead of Docker''s and Podman''s')
            [CompletionResult]::new('-u', '-u', [CompletionResultType]::ParameterName, 'User name for the registry [environment: `TORTE_USERNAME`, `TORTE_PASSWORD`]')
            [CompletionResult]::new('--username', '--username', [CompletionResultType]::ParameterName, 'User name for the registry [environment: `TORTE_USERNAME`, `TORTE_PASSWORD`]')
            [CompletionResult]::new('--store', '--store', [CompletionResultType]::ParameterName, 'Directory of the local store [default: `torte` in the user''s data directory, such as ~/.local/share; environment: `TORTE_STORE`]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour the messages')
            [CompletionResult]::new('--force', '--force', [CompletionResultType]::ParameterName, 'Write into a directory that is not empty, over files of the same name')
            [CompletionResult]::new('--verify-any', '--verify-any', [CompletionResultType]::ParameterName, 'One of the keys is enough')
            [CompletionResult]::new('--plain-http', '--plain-http', [CompletionResultType]::ParameterName, 'Speak plain HTTP to registries [environment: `TORTE_PLAIN_HTTP`]')
            [CompletionResult]::new('--insecure', '--insecure', [CompletionResultType]::ParameterName, 'Do not verify the registry''s certificate')
            [CompletionResult]::new('--password-stdin', '--password-stdin', [CompletionResultType]::ParameterName, 'Read the password from standard input')
            [CompletionResult]::new('--identity-token-stdin', '--identity-token-stdin', [CompletionResultType]::ParameterName, 'Read an identity token from standard input')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing but data and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing but data and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say each request and what it cost')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say each request and what it cost')
            [CompletionResult]::new('--no-progress', '--no-progress', [CompletionResultType]::ParameterName, 'Draw no progress bars, also on a terminal')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'torte;rm' {
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'How to print the result')
            [CompletionResult]::new('--ca-file', '--ca-file', [CompletionResultType]::ParameterName, 'Trust these certificate authorities too (PEM) [environment: `TORTE_CA_FILE`]')
            [CompletionResult]::new('--concurrency', '--concurrency', [CompletionResultType]::ParameterName, 'How many transfers run at once [default: 32; environment: `TORTE_CONCURRENCY`]')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'How long to wait for an answer, such as `30s` or `2m`')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'How often to try again where that is safe')
            [CompletionResult]::new('--authfile', '--authfile', [CompletionResultType]::ParameterName, 'Read credentials from this file instead of Docker''s and Podman''s')
            [CompletionResult]::new('-u', '-u', [CompletionResultType]::ParameterName, 'User name for the registry [environment: `TORTE_USERNAME`, `TORTE_PASSWORD`]')
            [CompletionResult]::new('--username', '--username', [CompletionResultType]::ParameterName, 'User name for the registry [environment: `TORTE_USERNAME`, `TORTE_PASSWORD`]')
            [CompletionResult]::new('--store', '--store', [CompletionResultType]::ParameterName, 'Directory of the local store [default: `torte` in the user''s data directory, such as ~/.local/share; environment: `TORTE_STORE`]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour the messages')
            [CompletionResult]::new('--force', '--force', [CompletionResultType]::ParameterName, 'Remove a bundle by its digest although it has tags, and all of them with it')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Say what would be removed, and remove nothing')
            [CompletionResult]::new('--plain-http', '--plain-http', [CompletionResultType]::ParameterName, 'Speak plain HTTP to registries [environment: `TORTE_PLAIN_HTTP`]')
            [CompletionResult]::new('--insecure', '--insecure', [CompletionResultType]::ParameterName, 'Do not verify the registry''s certificate')
            [CompletionResult]::new('--password-stdin', '--password-stdin', [CompletionResultType]::ParameterName, 'Read the password from standard input')
            [CompletionResult]::new('--identity-token-stdin', '--identity-token-stdin', [CompletionResultType]::ParameterName, 'Read an identity token from standard input')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing but data and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing but data and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say each request and what it cost')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say each request and what it cost')
            [CompletionResult]::new('--no-progress', '--no-progress', [CompletionResultType]::ParameterName, 'Draw no progress bars, also on a terminal')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'torte;gc' {
            [CompletionResult]::new('--older', '--older', [CompletionResultType]::ParameterName, 'Free what nobody wanted for so long, such as `90s`, `24h` or `7d`; `0s` frees all of it')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'How to print the result')
            [CompletionResult]::new('--store', '--store', [CompletionResultType]::ParameterName, 'Directory of the local store [default: `torte` in the user''s data directory, such as ~/.local/share; environment: `TORTE_STORE`]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour the messages')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Say what would be freed, and free nothing')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing but data and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing but data and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say each request and what it cost')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say each request and what it cost')
            [CompletionResult]::new('--no-progress', '--no-progress', [CompletionResultType]::ParameterName, 'Draw no progress bars, also on a terminal')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'torte;check' {
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'How to print the result')
            [CompletionResult]::new('--store', '--store', [CompletionResultType]::ParameterName, 'Directory of the local store [default: `torte` in the user''s data directory, such as ~/.local/share; environment: `TORTE_STORE`]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour the messages')
            [CompletionResult]::new('--repair', '--repair', [CompletionResultType]::ParameterName, 'Remove what killed processes left, and move what is corrupt out of the way')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing but data and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing but data and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say each request and what it cost')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say each request and what it cost')
            [CompletionResult]::new('--no-progress', '--no-progress', [CompletionResultType]::ParameterName, 'Draw no progress bars, also on a terminal')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'torte;sign' {
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'Private key (PEM): of `torte keys generate` or cosign, or plain PKCS#8 [its password: `TORTE_KEY_PASSWORD`, `COSIGN_PASSWORD`]')
            [CompletionResult]::new('-a', '-a', [CompletionResultType]::ParameterName, 'Say this in the signature too; may be given more than once')
            [CompletionResult]::new('--annotation', '--annotation', [CompletionResultType]::ParameterName, 'Say this in the signature too; may be given more than once')
            [CompletionResult]::new('--signature-format', '--signature-format', [CompletionResultType]::ParameterName, 'How the signature is kept')
            [CompletionResult]::new('--predicate', '--predicate', [CompletionResultType]::ParameterName, 'Attest this file instead of signing')
            [CompletionResult]::new('--predicate-type', '--predicate-type', [CompletionResultType]::ParameterName, 'Type of the predicate: a URI or a name of cosign''s such as `spdxjson` for a JSON object, `custom` for any text')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'How to print the result')
            [CompletionResult]::new('--ca-file', '--ca-file', [CompletionResultType]::ParameterName, 'Trust these certificate authorities too (PEM) [environment: `TORTE_CA_FILE`]')
            [CompletionResult]::new('--concurrency', '--concurrency', [CompletionResultType]::ParameterName, 'How many transfers run at once [default: 32; environment: `TORTE_CONCURRENCY`]')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'How long to wait for an answer, such as `30s` or `2m`')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'How often to try again where that is safe')
            [CompletionResult]::new('--authfile', '--authfile', [CompletionResultType]::ParameterName, 'Read credentials from this file instead of Docker''s and Podman''s')
            [CompletionResult]::new('-u', '-u', [CompletionResultType]::ParameterName, 'User name for the registry [environment: `TORTE_USERNAME`, `TORTE_PASSWORD`]')
            [CompletionResult]::new('--username', '--username', [CompletionResultType]::ParameterName, 'User name for the registry [environment: `TORTE_USERNAME`, `TORTE_PASSWORD`]')
            [CompletionResult]::new('--store', '--store', [CompletionResultType]::ParameterName, 'Directory of the local store [default: `torte` in the user''s data directory, such as ~/.local/share; environment: `TORTE_STORE`]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour the messages')
            [CompletionResult]::new('--plain-http', '--plain-http', [CompletionResultType]::ParameterName, 'Speak plain HTTP to registries [environment: `TORTE_PLAIN_HTTP`]')
            [CompletionResult]::new('--insecure', '--insecure', [CompletionResultType]::ParameterName, 'Do not verify the registry''s certificate')
            [CompletionResult]::new('--password-stdin', '--password-stdin', [CompletionResultType]::ParameterName, 'Read the password from standard input')
            [CompletionResult]::new('--identity-token-stdin', '--identity-token-stdin', [CompletionResultType]::ParameterName, 'Read an identity token from standard input')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing but data and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing but data and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say each request and what it cost')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say each request and what it cost')
            [CompletionResult]::new('--no-progress', '--no-progress', [CompletionResultType]::ParameterName, 'Draw no progress bars, also on a terminal')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'torte;verify' {
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'Public key (PEM); given more than once, each of them must have signed')
            [CompletionResult]::new('-a', '-a', [CompletionResultType]::ParameterName, 'What the signatures must say too; may be given more than once')
            [CompletionResult]::new('--annotation', '--annotation', [CompletionResultType]::ParameterName, 'What the signatures must say too; may be given more than once')
            [CompletionResult]::new('--type', '--type', [CompletionResultType]::ParameterName, 'Verify an attestation with this type of predicate instead: a URI, or a name of cosign''s such as `spdxjson`')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'How to print the result')
            [CompletionResult]::new('--ca-file', '--ca-file', [CompletionResultType]::ParameterName, 'Trust these certificate authorities too (PEM) [environment: `TORTE_CA_FILE`]')
            [CompletionResult]::new('--concurrency', '--concurrency', [CompletionResultType]::ParameterName, 'How many transfers run at once [default: 32; environment: `TORTE_CONCURRENCY`]')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'How long to wait for an answer, such as `30s` or `2m`')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'How often to try again where that is safe')
            [CompletionResult]::new('--authfile', '--authfile', [CompletionResultType]::ParameterName, 'Read credentials from this file instead of Docker''s and Podman''s')
            [CompletionResult]::new('-u', '-u', [CompletionResultType]::ParameterName, 'User name for the registry [environment: `TORTE_USERNAME`, `TORTE_PASSWORD`]')
            [CompletionResult]::new('--username', '--username', [CompletionResultType]::ParameterName, 'User name for the registry [environment: `TORTE_USERNAME`, `TORTE_PASSWORD`]')
            [CompletionResult]::new('--store', '--store', [CompletionResultType]::ParameterName, 'Directory of the local store [default: `torte` in the user''s data directory, such as ~/.local/share; environment: `TORTE_STORE`]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour the messages')
            [CompletionResult]::new('--any', '--any', [CompletionResultType]::ParameterName, 'One of the keys is enough')
            [CompletionResult]::new('--plain-http', '--plain-http', [CompletionResultType]::ParameterName, 'Speak plain HTTP to registries [environment: `TORTE_PLAIN_HTTP`]')
            [CompletionResult]::new('--insecure', '--insecure', [CompletionResultType]::ParameterName, 'Do not verify the registry''s certificate')
            [CompletionResult]::new('--password-stdin', '--password-stdin', [CompletionResultType]::ParameterName, 'Read the password from standard input')
            [CompletionResult]::new('--identity-token-stdin', '--identity-token-stdin', [CompletionResultType]::ParameterName, 'Read an identity token from standard input')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing but data and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing but data and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say each request and what it cost')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say each request and what it cost')
            [CompletionResult]::new('--no-progress', '--no-progress', [CompletionResultType]::ParameterName, 'Draw no progress bars, also on a terminal')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'torte;keys' {
            [CompletionResult]::new('--store', '--store', [CompletionResultType]::ParameterName, 'Directory of the local store [default: `torte` in the user''s data directory, such as ~/.local/share; environment: `TORTE_STORE`]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour the messages')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing but data and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing but data and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say each request and what it cost')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say each request and what it cost')
            [CompletionResult]::new('--no-progress', '--no-progress', [CompletionResultType]::ParameterName, 'Draw no progress bars, also on a terminal')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('generate', 'generate', [CompletionResultType]::ParameterValue, 'Make a pair of keys: PREFIX.key, encrypted, and PREFIX.pub [password: `TORTE_KEY_PASSWORD`, `COSIGN_PASSWORD`]')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'torte;keys;generate' {
            [CompletionResult]::new('--out', '--out', [CompletionResultType]::ParameterName, 'What the files are called before `.key` and `.pub`')
            [CompletionResult]::new('--store', '--store', [CompletionResultType]::ParameterName, 'Directory of the local store [default: `torte` in the user''s data directory, such as ~/.local/share; environment: `TORTE_STORE`]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour the messages')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing but data and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing but data and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say each request and what it cost')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say each request and what it cost')
            [CompletionResult]::new('--no-progress', '--no-progress', [CompletionResultType]::ParameterName, 'Draw no progress bars, also on a terminal')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'torte;keys;help' {
            [CompletionResult]::new('generate', 'generate', [CompletionResultType]::ParameterValue, 'Make a pair of keys: PREFIX.key, encrypted, and PREFIX.pub [password: `TORTE_KEY_PASSWORD`, `COSIGN_PASSWORD`]')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'torte;keys;help;generate' {
            break
        }
        'torte;keys;help;help' {
            break
        }
        'torte;share' {
            [CompletionResult]::new('--ttl', '--ttl', [CompletionResultType]::ParameterName, 'How long it is to be had, such as `30m` or `2h` [default: 1h]')
            [CompletionResult]::new('--registry', '--registry', [CompletionResultType]::ParameterName, 'Registry that forgets: it takes the tag for a duration, as ttl.sh does')
            [CompletionResult]::new('--name', '--name', [CompletionResultType]::ParameterName, 'Name on the registry [default: a random one, which nobody can guess]')
            [CompletionResult]::new('--kind', '--kind', [CompletionResultType]::ParameterName, 'What the directory holds [default: recognised from its files]')
            [CompletionResult]::new('--check', '--check', [CompletionResultType]::ParameterName, 'How much to check')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Shape of the bundle [default: hybrid]')
            [CompletionResult]::new('--group-by', '--group-by', [CompletionResultType]::ParameterName, 'What decides which layer a file goes to [default: auto]')
            [CompletionResult]::new('--group', '--group', [CompletionResultType]::ParameterName, 'Put the files that match into this group, whatever they hold')
            [CompletionResult]::new('--ignore-paths', '--ignore-paths', [CompletionResultType]::ParameterName, 'Leave these out, as a comma list of patterns like those of .gitignore; replaces Flux''s own list')
            [CompletionResult]::new('--add-ignore-paths', '--add-ignore-paths', [CompletionResultType]::ParameterName, 'Leave these out too')
            [CompletionResult]::new('--symlinks', '--symlinks', [CompletionResultType]::ParameterName, 'What to do with symbolic links')
            [CompletionResult]::new('--stdin-name', '--stdin-name', [CompletionResultType]::ParameterName, 'Keep standard input whole, as a file of this name')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'How to print the result')
            [CompletionResult]::new('--ca-file', '--ca-file', [CompletionResultType]::ParameterName, 'Trust these certificate authorities too (PEM) [environment: `TORTE_CA_FILE`]')
            [CompletionResult]::new('--concurrency', '--concurrency', [CompletionResultType]::ParameterName, 'How many transfers run at once [default: 32; environment: `TORTE_CONCURRENCY`]')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'How long to wait for an answer, such as `30s` or `2m`')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'How often to try again where that is safe')
            [CompletionResult]::new('--store', '--store', [CompletionResultType]::ParameterName, 'Directory of the local store [default: `torte` in the user''s data directory, such as ~/.local/share; environment: `TORTE_STORE`]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour the messages')
            [CompletionResult]::new('--allow-secrets', '--allow-secrets', [CompletionResultType]::ParameterName, 'Share it although it holds what looks like a secret')
            [CompletionResult]::new('--strict', '--strict', [CompletionResultType]::ParameterName, 'Take warnings for faults')
            [CompletionResult]::new('--sourceignore', '--sourceignore', [CompletionResultType]::ParameterName, 'Leave out what the `.sourceignore` files of the directory name')
            [CompletionResult]::new('--plain-http', '--plain-http', [CompletionResultType]::ParameterName, 'Speak plain HTTP to registries [environment: `TORTE_PLAIN_HTTP`]')
            [CompletionResult]::new('--insecure', '--insecure', [CompletionResultType]::ParameterName, 'Do not verify the registry''s certificate')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing but data and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing but data and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say each request and what it cost')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say each request and what it cost')
            [CompletionResult]::new('--no-progress', '--no-progress', [CompletionResultType]::ParameterName, 'Draw no progress bars, also on a terminal')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'torte;login' {
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'How to print the result')
            [CompletionResult]::new('--ca-file', '--ca-file', [CompletionResultType]::ParameterName, 'Trust these certificate authorities too (PEM) [environment: `TORTE_CA_FILE`]')
            [CompletionResult]::new('--concurrency', '--concurrency', [CompletionResultType]::ParameterName, 'How many transfers run at once [default: 32; environment: `TORTE_CONCURRENCY`]')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'How long to wait for an answer, such as `30s` or `2m`')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'How often to try again where that is safe')
            [CompletionResult]::new('-u', '-u', [CompletionResultType]::ParameterName, 'User name for the registry [environment: `TORTE_USERNAME`, `TORTE_PASSWORD`]')
            [CompletionResult]::new('--username', '--username', [CompletionResultType]::ParameterName, 'User name for the registry [environment: `TORTE_USERNAME`, `TORTE_PASSWORD`]')
            [CompletionResult]::new('--authfile', '--authfile', [CompletionResultType]::ParameterName, 'Keep them in this file, such as Podman''s, instead of Docker''s')
            [CompletionResult]::new('--store', '--store', [CompletionResultType]::ParameterName, 'Directory of the local store [default: `torte` in the user''s data directory, such as ~/.local/share; environment: `TORTE_STORE`]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour the messages')
            [CompletionResult]::new('--plain-http', '--plain-http', [CompletionResultType]::ParameterName, 'Speak plain HTTP to registries [environment: `TORTE_PLAIN_HTTP`]')
            [CompletionResult]::new('--insecure', '--insecure', [CompletionResultType]::ParameterName, 'Do not verify the registry''s certificate')
            [CompletionResult]::new('--password-stdin', '--password-stdin', [CompletionResultType]::ParameterName, 'Read the password from standard input')
            [CompletionResult]::new('--identity-token-stdin', '--identity-token-stdin', [CompletionResultType]::ParameterName, 'Read an identity token from standard input')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing but data and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing but data and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say each request and what it cost')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say each request and what it cost')
            [CompletionResult]::new('--no-progress', '--no-progress', [CompletionResultType]::ParameterName, 'Draw no progress bars, also on a terminal')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'torte;logout' {
            [CompletionResult]::new('--authfile', '--authfile', [CompletionResultType]::ParameterName, 'Take them out of this file, such as Podman''s, instead of Docker''s')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'How long to wait for a credential helper, such as `30s` or `2m`')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'How to print the result')
            [CompletionResult]::new('--store', '--store', [CompletionResultType]::ParameterName, 'Directory of the local store [default: `torte` in the user''s data directory, such as ~/.local/share; environment: `TORTE_STORE`]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour the messages')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing but data and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing but data and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say each request and what it cost')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say each request and what it cost')
            [CompletionResult]::new('--no-progress', '--no-progress', [CompletionResultType]::ParameterName, 'Draw no progress bars, also on a terminal')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'torte;serve' {
            [CompletionResult]::new('--listen', '--listen', [CompletionResultType]::ParameterName, 'Address to listen on; port 0 takes a free one')
            [CompletionResult]::new('--root', '--root', [CompletionResultType]::ParameterName, 'Directory that keeps the bundles [default: a temporary one]')
            [CompletionResult]::new('--auth', '--auth', [CompletionResultType]::ParameterName, 'Ask for a user of this file, as `htpasswd -B` writes it')
            [CompletionResult]::new('--tls-cert', '--tls-cert', [CompletionResultType]::ParameterName, 'Speak TLS with this certificate, and those after it in the file (PEM)')
            [CompletionResult]::new('--tls-key', '--tls-key', [CompletionResultType]::ParameterName, 'Private key of the certificate (PEM)')
            [CompletionResult]::new('--store', '--store', [CompletionResultType]::ParameterName, 'Directory of the local store [default: `torte` in the user''s data directory, such as ~/.local/share; environment: `TORTE_STORE`]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour the messages')
            [CompletionResult]::new('--ttl', '--ttl', [CompletionResultType]::ParameterName, 'Let what is pushed live as long as its tag says, such as `30m`; an hour where it says nothing, at most a day')
            [CompletionResult]::new('--read-only', '--read-only', [CompletionResultType]::ParameterName, 'Serve what is there, and take nothing')
            [CompletionResult]::new('--allow-anonymous', '--allow-anonymous', [CompletionResultType]::ParameterName, 'Let anybody in who can reach an address that is not on loopback')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing but data and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing but data and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say each request and what it cost')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say each request and what it cost')
            [CompletionResult]::new('--no-progress', '--no-progress', [CompletionResultType]::ParameterName, 'Draw no progress bars, also on a terminal')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'torte;completions' {
            [CompletionResult]::new('--store', '--store', [CompletionResultType]::ParameterName, 'Directory of the local store [default: `torte` in the user''s data directory, such as ~/.local/share; environment: `TORTE_STORE`]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour the messages')
            [CompletionResult]::new('--live', '--live', [CompletionResultType]::ParameterName, 'Look up names, tags and namespaces too; for bash, zsh and fish')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing but data and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing but data and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say each request and what it cost')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say each request and what it cost')
            [CompletionResult]::new('--no-progress', '--no-progress', [CompletionResultType]::ParameterName, 'Draw no progress bars, also on a terminal')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'torte;man' {
            [CompletionResult]::new('--store', '--store', [CompletionResultType]::ParameterName, 'Directory of the local store [default: `torte` in the user''s data directory, such as ~/.local/share; environment: `TORTE_STORE`]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour the messages')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing but data and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing but data and errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say each request and what it cost')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say each request and what it cost')
            [CompletionResult]::new('--no-progress', '--no-progress', [CompletionResultType]::ParameterName, 'Draw no progress bars, also on a terminal')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'torte;help' {
            [CompletionResult]::new('build', 'build', [CompletionResultType]::ParameterValue, 'Pack a directory into the local store, and publish it in the same breath if asked')
            [CompletionResult]::new('lint', 'lint', [CompletionResultType]::ParameterValue, 'Check a directory: every fault of every file, without building')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List the bundles of the local store, or the tags of a remote repository')
            [CompletionResult]::new('resolve', 'resolve', [CompletionResultType]::ParameterValue, 'Print the digest that a tag or a range of versions means now')
            [CompletionResult]::new('inspect', 'inspect', [CompletionResultType]::ParameterValue, 'Show what is inside a bundle')
            [CompletionResult]::new('diff', 'diff', [CompletionResultType]::ParameterValue, 'Show what changed between two bundles or directories')
            [CompletionResult]::new('tag', 'tag', [CompletionResultType]::ParameterValue, 'Give a bundle further names, locally or in its registry')
            [CompletionResult]::new('push', 'push', [CompletionResultType]::ParameterValue, 'Copy a local bundle to a registry')
            [CompletionResult]::new('pull', 'pull', [CompletionResultType]::ParameterValue, 'Copy a bundle from a registry to the local store')
            [CompletionResult]::new('copy', 'copy', [CompletionResultType]::ParameterValue, 'Copy a bundle between any two places')
            [CompletionResult]::new('unpack', 'unpack', [CompletionResultType]::ParameterValue, 'Write the files of a bundle into a directory')
            [CompletionResult]::new('rm', 'rm', [CompletionResultType]::ParameterValue, 'Remove a tag, locally or in its registry, or a bundle by its digest')
            [CompletionResult]::new('gc', 'gc', [CompletionResultType]::ParameterValue, 'Free the space of what no tag and no pull by digest holds')
            [CompletionResult]::new('check', 'check', [CompletionResultType]::ParameterValue, 'Prove the local store sound: every fault with its file, and what to do')
            [CompletionResult]::new('sign', 'sign', [CompletionResultType]::ParameterValue, 'Sign a bundle, or attest something of it')
            [CompletionResult]::new('verify', 'verify', [CompletionResultType]::ParameterValue, 'Print the digest of a bundle if the right keys signed it')
            [CompletionResult]::new('keys', 'keys', [CompletionResultType]::ParameterValue, 'Make the keys that bundles are signed with')
            [CompletionResult]::new('share', 'share', [CompletionResultType]::ParameterValue, 'Give a bundle a throw-away name on a registry that forgets it')
            [CompletionResult]::new('login', 'login', [CompletionResultType]::ParameterValue, 'Keep credentials for a registry, in Docker''s file or its helper, once the registry has taken them')
            [CompletionResult]::new('logout', 'logout', [CompletionResultType]::ParameterValue, 'Forget the credentials for a registry')
            [CompletionResult]::new('serve', 'serve', [CompletionResultType]::ParameterValue, 'Run an OCI registry out of a directory, on loopback unless told otherwise')
            [CompletionResult]::new('completions', 'completions', [CompletionResultType]::ParameterValue, 'Print the completion script of a shell')
            [CompletionResult]::new('man', 'man', [CompletionResultType]::ParameterValue, 'Write the man pages into a directory')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'torte;help;build' {
            break
        }
        'torte;help;lint' {
            break
        }
        'torte;help;list' {
            break
        }
        'torte;help;resolve' {
            break
        }
        'torte;help;inspect' {
            break
        }
        'torte;help;diff' {
            break
        }
        'torte;help;tag' {
            break
        }
        'torte;help;push' {
            break
        }
        'torte;help;pull' {
            break
        }
        'torte;help;copy' {
            break
        }
        'torte;help;unpack' {
            break
        }
        'torte;help;rm' {
            break
        }
        'torte;help;gc' {
            break
        }
        'torte;help;check' {
            break
        }
        'torte;help;sign' {
            break
        }
        'torte;help;verify' {
            break
        }
        'torte;help;keys' {
            [CompletionResult]::new('generate', 'generate', [CompletionResultType]::ParameterValue, 'Make a pair of keys: PREFIX.key, encrypted, and PREFIX.pub [password: `TORTE_KEY_PASSWORD`, `COSIGN_PASSWORD`]')
            break
        }
        'torte;help;keys;generate' {
            break
        }
        'torte;help;share' {
            break
        }
        'torte;help;login' {
            break
        }
        'torte;help;logout' {
            break
        }
        'torte;help;serve' {
            break
        }
        'torte;help;completions' {
            break
        }
        'torte;help;man' {
            break
        }
        'torte;help;help' {
            break
        }
    })

    $completions.Where{ $_.CompletionText -like "$wordToComplete*" } |
        Sort-Object -Property ListItemText
}
