// find_first.v - the lowest set bit of a word: its index, the word without it, whether anything is then left, and whether more
// than one bit is.
// Combinational; by nibbles, so that 16 bits take four LUT levels and no carry chain.
// C twin:   sf_find_first() in cmodel/mirror/find_first.h
`default_nettype none
module find_first #(
  parameter WIDTH = 16                                          // bits, >= 1
) (
  input  wire [WIDTH-1:0]                        bits_i,
  output wire [(WIDTH > 1 ? $clog2(WIDTH) : 1)-1:0] index_o,    // 0 where no bit is set
  output wire [WIDTH-1:0]                        rest_o,        // bits_i with its lowest set bit cleared
  output wire                                    last_o,        // rest_o == 0
  output wire                                    next_last_o    // rest_o has one bit at most
);
  localparam NIBBLES = (WIDTH + 3) / 4;
  localparam FULL    = 4 * NIBBLES;
  localparam INDEX_W = WIDTH > 1 ? $clog2(WIDTH) : 1;

  wire [FULL-1:0] bits;
  generate if (FULL > WIDTH) begin : g_pad
    assign bits = {{(FULL-WIDTH){1'b0}}, bits_i};
  end else begin : g_pad
    assign bits = bits_i;
  end endgenerate

  wire [NIBBLES-1:0] any, many, more;                           // at least one bit, at least two, at least three
  wire [NIBBLES-1:0] rest_any, rest_many;                       // of what is left
  wire [NIBBLES-1:0] rest_again;                                // a lower nibble has something left, and so has this one
  wire [NIBBLES-1:0] first;                                     // one-hot: the nibble with the lowest set bit
  wire [FULL-1:0]    rest;
  wire [2*NIBBLES-1:0] low;                                     // its index within each nibble
  genvar g;
  generate for (g = 0; g < NIBBLES; g = g + 1) begin : g_nibble
    wire [3:0] n = bits[4*g +: 4];
    wire [3:0] lowest = {n[3] & ~n[2] & ~n[1] & ~n[0], n[2] & ~n[1] & ~n[0], n[1] & ~n[0], n[0]};
    if (g == 0) begin : g_first
      assign first[g] = any[g];
    end else begin : g_first
      assign first[g] = any[g] && any[g-1:0] == {g{1'b0}};
    end
    assign any[g]  = n != 4'd0;
    assign many[g] = (n & ~lowest) != 4'd0;
    assign more[g] = (n[0] & n[1] & (n[2] | n[3])) | (n[2] & n[3] & (n[0] | n[1]));
    assign rest_any[g]  = first[g] ? many[g] : any[g];
    assign rest_many[g] = first[g] ? more[g] : many[g];
    if (g == 0) begin : g_again
      assign rest_again[g] = 1'b0;
    end else begin : g_again
      assign rest_again[g] = rest_any[g] && rest_any[g-1:0] != {g{1'b0}};
    end
    assign rest[4*g +: 4] = n & ~(lowest & {4{first[g]}});
    assign low[2*g +: 2]  = {lowest[3] | lowest[2], lowest[3] | lowest[1]} & {2{first[g]}};
  end endgenerate
  assign rest_o = rest[WIDTH-1:0];
  assign last_o = many == {NIBBLES{1'b0}} && (any & ~first) == {NIBBLES{1'b0}};

  assign next_last_o = rest_many == {NIBBLES{1'b0}} && rest_again == {NIBBLES{1'b0}};

  wire [31:0] index;
  genvar b, i;
  generate for (b = 0; b < 32; b = b + 1) begin : g_bit
    wire [NIBBLES-1:0] member;
    for (i = 0; i < NIBBLES; i = i + 1) begin : g_member
      if (b < 2) begin : g_within
        assign member[i] = low[2*i + b];
      end else begin : g_nibble
        assign member[i] = first[i] && ((i >> (b - 2)) & 1) != 0;
      end
    end
    assign index[b] = |member;
  end endgenerate
  assign index_o = index[INDEX_W-1:0];
  wire unused = &{1'b0, index, rest, rest_any};                 // the padding
endmodule
`default_nettype wire
