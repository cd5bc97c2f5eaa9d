// The importer's inside: what all kinds of files have in common is in importer.cpp, how each kind becomes rows or
// values in text_import.cpp, workbook_import.cpp and xml_import.cpp; archive_import.cpp unpacks.
#pragma once

#include "exchange/importer.h"
#include "exchange/json_items.h"
#include "exchange/keeper.h"
#include "formats/csv.h"
#include "formats/encoding.h"
#include "formats/xlsx_reader.h"

namespace pf::exchange {

inline constexpr std::size_t kFilePieceBytes = 256u << 10;  // read at once
inline constexpr std::size_t kPreambleLinesMax =
    12;  // marketplaces put a title, a hint or blank lines above the header

// What a file begins with, whatever pieces it is read in: enough to tell its kind.
Result<std::string> beginning_of(formats::Source& file);

struct Importer::Impl {
  Impl(const Rooms& r, ImportOptions o, Report f, Progress& progress, Progress& resume)
      : options(std::move(o)), keeper(r, options, std::move(f), progress, resume) {}
  const ImportOptions options;
  Keeper keeper;
  std::optional<Header> header;  // of a table
  std::unique_ptr<Party> party;
  bool values = false;      // the file holds JSON values, or our own XML, which is the same
  std::string json_format;  // of values, once one was understood
  std::string broken;       // why the last JSON value could not be read
  std::size_t bytes_since_keep = 0;
  std::uint64_t items = 0;
  std::uint64_t last_line = 0;  // of what has no lines of its own, such as a workbook

  // importer.cpp
  Result<> run(formats::Source& file);  // a file that is not packed
  Result<> open_header(const std::vector<std::string>& names);
  Result<> take(formats::TableRow&& row);  // the first opens the header
  Result<> take(JsonItem&& item);
  Result<> take(std::uint64_t line, const json::Value& value);
  Result<> finish(const Result<>& end);  // `end`: how the file ended
  static Error not_understood(bool mapped);
  static Error web_page();
  Error seen_enough();  // of a preview, which it completes

  // workbook_import.cpp
  Result<> read_workbook(formats::XlsxReader& book);

  // xml_import.cpp
  Result<> read_xml(formats::Source& file);

  // text_import.cpp
  Result<> read_text(formats::Source& file);
  Result<> recognise(bool last);
  Result<> open_table(std::string_view text);
  formats::ToUtf8 to_utf8;
  std::string look;         // the beginning, until the file is recognised
  std::string first_bytes;  // as they were sent
  bool recognised = false;
  std::unique_ptr<formats::CsvReader> csv;
  std::unique_ptr<JsonItems> json;

 private:
  Result<> check_kind(const std::string& name) const;
  Result<> keep_if_full() { return keeper.full(bytes_since_keep) ? keep() : Result<>(); }
  Result<> keep();
  Result<> read(const std::string& text);
  Result<> feed(std::string_view piece, bool last);
};

}  // namespace pf::exchange
