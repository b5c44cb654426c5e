# SPDX-License-Identifier: Apache-2.0
# Tests: lists of named commands in tests/tests.list, run and counted by tests/run.sh.
.PHONY: test check regress planted bench random vectors cover fuzz sanitize
SEED ?= 1
CYCLES ?= 100000
CONFIG ?= full

test: setup-test ## every test (sets up first); last line: N passed, N failed
	@bash tests/run.sh test

check: setup-test ## the one-minute subset
	@bash tests/run.sh check

regress: setup-test ## all configurations and seeds, resumable (build/regress), JUnit XML
	@bash tests/run.sh regress

planted: setup-test ## shows that every planted bug is caught
	@sh tests/planted/run.sh

bench: $(BUILD)/cbit $(BUILD)/dut/full.so $(BUILD)/dut/lanes2.so $(BUILD)/dut/lanes4.so $(BUILD)/dut/aes256.so $(BUILD)/dut/l1r2.so ## speed: cycles, ratios, simulated Hz (build/reports/bench.json)
	@$(BUILD)/cbit perf --json $(BUILD)/reports/bench.json

random: $(BUILD)/cbit $(BUILD)/dut/$(CONFIG).so ## one random lock-step run: CONFIG= SEED= CYCLES=
	@$(BUILD)/cbit random --config $(CONFIG) --seed $(SEED) --cycles $(CYCLES)

vectors: $(BUILD)/cbit $(BUILD)/dut/full.so $(BUILD)/dut/aes256.so ## known answers on model and RTL
	@sh tests/vectors/run.sh

cover: setup-test ## line and toggle coverage of the RTL, line coverage of C, functional coverage (build/reports/cover*)
	@sh tests/cover.sh

fuzz: setup-test ## every parser under libFuzzer for SECONDS= each (default 60)
	@sh tests/fuzz/run.sh

sanitize: setup-test ## program and model with address and undefined-behaviour sanitizers
	@$(MAKE) --no-print-directory $(BUILD)/asan/cbit
