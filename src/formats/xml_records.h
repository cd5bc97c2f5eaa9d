// Tables in XML and JSON files (tree_reader.h) whose names nobody announced: a first reading finds which elements
// repeat and what stands in them, a second one gives those elements, one by one, as rows. The memory is that of one
// record and of the names. One thread.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "formats/table_row.h"
#include "formats/tree_reader.h"

namespace pf::formats {

inline constexpr std::size_t kXmlPathsMax = 20'000;          // different paths of a file; real feeds have some hundred
inline constexpr std::size_t kXmlLanguagesMax = 100;         // of one element; the European Union has 24
inline constexpr std::size_t kXmlRecordBytesMax = 8u << 20;  // of one record: a product, pictures left out
inline constexpr std::size_t kXmlNameBytesMax = 1'000;       // of an element or attribute, all of which are kept

// An element of a record, or an attribute, which counts as one.
struct XmlElement {
  std::size_t path = 0;  // into XmlSurvey::paths()
  std::string text{};    // all of it, its elements' left out
  std::vector<XmlElement> children{};
};

struct XmlPath {
  std::string name;  // "g:price": the prefix stays; Google's is always g, whatever the document calls it
  std::size_t parent = 0;
  bool attribute = false, text = false;
  std::uint64_t count = 0, most_in_parent = 0;                 // how often in the file, and at most in one parent
  std::map<std::string, std::size_t, std::less<>> children{};  // attributes with @ in front
  std::set<std::string, std::less<>> languages{};              // of its xml:lang or lang attributes
};

// One table of a file: the elements of one path. Nested elements have dotted names ("shipping.price"), attributes their
// own; what repeats inside a record is a list. Texts in several languages (xml:lang) are columns of their own:
// "title@nl".
struct XmlTable {
  std::size_t path = 0;  // of the records
  struct Column {
    std::string name;
    bool list = false;  // its cells are JSON arrays, of texts or of objects
  };
  std::vector<Column> columns;
};

class XmlSurvey final : private TreeHandler {
 public:
  explicit XmlSurvey(Notation notation = Notation::xml, std::string keyed = {});
  // Errors of the reader; too_large above kXmlPathsMax or kXmlNameBytesMax.
  Result<> feed(std::string_view piece) { return reader_->feed(piece); }
  Result<> finish() { return reader_->finish(); }
  Notation notation() const { return notation_; }
  const std::string& keyed() const { return keyed_; }
  const std::vector<XmlPath>& paths() const { return paths_; }  // the first is the document; its child the root element
  std::string root() const;                                     // name of the root element, "" before it came
  // Places of the paths whose elements could be records, the most likely first: what repeats, outermost, most filled.
  std::vector<std::size_t> candidates() const;

 private:
  Result<> begin(const XmlName& name, const XmlAttributes& attributes) override;
  Result<> end(const XmlName& name) override;
  Result<> text(std::string_view piece) override;
  Result<> broken(std::uint64_t line, std::string_view why) override;
  Result<std::size_t> enter(std::size_t parent, const std::string& name, bool attribute);
  std::vector<XmlPath> paths_{{}};
  // Of each path, how often it stands in the parent that was numbered so when it last came.
  struct InParent {
    std::uint64_t parent = 0, count = 0;
  };
  std::vector<InParent> in_parent_{{}};
  std::vector<std::size_t> open_{0};
  const Notation notation_;
  const std::string keyed_;
  const std::unique_ptr<TreeReader> reader_;
};

class XmlRecords final : private TreeHandler {
 public:
  struct Record {
    std::uint64_t line = 0;
    XmlElement element{};
    std::size_t bytes = 0;  // in memory
    std::string fault{};    // why it is not whole; the element is then not to be used
  };
  using Take = std::function<Result<>(Record&&)>;
  // REQUIRES: the survey, of the same file, outlives it.
  XmlRecords(const XmlSurvey& survey, std::size_t path, Take take);
  Result<> feed(std::string_view piece) { return reader_->feed(piece); }
  Result<> finish() { return reader_->finish(); }
  std::uint64_t line() const { return reader_->line(); }

 private:
  Result<> begin(const XmlName& name, const XmlAttributes& attributes) override;
  Result<> end(const XmlName& name) override;
  Result<> text(std::string_view piece) override;
  Result<> broken(std::uint64_t line, std::string_view why) override;
  Result<std::size_t> known(std::size_t parent, const std::string& name) const;
  void grow(std::size_t bytes);
  const XmlSurvey& survey_;
  const std::size_t path_;
  const Take take_;
  std::vector<std::size_t> open_{0};     // paths
  std::vector<XmlElement> under_way_{};  // of the record, from its own element inwards
  Record record_{};
  const std::unique_ptr<TreeReader> reader_;
};

// A record's cells in the table's order; texts trimmed.
class XmlRows {
 public:
  XmlRows(const XmlSurvey& survey, std::size_t path);
  const XmlTable& table() const { return table_; }
  std::vector<std::string> cells(const XmlElement& record) const;

 private:
  struct Place {
    std::size_t column = kNone;
    bool list = false;
  };
  static constexpr std::size_t kNone = ~std::size_t{0};
  void add(std::size_t path, const std::string& prefix);
  const XmlSurvey& survey_;
  XmlTable table_;
  std::map<std::size_t, Place> places_;  // of a path's text, or of its elements when they are a list
  std::map<std::pair<std::size_t, std::string>, std::size_t> languages_;  // columns of a path's languages
};

}  // namespace pf::formats
