#include "api/limits.h"

#include "catalog/limited.h"
#include "productflow/text.h"

namespace pf::api {

ObjectCheck own_product(storage::Store& store, const catalog::Products& products) {
  return [&store, &products](const gate::Call& call) -> Result<> {
    if (call.limits->categories.empty()) return {};
    const std::string& sku = call.path_value("sku");
    PF_LET(const auto record, products.find(store.read(), sku));
    if (!record || call.limits->category(record->categories)) return {};
    return error(ErrorCode::not_found, "There is no product with the SKU \"" + sku + "\".");
  };
}

ObjectCheck own_order(storage::Store& store, const orders::Orders& orders) {
  return [&store, &orders](const gate::Call& call) -> Result<> {
    if (call.limits->channels.empty()) return {};
    const auto number = parse_int(call.path_value("id"));
    const Error unknown = error(ErrorCode::not_found, "There is no such order.");
    if (!number || *number < 1) return unknown;
    PF_LET(const auto order, orders.find(store.read(), orders::OrderId(static_cast<std::uint64_t>(*number))));
    if (!call.limits->channel(order.channel)) return unknown;
    return {};
  };
}

Result<> may_write_product(const access::Limits& limits, const catalog::Model& model,
                           const std::vector<std::string>& categories, std::string_view locale,
                           const catalog::ProductChange& change) {
  return catalog::may_become(limits, model, categories, locale, change);
}

}  // namespace pf::api
