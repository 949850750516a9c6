// delay_ring.v - when signals get in: the events of the coming ticks, a bit for each axon, in a ring of DELAY_SLOTS slots.
//   Event    (axon, delay) sets a bit in slot (slot_i + delay); a bit that is set already merges. Loop-back events come first;
//            an outside event waits for them.
//   Slot     start_i opens slot_i. begin_o says whether it holds any event; if it does, its words follow, 16 axons each,
//            from the lowest on: word_take_i takes word_o while word_valid_o and clears it in the ring; word_at_o is the number
//            of the word that was taken last. A slot without any event (empty_o) is not read at all: word_valid_o stays low.
//   Clear    clear_i goes through the slots that hold events, until ring_empty_o.
//   Legal    events while open_i; start_i, clear_i, host access not then, one of them at a time, and a slot that was opened
//            is read to its end. No event in the cycle before host access.
// Timing:   event: read in the cycle after it comes, written two cycles later; one event a cycle (the two words written last
//           are forwarded). Slot: begin_o three cycles after start_i, the first word three cycles later, then a word a cycle
//           to who takes one a cycle. Every word read from the memory goes into a register first.
// Widths:   a slot has STRIDE = 2^(RING_W-SLOT_W) >= WORDS words; an address is a slot and a word, so it is within the ring.
// C twin:   cmodel/mirror/delay_ring.c
`default_nettype none
module delay_ring #(
  parameter AXONS       = 256,
  parameter DELAY_SLOTS = 16,
  parameter AXON_W      = 8,                                    // clog2(AXONS)
  parameter SLOT_W      = 4,                                    // clog2(DELAY_SLOTS)
  parameter WORDS       = 16,                                   // of a slot: AXONS / 16, rounded up
  parameter WORD_W      = 4,                                    // clog2(WORDS), 1 at least
  parameter RING_W      = 8                                     // SLOT_W + clog2(WORDS)
) (
  input  wire              clk_i,
  input  wire              rst_i,
  // events from outside
  input  wire              in_valid_i,
  output wire              in_ready_o,
  input  wire [AXON_W-1:0] in_axon_i,
  input  wire [SLOT_W-1:0] in_delay_i,
  // events from spike_router
  input  wire              loop_valid_i,
  output wire              loop_ready_o,
  input  wire [AXON_W-1:0] loop_axon_i,
  input  wire [SLOT_W-1:0] loop_delay_i,
  // core_control
  input  wire              open_i,                              // events may come in
  input  wire [SLOT_W-1:0] slot_i,                              // slot of the tick that delays count from
  input  wire              start_i,                             // open slot_i; one cycle
  input  wire              clear_i,                             // clear the slots that hold events, until ring_empty_o
  output wire              ring_empty_o,                        // no slot holds an event
  // axon_stream, quiet_groups
  output wire              begin_o,                             // empty_o is known now
  output wire              empty_o,                             // with begin_o: the slot holds no event
  output wire              word_valid_o,
  input  wire              word_take_i,                         // only while word_valid_o
  output wire [15:0]       word_o,
  output wire [WORD_W-1:0] word_at_o,                           // number of the word taken last
  // host_bus: one ring word, only while not open
  input  wire              host_we_i,
  input  wire              host_re_i,
  input  wire [RING_W-1:0] host_address_i,
  input  wire [15:0]       host_wdata_i,
  output wire [15:0]       host_rdata_o,                        // two cycles after host_re_i, holds
  // the event being written to the ring
  output wire              event_valid_o,
  output wire [AXON_W-1:0] event_axon_o,
  output wire [SLOT_W-1:0] event_slot_o,
  output wire              event_merged_o,
  output reg               merged_o,                            // event_merged_o, a cycle later
  output wire              event_dropped_o                      // an event to an axon >= AXONS was thrown away
);
  localparam STRIDE = 1 << (RING_W - SLOT_W);                   // ring words a slot, a power of two
  localparam [31:0] AXONS32 = AXONS, WORD_BEFORE32 = WORDS - 2, STRIDE32 = STRIDE, STRIDE_LAST32 = STRIDE - 1;
  localparam [AXON_W:0]   AXONS_V    = AXONS32[AXON_W:0];
  // The number of a word taken last, when the slot's last one is next; before the first one it is -1.
  localparam [WORD_W-1:0] WORD_BEFORE = WORD_BEFORE32[WORD_W-1:0], WORD_ONE = 1;
  localparam [RING_W-1:0] CLEAR_SLOT = STRIDE32[RING_W-1:0], CLEAR_LAST = STRIDE_LAST32[RING_W-1:0], CLEAR_ONE = 1;
  localparam [DELAY_SLOTS-1:0] SLOT_ONE = 1, SLOT_NONE = 0;

  // ---- events on their way -----------------------------------------------------------------------------------------------
  assign loop_ready_o = open_i;
  assign in_ready_o   = open_i && !loop_valid_i;
  wire              take    = open_i && (loop_valid_i || in_valid_i);
  wire [AXON_W-1:0] axon    = loop_valid_i ? loop_axon_i : in_axon_i;
  wire [SLOT_W-1:0] slot    = slot_i + (loop_valid_i ? loop_delay_i : in_delay_i);
  wire              exists  = {1'b0, axon} < AXONS_V;

  reg               take_q, dropped_q;                          // the event that came, its place in the ring known
  reg  [AXON_W-1:0] take_axon_q;
  reg  [SLOT_W-1:0] take_slot_q;
  reg               read_q;                                     // the event whose word has been read
  reg  [AXON_W-1:0] read_axon_q;
  reg  [SLOT_W-1:0] read_slot_q;
  reg               event_q;                                    // the event whose word is in ring_q: it is written now
  reg  [AXON_W-1:0] event_axon_q;
  reg  [SLOT_W-1:0] event_slot_q;
  always @(posedge clk_i) begin
    take_q       <= take && exists;
    dropped_q    <= take && !exists;
    take_axon_q  <= axon;
    take_slot_q  <= slot;
    read_q       <= take_q;
    read_axon_q  <= take_axon_q;
    read_slot_q  <= take_slot_q;
    event_q      <= read_q;
    event_axon_q <= read_axon_q;
    event_slot_q <= read_slot_q;
    if (rst_i) begin
      take_q    <= 1'b0;
      dropped_q <= 1'b0;
      read_q    <= 1'b0;
      event_q   <= 1'b0;
    end
  end

  wire [RING_W-1:0] take_address, read_address, event_address, scan_read, scan_clear;
  reg  [SLOT_W-1:0] scan_slot_q;
  reg  [WORD_W-1:0] ahead_q, word_q;                            // the word that is read next, and the one taken last
  wire [WORD_W-1:0] next_at = word_q + WORD_ONE;                // the one in next_word_q
  generate if (WORDS > 1) begin : g_ring_address
    assign take_address  = {take_slot_q, take_axon_q[AXON_W-1:4]};
    assign read_address  = {read_slot_q, read_axon_q[AXON_W-1:4]};
    assign event_address = {event_slot_q, event_axon_q[AXON_W-1:4]};
    assign scan_clear    = {scan_slot_q, next_at};
    assign scan_read     = {scan_slot_q, ahead_q};
  end else begin : g_ring_address
    assign take_address  = take_slot_q;
    assign read_address  = read_slot_q;
    assign event_address = event_slot_q;
    assign scan_clear    = scan_slot_q;
    assign scan_read     = scan_slot_q;
  end endgenerate

  // ---- the word that an event changes: as read, or as written one or two cycles ago -----------------------------------------
  wire [15:0]       ring_q;
  reg               last_q;                                     // an event was written to last_address_q a cycle ago
  reg  [RING_W-1:0] last_address_q;
  reg  [15:0]       written_q;                                  // the word that was
  reg               forward_q;                                  // event_q's word was written one or two cycles ago
  reg  [15:0]       forward_word_q;                             // that word
  wire [15:0]       event_word = forward_q ? forward_word_q : ring_q;
  wire [15:0]       event_bit  = 16'd1 << event_axon_q[3:0];
  wire [15:0]       event_new  = event_word | event_bit;
  always @(posedge clk_i) begin
    last_q         <= event_q;
    last_address_q <= event_address;
    written_q      <= event_new;
    forward_q      <= (event_q && event_address == read_address) || (last_q && last_address_q == read_address);
    forward_word_q <= event_q && event_address == read_address ? event_new : written_q;
    if (rst_i) last_q <= 1'b0;
  end

  assign event_valid_o   = event_q;
  assign event_axon_o    = event_axon_q;
  assign event_slot_o    = event_slot_q;
  assign event_merged_o  = event_q && (event_word & event_bit) != 16'd0;
  assign event_dropped_o = dropped_q;
  always @(posedge clk_i) merged_o <= event_merged_o && !rst_i;

  // ---- slots that hold an event ------------------------------------------------------------------------------------------
  // Reset marks every slot as used, so that one way of clearing serves both reset and restart. used_q follows an event or the
  // host two cycles later: nobody looks before. While clearing, the slots' marks go past bit 0, and all are gone at the end.
  reg  [DELAY_SLOTS-1:0] used_q;
  reg  [DELAY_SLOTS-1:0] set_q, scan_bit_q;                     // one-hot: slots to be marked; scan_slot_q
  reg                    host_mark_q;                           // the host wrote to slot host_slot_q
  reg  [SLOT_W-1:0]      host_slot_q;
  reg                    fetch_q;                               // the first word of scan_slot_q is being read
  reg  [RING_W-1:0]      clear_address_q;
  wire                   slot_used   = (used_q & scan_bit_q) != SLOT_NONE;
  wire                   clear_write = clear_i && used_q[0];
  wire                   clear_next  = clear_i && (!used_q[0] || (clear_address_q & CLEAR_LAST) == CLEAR_LAST);
  always @(posedge clk_i) begin
    host_mark_q <= host_we_i;
    host_slot_q <= host_address_i[RING_W-1 -: SLOT_W];
    set_q       <= (read_q ? SLOT_ONE << read_slot_q : SLOT_NONE) | (host_mark_q ? SLOT_ONE << host_slot_q : SLOT_NONE);
    scan_bit_q  <= SLOT_ONE << scan_slot_q;
    used_q      <= clear_next ? used_q >> 1 : (used_q | set_q) & ~(fetch_q ? scan_bit_q : SLOT_NONE);
    if (rst_i) begin
      host_mark_q <= 1'b0;
      used_q      <= {DELAY_SLOTS{1'b1}};
    end
  end
  always @(posedge clk_i) begin
    clear_address_q <= !clear_i ? {RING_W{1'b0}} : clear_address_q + (clear_write ? CLEAR_ONE : CLEAR_SLOT);
    if (rst_i) clear_address_q <= {RING_W{1'b0}};
  end
  assign ring_empty_o = used_q == SLOT_NONE;
  assign begin_o      = fetch_q;
  assign empty_o      = !slot_used;

  // ---- the words of a slot -----------------------------------------------------------------------------------------------
  // In settle_q the last event finds its way into the ring. In fetch_q and fill_q the first three words are read: they pass
  // through the memory's output and ring_q into next_word_q.
  reg  [1:0]  settle_q, fill_q;
  reg         valid_q;                                          // next_word_q is the slot's next word
  reg  [15:0] next_word_q;                                      // beside the logic, which the memory may not be
  wire        read = fetch_q || fill_q != 2'd0 || word_take_i;
  wire        pass = !valid_q || word_take_i;                   // ring_q and next_word_q take their next words
  always @(posedge clk_i) begin
    settle_q <= {settle_q[0], start_i};
    fetch_q  <= settle_q[1];
    fill_q   <= {fill_q[0], fetch_q && slot_used};
    valid_q  <= fill_q[1] || (valid_q && !(word_take_i && word_q == WORD_BEFORE));
    if (start_i) scan_slot_q <= slot_i;
    ahead_q  <= start_i ? {WORD_W{1'b0}} : read ? ahead_q + WORD_ONE : ahead_q;
    word_q   <= start_i ? {WORD_W{1'b1}} : word_take_i ? next_at : word_q;
    if (pass) next_word_q <= ring_q;
    if (rst_i) begin
      settle_q <= 2'd0;
      fetch_q  <= 1'b0;
      fill_q   <= 2'd0;
      valid_q  <= 1'b0;
    end
  end
  assign word_valid_o = valid_q;
  assign word_o       = next_word_q;
  assign word_at_o    = word_q;

  // ---- the memory --------------------------------------------------------------------------------------------------------
  // Everything but events is written from registers, a cycle later; no event comes that soon.
  reg               other_we_q, other_host_q;
  reg  [RING_W-1:0] other_at_q;
  always @(posedge clk_i) begin
    other_we_q   <= (clear_write || host_we_i || word_take_i) && !rst_i;
    other_host_q <= host_we_i;
    other_at_q   <= clear_i ? clear_address_q : host_we_i ? host_address_i : scan_clear;
  end
  ram_1r1w_reg #(.DEPTH(1 << RING_W), .WIDTH(16)) u_ram (
    .clk_i(clk_i),
    .we_i(event_q || other_we_q),
    .waddr_i(event_q ? event_address : other_at_q),
    .wdata_i(event_q ? event_new : other_host_q ? host_wdata_i : 16'd0),
    .re_i(take_q || host_re_i || read),
    .raddr_i(take_q ? take_address : host_re_i ? host_address_i : scan_read),
    .ce_i(pass), .rdata_o(ring_q)
  );
  assign host_rdata_o = ring_q;
endmodule
`default_nettype wire
