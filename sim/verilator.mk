# SPDX-License-Identifier: Apache-2.0
#
# verilator.mk - the engine as shared objects for the test bench
#
#   build/dut/<config>.so        simulation; <config> is a name of sim/configs.list
#   build/dut/<config>.trace.so  the same with FST waves built in (slower; used for --wave)
#   build/dut/<config>.cov.so    the same with line and user coverage
#   dut-test, dut-regress        all configurations of a set
#   dut-custom OUT=x.so CONFIG=name DUT_SRC="..." [DUT_FLAGS="..." DUT_DEFS="..."]
#                                other sources (a netlist, RTL with a planted bug) under the same shim. DUT_SRC are Verilator
#                                arguments (files or -f list) in place of $(DUT_LIST); DUT_PLAIN=1: sources have no parameters
#   dut-clean
#
# Verilator 5.006 (Debian). Objects go through ccache when it is there. Code is for any processor of the kind;
# DUT_MARCH=native for the one at hand.

BUILD       ?= build
VERILATOR   ?= verilator
OBJCACHE    ?= $(shell command -v ccache 2>/dev/null)
DUT_LIST    ?= rtl/cbit.f
DUT_TOP     ?= cbit_top_flat
DUT_OPT     ?= -O2
DUT_MARCH   ?=
DUT_CONFIGS := sim/configs.list
DUT_NAMES   := $(shell awk '!/^\#/ && NF > 1 {print $$1}' $(DUT_CONFIGS))
DUT_RTL     := $(wildcard rtl/*.sv rtl/*/*.sv rtl/*/*.svh rtl/*.svh rtl/*.vlt sim/*.vlt) $(wildcard $(DUT_LIST))
DUT_SHIM    := tb/shim/shim_cbit_top_flat.cpp
DUT_DEP     := $(DUT_SHIM) tb/shim/dut.h tb/core/config.h cmodel/include/cbit_cyc.h

# --no-timing: nothing here waits; the assertions of rtl/prim/cbit_assert.svh run in every build.
DUT_VFLAGS  := --cc --no-timing -O3 --x-assign fast --x-initial fast --assert --top-module $(DUT_TOP) --prefix Vdut \
               -Wno-fatal -Werror-USERERROR --error-limit 20
DUT_CXX     := $(DUT_OPT) $(if $(DUT_MARCH),-march=$(DUT_MARCH)) -fPIC -DVL_USER_STOP -DVL_USER_FATAL

dut_params = $(shell awk -v n='$(1)' '!/^\#/ && $$1 == n {for (i = 3; i <= NF; i++) if ($$i != "-") printf "%s ", $$i}' $(DUT_CONFIGS))

# A configuration with instruction ports (RmpInsn > 0) or check ports (RmpChk > 0) has their pins: RTL and shim see a macro.
dut_macro = $(if $(filter-out RmpInsn=0,$(filter RmpInsn=%,$(1))),-DCBIT_RMP_INSN) \
            $(if $(filter-out RmpChk=0,$(filter RmpChk=%,$(1))),-DCBIT_RMP_CHK)

# $(1) shared object, $(2) object folder, $(3) parameters, $(4) Verilator flags, $(5) sources, $(6) -G flags, $(7) defines
define dut_build
	@mkdir -p $(2)
	$(VERILATOR) $(DUT_VFLAGS) $(call dut_macro,$(3)) $(4) $(6) --Mdir $(2) $(5)
	@MAKEFLAGS= $(MAKE) --no-print-directory -s -C $(2) -f Vdut.mk OPT_FAST="$(DUT_CXX)" OPT_SLOW="-O1 -fPIC -DVL_USER_STOP -DVL_USER_FATAL" \
	  OPT_GLOBAL="-O2 -fPIC -DVL_USER_STOP -DVL_USER_FATAL" OBJCACHE="$(OBJCACHE)" VM_PARALLEL_BUILDS=0 \
	  Vdut__ALL.a $$(sed -n 's/^VM_GLOBAL_FAST += \\//; /verilated/{s/[ \t\\]//g; s/$$/.o/; p}' $(2)/Vdut_classes.mk | sort -u)
	$(OBJCACHE) $(CXX) -std=c++17 $(DUT_CXX) -DVM_COVERAGE=$(if $(findstring --coverage,$(4)),1,0) \
	  -DVM_TRACE=$(if $(findstring --trace,$(4)),1,0) -DVM_TRACE_FST=$(if $(findstring --trace,$(4)),1,0) -DVM_SC=0 \
	  -DDUT_PARAMS='"$(strip $(3))"' $(call dut_macro,$(3)) $(7) -Itb/shim -Itb -Icmodel/include -I$(2) \
	  -isystem $$($(VERILATOR) --getenv VERILATOR_ROOT)/include -isystem $$($(VERILATOR) --getenv VERILATOR_ROOT)/include/vltstd \
	  -c $(DUT_SHIM) -o $(2)/shim.o
	@$(CXX) -shared -Wl,-Bsymbolic -o $(1).tmp $(2)/shim.o $(2)/Vdut__ALL.a $(2)/verilated*.o -lpthread $(if $(findstring --trace,$(4)),-lz)
	@mv $(1).tmp $(1)
endef

dut_g = $(addprefix -G,$(call dut_params,$(1)))

$(BUILD)/dut/%.trace.so: $(DUT_RTL) $(DUT_DEP) $(DUT_CONFIGS)
	$(call dut_build,$@,$(BUILD)/dut/obj/$*.trace,$(call dut_params,$*),--trace-fst,-f $(DUT_LIST),$(call dut_g,$*),)

$(BUILD)/dut/%.cov.so: $(DUT_RTL) $(DUT_DEP) $(DUT_CONFIGS)
	$(call dut_build,$@,$(BUILD)/dut/obj/$*.cov,$(call dut_params,$*),--coverage-line --coverage-user,-f $(DUT_LIST),$(call dut_g,$*),)

$(BUILD)/dut/%.so: $(DUT_RTL) $(DUT_DEP) $(DUT_CONFIGS)
	$(if $(filter $*,$(DUT_NAMES)),,$(error no configuration '$*' in $(DUT_CONFIGS)))
	$(call dut_build,$@,$(BUILD)/dut/obj/$*,$(call dut_params,$*),,-f $(DUT_LIST),$(call dut_g,$*),)

.PHONY: dut-test dut-regress dut-custom dut-clean
dut-test: $(patsubst %,$(BUILD)/dut/%.so,$(shell awk '!/^\#/ && $$2 == "test" {print $$1}' $(DUT_CONFIGS)))
dut-regress: $(patsubst %,$(BUILD)/dut/%.so,$(DUT_NAMES))

CONFIG ?= default
dut-custom:
	$(if $(OUT),,$(error dut-custom needs OUT=file.so))
	$(if $(DUT_SRC),,$(error dut-custom needs DUT_SRC="files"))
	$(call dut_build,$(OUT),$(OUT:.so=).obj,$(call dut_params,$(CONFIG)),$(DUT_FLAGS),$(DUT_SRC),$(if $(DUT_PLAIN),,$(call dut_g,$(CONFIG))),$(DUT_DEFS))

dut-clean:
	rm -rf $(BUILD)/dut
