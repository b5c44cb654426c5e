# SPDX-License-Identifier: Apache-2.0
"""Runs the slang front end over the arguments; any warning or error fails.

Two warnings are off: casts that are no-ops for some parameter values, and a default beside a full unique case (kept for
the tools that want one).
"""
import sys

from pyslang import driver

d = driver.Driver()
d.addStandardArgs()
args = " ".join(["slang", "-Wextra", "-Werror", "-Wno-useless-cast", "-Wno-case-redundant-default"] + sys.argv[1:])
if not d.parseCommandLine(args) or not d.processOptions() or not d.parseAllSources():
    sys.exit(1)
ok = d.runFullCompilation()
if ok:
    print("lint-slang: clean")
sys.exit(0 if ok else 1)
