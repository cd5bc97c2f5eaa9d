#include "formats/xlsx_reader.h"

#include <algorithm>
#include <charconv>
#include <map>

#include "formats/sheet_values.h"
#include "formats/xml_reader.h"
#include "productflow/text.h"

namespace pf::formats {
namespace {

constexpr std::size_t kPartBytesMax = 16u << 20;  // of a workbook's small parts: styles of real ones are below 2 MiB

template <class Number>
std::optional<Number> number_in(std::string_view text) {
  Number number{};
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), number);
  return fault == std::errc{} && end == text.data() + text.size() && !text.empty() ? std::optional(number)
                                                                                   : std::nullopt;
}
bool is_true(std::string_view text) {
  return text == "1" || text == "true" || text == "on";
}

// "/xl/worksheets/sheet1.xml" or "worksheets/../sheet1.xml" seen from the folder "xl": the name in the archive.
std::string resolved(std::string_view folder, std::string_view target) {
  std::vector<std::string_view> parts;
  if (target.starts_with('/'))
    target.remove_prefix(1);
  else
    parts = split(folder, '/');
  for (const std::string_view part : split(target, '/')) {
    if (part == ".." && !parts.empty())
      parts.pop_back();
    else if (part != "." && part != "..")
      parts.push_back(part);
  }
  std::string out;
  for (const std::string_view part : parts)
    if (!part.empty()) out.append(out.empty() ? "" : "/").append(part);
  return out;
}

struct Relations final : XmlHandler {
  struct One {
    std::string id, kind, target;  // kind: the last part of its type
  };
  std::vector<One> all;
  Result<> begin(const XmlName& name, const XmlAttributes& in) override {
    if (name.local != "Relationship" || all.size() >= kSheetsMax * 10) return {};
    const std::string_view type = in.value("Type");
    all.push_back(
        {std::string(in.value("Id")), std::string(type.substr(type.rfind('/') + 1)), std::string(in.value("Target"))});
    return {};
  }
  Result<> end(const XmlName&) override { return {}; }
  Result<> text(std::string_view) override { return {}; }
};

struct Workbook final : XmlHandler {
  struct Sheet {
    std::string name, relation;
    bool hidden = false;
  };
  std::vector<Sheet> sheets;
  bool since_1904 = false;
  Result<> begin(const XmlName& name, const XmlAttributes& in) override {
    if (name.local == "workbookPr") since_1904 = is_true(in.value("date1904"));
    if (name.local != "sheet") return {};
    if (sheets.size() >= kSheetsMax) return error(ErrorCode::too_large, "The workbook has more than 1,000 sheets.");
    const std::string_view state = in.value("state");
    sheets.push_back(
        {std::string(in.value("name")), std::string(in.value("id")), state == "hidden" || state == "veryHidden"});
    return {};
  }
  Result<> end(const XmlName&) override { return {}; }
  Result<> text(std::string_view) override { return {}; }
};

struct Styles final : XmlHandler {
  std::map<unsigned, NumberFormat> own;
  std::vector<NumberFormat> of_style;  // a cell's s= counts into it
  bool in_cell_styles = false;
  Result<> begin(const XmlName& name, const XmlAttributes& in) override {
    const auto id = number_in<unsigned>(in.value("numFmtId")).value_or(0);
    if (name.local == "numFmt")
      own.insert_or_assign(id, number_format(in.value("formatCode")));
    else if (name.local == "cellXfs")
      in_cell_styles = true;
    else if (name.local == "xf" && in_cell_styles) {
      const auto found = own.find(id);
      of_style.push_back(found != own.end() ? found->second : built_in_number_format(id));
    }
    return {};
  }
  Result<> end(const XmlName& name) override {
    if (name.local == "cellXfs") in_cell_styles = false;
    return {};
  }
  Result<> text(std::string_view) override { return {}; }
};

