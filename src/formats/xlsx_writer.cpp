#include "formats/xlsx_writer.h"

#include "formats/sheet_values.h"

namespace pf::formats {
namespace {

constexpr std::string_view kXmlHead = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";
constexpr std::string_view kPackage = "http://schemas.openxmlformats.org/package/2006/";
constexpr std::string_view kOffice = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
constexpr std::string_view kMain = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
constexpr std::string_view kLeftOutSheet = "left out";

// Places in <cellXfs>.
constexpr std::string_view kBold = " s=\"1\"";
constexpr std::string_view kStaysText = " s=\"2\"";  // also after somebody has edited the cell

std::string letters_of(std::size_t column) {
  std::string out;
  for (++column; column > 0; column = (column - 1) / 26) out.insert(0, 1, static_cast<char>('A' + (column - 1) % 26));
  return out;
}

// UTF-16 units of a UTF-8 text, as Excel counts.
std::size_t units_of(std::string_view text) {
  std::size_t units = 0;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    units += (byte & 0xc0) != 0x80;  // a character begins
    units += byte >= 0xf0;           // beyond U+FFFF: two
  }
  return units;
}

}  // namespace

XlsxWriter::XlsxWriter(std::string name, std::vector<Column> columns, ZipWriter::Sink sink, std::size_t rows_max)
    : name_(std::move(name)), columns_(std::move(columns)), zip_(std::move(sink)), rows_max_(rows_max) {
  for (std::size_t i = 0; i < columns_.size(); ++i) letters_.push_back(letters_of(i));
}

Result<> XlsxWriter::part(std::string_view name, std::string_view content) {
  PF_TRY(zip_.begin(name));
  PF_TRY(zip_.write(kXmlHead));
  PF_TRY(zip_.write(content));
  return zip_.end();
}

Result<> XlsxWriter::begin_sheet() {
  if (sheets_ == 0) {
    // First, since that is how programs know the kind of file; so it names no sheets, whose number nobody knows yet.
    const std::string sheet = "application/vnd.openxmlformats-officedocument.spreadsheetml.";
    PF_TRY(part("[Content_Types].xml",
                "<Types xmlns=\"" + std::string(kPackage) +
                    "content-types\"><Default Extension=\"rels\" "
                    "ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>"
                    "<Default Extension=\"xml\" ContentType=\"" +
                    sheet + "worksheet+xml\"/><Override PartName=\"/xl/workbook.xml\" ContentType=\"" + sheet +
                    "sheet.main+xml\"/><Override PartName=\"/xl/styles.xml\" ContentType=\"" + sheet +
                    "styles+xml\"/></Types>"));
    PF_TRY(part("_rels/.rels", "<Relationships xmlns=\"" + std::string(kPackage) +
                                   "relationships\"><Relationship Id=\"rId1\" Type=\"" + std::string(kOffice) +
                                   "/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"));
  }
  ++sheets_;
  sheet_names_.push_back(sheets_ == 1 ? name_ : name_ + " " + std::to_string(sheets_));
  PF_TRY(zip_.begin("xl/worksheets/sheet" + std::to_string(sheets_) + ".xml"));
  buffer_.append(kXmlHead).append("<worksheet xmlns=\"").append(kMain);
  buffer_ +=
      "\"><sheetViews><sheetView workbookViewId=\"0\"><pane ySplit=\"1\" topLeftCell=\"A2\" activePane=\"bottomLeft\" "
      "state=\"frozen\"/></sheetView></sheetViews><sheetData>";
  rows_ = 0;
  std::vector<std::string> names;
  for (const Column& column : columns_) names.push_back(column.name);
  put_row(names, true);
  return {};
}

Result<> XlsxWriter::end_sheet() {
  buffer_ += "</sheetData></worksheet>";
  PF_TRY(zip_.write(buffer_));
  buffer_.clear();
  return zip_.end();
}

void XlsxWriter::put_row(const std::vector<std::string>& cells, bool header) {
  const std::string number = std::to_string(++rows_);
  buffer_.append("<row r=\"").append(number).append("\">");
  for (std::size_t i = 0; i < cells.size() && i < columns_.size(); ++i) {
    const std::string& cell = cells[i];
    if (cell.empty()) continue;
    if (cell.size() > kSheetCellUnitsMax) {
      if (const std::size_t units = units_of(cell); units > kSheetCellUnitsMax) {
        if (left_out_.size() < kLeftOutMax) left_out_.push_back({cells[0].substr(0, 300), columns_[i].name, units});
        ++left_out_count_;
        continue;
      }
    }
    buffer_.append("<c r=\"").append(letters_[i]).append(number).append("\"");
    if (!header && columns_[i].numbers && is_sheet_number(cell)) {
      buffer_.append("><v>").append(cell).append("</v></c>");
      continue;
    }
    if (header)
      buffer_ += kBold;
    else if (std::string_view("=+-@").find(cell[0]) != std::string_view::npos)
      buffer_ += kStaysText;
    buffer_ += " t=\"inlineStr\"><is><t xml:space=\"preserve\">";
    put_sheet_text(cell, buffer_);
    buffer_ += "</t></is></c>";
  }
  buffer_ += "</row>";
}

