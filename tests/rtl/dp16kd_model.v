// dp16kd_model.v - what a DP16KD does, as far as ram_1rw_reg.v and ram_1r1w_reg.v of rtl/hard/ecp5 use it: two ports of 1, 2, 4, 9, 18 or
// 36 bits over 18 kbit, output register or not, no resets. Written from Lattice FPGA-TN-02204, for tests/rtl/test_ecp5_ram.sh.
// With 9 bits and more, an address's lowest bits that no word needs enable bytes: with 18 bits AD1 and AD0, with 36 AD3 to AD0.
// A 36-bit port is two halves: A has the lower 18 bits of data in and, for reading, out; B the upper ones.
`default_nettype none
module DP16KD #(
  parameter DATA_WIDTH_A = 18,
  parameter DATA_WIDTH_B = 18,
  parameter REGMODE_A = "NOREG",
  parameter REGMODE_B = "NOREG",
  parameter GSR = "ENABLED"
) (
  input wire CLKA, CEA, OCEA, WEA, RSTA, CSA2, CSA1, CSA0,
  input wire CLKB, CEB, OCEB, WEB, RSTB, CSB2, CSB1, CSB0,
  input wire ADA13, ADA12, ADA11, ADA10, ADA9, ADA8, ADA7, ADA6, ADA5, ADA4, ADA3, ADA2, ADA1, ADA0,
  input wire ADB13, ADB12, ADB11, ADB10, ADB9, ADB8, ADB7, ADB6, ADB5, ADB4, ADB3, ADB2, ADB1, ADB0,
  input wire DIA17, DIA16, DIA15, DIA14, DIA13, DIA12, DIA11, DIA10, DIA9, DIA8, DIA7, DIA6, DIA5, DIA4, DIA3, DIA2, DIA1, DIA0,
  input wire DIB17, DIB16, DIB15, DIB14, DIB13, DIB12, DIB11, DIB10, DIB9, DIB8, DIB7, DIB6, DIB5, DIB4, DIB3, DIB2, DIB1, DIB0,
  output wire DOA17, DOA16, DOA15, DOA14, DOA13, DOA12, DOA11, DOA10, DOA9, DOA8, DOA7, DOA6, DOA5, DOA4, DOA3, DOA2, DOA1, DOA0,
  output wire DOB17, DOB16, DOB15, DOB14, DOB13, DOB12, DOB11, DOB10, DOB9, DOB8, DOB7, DOB6, DOB5, DOB4, DOB3, DOB2, DOB1, DOB0
);
  wire [13:0] ada = {ADA13, ADA12, ADA11, ADA10, ADA9, ADA8, ADA7, ADA6, ADA5, ADA4, ADA3, ADA2, ADA1, ADA0};
  wire [13:0] adb = {ADB13, ADB12, ADB11, ADB10, ADB9, ADB8, ADB7, ADB6, ADB5, ADB4, ADB3, ADB2, ADB1, ADB0};
  wire [17:0] dia = {DIA17, DIA16, DIA15, DIA14, DIA13, DIA12, DIA11, DIA10, DIA9, DIA8, DIA7, DIA6, DIA5, DIA4, DIA3, DIA2, DIA1, DIA0};
  wire [17:0] dib = {DIB17, DIB16, DIB15, DIB14, DIB13, DIB12, DIB11, DIB10, DIB9, DIB8, DIB7, DIB6, DIB5, DIB4, DIB3, DIB2, DIB1, DIB0};
  wire selected_a = !(CSA2 | CSA1 | CSA0), selected_b = !(CSB2 | CSB1 | CSB0);

  // 2,048 bytes of 8 bits, each with a ninth that ports below 9 bits do not see.
  reg [8:0] mem [0:2047];
  reg [35:0] word_a, word_b, reg_a, reg_b;

  function [35:0] read;
    input integer width;
    input [13:0] address;
    integer k;
    begin
      read = 36'd0;
      case (width)
        36: for (k = 0; k < 4; k = k + 1) read[9*k +: 9] = mem[{address[13:5], 2'd0} + k];
        18: for (k = 0; k < 2; k = k + 1) read[9*k +: 9] = mem[{address[13:4], 1'd0} + k];
        9:  read[8:0] = mem[address[13:3]];
        4:  read[3:0] = mem[address[13:3]] >> {address[2], 2'd0};
        2:  read[1:0] = mem[address[13:3]] >> {address[2:1], 1'd0};
        default: read[0] = mem[address[13:3]] >> address[2:0];
      endcase
    end
  endfunction
  task write;
    input integer width;
    input [13:0] address;
    input [35:0] data;
    integer k;
    begin
      case (width)
        36: for (k = 0; k < 4; k = k + 1) if (address[k]) mem[{address[13:5], 2'd0} + k] = data[9*k +: 9];
        18: for (k = 0; k < 2; k = k + 1) if (address[k]) mem[{address[13:4], 1'd0} + k] = data[9*k +: 9];
        9:  mem[address[13:3]] = data[8:0];
        4:  mem[address[13:3]][{1'b0, address[2], 2'd0} +: 4] = data[3:0];
        2:  mem[address[13:3]][{1'b0, address[2:1], 1'd0} +: 2] = data[1:0];
        default: mem[address[13:3]][{1'b0, address[2:0]}] = data[0];
      endcase
    end
  endtask

  // Reads first: a port that reads while the other writes the same word gets what its user must not care about.
  always @(posedge CLKA) begin
    if (OCEA) reg_a <= word_a;
    if (CEA && selected_a && !WEA) word_a <= read(DATA_WIDTH_A, ada);
  end
  always @(posedge CLKB) begin
    if (OCEB) reg_b <= word_b;
    if (CEB && selected_b && !WEB) word_b <= read(DATA_WIDTH_B, adb);
  end
  always @(posedge CLKA) #0 if (CEA && selected_a && WEA) write(DATA_WIDTH_A, ada, {dib, dia});

  wire [35:0] out_a = REGMODE_A == "OUTREG" ? reg_a : word_a, out_b = REGMODE_B == "OUTREG" ? reg_b : word_b;
  // The lower half of a 36-bit word that B reads leaves through A's pins.
  assign {DOA17, DOA16, DOA15, DOA14, DOA13, DOA12, DOA11, DOA10, DOA9, DOA8, DOA7, DOA6, DOA5, DOA4, DOA3, DOA2, DOA1, DOA0}
         = DATA_WIDTH_B == 36 ? out_b[17:0] : out_a[17:0];
  assign {DOB17, DOB16, DOB15, DOB14, DOB13, DOB12, DOB11, DOB10, DOB9, DOB8, DOB7, DOB6, DOB5, DOB4, DOB3, DOB2, DOB1, DOB0}
         = DATA_WIDTH_B == 36 ? out_b[35:18] : out_b[17:0];
  wire unused = &{1'b0, RSTA, RSTB, dib, GSR == ""};
endmodule
`default_nettype wire
