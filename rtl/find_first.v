// find_first.v - the lowest set bit of a word: its index, and the word without it. Combinational.
// C twin:   sf_find_first() in cmodel/find_first.h
`default_nettype none
module find_first #(
  parameter WIDTH = 16                                          // bits, >= 1
) (
  input  wire [WIDTH-1:0]                        bits_i,
  output wire [(WIDTH > 1 ? $clog2(WIDTH) : 1)-1:0] index_o,    // 0 where no bit is set
  output wire [WIDTH-1:0]                        rest_o         // bits_i with its lowest set bit cleared
);
  localparam [WIDTH-1:0] ONE = 1;
  localparam INDEX_W = WIDTH > 1 ? $clog2(WIDTH) : 1;

  assign rest_o = bits_i & (bits_i - ONE);
  wire [WIDTH-1:0] lowest = bits_i & ~rest_o;                   // one-hot, so an OR encodes it

  genvar b, i;
  generate for (b = 0; b < INDEX_W; b = b + 1) begin : g_bit
    wire [WIDTH-1:0] member;
    for (i = 0; i < WIDTH; i = i + 1) begin : g_member
      assign member[i] = lowest[i] && ((i >> b) & 1) != 0;
    end
    assign index_o[b] = |member;
  end endgenerate
endmodule
`default_nettype wire
