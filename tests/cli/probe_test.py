#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""leanworker probe and leanworker bench, on the checking runtime, which is not Lean.

    probe_test.py LEANWORKER MANIFEST NATIVE_MANIFEST TOOLCHAIN SOURCE

Figures are there, hang together, and are what the documentation lists. How long anything took is not
asserted: that is for benches.
"""
import html.parser
import json
import os
import pathlib
import re
import select
import shutil
import subprocess
import sys
import tempfile
import xml.etree.ElementTree

LEANWORKER, MANIFEST, NATIVE, TOOLCHAIN, SOURCE = sys.argv[1:]
FOLDER = pathlib.Path(tempfile.mkdtemp())
PATIENCE = 100
ENVIRONMENT = {**os.environ, "LC_ALL": "C.UTF-8", "XDG_CACHE_HOME": str(FOLDER / "cache"),
               "LEANWORKER_PACKAGE": str(FOLDER / "package")}
for name in ("LEAN_SYSROOT", "ELAN_TOOLCHAIN", "LEANWORKER_COMPARE_COMMAND"):
    ENVIRONMENT.pop(name, None)
failures = []


def check(title, holds, evidence=""):
    if not holds:
        failures.append(title)
        print(f"FAILED: {title}: {evidence}")


def run(*arguments, environment=()):
    """Answers status, standard output and error, once nothing that was started holds the pipe any more."""
    held, holds = os.pipe()
    process = subprocess.Popen([LEANWORKER, *arguments], stdin=subprocess.DEVNULL, text=True,
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE, pass_fds=[holds],
                               env={**ENVIRONMENT, **dict(environment)})
    os.close(holds)
    try:
        out, err = process.communicate(timeout=PATIENCE)
    except subprocess.TimeoutExpired:
        process.kill()
        raise
    ended, _, _ = select.select([held], [], [], 20)
    check(f"nothing is left running by {' '.join(arguments[:6])}", ended)
    os.close(held)
    return process.returncode, out, err


def probe(*arguments, manifest=MANIFEST, environment=()):
    return run("probe", "-c", manifest, "--quick", *arguments, environment=environment)


def report(title, *arguments, status=0, **more):
    got, out, err = probe("--json", *arguments, **more)
    check(f"{title}: exit status {status}", got == status, f"{got} {err}")
    return json.loads(out)


def figure(of, name):
    return next(f for f in of["figures"] if f["name"] == name)


def exit_status(name):
    _, out, _ = run("--help")
    return int(re.search(rf"^ *(\d+)  LW_E_{name}$", out, re.M)[1])


# ---- The whole report


def the_report_has_every_figure():
    page = FOLDER / "probe.html"
    of = report("a report", "--repeat", "3", "--html", str(page))
    not_run = {"start.build", "import.open", "import.all", "compare.ours", "compare.command"}
    for f in of["figures"]:
        if f["name"] in not_run:
            check(f"{f['name']} is not run", f["state"] == "not run" and f["why"], f)
            continue
        check(f"{f['name']} is measured", f["state"] == "measured", f)
        check(f"{f['name']} is more than 0", f.get("lowest", 0) > 0, f)
        check(f"{f['name']} has its three runs", len(f.get("values", [])) == 3, f)
        check(f"{f['name']} has its median in the middle",
              f["median"] == sorted(f["values"])[1] and f["lowest"] == min(f["values"]) and
              f["highest"] == max(f["values"]), f)
        check(f"{f['name']} says from where to where", f["from"] and f["to"], f)
    check("what serves is said first", list(of)[1] == "served_by", list(of))
    check("and that it is not Lean", of["served_by"]["stand_in"] is True and
          "not Lean" in of["served_by"]["runtime"], of["served_by"])
    check("index has the rows of extract and of features", figure(of, "command.index")["rows"] ==
          figure(of, "command.extract")["rows"] + figure(of, "command.features")["rows"] > 0)
    check("a child is kept at most as often as it was cancelled",
          all(figure(of, name)["kept"] <= 3 for name in ("cancel.row", "cancel.silent")))
    check("one that ignores is not", figure(of, "cancel.deaf")["kept"] == 0)
    check("the verdict of a kill", figure(of, "death.verdict")["note"] == "KILLED_FROM_OUTSIDE")
    check("the verdict of a panic", figure(of, "panic.verdict")["note"] == "PANIC")
    check("without a command there is no comparison", of["comparison"] is None)
    the_statistics_agree(of)
    the_memory_is_sampled(of)
    the_page_needs_nothing_else(page)
    the_documentation_lists(of)


def the_statistics_agree(of):
    s = of["statistics"]
    check("three kills and three panics", s["deaths"] == s["restarts"]["crash"] == 6, s)
    # A child that looks whether it should stop is kept, unless the machine has no time for it: then too
    # the report must say what happened.
    killed = sum(3 - figure(of, name)["kept"] for name in ("cancel.row", "cancel.silent", "cancel.deaf"))
    check("nine cancels, and who was killed over one", s["restarts"]["cancelled"] == killed >= 3, s)
    check("three cycles", s["restarts"]["explicit"] == 3, s)
    check("and no other child", s["generations"] == s["opens"] == 1 + 6 + killed + 3, s)


def the_memory_is_sampled(of):
    samples = of["memory"]
    check("there is a sample of each run at least", len(samples) > 10, samples)
    check("this process has memory", all(s["parent_kib"] > 0 for s in samples), samples)
    check("so has the child that is open", samples[0]["child_kib"] > 0, samples[0])
    check("time goes on", [s["ms"] for s in samples] == sorted(s["ms"] for s in samples))
    check("generations go on", samples[-1]["generation"] == of["statistics"]["generations"])


def the_page_needs_nothing_else(path):
    text = path.read_text()
    parser = html.parser.HTMLParser()
    parser.feed(text)
    parser.close()
    root = xml.etree.ElementTree.fromstring(text)
    body = root.find("body")
    check("the page has its four plots", len(list(root.iter("svg"))) == 4)
    check("it says what serves, first", "".join(body[1].itertext()).startswith(
        "Served by leanworker checking runtime (not Lean)"), "".join(body[1].itertext()))
    check("it has no script", not list(root.iter("script")) and not list(root.iter("link")))
    check("it is of nowhere else", not re.search(r"https?:|url\(|@import|\ssrc=|\shref=", text))
    check("no plot has lost a number", "nan" not in text and "inf\"" not in text)


def documented(title):
    """What the first columns of the tables of a section of docs/probe.md name."""
    text = (pathlib.Path(SOURCE) / "docs/probe.md").read_text()
    section = text.split(f"\n## {title}\n")[1].split("\n## ")[0]
    return set(re.findall(r"`([^`]+)`", "\n".join(re.findall(r"^\|([^|]*)\|", section, re.M))))


def the_documentation_lists(of):
    for title, have in (("What is measured", {f["name"] for f in of["figures"]}), ("JSON", set(of)),
                        ("What is asked", set(of["roles"]))):
        check(f"docs/probe.md, {title}, lists what there is", documented(title) == have,
              documented(title) ^ have)


def the_table_is_for_people():
    got, out, err = probe("--repeat", "1")
    check("a table: exit status 0", got == 0, err)
    check("the first line is what serves", out.startswith("served by leanworker checking runtime (not Lean)"),
          out)
    for title in ("Cold start, by step", "Commands", "Streaming in one session", "Cancelling",
                  "Fatal exits", "Explicit cycle", "Memory of its own"):
        check(f"the table has {title}", title in out, out)
    check("what is not there is not run", "not run: no imports given" in out, out)
    check("deaths that were made are not shown", "PANIC at" not in err, err)


# ---- Other capabilities


def an_export_that_is_not_there_is_no_failure():
    of = report("a capability without these exports", manifest=NATIVE)
    check("it says so", figure(of, "command.version")["state"] == "not there" and
          figure(of, "command.version")["why"] == 'no export "version"', figure(of, "command.version"))
    check("what needs none is measured", figure(of, "cycle.ready")["state"] == "measured")


def an_export_has_the_role_that_it_is_given():
    of = report("another export for throughput", "--export", "stream=many", "--request",
                'stream={"count":7}', "--repeat", "1")
    note = figure(of, "stream.rows")["note"]
    requests, rows = (int(n) for n in re.findall(r"\d+", note)[:2])
    check("its rows are counted", requests > 0 and rows == 7 * requests, note)
    check("its name is in the report", of["roles"]["stream"] == {"export": "many", "request_bytes": 11},
          of["roles"])


def a_figure_that_fails_is_a_finding():
    of = report("a request that is none", "--request", "index=none", "--repeat", "1", status=4)
    f = figure(of, "command.index")
    check("with its reason", f["state"] == "failed" and f["why"].startswith("EXCEPTION: "), f)
    of = report("an export that does not wait", "--export", "silent=rows", "--repeat", "1", status=4)
    f = figure(of, "cancel.silent")
    check("an end by itself is no cancel", f["state"] == "failed" and "by itself" in f["why"], f)


def a_project_is_built_and_imported():
    project, package = FOLDER / "project", FOLDER / "package"
    modules = project / ".lake/build/lib/lean/My"
    modules.mkdir(parents=True)
    (project / "lakefile.toml").write_text('name = "project"\n')
    (modules / "Module.olean").touch()
    source = pathlib.Path(SOURCE)
    shutil.copytree(source / "lean", package, ignore=shutil.ignore_patterns(".lake", "LeanWorkerLean"))
    shutil.copy(source / "fixtures/inspected/LeanWorkerLean.lean", package)
    shutil.copy(source / "fixtures/inspected/ir/LeanWorkerLean.c", package / "ir")
    got, out, err = run("probe", "--project", str(project), "--sysroot", TOOLCHAIN, "--import", "My.Module",
                        "--quick", "--json", "--export", "stream=declarations")
    check("a project: exit status 0", got == 0, err)
    of = json.loads(out)
    for name in ("start.build", "start.open", "import.open", "import.all", "stream.rows",
                 "cycle.first_row"):
        check(f"{name} of a project is measured", figure(of, name)["state"] == "measured", figure(of, name))


# ---- Comparison


def compare(command, *arguments, **more):
    of = report(f"compare with {command}", "--repeat", "2", "--compare", command, "--export", "silent=none",
                "--export", "panic=none", *arguments, **more)
    return of["comparison"], figure(of, "compare.command"), figure(of, "compare.ours")


def a_command_that_succeeds_is_measured_as_often():
    c, theirs, ours = compare("echo here; echo there >&2", "--compare-revision", "of today")
    check("both have two runs", len(theirs["values"]) == len(ours["values"]) == 2, (theirs, ours))
    check("and a warm-up", c["runs"] == 3, c)
    check("the command is recorded", c["command"] == "echo here; echo there >&2", c)
    check("the revision is recorded", c["revision"] == "of today", c)
    check("what it printed on both is kept", c["output"] == "here\nthere\n" and c["output_bytes"] == 11, c)
    check("it is said what it is", "no parity benchmark" in c["kind"], c)


def a_command_that_fails_is_none_of_ours():
    c, theirs, ours = compare("exit 3")
    check("its status is said", theirs["state"] == "failed" and theirs["why"] == "run 1 ended with status 3",
          theirs)
    check("it is not run again", c["runs"] == 1, c)
    check("ours goes on", ours["state"] == "measured", ours)


def a_command_that_hangs_is_killed_with_its_group():
    c, theirs, _ = compare("sleep 1000 & echo begun; wait", "--compare-timeout", "500ms")
    check("its time is over", c["timed_out"] is True and "had not ended after 0.5 s" in theirs["why"], theirs)


def a_command_that_leaves_others_behind_is_measured():
    c, theirs, _ = compare("sleep 1000 & echo done")
    check("its own end counts", theirs["state"] == "measured" and c["timed_out"] is False, theirs)


def a_command_that_floods_is_counted():
    c, theirs, _ = compare("head -c 3000000 /dev/zero")
    check("it is read to its end", theirs["state"] == "measured" and c["output_bytes"] == 3000000, c)
    check("and the beginning kept", len(c["output"]) == c["output_kept_most"] == 4096, len(c["output"]))
    c, theirs, _ = compare("yes", "--compare-timeout", "1s")
    check("without an end it is killed", c["timed_out"] is True and c["output_bytes"] > 4096, c)


def a_command_of_the_environment():
    c = report("a command of the environment", "--repeat", "1",
               environment={"LEANWORKER_COMPARE_COMMAND": "printf '\\377'"}.items())["comparison"]
    check("it is run", c["command"] == "printf '\\377'", c)
    check("bytes that are no text are replaced", c["output"] == "?", c)


def a_page_is_well_formed_whatever_it_tells():
    page = FOLDER / "compared.html"
    c, _, _ = compare("printf '<&>\"\\001' # \N{LATIN SMALL LETTER E WITH ACUTE}", "--html", str(page))
    check("a command with letters that mean something", c["output"] == '<&>"\x01', c)
    root = xml.etree.ElementTree.fromstring(page.read_text())
    check("it is in the page as it is", root.find(".//pre").text == c["command"], root.find(".//pre").text)


def the_table_names_the_limits():
    got, out, _ = probe("--repeat", "1", "--compare", "true")
    check("a table with a comparison", got == 0 and "  command   true\n" in out and "a warm-up" in out and
          "no ratio is given" in out, out)


def an_interrupt_ends_it():
    got, out, err = probe("--json", "--compare-timeout", "30m", "--compare",
                          "kill -INT $PPID; sleep 1000")
    check("an interrupt", got == exit_status("CANCELLED") and out == "" and "interrupted" in err, (got, err))


# ---- Wrong usage, and what cannot be done


def wrong_usage_is_said():
    for arguments, text in ((("--repeat", "0"), "is not a number from 1 to 100"),
                            (("--repeat", "101"), "is not a number from 1 to 100"),
                            (("--repeat", "3x"), "is not a number from 1 to 100"),
                            (("--export", "other=x"), "the roles are version, doctor"),
                            (("--export", "stream"), "is not ROLE=EXPORT"),
                            (("--request", "stream="), "is not ROLE=TEXT"),
                            (("--compare", ""), "--compare is empty")):
        got, out, err = probe(*arguments)
        check(f"wrong usage: {arguments}", got == 2 and text in err and out == "", (got, err))
    got, _, err = run("probe")
    check("no capability", got == 2 and "--capability or --project is missing" in err, err)
    got, _, err = probe("--repeat", "1", "--html", str(FOLDER / "none" / "probe.html"))
    check("a page that cannot be written", got == 3 and "cannot write" in err, (got, err))
    got, _, err = run("probe", "-c", str(FOLDER / "none.json"), "--json")
    check("a manifest that is not there", got == exit_status("CAPABILITY") and
          json.loads(err)["verdict"] == "MANIFEST", err)


# ---- bench


def bench_counts_rows():
    got, out, err = run("bench", "many", "-c", MANIFEST, "-r", '{"count":50}', "--for", "50ms", "--json")
    of = json.loads(out)
    check("bench: exit status 0", got == 0, err)
    check("bench says what serves", "not Lean" in of["served_by"]["runtime"], of)
    check("bench counts", of["rows"] == 50 * of["requests"] > 0 and of["bytes"] > of["rows"], of)
    check("bench has all its times", 0 < of["first_row_p50_ms"] <= of["request_p99_ms"] and
          0 < of["request_p50_ms"] <= of["request_p99_ms"] <= of["request_max_ms"], of)
    check("bench went on for its time", of["elapsed_ms"] >= 50, of)
    check("bench knows the CPU time", of["cpu_us"] >= 0 and of["child_cpu_us"] >= 0, of)
    check("docs/probe.md lists what there is of bench", documented("bench") == set(of), documented("bench") ^ set(of))


def bench_has_a_table():
    got, out, _ = run("bench", "many", "-c", MANIFEST, "-r", '{"count":50}', "--for", "50ms")
    check("the table of bench", got == 0 and out.startswith("served by leanworker checking runtime") and
          "rows/s" in out and "p99" in out and "CPU of child" in out, out)
    got, out, _ = run("bench", "status", "-c", MANIFEST, "-r", '{"status":0}', "--for", "20ms")
    check("an export without rows", got == 0 and re.search("^first row +none$", out, re.M), out)


def bench_fails_as_a_request_does():
    got, _, err = run("bench", "none", "-c", MANIFEST, "--for", "50ms")
    check("an export that is not there", got == exit_status("EXPORT") and "EXPORT_UNKNOWN" in err, err)
    got, _, err = run("bench", "-c", MANIFEST)
    check("an export that is not named", got == 2 and "which export?" in err, err)
    got, _, err = run("bench", "throw", "-c", MANIFEST, "-r", '{"message":"no"}', "--for", "50ms")
    check("an export that throws", got == exit_status("EXCEPTION"), err)


try:
    for test in (the_report_has_every_figure, the_table_is_for_people,
                 an_export_that_is_not_there_is_no_failure, an_export_has_the_role_that_it_is_given,
                 a_figure_that_fails_is_a_finding, a_project_is_built_and_imported,
                 a_command_that_succeeds_is_measured_as_often, a_command_that_fails_is_none_of_ours,
                 a_command_that_hangs_is_killed_with_its_group,
                 a_command_that_leaves_others_behind_is_measured, a_command_that_floods_is_counted,
                 a_command_of_the_environment, a_page_is_well_formed_whatever_it_tells, the_table_names_the_limits, an_interrupt_ends_it,
                 wrong_usage_is_said, bench_counts_rows, bench_has_a_table, bench_fails_as_a_request_does):
        test()
finally:
    shutil.rmtree(FOLDER, ignore_errors=True)
sys.exit(1 if failures else 0)
