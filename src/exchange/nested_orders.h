// Orders of an XML or JSON file whose lines, buyer and addresses stand inside them, as marketplaces, shops and ERP
// programs write them, each in words of its own. What is read is what nested_order_words.h lists, in places that it
// lists; whatever stands in the place of a person leads into the vault alone. Pure functions, any thread.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "exchange/nested_order_words.h"
#include "exchange/party.h"
#include "formats/xml_records.h"

namespace pf::exchange {

// Which of a file's elements are orders, and what stands in them.
struct NestedOrders {
  enum class Of : std::uint8_t { nobody, order, line, person };
  // Of a path whose text means something; of several that mean the same the nearest is meant (`depth` below the order,
  // the line or the person), then the one whose name says it best (`rank`).
  struct Leaf {
    Of of = Of::nobody;
    nested::Meaning meaning{};
    std::uint16_t depth = 0;
  };
  std::size_t order = 0, line = 0;       // paths
  std::vector<Leaf> leaves{};            // of every path
  std::vector<nested::About> persons{};  // of every path: whom what stands in it is about, where that begins
  bool by_piece = false;                 // a line is one piece
  bool minor_units = false;              // amounts are in cents (Vendure)
  std::string left{};                    // names that mean nothing here
  bool more_left = false;
};

// Nothing where the file holds none. An order is called one, or is an item of a JSON list that says so by names that
// only orders have; it has a number, lines with pieces and what they are, and a date or a buyer with an address; and it
// is none of the papers that look so. Linear in the paths.
std::optional<NestedOrders> nested_orders(const std::vector<formats::XmlPath>& paths, bool json);
// One of them. What it says twice and differently is left out and told, or refuses it where that would be a wrong
// order.
OrderItem nested_order(const NestedOrders& of, const formats::XmlElement& record);

namespace nested {
// What a line says of its price. Amounts as they are written, empty where it says none; texts of the order's record.
struct LinePrice {
  std::string_view unit[3], price[3], total[3];  // by Tax
  std::string_view price_unit{}, basis{}, tax{}, tax_percent{}, tax_share{};
  bool net = false;  // what says nothing of tax has none in it
};
struct PricedLine {
  std::int64_t quantity = 0;
  LinePrice said{};
  std::optional<Money> price{};  // of one piece, tax included
  bool by_unsaid = false;        // of amounts whose names say nothing of tax
  bool undecided = false;        // it says amounts of which none is that for sure
};
// Decides all lines of an order together: what a "price" is of may show by the order's total.
void decide_prices(std::vector<PricedLine>& lines, Currency currency, bool minor_units,
                   const std::optional<Money>& total, const std::optional<Money>& shipping,
                   std::vector<FieldFault>& faults);
std::optional<Money> amount_said(std::string_view text, Currency currency, bool minor_units);
}  // namespace nested

}  // namespace pf::exchange
