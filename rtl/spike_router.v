// spike_router.v - where spikes go: the fan-out table, loop-back to axons, AER output.
//   A word of NEURON_LANES spikes is queued if any of them is set. For each spike, lowest neuron first, the pointer
//   table gives the first entry of the neuron's list; entries are sent one a cycle until the one marked last.
//   An entry either goes back to the delay ring (axon, delay - 1) or out (the neuron's number).
// Timing:   a queued word costs 2 cycles, a spike 2 cycles and one per entry (none without routes); an entry waits in
//           one register until the ring or the reader takes it. The queue holds the words of a whole tick, so neurons
//           never wait for routes.
// C twin:   cmodel/spike_router.c
`default_nettype none
module spike_router #(
  parameter AXONS        = 256,
  parameter NEURONS      = 256,
  parameter NEURON_LANES = 2,
  parameter DELAY_SLOTS  = 16,
  parameter ROUTES       = 512
) (
  input  wire        clk_i,
  input  wire        rst_i,
  // neuron_lif
  input  wire        update_valid_i,
  input  wire [(NEURONS > NEURON_LANES ? $clog2(NEURONS/NEURON_LANES) : 1)-1:0] update_word_i,
  input  wire [NEURON_LANES-1:0] update_spike_i,
  // axon_scheduler
  output wire        loop_valid_o,
  input  wire        loop_ready_i,
  output wire [$clog2(AXONS)-1:0]       loop_axon_o,
  output wire [$clog2(DELAY_SLOTS)-1:0] loop_delay_o,           // delay - 1: the tick has been counted already
  // AER output
  output wire        out_valid_o,
  input  wire        out_ready_i,
  output wire [$clog2(NEURONS)-1:0] out_neuron_o,
  // core_control
  output wire        busy_o,                                    // spikes are on their way
  // host_bus: one pointer or entry, only while not busy
  input  wire        host_pointer_we_i,
  input  wire        host_pointer_re_i,
  input  wire        host_entry_we_i,
  input  wire        host_entry_re_i,
  input  wire [15:0] host_index_i,
  input  wire [31:0] host_wdata_i,
  output wire [31:0] host_pointer_rdata_o,                      // one cycle after the read
  output wire [31:0] host_entry_rdata_o,
  // the entry waiting for ring or reader
  output wire        route_valid_o,
  output wire        route_external_o
);
  localparam AXON_W   = $clog2(AXONS);
  localparam SLOT_W   = $clog2(DELAY_SLOTS);
  localparam NEURON_W = $clog2(NEURONS);
  localparam WORDS    = NEURONS / NEURON_LANES;
  localparam WORD_W   = WORDS > 1 ? $clog2(WORDS) : 1;
  localparam LANE_W   = NEURON_LANES > 1 ? $clog2(NEURON_LANES) : 1;
  localparam LANE_S   = $clog2(NEURON_LANES);
  localparam ENTRY_W  = ROUTES > 1 ? $clog2(ROUTES) : 1;
  localparam [31:0] ENTRY_LAST32 = ROUTES - 1;
  localparam [ENTRY_W-1:0] ENTRY_LAST = ENTRY_LAST32[ENTRY_W-1:0];
  localparam [ENTRY_W-1:0] ENTRY_ONE  = 1;

  localparam [2:0] IDLE = 3'd0, WORD = 3'd1, SPIKE = 3'd2, POINTER = 3'd3, ENTRY = 3'd4;
  reg  [2:0]              state_q;
  reg  [WORD_W-1:0]       word_q;
  reg  [NEURON_LANES-1:0] spikes_q;                             // spikes of the word still to be routed
  reg  [NEURON_W-1:0]     neuron_q;
  reg  [ENTRY_W-1:0]      entry_q;                              // the entry being read

  // ---- queue of words with spikes --------------------------------------------------------------------------------------
  wire queue_valid;
  wire [WORD_W+NEURON_LANES-1:0] queue_data;
  fifo #(.DEPTH(WORDS), .WIDTH(WORD_W + NEURON_LANES)) u_queue (
    .clk_i(clk_i), .rst_i(rst_i),
    .push_i(update_valid_i && |update_spike_i), .data_i({update_word_i, update_spike_i}),
    .pop_i(state_q == IDLE && queue_valid), .valid_o(queue_valid), .data_o(queue_data)
  );

  // ---- spikes of a word, one after the other -----------------------------------------------------------------------------
  wire [LANE_W-1:0]       lane;
  wire [NEURON_LANES-1:0] rest;
  wire                    last;                                 // rest == 0
  find_first #(.WIDTH(NEURON_LANES)) u_first (.bits_i(spikes_q), .index_o(lane), .rest_o(rest), .last_o(last));
  wire [31:0]         word32 = {{(32-WORD_W){1'b0}}, word_q};
  wire [31:0]         lane32 = {{(32-LANE_W){1'b0}}, lane};
  wire [31:0]         neuron = (word32 << LANE_S) | lane32;

  // ---- tables ------------------------------------------------------------------------------------------------------------
  wire [ENTRY_W:0]    pointer;                                  // {has routes, first entry}
  ram_1r1w #(.DEPTH(NEURONS), .WIDTH(ENTRY_W + 1)) u_pointer (
    .clk_i(clk_i), .we_i(host_pointer_we_i), .waddr_i(host_index_i[NEURON_W-1:0]),
    .wdata_i({host_wdata_i[31], host_wdata_i[ENTRY_W-1:0]}),
    .re_i(state_q == SPIKE || host_pointer_re_i),
    .raddr_i(host_pointer_re_i ? host_index_i[NEURON_W-1:0] : neuron[NEURON_W-1:0]), .rdata_o(pointer)
  );
  assign host_pointer_rdata_o = {pointer[ENTRY_W], {(31-ENTRY_W){1'b0}}, pointer[ENTRY_W-1:0]};

  wire [2+SLOT_W+AXON_W-1:0] entry;                             // {last, external, delay - 1, axon}
  wire entry_last     = entry[SLOT_W+AXON_W+1] || entry_q == ENTRY_LAST;
  wire entry_external = entry[SLOT_W+AXON_W];
  wire route_free;
  wire entry_sent     = state_q == ENTRY && route_free;
  wire entry_start    = state_q == POINTER && pointer[ENTRY_W];
  wire [ENTRY_W-1:0] entry_address = entry_start ? pointer[ENTRY_W-1:0] : entry_q + ENTRY_ONE;
  ram_1r1w #(.DEPTH(ROUTES), .WIDTH(2 + SLOT_W + AXON_W)) u_entry (
    .clk_i(clk_i), .we_i(host_entry_we_i), .waddr_i(host_index_i[ENTRY_W-1:0]),
    .wdata_i({host_wdata_i[31:30], host_wdata_i[16 +: SLOT_W], host_wdata_i[AXON_W-1:0]}),
    .re_i(entry_start || (entry_sent && !entry_last) || host_entry_re_i),
    .raddr_i(host_entry_re_i ? host_index_i[ENTRY_W-1:0] : entry_address), .rdata_o(entry)
  );
  assign host_entry_rdata_o = {entry[SLOT_W+AXON_W+1 -: 2], {(14-SLOT_W){1'b0}}, entry[AXON_W +: SLOT_W],
                               {(16-AXON_W){1'b0}}, entry[AXON_W-1:0]};

  // ---- the entry on its way ------------------------------------------------------------------------------------------------
  reg                route_q, external_q;
  reg [AXON_W-1:0]   axon_q;
  reg [SLOT_W-1:0]   delay_q;
  reg [NEURON_W-1:0] out_neuron_q;
  assign loop_valid_o     = route_q && !external_q;
  assign loop_axon_o      = axon_q;
  assign loop_delay_o     = delay_q;
  assign out_valid_o      = route_q && external_q;
  assign out_neuron_o     = out_neuron_q;
  assign route_free       = !route_q || (external_q ? out_ready_i : loop_ready_i);
  assign busy_o           = state_q != IDLE || queue_valid || route_q;
  assign route_valid_o    = route_q;
  assign route_external_o = external_q;

  wire [2:0] next_spike = spikes_q != {NEURON_LANES{1'b0}} ? SPIKE : IDLE;
  always @(posedge clk_i) begin
    case (state_q)
      IDLE:    if (queue_valid) state_q <= WORD;
      WORD:    state_q <= SPIKE;
      SPIKE:   state_q <= POINTER;
      POINTER: state_q <= entry_start ? ENTRY : next_spike;
      default: if (entry_sent && entry_last) state_q <= next_spike;
    endcase
    if (state_q == WORD) {word_q, spikes_q} <= queue_data;
    if (state_q == SPIKE) begin
      neuron_q <= neuron[NEURON_W-1:0];
      spikes_q <= rest;
    end
    if (entry_start || entry_sent) entry_q <= entry_address;
    if (route_free) begin
      route_q      <= state_q == ENTRY;
      external_q   <= entry_external;
      delay_q      <= entry[AXON_W +: SLOT_W];
      axon_q       <= entry[AXON_W-1:0];
      out_neuron_q <= neuron_q;
    end
    if (rst_i) begin
      state_q <= IDLE;
      route_q <= 1'b0;
    end
  end

  wire unused = &{1'b0, last, neuron[31:NEURON_W], host_index_i, host_wdata_i};
endmodule
`default_nettype wire
