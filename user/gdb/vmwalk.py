# SPDX-License-Identifier: GPL-2.0
"""vmwalk from inside gdb, on the process that is being debugged.

    (gdb) source /usr/local/share/vmwalk/vmwalk.py
    (gdb) vmwalk where &a $sp main.main
    (gdb) vmwalk maps
    (gdb) vmwalk snap "before"

What comes after `vmwalk where` and `vmwalk pte` are expressions of the program's
language. Everything else is handed to vmwalk(1) as it is, with the process's pid.
The process is held by gdb meanwhile, so --stop is neither needed nor possible.

    set vmwalk-program sudo vmwalk     what is run
    set vmwalk-collection quiz.vmwalk  where snapshots go
"""

import os
import shlex
import subprocess

import gdb

ADDRESS_BITS = (1 << 64) - 1


class Setting(gdb.Parameter):
    """A string that is handed to a shell's rules of splitting, or to nobody's."""

    def __init__(self, name, what, value):
        self.set_doc = "Set " + what
        self.show_doc = "Show " + what
        self.__doc__ = what[0].upper() + what[1:]
        super().__init__(name, gdb.COMMAND_SUPPORT, gdb.PARAM_STRING)
        self.value = value

    def get_set_string(self):
        return ""

    def get_show_string(self, value):
        return value or "(none)"


program = Setting("vmwalk-program", "what is run for the command vmwalk.",
                  os.environ.get("VMWALK", "vmwalk"))
collection = Setting("vmwalk-collection",
                     "the file that vmwalk snap adds to; none: NAME.vmwalk.", "")


def address_of(expression):
    """The address that an expression means, in hexadecimal.

    A pointer is one; a function and an array are where they are. What is no
    expression here may be one for vmwalk: a symbol.
    """
    try:
        value = gdb.parse_and_eval(expression)
    except gdb.error:
        return expression
    kind = value.type.strip_typedefs().code
    if kind in (gdb.TYPE_CODE_FUNC, gdb.TYPE_CODE_ARRAY) and value.address:
        value = value.address
    try:
        return "%x" % (int(value) & ADDRESS_BITS)
    except gdb.error:
        if value.address is None:
            raise gdb.GdbError("%s has no address" % expression)
        return "%x" % (int(value.address) & ADDRESS_BITS)


def pid():
    inferior = gdb.selected_inferior()
    if not inferior or not inferior.pid:
        raise gdb.GdbError("There is no process: 'start' or 'attach' first")
    return str(inferior.pid)


def snapshot(words):
    """snap "note", with options of vmwalk's before it if there are any."""
    options = [w for w in words if w.startswith("-")]
    note = " ".join(w for w in words if not w.startswith("-"))
    if note:
        options += ["-m", note]
    if not any(o.startswith(("-o", "--output")) for o in options):
        name = gdb.current_progspace().filename or "gdb"
        options += ["-o", collection.value or os.path.basename(name) + ".vmwalk"]
    return ["snap"] + options + [pid()]


def command_line(text):
    words = shlex.split(text)
    if not words:
        raise gdb.GdbError("Which command of vmwalk's? See 'help vmwalk'")
    command, rest = words[0], words[1:]
    if command in ("help", "explain", "doctor", "load", "unload", "log", "diff"):
        return words
    if command == "snap":
        return snapshot(rest)
    if command in ("where", "pte"):
        rest = [w if w.startswith("-") else address_of(w) for w in rest]
    return [command] + [w for w in rest if w.startswith("-")] + [pid()] + \
        [w for w in rest if not w.startswith("-")]


class Vmwalk(gdb.Command):
    __doc__ = __doc__

    def __init__(self):
        super().__init__("vmwalk", gdb.COMMAND_STATUS)

    def invoke(self, argument, from_tty):
        del from_tty
        arguments = command_line(argument)
        environment = dict(os.environ, COLUMNS=str(gdb.parameter("width") or 80))
        try:
            run = subprocess.run(shlex.split(program.value) + arguments,
                                 stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                                 env=environment, check=False)
        except OSError as error:
            raise gdb.GdbError("%s: %s; see 'help set vmwalk-program'" %
                               (program.value, error.strerror))
        gdb.write(run.stdout.decode(errors="replace"))
        # 3: shown, but the process changed meanwhile.
        if run.returncode not in (0, 3):
            raise gdb.GdbError("vmwalk ended with status %d" % run.returncode)

    def complete(self, text, word):
        del word
        commands = ("show maps map extents where pte threads tables go snap shared "
                    "explain help doctor").split()
        if " " in text.lstrip():
            return gdb.COMPLETE_EXPRESSION
        return [c for c in commands if c.startswith(text.strip())]


Vmwalk()
