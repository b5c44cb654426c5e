# SPDX-License-Identifier: Apache-2.0
"""Runs the slang front end over the arguments; any warning or error fails."""
import sys

from pyslang import driver

d = driver.Driver()
d.addStandardArgs()
args = " ".join(["slang", "-Weverything", "-Werror"] + sys.argv[1:])
if not d.parseCommandLine(args) or not d.processOptions() or not d.parseAllSources():
    sys.exit(1)
ok = d.runFullCompilation()
if ok:
    print("lint-slang: clean")
sys.exit(0 if ok else 1)
