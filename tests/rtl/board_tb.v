// board_tb.v - the iCEBreaker top as its user sees it: a serial line. Plays a script of bytes to send and to expect.
//   vvp board.vvp +script=FILE        prints "board: N bytes as expected" or "board: FAIL ..."
// Script: two-digit hexadecimal bytes, separated by blanks; `>` before bytes to send, `<` before bytes to expect,
// `break` holds the line low for 20 bit times, `idle` checks that nothing more has come after 30 bit times; # to the end of
// the line is a comment. Sending does not wait for answers; expecting does.
`timescale 1ns / 1ps
`default_nettype none
module board_tb;
  // the smallest system that still has every part: 16 axons, 16 neurons, 4 lanes; 4 clocks a bit, to save time
  localparam BIT_NS = 4 * 40;

  reg  clk = 1'b0, rx = 1'b1, button_n = 1'b0;
  wire tx, ledr_n, ledg_n;
  always #20 clk = !clk;

  icebreaker #(.CLOCK_MHZ(24), .BAUD(6000000)) u_board (
    .CLK(clk), .BTN_N(button_n), .RX(rx), .TX(tx), .LEDR_N(ledr_n), .LEDG_N(ledg_n)
  );
  defparam u_board.u_system.AXONS = 16;
  defparam u_board.u_system.NEURONS = 16;
  defparam u_board.u_system.LANES = 4;
  defparam u_board.u_system.NEURON_LANES = 2;
  defparam u_board.u_system.WEIGHT_BITS = 8;
  defparam u_board.u_system.POTENTIAL_BITS = 16;
  defparam u_board.u_system.DELAY_SLOTS = 4;
  defparam u_board.u_system.PROFILES = 2;
  defparam u_board.u_system.ROUTES = 32;

  // ---- what the board sends, into a list
  reg [7:0] got [0:65535];
  reg [7:0] byte_in;
  integer   n_got = 0, bit_in;
  always begin
    @(negedge tx);
    #(BIT_NS / 2);
    if (tx !== 1'b0) begin
      $display("board: FAIL: a start bit of the board is too short"); $finish;
    end
    for (bit_in = 0; bit_in < 8; bit_in = bit_in + 1) begin
      #(BIT_NS) byte_in[bit_in] = tx;
    end
    #(BIT_NS);
    if (tx !== 1'b1) begin
      $display("board: FAIL: the board sent no stop bit"); $finish;
    end
    got[n_got] = byte_in;
    n_got = n_got + 1;
  end

  // ---- the script
  task send(input [7:0] value);
    integer i;
    begin
      rx = 1'b0; #(BIT_NS);
      for (i = 0; i < 8; i = i + 1) begin
        rx = value[i]; #(BIT_NS);
      end
      rx = 1'b1; #(BIT_NS);
    end
  endtask

  integer n_seen = 0, n_words = 0, file, waited, found;
  task expect_byte(input [7:0] value);
    begin
      waited = 0;
      while (n_got == n_seen && waited < 4000) begin
        #(BIT_NS) waited = waited + 1;
      end
      if (n_got == n_seen) begin
        $display("board: FAIL: word %0d of the script: expected %h, got nothing", n_words, value); $finish;
      end
      if (got[n_seen] !== value) begin
        $display("board: FAIL: word %0d of the script: expected %h, got %h", n_words, value, got[n_seen]); $finish;
      end
      n_seen = n_seen + 1;
    end
  endtask

  reg [8*64-1:0]   word;
  reg [8*1024-1:0] path;
  reg              sending;
  reg [7:0]        value;
  integer          c;
  initial begin
    if (!$value$plusargs("script=%s", path)) begin
      $display("board: FAIL: no +script=FILE"); $finish;
    end
    file = $fopen(path, "r");
    if (file == 0) begin
      $display("board: FAIL: cannot read %0s", path); $finish;
    end
    #1000 button_n = 1'b1;
    #30000;                                     // reset of 256 clocks, then the core clears its memories
    sending = 1'b1;
    found = $fscanf(file, " %s", word);
    while (found == 1) begin
      n_words = n_words + 1;
      if (word[7:0] == "#" || (word >> 8) == "#") begin
        c = 0;
        while (c != 10 && c != -1) c = $fgetc(file);
      end
      else if (word == ">") sending = 1'b1;
      else if (word == "<") sending = 1'b0;
      else if (word == "break") begin
        rx = 1'b0; #(20 * BIT_NS) rx = 1'b1; #(2 * BIT_NS);
      end else if (word == "idle") begin
        #(30 * BIT_NS);
        if (n_got != n_seen) begin
          $display("board: FAIL: word %0d of the script: %h came unasked", n_words, got[n_seen]); $finish;
        end
      end else begin
        if ($sscanf(word, "%h", value) != 1) begin
          $display("board: FAIL: word %0d of the script is no byte", n_words); $finish;
        end
        if (sending) send(value);
        else expect_byte(value);
      end
      found = $fscanf(file, " %s", word);
    end
    #(30 * BIT_NS);
    if (n_got != n_seen) $display("board: FAIL: %0d bytes came after the end of the script", n_got - n_seen);
    else if (n_seen == 0) $display("board: FAIL: the script expects nothing");
    else $display("board: %0d bytes as expected", n_seen);
    $finish;
  end
  initial begin
    #2000000000 $display("board: FAIL: the script does not end within 2 s of simulated time");
    $finish;
  end
endmodule

// The vendor's PLL, for simulation: passes the clock on, locks late.
module SB_PLL40_PAD #(
  parameter FEEDBACK_PATH = "SIMPLE",
  parameter DIVR = 0,
  parameter DIVF = 0,
  parameter DIVQ = 0,
  parameter FILTER_RANGE = 0
) (
  input  wire       PACKAGEPIN,
  output wire       PLLOUTGLOBAL,
  output wire       PLLOUTCORE,
  input  wire       RESETB,
  input  wire       BYPASS,
  output reg        LOCK,
  input  wire       EXTFEEDBACK,
  input  wire [7:0] DYNAMICDELAY,
  input  wire       LATCHINPUTVALUE,
  output wire       SDO,
  input  wire       SDI,
  input  wire       SCLK
);
  assign PLLOUTGLOBAL = PACKAGEPIN, PLLOUTCORE = PACKAGEPIN, SDO = 1'b0;
  initial begin
    LOCK = 1'b0;
    #3000 LOCK = RESETB;
  end
  wire unused = &{1'b0, BYPASS, EXTFEEDBACK, DYNAMICDELAY, LATCHINPUTVALUE, SDI, SCLK};
endmodule
`default_nettype wire
