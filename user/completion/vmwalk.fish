# SPDX-License-Identifier: GPL-2.0
# Completion of vmwalk's command line for fish. Commands and options are those that
# vmwalk's own help lists.

function __vmwalk_commands
    command vmwalk --help | string match -rg '^  ([a-z]+)  +(\S.*)$' |
        while read -l name
            read -l what
            printf '%s\t%s\n' $name $what
        end
end

# The command that was typed: the first word that is one, else show.
function __vmwalk_command
    set -l words (commandline -opc)
    if set -q words[2]; and __vmwalk_commands | string match -q -r "^$words[2]\t"
        echo $words[2]
    else
        echo show
    end
end

# "  -i, --interval=TIME  what" and "      --json  what".
function __vmwalk_options
    command vmwalk help (__vmwalk_command) |
        string match -rg '^ +(?:-\w, )?(--[a-z]+=?)\S* +(\S.*)$' |
        while read -l name
            read -l what
            printf '%s\t%s\n' $name $what
        end
end

# Pids, with the names they go by; kernel threads have no command line.
function __vmwalk_processes
    set -l proc /proc
    set -q VMWALK_PROC; and set proc $VMWALK_PROC
    for dir in (string match -r '.*/[0-9]+$' -- $proc/*)
        test -n "$(cat $dir/cmdline 2>/dev/null | tr -d '\0')"; or continue
        printf '%s\t%s\n' (path basename $dir) (cat $dir/comm 2>/dev/null | tr -cd '[:print:]')
    end
end

# FILE@NUMBER and FILE@LABEL, once there is an '@'.
function __vmwalk_snapshots
    set -l file (commandline -ct | string match -rg '^(.*)@[^@/]*$'); or return
    command vmwalk log --json $file 2>/dev/null |
        string match -arg '"(?:number|label)":"?([A-Za-z0-9_.:+-]+)"?[,}]' |
        string match -v null | string replace -r '^' "$file@"
end

function __vmwalk_segments
    set -l words (commandline -opc)
    for word in $words[-1..2]
        string match -q -- '-*' $word; and continue
        command vmwalk show --csv --all -c segment $word 2>/dev/null | tail -n +2 |
            tr -d '\r' | sort -u
        return
    end
end

function __vmwalk_values
    set -l token (commandline -ct)
    set -l option (string match -rg '^(--[a-z]+=)' -- $token); or return
    switch $option
        case --color=
            set -f values always never auto
        case --sort= --columns=
            set -f values segment mapped reserved present resident swapped pss \
                shared private thp zero pfn hugetlb other anon file shmem vmas \
                'res%' bar start range name
            test (__vmwalk_command) = ps; and set -f values pid user s mapped \
                resident swapped tables peak go name
        case --filter=
            set -f values kind= name= addr= perm=
        case --zoom=
            set -f values (__vmwalk_segments)
        case --user=
            set -f values (__fish_complete_users | string replace -r '\t.*' '')
    end
    printf '%s\n' $option$values
end

complete -c vmwalk -f
complete -c vmwalk -n '__fish_is_first_arg' -a '(__vmwalk_commands)'
complete -c vmwalk -n 'test (__vmwalk_command) = help' -a '(__vmwalk_commands)'
complete -c vmwalk -a '(__vmwalk_processes)'
complete -c vmwalk -a '(__fish_complete_suffix .vmwalk)'
complete -c vmwalk -a '(__vmwalk_snapshots)'
complete -c vmwalk -n 'string match -q -- "-*" (commandline -ct)' -a '(__vmwalk_options)'
complete -c vmwalk -n 'string match -q -- "--*=*" (commandline -ct)' -a '(__vmwalk_values)'
