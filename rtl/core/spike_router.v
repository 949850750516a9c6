// spike_router.v - where spikes go: the fan-out table, loop-back to axons, AER output.
//   A word of NEURON_LANES spikes is queued if any of them is set. Its spikes leave it one a cycle, lowest neuron first,
//   and pass through three stages: name (the neuron's number), read (its pointer leaves the memory), point (the pointer
//   is in a register). A stage moves on when the next one is free. The last one sends the neuron's list of entries,
//   one a cycle; whether an entry is the last one is known a cycle after it, so one more is read and thrown away.
//   With FAR either memory has a second register behind its own, beside the logic: there is a stage more, fetch, before
//   point, and two entries are read in vain.
//   An entry either goes back to the delay ring (axon, delay - 1) or out (the neuron's number).
// Timing:   word popped in cycle c: first spike in point in c + 4 (c + 5 with FAR); a spike stays there for 1 cycle, or for
//           2 (3 with FAR) and one per entry; the next word is popped in the cycle after the last spike was named. An entry goes on into one of
//           two places, where it waits for the ring or the reader; a register says whether the second one is free, so that
//           nothing before it depends on who takes what in this cycle. The queue holds the words of a whole tick, so neurons never wait.
// C twin:   cmodel/mirror/spike_router.c
`default_nettype none
module spike_router #(
  parameter NEURONS        = 256,
  parameter NEURON_LANES   = 2,
  parameter ROUTES         = 512,
  parameter FAR            = 0,                                 // 1: the memories may be far away
  parameter AXON_W         = 8,                                 // clog2(AXONS)
  parameter SLOT_W         = 4,                                 // clog2(DELAY_SLOTS)
  parameter NEURON_W       = 8,                                 // clog2(NEURONS)
  parameter WORDS          = 128,                               // NEURONS / NEURON_LANES
  parameter WORD_W         = 7,                                 // clog2(WORDS), 1 at least
  parameter LANE_S         = 1,                                 // clog2(NEURON_LANES): bits of a neuron's number that name its lane
  parameter LANE_W         = 1                                  // LANE_S, 1 at least
) (
  input  wire        clk_i,
  input  wire        rst_i,
  // neuron_lif
  input  wire        update_valid_i,
  input  wire [WORD_W-1:0] update_word_i,
  input  wire [NEURON_LANES-1:0] update_spike_i,
  // delay_ring
  output wire        loop_valid_o,
  input  wire        loop_ready_i,
  output wire [AXON_W-1:0]       loop_axon_o,
  output wire [SLOT_W-1:0] loop_delay_o,                        // delay - 1: the tick has been counted already
  // AER output
  output wire        out_valid_o,
  input  wire        out_ready_i,
  output wire [NEURON_W-1:0] out_neuron_o,
  // core_control
  output wire        busy_o,                                    // spikes are on their way
  // host_bus: one pointer or entry, only while not busy
  input  wire        host_pointer_we_i,
  input  wire        host_pointer_re_i,
  input  wire        host_entry_we_i,
  input  wire        host_entry_re_i,
  input  wire [15:0] host_index_i,
  input  wire [31:0] host_wdata_i,
  output wire [31:0] host_pointer_rdata_o,                      // two cycles after the read; three with FAR
  output wire [31:0] host_entry_rdata_o,
  // the entry waiting for ring or reader
  output wire        route_valid_o,
  output wire        route_external_o
);
  localparam ENTRY_W  = ROUTES > 1 ? $clog2(ROUTES) : 1;
  localparam [31:0] ENTRY_LAST32 = ROUTES - 1;
  localparam [ENTRY_W-1:0] ENTRY_LAST = ENTRY_LAST32[ENTRY_W-1:0];
  localparam [ENTRY_W-1:0] ENTRY_ONE  = 1;

  reg                     naming_q;                             // spikes_q holds spikes still to be named
  reg  [WORD_W-1:0]       word_q;
  reg  [NEURON_LANES-1:0] spikes_q;

  // ---- queue of words with spikes --------------------------------------------------------------------------------------
  wire queue_valid, queue_unread, queue_busy;
  wire [WORD_W+NEURON_LANES-1:0] queue_data;
  fifo #(.DEPTH(WORDS), .WIDTH(WORD_W + NEURON_LANES)) u_queue (
    .clk_i(clk_i), .rst_i(rst_i),
    .push_i(update_valid_i && |update_spike_i), .data_i({update_word_i, update_spike_i}),
    .pop_i(!naming_q && queue_valid), .valid_o(queue_valid), .data_o(queue_data), .unread_o(queue_unread),
    .busy_o(queue_busy)
  );

  // ---- spikes of a word, one after the other -----------------------------------------------------------------------------
  wire [LANE_W-1:0]       lane;
  wire [NEURON_LANES-1:0] rest;
  wire                    last, next_last;                      // rest == 0
  find_first #(.WIDTH(NEURON_LANES)) u_first (.bits_i(spikes_q), .index_o(lane), .rest_o(rest), .last_o(last), .next_last_o(next_last));
  wire [31:0]         word32 = {{(32-WORD_W){1'b0}}, word_q};
  wire [31:0]         lane32 = {{(32-LANE_W){1'b0}}, lane};
  wire [31:0]         neuron = (word32 << LANE_S) | lane32;

  // ---- name, read, (fetch,) point ----------------------------------------------------------------------------------------
  reg                 name_q, read_q, point_q;                  // the stage holds a spike
  reg  [NEURON_W-1:0] name_neuron_q, read_neuron_q, point_neuron_q;
  wire [ENTRY_W:0]    pointer_q;                                // {has routes, first entry}
  wire [ENTRY_W:0]    pointer;                                  // the memory's register
  wire                take;                                     // the spike in point is done
  wire                point_free = !point_q || take;
  wire                table_free;                               // the memory's register is free, or will be
  wire                read_free  = !read_q || table_free;
  wire                name_free  = !name_q || read_free;
  wire                fetch, comes;                             // a spike is in fetch; one comes to point
  wire [NEURON_W-1:0] comes_neuron;
  wire                host_pointer_re, host_entry_re;
  wire [15:0]         host_index;                               // of a read; it stands long before
  ram_1r1w_reg #(.DEPTH(NEURONS), .WIDTH(ENTRY_W + 1)) u_pointer (
    .clk_i(clk_i), .we_i(host_pointer_we_i), .waddr_i(host_index_i[NEURON_W-1:0]),
    .wdata_i({host_wdata_i[31], host_wdata_i[ENTRY_W-1:0]}),
    .re_i((name_q && read_free) || host_pointer_re),
    .raddr_i(host_pointer_re ? host_index[NEURON_W-1:0] : name_neuron_q), .ce_i(table_free), .rdata_o(pointer)
  );
  assign host_pointer_rdata_o = {pointer[ENTRY_W], {(31-ENTRY_W){1'b0}}, pointer[ENTRY_W-1:0]};

  // ---- entries -----------------------------------------------------------------------------------------------------------
  reg                 send_q;                                   // entry_q is leaving the memory
  reg  [ENTRY_W-1:0]  entry_q, entry_next_q;                    // and entry_q + 1
  reg                 route_q;                                  // an entry is there
  localparam ITEM_W   = 2 + SLOT_W + AXON_W;
  wire [ITEM_W-1:0]   item;                                     // the memory's register
  wire                next_route;                               // route_q of the next cycle
  wire                external_q;                               // it goes out
  wire [AXON_W-1:0]   axon_q;
  wire [SLOT_W-1:0]   delay_q;
  localparam OUT_W    = 1 + SLOT_W + AXON_W + NEURON_W;         // {external, delay - 1, axon, neuron}
  reg                 out_q, spare_q;                           // entries that wait, the older one first
  reg  [OUT_W-1:0]    out_entry_q, spare_entry_q;
  wire                out_external  = out_entry_q[OUT_W-1];
  wire                out_free      = !out_q || (out_external ? out_ready_i : loop_ready_i);
  wire                route_free    = !route_q || !spare_q;
  wire                entries_done;                             // the list's last entry goes on
  wire                entry_start   = point_q && !send_q && pointer_q[ENTRY_W];
  wire [ENTRY_W-1:0]  entry_address = send_q ? entry_next_q : pointer_q[ENTRY_W-1:0];
  assign take = send_q ? entries_done : point_q && !pointer_q[ENTRY_W];
  ram_1r1w_reg #(.DEPTH(ROUTES), .WIDTH(ITEM_W)) u_entry (
    .clk_i(clk_i), .we_i(host_entry_we_i), .waddr_i(host_index_i[ENTRY_W-1:0]),
    .wdata_i({host_wdata_i[31:30], host_wdata_i[16 +: SLOT_W], host_wdata_i[AXON_W-1:0]}),
    .re_i(entry_start || (send_q && route_free) || host_entry_re),
    .raddr_i(host_entry_re ? host_index[ENTRY_W-1:0] : entry_address), .ce_i(route_free), .rdata_o(item)
  );
  assign host_entry_rdata_o = {item[ITEM_W-1 -: 2], {(14-SLOT_W){1'b0}}, item[AXON_W +: SLOT_W], {(16-AXON_W){1'b0}}, item[AXON_W-1:0]};

  // ---- what is far: a register more behind either memory, and before the addresses that the host reads -------------------
  generate if (FAR != 0) begin : g_far
    reg                fetch_q, item_q, item_end_q, final_q, done_q, pointer_re_q, entry_re_q;
    reg [NEURON_W-1:0] fetch_neuron_q;
    reg [ENTRY_W:0]    near_pointer_q;
    reg [ITEM_W-2:0]   near_item_q;
    reg [15:0]         index_q;
    // What the list's end allows reaches back to a far memory's enable, so it is decided a cycle ahead.
    wire               final_next = route_free ? item[ITEM_W-1] || item_end_q : final_q;
    always @(posedge clk_i) begin
      if (table_free) begin
        fetch_q        <= read_q;
        fetch_neuron_q <= read_neuron_q;
      end
      if (point_free) near_pointer_q <= pointer;
      if (route_free) begin
        item_q         <= send_q && !entries_done;
        item_end_q     <= entry_q == ENTRY_LAST;
        near_item_q    <= item[ITEM_W-2:0];
      end
      final_q      <= final_next;
      done_q       <= (!route_free || next_route) && (out_free || !(route_q || spare_q)) && final_next;
      pointer_re_q <= host_pointer_re_i;
      entry_re_q   <= host_entry_re_i;
      index_q      <= host_index_i;
      if (rst_i) begin
        fetch_q <= 1'b0;
        item_q  <= 1'b0;
        done_q  <= 1'b0;
      end
    end
    assign entries_done = done_q;
    assign table_free = !fetch_q || point_free;
    assign {fetch, comes, comes_neuron} = {fetch_q, fetch_q, fetch_neuron_q};
    assign pointer_q  = near_pointer_q;
    assign next_route = item_q && !entries_done;
    assign {external_q, delay_q, axon_q} = near_item_q;
    assign {host_pointer_re, host_entry_re, host_index} = {pointer_re_q, entry_re_q, index_q};
  end else begin : g_near
    reg                end_q;                                   // the table ends with this entry
    always @(posedge clk_i) if (route_free) end_q <= entry_q == ENTRY_LAST;
    assign table_free = point_free;
    assign {fetch, comes, comes_neuron} = {1'b0, read_q, read_neuron_q};
    assign pointer_q  = pointer;
    assign next_route = send_q && !entries_done;
    wire               ends = item[ITEM_W-1] || end_q;           // its list, or the table, ends with this entry
    assign entries_done = route_q && !spare_q && ends;
    assign {external_q, delay_q, axon_q} = item[ITEM_W-2:0];
    assign {host_pointer_re, host_entry_re, host_index} = {host_pointer_re_i, host_entry_re_i, host_index_i};
  end endgenerate

  // ---- entries wait ------------------------------------------------------------------------------------------------------
  wire [OUT_W-1:0]    new_entry = {external_q, delay_q, axon_q, point_neuron_q};
  always @(posedge clk_i) begin
    if (out_free) begin
      out_q       <= spare_q || route_q;
      out_entry_q <= spare_q ? spare_entry_q : new_entry;
      spare_q     <= 1'b0;
    end else if (route_q && !spare_q) spare_q <= 1'b1;
    if (!spare_q) spare_entry_q <= new_entry;
    if (rst_i) begin
      out_q   <= 1'b0;
      spare_q <= 1'b0;
    end
  end

  assign loop_valid_o     = out_q && !out_external;
  assign loop_axon_o      = out_entry_q[NEURON_W +: AXON_W];
  assign loop_delay_o     = out_entry_q[NEURON_W+AXON_W +: SLOT_W];
  assign out_valid_o      = out_q && out_external;
  assign out_neuron_o     = out_entry_q[NEURON_W-1:0];
  // What was before the point a cycle ago is still somewhere now, so that a register may say so.
  reg                 early_q;
  always @(posedge clk_i) early_q <= (queue_busy || naming_q || name_q || read_q || fetch) && !rst_i;
  assign busy_o           = queue_unread || early_q || point_q || out_q;
  assign route_valid_o    = out_q;
  assign route_external_o = out_external;

  always @(posedge clk_i) begin
    naming_q <= naming_q ? !(name_free && last) : queue_valid;
    if (!naming_q)      {word_q, spikes_q} <= queue_data;
    else if (name_free) spikes_q <= rest;

    if (name_free) begin
      name_q        <= naming_q;
      name_neuron_q <= neuron[NEURON_W-1:0];
    end
    if (read_free) begin
      read_q        <= name_q;
      read_neuron_q <= name_neuron_q;
    end
    if (point_free) begin
      point_q        <= comes;
      point_neuron_q <= comes_neuron;
    end

    send_q <= entry_start || (send_q && !entries_done);
    if (entry_start || (send_q && route_free)) begin
      entry_q      <= entry_address;
      entry_next_q <= entry_address + ENTRY_ONE;
    end
    if (route_free) route_q <= next_route;
    if (rst_i) begin
      naming_q <= 1'b0;
      name_q  <= 1'b0;
      read_q  <= 1'b0;
      point_q <= 1'b0;
      send_q  <= 1'b0;
      route_q <= 1'b0;
    end
  end

  wire unused = &{1'b0, next_last, neuron[31:NEURON_W], host_index_i, host_index, host_wdata_i};
endmodule
`default_nettype wire
