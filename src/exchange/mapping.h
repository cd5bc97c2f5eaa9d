// What a shop says about a table's columns, where they are not understood at sight or mean something else:
//
//   {"Artikel": "sku", "Omschrijving": "title@nl-NL", "Notitie": null}
//
// or in full
//
//   {"columns": [{"column": "Kleur", "to": "color", "values": {"rood": "red"}},
//                {"column": "Netto", "to": "sell_price.EUR", "as": "round(value * 1.21, 2)"},
//                {"to": "title", "as": "[Merk] & ' ' & [Model]"},
//                {"column": "Notitie", "to": null}],
//    "select": "ean", "others": "leave", "records": "catalog/product"}
//
// `to` is a name of our own table (product_columns.h, order_columns.h); null leaves the column out. `values` changes
// whole cells, in any case of letters, before `as` works one out (expression/README.md). `select` says by what a known
// product is found: sku (as without a word) or ean. `others`: columns that are not named are read as ever ("keep", as
// without a word) or left out ("leave"). `records`, of XML and JSON: which of the things that repeat is a row, where it
// is not the one that is taken at sight: "catalog/product", "$/data/products" ("$" is an item of a JSON list, a line of
// NDJSON, or the whole of another JSON file). Of JSON, "$/products/*" says that the members of what stands there are
// the rows, whatever their names are, which are then the column "key".
//
// How a text is written can be said where the file does not show it: `encoding` (formats/encoding.h), `delimiter` and
// `quote` (formats/dialect.h). Alone, with `columns` [], these and `records` leave the columns to be understood.
// Values, any thread.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "catalog/measurement.h"
#include "exchange/party.h"
#include "expression/formula.h"
#include "formats/reading.h"

namespace pf::exchange {

inline constexpr std::size_t kMappingBytesMax = 256u << 10;
inline constexpr std::size_t kRecordsBytesMax = 1'000;
inline constexpr std::size_t kMappedColumnsMax = 1'000;
inline constexpr std::size_t kMappedValuesMax = 5'000;  // of one column

struct MappedColumn {
  std::string column{};                         // of the file; empty: the formula alone makes it
  std::string to{};                             // empty: left out
  std::map<std::string, std::string> values{};  // folded (lower case) -> what it becomes
  std::optional<expression::Formula> as{};
};
struct Mapping {
  std::vector<MappedColumn> columns{};
  bool by_ean = false;
  bool keep_others = true;
  formats::Written written{};
  std::string records{};                                                    // empty: what is understood
  std::string text{};                                                       // as it was sent
  std::shared_ptr<const catalog::Units> units = catalog::built_in_units();  // in which formulas convert: the shop's
};

// Invalid, with every fault at once; fields are "mapping.columns[2].as" and the like.
Result<Mapping> parse_mapping(std::string_view text);

// The party that the mapped table is, its rows rewritten on the way. Null when the header has none of the mapping's
// columns (it may stand further down); an Error when it has some and lacks others, or nothing would tell products
// apart.
Result<std::unique_ptr<Party>> mapped_party(const Header& header, std::string_view kind,
                                            const std::shared_ptr<const Mapping>& mapping);

}  // namespace pf::exchange
