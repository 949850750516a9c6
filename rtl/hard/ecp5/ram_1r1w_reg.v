// ram_1r1w_reg.v - rtl/prim/ram_1r1w_reg.v for the ECP5: from 512 bits on the register is the block RAM's own, which shows a word in
// 1 ns after the clock instead of 6. Yosys infers the block, but not this register. Slices of the widest words that DEPTH allows.
// Timing:   rdata_o shows the word two cycles after re_i, if ce_i is high in the cycle between; it holds while ce_i is low.
//           With NEAR a plain register follows, beside the logic when the block is far from it: a cycle later.
// Conflict: as in ram_1r1w: a read of the address being written returns an undefined word.
// Source:   Lattice FPGA-TN-02204, "ECP5 and ECP5-5G Memory Usage Guide".
// C twin:   none; in the mirrors a memory is an array.
`default_nettype none
module ram_1r1w_reg #(
  parameter DEPTH = 256,                                        // words, >= 1
  parameter WIDTH = 16,                                         // bits a word
  parameter NEAR  = 0                                           // 1: a register more
) (
  input  wire                                    clk_i,
  input  wire                                    we_i,
  input  wire [(DEPTH > 1 ? $clog2(DEPTH) : 1)-1:0] waddr_i,
  input  wire [WIDTH-1:0]                        wdata_i,
  input  wire                                    re_i,
  input  wire [(DEPTH > 1 ? $clog2(DEPTH) : 1)-1:0] raddr_i,
  input  wire                                    ce_i,          // of the register
  output wire [WIDTH-1:0]                        rdata_o
);
  localparam VENDOR = DEPTH >= 64 && DEPTH <= 16384 && DEPTH * WIDTH >= 512;
  wire [WIDTH-1:0] word;
  generate if (NEAR != 0) begin : g_near
    reg [WIDTH-1:0] near_q;
    always @(posedge clk_i) near_q <= word;
    assign rdata_o = near_q;
  end else begin : g_here
    assign rdata_o = word;
  end endgenerate
  generate if (VENDOR == 0) begin : g_plain
    wire [WIDTH-1:0] read;
    reg  [WIDTH-1:0] read_q;
    ram_1r1w #(.DEPTH(DEPTH), .WIDTH(WIDTH)) u_ram (
      .clk_i(clk_i), .we_i(we_i), .waddr_i(waddr_i), .wdata_i(wdata_i), .re_i(re_i), .raddr_i(raddr_i), .rdata_o(read)
    );
    always @(posedge clk_i) if (ce_i) read_q <= read;
    assign word = read_q;
  end else begin : g_ecp5
    localparam ADDR_W = DEPTH > 1 ? $clog2(DEPTH) : 1;
    localparam SLICE  = DEPTH <= 1024 ? 18 : DEPTH <= 2048 ? 9 : DEPTH <= 4096 ? 4 : DEPTH <= 8192 ? 2 : 1;
    localparam SHIFT  = DEPTH <= 1024 ? 4 : DEPTH <= 2048 ? 3 : DEPTH <= 4096 ? 2 : DEPTH <= 8192 ? 1 : 0;
    localparam SLICES = (WIDTH + SLICE - 1) / SLICE;
    wire [31:0]             waddr32 = {{(32-ADDR_W){1'b0}}, waddr_i} << SHIFT;
    wire [31:0]             raddr32 = {{(32-ADDR_W){1'b0}}, raddr_i} << SHIFT;
    wire [13:0]             waddr   = waddr32[13:0], raddr = raddr32[13:0];
    wire [1:0]              bytes   = SLICE == 18 ? 2'b11 : waddr[1:0]; // the lowest address bits of 18-bit words: byte enables
    wire [SLICES*SLICE-1:0] wdata   = {{(SLICES*SLICE-WIDTH){1'b0}}, wdata_i};
    wire [SLICES*SLICE-1:0] rdata;
    assign word = rdata[WIDTH-1:0];
    genvar s;
    for (s = 0; s < SLICES; s = s + 1) begin : g_slice
      wire [17:0] block;
      wire [17:0] data = {{(18-SLICE){1'b0}}, wdata[SLICE*s +: SLICE]};
      DP16KD #(
        .DATA_WIDTH_A(SLICE), .DATA_WIDTH_B(SLICE), .REGMODE_A("NOREG"), .REGMODE_B("OUTREG"), .GSR("DISABLED")
      ) u_block (
        .CLKA(clk_i), .CEA(we_i), .OCEA(1'b1), .WEA(1'b1), .RSTA(1'b0), .CSA2(1'b0), .CSA1(1'b0), .CSA0(1'b0),
        .CLKB(clk_i), .CEB(re_i), .OCEB(ce_i), .WEB(1'b0), .RSTB(1'b0), .CSB2(1'b0), .CSB1(1'b0), .CSB0(1'b0),
        .ADA13(waddr[13]), .ADA12(waddr[12]), .ADA11(waddr[11]), .ADA10(waddr[10]), .ADA9(waddr[9]), .ADA8(waddr[8]),
        .ADA7(waddr[7]), .ADA6(waddr[6]), .ADA5(waddr[5]), .ADA4(waddr[4]), .ADA3(waddr[3]), .ADA2(waddr[2]),
        .ADA1(bytes[1]), .ADA0(bytes[0]),
        .ADB13(raddr[13]), .ADB12(raddr[12]), .ADB11(raddr[11]), .ADB10(raddr[10]), .ADB9(raddr[9]), .ADB8(raddr[8]),
        .ADB7(raddr[7]), .ADB6(raddr[6]), .ADB5(raddr[5]), .ADB4(raddr[4]), .ADB3(raddr[3]), .ADB2(raddr[2]),
        .ADB1(raddr[1]), .ADB0(raddr[0]),
        .DIA17(data[17]), .DIA16(data[16]), .DIA15(data[15]), .DIA14(data[14]), .DIA13(data[13]), .DIA12(data[12]),
        .DIA11(data[11]), .DIA10(data[10]), .DIA9(data[9]), .DIA8(data[8]), .DIA7(data[7]), .DIA6(data[6]),
        .DIA5(data[5]), .DIA4(data[4]), .DIA3(data[3]), .DIA2(data[2]), .DIA1(data[1]), .DIA0(data[0]),
        .DOB17(block[17]), .DOB16(block[16]), .DOB15(block[15]), .DOB14(block[14]), .DOB13(block[13]), .DOB12(block[12]),
        .DOB11(block[11]), .DOB10(block[10]), .DOB9(block[9]), .DOB8(block[8]), .DOB7(block[7]), .DOB6(block[6]),
        .DOB5(block[5]), .DOB4(block[4]), .DOB3(block[3]), .DOB2(block[2]), .DOB1(block[1]), .DOB0(block[0])
      );
      assign rdata[SLICE*s +: SLICE] = block[SLICE-1:0];
    end
  end endgenerate
endmodule
`default_nettype wire
