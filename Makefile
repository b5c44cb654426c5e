# SPDX-License-Identifier: Apache-2.0
#
# cbit: open memory encryption with a golden model. `make help` lists the targets.

BUILD   ?= build
CBIT_VENV ?= $(BUILD)/venv
export CBIT_VENV
export PATH := $(abspath $(CBIT_VENV))/eda:$(abspath $(CBIT_VENV))/bin:$(PATH)
SHELL   := /bin/sh
.DEFAULT_GOAL := help
JOBS    ?= 2

include cmodel/cmodel.mk
include sim/verilator.mk
include tb/tb.mk
include sim/lint.mk
include sim/synth.mk
include sim/docs.mk
include tests/tests.mk

.PHONY: help run all clean distclean setup-run setup-test

help: ## this list
	@awk 'BEGIN{FS=":.*## "} /^[a-z][a-z0-9_-]*:.*## /{printf "  make %-14s %s\n",$$1,$$2}' $(MAKEFILE_LIST)

setup-run:
	@sh sim/setup.sh run
setup-test:
	@sh sim/setup.sh test

FILE ?= $(BUILD)/cbit
run: setup-run ## sets up, builds, and plays the main story on a real file (FILE=path, default: the program itself)
	@echo "building (about a minute the first time) ..."; $(MAKE) --no-print-directory -s -j$(JOBS) all
	@$(BUILD)/cbit run tests/scenarios/story.scn --set file=$(FILE) --out $(BUILD)/story

all: $(BUILD)/cbit $(BUILD)/dut/full.so ## builds the program and one simulated engine

clean: ## removes what was built, keeps the Python tools
	@find $(BUILD) -mindepth 1 -maxdepth 1 ! -name venv -exec rm -rf {} + 2>/dev/null || true
distclean: ## removes everything that was built or installed here
	rm -rf $(BUILD)
