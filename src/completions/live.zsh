# Names, tags and namespaces: torte is asked for them.
_torte() {
    local answer candidate
    local -a whole open

    if ! answer="$(command torte __complete "${(@)words[1,CURRENT-1]}" "$PREFIX" 2>/dev/null </dev/null)"; then
        _torte_fixed "$@"
        return
    fi
    for candidate in "${(@f)answer}"; do
        if [[ "$candidate" == *: ]]; then
            open+=("$candidate")
        elif [[ -n "$candidate" ]]; then
            whole+=("$candidate")
        fi
    done
    (( $#open )) && compadd -S '' -a open
    (( $#whole )) && compadd -a whole
    (( $#open + $#whole ))
}
