// ram_1rw.v - single-port memory in block RAM: one bank of the weights. Same ports as ram_spram.
// Timing:   rdata_o shows the word one cycle after ce_i without we_i and holds until the next read.
// C twin:   none; in the mirrors a memory is an array.
`default_nettype none
module ram_1rw #(
  parameter DEPTH = 256,                                        // words, >= 1
  parameter WIDTH = 32                                          // bits a word
) (
  input  wire                                    clk_i,
  input  wire                                    ce_i,          // read, or write with we_i
  input  wire                                    we_i,
  input  wire [(DEPTH > 1 ? $clog2(DEPTH) : 1)-1:0] addr_i,
  input  wire [WIDTH-1:0]                        wdata_i,
  output reg  [WIDTH-1:0]                        rdata_o
);
  reg [WIDTH-1:0] mem [0:DEPTH-1];

  always @(posedge clk_i)
    if (we_i)      mem[addr_i] <= wdata_i;
    else if (ce_i) rdata_o <= mem[addr_i];
endmodule
`default_nettype wire
