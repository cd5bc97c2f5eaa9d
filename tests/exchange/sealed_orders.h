// Orders of other systems in a file's text, and where their buyers may stand: in the vault and nowhere else.
#pragma once

#include "shop.h"

namespace pf::test {

inline std::string with(std::string text, std::string_view from, std::string_view to) {
  const std::size_t at = text.find(from);
  REQUIRE(at != std::string::npos);
  return text.replace(at, from.size(), to);
}
inline std::string sealed(ImportShop& shop, const orders::Order& order, vault::Field field) {
  const auto buyer = shop.orders->reveal(shop.clerk, order.id, "test");
  REQUIRE(buyer.ok());
  const auto* found = buyer->find(field);
  return found != nullptr ? std::string(found->in_the_clear()) : std::string();
}
// Nothing of the buyer stands in what is not sealed.
inline void holds_nobody(const orders::Order& order, const Done& done) {
  std::string open = order.channel_order_id + order.payment_method + order.shipping_method + done.told("notice");
  for (const auto& line : order.lines) open += line.sku + line.title + line.channel_line_id;
  for (const char* secret : {"Quillonbury", "Vexillologylaan", "zyx@", "97 0000"})
    CHECK_MESSAGE(open.find(secret) == std::string::npos, std::string(secret));
}

}  // namespace pf::test
