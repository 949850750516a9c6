// weight_memory.v - the crossbar's weights, or one leaf's part of them: one row of weights per (group, axon),
// row = group * AXONS + axon. The row is cut into banks of 32 bits (of ROW_W where that is less), each a memory of its own,
// so that the host writes one bank at a time and the lanes read all of them at once. When the host reads, all banks but its
// own show 0, so that a tree of ORs finds the word; a read that is for no bank shows a row of zeros.
// Timing:   re_i -> row_o two cycles later (memory, register), or three with REGISTER. we_i and re_i never meet.
// C twin:   cmodel/weight_memory.c
`default_nettype none
module weight_memory #(
  parameter ROWS  = 4096,                                       // groups * AXONS
  parameter ROW_W = 64,                                         // LANES * WEIGHT_BITS
  parameter SPRAM = 0,                                          // 1: iCE40 SPRAM
  parameter REGISTER = 0                                        // 1: the memories have an output register of their own
) (
  input  wire                 clk_i,
  input  wire                 re_i,
  input  wire [(ROWS > 1 ? $clog2(ROWS) : 1)-1:0] row_i,
  output reg  [ROW_W-1:0]     row_o,
  input  wire                 only_i,                           // with re_i: zeros but for bank_i, if it is here
  input  wire                 we_i,                             // write bank_i of row_i
  input  wire                 here_i,                           // bank_i is a bank of this memory
  input  wire [(ROW_W > 32 ? $clog2(ROW_W/32) : 1)-1:0] bank_i,
  input  wire [31:0]          wdata_i
);
  localparam BANK_W = ROW_W > 32 ? 32 : ROW_W;
  localparam BANKS  = ROW_W / BANK_W;
  localparam SEL_W  = ROW_W > 32 ? $clog2(BANKS) : 1;

  wire [ROW_W-1:0] read;

  genvar b;
  generate for (b = 0; b < BANKS; b = b + 1) begin : g_bank
    localparam [31:0] B32 = b;
    wire mine = here_i && (BANKS == 1 || bank_i == B32[SEL_W-1:0]);
    wire we   = we_i && mine;
    reg  [REGISTER:0]   hide_q;                                 // keeps pace with the memory
    wire [REGISTER+1:0] hides = {hide_q, re_i ? only_i && !mine : hide_q[0]};
    always @(posedge clk_i) begin
      hide_q <= hides[REGISTER:0];
      row_o[BANK_W*b +: BANK_W] <= hide_q[REGISTER] ? {BANK_W{1'b0}} : read[BANK_W*b +: BANK_W];
    end
    wire unused_hide = hides[REGISTER+1];
    if (SPRAM != 0) begin : g_spram
      wire [BANK_W-1:0] word;
      ram_spram #(.DEPTH(ROWS), .WIDTH(BANK_W)) u_ram (
        .clk_i(clk_i), .we_i(we), .re_i(re_i), .addr_i(row_i), .wdata_i(wdata_i[BANK_W-1:0]), .rdata_o(word)
      );
      if (REGISTER != 0) begin : g_register
        reg [BANK_W-1:0] word_q;
        always @(posedge clk_i) word_q <= word;
        assign read[BANK_W*b +: BANK_W] = word_q;
      end else begin : g_no_register
        assign read[BANK_W*b +: BANK_W] = word;
      end
    end else if (REGISTER != 0) begin : g_register
      ram_1rw_reg #(.DEPTH(ROWS), .WIDTH(BANK_W)) u_ram (
        .clk_i(clk_i), .we_i(we), .re_i(re_i), .addr_i(row_i),
        .wdata_i(wdata_i[BANK_W-1:0]), .rdata_o(read[BANK_W*b +: BANK_W])
      );
    end else begin : g_block
      ram_1rw #(.DEPTH(ROWS), .WIDTH(BANK_W)) u_ram (
        .clk_i(clk_i), .we_i(we), .re_i(re_i), .addr_i(row_i),
        .wdata_i(wdata_i[BANK_W-1:0]), .rdata_o(read[BANK_W*b +: BANK_W])
      );
    end
  end endgenerate

  wire unused = &{1'b0, wdata_i, bank_i};                       // parts of them, with rows below 32 bits
endmodule
`default_nettype wire