// <sst><si><t>one</t></si><si><r><t>in </t></r><r><t>runs</t></r><rPh>how it is spoken</rPh></si>
struct SharedTexts final : XmlHandler {
  std::string bytes;
  std::vector<std::uint32_t> ends;  // of each text in `bytes`
  int spoken = 0;
  bool in_text = false;
  std::string_view at(std::size_t index) const {
    const std::size_t from = index == 0 ? 0 : ends[index - 1];
    return std::string_view(bytes).substr(from, ends[index] - from);
  }
  Result<> begin(const XmlName& name, const XmlAttributes&) override {
    if (name.local == "rPh") ++spoken;
    if (name.local == "t") in_text = spoken == 0;
    return {};
  }
  Result<> end(const XmlName& name) override {
    if (name.local == "rPh") --spoken;
    if (name.local == "t") in_text = false;
    if (name.local == "si") ends.push_back(static_cast<std::uint32_t>(bytes.size()));
    return check();
  }
  Result<> text(std::string_view piece) override {
    if (in_text) bytes += piece;
    return check();
  }
  Result<> check() const {
    if (bytes.size() + ends.size() * sizeof(std::uint32_t) <= kSharedTextBytesMax) return {};
    return error(
        ErrorCode::too_large,
        "The workbook's texts come to more than 128 MiB. Save the sheet as CSV UTF-8 and import that, or split "
        "the workbook.");
  }
};

Error damaged_workbook(const std::string& how) {
  return error(ErrorCode::invalid, "The workbook is damaged: " + how + ". Save it anew and send it again.");
}
// What the parser says of a part means nothing to somebody who sees a workbook.
Result<> of_workbook(Result<> parsed, const std::string& part) {
  if (parsed.ok() || parsed.error().code != ErrorCode::invalid) return parsed;
  return damaged_workbook(part + ", " + parsed.error().message);
}

Result<> parse_part(ZipReader& archive, const std::string& name, XmlHandler& handler, bool small) {
  const ZipEntry* entry = archive.find(name);
  if (entry == nullptr) return damaged_workbook("a part of it is missing");
  XmlReader xml(handler, XmlReader::Names::as_written);
  std::size_t bytes = 0;
  PF_TRY(archive.read(*entry, [&](std::string_view piece) -> Result<ZipReader::Go> {
    bytes += piece.size();
    if (small && bytes > kPartBytesMax)
      return error(ErrorCode::too_large, "The workbook's description of itself is larger than 16 MiB, which none is.");
    PF_TRY(of_workbook(xml.feed(piece), name));
    return ZipReader::Go::on;
  }));
  return of_workbook(xml.finish(), name);
}

// Cells that are one over several rows.
struct Merge {
  std::uint64_t first = 0, last = 0;  // rows
  std::size_t column = 0;
  std::string value{};  // once the first row has been read
};

