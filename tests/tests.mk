# SPDX-License-Identifier: Apache-2.0
# Tests: lists of named commands in tests/tests.list, run and counted by tests/run.sh.
.PHONY: build-test test check regress planted bench random attack vectors cover fuzz sanitize
SEED ?= 1
CYCLES ?= 100000
CONFIG ?= full

build-test: setup-test
	@echo "building the program and the engines of sim/configs.list (a few minutes the first time) ..."
	@$(MAKE) --no-print-directory -s -j$(JOBS) $(BUILD)/cbit dut-test

test: build-test ## every test (sets up first); last line: N passed, N failed
	@bash tests/run.sh test

check: build-test ## the one-minute subset
	@bash tests/run.sh check

regress: build-test ## all configurations and seeds, resumable (build/test/regress), JUnit XML
	@bash tests/run.sh regress

planted: setup-test ## shows that every planted bug is caught
	@sh tests/planted/run.sh

bench: $(BUILD)/cbit $(BUILD)/dut/full.so $(BUILD)/dut/lanes2.so $(BUILD)/dut/lanes4.so $(BUILD)/dut/aes256.so $(BUILD)/dut/addr256.so $(BUILD)/dut/l1r2.so $(BUILD)/dut/snp.so $(BUILD)/dut/snpi.so ## speed: cycles, ratios, simulated Hz (build/reports/bench.json)
	@$(BUILD)/cbit perf --json $(BUILD)/reports/bench.json

random: $(BUILD)/cbit $(BUILD)/dut/$(CONFIG).so ## one random lock-step run: CONFIG= SEED= CYCLES=
	@$(BUILD)/cbit random --config $(CONFIG) --seed $(SEED) --cycles $(CYCLES)

attack: $(BUILD)/cbit $(BUILD)/dut/snpi.so $(BUILD)/dut/snpiconst.so $(BUILD)/dut/full.so ## attacks against plain, SME, SEV, SEV-ES, SEV-SNP (build/reports/attack.json, .html)
	@$(BUILD)/cbit attack $(NAMES) --json $(BUILD)/reports/attack.json --html $(BUILD)/reports/attack.html

vectors: $(BUILD)/cbit $(BUILD)/dut/full.so $(BUILD)/dut/aes256.so ## known answers on model and RTL
	@sh tests/vectors/run.sh

cover: setup-test ## line and toggle coverage of the RTL, line coverage of C, functional coverage (build/reports/cover*)
	@sh tests/cover.sh

fuzz: setup-test ## every parser under libFuzzer for SECONDS= each (default 60)
	@sh tests/fuzz/run.sh

sanitize: setup-test $(BUILD)/asan/cbit dut-test ## program and model with address and undefined-behaviour sanitizers
	@sh tests/sanitize.sh

# The model's own tests share build/asan (cmodel/cmodel.mk, model-asan).
SAN_FLAGS := -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
.PHONY: $(BUILD)/asan/cbit formal fusesoc
$(BUILD)/asan/cbit:
	@$(MAKE) --no-print-directory -s -f tb/tb.mk BUILD=$(BUILD)/asan CC="$(OBJCACHE) $(CC)" CFLAGS="-O1 -g" TB_OPT="-O1 -g" \
	  TB_SAN="$(SAN_FLAGS)" CBIT_SAN="$(SAN_FLAGS)" $(BUILD)/asan/cbit

formal: setup-test ## proofs, and that they mind planted bugs
	@sh tests/formal/run.sh

fusesoc: setup-test ## every target of fusesoc.core
	@sh tests/fusesoc.sh
