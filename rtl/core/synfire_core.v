// synfire_core.v - one neuromorphic core: axons, synapses, neurons, axons again, and their control.
//
//   AER in -> delay_ring -> axon_stream -> crossbar -> neuron_lif -> spike_router -> AER out
//                 ^                                                       |
//                 +------------------------ loop-back --------------------+    core_control, quiet_groups, host_bus around them
//
// Parameters, ports, cycle contract, address map: rtl/README.md.
// C twin:   cmodel/mirror/synfire_core.c
`default_nettype none
module synfire_core #(
  parameter AXONS          = 256,                               // 16 .. 4096
  parameter NEURONS        = 256,                               // 16 .. 8192, a multiple of LANES
  parameter LANES          = 16,                                // 1 .. 4096, a power of two
  parameter NEURON_LANES   = 2,                                 // 1 .. LANES, a power of two
  parameter LEARNING_LANES = 0,                                 // 0: no plasticity; others are not built yet
  parameter WEIGHT_BITS    = 4,                                 // 1 (unsigned), 2, 4, 8, 16
  parameter POTENTIAL_BITS = 16,                                // 8 .. 24
  parameter DELAY_SLOTS    = 16,                                // 2 .. 64, a power of two
  parameter PROFILES       = 16,                                // 1 .. NEURONS
  parameter ROUTES         = 512,                               // 1 .. 65536
  parameter HAS_CURRENT    = 0,
  parameter HAS_REFRACTORY = 0,
  parameter HAS_ADAPTATION = 0,
  parameter HAS_NOISE      = 0,
  parameter LEAK_SHIFT     = 0,                                 // 1: decays are powers of two, no multiplier
  parameter WEIGHT_MEMORY  = 0,                                 // 0: block RAM, 1: iCE40 SPRAM
  parameter PROBE          = 0                                  // 1: probe_* show the cycle's events; 0: they are 0
) (
  input  wire        clk_i,
  input  wire        rst_i,
  // tick
  input  wire        tick_valid_i,
  output wire        tick_ready_o,
  output wire        tick_done_o,
  output wire [31:0] tick_o,
  // AER in
  input  wire        in_valid_i,
  output wire        in_ready_o,
  input  wire [$clog2(AXONS)-1:0]       in_axon_i,
  input  wire [$clog2(DELAY_SLOTS)-1:0] in_delay_i,
  // AER out
  output wire        out_valid_o,
  input  wire        out_ready_i,
  output wire [$clog2(NEURONS)-1:0] out_neuron_o,
  // host bus
  input  wire        host_valid_i,
  output wire        host_ready_o,
  input  wire        host_write_i,
  input  wire [31:0] host_addr_i,
  input  wire [31:0] host_wdata_i,
  output wire        host_rvalid_o,
  output wire [31:0] host_rdata_o,
  // probes
  output wire [2:0]  probe_phase_o,
  output wire [(NEURONS > LANES ? $clog2(NEURONS/LANES) : 1)-1:0] probe_group_o,
  output wire        probe_issue_valid_o,
  output wire        probe_issue_end_o,
  output wire [$clog2(AXONS)-1:0] probe_issue_axon_o,
  output wire        probe_issue_axon_valid_o,
  output wire        probe_weight_valid_o,
  output wire        probe_swap_o,
  output wire        probe_update_valid_o,
  output wire [(NEURONS > NEURON_LANES ? $clog2(NEURONS/NEURON_LANES) : 1)-1:0] probe_update_word_o,
  output wire        probe_event_valid_o,
  output wire [$clog2(AXONS)-1:0]       probe_event_axon_o,
  output wire [$clog2(DELAY_SLOTS)-1:0] probe_event_slot_o,
  output wire        probe_event_merged_o,
  output wire        probe_route_valid_o,
  output wire        probe_route_external_o,
  output wire        probe_learn_valid_o,
  output wire [(LANES*WEIGHT_BITS > 32 ? LANES*WEIGHT_BITS : 32)-1:0] probe_weights_o,
  output wire [32*LANES-1:0]        probe_sum_o,
  output wire [32*((NEURON_LANES+31)/32)-1:0] probe_spike_o,
  output wire [32*NEURON_LANES-1:0] probe_v_o,
  output wire [32*NEURON_LANES-1:0] probe_u_o,
  output wire [32*NEURON_LANES-1:0] probe_r_o,
  output wire [32*NEURON_LANES-1:0] probe_a_o
);
  // What the modules need of the parameters, derived here and nowhere else. (In the ports above the same expressions stand once
  // more: Verilog-2005 has no localparam there.)
  localparam AXON_W   = $clog2(AXONS);
  localparam SLOT_W   = $clog2(DELAY_SLOTS);
  localparam NEURON_W = $clog2(NEURONS);
  localparam GROUPS   = NEURONS / LANES;
  localparam GROUP_W  = GROUPS > 1 ? $clog2(GROUPS) : 1;
  localparam STEPS    = LANES / NEURON_LANES;                   // words of a group
  localparam WORDS    = NEURONS / NEURON_LANES;
  localparam WORD_W   = WORDS > 1 ? $clog2(WORDS) : 1;
  localparam LANE_S   = $clog2(NEURON_LANES);
  localparam LANE_W   = LANE_S > 0 ? LANE_S : 1;
  localparam ROWS     = GROUPS * AXONS;                         // of weights
  localparam BASE_W   = ROWS > 1 ? $clog2(ROWS) : 1;
  localparam ROW_W    = LANES * WEIGHT_BITS;
  localparam BANK_S   = ROW_W > 32 ? $clog2(ROW_W / 32) : 0;
  localparam BANK_W   = BANK_S > 0 ? BANK_S : 1;
  localparam SUM_W    = WEIGHT_BITS + AXON_W + (WEIGHT_BITS == 1 ? 1 : 0);
  localparam RING_WORDS  = (AXONS + 15) / 16;                   // of a slot
  localparam RING_WORD_W = RING_WORDS > 1 ? $clog2(RING_WORDS) : 1;
  localparam RING_W   = SLOT_W + $clog2(RING_WORDS);
  // What more lanes need on the chip: stages of the weights' broadcast behind its root. Where there are any, a group's last axon
  // carries its mark, and the neurons' and the router's memories may be far away.
  localparam BROADCAST = LANES > 512 ? 2 : LANES > 64 ? 1 : 0;
  localparam RIDES     = BROADCAST > 0 ? 1 : 0;
  localparam FAR       = BROADCAST > 0 ? 1 : 0;

  generate
    if (AXONS < 16 || AXONS > 4096) begin : g_check_axons
      synfire_core_AXONS_out_of_range u_stop ();
    end
    if (NEURONS < 16 || NEURONS > 8192 || NEURONS % LANES != 0) begin : g_check_neurons
      synfire_core_NEURONS_out_of_range_or_no_multiple_of_LANES u_stop ();
    end
    if (LANES < 1 || LANES > 4096 || (LANES & (LANES - 1)) != 0) begin : g_check_lanes
      synfire_core_LANES_is_no_power_of_two_up_to_4096 u_stop ();
    end
    if (NEURON_LANES < 1 || NEURON_LANES > LANES || (NEURON_LANES & (NEURON_LANES - 1)) != 0) begin : g_check_neuron_lanes
      synfire_core_NEURON_LANES_is_no_power_of_two_up_to_LANES u_stop ();
    end
    if (LEARNING_LANES != 0) begin : g_check_learning
      synfire_core_LEARNING_LANES_is_not_built u_stop ();
    end
    if (WEIGHT_BITS != 1 && WEIGHT_BITS != 2 && WEIGHT_BITS != 4 && WEIGHT_BITS != 8 && WEIGHT_BITS != 16) begin : g_check_weight
      synfire_core_WEIGHT_BITS_is_not_1_2_4_8_16 u_stop ();
    end
    if (POTENTIAL_BITS < 8 || POTENTIAL_BITS > 24) begin : g_check_potential
      synfire_core_POTENTIAL_BITS_out_of_range u_stop ();
    end
    if (DELAY_SLOTS < 2 || DELAY_SLOTS > 64 || (DELAY_SLOTS & (DELAY_SLOTS - 1)) != 0) begin : g_check_delay
      synfire_core_DELAY_SLOTS_is_no_power_of_two_2_to_64 u_stop ();
    end
    if (PROFILES < 1 || PROFILES > NEURONS) begin : g_check_profiles
      synfire_core_PROFILES_out_of_range u_stop ();
    end
    if (ROUTES < 1 || ROUTES > 65536) begin : g_check_routes
      synfire_core_ROUTES_out_of_range u_stop ();
    end
    if (WEIGHT_MEMORY != 0 && (LANES * WEIGHT_BITS) % 16 != 0) begin : g_check_spram
      synfire_core_SPRAM_rows_are_no_multiple_of_16_bits u_stop ();
    end
  endgenerate

  // ---- between the modules -----------------------------------------------------------------------------------------------
  wire              open, scan_start, scan_done, stream_done, ring_empty, ring_clear, neuron_clear, router_busy;
  wire [31:0]       tick_now, seed;
  wire [WORD_W-1:0] neuron_clear_word;
  wire              loop_valid, loop_ready;
  wire [AXON_W-1:0] loop_axon;
  wire [SLOT_W-1:0] loop_delay;
  wire              issue_axon_valid, issue_end;
  wire              slot_begin, slot_empty, slot_valid, slot_take;
  wire [15:0]       slot_word;
  wire [RING_WORD_W-1:0] slot_word_at;
  wire              marks_none, marks_last, marks_next, groups_busy, empty, update_rest;
  wire              marks_listed, keep, mark;
  wire [GROUP_W-1:0] marks_group, keep_at, keep_group, mark_group;
  wire [AXON_W-1:0] issue_axon;
  wire [BASE_W-1:0] issue_base;
  wire [GROUP_W-1:0] issue_group;
  wire              drain_valid, coming_valid, update_valid;
  wire [WORD_W-1:0] drain_word, coming_word, update_word;
  wire [NEURON_LANES*SUM_W-1:0] drain_sum;
  wire [NEURON_LANES-1:0] update_spike;
  wire              event_valid, event_merged, merged, event_dropped, route_valid, route_external;
  wire [AXON_W-1:0] event_axon;
  wire [SLOT_W-1:0] event_slot;
  wire [2:0]        phase;
  wire              host_pending, host_grant, host_done, host_restart, preset_tick, count_busy;
  wire              weight_we, weight_re, neuron_we, neuron_re, profile_we, profile_re, pointer_we, pointer_re;
  wire              entry_we, entry_re, ring_we, ring_re;
  wire [27:0]       weight_address;
  wire [31:0]       weight_row = {4'd0, weight_address} >> BANK_S;
  wire [31:0]       weight_rdata, neuron_rdata, profile_rdata, pointer_rdata, entry_rdata, host_data;
  wire [15:0]       ring_rdata, host_index;
  wire [3:0]        host_field;

  core_control #(.NEURON_WORDS(WORDS), .WORD_W(WORD_W)) u_control (
    .clk_i(clk_i), .rst_i(rst_i),
    .tick_valid_i(tick_valid_i), .tick_ready_o(tick_ready_o), .tick_done_o(tick_done_o), .tick_o(tick_o),
    .host_pending_i(host_pending), .host_grant_o(host_grant), .host_done_i(host_done), .host_restart_i(host_restart),
    .preset_i(preset_tick), .preset_tick_i(host_data), .count_busy_o(count_busy),
    .open_o(open), .scan_start_o(scan_start), .scan_done_i(scan_done), .stream_done_i(stream_done),
    .ring_empty_i(ring_empty), .ring_clear_o(ring_clear),
    .tick_now_o(tick_now), .neuron_clear_o(neuron_clear), .neuron_clear_word_o(neuron_clear_word),
    .groups_busy_i(groups_busy), .router_busy_i(router_busy), .phase_o(phase)
  );

  delay_ring #(
    .AXONS(AXONS), .DELAY_SLOTS(DELAY_SLOTS), .AXON_W(AXON_W), .SLOT_W(SLOT_W), .WORDS(RING_WORDS), .WORD_W(RING_WORD_W),
    .RING_W(RING_W)
  ) u_ring (
    .clk_i(clk_i), .rst_i(rst_i),
    .in_valid_i(in_valid_i), .in_ready_o(in_ready_o), .in_axon_i(in_axon_i), .in_delay_i(in_delay_i),
    .loop_valid_i(loop_valid), .loop_ready_o(loop_ready), .loop_axon_i(loop_axon), .loop_delay_i(loop_delay),
    .open_i(open), .slot_i(tick_o[SLOT_W-1:0]), .start_i(scan_start), .clear_i(ring_clear), .ring_empty_o(ring_empty),
    .begin_o(slot_begin), .empty_o(slot_empty), .word_valid_o(slot_valid), .word_take_i(slot_take), .word_o(slot_word),
    .word_at_o(slot_word_at),
    .host_we_i(ring_we), .host_re_i(ring_re), .host_address_i(host_index[RING_W-1:0]),
    .host_wdata_i(host_data[15:0]), .host_rdata_o(ring_rdata),
    .event_valid_o(event_valid), .event_axon_o(event_axon), .event_slot_o(event_slot),
    .event_merged_o(event_merged), .merged_o(merged), .event_dropped_o(event_dropped)
  );

  axon_stream #(
    .AXONS(AXONS), .GROUPS(GROUPS), .STEPS(STEPS), .RIDES(RIDES), .AXON_W(AXON_W), .WORD_W(RING_WORD_W), .GROUP_W(GROUP_W),
    .BASE_W(BASE_W)
  ) u_stream (
    .clk_i(clk_i), .rst_i(rst_i),
    .begin_i(slot_begin), .empty_i(slot_empty), .word_valid_i(slot_valid), .word_take_o(slot_take), .word_i(slot_word),
    .word_at_i(slot_word_at), .scan_done_o(scan_done), .stream_done_o(stream_done),
    .none_i(marks_none), .last_i(marks_last), .tick_empty_i(empty), .listed_i(marks_listed), .next_o(marks_next),
    .group_i(marks_group), .keep_i(keep), .keep_at_i(keep_at), .keep_group_i(keep_group),
    .mark_o(mark), .mark_group_o(mark_group),
    .issue_axon_valid_o(issue_axon_valid), .issue_end_o(issue_end),
    .issue_axon_o(issue_axon), .issue_base_o(issue_base), .issue_group_o(issue_group)
  );

  quiet_groups #(.GROUPS(GROUPS), .GROUP_W(GROUP_W), .STEPS(STEPS), .WORD_W(WORD_W)) u_quiet (
    .clk_i(clk_i), .rst_i(rst_i), .wake_i(neuron_clear || neuron_we || profile_we),
    .begin_i(slot_begin), .empty_i(slot_empty), .none_o(marks_none), .last_o(marks_last), .next_i(marks_next), .leaves_i(mark),
    .listed_o(marks_listed), .group_o(marks_group), .empty_o(empty),
    .keep_o(keep), .keep_at_o(keep_at), .keep_group_o(keep_group),
    .coming_valid_i(coming_valid), .coming_word_i(coming_word), .update_valid_i(update_valid), .update_word_i(update_word),
    .update_rest_i(update_rest), .busy_o(groups_busy)
  );

  crossbar #(
    .LANES(LANES), .NEURON_LANES(NEURON_LANES), .WEIGHT_BITS(WEIGHT_BITS), .WEIGHT_MEMORY(WEIGHT_MEMORY), .PROBE(PROBE),
    .AXON_W(AXON_W), .GROUP_W(GROUP_W), .ROWS(ROWS), .BASE_W(BASE_W), .ROW_W(ROW_W), .BANK_W(BANK_W), .SUM_W(SUM_W),
    .STEPS(STEPS), .WORD_W(WORD_W), .BROADCAST(BROADCAST), .RIDES(RIDES)
  ) u_synapses (
    .clk_i(clk_i), .rst_i(rst_i),
    .issue_axon_valid_i(issue_axon_valid), .issue_end_i(issue_end), .issue_axon_i(issue_axon),
    .issue_base_i(issue_base), .mark_i(mark), .mark_group_i(mark_group),
    .drain_valid_o(drain_valid), .drain_word_o(drain_word), .drain_sum_o(drain_sum),
    .host_we_i(weight_we), .host_re_i(weight_re), .host_row_i(weight_row[BASE_W-1:0]),
    .host_bank_i(weight_address[BANK_W-1:0]), .host_wdata_i(host_data), .host_rdata_o(weight_rdata),
    .probe_weight_valid_o(probe_weight_valid_o), .probe_swap_o(probe_swap_o), .probe_weights_o(probe_weights_o),
    .probe_sum_o(probe_sum_o)
  );

  neuron_lif #(
    .NEURON_LANES(NEURON_LANES), .WORDS(WORDS), .WORD_W(WORD_W), .LANE_S(LANE_S), .LANE_W(LANE_W),
    .SUM_W(SUM_W), .POTENTIAL_BITS(POTENTIAL_BITS),
    .PROFILES(PROFILES), .HAS_CURRENT(HAS_CURRENT), .HAS_REFRACTORY(HAS_REFRACTORY),
    .HAS_ADAPTATION(HAS_ADAPTATION), .HAS_NOISE(HAS_NOISE), .LEAK_SHIFT(LEAK_SHIFT), .FAR(FAR), .PROBE(PROBE)
  ) u_neurons (
    .clk_i(clk_i), .rst_i(rst_i),
    .drain_valid_i(drain_valid), .drain_word_i(drain_word), .drain_sum_i(drain_sum),
    .seed_i(seed), .tick_i(tick_now), .clear_i(neuron_clear), .clear_word_i(neuron_clear_word),
    .coming_valid_o(coming_valid), .coming_word_o(coming_word),
    .update_valid_o(update_valid), .update_word_o(update_word), .update_spike_o(update_spike),
    .empty_i(empty), .update_rest_o(update_rest),
    .host_neuron_we_i(neuron_we), .host_neuron_re_i(neuron_re), .host_profile_we_i(profile_we),
    .host_profile_re_i(profile_re), .host_index_i(host_index), .host_field_i(host_field), .host_wdata_i(host_data),
    .host_neuron_rdata_o(neuron_rdata), .host_profile_rdata_o(profile_rdata),
    .probe_v_o(probe_v_o), .probe_u_o(probe_u_o), .probe_r_o(probe_r_o), .probe_a_o(probe_a_o)
  );

  spike_router #(
    .NEURONS(NEURONS), .NEURON_LANES(NEURON_LANES), .AXON_W(AXON_W), .SLOT_W(SLOT_W), .NEURON_W(NEURON_W),
    .WORDS(WORDS), .WORD_W(WORD_W), .LANE_S(LANE_S), .LANE_W(LANE_W), .ROUTES(ROUTES),
    .FAR(FAR)
  ) u_router (
    .clk_i(clk_i), .rst_i(rst_i),
    .update_valid_i(update_valid), .update_word_i(update_word), .update_spike_i(update_spike),
    .loop_valid_o(loop_valid), .loop_ready_i(loop_ready), .loop_axon_o(loop_axon), .loop_delay_o(loop_delay),
    .out_valid_o(out_valid_o), .out_ready_i(out_ready_i), .out_neuron_o(out_neuron_o), .busy_o(router_busy),
    .host_pointer_we_i(pointer_we), .host_pointer_re_i(pointer_re), .host_entry_we_i(entry_we),
    .host_entry_re_i(entry_re), .host_index_i(host_index), .host_wdata_i(host_data),
    .host_pointer_rdata_o(pointer_rdata), .host_entry_rdata_o(entry_rdata),
    .route_valid_o(route_valid), .route_external_o(route_external)
  );

  host_bus #(
    .AXONS(AXONS), .NEURONS(NEURONS), .LANES(LANES), .NEURON_LANES(NEURON_LANES), .LEARNING_LANES(LEARNING_LANES),
    .WEIGHT_BITS(WEIGHT_BITS), .POTENTIAL_BITS(POTENTIAL_BITS), .DELAY_SLOTS(DELAY_SLOTS), .PROFILES(PROFILES),
    .ROUTES(ROUTES), .HAS_CURRENT(HAS_CURRENT), .HAS_REFRACTORY(HAS_REFRACTORY), .HAS_ADAPTATION(HAS_ADAPTATION),
    .HAS_NOISE(HAS_NOISE), .LEAK_SHIFT(LEAK_SHIFT), .PROBE(PROBE),
    .ROWS(ROWS), .BANK_S(BANK_S), .RING_W(RING_W), .BROADCAST(BROADCAST), .FAR(FAR)
  ) u_host (
    .clk_i(clk_i), .rst_i(rst_i),
    .host_valid_i(host_valid_i), .host_ready_o(host_ready_o), .host_write_i(host_write_i), .host_addr_i(host_addr_i),
    .host_wdata_i(host_wdata_i), .host_rvalid_o(host_rvalid_o), .host_rdata_o(host_rdata_o),
    .pending_o(host_pending), .grant_i(host_grant), .done_o(host_done), .restart_o(host_restart),
    .preset_tick_o(preset_tick), .seed_o(seed),
    .weight_we_o(weight_we), .weight_re_o(weight_re), .weight_address_o(weight_address), .weight_rdata_i(weight_rdata),
    .neuron_we_o(neuron_we), .neuron_re_o(neuron_re), .neuron_rdata_i(neuron_rdata),
    .profile_we_o(profile_we), .profile_re_o(profile_re), .profile_rdata_i(profile_rdata),
    .pointer_we_o(pointer_we), .pointer_re_o(pointer_re), .pointer_rdata_i(pointer_rdata),
    .entry_we_o(entry_we), .entry_re_o(entry_re), .entry_rdata_i(entry_rdata),
    .ring_we_o(ring_we), .ring_re_o(ring_re), .ring_rdata_i(ring_rdata),
    .index_o(host_index), .field_o(host_field), .wdata_o(host_data),
    .clear_i(neuron_clear), .tick_i(tick_o), .count_in_i(in_valid_i && in_ready_o),
    .count_out_i(out_valid_o && out_ready_i), .count_merge_i(merged), .count_drop_i(event_dropped),
    .count_axon_i(issue_axon_valid), .count_busy_i(count_busy)
  );

  // ---- probes --------------------------------------------------------------------------------------------------------------
  assign probe_learn_valid_o = 1'b0;
  generate if (PROBE != 0) begin : g_probe
    assign probe_phase_o            = phase;
    assign probe_group_o            = issue_group;
    assign probe_issue_valid_o      = issue_axon_valid || issue_end;
    assign probe_issue_end_o        = issue_end;
    assign probe_issue_axon_o       = issue_axon;
    assign probe_issue_axon_valid_o = issue_axon_valid;
    assign probe_update_valid_o     = update_valid;
    assign probe_update_word_o      = update_word;
    assign probe_event_valid_o      = event_valid;
    assign probe_event_axon_o       = event_axon;
    assign probe_event_slot_o       = event_slot;
    assign probe_event_merged_o     = event_merged;
    assign probe_route_valid_o      = route_valid;
    assign probe_route_external_o   = route_external;
    if (NEURON_LANES % 32 == 0) begin : g_words
      assign probe_spike_o          = update_spike;
    end else begin : g_part
      assign probe_spike_o          = {{(32 - NEURON_LANES % 32){1'b0}}, update_spike};
    end
  end else begin : g_no_probe
    assign probe_phase_o            = 3'd0;
    assign probe_group_o            = {GROUP_W{1'b0}};
    assign probe_issue_valid_o      = 1'b0;
    assign probe_issue_end_o        = 1'b0;
    assign probe_issue_axon_o       = {AXON_W{1'b0}};
    assign probe_issue_axon_valid_o = 1'b0;
    assign probe_update_valid_o     = 1'b0;
    assign probe_update_word_o      = {WORD_W{1'b0}};
    assign probe_event_valid_o      = 1'b0;
    assign probe_event_axon_o       = {AXON_W{1'b0}};
    assign probe_event_slot_o       = {SLOT_W{1'b0}};
    assign probe_event_merged_o     = 1'b0;
    assign probe_route_valid_o      = 1'b0;
    assign probe_route_external_o   = 1'b0;
    assign probe_spike_o            = {32*((NEURON_LANES+31)/32){1'b0}};
    wire unused_probe = &{1'b0, phase, issue_group, event_valid, event_axon, event_slot, event_merged, route_valid, route_external};
  end endgenerate

  wire unused = &{1'b0, weight_address, weight_row, host_index, host_data};
endmodule
`default_nettype wire
