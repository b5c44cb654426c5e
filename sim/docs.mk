# SPDX-License-Identifier: Apache-2.0
#
# docs.mk - pictures of the documents, drawn from runs and from tables
#
#   docs-waves   docs/images/wave-*.svg and the lists of arrows in docs/walkthrough.md, from a run of the engine with waves
#   docs-rmp     docs/images/rmp-*.svg from the tables of docs/rmp.md and the vectors
#   docs-check   makes all of them in $(BUILD)/docs and compares them with what is kept; last line "docs: N passed, N failed"

BUILD    ?= build
DOCS_OUT := $(BUILD)/docs
FST_LIB   = $$($(VERILATOR) --getenv VERILATOR_ROOT)/include/gtkwave

.PHONY: docs-waves docs-rmp docs-check docs-draw-waves docs-draw-rmp

docs-waves: docs-draw-waves ## draws the timing diagrams of docs/walkthrough.md anew, from a run
	@cp $(DOCS_OUT)/wave-*.svg docs/images/ && cp $(DOCS_OUT)/walkthrough.md docs/walkthrough.md

docs-rmp: docs-draw-rmp ## draws the pictures of docs/rmp.md anew, from its tables
	@cp $(DOCS_OUT)/rmp-*.svg docs/images/

docs-check: docs-draw-waves docs-draw-rmp ## the kept pictures are what run and tables give
	@sh sim/tools/docs_check.sh $(DOCS_OUT)

docs-draw-rmp:
	@mkdir -p $(DOCS_OUT) && rm -f $(DOCS_OUT)/rmp-*.svg
	@python3 -B sim/tools/draw_rmp.py $(DOCS_OUT)

# Verilator brings the library that reads what it writes; it is not ours to warn about.
$(DOCS_OUT)/fst_cycles: sim/tools/fst_cycles.c
	@mkdir -p $(@D)
	@for f in fstapi fastlz lz4; do \
	  $(CC) -std=gnu11 -O2 -w -DFST_CONFIG_INCLUDE='"fst_config.h"' -I$(FST_LIB) -c $(FST_LIB)/$$f.c -o $(@D)/$$f.o || exit 1; done
	@$(CC) -std=c11 -Wall -Wextra -Wconversion -Werror -O2 -isystem $(FST_LIB) $< $(@D)/fstapi.o $(@D)/fastlz.o $(@D)/lz4.o -lz -lpthread -o $@

docs-draw-waves: $(BUILD)/cbit $(BUILD)/dut/snpi.trace.so $(DOCS_OUT)/fst_cycles
	@rm -f $(DOCS_OUT)/wave-*.svg $(DOCS_OUT)/walkthrough.*
	@$(BUILD)/cbit run tests/scenarios/walkthrough.scn --quiet --wave 0:1000000 --wave-file $(DOCS_OUT)/walkthrough.fst
	@python3 -B sim/tools/draw_waves.py docs/waves.txt --signals > $(DOCS_OUT)/walkthrough.signals
	@$(DOCS_OUT)/fst_cycles $(DOCS_OUT)/walkthrough.fst $(DOCS_OUT)/walkthrough.signals > $(DOCS_OUT)/walkthrough.txt
	@python3 -B sim/tools/draw_waves.py docs/waves.txt --table $(DOCS_OUT)/walkthrough.txt --page docs/walkthrough.md --out $(DOCS_OUT)
