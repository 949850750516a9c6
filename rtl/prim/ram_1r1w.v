// ram_1r1w.v - memory with one write and one read port, the home of every table but the weights.
// Timing:   rdata_o shows the word one cycle after re_i and holds until the next re_i.
// Conflict: a read of the address being written returns an undefined word, so that block RAM needs no bypass
//           logic; every user either cannot meet this case or forwards the written word itself.
// C twin:   none; in the mirrors a memory is an array.
`default_nettype none
module ram_1r1w #(
  parameter DEPTH = 256,                                        // words, >= 1
  parameter WIDTH = 16                                          // bits a word
) (
  input  wire                                    clk_i,
  input  wire                                    we_i,
  input  wire [(DEPTH > 1 ? $clog2(DEPTH) : 1)-1:0] waddr_i,
  input  wire [WIDTH-1:0]                        wdata_i,
  input  wire                                    re_i,
  input  wire [(DEPTH > 1 ? $clog2(DEPTH) : 1)-1:0] raddr_i,
  output reg  [WIDTH-1:0]                        rdata_o
);
  reg [WIDTH-1:0] mem [0:DEPTH-1];

  always @(posedge clk_i) begin
    if (we_i) mem[waddr_i] <= wdata_i;
    if (re_i) begin
      rdata_o <= mem[raddr_i];
      if (we_i && waddr_i == raddr_i) rdata_o <= {WIDTH{1'bx}};  // recognised by synthesis as "do not care"
    end
  end
endmodule
`default_nettype wire