// "BC17", from the front of `text`.
std::optional<std::pair<std::size_t, std::uint64_t>> place_in(std::string_view& text) {
  std::size_t column = 0, at = 0;
  while (at < text.size() && text[at] >= 'A' && text[at] <= 'Z' && column < 20'000)
    column = column * 26 + static_cast<std::size_t>(text[at++] - 'A' + 1);
  const std::size_t digits = at;
  while (at < text.size() && text[at] >= '0' && text[at] <= '9') ++at;
  const auto row = number_in<std::uint64_t>(text.substr(digits, at - digits));
  text.remove_prefix(at);
  if (column == 0 || !row) return std::nullopt;
  return std::pair(column - 1, *row);
}

// <mergeCells count="1"><mergeCell ref="C2:C4"/></mergeCells>; by their first rows.
Result<std::vector<Merge>> merges_of(ZipReader& archive, const ZipEntry& entry) {
  constexpr std::string_view kMark = "mergeCell ", kRef = "ref=\"";
  constexpr std::size_t kTagMax = 100;  // letters of one, behind its name
  std::vector<Merge> out;
  std::string text;  // what is not looked at yet
  const auto look = [&](bool last) {
    std::size_t at = 0;
    while (out.size() < kMergesMax) {
      const std::size_t mark = text.find(kMark, at);
      if (mark == std::string::npos || (!last && text.size() - mark < kTagMax)) {
        at = mark != std::string::npos ? mark : text.size() - std::min(text.size(), kMark.size());
        break;
      }
      at = mark + kMark.size();
      std::string_view tag = std::string_view(text).substr(at, kTagMax);
      const std::size_t ref = tag.find(kRef);
      if (ref == std::string_view::npos) continue;
      tag.remove_prefix(ref + kRef.size());
      const auto from = place_in(tag);
      if (!from || !tag.starts_with(':')) continue;
      tag.remove_prefix(1);
      const auto to = place_in(tag);
      if (to && to->second > from->second) out.push_back({from->second, to->second, from->first});
    }
    text.erase(0, at);
  };
  std::uint64_t bytes = 0;  // the archive may say less than there are
  PF_TRY(archive.read(entry, [&](std::string_view piece) -> Result<ZipReader::Go> {
    text += piece;
    bytes += piece.size();
    look(false);
    return out.size() < kMergesMax && bytes <= kMergesLookedForMax ? ZipReader::Go::on : ZipReader::Go::enough;
  }));
  look(true);
  std::ranges::stable_sort(out, {}, &Merge::first);
  return out;
}

// A sheet's rows: <row r="2"><c r="C2" s="4" t="s"><v>17</v></c></row>
class SheetRows final : public XmlHandler {
 public:
  SheetRows(const SharedTexts& texts, const Styles& styles, bool since_1904, std::vector<Merge> merges,
            const XlsxReader::TakeRow& take)
      : texts_(texts), styles_(styles), since_1904_(since_1904), merges_(std::move(merges)), take_(take) {}
  bool enough() const { return enough_; }
  bool refused() const { return refused_; }  // by whoever takes the rows, not by the parser

  Result<> begin(const XmlName& name, const XmlAttributes& in) override {
    if (enough_) return {};
    if (name.local == "c") {
      begin_cell(in);
    } else if (name.local == "v" || name.local == "t") {
      in_value_ = in_cell_ && spoken_ == 0;
      had_value_ = true;
    } else if (name.local == "f") {
      formula_ = true;
    } else if (name.local == "rPh") {
      ++spoken_;
    } else if (name.local == "row") {
      const auto number = number_in<std::uint64_t>(in.value("r"));
      line_ = number ? *number : line_ + 1;
      row_ = {};
      row_.line = line_;
      column_ = bytes_ = 0;
    }
    return {};
  }
  Result<> end(const XmlName& name) override {
    if (enough_) return {};
    if (name.local == "v" || name.local == "t")
      in_value_ = false;
    else if (name.local == "rPh")
      --spoken_;
    else if (name.local == "c")
      end_cell();
    else if (name.local == "row" && (!row_.cells.empty() || !row_.fault.empty() || !row_.remarks.empty())) {
      if (all_bytes_ > kUnpackedBytesMax)
        return error(ErrorCode::too_large, "The sheet's cells come to more than 16 GiB, which no sheet does.");
      if (!merges_.empty()) fill_merged();
      const auto go = take_(std::move(row_));
      if (!go.ok()) {
        refused_ = true;
        return go.error();
      }
      row_ = {};
      enough_ = *go == ZipReader::Go::enough;
    }
    return {};
  }
  Result<> text(std::string_view piece) override {
    if (!in_value_ || enough_) return {};
    if (value_.size() + piece.size() > kCellBytesMax)
      row_.fault = "has a cell larger than 4 MiB";
    else
      value_ += piece;
    return {};
  }

 private:
  // Of the rows that say something themselves: below a table a merged remark is one line, not several.
  void fill_merged() {
    while (next_merge_ < merges_.size() && merges_[next_merge_].first <= line_) {
      Merge& merge = merges_[next_merge_++];
      constexpr std::size_t kValueMax = 32'767;  // letters of a cell in Excel
      if (merge.first == line_ && merge.column < row_.cells.size() && row_.cells[merge.column].size() <= kValueMax)
        merge.value = row_.cells[merge.column];
      constexpr std::size_t kOpenMax = 500;  // at once; each costs every row a look
      if (!merge.value.empty() && open_merges_.size() < kOpenMax) open_merges_.push_back(std::move(merge));
    }
    std::erase_if(open_merges_, [&](const Merge& merge) { return merge.last < line_; });
    if (row_.cells.empty() || !row_.fault.empty()) return;
    for (const Merge& merge : open_merges_) {
      if (merge.first == line_ || merge.column >= kColumnsMax) continue;
      if (row_.cells.size() <= merge.column) row_.cells.resize(merge.column + 1);
      if (!row_.cells[merge.column].empty()) continue;
      bytes_ += merge.value.size();
      all_bytes_ += merge.value.size();
      if (bytes_ > kRowBytesMax) return;
      row_.cells[merge.column] = merge.value;
    }
  }

  void begin_cell(const XmlAttributes& in) {
    in_cell_ = true;
    type_ = Type::number;
    style_ = 0;
    value_.clear();
    formula_ = had_value_ = false;
    for (std::size_t i = 0; in.at(i); ++i) {
      const auto [name, value] = in[i];
      if (name.local == "r") {
        // "BC17": letters count from A to XFD, Excel's last.
        std::size_t column = 0;
        for (const char c : value) {
          if (c < 'A' || c > 'Z' || column > 20'000) break;
          column = column * 26 + static_cast<std::size_t>(c - 'A' + 1);
        }
        if (column > 0) column_ = column - 1;
      } else if (name.local == "s") {
        style_ = number_in<std::size_t>(value).value_or(0);
      } else if (name.local == "t") {
        type_ = value == "s"           ? Type::shared
                : value == "str"       ? Type::text
                : value == "inlineStr" ? Type::text
                : value == "b"         ? Type::boolean
                : value == "e"         ? Type::fault
                : value == "d"         ? Type::text
                                       : Type::number;
      }
    }
  }

  void end_cell() {
    in_cell_ = false;
    const std::size_t column = column_++;
    if (value_.empty() && formula_ && !had_value_ && row_.remarks.size() < kColumnsMax)  // as programs write them
      row_.remarks.push_back({column,
                              "holds a formula without its result; it was read as empty. Open the workbook in a "
                              "spreadsheet program and save it, which calculates"});
    if (value_.empty()) return;
    if (type_ == Type::fault) {
      if (row_.remarks.size() < kColumnsMax)
        row_.remarks.push_back(
            {column, "holds the spreadsheet's error " + value_.substr(0, 20) + "; it was read as empty"});
      return;
    }
    std::string shown = shown_value();
    if (shown.empty() || !row_.fault.empty()) return;
    bytes_ += shown.size();
    if (column >= kColumnsMax) row_.fault = "has more than 5,000 columns";
    if (bytes_ > kRowBytesMax) row_.fault = "is larger than 64 MiB";
    all_bytes_ += shown.size();  // of which a shared text may stand in any number of cells
    if (!row_.fault.empty()) return;
    if (row_.cells.size() <= column) row_.cells.resize(column + 1);
    row_.cells[column] = std::move(shown);
  }

  std::string shown_value() {
    switch (type_) {
      case Type::shared: {
        const auto index = number_in<std::size_t>(trim(value_));
        if (!index || *index >= texts_.ends.size()) {
          row_.fault = "names a text that the workbook does not hold; the file is damaged";
          return {};
        }
        const std::string_view found = texts_.at(*index);
        if (found.size() > kCellBytesMax) row_.fault = "has a cell larger than 4 MiB";
        return row_.fault.empty() ? unescaped(found) : std::string();
      }
      case Type::text:
        return unescaped(value_);
      case Type::boolean:
        return is_true(trim(value_)) ? "true" : "false";
      case Type::number:
      case Type::fault:
        break;
    }
    return sheet_cell(trim(value_), style_ < styles_.of_style.size() ? styles_.of_style[style_] : NumberFormat{},
                      since_1904_);
  }
  static std::string unescaped(std::string_view text) {
    return text.find("_x") == std::string_view::npos ? std::string(text) : unescaped_sheet_text(text);
  }

  const SharedTexts& texts_;
  const Styles& styles_;
  const bool since_1904_;
  std::vector<Merge> merges_, open_merges_;
  std::size_t next_merge_ = 0;
  const XlsxReader::TakeRow& take_;
  TableRow row_;
  enum class Type { number, shared, text, boolean, fault } type_ = Type::number;
  std::string value_;
  std::size_t style_ = 0, column_ = 0, bytes_ = 0;
  std::uint64_t line_ = 0, all_bytes_ = 0;
  int spoken_ = 0;
  bool in_cell_ = false, in_value_ = false, formula_ = false, had_value_ = false, enough_ = false, refused_ = false;
};

// The workbook's main part, by the archive's own relations or where everybody puts it.
std::string main_part(ZipReader& archive) {
  Relations root;
  if (archive.find("_rels/.rels") != nullptr && parse_part(archive, "_rels/.rels", root, true).ok())
    for (const auto& one : root.all)
      if (one.kind == "officeDocument") return resolved("", one.target);
  return "xl/workbook.xml";
}

}  // namespace

struct XlsxReader::Impl {
  explicit Impl(ZipReader& a) : archive(a) {}
  ZipReader& archive;
  std::vector<std::string> names, parts;  // of the visible sheets
  SharedTexts texts;
  Styles styles;
  bool since_1904 = false;
};

XlsxReader::XlsxReader(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
XlsxReader::~XlsxReader() = default;
XlsxReader::XlsxReader(XlsxReader&&) noexcept = default;
XlsxReader& XlsxReader::operator=(XlsxReader&&) noexcept = default;

bool XlsxReader::is_workbook(const ZipReader& archive) {
  return archive.find("[Content_Types].xml") != nullptr || archive.find("xl/workbook.xml") != nullptr;
}

Result<XlsxReader> XlsxReader::open(ZipReader& archive) {
  for (const auto& [part, what] : {std::pair{"xl/workbook.bin", "a binary Excel workbook (.xlsb)"},
                                   {"word/document.xml", "a text document (Word)"},
                                   {"ppt/presentation.xml", "a presentation (PowerPoint)"}})
    if (archive.find(part) != nullptr)
      return error(ErrorCode::unsupported,
                   "This is " + std::string(what) +
                       ". Save the table as Excel workbook (.xlsx) or as CSV UTF-8 and import that.");
  auto impl = std::make_unique<Impl>(archive);
  const std::string main = main_part(archive);
  const std::size_t slash = main.rfind('/');
  const std::string folder = slash == std::string::npos ? "" : main.substr(0, slash);
  const std::string file = slash == std::string::npos ? main : main.substr(slash + 1);
  Workbook book;
  Relations relations;
  PF_TRY(parse_part(archive, main, book, true));
  PF_TRY(parse_part(archive, resolved(folder, "_rels/" + file + ".rels"), relations, true));
  impl->since_1904 = book.since_1904;
  std::map<std::string, const Relations::One*, std::less<>> by_id;
  for (const auto& one : relations.all) {
    by_id.emplace(one.id, &one);
    const std::string part = resolved(folder, one.target);
    if (one.kind == "styles" && archive.find(part) != nullptr) PF_TRY(parse_part(archive, part, impl->styles, true));
    if (one.kind == "sharedStrings" && archive.find(part) != nullptr) {
      impl->texts = {};
      PF_TRY(parse_part(archive, part, impl->texts, false));
    }
  }
  for (const Workbook::Sheet& sheet : book.sheets) {
    const auto found = by_id.find(sheet.relation);
    if (sheet.hidden || found == by_id.end() || found->second->kind != "worksheet") continue;
    impl->names.push_back(sheet.name);
    impl->parts.push_back(resolved(folder, found->second->target));
  }
  if (impl->names.empty())
    return error(ErrorCode::invalid,
                 "The workbook has no sheet that can be seen. Show the sheet that holds the rows, and save it.");
  return XlsxReader(std::move(impl));
}

const std::vector<std::string>& XlsxReader::sheets() const {
  return impl_->names;
}

Result<> XlsxReader::rows(std::size_t sheet, const TakeRow& row) {
  const ZipEntry* entry = impl_->archive.find(impl_->parts.at(sheet));
  if (entry == nullptr) return damaged_workbook("a sheet of it is missing");
  std::vector<Merge> merges;
  if (entry->bytes <= kMergesLookedForMax)
    if (auto found = merges_of(impl_->archive, *entry); found.ok()) merges = *std::move(found);
  SheetRows rows(impl_->texts, impl_->styles, impl_->since_1904, std::move(merges), row);
  XmlReader xml(rows, XmlReader::Names::as_written);
  PF_TRY(impl_->archive.read(*entry, [&](std::string_view piece) -> Result<ZipReader::Go> {
    auto fed = xml.feed(piece);
    PF_TRY(rows.refused() ? std::move(fed) : of_workbook(std::move(fed), entry->name));
    return rows.enough() ? ZipReader::Go::enough : ZipReader::Go::on;
  }));
  if (rows.enough()) return {};
  auto done = xml.finish();
  return rows.refused() ? done : of_workbook(std::move(done), entry->name);
}

}  // namespace pf::formats
