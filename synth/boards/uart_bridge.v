// uart_bridge.v - bytes of a serial line <-> host bus, events and ticks of synfire_core.
//
// Commands (numbers are little-endian; one answer each, but for 'E'):
//   'W' addr32 data32              write one word              -> 'w'
//   'R' addr32                     read one word               -> 'r' data32
//   'B' addr32 count16 data32...   write count words from addr -> 'b' after the last      (count 0 = 65536)
//   'Q' addr32 count16             read count words from addr  -> 'q' data32...           (count 0 = 65536)
//   'E' axon16 delay8              send an event to an axon    -> nothing
//   'T'                            run one tick                -> 'S' neuron16 for every output event, then 'D'
//   anything else                                              -> '?'
// Flow control is by answer: nothing but 'E' may be sent while an answer is due (an event is taken faster than the
// next byte can arrive, as long as the core is idle). After a restart of the core, read a register before sending
// events: the answer comes when the core is idle again. A byte that arrives where none can be taken is lost, and
// answered with '!' as soon as the command in progress has ended. A break on the line forgets a half-sent command.
// Timing:   output events wait (out_ready_o low) while the line is busy; so the core stalls, and loses nothing.
`default_nettype none
module uart_bridge #(
  parameter AXON_W   = 8,           // width of the core's in_axon_i, 1 .. 16
  parameter DELAY_W  = 4,           // width of the core's in_delay_i, 1 .. 8
  parameter NEURON_W = 8            // width of the core's out_neuron_o, 1 .. 16
) (
  input  wire                clk_i,
  input  wire                rst_i,
  // serial port
  input  wire                rx_valid_i,
  input  wire                rx_break_i,
  input  wire [7:0]          rx_data_i,         // stands in the cycle before rx_valid_i, too
  output wire                tx_valid_o,
  input  wire                tx_ready_i,
  output wire [7:0]          tx_data_o,
  // ticks
  output wire                tick_valid_o,
  input  wire                tick_ready_i,
  input  wire                tick_done_i,
  // events in
  output wire                in_valid_o,
  input  wire                in_ready_i,
  output wire [AXON_W-1:0]   in_axon_o,
  output wire [DELAY_W-1:0]  in_delay_o,
  // events out
  input  wire                out_valid_i,
  output wire                out_ready_o,
  input  wire [NEURON_W-1:0] out_neuron_i,
  // host bus
  output wire                host_valid_o,
  input  wire                host_ready_i,
  output wire                host_write_o,
  output wire [31:0]         host_addr_o,
  output wire [31:0]         host_wdata_o,
  input  wire                host_rvalid_i,
  input  wire [31:0]         host_rdata_i
);
  localparam [3:0]
    IDLE    = 4'd0,                 // waiting for a command
    ADDRESS = 4'd1, COUNT = 4'd2, DATA = 4'd3, EVENT = 4'd4,  // collecting bytes
    INPUT   = 4'd5,                 // offering an event
    BUS     = 4'd6, READ = 4'd7,    // offering a host access; waiting for the word read
    TICK    = 4'd8, RUN  = 4'd9,    // offering a tick; waiting for spikes and the end
    SEND    = 4'd10;                // sending send_left_q bytes
  localparam [7:0] BYTE_W = 8'h57, BYTE_R = 8'h52, BYTE_B = 8'h42, BYTE_Q = 8'h51, BYTE_E = 8'h45, BYTE_T = 8'h54,
                   BYTE_S = 8'h53, BYTE_D = 8'h44, BYTE_UNKNOWN = 8'h3f, BYTE_OVERRUN = 8'h21;

  reg [3:0]  state_q, after_q;      // after_q: where SEND goes on
  reg [1:0]  more_q;                // bytes of this argument still to come, less one
  reg [31:0] word_q;                // bytes as they come in; data to send, lowest byte first
  reg [31:0] addr_q;
  reg [15:0] count_q;               // words left, the current one included (0 = 65536)
  reg        write_q, burst_q;
  reg [7:0]  letter_q;              // first byte of an answer
  reg        letter_due_q;
  reg [2:0]  send_left_q;           // data bytes to send after it
  reg        done_q, overrun_q;
  reg        listen_q;              // in RUN; a register, because the core's router hangs on it

  wire collecting = state_q == IDLE || state_q == ADDRESS || state_q == COUNT || state_q == DATA || state_q == EVENT;
  // What the byte says as a command is in registers when it comes: it stands for a bit's time before rx_valid_i.
  reg  is_bus_q, is_write_q, is_burst_q, is_event_q, is_tick_q;
  always @(posedge clk_i) begin
    is_bus_q   <= rx_data_i == BYTE_W || rx_data_i == BYTE_R || rx_data_i == BYTE_B || rx_data_i == BYTE_Q;
    is_write_q <= rx_data_i == BYTE_W || rx_data_i == BYTE_B;
    is_burst_q <= rx_data_i == BYTE_B || rx_data_i == BYTE_Q;
    is_event_q <= rx_data_i == BYTE_E;
    is_tick_q  <= rx_data_i == BYTE_T;
  end

  assign tick_valid_o = state_q == TICK;
  assign in_valid_o   = state_q == INPUT;
  assign in_axon_o    = word_q[8 +: AXON_W];    // three bytes shifted in from the top: axon in 23:8, delay in 31:24
  assign in_delay_o   = word_q[24 +: DELAY_W];
  assign out_ready_o  = listen_q;
  wire   spike        = out_valid_i && listen_q;
  assign host_valid_o = state_q == BUS;
  assign host_write_o = write_q;
  assign host_addr_o  = addr_q;
  assign host_wdata_o = word_q;
  assign tx_valid_o   = state_q == SEND;
  assign tx_data_o    = letter_due_q ? letter_q : word_q[7:0];

  always @(posedge clk_i) begin
    if (rx_valid_i && !collecting) overrun_q <= 1'b1;
    if (tick_done_i) done_q <= 1'b1;
    if (rx_valid_i && collecting) begin
      word_q <= {rx_data_i, word_q[31:8]};
      more_q <= more_q - 2'd1;
    end

    case (state_q)
      IDLE: begin
        more_q       <= 2'd3;
        after_q      <= IDLE;
        letter_due_q <= 1'b1;
        send_left_q  <= 3'd0;
        done_q       <= 1'b0;
        count_q      <= 16'd1;
        letter_q     <= BYTE_UNKNOWN;
        if (overrun_q && !rx_valid_i) begin
          overrun_q <= 1'b0;
          letter_q  <= BYTE_OVERRUN;
          state_q   <= SEND;
        end else if (rx_valid_i) begin
          write_q <= is_write_q;
          burst_q <= is_burst_q;
          if (is_bus_q)        state_q <= ADDRESS;
          else if (is_tick_q)  state_q <= TICK;
          else if (is_event_q) state_q <= EVENT;
          else                 state_q <= SEND;
          if (is_bus_q) letter_q <= rx_data_i | 8'h20;          // the same letter, small
          if (is_event_q) more_q <= 2'd2;
        end
      end
      ADDRESS: if (rx_valid_i && more_q == 2'd0) begin
        addr_q  <= {rx_data_i, word_q[31:8]};
        more_q  <= burst_q ? 2'd1 : 2'd3;
        state_q <= burst_q ? COUNT : write_q ? DATA : BUS;
      end
      COUNT: if (rx_valid_i && more_q == 2'd0) begin
        count_q <= {rx_data_i, word_q[31:24]};
        more_q  <= 2'd3;
        state_q <= write_q ? DATA : BUS;
      end
      DATA:  if (rx_valid_i && more_q == 2'd0) state_q <= BUS;
      EVENT: if (rx_valid_i && more_q == 2'd0) state_q <= INPUT;
      INPUT: if (in_ready_i) state_q <= IDLE;
      BUS: if (host_ready_i) begin
        addr_q  <= addr_q + 32'd1;
        count_q <= count_q - 16'd1;
        more_q  <= 2'd3;
        state_q <= !write_q ? READ : count_q == 16'd1 ? SEND : DATA;
      end
      READ: if (host_rvalid_i) begin
        word_q      <= host_rdata_i;
        send_left_q <= 3'd4;
        after_q     <= count_q == 16'd0 ? IDLE : BUS;
        state_q     <= SEND;
      end
      TICK: if (tick_ready_i) state_q <= RUN;
      RUN: begin
        word_q[15:0] <= {{(16-NEURON_W){1'b0}}, out_neuron_i};
        letter_due_q <= 1'b1;
        letter_q     <= spike ? BYTE_S : BYTE_D;
        send_left_q  <= spike ? 3'd2 : 3'd0;
        after_q      <= spike ? RUN : IDLE;
        listen_q     <= !spike && !done_q;
        if (spike || done_q) state_q <= SEND;
      end
      default: if (tx_ready_i) begin                            // SEND
        letter_due_q <= 1'b0;
        if (!letter_due_q) begin
          word_q[23:0] <= word_q[31:8];
          send_left_q  <= send_left_q - 3'd1;
        end
        if (letter_due_q ? send_left_q == 3'd0 : send_left_q == 3'd1) state_q <= after_q;
      end
    endcase

    if (rx_break_i && collecting) state_q <= IDLE;
    if (rst_i) begin
      state_q   <= IDLE;
      overrun_q <= 1'b0;
      listen_q  <= 1'b0;
    end
  end
endmodule
`default_nettype wire
