# SPDX-License-Identifier: Apache-2.0
# The open ECP5 flow: Yosys (slang front end) and nextpnr, from Python packages.
.PHONY: synth synth-quick

synth: ## LUT4, FF, EBR and Fmax of the default configuration on an ECP5-85F; SPEED=8 for the fast grade (build/reports/synth.json)
	@sh sim/setup.sh synth
	@sh sim/tools/synth_ecp5.sh default

synth-quick: ## cell counts only, no placement
	@sh sim/setup.sh synth
	@NOPNR=1 sh sim/tools/synth_ecp5.sh default
