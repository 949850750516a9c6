// decay.v - multiplication by a decay factor, rounded toward zero.
//   KEEP = 1:  y = trunc0(x * (4096 - decay) / 4096)           what is left
//   KEEP = 0:  y = trunc0(x * decay / 4096)                    what is lost
// SHIFT = 0 multiplies signed numbers: floor of the product, and 1 more where it is negative and not exact. SHIFT = 1 builds no
// multiplier: decay is then 0 or a power of two, decay / 4096 = 2^-s, and on magnitudes what is left of m is m - ceil(m / 2^s).
// Timing:   one value a cycle, y_o four cycles after decay_i. x_i comes with decay_i (SHIFT = 1: magnitude, shift, subtraction,
//           sign) or a cycle after it (SHIFT = 0: operand, product, rounding).
// C twin:   sf_decay() in cmodel/mirror/decay.h
`default_nettype none
module decay #(
  parameter WIDTH = 16,                                         // bits of x and y, two's complement
  parameter KEEP  = 1,
  parameter SHIFT = 0
) (
  input  wire                    clk_i,
  input  wire signed [WIDTH-1:0] x_i,
  input  wire        [12:0]      decay_i,                       // 0 .. 4096
  output reg  signed [WIDTH-1:0] y_o
);
  generate if (SHIFT == 0) begin : g_multiply
    reg         [12:0]         factor_q;                        // 0 .. 4096
    wire signed [WIDTH+14-1:0] product;                         // |product| <= 2^(WIDTH-1) * 4096: the two top bits are alike
    wire                       up = product[WIDTH+12] && product[11:0] != 12'd0;
    mul_reg #(.A_W(WIDTH), .B_W(14)) u_mul (.clk_i(clk_i), .a_i(x_i), .b_i({1'b0, factor_q}), .p_o(product));
    always @(posedge clk_i) begin
      factor_q <= KEEP != 0 ? 13'd4096 - decay_i : decay_i;
      y_o      <= product[WIDTH+12-1:12] + {{(WIDTH-1){1'b0}}, up};
    end
    wire unused = product[WIDTH+13];
  end else begin : g_shift
    // |x| <= 2^(WIDTH-1) fits WIDTH bits unsigned, and the factor is at most 1, so the result does too.
    reg              sign_1_q, sign_2_q, sign_3_q;
    reg  [WIDTH-1:0] magnitude_q;
    wire [WIDTH-1:0] scaled;
    always @(posedge clk_i) begin
      sign_1_q    <= x_i[WIDTH-1];
      magnitude_q <= x_i[WIDTH-1] ? ~x_i + {{(WIDTH-1){1'b0}}, 1'b1} : x_i;
      sign_2_q    <= sign_1_q;
      sign_3_q    <= sign_2_q;
      y_o         <= sign_3_q ? ~scaled + {{(WIDTH-1){1'b0}}, 1'b1} : scaled;
    end
    reg              none_q, none_2_q;                          // decay = 0
    reg  [3:0]       shift_q;                                   // 12 - log2(decay)
    reg  [WIDTH-1:0] whole_q, floor_q, scaled_q;
    reg              inexact_q;
    wire [WIDTH-1:0] low_mask = ~({WIDTH{1'b1}} << shift_q);
    always @(posedge clk_i) begin
      none_q    <= decay_i == 13'd0;
      shift_q   <= decay_i[0]  ? 4'd12 : decay_i[1]  ? 4'd11 : decay_i[2] ? 4'd10 : decay_i[3] ? 4'd9
                 : decay_i[4]  ? 4'd8  : decay_i[5]  ? 4'd7  : decay_i[6] ? 4'd6  : decay_i[7] ? 4'd5
                 : decay_i[8]  ? 4'd4  : decay_i[9]  ? 4'd3  : decay_i[10] ? 4'd2 : decay_i[11] ? 4'd1 : 4'd0;
      none_2_q  <= none_q;
      whole_q   <= magnitude_q;
      floor_q   <= magnitude_q >> shift_q;
      inexact_q <= |(magnitude_q & low_mask);
      if (KEEP != 0) scaled_q <= none_2_q ? whole_q
                               : whole_q - floor_q - {{(WIDTH-1){1'b0}}, inexact_q};
      else           scaled_q <= none_2_q ? {WIDTH{1'b0}} : floor_q;
    end
    assign scaled = scaled_q;
    wire unused = decay_i[12];                                  // 4096 = all others zero: shift 0
  end endgenerate
endmodule
`default_nettype wire
