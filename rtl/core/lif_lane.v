// lif_lane.v - one of neuron_lif's update lanes: the tables of every NEURON_LANES-th neuron and the neuron equation.
//   c     = sum << weight_shift
//   u'    = sat(trunc0(u * (4096 - u_decay) / 4096) + c);  c = u'                      HAS_CURRENT
//   r > 0:  r' = r - 1;  v' = v_reset;  no spike                                       HAS_REFRACTORY
//   else:   x = trunc0(v * (4096 - v_decay) / 4096) + c + bias + noise;  spike = x >= threshold + a
//           spike:        v' = v_reset | x - threshold | x   (reset_mode 0 | 1 | 2);  r' = refractory
//           x < v_floor:  v' = v_floor | v_floor_reset | x - v_floor  (floor_mode 0 | 1 | 2);   else v' = x
//   a'    = sat(a - trunc0(a * a_decay / 4096) + (spike ? a_inc : 0))                  HAS_ADAPTATION
//   rest  = no spike, no noise drawn, v' = v, u' = u, r' = r, a' = a                   in a tick without active axons
// Timing:   one neuron a cycle, latency 13. Stage n works on word n of word_i; every table is read just in time,
//           so that words and not values travel down the pipeline, and every word read goes into a register first:
//             0 profile number   2 profile (early)   3 v, u, a (2 without a multiplier)   4 sum   5 operand   6 product, bias
//             7 rounding, threshold   8 profile (late), r; leak + bias + noise   9 + drive   10 compare   11 select
//             12 saturate   13 write back
//           With FAR every table of neurons is read a stage earlier, and its word passes a register more.
//           In a tick without active axons the registers of sum and drive carry v instead, to be compared with v'.
// Widths:   every intermediate is exact; one saturation at the end (and one of u and a).
// C twin:   cmodel/mirror/lif_lane.h
`default_nettype none
module lif_lane #(
  parameter WORDS          = 128,                               // neurons of this lane
  parameter SUM_W          = 12,
  parameter POTENTIAL_BITS = 16,
  parameter PROFILES       = 16,
  parameter HAS_CURRENT    = 0,
  parameter HAS_REFRACTORY = 0,
  parameter HAS_ADAPTATION = 0,
  parameter HAS_NOISE      = 0,
  parameter LEAK_SHIFT     = 0,
  parameter FAR            = 0,                                 // 1: a register more behind the neurons' tables
  parameter WORD_W         = 7,                                 // clog2(WORDS), 1 at least
  parameter PROF_W         = 4,                                 // clog2(PROFILES), 1 at least
  parameter EARLY_W        = 16,                                // bits of a profile read early, in stage 2
  parameter LATE_W         = 52,                                // and of one read late, in stage 8
  parameter AT_U           = 16,                                // places of the fields that follow one another: early u_decay,
  parameter AT_A           = 16,                                // a_decay,
  parameter AT_N           = 16,                                // noise_bits;
  parameter AT_R           = 52,                                // late refractory,
  parameter AT_I           = 52                                 // a_inc
) (
  input  wire                    clk_i,
  // pipeline
  input  wire [8:0]              read_i,                        // stage n holds a neuron; [0]: with FAR, comes to stage 0
  input  wire [9*WORD_W-1:0] word_i,                            // stage n's word; the first one: with FAR, of the stage before
  input  wire signed [SUM_W-1:0] sum_i,                         // stage 4
  input  wire [15:0]             neuron_i,                      // stage 2: number of the neuron
  input  wire [31:0]             seed_i,
  input  wire [31:0]             tick_i,
  input  wire                    empty_i,                       // the tick has no active axon: every sum is 0
  // stage 13: written back in this cycle
  input  wire                    write_i,
  output reg                     rest_o,                        // a cycle later, with empty_i: the neuron rested
  output wire                    spike_o,
  output wire signed [POTENTIAL_BITS-1:0] v_o,
  output wire signed [POTENTIAL_BITS-1:0] u_o,
  output wire [7:0]              r_o,
  output wire signed [POTENTIAL_BITS-1:0] a_o,
  // clear v, u, r, a of a word
  input  wire                    clear_i,
  // the word that was written back or cleared, or written by the host, in the cycle before
  input  wire [WORD_W-1:0] write_word_q_i,
  // host: write one field of a word; its reads travel like a neuron, field host_field_i comes out in stage 11
  input  wire [6:0]              host_we_i,                     // one-hot: threshold, bias, profile, v, u, r, a
  input  wire [2:0]              host_field_i,
  input  wire [23:0]             host_wdata_i,
  output reg  [31:0]             host_rdata_o,
  // profile tables: every lane has the same copy
  input  wire                    profile_we_i,
  input  wire                    profile_re_i,
  input  wire [PROF_W-1:0] profile_address_i,
  input  wire [EARLY_W-1:0] early_wdata_i,
  input  wire [LATE_W-1:0] late_wdata_i,
  output wire [EARLY_W-1:0] early_rdata_o,                      // two cycles
  output wire [LATE_W-1:0] late_rdata_o                         // after profile_re_i
);
  localparam VB      = POTENTIAL_BITS;
  localparam DRIVE_W = HAS_CURRENT != 0 ? VB : SUM_W + 7;
  localparam X_W     = (DRIVE_W > VB + 2 ? DRIVE_W : VB + 2) + 1; // leak + bias + noise takes VB + 2 bits

  // Host writes leave from registers; host_wdata_i and write_word_q_i stand a cycle longer. With FAR each lane has its own copy of
  // the data, which are another cycle on their way; "keep" stops synthesis from merging the copies.
  reg  [6:0]         host_we_q;
  wire [23:0]        host_wdata;
  generate if (FAR != 0) begin : g_far
    reg [6:0]  we_near_q;
    reg [23:0] wdata_q;
    (* keep *) always @(posedge clk_i) begin
      we_near_q <= host_we_i;
      wdata_q   <= host_wdata_i;
    end
    always @(posedge clk_i) host_we_q <= we_near_q;
    assign host_wdata = wdata_q;
  end else begin : g_near
    always @(posedge clk_i) host_we_q <= host_we_i;
    assign host_wdata = host_wdata_i;
  end endgenerate

  // ---- tables --------------------------------------------------------------------------------------------------------
  wire [PROF_W-1:0] profile_2;
  ram_1r1w_reg #(.DEPTH(WORDS), .WIDTH(PROF_W), .NEAR(FAR)) u_profile (
    .clk_i(clk_i), .we_i(host_we_q[2]), .waddr_i(write_word_q_i), .wdata_i(host_wdata[PROF_W-1:0]),
    .re_i(read_i[0]), .raddr_i(word_i[0 +: WORD_W]), .ce_i(1'b1), .rdata_o(profile_2)
  );
  reg  [PROF_W-1:0] profile_3, profile_4, profile_5, profile_6, profile_7, profile_8;
  wire [EARLY_W-1:0] early_3;
  reg  [EARLY_W-1:0] early_4;
  ram_1r1w #(.DEPTH(PROFILES), .WIDTH(EARLY_W)) u_early (
    .clk_i(clk_i), .we_i(profile_we_i), .waddr_i(profile_address_i), .wdata_i(early_wdata_i),
    .re_i(read_i[2] || profile_re_i), .raddr_i(profile_re_i ? profile_address_i : profile_2), .rdata_o(early_3)
  );
  wire [LATE_W-1:0] late_9;
  reg  [LATE_W-1:0] late_10;
  ram_1r1w #(.DEPTH(PROFILES), .WIDTH(LATE_W)) u_late (
    .clk_i(clk_i), .we_i(profile_we_i), .waddr_i(profile_address_i), .wdata_i(late_wdata_i),
    .re_i(read_i[8] || profile_re_i), .raddr_i(profile_re_i ? profile_address_i : profile_8), .rdata_o(late_9)
  );
  assign early_rdata_o = early_4;
  assign late_rdata_o  = late_10;

  // What is written to v, u, r and a leaves from registers, a cycle after it was decided.
  // v, u and a show at the stage in which decay wants them: 4, or 5 with a multiplier.
  localparam AT_X    = (LEAK_SHIFT != 0 ? 2 : 3) - FAR;         // the stage that reads them
  wire signed [VB-1:0] v_x, bias_8, threshold_9;
  reg  signed [VB-1:0] threshold_10;
  reg  signed [VB-1:0] v_13, v_wdata_q;
  reg                  v_we_q;
  always @(posedge clk_i) begin
    v_we_q    <= clear_i || write_i || host_we_q[3];
    v_wdata_q <= clear_i ? {VB{1'b0}} : host_we_q[3] ? host_wdata[VB-1:0] : v_13;
  end
  ram_1r1w_reg #(.DEPTH(WORDS), .WIDTH(VB), .NEAR(FAR)) u_v (
    .clk_i(clk_i), .we_i(v_we_q), .waddr_i(write_word_q_i), .wdata_i(v_wdata_q),
    .re_i(read_i[AT_X]), .raddr_i(word_i[AT_X*WORD_W +: WORD_W]), .ce_i(1'b1), .rdata_o(v_x)
  );
  ram_1r1w_reg #(.DEPTH(WORDS), .WIDTH(VB), .NEAR(FAR)) u_bias (
    .clk_i(clk_i), .we_i(host_we_q[1]), .waddr_i(write_word_q_i), .wdata_i(host_wdata[VB-1:0]),
    .re_i(read_i[6-FAR]), .raddr_i(word_i[(6-FAR)*WORD_W +: WORD_W]), .ce_i(1'b1), .rdata_o(bias_8)
  );
  ram_1r1w_reg #(.DEPTH(WORDS), .WIDTH(VB), .NEAR(FAR)) u_threshold (
    .clk_i(clk_i), .we_i(host_we_q[0]), .waddr_i(write_word_q_i), .wdata_i(host_wdata[VB-1:0]),
    .re_i(read_i[7-FAR]), .raddr_i(word_i[(7-FAR)*WORD_W +: WORD_W]), .ce_i(1'b1), .rdata_o(threshold_9)
  );

  // ---- synaptic drive, with the current where it is built -----------------------------------------------------------
  localparam PIPE_W = SUM_W > VB ? SUM_W : VB;
  localparam FULL_W = SUM_W + 7 > VB ? SUM_W + 7 : VB;
  reg  signed [PIPE_W-1:0] sum_5, sum_6, sum_7;                 // or v
  wire signed [PIPE_W-1:0] v_pipe = {{(PIPE_W-VB+1){v_x[VB-1]}}, v_x[VB-2:0]};
  wire signed [PIPE_W-1:0] sum_pipe = {{(PIPE_W-SUM_W+1){sum_i[SUM_W-1]}}, sum_i[SUM_W-2:0]};
  reg         [2:0]       shift_5, shift_6, shift_7;
  reg  signed [FULL_W-1:0] full_8;                              // drive, or v
  wire signed [SUM_W+6:0] drive_8 = full_8[SUM_W+6:0];
  reg  signed [DRIVE_W-1:0] drive_9;
  wire signed [VB-1:0]    u_host, a_host;                       // the tables' words, for the host
  wire        [7:0]       r_host;
  wire                    u_still_5, silent_4, a_still_8;       // this part of the state rests

  generate if (HAS_CURRENT != 0) begin : g_current
    localparam U_W = (SUM_W + 7 > VB ? SUM_W + 7 : VB) + 1;
    wire signed [VB-1:0]  u_x, kept_8;
    reg  signed [VB-1:0]  u_10, u_11, u_12, u_13, u_wdata_q;
    reg                   u_we_q;
    ram_1r1w_reg #(.DEPTH(WORDS), .WIDTH(VB), .NEAR(FAR)) u_u (
      .clk_i(clk_i), .we_i(u_we_q), .waddr_i(write_word_q_i), .wdata_i(u_wdata_q),
      .re_i(read_i[AT_X]), .raddr_i(word_i[AT_X*WORD_W +: WORD_W]), .ce_i(1'b1), .rdata_o(u_x)
    );
    decay #(.WIDTH(VB), .KEEP(1), .SHIFT(LEAK_SHIFT)) u_decay (
      .clk_i(clk_i), .x_i(u_x), .decay_i(early_4[AT_U +: 13]), .y_o(kept_8)
    );
    wire signed [SUM_W+6:0] driven_8 = empty_i ? {(SUM_W+7){1'b0}} : drive_8;
    wire signed [U_W-1:0] exact = {{(U_W-VB){kept_8[VB-1]}}, kept_8} + {{(U_W-SUM_W-7){driven_8[SUM_W+6]}}, driven_8};
    reg  never_5, zero_5;                                       // u does not decay; u = 0, where it came a cycle earlier
    wire                  fits  = exact[U_W-1:VB-1] == {(U_W-VB+1){exact[U_W-1]}};
    always @(posedge clk_i) begin
      never_5   <= early_4[AT_U +: 13] == 13'd0;
      zero_5    <= u_x == {VB{1'b0}};
      drive_9   <= fits ? exact[VB-1:0] : {exact[U_W-1], {(VB-1){!exact[U_W-1]}}};
      u_10      <= drive_9;
      u_11      <= u_10;
      u_12      <= u_11;
      u_13      <= u_12;
      u_we_q    <= clear_i || write_i || host_we_q[4];
      u_wdata_q <= clear_i ? {VB{1'b0}} : host_we_q[4] ? host_wdata[VB-1:0] : u_13;
    end
    assign u_o    = u_13;
    assign u_host = u_x;
    assign u_still_5 = never_5 || (LEAK_SHIFT != 0 ? zero_5 : u_x == {VB{1'b0}});
  end else begin : g_no_current
    assign u_still_5 = 1'b1;
    always @(posedge clk_i) drive_9 <= empty_i ? {DRIVE_W{1'b0}} : drive_8;
    assign u_o    = {VB{1'b0}};
    assign u_host = {VB{1'b0}};
  end endgenerate

  // ---- membrane potential ------------------------------------------------------------------------------------------
  wire signed [VB-1:0]  kept_8;
  decay #(.WIDTH(VB), .KEEP(1), .SHIFT(LEAK_SHIFT)) u_decay (
    .clk_i(clk_i), .x_i(v_x), .decay_i(early_4[12:0]), .y_o(kept_8)
  );
  wire signed [VB-1:0]  noise_8;                                // k <= VB bits
  reg  signed [VB+1:0]  part_9;
  reg  signed [X_W-1:0] x_10;

  generate if (HAS_NOISE != 0) begin : g_noise
    wire [31:0] random_6;
    counter_rng u_rng (
      .clk_i(clk_i), .seed_i(seed_i), .tick_i(tick_i), .axon_i(16'd0), .neuron_i(neuron_i), .random_o(random_6)
    );
    reg  [4:0]           bits_5, bits_6;
    reg  signed [16:0]   noise_7;
    reg  signed [VB-1:0] noise_q;
    wire [16:0] range = 17'd1 << bits_6;                        // uniform in [-2^(k-1), 2^(k-1))
    wire [31:0] wide  = {{15{noise_7[16]}}, noise_7};
    always @(posedge clk_i) begin
      bits_5  <= early_4[AT_N +: 5];
      bits_6  <= bits_5;
      noise_7 <= {1'b0, random_6[15:0] & (range[15:0] - 16'd1)} - {1'b0, range[16:1]};
      noise_q <= wide[VB-1:0];
    end
    assign noise_8  = noise_q;
    assign silent_4 = early_4[AT_N +: 5] == 5'd0;
    wire unused = &{1'b0, random_6[31:16], wide[31:VB]};
  end else begin : g_no_noise
    assign noise_8  = {VB{1'b0}};
    assign silent_4 = 1'b1;
    wire unused = &{1'b0, neuron_i, seed_i, tick_i};
  end endgenerate

  // ---- adaptation: what it adds to the threshold, and what is left of it ----------------------------------------------
  wire signed [VB-1:0]  a_9;
  wire                  refractory_10;
  reg                   spike_11, spike_12, spike_13;
  generate if (HAS_ADAPTATION != 0) begin : g_adaptation
    wire signed [VB-1:0] a_x, lost_8;
    reg  signed [VB-1:0] a_5_q, a_6, a_7, a_8, a_9_q, left_9, left_10, left_11, inc_11, a_12, a_13, a_wdata_q;
    reg                  a_we_q;
    ram_1r1w_reg #(.DEPTH(WORDS), .WIDTH(VB), .NEAR(FAR)) u_a (
      .clk_i(clk_i), .we_i(a_we_q), .waddr_i(write_word_q_i), .wdata_i(a_wdata_q),
      .re_i(read_i[AT_X]), .raddr_i(word_i[AT_X*WORD_W +: WORD_W]), .ce_i(1'b1), .rdata_o(a_x)
    );
    decay #(.WIDTH(VB), .KEEP(0), .SHIFT(LEAK_SHIFT)) u_decay (
      .clk_i(clk_i), .x_i(a_x), .decay_i(early_4[AT_A +: 13]), .y_o(lost_8)
    );
    wire signed [VB-1:0] a_5 = LEAK_SHIFT != 0 ? a_5_q : a_x;
    wire signed [VB:0] grown = {left_11[VB-1], left_11} + (spike_11 ? {inc_11[VB-1], inc_11} : {(VB+1){1'b0}});
    always @(posedge clk_i) begin
      {a_5_q, a_6, a_7, a_8, a_9_q} <= {a_x, a_5, a_6, a_7, a_8};
      left_9    <= a_8 - lost_8;
      left_10   <= left_9;
      left_11   <= left_10;
      inc_11    <= late_10[AT_I +: VB];
      a_12      <= grown[VB] == grown[VB-1] ? grown[VB-1:0] : {grown[VB], {(VB-1){!grown[VB]}}};
      a_13      <= a_12;
      a_we_q    <= clear_i || write_i || host_we_q[6];
      a_wdata_q <= clear_i ? {VB{1'b0}} : host_we_q[6] ? host_wdata[VB-1:0] : a_13;
    end
    assign a_still_8 = lost_8 == {VB{1'b0}};
    assign a_9    = a_9_q;
    assign a_o    = a_13;
    assign a_host = a_x;
  end else begin : g_no_adaptation
    assign a_still_8 = 1'b1;
    assign a_9    = {VB{1'b0}};
    assign a_o    = {VB{1'b0}};
    assign a_host = {VB{1'b0}};
  end endgenerate

  // ---- refractory counter ----------------------------------------------------------------------------------------------
  generate if (HAS_REFRACTORY != 0) begin : g_refractory
    wire [7:0] r_10;
    reg  [7:0] r_11, period_11, r_12, r_13, r_wdata_q;
    reg        r_we_q;
    ram_1r1w_reg #(.DEPTH(WORDS), .WIDTH(8), .NEAR(FAR)) u_r (
      .clk_i(clk_i), .we_i(r_we_q), .waddr_i(write_word_q_i), .wdata_i(r_wdata_q),
      .re_i(read_i[8-FAR]), .raddr_i(word_i[(8-FAR)*WORD_W +: WORD_W]), .ce_i(1'b1), .rdata_o(r_10)
    );
    always @(posedge clk_i) begin
      r_11      <= r_10;
      period_11 <= late_10[AT_R +: 8];
      r_12      <= r_11 != 8'd0 ? r_11 - 8'd1 : spike_11 ? period_11 : 8'd0;
      r_13      <= r_12;
      r_we_q    <= clear_i || write_i || host_we_q[5];
      r_wdata_q <= clear_i ? 8'd0 : host_we_q[5] ? host_wdata[7:0] : r_13;
    end
    assign refractory_10 = r_10 != 8'd0;
    assign r_o           = r_13;
    assign r_host        = r_10;
  end else begin : g_no_refractory
    assign refractory_10 = 1'b0;
    assign r_o           = 8'd0;
    assign r_host        = 8'd0;
  end endgenerate

  // ---- compare, select, saturate ---------------------------------------------------------------------------------------
  wire signed [VB-1:0] v_reset_10       = late_10[0 +: VB];
  wire signed [VB-1:0] v_floor_10       = late_10[VB +: VB];
  wire signed [VB-1:0] v_floor_reset_10 = late_10[2*VB +: VB];
  wire        [1:0]    reset_mode_10    = late_10[3*VB +: 2];
  wire        [1:0]    floor_mode_10    = late_10[3*VB+2 +: 2];
  reg  signed [VB:0]   limit_10;                                // threshold + a
  reg  signed [X_W:0]  x_11, after_spike_11, after_floor_11;    // the two that v' is taken from, and x itself
  reg  signed [X_W:0]  next_12;
  reg                  below_11, refractory_11;
  // A concatenation is unsigned; what is compared goes through signed wires.
  wire signed [X_W:0]  wide_x_10 = {x_10[X_W-1], x_10};
  wire signed [X_W-1:0] wide_limit_10 = {{(X_W-VB-1){limit_10[VB]}}, limit_10};
  wire signed [X_W-1:0] wide_floor_10 = {{(X_W-VB){v_floor_10[VB-1]}}, v_floor_10};
  wire                 fits_12 = next_12[X_W:VB-1] == {(X_W-VB+2){next_12[X_W]}};

  // ---- rest: without input u stays where it is 0 or never decays, a where nothing is lost, r where it is 0 ---------------
  reg                  still_5, still_6, still_7, still_8, still_9, still_10, still_11, still_12, still_13;
  reg  signed [VB-1:0] v_9, v_10, v_11, v_12, v_was_13;    // v before the update

  always @(posedge clk_i) begin
    {profile_3, profile_4, profile_5, profile_6, profile_7, profile_8}
                 <= {profile_2, profile_3, profile_4, profile_5, profile_6, profile_7};
    sum_5        <= empty_i && LEAK_SHIFT != 0 ? v_pipe : sum_pipe;
    sum_6        <= empty_i && LEAK_SHIFT == 0 ? v_pipe : sum_5;
    sum_7        <= sum_6;
    early_4      <= early_3;
    {shift_5, shift_6} <= {early_4[15:13], shift_5};
    shift_7      <= empty_i ? 3'd0 : shift_6;
    full_8       <= {{(FULL_W-PIPE_W+1){sum_7[PIPE_W-1]}}, sum_7[PIPE_W-2:0]} << shift_7;
    part_9       <= {{2{kept_8[VB-1]}}, kept_8} + {{2{bias_8[VB-1]}}, bias_8} + {{2{noise_8[VB-1]}}, noise_8};
    x_10         <= {{(X_W-VB-2){part_9[VB+1]}}, part_9} + {{(X_W-DRIVE_W){drive_9[DRIVE_W-1]}}, drive_9};
    limit_10     <= {threshold_9[VB-1], threshold_9} + {a_9[VB-1], a_9};
    threshold_10 <= threshold_9;
    late_10      <= late_9;

    refractory_11  <= refractory_10;
    spike_11       <= !refractory_10 && x_10 >= wide_limit_10;
    below_11       <= x_10 < wide_floor_10;
    x_11           <= wide_x_10;
    after_spike_11 <= refractory_10 || reset_mode_10 == 2'd0 ? {{(X_W+1-VB){v_reset_10[VB-1]}}, v_reset_10}
                    : reset_mode_10 == 2'd1 ? wide_x_10 - {{(X_W+1-VB){threshold_10[VB-1]}}, threshold_10} : wide_x_10;
    after_floor_11 <= floor_mode_10 == 2'd0 ? {{(X_W+1-VB){v_floor_10[VB-1]}}, v_floor_10}
                    : floor_mode_10 == 2'd1 ? {{(X_W+1-VB){v_floor_reset_10[VB-1]}}, v_floor_reset_10}
                    : wide_x_10 - {{(X_W+1-VB){v_floor_10[VB-1]}}, v_floor_10};

    spike_12 <= spike_11;
    next_12  <= spike_11 || refractory_11 ? after_spike_11 : below_11 ? after_floor_11 : x_11;
    spike_13 <= spike_12;
    v_13     <= fits_12 ? next_12[VB-1:0] : {next_12[X_W], {(VB-1){!next_12[X_W]}}};

    still_5  <= silent_4;
    still_6  <= still_5 && u_still_5;
    {still_7, still_8} <= {still_6, still_7};
    still_9  <= still_8 && a_still_8;
    still_10 <= still_9;
    still_11 <= still_10 && !refractory_10;
    still_12 <= still_11 && !spike_11;
    still_13 <= still_12;
    {v_9, v_10, v_11, v_12, v_was_13} <= {full_8[VB-1:0], v_9, v_10, v_11, v_12};
    rest_o   <= still_13 && v_13 == v_was_13;
  end
  assign spike_o = spike_13;
  assign v_o     = v_13;

  // ---- host read -------------------------------------------------------------------------------------------------------
  always @(posedge clk_i)
    case (host_field_i)
      3'd0:    host_rdata_o <= {{(32-VB){threshold_10[VB-1]}}, threshold_10};
      3'd1:    host_rdata_o <= {{(32-VB){bias_8[VB-1]}}, bias_8};
      3'd2:    host_rdata_o <= {{(32-PROF_W){1'b0}}, profile_3};
      3'd3:    host_rdata_o <= {{(32-VB){v_x[VB-1]}}, v_x};
      3'd4:    host_rdata_o <= {{(32-VB){u_host[VB-1]}}, u_host};
      3'd5:    host_rdata_o <= {24'd0, r_host};
      3'd6:    host_rdata_o <= {{(32-VB){a_host[VB-1]}}, a_host};
      default: host_rdata_o <= 32'd0;
    endcase

  wire unused_ports = &{1'b0, read_i, word_i, host_we_q, host_wdata};   // what the features not built would use
endmodule
`default_nettype wire
