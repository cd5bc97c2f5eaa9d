// Orders of an XML or JSON file whose lines, buyer and addresses stand inside them, as marketplaces, shops and ERP
// programs write them, each in words of its own. Pure functions, any thread.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "exchange/party.h"
#include "formats/xml_records.h"

namespace pf::exchange {

struct NestedOrders {
  // Whom or what a text is about. An address may say only in the file whose it is (type="billing").
  enum class Of { nothing, order, buyer, shipping, billing, address, payment, line };
  struct Meaning {
    Of of = Of::nothing;
    std::string field{};  // a name of our own table of orders (plain_orders.cpp)
  };
  std::size_t order = 0, line = 0;            // paths of an order and of its lines
  bool by_piece = false;                      // a line is one piece
  std::map<std::size_t, Meaning> meanings{};  // of paths
  std::set<std::size_t> addresses{};          // paths of those whose kind the file says
  std::set<std::size_t> kinds{};              // paths that say it
  std::set<std::size_t> currencies{};         // paths that say it of an amount
  std::string left{};                         // names that mean nothing here
};

// Nothing where the file holds none: what a carrier, an invoice or a cart holds are lines too, and no orders.
std::optional<NestedOrders> nested_orders(const std::vector<formats::XmlPath>& paths);
OrderItem nested_order(const NestedOrders& of, const std::vector<formats::XmlPath>& paths,
                       const formats::XmlElement& record);

}  // namespace pf::exchange
