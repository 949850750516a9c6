// ram_1r1w_reg.v - memory with one write and one read port, and a register behind it: ram_1r1w, one cycle later.
// Timing:   rdata_o shows the word two cycles after re_i, if ce_i is high in the cycle between; it holds while ce_i is low.
//           With NEAR a plain register follows, beside the logic when the block is far from it: a cycle later.
// Conflict: as in ram_1r1w: a read of the address being written returns an undefined word.
// Hard:     rtl/hard/ecp5 has one whose register is the block RAM's own.
// C twin:   none; in the mirrors a memory is an array.
`default_nettype none
module ram_1r1w_reg #(
  parameter DEPTH = 256,                                        // words, >= 1
  parameter WIDTH = 16,                                         // bits a word
  parameter NEAR  = 0                                           // 1: a register more
) (
  input  wire                                    clk_i,
  input  wire                                    we_i,
  input  wire [(DEPTH > 1 ? $clog2(DEPTH) : 1)-1:0] waddr_i,
  input  wire [WIDTH-1:0]                        wdata_i,
  input  wire                                    re_i,
  input  wire [(DEPTH > 1 ? $clog2(DEPTH) : 1)-1:0] raddr_i,
  input  wire                                    ce_i,          // of the register
  output wire [WIDTH-1:0]                        rdata_o
);
  wire [WIDTH-1:0] word;
  generate if (NEAR != 0) begin : g_near
    reg [WIDTH-1:0] near_q;
    always @(posedge clk_i) near_q <= word;
    assign rdata_o = near_q;
  end else begin : g_here
    assign rdata_o = word;
  end endgenerate
  wire [WIDTH-1:0] read;
  reg  [WIDTH-1:0] read_q;
  ram_1r1w #(.DEPTH(DEPTH), .WIDTH(WIDTH)) u_ram (
    .clk_i(clk_i), .we_i(we_i), .waddr_i(waddr_i), .wdata_i(wdata_i), .re_i(re_i), .raddr_i(raddr_i), .rdata_o(read)
  );
  always @(posedge clk_i) if (ce_i) read_q <= read;
  assign word = read_q;
endmodule
`default_nettype wire
