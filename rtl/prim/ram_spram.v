// ram_spram.v - the weights' memory with WEIGHT_MEMORY = 1: ram_1rw, for words of a multiple of 16 bits.
// Timing:   rdata_o shows the word one cycle after ce_i without we_i and holds until the next read.
// Hard:     rtl/hard/ice40 has one of SPRAM blocks.
// C twin:   none; in the mirrors a memory is an array.
`default_nettype none
module ram_spram #(
  parameter DEPTH = 16384,                                      // words, >= 1
  parameter WIDTH = 32                                          // bits a word, a multiple of 16
) (
  input  wire                                    clk_i,
  input  wire                                    ce_i,          // read, or write with we_i
  input  wire                                    we_i,
  input  wire [(DEPTH > 1 ? $clog2(DEPTH) : 1)-1:0] addr_i,
  input  wire [WIDTH-1:0]                        wdata_i,
  output wire [WIDTH-1:0]                        rdata_o
);
  generate if (WIDTH % 16 != 0) begin : g_check
    ram_spram_WIDTH_is_no_multiple_of_16 u_stop ();
  end endgenerate

  ram_1rw #(.DEPTH(DEPTH), .WIDTH(WIDTH)) u_ram (
    .clk_i(clk_i), .ce_i(ce_i), .we_i(we_i), .addr_i(addr_i), .wdata_i(wdata_i), .rdata_o(rdata_o)
  );
endmodule
`default_nettype wire
