# SPDX-License-Identifier: GPL-2.0
"""
An independent client: ynl, the kernel tree's own, driven by include/vmwalk.yaml
alone, asks the module what vmwalk asks it, and what it decodes must agree with
vmwalk's JSON. Runs in the lab VM, as root: compare.py YNL SPEC. Prints TAP.
"""
import json
import os
import signal
import subprocess
import sys
import time
import traceback

sys.path.insert(0, sys.argv[1])
from lib import YnlFamily, NlError  # noqa: E402

TARGETS = "/tests/targets/"
# What processes of known shape have in them, that different decoders must agree
# on: kinds, levels, absences, frames, threads, names.
SHAPES = [
    ("anon", "permissions"),
    ("file", "cow"),
    ("huge", "thp"),
    ("swap", "anon"),
    ("absent", "file"),
]

ynl = YnlFamily(sys.argv[2], "")


def cli(*words):
    """What vmwalk says."""
    done = subprocess.run(["vmwalk", *map(str, words), "--json"], stdout=subprocess.PIPE,
                          check=True)
    return json.loads(done.stdout)


def same(mine, theirs, what):
    """Names the first thing that differs."""
    if mine != theirs:
        raise AssertionError(f"{what}: ynl {mine!r}, vmwalk {theirs!r}")


