// The importer's inside: what all kinds of files have in common is in importer.cpp, which lines of a table are
// its header in header_lines.cpp, how each kind becomes rows or values in text_import.cpp, workbook_import.cpp and
// xml_import.cpp; archive_import.cpp takes the files of an archive. The bytes themselves are read by formats, in a
// cell.
#pragma once

#include "exchange/importer.h"
#include "exchange/json_meaning.h"
#include "exchange/keeper.h"
#include "formats/reading.h"

namespace pf::exchange {

struct Importer::Impl {
  Impl(const Rooms& r, ImportOptions o, Report f, Progress& progress, Progress& resume, Trial& trial, SoleWriter& sole)
      : rooms(r), options(std::move(o)), keeper(r, options, std::move(f), progress, resume, trial, sole) {}
  const Rooms rooms;
  const ImportOptions options;
  Keeper keeper;
  std::optional<Header> header;  // of a table
  std::unique_ptr<Party> party;
  bool remarked = false;                  // what the party has to say was told
  bool values = false;                    // the file holds JSON values, or our own XML, which is the same
  std::string json_format;                // of values, once one was understood
  std::vector<DescribingItem> described;  // by values, which wait until the file has been read
  std::string broken;                     // why the last JSON value could not be read
  std::size_t bytes_since_keep = 0;
  std::uint64_t items = 0;
  std::uint64_t last_line = 0;  // of what has no lines of its own, such as a workbook
  std::uint64_t next_line = 0;  // where a row stands that follows the last one at once
  bool blank_before = false;
  std::vector<std::vector<std::string>> first_lines{};  // of a text or a sheet, in which no header was found
  std::string people_seen{};  // the columns of people in a line that was looked at and is no header
  std::string left_table{};   // why the rows of a second table are refused
  // Of a file's first table, where there are several.
  std::string first_format{};
  std::vector<std::string> first_names{};

  // archive_import.cpp
  Result<std::string> format_of(formats::FileReading& file, const formats::OpenedFile& opened) const;

  // header_lines.cpp
  Result<> open_header(const std::vector<std::string>& names, std::uint64_t line = 1);
  // With the second "colour" as "colour.2".
  static std::vector<std::string> numbered(const std::vector<std::string>& names);
  // A line of names that stands above groups of columns, or says for people what the line below it says.
  bool is_above_header(const std::vector<std::string>& names, const std::vector<std::string>& next) const;
  // The names of two lines that are one header: "Price" over "Net" and "Gross". Nothing where the second is data.
  std::optional<std::vector<std::string>> joined_header(const std::vector<std::string>& upper,
                                                        const std::vector<std::string>& lower) const;
  // Whether a line that stands below an empty one names the columns of another table.
  bool is_next_header(const formats::TableRow& row) const;
  // What came before is kept; the rows from here on are of the other table, or refused where it cannot be read here.
  // `sheet`: of a workbook, whose other table has it for itself.
  Result<> open_next_table(const formats::TableRow& row, const std::string& sheet = {});
  // Why a line of a table is none of its rows: the header again, in other words, or a line of dashes. Empty: it is one.
  std::string not_of_the_table(const std::vector<std::string>& cells) const;

  // importer.cpp
  Result<> run(formats::FileReading& file, const formats::OpenedFile& opened);  // which is no archive
  Result<> take(formats::TableRow&& row);                                       // the first opens the header
  Result<> take(formats::JsonValue&& one);
  Result<> take(std::uint64_t line, const json::Value& value);
  void count_bytes(const formats::TableRow& row) {
    for (const std::string& cell : row.cells) bytes_since_keep += cell.size();
  }
  Result<> finish(const Result<>& end);  // `end`: how the file ended
  // A line that is no header may list people: it is told of a file in which nothing else was found.
  void note_people(const Header& looked_at);
  Error not_understood(bool mapped) const;
  static Error web_page();
  Error seen_enough();  // of a preview, which it completes

  // workbook_import.cpp
  Result<> read_workbook(formats::FileReading& file, const formats::OpenedFile& opened);

  // xml_import.cpp
  // XML, or JSON as a table: `known_table` becomes false where nothing in the JSON is understood as one.
  Result<> read_tree(formats::FileReading& file, bool json, bool& known_table);
  Result<> show_tables(formats::FileReading& file, const formats::XmlTables& found, bool json);

  // text_import.cpp
  Result<> read_text(formats::FileReading& file, const formats::OpenedFile& opened);
  Result<> read_json(formats::FileReading& file);
  formats::TextTable division_of(const formats::OpenedFile& opened);
  std::vector<std::string> given_header{};  // of a text that has none, or one in two lines
  std::size_t lines_above = 0;              // of its table, which that header stands for
  std::uint64_t data_from = 0;              // the line where a template says that its data begins
  bool text_table = false;                  // a CSV or a relative of it
  std::string encoding;                     // of a text, once read
  bool begins_as_utf8 = false;              // of a text: with letters beyond ASCII

 private:
  bool page_was_said() const;  // by the mapping: another encoding than Unicode
  bool maps_columns() const;   // and does not say alone where the records are
  Result<> check_kind(const std::string& name, const Party* of) const;
  Result<> keep_table();  // what of it waits for its end
  Result<> keep_if_full() { return keeper.full(bytes_since_keep) ? keep() : Result<>(); }
  Result<> keep();
};

}  // namespace pf::exchange
