#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""That the walls can fail: each breach is made in a copy, and must be named."""
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

import walls

HERE = pathlib.Path(__file__).resolve().parent
TREE = HERE.parent.parent


class Includes(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.folder.cleanup)
        cls.tree = pathlib.Path(cls.folder.name)
        shutil.copytree(TREE / "src", cls.tree / "src")
        cls.table = walls.Table(HERE / "table")
        cls.before = walls.check_includes(cls.table, cls.tree)[0]  # [], or house.walls fails too

    def breaches_with(self, path, text):
        file = self.tree / path
        attic = not file.parent.exists()
        file.parent.mkdir(exist_ok=True)
        file.write_text(text)
        breaches = walls.check_includes(self.table, self.tree)[0]
        file.unlink()
        if attic:
            file.parent.rmdir()
        return [breach for breach in breaches if breach not in self.before]

    def assert_breach(self, path, text, named):
        breaches = self.breaches_with(path, text)
        self.assertEqual(len(breaches), 1, breaches)
        self.assertIn(named, breaches[0])

    def test_the_tree_as_it_is(self):
        breaches, files = walls.check_includes(self.table, self.tree)
        self.assertEqual(breaches, [])
        self.assertGreater(files, 40)

    def test_child_includes_parent(self):
        self.assert_breach("src/child/new.c", '\n#include "parent/spawn.h"\n',
                           "src/child/new.c:2: room child may not include parent/spawn.h")

    def test_parent_includes_host(self):
        self.assert_breach("src/parent/new.h", '#  include "host/host.h"\n', "host/host.h")

    def test_host_includes_child(self):
        self.assert_breach("src/host/lean/new.c", '#include "child/serve.h"\n', "child/serve.h")

    def test_wire_includes_capability(self):
        self.assert_breach("src/wire/new.c", '#include "capability/x.h"\n', "capability/x.h")

    def test_child_includes_the_public_header(self):
        self.assert_breach("src/child/new.c", '#include "leanworker/leanworker.h"\n',
                           "leanworker/leanworker.h")
        self.assert_breach("src/child/new.c", '#include <leanworker/leanworker.h>\n',
                           "leanworker/leanworker.h")

    def test_child_includes_jansson(self):
        self.assert_breach("src/child/new.c", "#include <jansson.h>\n", "jansson.h")

    def test_a_path_around_the_wall(self):
        self.assert_breach("src/child/new.c", '#include "../parent/spawn.h"\n', "../parent/spawn.h")

    def test_a_path_without_a_room(self):
        self.assert_breach("src/child/new.c", '#include "serve.h"\n', "serve.h")

    def test_a_comment_is_not_an_include(self):
        text = '/*\n#include "parent/spawn.h"\n*/\n#include "base/sys.h" // "parent/x.h"\n'
        self.assertEqual(self.breaches_with("src/child/new.c", text), [])

    def test_a_room_that_is_not_in_the_table(self):
        self.assert_breach("src/attic/new.c", "", "src/attic")

    def test_a_file_in_no_room(self):
        self.assert_breach("src/new.c", "", "src/new.c: in no room")


