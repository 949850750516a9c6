// crossbar.v - who is connected to whom: weights, and LANES sums that grow by one row of weights a cycle.
//   While a group streams:  sum[j] += weight[axon][group * LANES + j]   for every active axon, all lanes j at once.
//   At its end mark the sums move to the hold bank and restart from 0; the hold bank then drains NEURON_LANES sums a
//   cycle into neuron_lif while the next group integrates. axon_stream keeps the marks far enough apart. Above 64 lanes
//   the group's last axon carries the mark: its row is added on the way to the hold bank, and a row of zeros comes with a
//   mark alone. (An iCE40 cell shows its sum or its register, not both: there that would double the sums.)
//   The lanes are cut into leaves of 32, each with its own part of the weights and its own copy of every control
//   register, so that no wire but the broadcast tree's own leads all over the chip. Up to 64 lanes there is one leaf.
// Timing:   issue -> row address -> BROADCAST further stages -> memory (-> its output register, if there are leaves) -> row
//           (-> the lanes' own copy of it, above 512 lanes) -> sum: an axon issued in cycle c shows in sum in cycle
//           c + 4 + EXTRA; so does a mark in the hold bank. The numbers of the words that drain run four cycles ahead of
//           their sums, six above 64 lanes. EXTRA = 0 up to 64 lanes, 2 up to 512, 4 above.
// Widths:   sums are exact: AXONS * 2^(WEIGHT_BITS-1) fits WEIGHT_BITS + clog2(AXONS) bits (one more for unsigned 1-bit
//           weights).
// C twin:   cmodel/mirror/crossbar.c
`default_nettype none
module crossbar #(
  parameter LANES          = 16,
  parameter NEURON_LANES   = 2,
  parameter WEIGHT_BITS    = 4,
  parameter WEIGHT_MEMORY  = 0,                                 // 0: block RAM, 1: iCE40 SPRAM
  parameter PROBE          = 0,
  parameter AXON_W         = 8,                                 // clog2(AXONS)
  parameter GROUP_W        = 4,                                 // clog2(NEURONS / LANES), 1 at least
  parameter ROWS           = 4096,                              // of weights: groups * AXONS
  parameter BASE_W         = 12,                                // clog2(ROWS), 1 at least
  parameter ROW_W          = 64,                                // LANES * WEIGHT_BITS
  parameter BANK_W         = 1,                                 // clog2(ROW_W / 32), 1 at least
  parameter SUM_W          = 12,                                // see above
  parameter STEPS          = 8,                                 // LANES / NEURON_LANES: drain cycles of a group
  parameter WORD_W         = 7,                                 // clog2(NEURONS / NEURON_LANES), 1 at least
  parameter BROADCAST      = 0,                                 // stages of the tree behind its root: 0, 1, 2
  parameter RIDES          = 0                                  // 1: a mark goes with its group's last axon
) (
  input  wire        clk_i,
  input  wire        rst_i,
  // axon_stream
  input  wire        issue_axon_valid_i,
  input  wire        issue_end_i,
  input  wire [AXON_W-1:0] issue_axon_i,
  input  wire [BASE_W-1:0] issue_base_i,
  input  wire        mark_i,                                    // issue_end_i in the next cycle, and for which group
  input  wire [GROUP_W-1:0] mark_group_i,
  // neuron_lif: NEURON_LANES finished sums
  output wire        drain_valid_o,
  output wire [WORD_W-1:0] drain_word_o,
  output wire [NEURON_LANES*SUM_W-1:0] drain_sum_o,             // 4 or 6 cycles later
  // host_bus (and, later, plasticity): one bank of one row, only while nothing streams
  input  wire        host_we_i,
  input  wire        host_re_i,
  input  wire [BASE_W-1:0] host_row_i,
  input  wire [BANK_W-1:0] host_bank_i,
  input  wire [31:0] host_wdata_i,
  output wire [31:0] host_rdata_o,                              // at most 12 cycles after host_re_i
  // probes
  output wire        probe_weight_valid_o,
  output wire        probe_swap_o,
  output wire [(ROW_W > 32 ? ROW_W : 32)-1:0] probe_weights_o,
  output wire [32*LANES-1:0] probe_sum_o
);
  localparam REGISTER  = BROADCAST > 0 ? 1 : 0;                 // behind the memory
  localparam NEAR      = BROADCAST > 1 ? 1 : 0;                 // a row travels in two hops, for its memory may be far away
  localparam EXTRA     = BROADCAST + REGISTER + NEAR;
  localparam FOLLOW    = REGISTER + NEAR;                       // registers from a leaf's memory to its lanes, but the row's
  localparam TRAVEL    = EXTRA > 0 ? EXTRA - 2 : 0;             // a mark's way to the words' numbers; two cycles are neuron_lif's
  localparam LEAF      = BROADCAST > 0 ? 32 : LANES;            // lanes of a leaf
  localparam LEAVES    = LANES / LEAF;
  localparam LEAF_W    = LEAF * WEIGHT_BITS;
  localparam BANKS     = ROW_W > 32 ? ROW_W / 32 : 1;
  localparam LEAF_BANKS = BANKS / LEAVES;
  localparam BRANCHES  = BROADCAST > 1 ? LEAVES / 8 : 1;        // the stage between root and leaves
  localparam STEP_S    = $clog2(STEPS);                         // bits of a word's number that name it within its group
  localparam STEP_W    = STEPS > 1 ? STEP_S : 1;
  localparam [31:0] STEP_LAST32 = STEPS - 1;
  localparam [STEP_W-1:0] STEP_LAST = STEP_LAST32[STEP_W-1:0];
  localparam [STEP_W-1:0] STEP_ONE  = 1;

  // ---- the tree of the broadcast -------------------------------------------------------------------------------------
  // From the root over branches to leaves, a register each; up to 64 lanes the one leaf is all of it.
  localparam BUS_W = 4 + BANK_W + BASE_W + 32;                  // {we, re, only, end, bank, row, data}
  wire [31:0]      axon = {{(32-AXON_W){1'b0}}, issue_axon_i};
  wire             host = host_we_i || host_re_i;
  wire             re   = issue_axon_valid_i || (RIDES != 0 && issue_end_i) || host_re_i;
  wire             only = !issue_axon_valid_i;                  // nothing is added: a mark alone, or the host reads
  wire [BASE_W-1:0] row_next = host ? host_row_i : issue_base_i + axon[BASE_W-1:0];
  wire [BUS_W-1:0] bus  = {host_we_i, re, only, issue_end_i, host_bank_i, row_next, host_wdata_i};

  // The copies are alike: "keep" stops synthesis from merging them again.
  wire [BUS_W-1:0]          root;
  wire [BUS_W*BRANCHES-1:0] branch;
  genvar b, l, j;
  generate
    if (BROADCAST > 0) begin : g_root
      reg [BUS_W-1:0] root_q;
      always @(posedge clk_i) begin
        root_q <= bus;
        if (rst_i) root_q[BUS_W-1 -: 4] <= 4'd0;
      end
      assign root = root_q;
    end else begin : g_no_root
      assign root = bus;
    end
    for (b = 0; b < BRANCHES; b = b + 1) begin : g_branch
      if (BROADCAST > 1) begin : g_copy
        reg [BUS_W-1:0] copy_q;
        (* keep *) always @(posedge clk_i) begin
          copy_q <= root;
          if (rst_i) copy_q[BUS_W-1 -: 4] <= 4'd0;
        end
        assign branch[BUS_W*b +: BUS_W] = copy_q;
      end else begin : g_root
        assign branch[BUS_W*b +: BUS_W] = root;
      end
    end
  endgenerate

  // ---- leaves: weights, sums, hold bank ------------------------------------------------------------------------------
  wire [ROW_W-1:0]       rows, weights;                         // beside the memories, and beside the lanes
  wire [SUM_W*LANES-1:0] hold;
  wire [LEAVES-1:0]      add, swap;                             // the same in every leaf
  generate for (l = 0; l < LEAVES; l = l + 1) begin : g_leaf
    localparam [31:0] L32 = l;
    wire              tree_we, tree_re, tree_only, tree_end;
    wire [BANK_W-1:0] tree_bank;
    wire [BASE_W-1:0] tree_row;
    wire [31:0]       tree_data;
    assign {tree_we, tree_re, tree_only, tree_end, tree_bank, tree_row, tree_data}
           = branch[BUS_W*(BROADCAST > 1 ? l/8 : 0) +: BUS_W];
    wire [31:0]       bank32 = {{(32-BANK_W){1'b0}}, tree_bank};

    // What a bank needs is decided here, so that registers drive the memories, which may be far away.
    reg               axon_q, end_q;
    reg  [BASE_W-1:0] row_q;
    reg  [31:0]       data_q;
    reg  [LEAF_BANKS-1:0] ce_q, we_q, hide_q;
    wire [LEAF_BANKS-1:0] mine;
    for (b = 0; b < LEAF_BANKS; b = b + 1) begin : g_mine
      assign mine[b] = BANKS == 1 || bank32 == LEAF_BANKS * L32 + b;
    end
    (* keep *) always @(posedge clk_i) begin
      axon_q <= tree_re && !tree_only;
      end_q  <= tree_end;
      row_q  <= tree_row;
      data_q <= tree_data;
      we_q   <= mine & {LEAF_BANKS{tree_we}};
      ce_q   <= (mine & {LEAF_BANKS{tree_we}}) | {LEAF_BANKS{tree_re}};
      if (tree_re) hide_q <= {LEAF_BANKS{tree_only}} & ~(mine & {LEAF_BANKS{!tree_end}});
      if (rst_i) begin
        axon_q <= 1'b0;
        end_q  <= 1'b0;
        we_q   <= {LEAF_BANKS{1'b0}};
        ce_q   <= {LEAF_BANKS{1'b0}};
      end
    end

    wire [LEAF_W-1:0] row;
    weight_memory #(.ROWS(ROWS), .ROW_W(LEAF_W), .SPRAM(WEIGHT_MEMORY), .REGISTER(REGISTER)) u_weights (
      .clk_i(clk_i), .row_i(row_q), .ce_i(ce_q), .we_i(we_q), .wdata_i(data_q), .hide_i(hide_q), .row_o(row)
    );
    assign rows[LEAF_W*l +: LEAF_W] = row;
    if (NEAR != 0) begin : g_near
      reg [LEAF_W-1:0] near_q;
      always @(posedge clk_i) near_q <= row;
      assign weights[LEAF_W*l +: LEAF_W] = near_q;
    end else begin : g_here
      assign weights[LEAF_W*l +: LEAF_W] = row;
    end

    // Axons and marks follow their row through the memory. A host read passes too, but must not be added; with a mark
    // alone every bank shows zeros.
    reg [FOLLOW:0]     read_axon_q, read_end_q;
    reg                add_q, swap_q;
    wire [FOLLOW+1:0]  read_axons = {read_axon_q, axon_q}, read_ends = {read_end_q, end_q};
    (* keep *) always @(posedge clk_i) begin
      read_axon_q <= read_axons[FOLLOW:0];
      read_end_q  <= read_ends[FOLLOW:0];
      add_q       <= read_axon_q[FOLLOW];
      swap_q      <= read_end_q[FOLLOW];
      if (rst_i) begin
        read_axon_q <= {(FOLLOW+1){1'b0}};
        read_end_q  <= {(FOLLOW+1){1'b0}};
        add_q       <= 1'b0;
        swap_q      <= 1'b0;
      end
    end
    wire unused = &{1'b0, read_axons[FOLLOW+1], read_ends[FOLLOW+1]};
    assign add[l]  = add_q;
    assign swap[l] = swap_q;

    for (j = LEAF*l; j < LEAF*(l+1); j = j + 1) begin : g_lane
      // Clear and enable are the flip-flop's own pins, so that an adder is all the logic a sum has.
      reg  [SUM_W-1:0] sum_q, hold_q;
      wire [SUM_W-1:0] weight, from, grown;
      if (WEIGHT_BITS == 1) begin : g_unsigned
        assign weight = {{(SUM_W-1){1'b0}}, weights[j]};
      end else begin : g_signed
        assign weight = {{(SUM_W-WEIGHT_BITS){weights[WEIGHT_BITS*j + WEIGHT_BITS-1]}},
                         weights[WEIGHT_BITS*j +: WEIGHT_BITS]};
      end
      if (j + NEURON_LANES < LANES) begin : g_shift             // the hold bank shifts by NEURON_LANES, always
        assign from = hold[SUM_W*(j+NEURON_LANES) +: SUM_W];
      end else begin : g_last
        assign from = sum_q;
      end
      assign grown = sum_q + weight;
      always @(posedge clk_i) begin
        if (rst_i || swap_q) sum_q <= {SUM_W{1'b0}};
        else if (add_q)      sum_q <= grown;
        hold_q <= !swap_q ? from : RIDES != 0 ? grown : sum_q;
      end
      assign hold[SUM_W*j +: SUM_W] = hold_q;
      if (PROBE != 0) begin : g_probe
        assign probe_sum_o[32*j +: 32] = {{(32-SUM_W){sum_q[SUM_W-1]}}, sum_q};
      end else begin : g_no_probe
        assign probe_sum_o[32*j +: 32] = 32'd0;
      end
    end
  end endgenerate
  assign drain_sum_o = hold[NEURON_LANES*SUM_W-1:0];

  // ---- drain: the words' numbers ---------------------------------------------------------------------------------------
  // The mark and its group on their way, as long as the broadcast takes.
  wire [TRAVEL:0]    marks;
  wire [GROUP_W*(TRAVEL+1)-1:0] mark_groups;
  reg                drain_q;
  reg  [GROUP_W-1:0] group_q;
  reg  [STEP_W-1:0]  step_q;
  assign marks[0] = mark_i;
  assign mark_groups[0 +: GROUP_W] = mark_group_i;
  generate for (b = 0; b < TRAVEL; b = b + 1) begin : g_mark
    reg               mark_q;
    reg [GROUP_W-1:0] mark_group_q;
    always @(posedge clk_i) begin
      mark_q       <= marks[b] && !rst_i;
      mark_group_q <= mark_groups[GROUP_W*b +: GROUP_W];
    end
    assign marks[b+1] = mark_q;
    assign mark_groups[GROUP_W*(b+1) +: GROUP_W] = mark_group_q;
  end endgenerate
  wire [31:0]        group32 = {{(32-GROUP_W){1'b0}}, group_q}, step32 = {{(32-STEP_W){1'b0}}, step_q};
  wire [31:0]        word32  = (group32 << STEP_S) | (STEPS > 1 ? step32 : 32'd0);
  always @(posedge clk_i) begin
    if (marks[TRAVEL]) begin
      drain_q <= 1'b1;
      group_q <= mark_groups[GROUP_W*TRAVEL +: GROUP_W];
      step_q  <= {STEP_W{1'b0}};
    end else if (drain_q) begin
      drain_q <= step_q != STEP_LAST;
      step_q  <= step_q + STEP_ONE;
    end
    if (rst_i) drain_q <= 1'b0;
  end
  assign drain_valid_o = drain_q;
  assign drain_word_o  = word32[WORD_W-1:0];

  // ---- host read: the one bank that is not 0, by ORs of four words. A word stays until the next read. ------------------
  localparam NODES = BANKS > 4 ? (BANKS + 1) / 3 : 1;           // node n takes words 4n and up; the last one is the root
  wire [32*(BANKS+NODES)-1:0] words;
  generate
    if (ROW_W < 32) begin : g_host_part
      assign words[31:0] = {{(32-ROW_W){1'b0}}, rows};
    end else begin : g_host_banks
      assign words[32*BANKS-1:0] = rows;
    end
    for (b = 0; b < NODES; b = b + 1) begin : g_host_or
      reg  [31:0]  or_q;
      wire [127:0] in;
      for (l = 0; l < 4; l = l + 1) begin : g_in
        if (4*b + l < BANKS + b) begin : g_word
          assign in[32*l +: 32] = words[32*(4*b+l) +: 32];
        end else begin : g_none
          assign in[32*l +: 32] = 32'd0;
        end
      end
      always @(posedge clk_i) or_q <= in[31:0] | in[63:32] | in[95:64] | in[127:96];
      assign words[32*(BANKS+b) +: 32] = or_q;
    end
  endgenerate
  assign host_rdata_o = words[32*(BANKS+NODES)-1 -: 32];

  generate if (PROBE != 0) begin : g_probe
    assign probe_weight_valid_o = add[0];
    assign probe_swap_o         = swap[0];
    if (ROW_W < 32) begin : g_narrow
      assign probe_weights_o    = {{(32-ROW_W){1'b0}}, weights};
    end else begin : g_wide
      assign probe_weights_o    = weights;
    end
  end else begin : g_no_probe
    assign probe_weight_valid_o = 1'b0;
    assign probe_swap_o         = 1'b0;
    assign probe_weights_o      = {(ROW_W > 32 ? ROW_W : 32){1'b0}};
  end endgenerate
  wire unused = &{1'b0, axon, add, swap, group32, step32, word32};
endmodule
`default_nettype wire
