// icebreaker.v - iCEBreaker board (iCE40UP5K, SG48): 12 MHz crystal, PLL, serial port of the on-board FT2232H.
// LEDs: red = a tick is running, green = output events (stretched so that one can see them).
// The button holds the core in reset; it also is in reset until the PLL has locked.
`default_nettype none
module icebreaker #(
  parameter CLOCK_MHZ = 24,         // 12, 18, 21, 24, 27, 30, 33, 36, 39, 42, 45 or 48
  parameter BAUD      = 1000000
) (
  input  wire CLK,
  input  wire BTN_N,
  input  wire RX,
  output wire TX,
  output wire LEDR_N,
  output wire LEDG_N
);
  // f = 12 MHz * (DIVF + 1) / 2^DIVQ with the oscillator 12 MHz * (DIVF + 1) in 533 .. 1066 MHz
  localparam       PLL_SLOW = CLOCK_MHZ < 18;
  localparam       PLL_FAST = CLOCK_MHZ >= 34;
  localparam [2:0] DIVQ     = PLL_SLOW ? 3'd6 : PLL_FAST ? 3'd4 : 3'd5;
  localparam [31:0] DIVF    = (CLOCK_MHZ << DIVQ) / 12 - 1;
  generate if (((CLOCK_MHZ << DIVQ) % 12) != 0 || CLOCK_MHZ < 12 || CLOCK_MHZ > 48) begin : g_check
    icebreaker_CLOCK_MHZ_out_of_range u_stop ();
  end endgenerate

  wire clk, locked, rst, busy, spike;
  SB_PLL40_PAD #(
    .FEEDBACK_PATH("SIMPLE"), .DIVR(4'd0), .DIVF(DIVF[6:0]), .DIVQ(DIVQ), .FILTER_RANGE(3'd1)
  ) u_pll (
    .PACKAGEPIN(CLK), .PLLOUTGLOBAL(clk), .PLLOUTCORE(), .RESETB(1'b1), .BYPASS(1'b0), .LOCK(locked),
    .EXTFEEDBACK(1'b0), .DYNAMICDELAY(8'd0), .LATCHINPUTVALUE(1'b0), .SDO(), .SDI(1'b0), .SCLK(1'b0)
  );

  board_reset u_reset (.clk_i(clk), .ready_i(locked && BTN_N), .rst_o(rst));

  board_system #(.CLOCKS_PER_BIT(CLOCK_MHZ * 1000000 / BAUD)) u_system (
    .clk_i(clk), .rst_i(rst), .rx_i(RX), .tx_o(TX), .busy_o(busy), .spike_o(spike)
  );

  reg [19:0] glow_q;                // about 40 ms
  always @(posedge clk) glow_q <= rst ? 20'd0 : spike ? 20'hfffff : glow_q - {19'd0, glow_q != 20'd0};
  assign LEDR_N = !busy;
  assign LEDG_N = glow_q == 20'd0;
endmodule
`default_nettype wire
