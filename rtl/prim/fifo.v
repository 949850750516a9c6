// fifo.v - queue in a memory, the first word in a register. The user guarantees that it is never pushed when full (see SF_CHECK).
// Timing:   a word pushed into an empty queue shows three cycles later (memory, its output, the register); the next one then in
//           the cycle after a pop.
// C twin:   cmodel/mirror/fifo.h
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
  output wire             valid_o,                              // data_o is the first word
  output wire [WIDTH-1:0] data_o,
  output wire             unread_o,                             // there is a word in the memory
  output wire             busy_o                                // there is a word somewhere
);
  localparam ADDR_W  = DEPTH > 1 ? $clog2(DEPTH) : 1;
  localparam [31:0] LAST32 = DEPTH - 1;
  localparam [ADDR_W-1:0] LAST = LAST32[ADDR_W-1:0];
  localparam [ADDR_W-1:0] ADDR_ONE = 1;

  reg [ADDR_W-1:0]  head_q, tail_q;                             // next to read, next to push
  reg               any_q;                                      // the memory has a word that has not been read
  reg               read_q, valid_q;                            // a word at the memory's output, in the register
  wire              advance = !valid_q || pop_i;
  wire              re      = any_q && (!read_q || advance);
  wire [ADDR_W-1:0] next    = head_q == LAST ? {ADDR_W{1'b0}} : head_q + ADDR_ONE;

  assign valid_o = valid_q;
  assign unread_o = any_q;
  assign busy_o  = any_q || read_q || valid_q;

  ram_1r1w_reg #(.DEPTH(DEPTH), .WIDTH(WIDTH)) u_ram (
    .clk_i(clk_i), .we_i(push_i), .waddr_i(tail_q), .wdata_i(data_i),
    .re_i(re), .raddr_i(head_q), .ce_i(advance), .rdata_o(data_o)
  );

  always @(posedge clk_i) begin
    if (push_i) tail_q <= tail_q == LAST ? {ADDR_W{1'b0}} : tail_q + ADDR_ONE;
    if (re)     head_q <= next;
    any_q  <= push_i || (any_q && !(re && next == tail_q));
    read_q <= re || (read_q && !advance);
    if (advance) valid_q <= read_q;
    if (rst_i) begin
      head_q  <= {ADDR_W{1'b0}};
      tail_q  <= {ADDR_W{1'b0}};
      any_q   <= 1'b0;
      read_q  <= 1'b0;
      valid_q <= 1'b0;
    end
  end
`ifdef SF_CHECK
  always @(posedge clk_i) if (!rst_i && push_i && !re && any_q && head_q == tail_q) begin
    $display("%m: pushed while full"); $stop;
  end
`endif
endmodule
`default_nettype wire
