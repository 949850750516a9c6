// core_control.v - the tick state machine.
//   CLEAR   after reset and restart: clear v, u, r, a and the slots of the delay ring that hold events (after reset: all)
//   IDLE    events come in; a host access goes first, then a pending tick
//   HOST    one host access
//   START   fixes the tick's number and slot; no events from here to the end of SCAN
//   SCAN    the slot's axons stream through group 0          REPLAY   and through the other groups
//   DRAIN   until the last neuron is written back and the last spike has been taken
//   LEARN   plasticity sweep (one cycle where it is not built); tick_done_o follows
// An event accepted in any cycle belongs to the tick shown on tick_o in that cycle.
// C twin:   cmodel/mirror/core_control.c
`default_nettype none
module core_control #(
  parameter NEURON_WORDS   = 128,                               // NEURONS / NEURON_LANES
  parameter WORD_W         = 7                                  // clog2(NEURON_WORDS), 1 at least
) (
  input  wire        clk_i,
  input  wire        rst_i,
  // the user
  input  wire        tick_valid_i,
  output wire        tick_ready_o,
  output reg         tick_done_o,
  output wire [31:0] tick_o,                                    // the tick that events accepted now belong to
  // host_bus
  input  wire        host_pending_i,
  output wire        host_grant_o,
  input  wire        host_done_i,
  input  wire        host_restart_i,
  input  wire        preset_i,                                  // in HOST: go on at tick preset_tick_i
  input  wire [31:0] preset_tick_i,
  output wire        count_busy_o,
  // delay_ring
  output reg         open_o,
  output wire        scan_start_o,
  input  wire        ring_empty_i,
  output wire        ring_clear_o,
  // axon_stream
  input  wire        scan_done_i,
  input  wire        stream_done_i,
  // neuron_lif
  output wire [31:0] tick_now_o,                                // the tick being computed
  output wire        neuron_clear_o,
  output wire [WORD_W-1:0] neuron_clear_word_o,
  // quiet_groups, spike_router
  input  wire        groups_busy_i,                             // groups are on their way through crossbar and neurons
  input  wire        router_busy_i,
  // probe
  output wire [2:0]  phase_o
);
  localparam [31:0] WORD_LAST32 = NEURON_WORDS - 1;
  localparam [WORD_W-1:0] WORD_LAST = WORD_LAST32[WORD_W-1:0];
  localparam [WORD_W-1:0] WORD_ONE  = 1;

  localparam [2:0] CLEAR = 3'd0, IDLE = 3'd1, HOST = 3'd2, START = 3'd3, SCAN = 3'd4, REPLAY = 3'd5, DRAIN = 3'd6,
                   LEARN = 3'd7;
  reg  [2:0]         phase_q;
  reg                tick_pending_q, cleared_q;                       // cleared_q: every neuron's state is
  reg  [31:0]        tick_q, tick_now_q;
  reg  [WORD_W-1:0]  word_q;                                    // the word being cleared

  assign phase_o              = phase_q;
  assign tick_ready_o         = !tick_pending_q;
  assign tick_o               = tick_q;
  assign tick_now_o           = tick_now_q;
  assign host_grant_o         = phase_q == HOST;
  assign scan_start_o         = phase_q == START;
  assign ring_clear_o         = phase_q == CLEAR;
  assign neuron_clear_o       = phase_q == CLEAR && !cleared_q;
  assign neuron_clear_word_o  = word_q;
  assign count_busy_o         = phase_q >= START;

  reg [2:0] phase_d;
  always @* begin
    phase_d = phase_q;
    case (phase_q)
      CLEAR: if (cleared_q && ring_empty_i) phase_d = IDLE;
      IDLE:  if (host_pending_i) phase_d = HOST;
             else if (tick_pending_q) phase_d = START;
      HOST:  if (host_done_i) phase_d = host_restart_i ? CLEAR : IDLE;
      START: phase_d = SCAN;
      SCAN:  if (scan_done_i) phase_d = REPLAY;
      REPLAY: if (stream_done_i) phase_d = DRAIN;
      DRAIN: if (!groups_busy_i && !router_busy_i) phase_d = LEARN;
      default: phase_d = IDLE;
    endcase
  end

  always @(posedge clk_i) begin
    tick_done_o <= phase_q == LEARN;
    phase_q <= phase_d;
    open_o  <= phase_d == IDLE || phase_d == REPLAY || phase_d == DRAIN || phase_d == LEARN;

    word_q    <= neuron_clear_o ? word_q + WORD_ONE : {WORD_W{1'b0}};
    cleared_q <= phase_q == CLEAR && (cleared_q || word_q == WORD_LAST);
    if (phase_q == CLEAR) tick_q <= 32'd0;
    else if (phase_q == START) tick_q <= tick_q + 32'd1;         // nobody looks before the end of SCAN
    else if (preset_i) tick_q <= preset_tick_i;
    if (phase_q == START) tick_now_q <= tick_q;

    if (phase_q == IDLE && !host_pending_i) tick_pending_q <= 1'b0;
    if (tick_valid_i && tick_ready_o) tick_pending_q <= 1'b1;

    if (rst_i) begin
      phase_q        <= CLEAR;
      open_o         <= 1'b0;
      word_q         <= {WORD_W{1'b0}};
      cleared_q      <= 1'b0;
      tick_q         <= 32'd0;
      tick_pending_q <= 1'b0;
      tick_done_o    <= 1'b0;
    end
  end
endmodule
`default_nettype wire
