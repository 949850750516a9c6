// uart.v - serial port, 8 data bits, no parity, 1 stop bit, no handshake lines.
//
//   line   ‾‾\_____/ b0 X b1 X ... X b7 /‾‾‾‾     start bit, 8 bits (lowest first), stop bit
//            start                       stop     each CLOCKS_PER_BIT clocks long
//
// Timing:   rx_valid_o is a one-cycle pulse in the middle of the stop bit; there is no ready: who does not take the
//           byte in that cycle has lost it. rx_break_o is a one-cycle pulse instead, when the stop bit is low (a break,
//           or the wrong speed); the receiver then waits for a high line. tx_ready_o is a register: a byte offered
//           with tx_ready_o high is taken, and tx_ready_o is low until its stop bit has ended.
// Sampling: after two synchronising flip-flops, in the middle of each bit; tolerates about 4 % of speed error.
`default_nettype none
module uart #(
  parameter CLOCKS_PER_BIT = 24     // clock frequency / baud rate, 4 .. 65535
) (
  input  wire       clk_i,
  input  wire       rst_i,
  input  wire       rx_i,           // asynchronous
  output reg        tx_o,
  output reg        rx_valid_o,
  output reg        rx_break_o,
  output wire [7:0] rx_data_o,      // holds until the next byte begins to arrive
  input  wire       tx_valid_i,
  output reg        tx_ready_o,
  input  wire [7:0] tx_data_i
);
  localparam CLOCK_W = $clog2(CLOCKS_PER_BIT);
  localparam [31:0] BIT_LAST  = CLOCKS_PER_BIT - 1;
  localparam [31:0] HALF_LAST = CLOCKS_PER_BIT / 2 - 1;
  generate if (CLOCKS_PER_BIT < 4 || CLOCKS_PER_BIT > 65535) begin : g_check
    uart_CLOCKS_PER_BIT_out_of_range u_stop ();
  end endgenerate

  // ---- receiver: rx_bit_q counts the bits still to be sampled (9 = start bit, 0 = stop bit)
  reg [1:0]         rx_sync_q;
  reg               rx_busy_q, rx_wait_high_q;
  reg [3:0]         rx_bit_q;
  reg [CLOCK_W-1:0] rx_clock_q;
  reg [7:0]         rx_shift_q;
  wire              rx_line   = rx_sync_q[1];
  wire              rx_sample = rx_busy_q && rx_clock_q == {CLOCK_W{1'b0}};
  assign rx_data_o = rx_shift_q;

  always @(posedge clk_i) begin
    rx_sync_q  <= {rx_sync_q[0], rx_i};
    rx_valid_o <= 1'b0;
    rx_break_o <= 1'b0;
    if (rx_line) rx_wait_high_q <= 1'b0;
    if (!rx_busy_q) begin
      rx_busy_q  <= !rx_line && !rx_wait_high_q;
      rx_bit_q   <= 4'd9;
      rx_clock_q <= HALF_LAST[CLOCK_W-1:0];
    end else if (!rx_sample) begin
      rx_clock_q <= rx_clock_q - 1'b1;
    end else begin
      rx_clock_q <= BIT_LAST[CLOCK_W-1:0];
      rx_bit_q   <= rx_bit_q - 4'd1;
      if (rx_bit_q == 4'd9) begin
        rx_busy_q <= !rx_line;                      // a glitch, not a start bit
      end else if (rx_bit_q == 4'd0) begin
        rx_busy_q      <= 1'b0;
        rx_valid_o     <= rx_line;
        rx_break_o     <= !rx_line;
        rx_wait_high_q <= !rx_line;
      end else begin
        rx_shift_q <= {rx_line, rx_shift_q[7:1]};
      end
    end
    if (rst_i) begin
      rx_sync_q      <= 2'b11;
      rx_busy_q      <= 1'b0;
      rx_wait_high_q <= 1'b1;
      rx_valid_o     <= 1'b0;
      rx_break_o     <= 1'b0;
    end
  end

  // ---- transmitter: tx_left_q counts the bits that have not begun yet
  reg [3:0]         tx_left_q;
  reg [CLOCK_W-1:0] tx_clock_q;
  reg [7:0]         tx_shift_q;

  always @(posedge clk_i) begin
    if (tx_ready_o) begin
      tx_left_q  <= 4'd9;
      tx_clock_q <= BIT_LAST[CLOCK_W-1:0];
      tx_shift_q <= tx_data_i;
      tx_o       <= !tx_valid_i;                    // the start bit begins at once
      tx_ready_o <= !tx_valid_i;
    end else if (tx_clock_q != {CLOCK_W{1'b0}}) begin
      tx_clock_q <= tx_clock_q - 1'b1;
    end else begin
      tx_clock_q <= BIT_LAST[CLOCK_W-1:0];
      tx_left_q  <= tx_left_q - 4'd1;
      tx_o       <= tx_shift_q[0];
      tx_shift_q <= {1'b1, tx_shift_q[7:1]};        // ones follow: the stop bit
      tx_ready_o <= tx_left_q == 4'd0;
    end
    if (rst_i) begin
      tx_o       <= 1'b1;
      tx_ready_o <= 1'b1;
    end
  end
endmodule
`default_nettype wire
