// axon_scheduler.v - how signals get in, and when: the delay ring, and the stream of a tick's active axons.
//   Ring     DELAY_SLOTS bitmaps of AXONS bits. An event (axon, delay) sets a bit in slot (tick + delay); a bit that is
//            set already merges. Loop-back events come first; an outside event waits for them.
//   Scan     start_i reads the slot of the tick 16 axons a word, sends its active axons (one a cycle; an empty word
//            takes one cycle), writes them to a list and clears the slot. A slot without any event is not read at all.
//   Stream   after the scan an end-of-group mark goes out, then for each further group the list again and a mark. Above 64
//            lanes the list's last axon carries the mark. Marks are LANES / NEURON_LANES cycles apart at least, so that the
//            neurons keep up.
//   Quiet    a tick whose slot holds no event sends marks alone, for the groups that are due: all of them, or those of the
//            list, which then holds groups, and is written anew as they finish (quiet_groups).
// Timing:   event: read in the cycle after it comes, written two cycles later; one event a cycle (the two words written last
//           are forwarded). issue_*: no stall; the first axon leaves 10 cycles after start_i, the end of an unused slot 7
//           cycles after. Every word read from a memory goes into a register first.
// C twin:   cmodel/axon_scheduler.c
`default_nettype none
module axon_scheduler #(
  parameter AXONS        = 256,
  parameter NEURONS      = 256,
  parameter LANES        = 16,
  parameter NEURON_LANES = 2,
  parameter DELAY_SLOTS  = 16
) (
  input  wire        clk_i,
  input  wire        rst_i,
  // events from outside
  input  wire        in_valid_i,
  output wire        in_ready_o,
  input  wire [$clog2(AXONS)-1:0]       in_axon_i,
  input  wire [$clog2(DELAY_SLOTS)-1:0] in_delay_i,
  // events from spike_router
  input  wire        loop_valid_i,
  output wire        loop_ready_o,
  input  wire [$clog2(AXONS)-1:0]       loop_axon_i,
  input  wire [$clog2(DELAY_SLOTS)-1:0] loop_delay_i,
  // core_control
  input  wire        open_i,                                    // events may come in
  input  wire [$clog2(DELAY_SLOTS)-1:0] slot_i,                 // slot of the tick that delays count from
  input  wire        start_i,                                   // scan slot_i; one cycle, while not open
  output reg         scan_done_o,                               // the scan is over
  output reg         stream_done_o,                             // the last mark of the tick is on its way
  input  wire        clear_i,                                   // clear the slots that hold events, until ring_empty_o
  output wire        ring_empty_o,                              // no slot holds an event
  // quiet_groups
  output wire        begin_o,                                   // which groups are due is decided now
  output wire        empty_o,                                   // with it: for a tick without active axons
  input  wire        none_i,                                    // from then on: no group is due
  input  wire        last_i,                                    // the next mark is the tick's last one
  input  wire        tick_empty_i,                              // empty_o, from then on
  input  wire        listed_i,                                  // the list names the groups
  output wire        next_o,                                    // a mark leaves
  input  wire [(NEURONS > LANES ? $clog2(NEURONS/LANES) : 1)-1:0] group_i, // groups counted, as of two cycles ago
  input  wire        keep_i,                                    // with tick_empty_i: write keep_group_i to the list
  input  wire [(NEURONS > LANES ? $clog2(NEURONS/LANES) : 1)-1:0] keep_at_i,
  input  wire [(NEURONS > LANES ? $clog2(NEURONS/LANES) : 1)-1:0] keep_group_i,
  // crossbar: a mark, one cycle before it leaves
  output wire        mark_o,
  output wire [(NEURONS > LANES ? $clog2(NEURONS/LANES) : 1)-1:0] mark_group_o,
  // crossbar: the root of the broadcast
  output reg         issue_axon_valid_o,                        // an axon
  output reg         issue_end_o,                               // the end of a group, with its last axon or alone
  output reg  [$clog2(AXONS)-1:0]       issue_axon_o,
  output reg  [(NEURONS*AXONS/LANES > 1 ? $clog2(NEURONS*AXONS/LANES) : 1)-1:0] issue_base_o, // group * AXONS
  output reg  [(NEURONS > LANES ? $clog2(NEURONS/LANES) : 1)-1:0] issue_group_o,
  // host_bus: one ring word, only while not open
  input  wire        host_we_i,
  input  wire        host_re_i,
  input  wire [$clog2(DELAY_SLOTS) + $clog2((AXONS+15)/16)-1:0] host_address_i,
  input  wire [15:0] host_wdata_i,
  output wire [15:0] host_rdata_o,                              // two cycles after host_re_i, holds
  // the event being written to the ring
  output wire        event_valid_o,
  output wire [$clog2(AXONS)-1:0]       event_axon_o,
  output wire [$clog2(DELAY_SLOTS)-1:0] event_slot_o,
  output wire        event_merged_o,
  output reg         merged_o,                                  // event_merged_o, a cycle later
  output wire        event_dropped_o                            // an event to an axon >= AXONS was thrown away
);
  localparam AXON_W  = $clog2(AXONS);
  localparam SLOT_W  = $clog2(DELAY_SLOTS);
  localparam WORDS   = (AXONS + 15) / 16;
  localparam RING_W  = SLOT_W + $clog2(WORDS);
  localparam WORD_W  = WORDS > 1 ? $clog2(WORDS) : 1;
  localparam STRIDE  = 1 << (RING_W - SLOT_W);                  // ring words a slot, a power of two
  localparam COUNT_W = $clog2(AXONS + 1);
  localparam GROUPS  = NEURONS / LANES;
  localparam GROUP_W = GROUPS > 1 ? $clog2(GROUPS) : 1;
  localparam LIST    = AXONS > GROUPS ? AXONS : GROUPS;         // entries of the list
  localparam INDEX_W = $clog2(LIST);
  localparam LIST_W  = AXON_W > GROUP_W ? AXON_W : GROUP_W;
  localparam RIDES   = LANES > 64;                              // a mark goes with its group's last axon
  localparam BASE_W  = GROUPS * AXONS > 1 ? $clog2(GROUPS * AXONS) : 1;
  localparam SPACING = LANES / NEURON_LANES;
  localparam SPACE_W = SPACING > 1 ? $clog2(SPACING) : 1;

  localparam [31:0] AXONS32 = AXONS, WORD_LAST32 = WORDS - 1, SPACE32 = SPACING - 1,
                    STRIDE32 = STRIDE, STRIDE_LAST32 = STRIDE - 1;
  localparam [AXON_W:0]    AXONS_V    = AXONS32[AXON_W:0];
  localparam [BASE_W-1:0]  BASE_STEP  = AXONS32[BASE_W-1:0];    // 0 with one group of 2^n axons, where it is not used
  localparam [WORD_W-1:0]  WORD_LAST  = WORD_LAST32[WORD_W-1:0];
  localparam [SPACE_W-1:0] SPACE_INIT = SPACE32[SPACE_W-1:0];
  localparam [RING_W-1:0]  CLEAR_SLOT = STRIDE32[RING_W-1:0], CLEAR_LAST = STRIDE_LAST32[RING_W-1:0], CLEAR_ONE = 1;
  localparam [WORD_W-1:0]  WORD_ZERO  = 0, WORD_ONE = 1;
  localparam [SPACE_W-1:0] SPACE_ONE  = 1;
  localparam [INDEX_W-1:0] INDEX_ONE  = 1;
  localparam [COUNT_W-1:0] COUNT_ONE  = 1, COUNT_TWO = 2;
  localparam [DELAY_SLOTS-1:0] SLOT_ONE = 1, SLOT_NONE = 0;

  // ---- events into the ring ------------------------------------------------------------------------------------------
  assign loop_ready_o = open_i;
  assign in_ready_o   = open_i && !loop_valid_i;
  wire              take    = open_i && (loop_valid_i || in_valid_i);
  wire [AXON_W-1:0] axon    = loop_valid_i ? loop_axon_i : in_axon_i;
  wire [SLOT_W-1:0] slot    = slot_i + (loop_valid_i ? loop_delay_i : in_delay_i);
  wire              exists  = {1'b0, axon} < AXONS_V;

  reg               take_q;                                     // the event that came, its place in the ring known
  reg  [AXON_W-1:0] take_axon_q;
  reg  [SLOT_W-1:0] take_slot_q;
  reg               read_q, dropped_q;                          // the event whose word has been read
  reg  [AXON_W-1:0] read_axon_q;
  reg  [SLOT_W-1:0] read_slot_q;
  reg               event_q;                                    // the event whose word is in ring_q: it is written now
  reg  [AXON_W-1:0] event_axon_q;
  reg  [SLOT_W-1:0] event_slot_q;
  reg               last_q;                                     // an event was written to last_address_q a cycle ago
  reg  [15:0]       written_q;                                  // the word that was
  reg               forward_q;                                  // event_q's word was written one or two cycles ago
  reg  [15:0]       forward_word_q;                             // that word
  wire [15:0]       ring_q;
  wire [15:0]       event_word = forward_q ? forward_word_q : ring_q;
  wire [15:0]       event_bit  = 16'd1 << event_axon_q[3:0];
  wire [15:0]       event_new  = event_word | event_bit;

  assign event_valid_o   = event_q;
  assign event_axon_o    = event_axon_q;
  assign event_slot_o    = event_slot_q;
  assign event_merged_o  = event_q && (event_word & event_bit) != 16'd0;
  assign event_dropped_o = dropped_q;

  wire [RING_W-1:0] take_address, read_address, event_address, scan_read, scan_clear;
  reg  [WORD_W-1:0] ahead_q;                                    // the word that the scan reads next
  reg  [RING_W-1:0] last_address_q;
  reg  [SLOT_W-1:0] scan_slot_q;
  reg  [WORD_W-1:0] word_q;                                     // the word in bits_q
  // ---- scan and stream -----------------------------------------------------------------------------------------------
  localparam [2:0] IDLE = 3'd0, WAIT = 3'd1, FETCH = 3'd2, FILL = 3'd3, LOAD = 3'd4, SCAN = 3'd5, STREAM = 3'd6,
                   SETTLE = 3'd7;
  reg  [2:0]             state_q;
  reg  [DELAY_SLOTS-1:0] used_q;                                // slots that hold an event
  reg  [DELAY_SLOTS-1:0] set_q, scan_bit_q;                     // one-hot: slots to be marked; scan_slot_q
  reg  [15:0]            bits_q;                                // axons of this word still to be sent
  reg  [COUNT_W-1:0]     n_active_q, left_q;                    // length of the list; entries of it left for this group
  reg  [INDEX_W-1:0]     index_q;                               // the next one
  reg                    any_q, tail_q, bare_q;                 // n_active_q > 0; left_q == 1; the mark goes alone
  reg  [BASE_W-1:0]      base_q;
  reg  [SPACE_W-1:0]     space_q;                               // cycles until the next mark may go out
  reg                    free_q;                                // space_q == 0
  reg  [RING_W-1:0]      clear_address_q;
  reg                    host_mark_q;                           // the host wrote to slot host_slot_q
  reg  [SLOT_W-1:0]      host_slot_q;

  // SETTLE and WAIT let the last event into the ring. Then the words pass through the memory's output, ring_q and next_word_q.
  wire        fetch = state_q == FETCH;                         // the first word is being read
  wire        fill  = state_q == FILL;                          // for two cycles: the next two are
  reg         filled_q;                                         // the second of them
  wire        load  = state_q == LOAD;                          // the first one is in next_word_q; the fourth one is being read
  reg  [15:0] next_word_q;                                      // the next word: beside the logic, which the memory may not be
  generate if (WORDS > 1) begin : g_ring_address
    assign take_address  = {take_slot_q, take_axon_q[AXON_W-1:4]};
    assign read_address  = {read_slot_q, read_axon_q[AXON_W-1:4]};
    assign event_address = {event_slot_q, event_axon_q[AXON_W-1:4]};
    assign scan_clear    = {scan_slot_q, load ? WORD_ZERO : word_q + WORD_ONE};
    assign scan_read     = {scan_slot_q, ahead_q};
  end else begin : g_ring_address
    assign take_address  = take_slot_q;
    assign read_address  = read_slot_q;
    assign event_address = event_slot_q;
    assign scan_clear    = scan_slot_q;
    assign scan_read     = scan_slot_q;
  end endgenerate
  wire [3:0]  bit_index;
  wire [15:0] bits_rest;
  // Whether a word has but one bit left enables memories, so it is decided a cycle ahead.
  reg         single_q;
  wire        next_single, rest_single;
  wire [1:0]  unused_first;
  wire [19:0] unused_ring;
  find_first #(.WIDTH(16)) u_first (
    .bits_i(bits_q), .index_o(bit_index), .rest_o(bits_rest), .last_o(unused_first[0]), .next_last_o(rest_single)
  );
  find_first #(.WIDTH(16)) u_single (
    .bits_i(next_word_q), .index_o(unused_ring[3:0]), .rest_o(unused_ring[19:4]), .last_o(next_single),
    .next_last_o(unused_first[1])
  );

  wire scan_emit  = state_q == SCAN && bits_q != 16'd0;
  wire word_done  = state_q == SCAN && single_q;
  wire scan_last  = word_done && word_q == WORD_LAST;
  wire word_next  = load || (word_done && !scan_last);          // next_word_q moves to bits_q and is cleared in the ring
  wire slot_used  = (used_q & scan_bit_q) != SLOT_NONE;
  wire stream     = state_q == STREAM && !none_i;
  wire list_emit  = stream && !bare_q && (!RIDES || !tail_q || free_q);
  wire mark       = stream && (bare_q || (RIDES && tail_q)) && free_q;
  wire stream_end = (mark && last_i) || (state_q == STREAM && none_i);
  wire [AXON_W-1:0] scan_axon;
  generate if (WORDS > 1) begin : g_scan_axon
    assign scan_axon = {word_q, bit_index};
  end else begin : g_scan_axon
    assign scan_axon = bit_index;
  end endgenerate

  assign begin_o      = fetch;
  assign empty_o      = !slot_used;
  assign next_o       = mark;
  assign ring_empty_o = used_q == {DELAY_SLOTS{1'b0}};

  // Reset marks every slot as used, so that one way of clearing serves both reset and restart.
  wire [SLOT_W-1:0] clear_slot  = clear_address_q[RING_W-1 -: SLOT_W];
  wire              clear_write = clear_i && used_q[clear_slot];
  wire              clear_last  = clear_write && (clear_address_q & CLEAR_LAST) == CLEAR_LAST;

  // Everything but events is written from registers, a cycle later; no event comes that soon.
  reg               other_we_q, other_host_q;
  reg  [RING_W-1:0] other_at_q;
  always @(posedge clk_i) begin
    other_we_q   <= (clear_write || host_we_i || word_next) && !rst_i;
    other_host_q <= host_we_i;
    other_at_q   <= clear_i ? clear_address_q : host_we_i ? host_address_i : scan_clear;
    ahead_q      <= state_q == WAIT ? WORD_ZERO : fetch || fill || word_next ? ahead_q + WORD_ONE : ahead_q;
  end
  // ring_q, behind the memory, holds the word after the next one in SCAN.
  ram_1r1w_reg #(.DEPTH(1 << RING_W), .WIDTH(16)) u_ring (
    .clk_i(clk_i),
    .we_i(event_q || other_we_q),
    .waddr_i(event_q ? event_address : other_at_q),
    .wdata_i(event_q ? event_new : other_host_q ? host_wdata_i : 16'd0),
    .re_i(take_q || host_re_i || fetch || fill || word_next),
    .raddr_i(take_q ? take_address : host_re_i ? host_address_i : scan_read),
    .ce_i(state_q != SCAN || word_next), .rdata_o(ring_q)
  );
  assign host_rdata_o = ring_q;

  // Axons in a tick that has any, and groups in one that has none.
  wire [31:0]        n_active32 = {{(32-COUNT_W){1'b0}}, n_active_q}, axon32 = {{(32-AXON_W){1'b0}}, scan_axon},
                     keep_at32 = {{(32-GROUP_W){1'b0}}, keep_at_i}, keep_group32 = {{(32-GROUP_W){1'b0}}, keep_group_i};
  // Written from registers: an entry is read two cycles after it was found, at the earliest.
  reg                list_we_q;
  reg  [INDEX_W-1:0] list_at_q;
  reg  [LIST_W-1:0]  list_new_q;
  wire [LIST_W-1:0]  list;
  always @(posedge clk_i) begin
    list_we_q  <= (scan_emit || keep_i) && !rst_i;
    list_at_q  <= tick_empty_i ? keep_at32[INDEX_W-1:0] : n_active32[INDEX_W-1:0];
    list_new_q <= tick_empty_i ? keep_group32[LIST_W-1:0] : axon32[LIST_W-1:0];
  end
  ram_1r1w_reg #(.DEPTH(LIST), .WIDTH(LIST_W)) u_list (
    .clk_i(clk_i), .we_i(list_we_q), .waddr_i(list_at_q), .wdata_i(list_new_q),
    .re_i(list_emit || mark), .raddr_i(index_q), .ce_i(1'b1), .rdata_o(list)
  );

  reg                sent_mark_q, sent_scan_q, sent_list_q;     // two stages, while the list is read
  reg  [AXON_W-1:0]  sent_axon_q;
  reg  [BASE_W-1:0]  sent_base_q;
  reg                next_mark_q, next_scan_q, next_list_q;
  reg  [AXON_W-1:0]  next_axon_q;
  reg  [BASE_W-1:0]  next_base_q;
  assign mark_o       = next_mark_q;
  assign mark_group_o = listed_i ? list[GROUP_W-1:0] : group_i;

  always @(posedge clk_i) begin
    merged_o       <= event_merged_o && !rst_i;
    take_q         <= take && exists;
    dropped_q      <= take && !exists;
    take_axon_q    <= axon;
    take_slot_q    <= slot;
    read_q         <= take_q;
    read_axon_q    <= take_axon_q;
    read_slot_q    <= take_slot_q;
    event_q        <= read_q;
    event_axon_q   <= read_axon_q;
    event_slot_q   <= read_slot_q;
    last_q         <= event_q;
    last_address_q <= event_address;
    written_q      <= event_new;
    forward_q      <= (event_q && event_address == read_address) || (last_q && last_address_q == read_address);
    forward_word_q <= event_q && event_address == read_address ? event_new : written_q;
    set_q          <= (read_q ? SLOT_ONE << read_slot_q : SLOT_NONE) | (host_mark_q ? SLOT_ONE << host_slot_q : SLOT_NONE);
    host_mark_q  <= host_we_i;                                  // used_q follows two cycles later: nobody looks before
    host_slot_q  <= host_address_i[RING_W-1 -: SLOT_W];

    case (state_q)
      WAIT:    state_q <= FETCH;
      FETCH:   state_q <= slot_used ? FILL : STREAM;
      FILL:    if (filled_q) state_q <= LOAD;
      LOAD:    state_q <= SCAN;
      SCAN:    if (scan_last) state_q <= STREAM;
      STREAM:  if (stream_end) state_q <= IDLE;
      SETTLE:  state_q <= WAIT;
      default: if (start_i) state_q <= SETTLE;
    endcase
    scan_done_o   <= scan_last || (fetch && !slot_used);
    stream_done_o <= stream_end;
    free_q        <= space_q == {SPACE_W{1'b0}} || space_q == SPACE_ONE;
    if (space_q != {SPACE_W{1'b0}}) space_q <= space_q - SPACE_ONE;
    if (start_i) begin
      scan_slot_q <= slot_i;
      n_active_q  <= {COUNT_W{1'b0}};
      any_q       <= 1'b0;
      index_q     <= {INDEX_W{1'b0}};
      bare_q      <= 1'b1;
      base_q      <= {BASE_W{1'b0}};
      space_q     <= {SPACE_W{1'b0}};
      free_q      <= 1'b1;
    end
    filled_q <= fill;
    if (state_q != SCAN || word_next) next_word_q <= ring_q;
    if (word_next) begin
      bits_q   <= next_word_q;
      single_q <= next_single;
      word_q <= load ? WORD_ZERO : word_q + WORD_ONE;
    end else if (state_q == SCAN) begin
      bits_q <= bits_rest;
      single_q <= rest_single;
    end
    if (scan_emit) begin                                        // group 0 is sent as the list is made
      n_active_q <= n_active_q + COUNT_ONE;
      any_q      <= 1'b1;
    end
    if (mark) begin
      index_q <= tick_empty_i ? index_q + INDEX_ONE : {INDEX_W{1'b0}};
      left_q  <= n_active_q;
      tail_q  <= n_active_q == COUNT_ONE;
      bare_q  <= !any_q;
      base_q  <= base_q + BASE_STEP;
      space_q <= SPACE_INIT;
      free_q  <= SPACE_INIT == {SPACE_W{1'b0}};
    end else if (list_emit) begin
      index_q <= index_q + INDEX_ONE;
      left_q  <= left_q - COUNT_ONE;
      tail_q  <= left_q == COUNT_TWO;
      bare_q  <= !RIDES && tail_q;
    end

    sent_mark_q <= mark;
    sent_scan_q <= scan_emit;
    sent_list_q <= list_emit;
    sent_axon_q <= scan_axon;
    sent_base_q <= base_q;

    next_mark_q <= sent_mark_q;
    next_scan_q <= sent_scan_q;
    next_list_q <= sent_list_q;
    next_axon_q <= sent_axon_q;
    next_base_q <= sent_base_q;

    issue_axon_valid_o <= next_scan_q || next_list_q;
    issue_end_o        <= next_mark_q;
    issue_axon_o       <= next_list_q ? list[AXON_W-1:0] : next_axon_q;
    issue_group_o      <= mark_group_o;
    issue_base_o       <= next_base_q;

    scan_bit_q <= SLOT_ONE << scan_slot_q;
    used_q     <= (used_q | set_q) & ~(fetch ? scan_bit_q : SLOT_NONE) & ~(clear_last ? SLOT_ONE << clear_slot : SLOT_NONE);
    clear_address_q <= !clear_i ? {RING_W{1'b0}} : clear_address_q + (clear_write ? CLEAR_ONE : CLEAR_SLOT);
    if (rst_i) begin
      used_q          <= {DELAY_SLOTS{1'b1}};
      clear_address_q <= {RING_W{1'b0}};
      state_q         <= IDLE;
      take_q          <= 1'b0;
      read_q          <= 1'b0;
      event_q         <= 1'b0;
      last_q          <= 1'b0;
      host_mark_q     <= 1'b0;
      dropped_q       <= 1'b0;
      sent_mark_q     <= 1'b0;
      sent_scan_q     <= 1'b0;
      sent_list_q     <= 1'b0;
      next_mark_q     <= 1'b0;
      next_scan_q     <= 1'b0;
      next_list_q     <= 1'b0;
      scan_done_o     <= 1'b0;
      stream_done_o   <= 1'b0;
      issue_end_o     <= 1'b0;
      issue_axon_valid_o <= 1'b0;
    end
  end

  wire unused = &{1'b0, unused_first, unused_ring, n_active32, axon32, keep_at32, keep_group32};
endmodule
`default_nettype wire
