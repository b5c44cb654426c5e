for t in "cbit_ram_1r1w" "cbit_fifo" "cbit_rr_arb"; do for g in "" "-GDepth=5" "-GDepth=1" "-GWipe=1" "-GSync=0" "-GByteEn=1" "-GN=1" "-GN=3"; do 
 case "$t$g" in cbit_ram*Wipe*|cbit_ram*-GN*|cbit_ram*Depth=1|cbit_rr_arb-G[DWSB]*|cbit_fifo-G[SBN]*) continue;; esac
 echo "$t $g"; verilator --lint-only -Wall -Irtl/prim --top-module $t $g rtl/prim/cbit_ram_1r1w.sv $( [ $t != cbit_ram_1r1w ] && echo rtl/prim/$t.sv ) --assert 2>&1 | head -20; done; done
