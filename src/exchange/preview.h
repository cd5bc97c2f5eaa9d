// A look at a file before it is imported: what it is taken for, its columns with samples and what each would become,
// and what its first rows would be. Nothing is kept. The samples are the file's own cells, which may be a buyer's.
#pragma once

#include <set>

#include "exchange/importer.h"
#include "exchange/party.h"

namespace pf::exchange {

inline constexpr std::size_t kPreviewRows = 8;
inline constexpr std::size_t kPreviewTables = 8;     // each costs a walk through the beginning
inline constexpr std::size_t kSampleBytesMax = 200;  // of one cell; longer ones are cut

struct PreviewColumn {
  std::string name{};
  std::vector<std::string> samples{};  // that are not empty, of the first rows
  std::string to{};                    // a name of our own table; empty: left out, or the party's own affair
};
struct PreviewItem {
  std::uint64_t line = 0;
  std::vector<std::pair<std::string, std::string>> fields{};  // name of our own table -> what it would be
  std::vector<FieldFault> faults{};
};
// Things of an XML or JSON file that could be the records.
struct PreviewTable {
  std::string records{};  // where they are, as a mapping says it (mapping.h)
  std::uint64_t count = 0;
  std::vector<std::string> columns{};
  std::vector<std::string> sample{};  // the first one's cells
};
struct Preview {
  std::string format{};   // "shopify products", "mapped products"; empty: not understood
  std::string problem{};  // why it is not, or what is wrong with the header
  std::vector<PreviewColumn> columns{};
  std::vector<PreviewItem> items{};
  std::vector<PreviewTable> tables{};  // the most likely first; none of a file that is a table itself
  std::set<std::string> lists{};       // columns whose cells are lists, as JSON
  std::string records{};               // which of them this is about
  std::string encoding{};              // of a text: what it was read as

  // The importer's side.
  bool any_header = false;  // the first row with two cells is the header, since none is understood
  bool opened = false;
  std::size_t rows = 0;
  void open(const std::vector<std::string>& names, const Party* party, std::string why);
  void show(PreviewTable table);
  void sample(const std::vector<std::string>& cells);
  void meant(std::vector<ProductItem>& products, std::vector<OrderItem>& orders);
};

// Whether a row could be a header: two names or more.
bool could_be_header(const std::vector<std::string>& cells);

// An Error when the file is nothing that could be imported, whatever its columns mean.
Result<Preview> preview(const Rooms& rooms, ImportOptions options, formats::Source& file);

}  // namespace pf::exchange
