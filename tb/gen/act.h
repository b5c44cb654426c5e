// SPDX-License-Identifier: Apache-2.0
//
// act.h - recorded stimulus: what a random run does to the bench, one act at a time
//
// A run is a list of acts with the cycle of each. The generator makes acts and plays them at once; a recorded list is
// played again by `cbit random --replay FILE`, whole or shortened (shrink.c). Text form, one act a line:
//
//   @CYCLE write id=N addr=N len=N size=N burst=N [lock= cache= prot= qos= region= delay= late= wlast=]
//          user=N data=SEED strobe=KIND [entries=1 q1=N q2=N step=N]
//   @CYCLE read  id=N addr=N len=N size=N burst=N [lock= cache= prot= qos= region= delay=] user=N
//   @CYCLE sp write=0|1 offset=N [value=N strb=N skew=N wait=N]
//   @CYCLE dram NAME=N ...        behaviour of the memory from here on (fields of dram_opt_t)
//   @CYCLE host NAME=N ...        behaviour of the requester (fields of host_opt_t)
//   @CYCLE zeroise|debug on=0|1
//   @CYCLE entropy kind=0..3      good, stuck, biased, silent
//   @CYCLE reset cycles=N
//   @CYCLE insn port=N op=N cpl=N asid=N vmpl=N snp=N ec=N spa=N gpa=N rax=N arg0=N arg1=N [hold= wait= inv= look=]
//   @CYCLE mark slot=N set=0|1 page=N
//   @CYCLE chk port=N req=N op=N map=N ec=N asid=N vmpl=N cpl=N ss=N snp=N spa=N gpa=N [hold= wait=]
//
// Numbers are decimal or 0x hexadecimal. Lines that begin with # are comments. Before the acts stand
// `config NAME`, `engine KIND`, `seed N` (of the drivers' own choices) and `cycles N` (length of the run). data= is
// the seed of the payload; with entries=1 block i of it is the RMP entry {q2, q1 + i * step}. strobe= is 0 all lanes,
// 1 random, 2 none, 3 whole blocks of 16 bytes with a few holes, 4 one byte a beat. An RMP instruction: spa=, gpa= and
// page= are page numbers, arg0= and arg1= the halves of arg (docs/units/rmp_insn.md, "Ports"); hold= cycles before it is
// shown, wait= before its answer is taken, inv= before its invalidation is acknowledged, look=1 after a read.
#ifndef TB_ACT_H
#define TB_ACT_H

#include <stdio.h>

#include "core/bench.h"

typedef enum act_kind {
  ACT_WRITE,
  ACT_READ,
  ACT_SP,
  ACT_DRAM,
  ACT_HOST,
  ACT_ZEROISE,
  ACT_DEBUG,
  ACT_ENTROPY,
  ACT_RESET,
  ACT_INSN,
  ACT_MARK,
  ACT_CHK,
  ACT_KINDS
} act_kind_t;

typedef enum act_strobe {
  STROBE_FULL,
  STROBE_RANDOM,
  STROBE_NONE,
  STROBE_BLOCKS,
  STROBE_BYTE,
  STROBE_KINDS
} act_strobe_t;

typedef struct act {
  uint64_t cycle;
  uint32_t kind;  // act_kind_t
  // One set of members for all kinds but the two profiles.
  host_req_t req;
  uint64_t data;
  uint32_t strobe;
  uint32_t entries;  // 1: the payload are RMP entries
  uint64_t q1, q2, step;
  uint32_t sp_write, sp_offset, sp_value, sp_strb, sp_wait;
  int32_t sp_skew;
  uint32_t value;  // on, kind, cycles
  uint32_t port;   // of an instruction, whose arg stands in arg[]
  insn_req_t insn;
  uint64_t arg[2];
  insn_mark_t mark;
  chk_req_t chk;   // of a check port
  dram_opt_t *dram;  // owned
  host_opt_t *host;  // owned
} act_t;

typedef struct act_list {
  act_t *at;
  size_t n, cap;
  char config[64];
  char dut[512];  // "" = none
  engine_kind_t engine;
  uint64_t seed, cycles;
} act_list_t;

void act_list_clear(act_list_t *l);
void act_list_add(act_list_t *l, const act_t *a);  // copies the profiles
// Does it now. False: it has to wait (AMD-SP busy) or the bench failed.
bool act_play(bench_t *b, const act_t *a);
// Plays a list from reset to its end, drains and checks. skip (may be NULL): acts left out. False: the bench failed.
bool act_list_run(bench_t *b, const act_list_t *l, const bool *skip);

bool act_list_write(const act_list_t *l, const char *path, const char *comment, char err[TB_ERR_LEN]);
bool act_list_read(act_list_t *l, const char *path, char err[TB_ERR_LEN]);

#endif  // TB_ACT_H
