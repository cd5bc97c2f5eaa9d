// What a file of strangers holds, step by step: first what it is, told by its bytes, then its rows. Whoever knows what
// columns mean decides what is read next. Two readers do it: open_here() in this process, and open_in_cell()
// (cell_reading.h) in a process of its own, which is what a file that somebody sent is read with. One thread.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "formats/json_items.h"
#include "formats/source.h"
#include "formats/table_row.h"
#include "formats/xml_records.h"
#include "formats/zip_reader.h"
#include "json/json.h"

namespace pf::formats {

// Marketplaces put a title, a hint or blank lines above the header.
inline constexpr std::size_t kPreambleLinesMax = 12;
inline constexpr std::size_t kFirstBytes = 1'000;                // of a file, enough to tell its kind
inline constexpr std::size_t kStartBytes = 4'096;                // of a text, in UTF-8
inline constexpr std::size_t kInnerArchiveBytesMax = 64u << 20;  // of a workbook in an archive: whole in memory

// A line of a text that might be its header.
struct HeaderLine {
  std::uint64_t line = 0;  // counted from 1
  std::vector<std::string> cells{};
};

struct OpenedFile {
  enum class Kind { text, xml, workbook, archive } kind = Kind::text;
  std::string first{};  // of text and XML: its first bytes, as they are
  // Of text.
  std::string start{};  // its first characters, in UTF-8
  bool blank = false;   // it holds nothing
  bool json = false;    // it begins as JSON does
  std::vector<HeaderLine> lines{};
  std::optional<Error> broken{};  // it cannot be read to its end; what can be is given, and then this
  // Of a workbook: the sheets that people see.
  std::vector<std::string> sheets{};
  // Of an archive. What an entry holds is told by opening it.
  std::vector<ZipEntry> entries{};
};

// Elements of an XML file, or values of a JSON file as tree_reader.h sees it, that could be records, and what stands in
// them.
struct XmlTables {
  std::string root{};
  std::vector<XmlPath> paths{};           // as XmlSurvey tells them
  std::vector<std::size_t> candidates{};  // places in paths, the most likely first
  std::optional<Error> broken{};          // as above
};

// One value of a JSON file that is a list, or has a value a line.
struct JsonValue {
  std::uint64_t line = 0;
  json::Value value{};
  std::string fault{};    // why it cannot be read; `value` is then null
  std::size_t bytes = 0;  // as it is written
};

// What somebody says of a file that it does not show. It is obeyed, and what is left empty is told by the file.
struct Written {
  std::string encoding{};   // of a text: one of kEncodings (encoding.h)
  std::string delimiter{};  // of a table: the signs themselves (delimiter_called), even if it begins as JSON does
  std::string quote{};      // of a table (is_quote_called)
  // Of JSON: where an object stands whose members are rows, whatever their names are: "$", "$/data/products". They are
  // items called "*", each with its name as the attribute "key"; of a list that stands there, each of its items is one.
  std::string keyed{};
  bool operator==(const Written&) const = default;
};
inline constexpr std::size_t kKeyedBytesMax = 1'000;
bool can_be_obeyed(const Written& said);

// How a text is divided.
struct TextTable {
  std::optional<std::size_t> header{};  // which of OpenedFile::lines; none: from the start
  bool quoted = true;                   // false: a " is a "
};

class FileReading {
 public:
  virtual ~FileReading() = default;

  // The file, and then, of an archive, any of its entries, one at a time. `unsupported` for what is packed more than
  // once and for relatives of formats that are read; `invalid` and `too_large` for what is damaged or above a limit.
  // What was said of it holds for its entries, too. `unsupported` for a text that begins with the mark of another
  // encoding than was said. REQUIRES: can_be_obeyed(said).
  virtual Result<OpenedFile> open(const Written& said) = 0;
  Result<OpenedFile> open() { return open(Written{}); }
  virtual Result<OpenedFile> open_entry(std::size_t entry) = 0;

  // The rows, in order. What `take` answers ends the reading and is answered. An Error of the file comes after the rows
  // before it. REQUIRES: the opened file is of that kind, and is read once (a workbook: each sheet once; JSON and XML
  // as often as wanted).
  using TakeRow = std::function<Result<ZipReader::Go>(TableRow&&)>;
  virtual Result<> table_rows(const TextTable& table, const TakeRow& take) = 0;
  using TakeValue = std::function<Result<ZipReader::Go>(JsonValue&&)>;
  virtual Result<> json_values(const TakeValue& take) = 0;
  virtual std::string encoding() = 0;  // of a text that was read: "UTF-8", "Windows-1252", ...
  virtual Result<> sheet_rows(std::size_t sheet, const TakeRow& take) = 0;
  virtual Result<XmlTables> xml_tables() = 0;  // of XML, and of JSON
  virtual Result<XmlTable> xml_table(std::size_t path) = 0;
  // The records of one path as rows of its table, or as they are. REQUIRES: xml_tables() was asked.
  virtual Result<> xml_rows(std::size_t path, const TakeRow& take) = 0;
  using TakeRecord = std::function<Result<>(XmlRecords::Record&&)>;
  virtual Result<> xml_records(std::size_t path, const TakeRecord& take) = 0;
  // The bytes of an entry, "" at the end of `take`'s pieces. Ends what was open.
  using TakePiece = std::function<Result<>(std::string_view)>;
  virtual Result<> entry_bytes(std::size_t entry, const TakePiece& take) = 0;
};

// REQUIRES: the source outlives the reading.
using OpenReading = std::function<Result<std::unique_ptr<FileReading>>(Source&)>;
Result<std::unique_ptr<FileReading>> open_here(Source& file);

}  // namespace pf::formats
