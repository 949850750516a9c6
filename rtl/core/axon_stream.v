// axon_stream.v - how signals get in: a tick's active axons, one a cycle, once for every group of neurons.
//   Scan     the words of the tick's slot, from delay_ring: each active axon goes out (one a cycle; an empty word takes one
//            cycle) and into a list.
//   Stream   after the scan an end-of-group mark goes out, then for each further group the list again and a mark. With RIDES
//            the list's last axon carries the mark. Marks are STEPS cycles apart at least, so that the neurons keep up.
//   Quiet    a tick whose slot holds no event sends marks alone, for the groups that are due: all of them, or those of the
//            list, which then holds groups, and is written anew as they finish (quiet_groups).
// Timing:   no stall. An axon leaves four cycles after its word was taken, at the earliest; the first mark of an empty slot four
//           cycles after begin_i. Every word read from the list goes into a register first.
// Widths:   the list holds every axon or every group, so n_active_q counts to AXONS, and index_q names LIST entries; a mark is
//           the last use of index_q in a group, so that it may run over there.
// C twin:   cmodel/mirror/axon_stream.c
`default_nettype none
module axon_stream #(
  parameter AXONS   = 256,
  parameter GROUPS  = 16,                                       // NEURONS / LANES
  parameter STEPS   = 8,                                        // LANES / NEURON_LANES: cycles of a group in the neurons
  parameter RIDES   = 0,                                        // 1: a mark goes with its group's last axon
  parameter AXON_W  = 8,                                        // clog2(AXONS)
  parameter WORD_W  = 4,                                        // clog2(AXONS / 16), 1 at least
  parameter GROUP_W = 4,                                        // clog2(GROUPS), 1 at least
  parameter BASE_W  = 12                                        // clog2(GROUPS * AXONS), 1 at least
) (
  input  wire               clk_i,
  input  wire               rst_i,
  // delay_ring: the words of the tick's slot
  input  wire               begin_i,                            // a tick begins
  input  wire               empty_i,                            // with it: no word comes, for no axon is active
  input  wire               word_valid_i,
  output wire               word_take_o,
  input  wire [15:0]        word_i,
  input  wire [WORD_W-1:0]  word_at_i,                          // of the word taken last: axons 16 * word_at_i and up
  // core_control
  output reg                scan_done_o,                        // the scan is over
  output reg                stream_done_o,                      // the last mark of the tick is on its way
  // quiet_groups
  input  wire               none_i,                             // after begin_i: no group is due
  input  wire               last_i,                             // the next mark is the tick's last one
  input  wire               tick_empty_i,                       // empty_i, from then on
  input  wire               listed_i,                           // the list names the groups
  output wire               next_o,                             // a mark leaves
  input  wire [GROUP_W-1:0] group_i,                            // groups counted, as of two cycles ago
  input  wire               keep_i,                             // with tick_empty_i: write keep_group_i to the list
  input  wire [GROUP_W-1:0] keep_at_i,
  input  wire [GROUP_W-1:0] keep_group_i,
  // crossbar: a mark, one cycle before it leaves
  output wire               mark_o,
  output wire [GROUP_W-1:0] mark_group_o,
  // crossbar: the root of the broadcast
  output reg                issue_axon_valid_o,                 // an axon
  output reg                issue_end_o,                        // the end of a group, with its last axon or alone
  output reg  [AXON_W-1:0]  issue_axon_o,
  output reg  [BASE_W-1:0]  issue_base_o,                       // group * AXONS
  output reg  [GROUP_W-1:0] issue_group_o
);
  localparam COUNT_W = $clog2(AXONS + 1);
  localparam LIST    = AXONS > GROUPS ? AXONS : GROUPS;         // entries of the list
  localparam INDEX_W = $clog2(LIST);
  localparam LIST_W  = AXON_W > GROUP_W ? AXON_W : GROUP_W;
  localparam SPACE_W = STEPS > 1 ? $clog2(STEPS) : 1;
  localparam [31:0] AXONS32 = AXONS, SPACE32 = STEPS - 1;
  localparam [BASE_W-1:0]  BASE_STEP  = AXONS32[BASE_W-1:0];    // 0 with one group of 2^n axons, where it is not used
  localparam [SPACE_W-1:0] SPACE_INIT = SPACE32[SPACE_W-1:0], SPACE_ONE = 1, SPACE_NONE = 0;
  localparam [INDEX_W-1:0] INDEX_ONE  = 1, INDEX_NONE = 0;
  localparam [COUNT_W-1:0] COUNT_ONE  = 1, COUNT_TWO = 2, COUNT_NONE = 0;

  // ---- scan: the axons of a word, lowest first ---------------------------------------------------------------------------
  reg               scan_q;                                     // bits_q is of this tick
  reg  [15:0]       bits_q;                                     // axons of this word still to be sent
  wire [3:0]        bit_index;
  wire [15:0]       bits_rest;
  // Whether a word has but one bit left enables memories, so it is decided a cycle ahead.
  reg               single_q;
  wire              next_single, rest_single;
  wire [1:0]        unused_first;
  wire [19:0]       unused_word;
  find_first #(.WIDTH(16)) u_first (
    .bits_i(bits_q), .index_o(bit_index), .rest_o(bits_rest), .last_o(unused_first[0]), .next_last_o(rest_single)
  );
  find_first #(.WIDTH(16)) u_single (
    .bits_i(word_i), .index_o(unused_word[3:0]), .rest_o(unused_word[19:4]), .last_o(next_single),
    .next_last_o(unused_first[1])
  );
  assign word_take_o = word_valid_i && (!scan_q || single_q);
  wire scan_emit = scan_q && bits_q != 16'd0;
  wire scan_last = scan_q && single_q && !word_valid_i;
  wire [AXON_W-1:0] scan_axon;
  generate if (AXONS > 16) begin : g_scan_axon
    assign scan_axon = {word_at_i, bit_index};
  end else begin : g_scan_axon
    assign scan_axon = bit_index;
  end endgenerate
  always @(posedge clk_i) begin
    scan_q   <= word_valid_i || (scan_q && !single_q);
    bits_q   <= word_take_o ? word_i : bits_rest;
    single_q <= word_take_o ? next_single : rest_single;
    if (rst_i) scan_q <= 1'b0;
  end

  // ---- stream: the list, and marks ---------------------------------------------------------------------------------------
  reg                stream_q;                                  // until the tick's last mark
  reg  [COUNT_W-1:0] n_active_q, left_q;                        // length of the list; entries of it left for this group
  reg  [INDEX_W-1:0] index_q;                                   // the next one
  reg                any_q, tail_q, bare_q;                     // n_active_q > 0; left_q == 1; the mark goes alone
  reg  [BASE_W-1:0]  base_q;
  reg  [SPACE_W-1:0] space_q;                                   // cycles until the next mark may go out
  reg                free_q;                                    // space_q == 0
  wire stream     = stream_q && !none_i;
  wire list_emit  = stream && !bare_q && (RIDES == 0 || !tail_q || free_q);
  wire mark       = stream && (bare_q || (RIDES != 0 && tail_q)) && free_q;
  wire stream_end = (mark && last_i) || (stream_q && none_i);
  assign next_o = mark;

  always @(posedge clk_i) begin
    stream_q      <= scan_last || (begin_i && empty_i) || (stream_q && !stream_end);
    scan_done_o   <= scan_last || (begin_i && empty_i);
    stream_done_o <= stream_end;
    if (rst_i) begin
      stream_q      <= 1'b0;
      scan_done_o   <= 1'b0;
      stream_done_o <= 1'b0;
    end
  end

  // Group 0 is sent as the list is made.
  always @(posedge clk_i)
    if (begin_i) begin
      n_active_q <= COUNT_NONE;
      any_q      <= 1'b0;
    end else if (scan_emit) begin
      n_active_q <= n_active_q + COUNT_ONE;
      any_q      <= 1'b1;
    end

  always @(posedge clk_i)
    if (begin_i) begin
      index_q <= INDEX_NONE;
      bare_q  <= 1'b1;
    end else if (mark) begin
      index_q <= tick_empty_i ? index_q + INDEX_ONE : INDEX_NONE;
      left_q  <= n_active_q;
      tail_q  <= n_active_q == COUNT_ONE;
      bare_q  <= !any_q;
    end else if (list_emit) begin
      index_q <= index_q + INDEX_ONE;
      left_q  <= left_q - COUNT_ONE;
      tail_q  <= left_q == COUNT_TWO;
      bare_q  <= RIDES == 0 && tail_q;
    end

  always @(posedge clk_i)
    if (begin_i)   base_q <= {BASE_W{1'b0}};
    else if (mark) base_q <= base_q + BASE_STEP;

  always @(posedge clk_i)
    if (begin_i) begin
      space_q <= SPACE_NONE;
      free_q  <= 1'b1;
    end else if (mark) begin
      space_q <= SPACE_INIT;
      free_q  <= SPACE_INIT == SPACE_NONE;
    end else begin
      if (space_q != SPACE_NONE) space_q <= space_q - SPACE_ONE;
      free_q  <= space_q == SPACE_NONE || space_q == SPACE_ONE;
    end

  // ---- the list: axons in a tick that has any, and groups in one that has none -------------------------------------------
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

  // ---- what was sent, while the list is read -----------------------------------------------------------------------------
  reg               sent_mark_q, sent_scan_q, sent_list_q;
  reg  [AXON_W-1:0] sent_axon_q;
  reg  [BASE_W-1:0] sent_base_q;
  reg               next_mark_q, next_scan_q, next_list_q;
  reg  [AXON_W-1:0] next_axon_q;
  reg  [BASE_W-1:0] next_base_q;
  assign mark_o       = next_mark_q;
  assign mark_group_o = listed_i ? list[GROUP_W-1:0] : group_i;

  always @(posedge clk_i) begin
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
    if (rst_i) begin
      sent_mark_q        <= 1'b0;
      sent_scan_q        <= 1'b0;
      sent_list_q        <= 1'b0;
      next_mark_q        <= 1'b0;
      next_scan_q        <= 1'b0;
      next_list_q        <= 1'b0;
      issue_end_o        <= 1'b0;
      issue_axon_valid_o <= 1'b0;
    end
  end

  wire unused = &{1'b0, unused_first, unused_word, word_at_i, n_active32, axon32, keep_at32, keep_group32};
endmodule
`default_nettype wire
