// Orders as PrestaShop's webservice answers them: GET /api/orders?display=full&output_format=JSON. They name the buyer,
// both addresses and the currency by their numbers in answers of their own, so that nothing can be sent or counted by
// them: that is told. By PrestaShop's documentation of the resource "orders", devdocs.prestashop-project.org.
#include "exchange/json_orders.h"

namespace pf::exchange {

bool is_prestashop_order(const json::Value& in) {
  return in.find("id_address_delivery") != nullptr && in.find("id_currency") != nullptr &&
         in.find("current_state") != nullptr && in.find("total_paid_tax_incl") != nullptr;
}

OrderItem prestashop_order(const json::Value& in) {
  OrderItem item;
  item.order.channel = "prestashop";
  item.order.channel_order_id = words_in(in, "reference");
  tell(item.faults, "id_address_delivery", "required",
       "is a number that only PrestaShop knows, as the currency and the buyer are: nothing could be "
       "sent by this. Export the orders with their buyers as CSV (Advanced Parameters, Database, a "
       "query) and import that");
  return item;
}

}  // namespace pf::exchange
