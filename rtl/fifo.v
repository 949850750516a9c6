// fifo.v - queue in a memory. The user guarantees that it is never pushed when full (see SF_CHECK).
// Timing:   a word can be popped from the cycle after its push on; data_o shows the popped word one cycle after pop_i
//           and holds until the next pop.
// C twin:   cmodel/fifo.h
`default_nettype none
module fifo #(
  parameter DEPTH = 128,                                        // words, >= 1
  parameter WIDTH = 16                                          // bits a word
) (
  input  wire             clk_i,
  input  wire             rst_i,
  input  wire             push_i,
  input  wire [WIDTH-1:0] data_i,
  input  wire             pop_i,                                // only while valid_o
  output wire             valid_o,                              // there is a word to pop
  output wire [WIDTH-1:0] data_o
);
  localparam ADDR_W  = DEPTH > 1 ? $clog2(DEPTH) : 1;
  localparam COUNT_W = $clog2(DEPTH + 1);
  localparam [31:0] LAST32 = DEPTH - 1;
  localparam [ADDR_W-1:0] LAST = LAST32[ADDR_W-1:0];
  localparam [ADDR_W-1:0]  ADDR_ONE  = 1;
  localparam [COUNT_W-1:0] COUNT_ONE = 1;

  reg [ADDR_W-1:0]  head_q, tail_q;                             // next to pop, next to push
  reg [COUNT_W-1:0] count_q;

  assign valid_o = count_q != {COUNT_W{1'b0}};

  ram_1r1w #(.DEPTH(DEPTH), .WIDTH(WIDTH)) u_ram (
    .clk_i(clk_i), .we_i(push_i), .waddr_i(tail_q), .wdata_i(data_i),
    .re_i(pop_i), .raddr_i(head_q), .rdata_o(data_o)
  );

  always @(posedge clk_i) begin
    if (push_i) tail_q <= tail_q == LAST ? {ADDR_W{1'b0}} : tail_q + ADDR_ONE;
    if (pop_i)  head_q <= head_q == LAST ? {ADDR_W{1'b0}} : head_q + ADDR_ONE;
    if (push_i && !pop_i)      count_q <= count_q + COUNT_ONE;
    else if (!push_i && pop_i) count_q <= count_q - COUNT_ONE;
    if (rst_i) begin
      head_q  <= {ADDR_W{1'b0}};
      tail_q  <= {ADDR_W{1'b0}};
      count_q <= {COUNT_W{1'b0}};
    end
  end
`ifdef SF_CHECK
  localparam [31:0] DEPTH32 = DEPTH;
  always @(posedge clk_i) if (!rst_i && push_i && !pop_i && count_q == DEPTH32[COUNT_W-1:0]) begin
    $display("%m: pushed while full"); $stop;
  end
`endif
endmodule
`default_nettype wire
