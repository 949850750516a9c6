// host_bus.v - configuration and read-back of every memory and register, and the status counters.
//   A request is latched, executed when core_control grants it (between ticks), and answered by host_rvalid_o if it was
//   a read. Address map: rtl/README.md. An address that is not mapped reads 0; writing it does nothing.
// Timing:   granted in cycle c: access in c + 3 (a read of neurons in c + 1 above 64 lanes), write done in c + 4 (c + 5 above 512 lanes), read answered in c + 16; the
//           same for every region.
// C twin:   cmodel/mirror/host_bus.c
`default_nettype none
module host_bus #(
  parameter AXONS          = 256,
  parameter NEURONS        = 256,
  parameter LANES          = 16,
  parameter NEURON_LANES   = 2,
  parameter LEARNING_LANES = 0,
  parameter WEIGHT_BITS    = 4,
  parameter POTENTIAL_BITS = 16,
  parameter DELAY_SLOTS    = 16,
  parameter PROFILES       = 16,
  parameter ROUTES         = 512,
  parameter HAS_CURRENT    = 0,
  parameter HAS_REFRACTORY = 0,
  parameter HAS_ADAPTATION = 0,
  parameter HAS_NOISE      = 0,
  parameter LEAK_SHIFT     = 0,
  parameter PROBE          = 0,                                 // 1: tick and counters can be written
  parameter ROWS           = 4096,                              // of weights
  parameter BANK_S         = 1,                                 // clog2 of the words of 32 bits in one
  parameter RING_W         = 8,                                 // address bits of the delay ring
  parameter BROADCAST      = 0,                                 // stages of the weights' broadcast behind its root: 0, 1, 2
  parameter FAR            = 0                                  // 1: neuron_lif has a register more
) (
  input  wire        clk_i,
  input  wire        rst_i,
  // the host
  input  wire        host_valid_i,
  output wire        host_ready_o,
  input  wire        host_write_i,
  input  wire [31:0] host_addr_i,
  input  wire [31:0] host_wdata_i,
  output reg         host_rvalid_o,
  output reg  [31:0] host_rdata_o,
  // core_control
  output wire        pending_o,                                 // a request waits or is being executed
  input  wire        grant_i,                                   // it may run: high until done_o
  output wire        done_o,                                    // its last cycle
  output wire        restart_o,                                 // with done_o: clear ring, state, tick and counters
  output wire        preset_tick_o,                             // the tick is to be wdata_o; one cycle
  output wire [31:0] seed_o,
  // accesses, one cycle each
  output reg         weight_we_o,
  output reg         weight_re_o,
  output wire [27:0] weight_address_o,
  input  wire [31:0] weight_rdata_i,
  output reg         neuron_we_o,
  output reg         neuron_re_o,
  input  wire [31:0] neuron_rdata_i,
  output reg         profile_we_o,
  output reg         profile_re_o,
  input  wire [31:0] profile_rdata_i,
  output reg         pointer_we_o,
  output reg         pointer_re_o,
  input  wire [31:0] pointer_rdata_i,
  output reg         entry_we_o,
  output reg         entry_re_o,
  input  wire [31:0] entry_rdata_i,
  output reg         ring_we_o,
  output reg         ring_re_o,
  input  wire [15:0] ring_rdata_i,
  output reg  [15:0] index_o,                                   // neuron, profile, entry or ring word
  output reg  [3:0]  field_o,                                   // of a neuron or profile
  output wire [31:0] wdata_o,
  // what the status counters count, one cycle each
  input  wire        clear_i,
  input  wire [31:0] tick_i,                                    // ticks since reset or restart
  input  wire        count_in_i,
  input  wire        count_out_i,
  input  wire        count_merge_i,
  input  wire        count_drop_i,
  input  wire        count_axon_i,
  input  wire        count_busy_i
);
  localparam [31:0] ROWS32 = ROWS, NEURONS32 = NEURONS, PROFILES32 = PROFILES, ROUTES32 = ROUTES;
  localparam [31:0] RING32 = 1 << RING_W;
  localparam [31:0] FEATURES = (HAS_CURRENT != 0 ? 32'd1 : 32'd0) | (HAS_REFRACTORY != 0 ? 32'd2 : 32'd0)
                             | (HAS_ADAPTATION != 0 ? 32'd4 : 32'd0) | (HAS_NOISE != 0 ? 32'd8 : 32'd0)
                             | (LEAK_SHIFT != 0 ? 32'd16 : 32'd0);
  localparam [31:0] P_AXONS = AXONS, P_LANES = LANES, P_NEURON_LANES = NEURON_LANES, P_LEARNING_LANES = LEARNING_LANES,
                    P_WEIGHT_BITS = WEIGHT_BITS, P_POTENTIAL_BITS = POTENTIAL_BITS, P_DELAY_SLOTS = DELAY_SLOTS;
  localparam [3:0]  READ_LAST = 4'd15;                          // the slowest answer: neurons
  localparam [3:0]  WRITE_LAST = BROADCAST > 1 ? 4'd5 : 4'd4;   // what is done no reset may stop: weights, on their way to a leaf

  // ---- the request -------------------------------------------------------------------------------------------------------
  reg        pending_q, write_q;
  reg [31:0] addr_q, wdata_q;
  reg [3:0]  step_q;                                            // cycles since the grant
  assign host_ready_o = !pending_q;
  assign pending_o    = pending_q;
  wire   access = grant_i && step_q == 4'd2;                    // in the next cycle: the last event is in the ring by then
  assign done_o = grant_i && step_q == (write_q ? WRITE_LAST : READ_LAST);

  wire [3:0]  region = addr_q[31:28];
  wire [27:0] offset = addr_q[27:0];
  wire [31:0] row    = {4'd0, offset} >> BANK_S;
  wire in_weights  = region == 4'd1 && row < ROWS32;
  wire in_neurons  = region == 4'd2 && {7'd0, offset[27:3]} < NEURONS32;
  wire in_profiles = region == 4'd3 && {8'd0, offset[27:4]} < PROFILES32;
  wire in_pointers = region == 4'd4 && {4'd0, offset} < NEURONS32;
  wire in_entries  = region == 4'd5 && {4'd0, offset} < ROUTES32;
  wire in_ring     = region == 4'd6 && {4'd0, offset} < RING32;
  wire at_control  = region == 4'd0 && offset == 28'h02;
  wire at_seed     = region == 4'd0 && offset == 28'h03;

  // The decoding is wide, and the accesses enable every memory of the core: registers on both sides. The address stands
  // for two cycles before the access.
  reg       seed_we_q, at_seed_q, at_control_q;
  reg [5:0] in_q;                                               // weights, neurons, profiles, pointers, entries, ring
  wire      write = access && write_q, read = access && !write_q;
  wire      neuron_read = FAR != 0 ? grant_i && step_q == 4'd0 && !write_q : read; // there neuron_lif has two registers more
  always @(posedge clk_i) begin
    in_q         <= {in_weights, in_neurons, in_profiles, in_pointers, in_entries, in_ring};
    at_seed_q    <= at_seed;
    at_control_q <= at_control;
    weight_we_o  <= write && in_q[5];
    weight_re_o  <= read && in_q[5];
    neuron_we_o  <= write && in_q[4];
    neuron_re_o  <= neuron_read && in_q[4];
    profile_we_o <= write && in_q[3];
    profile_re_o <= read && in_q[3];
    pointer_we_o <= write && in_q[2];
    pointer_re_o <= read && in_q[2];
    entry_we_o   <= write && in_q[1];
    entry_re_o   <= read && in_q[1];
    ring_we_o    <= write && in_q[0];
    ring_re_o    <= read && in_q[0];
    seed_we_q    <= write && at_seed_q;
    if (rst_i) begin                                            // may come from afar: the registers' own pin, no LUT before it
      {weight_we_o, weight_re_o, neuron_we_o, neuron_re_o, profile_we_o, profile_re_o} <= 6'd0;
      {pointer_we_o, pointer_re_o, entry_we_o, entry_re_o, ring_we_o, ring_re_o, seed_we_q} <= 7'd0;
    end
    index_o      <= region == 4'd2 ? offset[18:3] : region == 4'd3 ? offset[19:4] : offset[15:0];
    field_o      <= region == 4'd2 ? {1'b0, offset[2:0]} : offset[3:0];
  end
  assign weight_address_o = offset;
  assign wdata_o          = wdata_q;
  assign restart_o        = done_o && write_q && at_control_q && wdata_q[0];

  // ---- registers ---------------------------------------------------------------------------------------------------------
  // What is counted is registered first: a merge is known too late in its cycle for a 32-bit counter. Nothing counts in
  // the cycles before a host access, so the host sees no difference.
  reg        in_1, out_1, merge_1, drop_1, axon_1, busy_1;
  reg [31:0] events_in_q, events_out_q, merges_q, dropped_q;
  reg [47:0] axon_ops_q, busy_q;
  reg        clear_q;
  always @(posedge clk_i) begin
    {in_1, out_1, merge_1, drop_1, axon_1, busy_1}
                 <= {count_in_i, count_out_i, count_merge_i, count_drop_i, count_axon_i, count_busy_i};
    events_in_q  <= events_in_q  + {31'd0, in_1};
    events_out_q <= events_out_q + {31'd0, out_1};
    merges_q     <= merges_q     + {31'd0, merge_1};
    dropped_q    <= dropped_q    + {31'd0, drop_1};
    axon_ops_q   <= axon_ops_q   + {47'd0, axon_1};
    busy_q       <= busy_q       + {47'd0, busy_1};
    clear_q      <= clear_i;
    if (rst_i || clear_q) begin
      events_in_q  <= 32'd0;
      events_out_q <= 32'd0;
      merges_q     <= 32'd0;
      dropped_q    <= 32'd0;
      axon_ops_q   <= 48'd0;
      busy_q       <= 48'd0;
    end else begin
      if (preset[1]) events_in_q       <= wdata_q;
      if (preset[2]) events_out_q      <= wdata_q;
      if (preset[3]) merges_q          <= wdata_q;
      if (preset[4]) dropped_q         <= wdata_q;
      if (preset[5]) axon_ops_q[31:0]  <= wdata_q;
      if (preset[6]) axon_ops_q[47:32] <= wdata_q[15:0];
      if (preset[7]) busy_q[31:0]      <= wdata_q;
      if (preset[8]) busy_q[47:32]     <= wdata_q[15:0];
    end
  end

  // Where events are probed, a run can begin just below a carry that would take days to reach.
  wire [8:0] preset;                                            // TICKS .. BUSY_CYCLES, one of them
  generate if (PROBE != 0) begin : g_preset
    wire      at_preset = region == 4'd0 && offset >= 28'h08 && offset <= 28'h10;
    reg       at_preset_q;
    reg [8:0] preset_q;
    always @(posedge clk_i) begin
      at_preset_q <= at_preset;
      preset_q    <= write && !rst_i && at_preset_q ? 9'd1 << {offset[4], offset[2:0]} : 9'd0;
    end
    assign preset = preset_q;
  end else begin : g_no_preset
    assign preset = 9'd0;
  end endgenerate
  assign preset_tick_o = preset[0];

  generate if (HAS_NOISE != 0) begin : g_seed
    reg [31:0] seed_q;
    always @(posedge clk_i) begin
      if (seed_we_q) seed_q <= wdata_q;
      if (rst_i) seed_q <= 32'd0;
    end
    assign seed_o = seed_q;
  end else begin : g_no_seed
    assign seed_o = 32'd0;
    wire unused_seed = seed_we_q;
  end endgenerate

  reg [31:0] status, built;                                     // the two halves of the register map
  always @* begin
    case (offset[4:0])
      5'h00: status = 32'h53594e46;                             // "SYNF"
      5'h01: status = 32'h00000100;                             // version 0.1.0: {major, minor, patch}, a byte each
      5'h03: status = seed_o;
      5'h08: status = tick_i;                                   // the host reads between ticks
      5'h09: status = events_in_q;
      5'h0A: status = events_out_q;
      5'h0B: status = merges_q;
      5'h0C: status = dropped_q;
      5'h0D: status = axon_ops_q[31:0];
      5'h0E: status = {16'd0, axon_ops_q[47:32]};
      5'h0F: status = busy_q[31:0];
      5'h10: status = {16'd0, busy_q[47:32]};
      default: status = 32'd0;
    endcase
    case (offset[4:0])
      5'h00: built = P_AXONS;
      5'h01: built = NEURONS32;
      5'h02: built = P_LANES;
      5'h03: built = P_NEURON_LANES;
      5'h04: built = P_LEARNING_LANES;
      5'h05: built = P_WEIGHT_BITS;
      5'h06: built = P_POTENTIAL_BITS;
      5'h07: built = P_DELAY_SLOTS;
      5'h08: built = PROFILES32;
      5'h09: built = ROUTES32;
      5'h0A: built = FEATURES;
      default: built = 32'd0;
    endcase
  end
  reg [31:0] status_q, built_q, register_q;
  reg        registers_q;                                       // the offset is below 0x40
  reg        mapped_q;

  always @(posedge clk_i) begin
    status_q      <= status;
    built_q       <= built;
    registers_q   <= offset[27:6] == 22'd0;
    register_q    <= !registers_q ? 32'd0 : offset[5] ? built_q : status_q;
    host_rvalid_o <= done_o && !write_q;
    mapped_q      <= in_q != 6'd0;
    case (region)
      4'd0:    host_rdata_o <= register_q;
      4'd1:    host_rdata_o <= mapped_q ? weight_rdata_i : 32'd0;
      4'd2:    host_rdata_o <= mapped_q ? neuron_rdata_i : 32'd0;
      4'd3:    host_rdata_o <= mapped_q ? profile_rdata_i : 32'd0;
      4'd4:    host_rdata_o <= mapped_q ? pointer_rdata_i : 32'd0;
      4'd5:    host_rdata_o <= mapped_q ? entry_rdata_i : 32'd0;
      4'd6:    host_rdata_o <= mapped_q ? {16'd0, ring_rdata_i} : 32'd0;
      default: host_rdata_o <= 32'd0;
    endcase
    if (host_ready_o) begin
      write_q <= host_write_i;
      addr_q  <= host_addr_i;
      wdata_q <= host_wdata_i;
    end
    if (done_o) pending_q <= 1'b0;
    else if (host_valid_i) pending_q <= 1'b1;
    step_q <= grant_i && !done_o ? step_q + 4'd1 : 4'd0;
    if (rst_i) begin
      pending_q     <= 1'b0;
      host_rvalid_o <= 1'b0;
      step_q        <= 4'd0;
    end
  end

  wire unused = &{1'b0, row};
endmodule
`default_nettype wire
