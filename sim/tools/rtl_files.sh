#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Prints the source files that rtl/cbit.f names, one a line, in its order.
sed -e 's/\/\/.*//' -e '/^ *$/d' -e '/^[+-]/d' rtl/cbit.f
