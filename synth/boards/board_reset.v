// board_reset.v - reset of a board top: asserted from configuration until ready_i (PLL lock, button) has been high
// for 256 clocks. Relies on the FPGA's flip-flops being zero after configuration, as the only module here.
`default_nettype none
module board_reset (
  input  wire clk_i,
  input  wire ready_i,              // asynchronous
  output reg  rst_o
);
  reg [1:0] ready_q = 2'b00;
  reg [8:0] count_q = 9'd0;
  always @(posedge clk_i) begin
    ready_q <= {ready_q[0], ready_i};
    count_q <= !ready_q[1] ? 9'd0 : count_q[8] ? count_q : count_q + 9'd1;
    rst_o   <= !count_q[8];
  end
endmodule
`default_nettype wire