class Symbols(unittest.TestCase):
    """A row of rooms with an object each, and one more object under test."""

    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.tree = pathlib.Path(self.folder.name)
        self.table = walls.Table(HERE / "table")
        self.table.direct = {}
        self.objects = [self.compile(f"src/{room}/{room}.c", f"int of_{room} = 1;")
                        for room in self.table.rooms]

    def compile(self, path, text, *options):
        source, result = self.tree / path, self.tree / (path + ".o")
        source.parent.mkdir(parents=True, exist_ok=True)
        source.write_text(text + "\n")
        subprocess.run(["cc", "-w", "-O2", "-c", *options, "-o", result, source], check=True)
        return path.split("/")[1], str(result)

    def breaches_with(self, path, text):
        return walls.check_symbols(self.table, self.objects + [self.compile(path, text)])

    def assert_breach(self, path, text, named):
        breaches = self.breaches_with(path, text)
        self.assertEqual(len(breaches), 1, breaches)
        self.assertIn(named, breaches[0])

    def test_nothing_wrong(self):
        text = "extern int of_wire, of_child; int f(char *s) { return strlen(s) + of_wire + of_child; }"
        self.assertEqual(self.breaches_with("src/child/new.c", text), [])

    def test_child_uses_parent(self):
        self.assert_breach("src/child/new.c", "extern int of_parent; int f(void) { return of_parent; }",
                           "src/child/new.c: room child may not use of_parent of room parent")

    def test_parent_uses_host(self):
        self.assert_breach("src/parent/new.c", "extern int of_host; int f(void) { return of_host; }",
                           "of_host of room host")

    def test_host_uses_child(self):
        self.assert_breach("src/host/lean/new.c",
                           "extern int of_child; int f(void) { return of_child; }",
                           "of_child of room child")

    def test_child_uses_jansson(self):
        self.assert_breach("src/child/new.c", "void f(void) { json_object(); }",
                           "may not use json_object of library jansson")

    def test_a_name_of_ours_that_is_also_a_librarys(self):
        self.objects.append(self.compile("src/base/new.c", "int json_object = 1;"))
        self.assert_breach("src/parent/new.c", "extern int json_object; int f(void) { return json_object; }",
                           "json_object of room base hides that of jansson")
        text = "extern int json_object; int f(void) { return json_object; }"
        self.assertEqual(self.breaches_with("src/cli/new.c", text), [])

    def test_a_symbol_of_nobody(self):
        self.assert_breach("src/base/new.c", "void f(void) { lean_inc_n(); }",
                           "lean_inc_n, which nobody defines")

    def test_a_direct_call(self):
        self.assert_breach("src/wire/new.c", "#include <stdlib.h>\nvoid *f(void) { return malloc(9); }",
                           "src/wire/new.c: calls malloc directly")

    def test_a_direct_call_that_is_an_exception(self):
        self.table.direct = {"src/wire/new.c": (["malloc"], "why")}
        text = "#include <stdlib.h>\nvoid *f(void) { return malloc(9); }"
        self.assertEqual(self.breaches_with("src/wire/new.c", text), [])

    def test_an_exception_that_nobody_needs(self):
        self.table.direct = {"src/base/base.c": (["malloc"], "why")}
        breaches = walls.check_exceptions(self.table, self.objects)
        self.assertEqual(breaches, ["src/base/base.c: does not call malloc: take the exception away"])

    def test_the_names_of_fortified_calls(self):
        names = ("__read_chk", "__open64_2", "open64", "__getdelim", "fopen64", "__openat_2")
        self.assertEqual([walls.plain(name) for name in names],
                         ["read", "open", "open", "getdelim", "fopen", "openat"])

    def test_the_source_of_an_object(self):
        self.assertEqual(walls.source_of("/usr/src/x/lw_base.dir/src/base/sys.c.o"), "src/base/sys.c")

    def test_a_room_without_an_object(self):
        breaches = walls.check_symbols(self.table, self.objects[1:])
        self.assertEqual(breaches, ["room base has no object"])

    def test_a_program_that_exports(self):
        (self.tree / "lib").mkdir()
        source = self.tree / "x.c"
        source.write_text("int lw_yes; int no;\n")
        self.table.programs = {"lib/x.so": (["lw_*"], [])}
        subprocess.run(["cc", "-shared", "-nostdlib", "-o", self.tree / "lib/x.so", source], check=True)
        self.assertEqual(walls.check_programs(self.table, self.tree), ["lib/x.so: exports no"])

    def test_a_program_that_needs_a_library(self):
        (self.tree / "bin").mkdir()
        source = self.tree / "x.c"
        source.write_text("int main(void) { return 0; }\n")
        self.table.programs = {"bin/x": ([], [])}
        subprocess.run(["cc", "-o", self.tree / "bin/x", source], check=True)
        self.assertEqual(walls.check_programs(self.table, self.tree), ["bin/x: needs libc.so.6"])


if __name__ == "__main__":
    unittest.main(verbosity=1)
