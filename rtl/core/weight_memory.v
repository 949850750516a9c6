// weight_memory.v - the crossbar's weights, or one leaf's part of them: one row of weights per (group, axon),
// row = group * AXONS + axon. The row is cut into banks of 32 bits (of ROW_W where that is less), each a memory of its own,
// so that the host writes one bank at a time and the lanes read all of them at once. A hidden bank shows 0: when the host
// reads, all but its own, so that a tree of ORs finds the word; with a mark that comes alone, all of them.
// Timing:   ce_i without we_i -> row_o two cycles later (memory, register), or three with REGISTER. hide_i comes with ce_i and
//           stays until the next read.
// C twin:   cmodel/mirror/weight_memory.c
`default_nettype none
module weight_memory #(
  parameter ROWS  = 4096,                                       // groups * AXONS
  parameter ROW_W = 64,                                         // LANES * WEIGHT_BITS
  parameter SPRAM = 0,                                          // 1: iCE40 SPRAM
  parameter REGISTER = 0                                        // 1: the memories have an output register of their own
) (
  input  wire                 clk_i,
  input  wire [(ROWS > 1 ? $clog2(ROWS) : 1)-1:0] row_i,
  input  wire [(ROW_W > 32 ? ROW_W/32 : 1)-1:0] ce_i,           // of each bank: read, or write with we_i
  input  wire [(ROW_W > 32 ? ROW_W/32 : 1)-1:0] we_i,
  input  wire [31:0]          wdata_i,
  input  wire [(ROW_W > 32 ? ROW_W/32 : 1)-1:0] hide_i,
  output reg  [ROW_W-1:0]     row_o
);
  localparam BANK_W = ROW_W > 32 ? 32 : ROW_W;
  localparam BANKS  = ROW_W / BANK_W;

  wire [ROW_W-1:0] read;

  genvar b;
  generate for (b = 0; b < BANKS; b = b + 1) begin : g_bank
    reg  [REGISTER:0]   hide_q;                                 // keeps pace with the memory
    wire [REGISTER+1:0] hides = {hide_q, hide_i[b]};
    always @(posedge clk_i) begin
      hide_q <= hides[REGISTER:0];
      row_o[BANK_W*b +: BANK_W] <= hide_q[REGISTER] ? {BANK_W{1'b0}} : read[BANK_W*b +: BANK_W];
    end
    wire unused_hide = hides[REGISTER+1];
    if (SPRAM != 0) begin : g_spram
      wire [BANK_W-1:0] word;
      ram_spram #(.DEPTH(ROWS), .WIDTH(BANK_W)) u_ram (
        .clk_i(clk_i), .ce_i(ce_i[b]), .we_i(we_i[b]), .addr_i(row_i), .wdata_i(wdata_i[BANK_W-1:0]), .rdata_o(word)
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
        .clk_i(clk_i), .ce_i(ce_i[b]), .we_i(we_i[b]), .addr_i(row_i),
        .wdata_i(wdata_i[BANK_W-1:0]), .rdata_o(read[BANK_W*b +: BANK_W])
      );
    end else begin : g_block
      ram_1rw #(.DEPTH(ROWS), .WIDTH(BANK_W)) u_ram (
        .clk_i(clk_i), .ce_i(ce_i[b]), .we_i(we_i[b]), .addr_i(row_i),
        .wdata_i(wdata_i[BANK_W-1:0]), .rdata_o(read[BANK_W*b +: BANK_W])
      );
    end
  end endgenerate

  wire unused = &{1'b0, wdata_i};                               // part of it, with rows below 32 bits
endmodule
`default_nettype wire
