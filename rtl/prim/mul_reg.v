// mul_reg.v - signed multiplication with a register on both sides: operands, product.
// Timing:   p_o = a_i * b_i, two cycles later.
// Hard:     rtl/hard/ecp5 has one whose registers are the multiplier block's own.
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
  reg signed [A_W-1:0]     a_q;
  reg signed [B_W-1:0]     b_q;
  reg signed [A_W+B_W-1:0] p_q;
  always @(posedge clk_i) begin
    a_q <= a_i;
    b_q <= b_i;
    p_q <= a_q * b_q;
  end
  assign p_o = p_q;
endmodule
`default_nettype wire
