// lif_lane.v - one of neuron_lif's update lanes: the tables of every NEURON_LANES-th neuron and the neuron equation.
//   c     = sum << weight_shift
//   u'    = sat(trunc0(u * (4096 - u_decay) / 4096) + c);  c = u'                      HAS_CURRENT
//   r > 0:  r' = r - 1;  v' = v_reset;  no spike                                       HAS_REFRACTORY
//   else:   x = trunc0(v * (4096 - v_decay) / 4096) + c + bias + noise;  spike = x >= threshold + a
//           spike:        v' = v_reset | x - threshold | x   (reset_mode 0 | 1 | 2);  r' = refractory
//           x < v_floor:  v' = v_floor | v_floor_reset | x - v_floor  (floor_mode 0 | 1 | 2);   else v' = x
//   a'    = sat(a - trunc0(a * a_decay / 4096) + (spike ? a_inc : 0))                  HAS_ADAPTATION
// Timing:   one neuron a cycle, latency 10. Stage n works on word n of word_i; every table is read just in time,
//           so that words and not values travel down the pipeline:
//             0 sum, profile number   1 profile (early), v, u, a    3 magnitude   4 product, bias   5 shift, threshold
//             6 profile (late), r; leak + bias + noise   7 + drive   8 compare   9 select, saturate   10 write back
// Widths:   every intermediate is exact; one saturation at the end (and one of u and a).
// C twin:   cmodel/lif_lane.h
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
  parameter LEAK_SHIFT     = 0
) (
  input  wire                    clk_i,
  // pipeline
  input  wire [6:0]              read_i,                        // stage n holds a neuron (or the host reads)
  input  wire [7*(WORDS > 1 ? $clog2(WORDS) : 1)-1:0] word_i,   // stage n's word (or the host's)
  input  wire signed [SUM_W-1:0] sum_i,                         // stage 0
  input  wire [15:0]             neuron_i,                      // stage 0: number of the neuron
  input  wire [31:0]             seed_i,
  input  wire [31:0]             tick_i,
  // stage 10: written back in this cycle
  input  wire                    write_i,
  input  wire [(WORDS > 1 ? $clog2(WORDS) : 1)-1:0] write_word_i,
  output wire                    spike_o,
  output wire signed [POTENTIAL_BITS-1:0] v_o,
  output wire signed [POTENTIAL_BITS-1:0] u_o,
  output wire [7:0]              r_o,
  output wire signed [POTENTIAL_BITS-1:0] a_o,
  // clear v, u, r, a of a word
  input  wire                    clear_i,
  input  wire [(WORDS > 1 ? $clog2(WORDS) : 1)-1:0] clear_word_i,
  // host: write one field of a word; read field host_field_i (two cycles after read_i)
  input  wire [6:0]              host_we_i,                     // one-hot: threshold, bias, profile, v, u, r, a
  input  wire [2:0]              host_field_i,
  input  wire [(WORDS > 1 ? $clog2(WORDS) : 1)-1:0] host_word_i,
  input  wire [23:0]             host_wdata_i,
  output reg  [31:0]             host_rdata_o,
  // profile tables: every lane has the same copy
  input  wire                    profile_we_i,
  input  wire                    profile_re_i,
  input  wire [(PROFILES > 1 ? $clog2(PROFILES) : 1)-1:0] profile_address_i,
  input  wire [16+(HAS_CURRENT != 0 ? 13 : 0)+(HAS_ADAPTATION != 0 ? 13 : 0)+(HAS_NOISE != 0 ? 5 : 0)-1:0] early_wdata_i,
  input  wire [3*POTENTIAL_BITS+4+(HAS_REFRACTORY != 0 ? 8 : 0)+(HAS_ADAPTATION != 0 ? POTENTIAL_BITS : 0)-1:0] late_wdata_i,
  output wire [16+(HAS_CURRENT != 0 ? 13 : 0)+(HAS_ADAPTATION != 0 ? 13 : 0)+(HAS_NOISE != 0 ? 5 : 0)-1:0] early_rdata_o,
  output wire [3*POTENTIAL_BITS+4+(HAS_REFRACTORY != 0 ? 8 : 0)+(HAS_ADAPTATION != 0 ? POTENTIAL_BITS : 0)-1:0] late_rdata_o
);
  localparam VB      = POTENTIAL_BITS;
  localparam WORD_W  = WORDS > 1 ? $clog2(WORDS) : 1;
  localparam PROF_W  = PROFILES > 1 ? $clog2(PROFILES) : 1;
  localparam EARLY_W = 16 + (HAS_CURRENT != 0 ? 13 : 0) + (HAS_ADAPTATION != 0 ? 13 : 0) + (HAS_NOISE != 0 ? 5 : 0);
  localparam LATE_W  = 3*VB + 4 + (HAS_REFRACTORY != 0 ? 8 : 0) + (HAS_ADAPTATION != 0 ? VB : 0);
  localparam AT_U    = 16;                                      // early: v_decay, weight_shift, u_decay, a_decay, noise_bits
  localparam AT_A    = AT_U + (HAS_CURRENT != 0 ? 13 : 0);
  localparam AT_N    = AT_A + (HAS_ADAPTATION != 0 ? 13 : 0);
  localparam AT_R    = 3*VB + 4;                                // late: v_reset, v_floor, v_floor_reset, modes, refractory, a_inc
  localparam AT_I    = AT_R + (HAS_REFRACTORY != 0 ? 8 : 0);
  localparam DRIVE_W = HAS_CURRENT != 0 ? VB : SUM_W + 7;
  localparam X_W     = (DRIVE_W > VB + 2 ? DRIVE_W : VB + 2) + 1; // leak + bias + noise takes VB + 2 bits

  // ---- tables --------------------------------------------------------------------------------------------------------
  wire [WORD_W-1:0] write_word = clear_i ? clear_word_i : write_i ? write_word_i : host_word_i;

  wire [PROF_W-1:0] profile_1;
  ram_1r1w #(.DEPTH(WORDS), .WIDTH(PROF_W)) u_profile (
    .clk_i(clk_i), .we_i(host_we_i[2]), .waddr_i(host_word_i), .wdata_i(host_wdata_i[PROF_W-1:0]),
    .re_i(read_i[0]), .raddr_i(word_i[0 +: WORD_W]), .rdata_o(profile_1)
  );
  reg  [PROF_W-1:0] profile_2, profile_3, profile_4, profile_5, profile_6;
  wire [EARLY_W-1:0] early_2;
  reg  [EARLY_W-1:0] early_3;
  ram_1r1w #(.DEPTH(PROFILES), .WIDTH(EARLY_W)) u_early (
    .clk_i(clk_i), .we_i(profile_we_i), .waddr_i(profile_address_i), .wdata_i(early_wdata_i),
    .re_i(read_i[1] || profile_re_i), .raddr_i(profile_re_i ? profile_address_i : profile_1), .rdata_o(early_2)
  );
  wire [LATE_W-1:0] late_7;
  reg  [LATE_W-1:0] late_8;
  ram_1r1w #(.DEPTH(PROFILES), .WIDTH(LATE_W)) u_late (
    .clk_i(clk_i), .we_i(profile_we_i), .waddr_i(profile_address_i), .wdata_i(late_wdata_i),
    .re_i(read_i[6] || profile_re_i), .raddr_i(profile_re_i ? profile_address_i : profile_6), .rdata_o(late_7)
  );
  assign early_rdata_o = early_2;
  assign late_rdata_o  = late_7;

  wire signed [VB-1:0] v_2, bias_5, threshold_6;
  reg  signed [VB-1:0] v_3, bias_6, threshold_7, threshold_8;
  reg  signed [VB-1:0] v_10;
  ram_1r1w #(.DEPTH(WORDS), .WIDTH(VB)) u_v (
    .clk_i(clk_i), .we_i(clear_i || write_i || host_we_i[3]), .waddr_i(write_word),
    .wdata_i(clear_i ? {VB{1'b0}} : host_we_i[3] ? host_wdata_i[VB-1:0] : v_10),
    .re_i(read_i[1]), .raddr_i(word_i[1*WORD_W +: WORD_W]), .rdata_o(v_2)
  );
  ram_1r1w #(.DEPTH(WORDS), .WIDTH(VB)) u_bias (
    .clk_i(clk_i), .we_i(host_we_i[1]), .waddr_i(host_word_i), .wdata_i(host_wdata_i[VB-1:0]),
    .re_i(read_i[4]), .raddr_i(word_i[4*WORD_W +: WORD_W]), .rdata_o(bias_5)
  );
  ram_1r1w #(.DEPTH(WORDS), .WIDTH(VB)) u_threshold (
    .clk_i(clk_i), .we_i(host_we_i[0]), .waddr_i(host_word_i), .wdata_i(host_wdata_i[VB-1:0]),
    .re_i(read_i[5]), .raddr_i(word_i[5*WORD_W +: WORD_W]), .rdata_o(threshold_6)
  );

  // ---- synaptic drive, with the current where it is built -----------------------------------------------------------
  reg  signed [SUM_W-1:0] sum_1, sum_2, sum_3, sum_4, sum_5;
  reg         [2:0]       shift_4, shift_5;
  reg  signed [SUM_W+6:0] drive_6;
  reg  signed [DRIVE_W-1:0] drive_7;
  wire signed [VB-1:0]    u_host, a_host;                       // the tables' words, for the host
  wire        [7:0]       r_host;

  generate if (HAS_CURRENT != 0) begin : g_current
    localparam U_W = (SUM_W + 7 > VB ? SUM_W + 7 : VB) + 1;
    wire signed [VB-1:0]  u_2, kept_6;
    reg  signed [VB-1:0]  u_3, u_8, u_9, u_10;
    ram_1r1w #(.DEPTH(WORDS), .WIDTH(VB)) u_u (
      .clk_i(clk_i), .we_i(clear_i || write_i || host_we_i[4]), .waddr_i(write_word),
      .wdata_i(clear_i ? {VB{1'b0}} : host_we_i[4] ? host_wdata_i[VB-1:0] : u_10),
      .re_i(read_i[1]), .raddr_i(word_i[1*WORD_W +: WORD_W]), .rdata_o(u_2)
    );
    decay #(.WIDTH(VB), .KEEP(1), .SHIFT(LEAK_SHIFT)) u_decay (
      .clk_i(clk_i), .x_i(u_3), .decay_i(early_3[AT_U +: 13]), .y_o(kept_6)
    );
    wire signed [U_W-1:0] exact = {{(U_W-VB){kept_6[VB-1]}}, kept_6} + {{(U_W-SUM_W-7){drive_6[SUM_W+6]}}, drive_6};
    wire                  fits  = exact[U_W-1:VB-1] == {(U_W-VB+1){exact[U_W-1]}};
    always @(posedge clk_i) begin
      u_3     <= u_2;
      drive_7 <= fits ? exact[VB-1:0] : {exact[U_W-1], {(VB-1){!exact[U_W-1]}}};
      u_8     <= drive_7;
      u_9     <= u_8;
      u_10    <= u_9;
    end
    assign u_o    = u_10;
    assign u_host = u_2;
  end else begin : g_no_current
    always @(posedge clk_i) drive_7 <= drive_6;
    assign u_o    = {VB{1'b0}};
    assign u_host = {VB{1'b0}};
  end endgenerate

  // ---- membrane potential ------------------------------------------------------------------------------------------
  wire signed [VB-1:0]  kept_6;
  decay #(.WIDTH(VB), .KEEP(1), .SHIFT(LEAK_SHIFT)) u_decay (
    .clk_i(clk_i), .x_i(v_3), .decay_i(early_3[12:0]), .y_o(kept_6)
  );
  wire signed [VB-1:0]  noise_6;                                // k <= VB bits
  reg  signed [VB+1:0]  part_7;
  reg  signed [X_W-1:0] x_8;

  generate if (HAS_NOISE != 0) begin : g_noise
    wire [31:0] random_4;
    counter_rng u_rng (
      .clk_i(clk_i), .seed_i(seed_i), .tick_i(tick_i), .axon_i(16'd0), .neuron_i(neuron_i), .random_o(random_4)
    );
    reg  [4:0]           bits_4;
    reg  signed [16:0]   noise_5;
    reg  signed [VB-1:0] noise_q;
    wire [16:0] range = 17'd1 << bits_4;                        // uniform in [-2^(k-1), 2^(k-1))
    wire [31:0] wide  = {{15{noise_5[16]}}, noise_5};
    always @(posedge clk_i) begin
      bits_4  <= early_3[AT_N +: 5];
      noise_5 <= {1'b0, random_4[15:0] & (range[15:0] - 16'd1)} - {1'b0, range[16:1]};
      noise_q <= wide[VB-1:0];
    end
    assign noise_6 = noise_q;
    wire unused = &{1'b0, random_4[31:16], wide[31:VB]};
  end else begin : g_no_noise
    assign noise_6 = {VB{1'b0}};
    wire unused = &{1'b0, neuron_i, seed_i, tick_i};
  end endgenerate

  // ---- adaptation: what it adds to the threshold, and what is left of it ----------------------------------------------
  wire signed [VB-1:0]  a_7;
  wire                  refractory_8;
  reg                   spike_9, spike_10;
  generate if (HAS_ADAPTATION != 0) begin : g_adaptation
    wire signed [VB-1:0] a_2, lost_6;
    reg  signed [VB-1:0] a_3, a_4, a_5, a_6, a_7_q, left_7, left_8, left_9, inc_9, a_10;
    ram_1r1w #(.DEPTH(WORDS), .WIDTH(VB)) u_a (
      .clk_i(clk_i), .we_i(clear_i || write_i || host_we_i[6]), .waddr_i(write_word),
      .wdata_i(clear_i ? {VB{1'b0}} : host_we_i[6] ? host_wdata_i[VB-1:0] : a_10),
      .re_i(read_i[1]), .raddr_i(word_i[1*WORD_W +: WORD_W]), .rdata_o(a_2)
    );
    decay #(.WIDTH(VB), .KEEP(0), .SHIFT(LEAK_SHIFT)) u_decay (
      .clk_i(clk_i), .x_i(a_3), .decay_i(early_3[AT_A +: 13]), .y_o(lost_6)
    );
    wire signed [VB:0] grown = {left_9[VB-1], left_9} + (spike_9 ? {inc_9[VB-1], inc_9} : {(VB+1){1'b0}});
    always @(posedge clk_i) begin
      a_3    <= a_2;
      a_4    <= a_3;
      a_5    <= a_4;
      a_6    <= a_5;
      a_7_q  <= a_6;
      left_7 <= a_6 - lost_6;
      left_8 <= left_7;
      left_9 <= left_8;
      inc_9  <= late_8[AT_I +: VB];
      a_10   <= grown[VB] == grown[VB-1] ? grown[VB-1:0] : {grown[VB], {(VB-1){!grown[VB]}}};
    end
    assign a_7    = a_7_q;
    assign a_o    = a_10;
    assign a_host = a_2;
  end else begin : g_no_adaptation
    assign a_7    = {VB{1'b0}};
    assign a_o    = {VB{1'b0}};
    assign a_host = {VB{1'b0}};
  end endgenerate

  // ---- refractory counter ----------------------------------------------------------------------------------------------
  generate if (HAS_REFRACTORY != 0) begin : g_refractory
    wire [7:0] r_7;
    reg  [7:0] r_8, r_9, period_9, r_10;
    ram_1r1w #(.DEPTH(WORDS), .WIDTH(8)) u_r (
      .clk_i(clk_i), .we_i(clear_i || write_i || host_we_i[5]), .waddr_i(write_word),
      .wdata_i(clear_i ? 8'd0 : host_we_i[5] ? host_wdata_i[7:0] : r_10),
      .re_i(read_i[6]), .raddr_i(word_i[6*WORD_W +: WORD_W]), .rdata_o(r_7)
    );
    always @(posedge clk_i) begin
      r_8      <= r_7;
      r_9      <= r_8;
      period_9 <= late_8[AT_R +: 8];
      r_10     <= r_9 != 8'd0 ? r_9 - 8'd1 : spike_9 ? period_9 : 8'd0;
    end
    assign refractory_8 = r_8 != 8'd0;
    assign r_o          = r_10;
    assign r_host       = r_7;
  end else begin : g_no_refractory
    assign refractory_8 = 1'b0;
    assign r_o          = 8'd0;
    assign r_host       = 8'd0;
  end endgenerate

  // ---- compare, select, saturate ---------------------------------------------------------------------------------------
  wire signed [VB-1:0] v_reset_8       = late_8[0 +: VB];
  wire signed [VB-1:0] v_floor_8       = late_8[VB +: VB];
  wire signed [VB-1:0] v_floor_reset_8 = late_8[2*VB +: VB];
  wire        [1:0]    reset_mode_8    = late_8[3*VB +: 2];
  wire        [1:0]    floor_mode_8    = late_8[3*VB+2 +: 2];
  reg  signed [VB:0]   limit_8;                                 // threshold + a
  reg  signed [X_W:0]  x_9, after_spike_9, after_floor_9;       // the two that v' is taken from, and x itself
  reg                  below_9, refractory_9;
  // A concatenation is unsigned; what is compared goes through signed wires.
  wire signed [X_W:0]  wide_x_8 = {x_8[X_W-1], x_8};
  wire signed [X_W-1:0] wide_limit_8 = {{(X_W-VB-1){limit_8[VB]}}, limit_8};
  wire signed [X_W-1:0] wide_floor_8 = {{(X_W-VB){v_floor_8[VB-1]}}, v_floor_8};

  wire signed [X_W:0]  next = spike_9 || refractory_9 ? after_spike_9 : below_9 ? after_floor_9 : x_9;
  wire                 fits = next[X_W:VB-1] == {(X_W-VB+2){next[X_W]}};

  always @(posedge clk_i) begin
    {profile_2, profile_3, profile_4, profile_5, profile_6} <= {profile_1, profile_2, profile_3, profile_4, profile_5};
    {sum_1, sum_2, sum_3, sum_4, sum_5} <= {sum_i, sum_1, sum_2, sum_3, sum_4};
    early_3     <= early_2;
    v_3         <= v_2;
    shift_4     <= early_3[15:13];
    shift_5     <= shift_4;
    drive_6     <= {{7{sum_5[SUM_W-1]}}, sum_5} << shift_5;
    bias_6      <= bias_5;
    part_7      <= {{2{kept_6[VB-1]}}, kept_6} + {{2{bias_6[VB-1]}}, bias_6} + {{2{noise_6[VB-1]}}, noise_6};
    threshold_7 <= threshold_6;
    x_8         <= {{(X_W-VB-2){part_7[VB+1]}}, part_7} + {{(X_W-DRIVE_W){drive_7[DRIVE_W-1]}}, drive_7};
    limit_8     <= {threshold_7[VB-1], threshold_7} + {a_7[VB-1], a_7};
    threshold_8 <= threshold_7;
    late_8      <= late_7;

    refractory_9  <= refractory_8;
    spike_9       <= !refractory_8 && x_8 >= wide_limit_8;
    below_9       <= x_8 < wide_floor_8;
    x_9           <= wide_x_8;
    after_spike_9 <= refractory_8 || reset_mode_8 == 2'd0 ? {{(X_W+1-VB){v_reset_8[VB-1]}}, v_reset_8}
                   : reset_mode_8 == 2'd1 ? wide_x_8 - {{(X_W+1-VB){threshold_8[VB-1]}}, threshold_8} : wide_x_8;
    after_floor_9 <= floor_mode_8 == 2'd0 ? {{(X_W+1-VB){v_floor_8[VB-1]}}, v_floor_8}
                   : floor_mode_8 == 2'd1 ? {{(X_W+1-VB){v_floor_reset_8[VB-1]}}, v_floor_reset_8}
                   : wide_x_8 - {{(X_W+1-VB){v_floor_8[VB-1]}}, v_floor_8};

    spike_10 <= spike_9;
    v_10     <= fits ? next[VB-1:0] : {next[X_W], {(VB-1){!next[X_W]}}};
  end
  assign spike_o = spike_10;
  assign v_o     = v_10;

  // ---- host read -------------------------------------------------------------------------------------------------------
  always @(posedge clk_i)
    case (host_field_i)
      3'd0:    host_rdata_o <= {{(32-VB){threshold_6[VB-1]}}, threshold_6};
      3'd1:    host_rdata_o <= {{(32-VB){bias_5[VB-1]}}, bias_5};
      3'd2:    host_rdata_o <= {{(32-PROF_W){1'b0}}, profile_1};
      3'd3:    host_rdata_o <= {{(32-VB){v_2[VB-1]}}, v_2};
      3'd4:    host_rdata_o <= {{(32-VB){u_host[VB-1]}}, u_host};
      3'd5:    host_rdata_o <= {24'd0, r_host};
      3'd6:    host_rdata_o <= {{(32-VB){a_host[VB-1]}}, a_host};
      default: host_rdata_o <= 32'd0;
    endcase

  wire unused_ports = &{1'b0, read_i, word_i, host_we_i, host_wdata_i};   // what the features not built would use
endmodule
`default_nettype wire
