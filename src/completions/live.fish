# Names, tags and namespaces: torte is asked for them.
function __torte_live
    set -g __torte_candidates
    set -l answer (command torte __complete (commandline -opc) (commandline -ct | string collect) 2>/dev/null </dev/null)
    or return 1
    # Fish itself parts a flag from its value.
    set -g __torte_candidates (string replace -r -- '^--[a-z-]+=' '' $answer)
    return 0
end

complete -c torte -n __torte_live -f -k -a '$__torte_candidates'
