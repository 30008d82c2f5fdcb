"""What bash needs to complete the command: commands and exercises beside the files, not one of them alone."""

from __future__ import annotations

from click.shell_completion import BashComplete

# As click's own, but for files: there they take the place of all that was found before. `compopt -o filenames` has bash
# put a slash behind a folder, and a backslash before a space.
SOURCE = r"""
%(complete_func)s() {
    local IFS=$'\n'
    local type value line
    for line in $(env COMP_WORDS="${COMP_WORDS[*]}" COMP_CWORD=$COMP_CWORD %(complete_var)s=bash_complete $1); do
        IFS=',' read -r type value <<< "$line"
        case $type in
            dir) compopt -o filenames; COMPREPLY+=($(compgen -d -- "$2")) ;;
            file) compopt -o filenames; COMPREPLY+=($(compgen -f -- "$2")) ;;
            plain) COMPREPLY+=("$value") ;;
        esac
    done
}
complete -o nosort -F %(complete_func)s %(prog_name)s
"""


class Bash(BashComplete):
    """Completion for bash."""

    source_template = SOURCE
