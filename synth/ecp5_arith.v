// ecp5_arith.v - how Yosys is to build adders on the ECP5: a map for its $alu cells, used before its own.
//   Yosys' map drives a chain's carry in from a constant and leaves its carry out on a net that nothing reads. nextpnr gives
//   either a cell of its own (two LUTs). Here the first half of the first cell makes the carry, and the last carry out is
//   not connected: four LUTs fewer an adder, which of a lane's sum is a fifth.
//   A half cell passes its carry on where its LUT4 is 1, else it shows its LUT2. 0x96AA: LUT4 = A ^ B ^ C, LUT2 = A (D is
//   high, C inverts B). 0x000A with B = C = D = 1: LUT4 = 0, LUT2 = A: the carry is A.
//   LUT mapping connects every port again. So a second pass just before the netlist is written, with ENDS defined, takes the
//   ends off: first cells are known by 0x000A and last ones by a LUT2 of 0, which makes no difference without a carry out;
//   both change, so that it happens once. nextpnr takes "x" as not connected.
// Check:    tests/test_ecp5_arith.sh proves the mapped cells equal to $alu.
// Source:   CCU2C in cells_sim.v of Yosys' techlibs/ecp5; what nextpnr adds: make_carry_feed_in() and _out() in its ecp5/pack.cc.
`ifdef ENDS
(* techmap_celltype = "CCU2C" *)
module _90_synfire_ecp5_ends (CIN, A0, B0, C0, D0, A1, B1, C1, D1, S0, S1, COUT);
  parameter [15:0] INIT0 = 16'h0000, INIT1 = 16'h0000;
  parameter INJECT1_0 = "YES", INJECT1_1 = "YES";
  input  CIN, A0, B0, C0, D0, A1, B1, C1, D1;
  output S0, S1, COUT;
  wire _TECHMAP_FAIL_ = INIT0 != 16'h000A && INIT1 != 16'h9600;
  generate if (INIT0 == 16'h000A) begin : g_first
    CCU2C #(.INIT0(16'h0008), .INIT1(INIT1), .INJECT1_0(INJECT1_0), .INJECT1_1(INJECT1_1)) _TECHMAP_REPLACE_ (
      .CIN(1'bx), .A0(A0), .B0(B0), .C0(C0), .D0(D0), .A1(A1), .B1(B1), .C1(C1), .D1(D1), .S0(S0), .S1(S1), .COUT(COUT)
    );
  end else begin : g_last
    CCU2C #(.INIT0(INIT0), .INIT1(16'h960A), .INJECT1_0(INJECT1_0), .INJECT1_1(INJECT1_1)) _TECHMAP_REPLACE_ (
      .CIN(CIN), .A0(A0), .B0(B0), .C0(C0), .D0(D0), .A1(A1), .B1(B1), .C1(C1), .D1(D1), .S0(S0), .S1(S1), .COUT(1'bx)
    );
  end endgenerate
endmodule
`else
(* techmap_celltype = "$alu" *)
module _90_synfire_ecp5_alu (A, B, CI, BI, X, Y, CO);
  parameter A_SIGNED = 0;
  parameter B_SIGNED = 0;
  parameter A_WIDTH  = 1;
  parameter B_WIDTH  = 1;
  parameter Y_WIDTH  = 1;
  (* force_downto *) input  [A_WIDTH-1:0] A;
  (* force_downto *) input  [B_WIDTH-1:0] B;
  input  CI, BI;
  (* force_downto *) output [Y_WIDTH-1:0] X, Y, CO;

  wire _TECHMAP_FAIL_ = Y_WIDTH <= 2;                           // LUTs do

  (* force_downto *) wire [Y_WIDTH-1:0] a, b;
  \$pos #(.A_SIGNED(A_SIGNED), .A_WIDTH(A_WIDTH), .Y_WIDTH(Y_WIDTH)) u_a (.A(A), .Y(a));
  \$pos #(.A_SIGNED(B_SIGNED), .A_WIDTH(B_WIDTH), .Y_WIDTH(Y_WIDTH)) u_b (.A(B), .Y(b));
  (* force_downto *) wire [Y_WIDTH-1:0] b_inv = b ^ {Y_WIDTH{BI}};

  // Half cell k works on bit k - 1; the last one may have nothing to do.
  localparam CELLS = (Y_WIDTH + 2) / 2;
  (* force_downto *) wire [2*CELLS-1:0] in_a = {{(2*CELLS-1-Y_WIDTH){1'b0}}, a, CI};
  (* force_downto *) wire [2*CELLS-1:0] in_b = {{(2*CELLS-1-Y_WIDTH){1'b0}}, b, 1'b1};
  (* force_downto *) wire [2*CELLS-1:0] sum;
  (* force_downto *) wire [CELLS:0]     carry;
  genvar i;
  generate for (i = 0; i < CELLS; i = i + 1) begin : g_cell
    if (i == 0) begin : g_first
      CCU2C #(.INIT0(16'h000A), .INIT1(16'h96AA), .INJECT1_0("NO"), .INJECT1_1("NO")) u_cell (
        .A0(in_a[0]), .B0(1'b1), .C0(1'b1), .D0(1'b1),
        .A1(in_a[1]), .B1(in_b[1]), .C1(BI), .D1(1'b1), .S0(sum[0]), .S1(sum[1]), .COUT(carry[1])
      );
    end else if (i == CELLS - 1) begin : g_last
      CCU2C #(.INIT0(16'h96AA), .INIT1(16'h9600), .INJECT1_0("NO"), .INJECT1_1("NO")) u_cell (
        .CIN(carry[i]), .A0(in_a[2*i]), .B0(in_b[2*i]), .C0(BI), .D0(1'b1),
        .A1(in_a[2*i+1]), .B1(in_b[2*i+1]), .C1(BI), .D1(1'b1), .S0(sum[2*i]), .S1(sum[2*i+1])
      );
    end else begin : g_middle
      CCU2C #(.INIT0(16'h96AA), .INIT1(16'h96AA), .INJECT1_0("NO"), .INJECT1_1("NO")) u_cell (
        .CIN(carry[i]), .A0(in_a[2*i]), .B0(in_b[2*i]), .C0(BI), .D0(1'b1),
        .A1(in_a[2*i+1]), .B1(in_b[2*i+1]), .C1(BI), .D1(1'b1), .S0(sum[2*i]), .S1(sum[2*i+1]), .COUT(carry[i+1])
      );
    end
  end endgenerate
  assign Y  = sum[Y_WIDTH:1];
  assign X  = a ^ b_inv;
  assign CO = (a & b_inv) | (X & ~Y);                           // where a and b differ, the carry in is the inverse of Y
endmodule
`endif
