// ram_1rw_reg.v - rtl/prim/ram_1rw_reg.v for the ECP5: the register is the block RAM's own. That is what a wide array needs to be fast
// there, as an unregistered block takes most of a cycle to show its word. Slices of the widest words that DEPTH allows.
// Timing:   rdata_o shows the word two cycles after ce_i without we_i and holds until two cycles after the next access; a
//           write leaves it undefined.
// Source:   Lattice FPGA-TN-02204, "ECP5 and ECP5-5G Memory Usage Guide".
// C twin:   none; in the mirrors a memory is an array.
`default_nettype none
module ram_1rw_reg #(
  parameter DEPTH = 256,                                        // words, >= 1
  parameter WIDTH = 32                                          // bits a word
) (
  input  wire                                    clk_i,
  input  wire                                    ce_i,          // read, or write with we_i
  input  wire                                    we_i,
  input  wire [(DEPTH > 1 ? $clog2(DEPTH) : 1)-1:0] addr_i,
  input  wire [WIDTH-1:0]                        wdata_i,
  output wire [WIDTH-1:0]                        rdata_o
);
  localparam VENDOR = DEPTH <= 16384;
  generate if (VENDOR == 0) begin : g_plain
    wire [WIDTH-1:0] read;
    reg  [WIDTH-1:0] read_q;
    ram_1rw #(.DEPTH(DEPTH), .WIDTH(WIDTH)) u_ram (
      .clk_i(clk_i), .ce_i(ce_i), .we_i(we_i), .addr_i(addr_i), .wdata_i(wdata_i), .rdata_o(read)
    );
    always @(posedge clk_i) read_q <= read;
    assign rdata_o = read_q;
  end else begin : g_ecp5
    localparam ADDR_W = DEPTH > 1 ? $clog2(DEPTH) : 1;
    localparam SLICE  = DEPTH <= 512 ? 36 : DEPTH <= 1024 ? 18 : DEPTH <= 2048 ? 9 : DEPTH <= 4096 ? 4 : DEPTH <= 8192 ? 2 : 1;
    localparam SHIFT  = DEPTH <= 512 ? 5 : DEPTH <= 1024 ? 4 : DEPTH <= 2048 ? 3 : DEPTH <= 4096 ? 2 : DEPTH <= 8192 ? 1 : 0;
    localparam SLICES = (WIDTH + SLICE - 1) / SLICE;
    wire [31:0]             addr32 = {{(32-ADDR_W){1'b0}}, addr_i} << SHIFT;
    wire [13:0]             addr   = addr32[13:0];
    wire [SLICES*SLICE-1:0] wdata  = {{(SLICES*SLICE-WIDTH){1'b0}}, wdata_i};
    wire [SLICES*SLICE-1:0] rdata;
    assign rdata_o = rdata[WIDTH-1:0];
    genvar s;
    for (s = 0; s < SLICES; s = s + 1) begin : g_slice
      wire [17:0] low, high;
      if (SLICE == 36) begin : g_wide
        // The whole port pair is one memory: side A writes, side B reads. The lowest address bits enable the bytes.
        wire [35:0] data = wdata[36*s +: 36];
        DP16KD #(
          .DATA_WIDTH_A(36), .DATA_WIDTH_B(36), .REGMODE_A("OUTREG"), .REGMODE_B("OUTREG"), .GSR("DISABLED")
        ) u_block (
          .CLKA(clk_i), .CEA(1'b1), .OCEA(1'b1), .WEA(1'b1), .RSTA(1'b0), .CSA2(1'b0), .CSA1(1'b0), .CSA0(1'b0),
          .CLKB(clk_i), .CEB(ce_i), .OCEB(1'b1), .WEB(1'b0), .RSTB(1'b0), .CSB2(1'b0), .CSB1(1'b0), .CSB0(1'b0),
          .ADA13(addr[13]), .ADA12(addr[12]), .ADA11(addr[11]), .ADA10(addr[10]), .ADA9(addr[9]), .ADA8(addr[8]),
          .ADA7(addr[7]), .ADA6(addr[6]), .ADA5(addr[5]), .ADA4(1'b0), .ADA3(we_i), .ADA2(we_i), .ADA1(we_i), .ADA0(we_i),
          .ADB13(addr[13]), .ADB12(addr[12]), .ADB11(addr[11]), .ADB10(addr[10]), .ADB9(addr[9]), .ADB8(addr[8]),
          .ADB7(addr[7]), .ADB6(addr[6]), .ADB5(addr[5]), .ADB4(1'b0), .ADB3(1'b0), .ADB2(1'b0), .ADB1(1'b0), .ADB0(1'b0),
          .DIA17(data[17]), .DIA16(data[16]), .DIA15(data[15]), .DIA14(data[14]), .DIA13(data[13]), .DIA12(data[12]),
          .DIA11(data[11]), .DIA10(data[10]), .DIA9(data[9]), .DIA8(data[8]), .DIA7(data[7]), .DIA6(data[6]),
          .DIA5(data[5]), .DIA4(data[4]), .DIA3(data[3]), .DIA2(data[2]), .DIA1(data[1]), .DIA0(data[0]),
          .DIB17(data[35]), .DIB16(data[34]), .DIB15(data[33]), .DIB14(data[32]), .DIB13(data[31]), .DIB12(data[30]),
          .DIB11(data[29]), .DIB10(data[28]), .DIB9(data[27]), .DIB8(data[26]), .DIB7(data[25]), .DIB6(data[24]),
          .DIB5(data[23]), .DIB4(data[22]), .DIB3(data[21]), .DIB2(data[20]), .DIB1(data[19]), .DIB0(data[18]),
          .DOA17(low[17]), .DOA16(low[16]), .DOA15(low[15]), .DOA14(low[14]), .DOA13(low[13]), .DOA12(low[12]),
          .DOA11(low[11]), .DOA10(low[10]), .DOA9(low[9]), .DOA8(low[8]), .DOA7(low[7]), .DOA6(low[6]),
          .DOA5(low[5]), .DOA4(low[4]), .DOA3(low[3]), .DOA2(low[2]), .DOA1(low[1]), .DOA0(low[0]),
          .DOB17(high[17]), .DOB16(high[16]), .DOB15(high[15]), .DOB14(high[14]), .DOB13(high[13]), .DOB12(high[12]),
          .DOB11(high[11]), .DOB10(high[10]), .DOB9(high[9]), .DOB8(high[8]), .DOB7(high[7]), .DOB6(high[6]),
          .DOB5(high[5]), .DOB4(high[4]), .DOB3(high[3]), .DOB2(high[2]), .DOB1(high[1]), .DOB0(high[0])
        );
        assign rdata[36*s +: 36] = {high, low};
      end else begin : g_narrow
        wire [17:0] data = {{(18-SLICE){1'b0}}, wdata[SLICE*s +: SLICE]};
        wire [1:0]  bytes = SLICE == 18 ? 2'b11 : addr[1:0];
        assign high = 18'd0;
        DP16KD #(
          .DATA_WIDTH_A(SLICE), .DATA_WIDTH_B(18), .REGMODE_A("OUTREG"), .REGMODE_B("NOREG"), .GSR("DISABLED")
        ) u_block (
          .CLKA(clk_i), .CEA(ce_i), .OCEA(1'b1), .WEA(we_i), .RSTA(1'b0), .CSA2(1'b0), .CSA1(1'b0), .CSA0(1'b0),
          .CLKB(1'b0), .CEB(1'b0), .OCEB(1'b1), .WEB(1'b0), .RSTB(1'b0), .CSB2(1'b0), .CSB1(1'b0), .CSB0(1'b0),
          .ADA13(addr[13]), .ADA12(addr[12]), .ADA11(addr[11]), .ADA10(addr[10]), .ADA9(addr[9]), .ADA8(addr[8]),
          .ADA7(addr[7]), .ADA6(addr[6]), .ADA5(addr[5]), .ADA4(addr[4]), .ADA3(addr[3]), .ADA2(addr[2]),
          .ADA1(bytes[1]), .ADA0(bytes[0]),
          .ADB1(1'b0), .ADB0(1'b0),
          .DIA17(data[17]), .DIA16(data[16]), .DIA15(data[15]), .DIA14(data[14]), .DIA13(data[13]), .DIA12(data[12]),
          .DIA11(data[11]), .DIA10(data[10]), .DIA9(data[9]), .DIA8(data[8]), .DIA7(data[7]), .DIA6(data[6]),
          .DIA5(data[5]), .DIA4(data[4]), .DIA3(data[3]), .DIA2(data[2]), .DIA1(data[1]), .DIA0(data[0]),
          .DOA17(low[17]), .DOA16(low[16]), .DOA15(low[15]), .DOA14(low[14]), .DOA13(low[13]), .DOA12(low[12]),
          .DOA11(low[11]), .DOA10(low[10]), .DOA9(low[9]), .DOA8(low[8]), .DOA7(low[7]), .DOA6(low[6]),
          .DOA5(low[5]), .DOA4(low[4]), .DOA3(low[3]), .DOA2(low[2]), .DOA1(low[1]), .DOA0(low[0])
        );
        assign rdata[SLICE*s +: SLICE] = low[SLICE-1:0];
      end
    end
  end endgenerate
endmodule
`default_nettype wire
