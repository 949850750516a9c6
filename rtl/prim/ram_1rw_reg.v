// ram_1rw_reg.v - single-port memory in block RAM with an output register: ram_1rw, one cycle later.
// Timing:   rdata_o shows the word two cycles after ce_i without we_i and holds until two cycles after the next access; a
//           write leaves it undefined.
// Hard:     rtl/hard/ecp5 has one whose register is the block RAM's own.
// C twin:   none; in the mirrors a memory is an array.
`default_nettype none
module ram_1rw_reg #(
  parameter DEPTH = 256,                                        // words, >= 1
  parameter WIDTH = 32                                          // bits a word
) (
  input  wire                                    clk_i,
  input  wire                                    ce_i,          // read, or write with we_i
  input  wire                                    we_i,
  input  wire [(DEPTH > 1 ? $clog2(DEPTH) : 1)-1:0] addr_i,
  input  wire [WIDTH-1:0]                        wdata_i,
  output wire [WIDTH-1:0]                        rdata_o
);
  wire [WIDTH-1:0] read;
  reg  [WIDTH-1:0] read_q;
  ram_1rw #(.DEPTH(DEPTH), .WIDTH(WIDTH)) u_ram (
    .clk_i(clk_i), .ce_i(ce_i), .we_i(we_i), .addr_i(addr_i), .wdata_i(wdata_i), .rdata_o(read)
  );
  always @(posedge clk_i) read_q <= read;
  assign rdata_o = read_q;
endmodule
`default_nettype wire
