// Archives and workbooks made by hand, part by part, for readers to be tried on.
#pragma once

#include <doctest/doctest.h>

#include <string>
#include <utility>
#include <vector>

#include "formats/zip_writer.h"

namespace pf::test {

using Parts = std::vector<std::pair<std::string, std::string>>;  // name, content

inline std::string zip_of(const Parts& parts) {
  std::string out;
  formats::ZipWriter zip([&](std::string_view piece) {
    out += piece;
    return true;
  });
  for (const auto& [name, content] : parts) {
    REQUIRE(zip.begin(name).ok());
    REQUIRE(zip.write(content).ok());
    REQUIRE(zip.end().ok());
  }
  REQUIRE(zip.finish().ok());
  return out;
}

struct SheetPart {
  std::string name, rows;  // rows: what stands inside <sheetData>
  std::string state = "visible";
};
// A workbook of these sheets; `shared` are the <si> elements, `formats` the <numFmt> and `styles` the <xf> elements.
inline std::string workbook_of(const std::vector<SheetPart>& sheets, const std::string& shared = "",
                               const std::string& number_formats = "", const std::string& styles = "<xf/>",
                               const std::string& book_pr = "<workbookPr/>") {
  const std::string main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
  const std::string relation = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
  const std::string package = "http://schemas.openxmlformats.org/package/2006/relationships";
  std::string list, relations;
  Parts parts{{"[Content_Types].xml", "<Types/>"},
              {"_rels/.rels", "<Relationships xmlns=\"" + package + "\"><Relationship Id=\"rId1\" Type=\"" + relation +
                                  "/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"}};
  for (std::size_t i = 0; i < sheets.size(); ++i) {
    const std::string id = std::to_string(i + 1);
    list += "<sheet name=\"" + sheets[i].name + "\" sheetId=\"" + id + "\" state=\"" + sheets[i].state +
            "\" r:id=\"rId" + id + "\"/>";
    relations += "<Relationship Id=\"rId" + id + "\" Type=\"" + relation + "/worksheet\" Target=\"worksheets/sheet" +
                 id + ".xml\"/>";
    parts.emplace_back("xl/worksheets/sheet" + id + ".xml", "<?xml version=\"1.0\"?><worksheet xmlns=\"" + main +
                                                                "\"><dimension ref=\"A1:Z999\"/><sheetData>" +
                                                                sheets[i].rows + "</sheetData></worksheet>");
  }
  relations += "<Relationship Id=\"rIdS\" Type=\"" + relation + "/sharedStrings\" Target=\"sharedStrings.xml\"/>" +
               "<Relationship Id=\"rIdT\" Type=\"" + relation + "/styles\" Target=\"/xl/styles.xml\"/>";
  parts.emplace_back("xl/workbook.xml", "<workbook xmlns=\"" + main + "\" xmlns:r=\"" + relation + "\">" + book_pr +
                                            "<sheets>" + list + "</sheets></workbook>");
  parts.emplace_back("xl/_rels/workbook.xml.rels",
                     "<Relationships xmlns=\"" + package + "\">" + relations + "</Relationships>");
  parts.emplace_back("xl/sharedStrings.xml", "<sst xmlns=\"" + main + "\">" + shared + "</sst>");
  parts.emplace_back("xl/styles.xml", "<styleSheet xmlns=\"" + main + "\"><numFmts>" + number_formats +
                                          "</numFmts><cellStyleXfs><xf numFmtId=\"14\"/></cellStyleXfs><cellXfs>" +
                                          styles + "</cellXfs></styleSheet>");
  return zip_of(parts);
}

inline std::string inline_cell(const std::string& text) {
  return "<c t=\"inlineStr\"><is><t>" + text + "</t></is></c>";
}
// Rows of plain text cells.
inline std::string sheet_rows(const std::vector<std::vector<std::string>>& rows) {
  std::string out;
  for (const auto& row : rows) {
    out += "<row>";
    for (const std::string& cell : row) out += inline_cell(cell);
    out += "</row>";
  }
  return out;
}

}  // namespace pf::test
