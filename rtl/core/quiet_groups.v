// quiet_groups.v - which groups a tick has to visit, and when the last of them is done.
//   A neuron rests when an update without input changes nothing: v, u, r and a stay, it does not spike and draws no noise.
//   The next update without input would be the same, so a tick without active axons need not visit a group whose neurons
//   all rested in the tick before, if that had no active axons either. Such a group is quiet; a list holds the others, in
//   order. A tick without active axons visits the list and writes it anew, in place. Every group is due, and the list is
//   not looked at, after a tick with active axons, a clear, and a host write to neurons or profiles. The list stands where
//   axon_stream keeps a tick's active axons: no tick needs both.
// Timing:   begin_i decides. Every next_i takes a group; group_o counts them, two cycles later, as the list is a memory with
//           a register behind it. busy_o falls in the cycle after the last write-back of the last group.
// Widths:   a group is under way for at most 19 cycles and its spacing (rtl/README.md), so 20 of them at most.
// C twin:   cmodel/mirror/quiet_groups.c
`default_nettype none
module quiet_groups #(
  parameter GROUPS         = 16,                                // NEURONS / LANES
  parameter GROUP_W        = 4,                                 // clog2(GROUPS), 1 at least
  parameter STEPS          = 8,                                 // LANES / NEURON_LANES: words of a group
  parameter WORD_W         = 7                                  // clog2(NEURONS / NEURON_LANES), 1 at least
) (
  input  wire        clk_i,
  input  wire        rst_i,
  input  wire        wake_i,                                    // any neuron may change; between ticks
  // delay_ring
  input  wire        begin_i,
  input  wire        empty_i,                                   // with begin_i: no axon is active in this tick
  // axon_stream
  output reg         none_o,                                    // no group is due
  output reg         last_o,                                    // the next one is the tick's last
  input  wire        next_i,
  input  wire        leaves_i,                                  // next_i of two cycles ago
  output reg         listed_o,                                  // the groups are those of the list, and not all
  output wire [GROUP_W-1:0] group_o,
  output wire        keep_o,                                    // this group has not rested: keep_at_o of the next list
  output wire [GROUP_W-1:0] keep_at_o,
  output wire [GROUP_W-1:0] keep_group_o,
  // neuron_lif
  output reg         empty_o,                                   // the tick has no active axon
  input  wire        coming_valid_i,                            // update_valid_i and update_word_i of the next cycle
  input  wire [WORD_W-1:0] coming_word_i,
  input  wire        update_valid_i,
  input  wire [WORD_W-1:0] update_word_i,
  input  wire        update_rest_i,                             // two cycles later: every neuron of the word rested
  // core_control
  output reg         busy_o
);
  localparam COUNT_W = $clog2(GROUPS + 1);
  localparam STEP_S  = $clog2(STEPS);
  localparam [31:0] GROUPS32 = GROUPS, STEP_LAST32 = STEPS - 1;
  localparam [COUNT_W-1:0] COUNT_ALL = GROUPS32[COUNT_W-1:0], COUNT_ONE = 1, COUNT_TWO = COUNT_ONE + COUNT_ONE,
                           COUNT_ZERO = 0;
  localparam [GROUP_W-1:0] GROUP_ONE = 1;

  // ---- due groups ------------------------------------------------------------------------------------------------------
  reg                all_q, wake_q;                             // every group is due, whatever the list says
  reg  [COUNT_W-1:0] kept_q;                                    // length of the list
  reg  [COUNT_W-1:0] due_q;                                     // groups due in an empty tick: known long before it begins
  reg                due_none_q, due_one_q;
  reg  [COUNT_W-1:0] left_q;                                    // groups that this tick has still to take
  reg  [GROUP_W-1:0] index_q;
  wire [COUNT_W-1:0] due = all_q ? COUNT_ALL : kept_q;
  assign group_o = index_q;

  // ---- finished groups ---------------------------------------------------------------------------------------------------
  wire [31:0] word32   = {{(32-WORD_W){1'b0}}, update_word_i};
  wire [31:0] group32  = word32 >> STEP_S;
  wire [31:0] coming32 = {{(32-WORD_W){1'b0}}, coming_word_i};
  reg         finished;                                         // the last word of a group is written back
  reg  [4:0]  flight_q;                                         // groups under way
  reg         valid_1_q, finished_1_q;                          // the update of the cycle before
  reg  [GROUP_W-1:0] group_1_q;
  reg         valid_q, finished_q;                              // of two cycles before, whose rest is known now
  reg  [GROUP_W-1:0] group_q;
  reg         restless_q;                                       // an earlier word of this group did not rest
  wire        restless = restless_q || !update_rest_i;
  assign keep_o       = finished_q && restless && empty_o;
  assign keep_at_o    = kept_q[GROUP_W-1:0];
  assign keep_group_o = group_q;

  always @(posedge clk_i) begin
    due_q      <= due;
    due_none_q <= due == COUNT_ZERO;
    due_one_q  <= due == COUNT_ONE;
    if (begin_i) begin
      empty_o  <= empty_i;
      listed_o <= empty_i && !all_q;
      none_o   <= empty_i && due_none_q;
      last_o   <= empty_i ? due_one_q : GROUPS == 1;
      left_q   <= empty_i ? due_q : COUNT_ALL;
      kept_q   <= {COUNT_W{1'b0}};
      all_q    <= !empty_i;
    end else begin
      if (next_i) begin
        last_o  <= left_q == COUNT_TWO;
        left_q  <= left_q - COUNT_ONE;
      end
      if (keep_o) kept_q <= kept_q + COUNT_ONE;
    end
    if (begin_i)       index_q <= {GROUP_W{1'b0}};
    else if (leaves_i) index_q <= index_q + GROUP_ONE;
    wake_q <= wake_i;
    if (wake_q) all_q <= 1'b1;
    finished     <= coming_valid_i && (coming32 & STEP_LAST32) == STEP_LAST32;
    valid_1_q    <= update_valid_i;
    finished_1_q <= finished;
    group_1_q    <= group32[GROUP_W-1:0];
    valid_q      <= valid_1_q;
    finished_q   <= finished_1_q;
    group_q      <= group_1_q;
    if (valid_q) restless_q <= restless && !finished_q;
    busy_o <= next_i || (busy_o && !(finished && flight_q == 5'd1));
    if (next_i && !finished)      flight_q <= flight_q + 5'd1;
    else if (!next_i && finished) flight_q <= flight_q - 5'd1;
    if (rst_i) begin
      all_q      <= 1'b1;
      valid_1_q  <= 1'b0;
      valid_q    <= 1'b0;
      finished   <= 1'b0;
      finished_1_q <= 1'b0;
      finished_q <= 1'b0;
      restless_q <= 1'b0;
      flight_q   <= 5'd0;
      busy_o     <= 1'b0;
    end
  end
`ifdef SF_CHECK
  always @(posedge clk_i) if (!rst_i && flight_q == 5'd31 && next_i && !finished) begin
    $display("%m: more groups under way than flight_q counts"); $stop;
  end
`endif
  wire unused = &{1'b0, group32, kept_q};
endmodule
`default_nettype wire
