// crossbar.v - who is connected to whom: weights, and LANES sums that grow by one row of weights a cycle.
//   While a group streams:  sum[j] += weight[axon][group * LANES + j]   for every active axon, all lanes j at once.
//   At its end mark the sums move to the hold bank and restart from 0; the hold bank then drains NEURON_LANES sums a
//   cycle into neuron_lif while the next group integrates. axon_scheduler keeps the marks far enough apart.
// Timing:   issue -> row address -> BROADCAST further stages -> memory -> output register -> sum: an axon issued in cycle
//           c shows in sum in cycle c + 4 + BROADCAST; a mark issued in cycle c starts draining in c + 4 + BROADCAST.
//           BROADCAST = 0 up to 64 lanes, 1 up to 512, 2 above.
// Widths:   sums are exact: AXONS * 2^(WEIGHT_BITS-1) fits WEIGHT_BITS + clog2(AXONS) bits (one more for unsigned 1-bit
//           weights).
// C twin:   cmodel/crossbar.c
`default_nettype none
module crossbar #(
  parameter AXONS          = 256,
  parameter NEURONS        = 256,
  parameter LANES          = 16,
  parameter NEURON_LANES   = 2,
  parameter WEIGHT_BITS    = 4,
  parameter WEIGHT_MEMORY  = 0,                                 // 0: block RAM, 1: iCE40 SPRAM
  parameter PROBE          = 0
) (
  input  wire        clk_i,
  input  wire        rst_i,
  // axon_scheduler
  input  wire        issue_valid_i,
  input  wire        issue_end_i,
  input  wire [$clog2(AXONS)-1:0] issue_axon_i,
  input  wire [(NEURONS*AXONS/LANES > 1 ? $clog2(NEURONS*AXONS/LANES) : 1)-1:0] issue_base_i,
  // neuron_lif: NEURON_LANES finished sums
  output wire        drain_valid_o,
  output wire [(NEURONS > NEURON_LANES ? $clog2(NEURONS/NEURON_LANES) : 1)-1:0] drain_word_o,
  output wire [NEURON_LANES*(WEIGHT_BITS + $clog2(AXONS) + (WEIGHT_BITS == 1 ? 1 : 0))-1:0] drain_sum_o,
  // host_bus (and, later, plasticity): one bank of one row, only while nothing streams
  input  wire        host_we_i,
  input  wire        host_re_i,
  input  wire [(NEURONS*AXONS/LANES > 1 ? $clog2(NEURONS*AXONS/LANES) : 1)-1:0] host_row_i,
  input  wire [(LANES*WEIGHT_BITS > 32 ? $clog2(LANES*WEIGHT_BITS/32) : 1)-1:0] host_bank_i,
  input  wire [31:0] host_wdata_i,
  output reg  [31:0] host_rdata_o,                              // 5 + BROADCAST cycles after host_re_i
  // probes
  output wire        probe_weight_valid_o,
  output wire        probe_swap_o,
  output wire [(LANES*WEIGHT_BITS > 32 ? LANES*WEIGHT_BITS : 32)-1:0] probe_weights_o,
  output wire [32*LANES-1:0] probe_sum_o
);
  localparam AXON_W    = $clog2(AXONS);
  localparam SUM_W     = WEIGHT_BITS + AXON_W + (WEIGHT_BITS == 1 ? 1 : 0);
  localparam ROW_W     = LANES * WEIGHT_BITS;
  localparam ROWS      = NEURONS / LANES * AXONS;
  localparam BASE_W    = ROWS > 1 ? $clog2(ROWS) : 1;
  localparam BANK_W    = ROW_W > 32 ? $clog2(ROW_W / 32) : 1;
  localparam BROADCAST = LANES > 512 ? 2 : LANES > 64 ? 1 : 0;
  localparam STAGES    = BROADCAST + 1;
  localparam STEPS     = LANES / NEURON_LANES;                  // drain cycles of a group
  localparam STEP_W    = STEPS > 1 ? $clog2(STEPS) : 1;
  localparam WORDS     = NEURONS / NEURON_LANES;
  localparam WORD_W    = WORDS > 1 ? $clog2(WORDS) : 1;
  localparam [31:0] STEP_LAST32 = STEPS - 1, WORD_LAST32 = WORDS - 1;
  localparam [STEP_W-1:0] STEP_LAST = STEP_LAST32[STEP_W-1:0];
  localparam [WORD_W-1:0] WORD_LAST = WORD_LAST32[WORD_W-1:0];
  localparam [STEP_W-1:0] STEP_ONE  = 1;
  localparam [WORD_W-1:0] WORD_ONE  = 1;

  // ---- broadcast of the row address --------------------------------------------------------------------------------
  reg  [STAGES-1:0] axon_q, end_q, we_q;                        // stage 0 is the youngest
  reg  [BASE_W-1:0] row_q  [0:STAGES-1];
  reg  [BANK_W-1:0] bank_q [0:STAGES-1];
  reg  [31:0]       data_q [0:STAGES-1];
  wire              issue_axon = issue_valid_i && !issue_end_i;
  wire [31:0]       axon       = {{(32-AXON_W){1'b0}}, issue_axon_i};
  integer i;
  always @(posedge clk_i) begin
    axon_q[0] <= issue_axon || host_re_i;
    end_q[0]  <= issue_valid_i && issue_end_i;
    we_q[0]   <= host_we_i;
    row_q[0]  <= host_we_i || host_re_i ? host_row_i : issue_base_i + axon[BASE_W-1:0];
    bank_q[0] <= host_bank_i;
    data_q[0] <= host_wdata_i;
    for (i = 1; i < STAGES; i = i + 1) begin
      axon_q[i] <= axon_q[i-1];
      end_q[i]  <= end_q[i-1];
      we_q[i]   <= we_q[i-1];
      row_q[i]  <= row_q[i-1];
      bank_q[i] <= bank_q[i-1];
      data_q[i] <= data_q[i-1];
    end
    if (rst_i) begin
      axon_q <= {STAGES{1'b0}};
      end_q  <= {STAGES{1'b0}};
      we_q   <= {STAGES{1'b0}};
    end
  end

  // ---- weights -------------------------------------------------------------------------------------------------------
  wire [ROW_W-1:0] weights;
  weight_memory #(.ROWS(ROWS), .ROW_W(ROW_W), .SPRAM(WEIGHT_MEMORY)) u_weights (
    .clk_i(clk_i), .re_i(axon_q[STAGES-1]), .row_i(row_q[STAGES-1]), .row_o(weights),
    .we_i(we_q[STAGES-1]), .bank_i(bank_q[STAGES-1]), .wdata_i(data_q[STAGES-1])
  );

  generate if (ROW_W > 32) begin : g_host_bank
    always @(posedge clk_i) host_rdata_o <= weights[{bank_q[STAGES-1], 5'd0} +: 32];
  end else if (ROW_W == 32) begin : g_host_word
    always @(posedge clk_i) host_rdata_o <= weights;
  end else begin : g_host_part
    always @(posedge clk_i) host_rdata_o <= {{(32-ROW_W){1'b0}}, weights};
  end endgenerate

  // Axons and marks follow their row through the memory. A host read passes too, but must not be added.
  reg  read_axon_q, read_end_q, add_q, swap_q, host_q;
  always @(posedge clk_i) begin
    host_q      <= host_re_i || (host_q && !issue_valid_i);     // the last access was the host's
    read_axon_q <= axon_q[STAGES-1] && !host_q;
    read_end_q  <= end_q[STAGES-1];
    add_q       <= read_axon_q;
    swap_q      <= read_end_q;
    if (rst_i) begin
      host_q      <= 1'b0;
      read_axon_q <= 1'b0;
      read_end_q  <= 1'b0;
      add_q       <= 1'b0;
      swap_q      <= 1'b0;
    end
  end

  // ---- lanes ---------------------------------------------------------------------------------------------------------
  reg               drain_q;
  reg  [STEP_W-1:0] step_q;
  reg  [WORD_W-1:0] word_q;                                     // counts through all neurons of a tick
  wire [SUM_W*LANES-1:0] hold;

  always @(posedge clk_i) begin
    if (swap_q) begin
      drain_q <= 1'b1;
      step_q  <= {STEP_W{1'b0}};
    end else if (drain_q) begin
      drain_q <= step_q != STEP_LAST;
      step_q  <= step_q + STEP_ONE;
    end
    if (drain_q) word_q <= word_q == WORD_LAST ? {WORD_W{1'b0}} : word_q + WORD_ONE;
    if (rst_i) begin
      drain_q <= 1'b0;
      word_q  <= {WORD_W{1'b0}};
    end
  end
  assign drain_valid_o = drain_q;
  assign drain_word_o  = word_q;
  assign drain_sum_o   = hold[NEURON_LANES*SUM_W-1:0];

  genvar j;
  generate for (j = 0; j < LANES; j = j + 1) begin : g_lane
    // Clear and enable are the flip-flop's own pins, so that an adder is all the logic a lane has.
    reg  [SUM_W-1:0] sum_q, hold_q;
    wire [SUM_W-1:0] weight, from;
    if (WEIGHT_BITS == 1) begin : g_unsigned
      assign weight = {{(SUM_W-1){1'b0}}, weights[j]};
    end else begin : g_signed
      assign weight = {{(SUM_W-WEIGHT_BITS){weights[WEIGHT_BITS*j + WEIGHT_BITS-1]}},
                       weights[WEIGHT_BITS*j +: WEIGHT_BITS]};
    end
    if (j + NEURON_LANES < LANES) begin : g_shift               // the drain shifts the bank by NEURON_LANES
      assign from = hold[SUM_W*(j+NEURON_LANES) +: SUM_W];
    end else begin : g_last
      assign from = sum_q;
    end
    always @(posedge clk_i) begin
      if (rst_i || swap_q) sum_q <= {SUM_W{1'b0}};
      else if (add_q)      sum_q <= sum_q + weight;
      if (swap_q || drain_q) hold_q <= swap_q ? sum_q : from;
    end
    assign hold[SUM_W*j +: SUM_W] = hold_q;
    if (PROBE != 0) begin : g_probe
      assign probe_sum_o[32*j +: 32] = {{(32-SUM_W){sum_q[SUM_W-1]}}, sum_q};
    end else begin : g_no_probe
      assign probe_sum_o[32*j +: 32] = 32'd0;
    end
  end endgenerate

  generate if (PROBE != 0) begin : g_probe
    assign probe_weight_valid_o = add_q;
    assign probe_swap_o         = swap_q;
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
  wire unused = &{1'b0, axon};
endmodule
`default_nettype wire