class Target:
    """A process that stands still."""

    def __init__(self, program, *words):
        self.process = subprocess.Popen([TARGETS + program, *words], text=True,
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.pid = self.process.pid
        self.said = []
        while not self.said or self.said[-1] not in ("ready", ""):
            self.said.append(self.process.stdout.readline().strip())

    def __enter__(self):
        if self.said[-1:] != ["ready"]:
            raise AssertionError(f"the target does not get ready: {self.said}")
        os.kill(self.pid, signal.SIGSTOP)
        os.waitid(os.P_PID, self.pid, os.WSTOPPED | os.WNOWAIT)
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()


def while_still(mine, theirs):
    """
    What both say of a target that was the same before and after: though it stands
    still, the kernel ages its pages, moves them and writes them back.
    """
    for _ in range(20):
        before, other, after = mine(), theirs(), mine()
        if before == after:
            return before, other
        time.sleep(0.1)
    raise AssertionError("the target does not stay the same")


def text(raw):
    """Of a struct's member: text fills its place with NULs."""
    return raw.split(b"\0")[0].decode()


def mask(name):
    return ynl.consts["state"].entries[name].value


def constant(name):
    return int(ynl.consts[name]["value"])


def field(state, name):
    bits = mask(name)
    return (state & bits) // (bits & -bits)


def frame_number(frame):
    return frame & ((1 << constant("vmwalk-frame-shift")) - 1)


def frame_node(frame):
    node = frame >> constant("vmwalk-frame-shift")
    return None if node == constant("vmwalk-frame-no-node") else node


def append_extents(slots, more, width):
    """A run of pages goes on in the next record: it is one extent all the same."""
    last, first = slots[-width:], more[:width]
    pages = last[0] & 0xffffffff if last else 0
    in_line = width < 2 or not first[1] or first[1] == last[1] + pages
    if last and first[0] >> 32 == last[0] >> 32 and in_line:
        slots[-width] += first[0] & 0xffffffff
        more = more[width:]
    slots += more


def walk(pid, *flags):
    """The messages of a dump put together: mm, VMAs, threads, consistency."""
    answer = {"vma": [], "thread": []}
    width = 2 if "phys" in flags else 1
    for message in ynl.dump("walk", {"pid": pid, "flags": list(flags)}):
        for vma in message.pop("vma", []):
            if "continued" in vma["info"]["flags"] and "pages" not in vma:
                append_extents(answer["vma"][-1]["extents"], vma["extents"], width)
            else:
                answer["vma"].append(vma)
        answer["thread"] += message.pop("thread", [])
        answer.update(message)
    # What else the stamp tells is of this walk, and not of the target.
    answer["consistency"] = answer.pop("end-stamp")["consistency"]
    return answer


def compare_mm(mm, document):
    same(mm["comm"], document["comm"], "comm")
    same(mm["info"]["pid"], document["pid"], "pid")
    same("compat" in mm["info"]["flags"], document["mm"]["compat"], "compat")
    for name, value in document["mm"].items():
        if name != "compat":
            same(mm["info"][name], value, f"mm.{name}")


def perms(flags):
    return "".join(letter if name in flags else "-" for name, letter in
                   (("read", "r"), ("write", "w"), ("exec", "x"))) + \
        ("s" if "shared" in flags else "p")


def compare_vma(vma, theirs):
    info = vma["info"]
    for name in ("start", "end", "offset"):
        same(info[name], theirs[name], name)
    where = info["start"]
    same(perms(info["flags"]), theirs["perms"], f"{where} perms")
    same(f"{info['dev_major']:02x}:{info['dev_minor']:02x}", theirs["dev"], f"{where} dev")
    same(info["ino"], theirs["inode"], f"{where} inode")
    same(vma.get("name"), theirs["name"], f"{where} name")
    same(1 << info["page_shift"], theirs["page_size"], f"{where} page size")


def compare_state(state, frame, theirs, where):
    """One state, of an extent or of a page."""
    kind = ynl.consts["kind"].entries_by_val[state & mask("kind")].name
    same(kind, theirs["kind"], f"{where} kind")
    if theirs["present"]:
        same(field(state, "level"), theirs["level"], f"{where} level")
        same(field(state, "pkey"), theirs["pkey"], f"{where} pkey")
        for name in ("write", "exec", "dirty", "accessed", "protnone", "hugetlb"):
            same(bool(state & mask(name)), theirs[name], f"{where} {name}")
    if kind != "none":
        for name in ("soft-dirty", "uffd-wp"):
            told = theirs[name.replace("-", "_")]
            if told is not None:
                same(bool(state & mask(name)), told, f"{where} {name}")
    if "pfn" in theirs:
        same(frame_number(frame), theirs["pfn"], f"{where} pfn")
        same(frame_node(frame), theirs["node"], f"{where} node")
    if "swap_offset" in theirs:
        same(frame_number(frame), theirs["swap_offset"], f"{where} swap offset")


def compare_extents(vma, theirs, width):
    """Packed: state and pages in one number; with frames, each behind its extent."""
    at = int(vma["info"]["from"], 16)
    slots = vma["extents"]
    same(len(slots) // width, len(theirs["extents"]), f"{at:x} number of extents")
    for i, extent in enumerate(theirs["extents"]):
        slot = slots[i * width]
        pages = slot & 0xffffffff
        same(hex(at), extent["start"], "start of an extent")
        same(pages, extent["pages"], f"{at:x} pages")
        compare_state(slot >> 32, slots[i * width + 1] if width > 1 else 0, extent, f"{at:x}")
        at += pages * 4096
    return len(theirs["extents"])


def compare_walk(pid, flags, options):
    mine, theirs = while_still(lambda: walk(pid, "extents", "entry", *flags),
                               lambda: cli("extents", *options, pid))
    compare_mm(mine["mm"], theirs)
    same(mine["consistency"], "consistent", "the walk")
    vmas = mine["vma"]
    # What the module calls the gate is there only if the machine has one.
    if theirs["vsyscall"] == "none":
        vmas = [vma for vma in vmas if "gate" not in vma["info"]["flags"]]
    same(len(vmas), len(theirs["vmas"]), "number of VMAs")
    extents = 0
    for vma, other in zip(vmas, theirs["vmas"]):
        compare_vma(vma, other)
        extents += compare_extents(vma, other, 2 if "phys" in flags else 1)
    return extents


def test_info():
    info = ynl.do("info", {})
    detail = next(c["detail"] for c in cli("doctor")["checks"] if c["name"] == "interface")
    same(f"vmwalk.ko {info['version']} answers, revision {info['abi']}", detail, "interface")
    same(info["arch"], os.uname().machine, "arch")
    same(1 << info["page-shift"], os.sysconf("SC_PAGE_SIZE"), "page size")
    same(info["walk-flags"], set(ynl.consts["walk-flag"].entries), "flags of a walk")
    assert info["can"] and info["chunk"] and info["atomic-max"] and info["hugepage"]


def test_walk():
    for shape in SHAPES:
        with Target(*shape) as target:
            extents = compare_walk(target.pid, [], [])
            extents += compare_walk(target.pid, ["phys"], ["--phys"])
            assert extents > 20, extents
            print(f"# {' '.join(shape)}: {extents} extents agree")


def test_sums():
    """A static program: who else maps a library changes from one look to the next."""
    with Target("static_c", "sections") as target:
        mine, theirs = while_still(lambda pid=target.pid: walk(pid, "extents", "pages"),
                                   lambda pid=target.pid: cli("show", "--sharing", pid))
        theirs = theirs["totals"]
        for kind in ("shared", "private"):
            total = sum(v["pages"][f"{kind}_clean"] + v["pages"][f"{kind}_dirty"]
                        for v in mine["vma"])
            same(total, theirs[kind], kind)
        # Its share of the vdso's page depends on how many processes there are.
        pss = sum(v["pages"]["pss"] for v in mine["vma"]) >> constant("vmwalk-pss-shift")
        assert theirs["pss"] and abs(pss - theirs["pss"]) < 4096, (pss, theirs["pss"])


def test_threads():
    with Target("anon", "threads") as target:
        mine, theirs = while_still(lambda pid=target.pid: walk(pid, "threads")["thread"],
                                   lambda pid=target.pid: cli("threads", pid)["threads"])
        assert len(theirs) > 1
        same(len(mine), len(theirs), "number of threads")
        for thread, other in zip(mine, theirs):
            same(thread["info"]["tid"], other["tid"], "tid")
            same(thread["comm"], other["comm"], "comm")
            same("running" in thread["info"]["flags"], other["running"], "running")
            for name in ("sp", "pc", "fs_base"):
                same(thread["info"][name], other[name]["address"], name)


def decoded_bits(entry, bits):
    """By the names that INFO gives the bits of an entry of that level."""
    named = []
    for bit in bits:
        role = 1 if "leaf" in entry["flags"] else 2
        if not bit["levels"] >> entry["level"] & 1 or not bit["leaf"] & role:
            continue
        value = int(entry["value"], 16) >> bit["shift"] & ((1 << bit["width"]) - 1)
        if value:
            named.append((text(bit["name"]), value))
    return sorted(named)


def compare_entry(entry, other, info):
    for name in ("level", "index", "phys", "value", "again"):
        same(entry[name], other[name], f"{other['name']} {name}")
    for name in ("present", "leaf", "bad"):
        same(name in entry["flags"], other[name], f"{other['name']} {name}")
    level = next(lev for lev in info["level"] if text(lev["name"]) == other["name"])
    same(level["shift"], other["shift"], f"{other['name']} shift")


def compare_pte(pid, address, info):
    mine, theirs = while_still(lambda: ynl.do("pte", {"pid": pid, "start": address}),
                               lambda: cli("pte", pid, f"{address:x}"))
    compare_mm(mine["mm"], theirs)
    same(mine["top"], theirs["top"], "top")
    same(len(mine["entry"]), len(theirs["levels"]), "number of levels")
    for entry, other in zip(mine["entry"], theirs["levels"]):
        compare_entry(entry, other, info)
        if other["present"] and not theirs["page"].get("protnone"):
            same(decoded_bits(entry, info["entry-bit"]),
                 sorted((b["name"], b["value"]) for b in other["bits"]), "bits")
    compare_state(mine["extent"] >> 32, int(mine.get("frame", "0x0"), 16), theirs["page"],
                  f"{address:x}")
    if theirs["struct_page"]:
        page = theirs["struct_page"]
        same(mine["page"]["pfn"], page["pfn"], "pfn")
        same(mine["page"]["flags"], page["kpageflags"], "kpageflags")
        for name in ("refcount", "mapcount", "node", "order"):
            same(mine["page"][name], page[name], name)
    return len(mine["entry"])


def test_pte():
    info = ynl.do("info", {})
    for shape in (("anon", "zero"), ("huge", "thp"), ("swap", "anon")):
        levels = 0
        with Target(*shape) as target:
            # What the target has made, and its stack.
            made = {int(line.split()[1], 16) for line in target.said
                    if line.startswith(("page", "state"))}
            stack = cli("maps", target.pid)["mm"]["start_stack"]
            for address in [*sorted(made)[:5], int(stack, 16)]:
                levels += compare_pte(target.pid, address, info)
        assert levels > 5, levels
        print(f"# {' '.join(shape)}: {levels} entries agree")


def test_tasks():
    mine = {}
    for message in ynl.dump("tasks", {}):
        for task in message.get("task", []):
            mine[task["pid"]] = task
    theirs = [p for p in cli("ps")["processes"] if p["comm"] not in ("vmwalk", "python3.11")]
    assert theirs
    for process in theirs:
        task = mine[process["pid"]]
        same(text(task["comm"]), process["comm"], "comm")
        for name in ("ppid", "uid", "euid", "threads", "start_time", "cgroup"):
            same(task[name], process[name], f"{process['comm']} {name}")
        same("kthread" in task["flags"], process["kernel_thread"], "kernel thread")
        for name, value in process["memory"].items():
            same(task[name], value, f"{process['comm']} {name}")
    print(f"# {len(theirs)} processes agree")


def refused(mode, operation, request, words):
    try:
        getattr(ynl, mode)(operation, request)
    except NlError as error:
        said = str(error)
        if words in said:
            return
        raise AssertionError(f"{request}: {said}") from error
    raise AssertionError(f"{request} was not refused")


def test_refusals():
    refused("dump", "walk", {"pid": 0x3fffff}, "no such process")
    refused("dump", "walk", {"pid": 2}, "kernel thread")
    refused("do", "pte", {"pid": 1}, "VMWALK_REQ_A_START is missing")
    test_info()


def main():
    tests = [test_info, test_walk, test_sums, test_threads, test_pte, test_tasks,
             test_refusals]
    failed = 0
    for number, test in enumerate(tests, 1):
        try:
            test()
            print(f"ok {number} - {test.__name__}", flush=True)
        except Exception:  # pylint: disable=broad-except
            failed += 1
            for line in traceback.format_exc().splitlines():
                print(f"# {line}")
            print(f"not ok {number} - {test.__name__}", flush=True)
    print(f"1..{len(tests)}")
    return failed > 0


sys.exit(main())
