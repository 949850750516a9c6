// hx8k_breakout.v - Lattice iCE40-HX8K breakout board (CT256): 12 MHz clock, PLL, serial port of the on-board FT2232H.
// LEDs: 0 = a tick is running, 1 = output events (stretched), 2 = out of reset; the others are dark.
`default_nettype none
module hx8k_breakout #(
  parameter CLOCK_MHZ = 60,         // 36, 39 .. 66 in steps of 3, and 72, 78 .. 132 in steps of 6
  parameter BAUD      = 1000000
) (
  input  wire       CLK,
  input  wire       RX,
  output wire       TX,
  output wire [7:0] LED
);
  // f = 12 MHz * (DIVF + 1) / 2^DIVQ with the oscillator 12 MHz * (DIVF + 1) in 533 .. 1066 MHz
  localparam [2:0]  DIVQ = CLOCK_MHZ > 66 ? 3'd3 : 3'd4;
  localparam [31:0] DIVF = (CLOCK_MHZ << DIVQ) / 12 - 1;
  generate if (((CLOCK_MHZ << DIVQ) % 12) != 0 || CLOCK_MHZ < 36 || CLOCK_MHZ > 132) begin : g_check
    hx8k_breakout_CLOCK_MHZ_out_of_range u_stop ();
  end endgenerate

  wire clk, locked, rst, busy, spike;
  SB_PLL40_CORE #(
    .FEEDBACK_PATH("SIMPLE"), .DIVR(4'd0), .DIVF(DIVF[6:0]), .DIVQ(DIVQ), .FILTER_RANGE(3'd1)
  ) u_pll (
    .REFERENCECLK(CLK), .PLLOUTGLOBAL(clk), .PLLOUTCORE(), .RESETB(1'b1), .BYPASS(1'b0), .LOCK(locked),
    .EXTFEEDBACK(1'b0), .DYNAMICDELAY(8'd0), .LATCHINPUTVALUE(1'b0), .SDO(), .SDI(1'b0), .SCLK(1'b0)
  );

  board_reset u_reset (.clk_i(clk), .ready_i(locked), .rst_o(rst));

  board_system #(.CLOCKS_PER_BIT(CLOCK_MHZ * 1000000 / BAUD)) u_system (
    .clk_i(clk), .rst_i(rst), .rx_i(RX), .tx_o(TX), .busy_o(busy), .spike_o(spike)
  );

  reg [21:0] glow_q;                // about 60 ms
  always @(posedge clk) glow_q <= rst ? 22'd0 : spike ? 22'h3fffff : glow_q - {21'd0, glow_q != 22'd0};
  assign LED = {5'd0, !rst, glow_q != 22'd0, busy};
endmodule
`default_nettype wire
