set debuginfod enabled off
set source open off
source /labs/vmwalk.py
set vmwalk-collection start.vmwalk
set trace-commands on
starti
vmwalk snap "first instruction"
vmwalk go
tbreak runtime.mallocinit
continue
vmwalk snap "before mallocinit"
finish
vmwalk snap "after mallocinit"
vmwalk go
tbreak runtime.main
continue
vmwalk snap "runtime.main"
tbreak main.main
continue
vmwalk snap "main.main"
vmwalk where $sp $pc