Result<> XlsxWriter::row(const std::vector<std::string>& cells) {
  if (sheets_ == 0) PF_TRY(begin_sheet());
  if (rows_ >= rows_max_ || zip_.entry_bytes() > kSheetBytesMax) {
    PF_TRY(end_sheet());
    PF_TRY(begin_sheet());
  }
  put_row(cells, false);
  constexpr std::size_t kAtOnce = 64u << 10;  // bytes packed in one go
  if (buffer_.size() < kAtOnce) return {};
  PF_TRY(zip_.write(buffer_));
  buffer_.clear();
  return {};
}

Result<> XlsxWriter::finish() {
  if (sheets_ == 0) PF_TRY(begin_sheet());
  PF_TRY(end_sheet());
  if (left_out_count_ > 0) {
    sheet_names_.emplace_back(kLeftOutSheet);
    std::string rows;
    const auto put = [&rows](const std::vector<std::string>& cells) {
      rows += "<row>";
      for (const std::string& cell : cells) {
        rows += "<c t=\"inlineStr\"><is><t>";
        put_sheet_text(cell, rows);
        rows += "</t></is></c>";
      }
      rows += "</row>";
    };
    put({std::to_string(left_out_count_) +
         " cells are longer than the 32,767 characters that Excel can hold and were left empty. Take CSV for them."});
    for (const LeftOut& one : left_out_) put({one.row, one.column, std::to_string(one.units)});
    PF_TRY(part("xl/worksheets/sheet" + std::to_string(++sheets_) + ".xml",
                "<worksheet xmlns=\"" + std::string(kMain) + "\"><sheetData>" + rows + "</sheetData></worksheet>"));
  }
  std::string list, relations;
  for (std::size_t i = 0; i < sheet_names_.size(); ++i) {
    const std::string id = std::to_string(i + 1);
    list += "<sheet name=\"" + sheet_names_[i] + "\" sheetId=\"" + id + "\" r:id=\"rId" + id + "\"/>";
    relations += "<Relationship Id=\"rId" + id + "\" Type=\"" + std::string(kOffice) +
                 "/worksheet\" Target=\"worksheets/sheet" + id + ".xml\"/>";
  }
  relations += "<Relationship Id=\"rId" + std::to_string(sheet_names_.size() + 1) + "\" Type=\"" +
               std::string(kOffice) + "/styles\" Target=\"styles.xml\"/>";
  PF_TRY(part("xl/workbook.xml", "<workbook xmlns=\"" + std::string(kMain) + "\" xmlns:r=\"" + std::string(kOffice) +
                                     "\"><sheets>" + list + "</sheets></workbook>"));
  PF_TRY(part("xl/_rels/workbook.xml.rels",
              "<Relationships xmlns=\"" + std::string(kPackage) + "relationships\">" + relations + "</Relationships>"));
  PF_TRY(part("xl/styles.xml",
              "<styleSheet xmlns=\"" + std::string(kMain) +
                  "\"><fonts count=\"2\"><font><sz val=\"11\"/><name val=\"Calibri\"/></font><font><b/><sz val=\"11\"/>"
                  "<name val=\"Calibri\"/></font></fonts><fills count=\"2\"><fill><patternFill patternType=\"none\"/>"
                  "</fill><fill><patternFill patternType=\"gray125\"/></fill></fills><borders count=\"1\"><border/>"
                  "</borders><cellStyleXfs count=\"1\"><xf numFmtId=\"0\" fontId=\"0\" fillId=\"0\" borderId=\"0\"/>"
                  "</cellStyleXfs><cellXfs count=\"3\"><xf numFmtId=\"0\" fontId=\"0\" fillId=\"0\" borderId=\"0\" "
                  "xfId=\"0\"/><xf numFmtId=\"0\" fontId=\"1\" fillId=\"0\" borderId=\"0\" xfId=\"0\" applyFont=\"1\"/>"
                  "<xf numFmtId=\"49\" fontId=\"0\" fillId=\"0\" borderId=\"0\" xfId=\"0\" quotePrefix=\"1\" "
                  "applyNumberFormat=\"1\"/></cellXfs><cellStyles count=\"1\"><cellStyle name=\"Normal\" xfId=\"0\" "
                  "builtinId=\"0\"/></cellStyles></styleSheet>"));
  return zip_.finish();
}

}  // namespace pf::formats
