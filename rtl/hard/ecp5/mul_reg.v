// mul_reg.v - rtl/prim/mul_reg.v for the ECP5: up to 18 bits the registers are the multiplier block's own, which Yosys does not infer:
// outside the block, the way to it and from it would be the longest of the core.
// Timing:   p_o = a_i * b_i, two cycles later.
// Source:   Lattice FPGA-TN-02205, "ECP5 and ECP5-5G sysDSP Usage Guide".
// C twin:   none; in the mirrors it is a product.
`default_nettype none
module mul_reg #(
  parameter A_W = 16,                                           // bits of a_i
  parameter B_W = 14                                            // bits of b_i
) (
  input  wire                      clk_i,
  input  wire signed [A_W-1:0]     a_i,
  input  wire signed [B_W-1:0]     b_i,
  output wire signed [A_W+B_W-1:0] p_o
);
  localparam VENDOR = A_W <= 18 && B_W <= 18;
  generate if (VENDOR == 0) begin : g_plain
    reg signed [A_W-1:0]     a_q;
    reg signed [B_W-1:0]     b_q;
    reg signed [A_W+B_W-1:0] p_q;
    always @(posedge clk_i) begin
      a_q <= a_i;
      b_q <= b_i;
      p_q <= a_q * b_q;
    end
    assign p_o = p_q;
  end else begin : g_ecp5
    wire [17:0] a = {{(19-A_W){a_i[A_W-1]}}, a_i[A_W-2:0]};
    wire [17:0] b = {{(19-B_W){b_i[B_W-1]}}, b_i[B_W-2:0]};
    wire [35:0] p;
    assign p_o = p[A_W+B_W-1:0];
    MULT18X18D #(
      .REG_INPUTA_CLK("CLK0"), .REG_INPUTA_CE("CE0"), .REG_INPUTA_RST("RST0"),
      .REG_INPUTB_CLK("CLK0"), .REG_INPUTB_CE("CE0"), .REG_INPUTB_RST("RST0"),
      .REG_OUTPUT_CLK("CLK0"), .REG_OUTPUT_CE("CE0"), .REG_OUTPUT_RST("RST0"), .GSR("DISABLED")
    ) u_block (
      .CLK0(clk_i), .CE0(1'b1), .RST0(1'b0), .SIGNEDA(1'b1), .SIGNEDB(1'b1), .SOURCEA(1'b0), .SOURCEB(1'b0),
      .A17(a[17]), .A16(a[16]), .A15(a[15]), .A14(a[14]), .A13(a[13]), .A12(a[12]), .A11(a[11]), .A10(a[10]),
      .A9(a[9]), .A8(a[8]), .A7(a[7]), .A6(a[6]), .A5(a[5]), .A4(a[4]), .A3(a[3]), .A2(a[2]), .A1(a[1]), .A0(a[0]),
      .B17(b[17]), .B16(b[16]), .B15(b[15]), .B14(b[14]), .B13(b[13]), .B12(b[12]), .B11(b[11]), .B10(b[10]),
      .B9(b[9]), .B8(b[8]), .B7(b[7]), .B6(b[6]), .B5(b[5]), .B4(b[4]), .B3(b[3]), .B2(b[2]), .B1(b[1]), .B0(b[0]),
      .C17(1'b0), .C16(1'b0), .C15(1'b0), .C14(1'b0), .C13(1'b0), .C12(1'b0), .C11(1'b0), .C10(1'b0), .C9(1'b0),
      .C8(1'b0), .C7(1'b0), .C6(1'b0), .C5(1'b0), .C4(1'b0), .C3(1'b0), .C2(1'b0), .C1(1'b0), .C0(1'b0),
      .P35(p[35]), .P34(p[34]), .P33(p[33]), .P32(p[32]), .P31(p[31]), .P30(p[30]), .P29(p[29]), .P28(p[28]),
      .P27(p[27]), .P26(p[26]), .P25(p[25]), .P24(p[24]), .P23(p[23]), .P22(p[22]), .P21(p[21]), .P20(p[20]),
      .P19(p[19]), .P18(p[18]), .P17(p[17]), .P16(p[16]), .P15(p[15]), .P14(p[14]), .P13(p[13]), .P12(p[12]),
      .P11(p[11]), .P10(p[10]), .P9(p[9]), .P8(p[8]), .P7(p[7]), .P6(p[6]), .P5(p[5]), .P4(p[4]), .P3(p[3]),
      .P2(p[2]), .P1(p[1]), .P0(p[0])
    );
  end endgenerate
endmodule
`default_nettype wire
