// ulx3s.v - Radiona ULX3S board (LFE5U-12F .. 85F, CABGA381): 25 MHz crystal, PLL, serial port of the on-board FT231X.
// LEDs: 0 = a tick is running, 1 = output events (stretched), 2 = out of reset; the others are dark.
// The button PWR (btn_n) holds the core in reset.
`default_nettype none
module ulx3s #(
  parameter CLOCK_MHZ = 100,        // 50 .. 200 in steps of 5
  parameter BAUD      = 1000000
) (
  input  wire       clk_25mhz,
  input  wire       btn_n,
  input  wire       ftdi_txd,       // towards the FPGA
  output wire       ftdi_rxd,       // from the FPGA
  output wire       wifi_gpio0,     // high: keeps the ESP32 from taking over the board
  output wire [7:0] led
);
  // f = 25 MHz / CLKI_DIV * CLKFB_DIV, oscillator f * CLKOP_DIV in 400 .. 800 MHz
  localparam CLKOP_DIV = CLOCK_MHZ < 75 ? 10 : CLOCK_MHZ < 105 ? 7 : CLOCK_MHZ < 155 ? 5 : 4;
  generate if ((CLOCK_MHZ % 5) != 0 || CLOCK_MHZ < 50 || CLOCK_MHZ > 200) begin : g_check
    ulx3s_CLOCK_MHZ_out_of_range u_stop ();
  end endgenerate

  wire clk, locked, rst, busy, spike;
  (* FREQUENCY_PIN_CLKI = "25", ICP_CURRENT = "12", LPF_RESISTOR = "8" *)
  EHXPLLL #(
    .PLLRST_ENA("DISABLED"), .INTFB_WAKE("DISABLED"), .STDBY_ENABLE("DISABLED"), .DPHASE_SOURCE("DISABLED"),
    .OUTDIVIDER_MUXA("DIVA"), .CLKOP_ENABLE("ENABLED"), .CLKOP_CPHASE(CLKOP_DIV / 2), .CLKOP_FPHASE(0),
    .CLKI_DIV(5), .CLKFB_DIV(CLOCK_MHZ / 5), .CLKOP_DIV(CLKOP_DIV), .FEEDBK_PATH("CLKOP")
  ) u_pll (
    .CLKI(clk_25mhz), .CLKFB(clk), .CLKOP(clk), .LOCK(locked), .RST(1'b0), .STDBY(1'b0), .ENCLKOP(1'b0), .ENCLKOS(1'b0),
    .ENCLKOS2(1'b0), .ENCLKOS3(1'b0),
    .PHASESEL0(1'b0), .PHASESEL1(1'b0), .PHASEDIR(1'b1), .PHASESTEP(1'b1), .PHASELOADREG(1'b1), .PLLWAKESYNC(1'b0)
  );

  board_reset u_reset (.clk_i(clk), .ready_i(locked && btn_n), .rst_o(rst));

  board_system #(.CLOCKS_PER_BIT(CLOCK_MHZ * 1000000 / BAUD)) u_system (
    .clk_i(clk), .rst_i(rst), .rx_i(ftdi_txd), .tx_o(ftdi_rxd), .busy_o(busy), .spike_o(spike)
  );

  reg [21:0] glow_q;                // about 40 ms
  always @(posedge clk) glow_q <= rst ? 22'd0 : spike ? 22'h3fffff : glow_q - {21'd0, glow_q != 22'd0};
  assign led        = {5'd0, !rst, glow_q != 22'd0, busy};
  assign wifi_gpio0 = 1'b1;
endmodule
`default_nettype wire
