// neuron_lif.v - how a neuron's state changes: NEURON_LANES leaky integrate-and-fire update lanes behind one pipeline.
// Other neuron models are siblings with the same ports.
// Timing:   a word (NEURON_LANES neurons) a cycle, never stalls; the word's number comes in cycle c, its sums in c + 4,
//           and it is written back in cycle c + 13; with FAR the number comes two cycles earlier. A word that the host reads
//           takes the same way, without write-back.
// C twin:   cmodel/mirror/neuron_lif.c (the lanes: lif_lane)
`default_nettype none
module neuron_lif #(
  parameter NEURON_LANES   = 2,
  parameter SUM_W          = 12,
  parameter POTENTIAL_BITS = 16,
  parameter PROFILES       = 16,
  parameter HAS_CURRENT    = 0,
  parameter HAS_REFRACTORY = 0,
  parameter HAS_ADAPTATION = 0,
  parameter HAS_NOISE      = 0,
  parameter LEAK_SHIFT     = 0,
  parameter FAR            = 0,                                 // 1: a register behind what crossbar, host_bus and the tables send
  parameter PROBE          = 0,
  parameter WORDS          = 128,                               // NEURONS / NEURON_LANES
  parameter WORD_W         = 7,                                 // clog2(WORDS), 1 at least
  parameter LANE_S         = 1,                                 // clog2(NEURON_LANES): bits of a neuron's number that name its lane
  parameter LANE_W         = 1                                  // LANE_S, 1 at least
) (
  input  wire        clk_i,
  input  wire        rst_i,
  // crossbar
  input  wire        drain_valid_i,
  input  wire [WORD_W-1:0] drain_word_i,
  input  wire [NEURON_LANES*SUM_W-1:0] drain_sum_i,             // four cycles later, or six
  // core_control
  input  wire [31:0] seed_i,
  input  wire [31:0] tick_i,                                    // the tick being computed
  input  wire        clear_i,                                   // v, u, r, a of clear_word_i := 0
  input  wire [WORD_W-1:0] clear_word_i,
  // spike_router
  output wire        coming_valid_o,                            // update_valid_o and update_word_o of the next cycle, but for a reset
  output wire [WORD_W-1:0] coming_word_o,
  output wire        update_valid_o,
  output wire [WORD_W-1:0] update_word_o,
  output wire [NEURON_LANES-1:0] update_spike_o,
  // quiet_groups
  input  wire        empty_i,                                   // the tick has no active axon: every sum is 0
  output reg         update_rest_o,                             // every neuron of the word of two cycles before rested
  // host_bus: one field of one neuron or profile, only while nothing drains
  input  wire        host_neuron_we_i,
  input  wire        host_neuron_re_i,
  input  wire        host_profile_we_i,
  input  wire        host_profile_re_i,
  input  wire [15:0] host_index_i,                              // neuron or profile, in range
  input  wire [3:0]  host_field_i,
  input  wire [31:0] host_wdata_i,
  output reg  [31:0] host_neuron_rdata_o,                       // 12 cycles after host_neuron_re_i, or 14, while the field holds
  output reg  [31:0] host_profile_rdata_o,                      // three cycles after host_profile_re_i, or four
  // probes: as written back
  output wire [32*NEURON_LANES-1:0] probe_v_o,
  output wire [32*NEURON_LANES-1:0] probe_u_o,
  output wire [32*NEURON_LANES-1:0] probe_r_o,
  output wire [32*NEURON_LANES-1:0] probe_a_o
);
  localparam VB      = POTENTIAL_BITS;
  localparam PROF_W  = PROFILES > 1 ? $clog2(PROFILES) : 1;
  localparam EARLY_W = 16 + (HAS_CURRENT != 0 ? 13 : 0) + (HAS_ADAPTATION != 0 ? 13 : 0) + (HAS_NOISE != 0 ? 5 : 0);
  localparam LATE_W  = 3*VB + 4 + (HAS_REFRACTORY != 0 ? 8 : 0) + (HAS_ADAPTATION != 0 ? VB : 0);
  localparam AT_U    = 16;                                      // early: v_decay, weight_shift, u_decay, a_decay, noise_bits
  localparam AT_A    = AT_U + (HAS_CURRENT != 0 ? 13 : 0);
  localparam AT_N    = AT_A + (HAS_ADAPTATION != 0 ? 13 : 0);
  localparam AT_R    = 3*VB + 4;                                // late: v_reset, v_floor, v_floor_reset, modes, refractory, a_inc
  localparam AT_I    = AT_R + (HAS_REFRACTORY != 0 ? 8 : 0);

  // ---- pipeline --------------------------------------------------------------------------------------------------------
  // Up to 64 lanes all is near. Above, what comes from crossbar and host_bus may have crossed the chip, and what it leads to, the
  // lanes' memories, stands apart: a register in between, and one behind the tables. The host's index and data stand long enough.
  wire                valid_0, read_0, read_first, neuron_we, profile_we, profile_re;
  wire [WORD_W-1:0]   word_0, word_first;                       // of stage 0, and for the first table, with FAR a cycle earlier
  wire                clear;
  wire [WORD_W-1:0]   clear_word;
  wire [15:0]         host_index;
  wire [3:0]          host_field;
  wire [31:0]         host_wdata;
  wire [31:0]         index32   = {16'd0, host_index};
  wire [31:0]         word32    = index32 >> LANE_S;
  wire [WORD_W-1:0]   host_word = word32[WORD_W-1:0];
  wire [LANE_W-1:0]   host_lane = NEURON_LANES > 1 ? index32[LANE_W-1:0] : {LANE_W{1'b0}};

  generate if (FAR != 0) begin : g_far
    reg               valid_near_q, valid_0_q, read_near_q, read_0_q, neuron_we_q, profile_we_near_q, profile_re_q;
    reg  [WORD_W-1:0] word_near_q, word_0_q, clear_word_near_q;
    reg               clear_near_q;                             // not before a host write that a reset comes after
    reg  [15:0]       index_q;
    reg  [3:0]        field_q;
    reg  [31:0]       wdata_q;
    always @(posedge clk_i) begin
      valid_near_q      <= drain_valid_i && !rst_i;
      read_near_q       <= drain_valid_i || host_neuron_re_i;
      word_near_q       <= drain_valid_i ? drain_word_i : host_word;
      valid_0_q         <= valid_near_q && !rst_i;
      read_0_q          <= read_near_q;
      word_0_q          <= word_near_q;
      clear_near_q      <= clear_i;
      clear_word_near_q <= clear_word_i;
      neuron_we_q       <= host_neuron_we_i;
      profile_we_near_q <= host_profile_we_i && !rst_i;
      profile_re_q      <= host_profile_re_i || host_profile_we_i;
      index_q           <= host_index_i;
      field_q           <= host_field_i;
      wdata_q           <= host_wdata_i;
    end
    assign {valid_0, read_0, word_0}             = {valid_0_q, read_0_q, word_0_q};
    assign {read_first, word_first}              = {read_near_q, word_near_q};
    assign {clear, clear_word}                   = {clear_near_q, clear_word_near_q};
    assign {neuron_we, profile_we, profile_re}   = {neuron_we_q, profile_we_near_q, profile_re_q};
    assign {host_index, host_field, host_wdata}  = {index_q, field_q, wdata_q};
  end else begin : g_near
    assign valid_0    = drain_valid_i;
    assign read_0     = drain_valid_i || host_neuron_re_i;
    assign word_0     = host_neuron_re_i ? host_word : drain_word_i;
    assign {read_first, word_first} = {read_0, word_0};
    assign {clear, clear_word}      = {clear_i, clear_word_i};
    assign neuron_we  = host_neuron_we_i;
    assign profile_we = host_profile_we_i && !rst_i;
    assign profile_re = host_profile_re_i || host_profile_we_i;
    assign {host_index, host_field, host_wdata} = {host_index_i, host_field_i, host_wdata_i};
  end endgenerate

  // The signal to clear comes from far away; the cycle it is late does not matter, as nothing drains for many more.
  reg               clear_q;
  reg  [WORD_W-1:0] clear_word_q;
  always @(posedge clk_i) begin
    clear_q      <= clear;
    clear_word_q <= clear_word;
  end

  reg  [13:1]       valid_q;
  reg  [8:1]        read_q;                                     // a valid word or one that the host reads
  reg  [WORD_W-1:0] word_q [1:13];
  reg  [WORD_W-1:0] write_word_q;
  integer s;
  always @(posedge clk_i) begin
    valid_q   <= {valid_q[12:1], valid_0};
    read_q    <= {read_q[7:1], read_0};
    word_q[1] <= word_0;
    for (s = 2; s <= 13; s = s + 1) word_q[s] <= word_q[s-1];
    write_word_q <= clear_q ? clear_word_q : valid_q[13] ? word_q[13] : host_word;
    if (rst_i) valid_q <= 13'd0;
  end
  assign coming_valid_o = valid_q[12];
  assign coming_word_o  = word_q[12];
  assign update_valid_o = valid_q[13];
  assign update_word_o  = word_q[13];

  wire [9*WORD_W-1:0] words;
  assign words[0 +: WORD_W] = word_first;
  genvar n;
  generate for (n = 1; n <= 8; n = n + 1) begin : g_word
    assign words[n*WORD_W +: WORD_W] = word_q[n];
  end endgenerate

  // ---- profiles: the host writes one field, so the packed words are read first -------------------------------------------
  wire [EARLY_W-1:0] early;                                     // lane 0's copy
  wire [LATE_W-1:0]  late;
  reg  [EARLY_W-1:0] early_new;
  reg  [LATE_W-1:0]  late_new;
  reg  [3:1]         profile_we_q;                              // read, register, change, write
  wire signed [VB-1:0] v_reset = late[0 +: VB], v_floor = late[VB +: VB], v_floor_reset = late[2*VB +: VB];
  wire [31:0]        u_decay, a_decay, noise_bits, refractory, a_inc;
  reg  [EARLY_W-1:0] early_new_q;
  reg  [LATE_W-1:0]  late_new_q;
  always @(posedge clk_i) begin
    profile_we_q <= {profile_we_q[2:1], profile_we};
    early_new_q  <= early_new;
    late_new_q   <= late_new;
  end
  always @* begin
    early_new = early;
    late_new  = late;
    case (host_field)
      4'd0:  early_new[12:0]       = host_wdata[12:0];
      4'd1:  if (HAS_CURRENT != 0) early_new[(HAS_CURRENT != 0 ? AT_U : 0) +: 13] = host_wdata[12:0];
      4'd2:  early_new[15:13]      = host_wdata[2:0];
      4'd3:  late_new[0 +: VB]     = host_wdata[VB-1:0];
      4'd4:  late_new[3*VB +: 2]   = host_wdata[1:0];
      4'd5:  late_new[VB +: VB]    = host_wdata[VB-1:0];
      4'd6:  late_new[3*VB+2 +: 2] = host_wdata[1:0];
      4'd7:  late_new[2*VB +: VB]  = host_wdata[VB-1:0];
      4'd8:  if (HAS_REFRACTORY != 0) late_new[(HAS_REFRACTORY != 0 ? AT_R : 0) +: 8] = host_wdata[7:0];
      4'd9:  if (HAS_ADAPTATION != 0) late_new[(HAS_ADAPTATION != 0 ? AT_I : 0) +: VB] = host_wdata[VB-1:0];
      4'd10: if (HAS_ADAPTATION != 0) early_new[(HAS_ADAPTATION != 0 ? AT_A : 0) +: 13] = host_wdata[12:0];
      4'd11: if (HAS_NOISE != 0) early_new[(HAS_NOISE != 0 ? AT_N : 0) +: 5] = host_wdata[4:0];
      default: ;
    endcase
  end
  generate
    if (HAS_CURRENT != 0) begin : g_u
      assign u_decay = {19'd0, early[AT_U +: 13]};
    end else begin : g_no_u
      assign u_decay = 32'd0;
    end
    if (HAS_REFRACTORY != 0) begin : g_r
      assign refractory = {24'd0, late[AT_R +: 8]};
    end else begin : g_no_r
      assign refractory = 32'd0;
    end
    if (HAS_ADAPTATION != 0) begin : g_a
      assign a_inc   = {{(32-VB){late[AT_I+VB-1]}}, late[AT_I +: VB]};
      assign a_decay = {19'd0, early[AT_A +: 13]};
    end else begin : g_no_a
      assign a_inc   = 32'd0;
      assign a_decay = 32'd0;
    end
    if (HAS_NOISE != 0) begin : g_n
      assign noise_bits = {27'd0, early[AT_N +: 5]};
    end else begin : g_no_n
      assign noise_bits = 32'd0;
    end
  endgenerate
  always @(posedge clk_i)
    case (host_field)
      4'd0:    host_profile_rdata_o <= {19'd0, early[12:0]};
      4'd1:    host_profile_rdata_o <= u_decay;
      4'd2:    host_profile_rdata_o <= {29'd0, early[15:13]};
      4'd3:    host_profile_rdata_o <= {{(32-VB){v_reset[VB-1]}}, v_reset};
      4'd4:    host_profile_rdata_o <= {30'd0, late[3*VB +: 2]};
      4'd5:    host_profile_rdata_o <= {{(32-VB){v_floor[VB-1]}}, v_floor};
      4'd6:    host_profile_rdata_o <= {30'd0, late[3*VB+2 +: 2]};
      4'd7:    host_profile_rdata_o <= {{(32-VB){v_floor_reset[VB-1]}}, v_floor_reset};
      4'd8:    host_profile_rdata_o <= refractory;
      4'd9:    host_profile_rdata_o <= a_inc;
      4'd10:   host_profile_rdata_o <= a_decay;
      4'd11:   host_profile_rdata_o <= noise_bits;
      default: host_profile_rdata_o <= 32'd0;
    endcase

  // ---- lanes -----------------------------------------------------------------------------------------------------------
  wire [NEURON_LANES-1:0] rest;
  always @(posedge clk_i) update_rest_o <= &rest;
  wire [31:0]         lane_rdata [0:NEURON_LANES-1];
  wire [EARLY_W-1:0]  lane_early [0:NEURON_LANES-1];
  wire [LATE_W-1:0]   lane_late  [0:NEURON_LANES-1];
  wire [31:0]         word_2       = {{(32-WORD_W){1'b0}}, word_q[2]};
  wire [31:0]         first_neuron = word_2 << LANE_S;          // of the word in stage 2
  assign early = lane_early[0];
  assign late  = lane_late[0];
  always @(posedge clk_i) host_neuron_rdata_o <= lane_rdata[host_lane];

  genvar j;
  generate for (j = 0; j < NEURON_LANES; j = j + 1) begin : g_lane
    localparam [31:0] J32 = j;
    wire signed [VB-1:0] v, u, a;
    wire [7:0]           r;
    wire                 here = neuron_we && host_lane == J32[LANE_W-1:0];
    wire                 spike;
    lif_lane #(
      .WORDS(WORDS), .WORD_W(WORD_W), .SUM_W(SUM_W), .POTENTIAL_BITS(VB), .PROFILES(PROFILES), .PROF_W(PROF_W),
      .EARLY_W(EARLY_W), .LATE_W(LATE_W), .AT_U(AT_U), .AT_A(AT_A), .AT_N(AT_N), .AT_R(AT_R), .AT_I(AT_I),
      .HAS_CURRENT(HAS_CURRENT), .HAS_REFRACTORY(HAS_REFRACTORY), .HAS_ADAPTATION(HAS_ADAPTATION), .HAS_NOISE(HAS_NOISE),
      .LEAK_SHIFT(LEAK_SHIFT), .FAR(FAR)
    ) u_lane (
      .clk_i(clk_i),
      .read_i({read_q, read_first}), .word_i(words), .sum_i(drain_sum_i[SUM_W*j +: SUM_W]),
      .neuron_i(first_neuron[15:0] | J32[15:0]), .seed_i(seed_i), .tick_i(tick_i),
      .write_i(valid_q[13]), .empty_i(empty_i), .rest_o(rest[j]),
      .spike_o(spike), .v_o(v), .u_o(u), .r_o(r), .a_o(a),
      .clear_i(clear_q), .write_word_q_i(write_word_q),
      .host_we_i({host_field == 4'd6, host_field == 4'd5, host_field == 4'd4, host_field == 4'd3,
                  host_field == 4'd2, host_field == 4'd1, host_field == 4'd0} & {7{here}}),
      .host_field_i(host_field[2:0]), .host_wdata_i(host_wdata[23:0]),
      .host_rdata_o(lane_rdata[j]),
      .profile_we_i(profile_we_q[3]), .profile_re_i(profile_re),
      .profile_address_i(host_index[PROF_W-1:0]),
      .early_wdata_i(early_new_q), .late_wdata_i(late_new_q), .early_rdata_o(lane_early[j]), .late_rdata_o(lane_late[j])
    );
    assign update_spike_o[j] = spike;
    if (PROBE != 0) begin : g_probe
      assign probe_v_o[32*j +: 32] = {{(32-VB){v[VB-1]}}, v};
      assign probe_u_o[32*j +: 32] = {{(32-VB){u[VB-1]}}, u};
      assign probe_r_o[32*j +: 32] = {24'd0, r};
      assign probe_a_o[32*j +: 32] = {{(32-VB){a[VB-1]}}, a};
    end else begin : g_no_probe
      assign probe_v_o[32*j +: 32] = 32'd0;
      assign probe_u_o[32*j +: 32] = 32'd0;
      assign probe_r_o[32*j +: 32] = 32'd0;
      assign probe_a_o[32*j +: 32] = 32'd0;
      wire unused = &{1'b0, v, u, r, a};
    end
    if (j > 0) begin : g_copy
      wire unused_copy = &{1'b0, lane_early[j], lane_late[j]};  // written alike in every lane
    end
  end endgenerate

  wire unused = &{1'b0, index32, word32, first_neuron[31:16], host_wdata[31:24]};
endmodule
`default_nettype wire
