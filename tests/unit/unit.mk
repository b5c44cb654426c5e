# SPDX-License-Identifier: Apache-2.0
#
# unit.mk - benches of one unit of RTL alone (make -f tests/unit/unit.mk [UNIT_OUT=folder UNIT_RTL=folder ...])
#
#   $(UNIT_OUT)/test_rmp_check   cbit_rmp_check and cbit_rmp_addr, verilated, against libcbit and the vectors
#   $(UNIT_OUT)/test_engines     several engines of one shared object of build/dut (which must be there), closed in every order
#
# UNIT_RTL is the folder of the RTL, UNIT_FIRST files to read before it, UNIT_DEFS flags for the shim: tests/planted uses them.

BUILD      ?= build
UNIT_OUT   ?= $(BUILD)/unit
UNIT_RTL   ?= rtl
UNIT_FIRST ?=
UNIT_DEFS  ?=
VERILATOR  ?= verilator
OBJCACHE   ?= $(shell command -v ccache 2>/dev/null)
UNIT_CXX   := -O2 -std=c++17
UNIT_C     := -std=c11 -Wall -Wextra -Wconversion -Werror -O2 -g -D_GNU_SOURCE -Itb -Itb/shim -Icmodel/include -Itests/model
UNIT_TB    := tb/core/rmpvec.c tb/core/rmpvec_spec.c tb/core/rng.c tb/core/log.c tb/util/file.c

.PHONY: unit
unit: $(UNIT_OUT)/test_rmp_check

RMP_SV := $(UNIT_RTL)/rmp/cbit_rmp_pkg.sv

# $(1) unit. One Verilated library a unit, then the shim over both.
define unit_verilate
$(UNIT_OUT)/obj/$(1)/V$(1)__ALL.a: $(UNIT_FIRST) $(RMP_SV) $(UNIT_RTL)/rmp/cbit_$(1).sv tests/unit/unit.mk
	@mkdir -p $$(@D)
	$(VERILATOR) --cc --no-timing -O3 --x-assign fast --x-initial fast --noassert -Wno-fatal --Mdir $$(@D) --prefix V$(1) \
	  --top-module cbit_$(1) sim/lint.vlt $(UNIT_FIRST) $(RMP_SV) $(UNIT_RTL)/rmp/cbit_$(1).sv
	@MAKEFLAGS= $(MAKE) --no-print-directory -s -C $$(@D) -f V$(1).mk OPT_FAST="-O2" OPT_SLOW="-O1" OPT_GLOBAL="-O2" \
	  OBJCACHE="$(OBJCACHE)" VM_PARALLEL_BUILDS=0 V$(1)__ALL.a \
	  $$$$(sed -n 's/^VM_GLOBAL_FAST += \\//; /verilated/{s/[ \t\\]//g; s/$$$$/.o/; p}' $$(@D)/V$(1)_classes.mk | sort -u)
	@touch $$@
endef
$(eval $(call unit_verilate,rmp_check))
$(eval $(call unit_verilate,rmp_addr))

RMP_LIBS := $(UNIT_OUT)/obj/rmp_check/Vrmp_check__ALL.a $(UNIT_OUT)/obj/rmp_addr/Vrmp_addr__ALL.a

$(UNIT_OUT)/obj/shim_cbit_rmp.o: tb/shim/shim_cbit_rmp.cpp tb/shim/dut_rmp.h $(RMP_LIBS)
	$(OBJCACHE) $(CXX) $(UNIT_CXX) $(UNIT_DEFS) -Itb/shim -I$(UNIT_OUT)/obj/rmp_check -I$(UNIT_OUT)/obj/rmp_addr \
	  -isystem $$($(VERILATOR) --getenv VERILATOR_ROOT)/include -isystem $$($(VERILATOR) --getenv VERILATOR_ROOT)/include/vltstd \
	  -c $< -o $@

$(UNIT_OUT)/test_rmp_check: tests/unit/test_rmp_check.c tests/model/rmp_scenes.h tb/shim/dut_rmp.h $(UNIT_TB) \
                            $(UNIT_OUT)/obj/shim_cbit_rmp.o $(RMP_LIBS) $(BUILD)/libcbit.a
	$(OBJCACHE) $(CC) $(UNIT_C) -c tests/unit/test_rmp_check.c -o $(UNIT_OUT)/obj/test_rmp_check.o
	for f in $(UNIT_TB); do $(OBJCACHE) $(CC) $(UNIT_C) -c $$f -o $(UNIT_OUT)/obj/tb_$$(basename $$f .c).o || exit 1; done
	$(CXX) -o $@ $(UNIT_OUT)/obj/test_rmp_check.o $(UNIT_OUT)/obj/tb_*.o $(UNIT_OUT)/obj/shim_cbit_rmp.o $(RMP_LIBS) \
	  $(UNIT_OUT)/obj/rmp_check/verilated*.o $(BUILD)/libcbit.a -lpthread -lm

ENGINES_TB := tb/core/engine.c tb/core/config.c tb/core/wave.c tb/core/args.c tb/core/log.c tb/chk/lockstep.c

$(UNIT_OUT)/test_engines: tests/unit/test_engines.c $(ENGINES_TB) tb/shim/dut.h $(BUILD)/libcbit.a
	@mkdir -p $(@D)
	$(OBJCACHE) $(CC) $(UNIT_C) -o $@ tests/unit/test_engines.c $(ENGINES_TB) $(BUILD)/libcbit.a -ldl -lm

# Alone (make -f tests/unit/unit.mk) the library is made by the model's own rules.
ifndef CBIT_SONAME
$(BUILD)/libcbit.a: FORCE
	@$(MAKE) --no-print-directory -s -f cmodel/cmodel.mk BUILD=$(BUILD) $@
.PHONY: FORCE
FORCE:
endif
