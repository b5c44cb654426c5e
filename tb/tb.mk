# SPDX-License-Identifier: Apache-2.0
#
# tb.mk - the test program
#
#   build/cbit   from tb/**/*.c and build/libcbit.a; every tb/cli/cmd_<name>.c becomes the command <name>
#   tb-clean
#
# The verilated engines are loaded at run time (sim/verilator.mk builds them), so the program links without them.

BUILD       ?= build
CC          ?= cc
TB_OPT      ?= -O2 -g
TB_SAN      ?=
TB_SRC      := $(sort $(wildcard tb/*/*.c))
TB_CMDS     := $(sort $(wildcard tb/cli/cmd_*.c))
TB_OBJ      := $(patsubst tb/%.c,$(BUILD)/tb/%.o,$(TB_SRC)) $(BUILD)/tb/cmd_table.o
TB_CPPFLAGS := -Itb -Icmodel/include -D_GNU_SOURCE
TB_CFLAGS   := -std=c11 -Wall -Wextra -Wconversion -Werror $(TB_OPT) $(TB_SAN) -MMD -MP
TB_LIBS     ?= -lcrypto -ldl -lz -lm

.PHONY: tb tb-clean
tb: $(BUILD)/cbit

$(BUILD)/tb/%.o: tb/%.c
	@mkdir -p $(@D)
	$(CC) $(TB_CPPFLAGS) $(CPPFLAGS) $(TB_CFLAGS) -c $< -o $@

$(BUILD)/tb/cmd_table.c: $(TB_CMDS) tb/tb.mk
	@mkdir -p $(@D)
	@{ echo '#include <stddef.h>'; echo '#include "cli/cmd.h"'; \
	  for f in $(TB_CMDS); do n=$$(basename $$f .c); echo "int $$n(int argc, char **argv);"; done; \
	  echo 'const cmd_t cmd_table[] = {'; \
	  for f in $(TB_CMDS); do n=$$(basename $$f .c); \
	    t=$$(sed -n '3s/^.*\.c[ :-]* *//p' $$f | sed 's/"/\\"/g'); \
	    echo "    {\"$${n#cmd_}\", \"$$t\", $$n},"; done; \
	  echo '    {NULL, NULL, NULL}};'; } > $@

$(BUILD)/tb/cmd_table.o: $(BUILD)/tb/cmd_table.c
	$(CC) $(TB_CPPFLAGS) $(CPPFLAGS) $(TB_CFLAGS) -c $< -o $@

$(BUILD)/cbit: $(TB_OBJ) $(BUILD)/libcbit.a
	$(CC) $(LDFLAGS) $(TB_SAN) $^ $(TB_LIBS) -o $@

# Alone (make -f tb/tb.mk) the library is made by the model's own rules.
ifndef CBIT_SONAME
$(BUILD)/libcbit.a: FORCE
	@$(MAKE) --no-print-directory -f cmodel/cmodel.mk BUILD=$(BUILD) $@
.PHONY: FORCE
FORCE:
endif

tb-clean:
	rm -rf $(BUILD)/tb $(BUILD)/cbit

-include $(TB_OBJ:.o=.d)
