# Names, tags and namespaces: torte is asked for them.
_torte_live() {
    local rest="${COMP_LINE:0:COMP_POINT}" words=() at part after current answer typed prefix candidate open=1

    # Bash takes `:`, `=` and `@` for borders of words, and references have them: what no blank parts is put together.
    rest="${rest#*"${COMP_WORDS[0]}"}"
    words=("${COMP_WORDS[0]}")
    for (( at = 1; at <= COMP_CWORD; at++ )); do
        after="${rest#"${rest%%[![:space:]]*}"}"
        part="${COMP_WORDS[at]}"
        # The last word ends at the cursor.
        if (( at == COMP_CWORD )); then
            part="$after"
        fi
        if [[ "$after" != "$rest" ]]; then
            words+=("$part")
        else
            words[${#words[@]}-1]+="$part"
        fi
        rest="${after#"$part"}"
    done

    if ! answer="$(command torte __complete "${words[@]}" 2>/dev/null </dev/null)"; then
        _torte "$@"
        return
    fi

    # What stands before the last border stays, so candidates come without it.
    current="${words[${#words[@]}-1]//[\"\'\\]/}"
    typed="${2//[\"\'\\]/}"
    prefix=""
    if [[ "$current" == *"$typed" ]]; then
        prefix="${current:0:${#current}-${#typed}}"
    fi
    COMPREPLY=()
    while IFS= read -r candidate; do
        if [[ -n "$candidate" ]]; then
            COMPREPLY+=("${candidate#"$prefix"}")
            [[ "$candidate" == *: ]] || open=0
        fi
    done <<<"$answer"
    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
        if (( open )); then
            compopt -o nospace
        fi
        # Files are no bundles.
        compopt +o default +o bashdefault
    fi
}

if [[ "${BASH_VERSINFO[0]}" -eq 4 && "${BASH_VERSINFO[1]}" -ge 4 || "${BASH_VERSINFO[0]}" -gt 4 ]]; then
    complete -F _torte_live -o nosort -o bashdefault -o default torte
else
    complete -F _torte_live -o bashdefault -o default torte
fi
