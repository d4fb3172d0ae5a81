# SPDX-License-Identifier: Apache-2.0
"""Run by gdb on an object that knows every public type: prints functions and layouts as text, the same on
each machine of one ABI.

    gdb -batch -nx -ex "python names = [...]" -x layout.py OBJECT

A name is "function lw_x", "struct lw_x", "enum lw_x" or "typedef lw_x".
"""
import gdb


def print_function(name):
    print(f"function {name}: {gdb.parse_and_eval('probe_' + name).type.target()}")


def print_struct(name):
    try:
        of = gdb.lookup_type("struct " + name)
        fields = of.fields()
    except gdb.error:
        fields = []
    if not fields:
        print(f"struct {name}: opaque")
        return
    print(f"struct {name}: {of.sizeof} bytes")
    for field in fields:
        print(f"{field.bitpos // 8:8} {field.type.sizeof:5}  {field.name}: {field.type}")


def print_enum(name):
    of = gdb.lookup_type("enum " + name)
    print(f"enum {name}: {of.sizeof} bytes")
    for value in of.fields():
        print(f"{value.enumval:8}  {value.name}")


def print_typedef(name):
    print(f"typedef {name}: {gdb.lookup_type(name).strip_typedefs()}")


PRINTERS = {"function": print_function, "struct": print_struct, "enum": print_enum, "typedef": print_typedef}

for kind, name in (entry.split() for entry in names):  # noqa: F821: see above
    PRINTERS[kind](name)
