// SPDX-License-Identifier: Apache-2.0
//
// cbit.f: all files of the engine, in levels: a file uses only files above it. Paths are relative
// to the root of the repository. Top: cbit_top_flat (plain pins) or cbit_top (structs).
+incdir+rtl/prim
+incdir+rtl/top

// packages
rtl/cbit_pkg.sv
rtl/rmp/cbit_rmp_pkg.sv
rtl/crypto/cbit_aes_tower_pkg.sv
rtl/crypto/cbit_aes_pkg.sv
rtl/sp/cbit_regs_pkg.sv
rtl/sp/cbit_regs_addr_pkg.sv

// prim
rtl/prim/cbit_ram_1r1w.sv
rtl/prim/cbit_fifo.sv
rtl/prim/cbit_rr_arb.sv
rtl/prim/cbit_onehot_idx.sv
rtl/prim/cbit_idx_onehot.sv
rtl/prim/cbit_reg_copy.sv

// crypto
rtl/crypto/cbit_aes_sbox.sv
rtl/crypto/cbit_aes_round.sv
rtl/crypto/cbit_aes_inv_round.sv
rtl/crypto/cbit_aes.sv
rtl/crypto/cbit_aes_key_expand.sv
rtl/crypto/cbit_gf_mul.sv
rtl/crypto/cbit_tweak_gen.sv
rtl/crypto/cbit_tweak_pipe.sv
rtl/crypto/cbit_tweak.sv
rtl/crypto/cbit_lane.sv

// keys
rtl/keys/cbit_ent_health.sv
rtl/keys/cbit_key_store.sv

// route, rmp; the stub for Rmp = 0
rtl/route/cbit_route.sv
rtl/rmp/cbit_rmp_addr.sv
rtl/rmp/cbit_rmp_check.sv
rtl/rmp/cbit_rmp_ask.sv
rtl/rmp/cbit_rmp_decide.sv
rtl/rmp/cbit_rmp_cache.sv
rtl/rmp/cbit_rmp_walker.sv
rtl/rmp/cbit_rmp_merge.sv
rtl/rmp/cbit_rmp_chk.sv
rtl/rmp/cbit_rmp_seg.sv
rtl/rmp/cbit_rmp_init.sv
rtl/rmp/cbit_rmp_insn_dec.sv
rtl/rmp/cbit_rmp_insn.sv
rtl/rmp/cbit_rmp_pins.sv
rtl/rmp/cbit_rmp.sv
rtl/rmp/cbit_rmp_stub.sv

// bus, both paths
rtl/bus/cbit_bus_pair.sv
rtl/bus/cbit_bus_queued.sv
rtl/bus/cbit_bus_gate.sv
rtl/bus/cbit_bus_front.sv

// bus, read path
rtl/bus/cbit_bus_split.sv
rtl/bus/cbit_bus_rd_drain.sv
rtl/bus/cbit_bus_heads.sv
rtl/bus/cbit_bus_rd_out.sv
rtl/bus/cbit_bus_rd_deny.sv
rtl/bus/cbit_bus_rd_bits.sv
rtl/bus/cbit_bus_rd_table.sv
rtl/bus/cbit_bus_read.sv

// bus, write path
rtl/bus/cbit_bus_wdelay.sv
rtl/bus/cbit_bus_wback.sv
rtl/bus/cbit_bus_wids.sv
rtl/bus/cbit_bus_winfo.sv
rtl/bus/cbit_bus_wslots.sv
rtl/bus/cbit_bus_wr_table.sv
rtl/bus/cbit_bus_flip.sv
rtl/bus/cbit_bus_wgeom.sv
rtl/bus/cbit_bus_gather.sv
rtl/bus/cbit_bus_whead.sv
rtl/bus/cbit_bus_emit.sv
rtl/bus/cbit_bus_resp.sv
rtl/bus/cbit_bus_write.sv

// sp
rtl/sp/cbit_axil.sv
rtl/sp/cbit_regs.sv
rtl/sp/cbit_fault_log.sv
rtl/sp/cbit_csr.sv

// top
rtl/top/cbit_top.sv
rtl/top/cbit_top_flat.sv
