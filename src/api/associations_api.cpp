#include "api/associations_api.h"

#include "api/limits.h"
#include "api/product_question.h"
#include "api/rows.h"
#include "api/shapes.h"
#include "api/small_list.h"
#include "catalog/association.h"
#include "gate/shape.h"

namespace pf::api {
namespace {

struct LinkRooms {
  storage::Store& store;
  catalog::Products& products;
};

// Both sides of the product's links. What is not there (a file may name what comes later), or lies outside the caller's
// categories, is not shown.
class LinkRows {
 public:
  LinkRows(const LinkRooms& rooms, const Call& call, const storage::Reader& read,
           std::shared_ptr<const catalog::Model> model)
      : rooms_(rooms), call_(call), read_(read), model_(std::move(model)), locale_(wanted_locale(call)) {}

  Result<> to(const catalog::Record& record) {
    for (const auto& [kind, bytes] : record.associations)
      for (const auto& link : catalog::links_of_bytes(bytes)) {
        PF_LET(const auto other, rooms_.products.find(read_, link.sku));
        if (other) PF_TRY(push(kind, "to", *other, link.quantity));
      }
    return {};
  }
  Result<> from(const std::string& sku) {
    PF_LET(const auto names, rooms_.products.linked_from(read_, sku, catalog::kLinksShownMax));
    for (const auto& name : names) {
      PF_LET(const auto other, rooms_.products.find(read_, name));
      if (!other) continue;
      for (const auto& [kind, bytes] : other->associations)
        for (const auto& link : catalog::links_of_bytes(bytes))
          if (link.sku == sku) PF_TRY(push(kind, "from", *other, link.quantity));
    }
    return {};
  }
  json::Value take() && { return std::move(out_); }

 private:
  Result<> push(const std::string& kind, const char* direction, const catalog::Record& other, std::int64_t quantity) {
    if (call_.limits && !call_.limits->category(other.categories)) return {};
    PF_LET(const auto title, rooms_.products.title(read_, other.sku, locale_));
    const auto type = model_->association_types.find(kind);
    const bool two_way = type != model_->association_types.end() && type->second->said.two_way;
    out_.push(json::Value::object({{"type", kind},
                                   {"direction", direction},
                                   {"two_way", two_way},
                                   {"sku", other.sku},
                                   {"title", title && !title->empty() ? json::Value(*title) : json::Value(nullptr)},
                                   {"enabled", other.enabled},
                                   {"quantity", quantity > 0 ? json::Value(quantity) : json::Value(nullptr)}}));
    return {};
  }

  const LinkRooms& rooms_;
  const Call& call_;
  const storage::Reader& read_;
  const std::shared_ptr<const catalog::Model> model_;  // shared: a change of the model makes another
  const std::string locale_;
  json::Value out_ = json::Value::array();
};

Result<Answer> links_list(const LinkRooms& rooms, const Call& call) {
  const std::string& sku = call.path_value("sku");
  const auto read = rooms.store.read();
  PF_LET(const auto record, rooms.products.find(read, sku));
  if (!record) return error(ErrorCode::not_found, "There is no product with the SKU \"" + sku + "\".");
  PF_LET(auto model, rooms.products.models().known(read));
  LinkRows rows(rooms, call, read, std::move(model));
  PF_TRY(rows.to(*record));
  PF_TRY(rows.from(sku));
  return small_list(call, std::move(rows).take(), {"locale"});
}

}  // namespace

json::Value association_types_value(const catalog::Model& model) {
  json::Value out = catalog::described_all(model, catalog::ModelKind::association_type);
  for (auto& one : *out.as_array()) one.set("described", true);
  for (const auto& usual : catalog::usual_association_types()) {
    if (model.association_types.contains(usual.code)) continue;
    json::Value one = json::write_fields(usual);
    one.set("described", false);
    out.push(std::move(one));
  }
  return out;
}

std::vector<Row> associations_routes(storage::Store& store, catalog::Products& products) {
  const LinkRooms rooms{store, products};
  auto parameters = small_list_parameters();
  parameters.emplace_back("locale", "Whose titles are shown, instead of Accept-Language.");
  return {
      {.method = Method::get,
       .path = "/api/v1/product/{sku}/association",
       .permission = Permission::catalog_read,
       .summary = "List what a product is linked to and what is linked to it; PATCH the product to change its links.",
       .answer_schema = gate::list_shape(shapes::kAssociation),
       .handler = handlers_with(rooms)(links_list),
       .query = std::move(parameters),
       .keeps = gate::kKeepsAll,
       .object = own_product(store, products)}};
}

}  // namespace pf::api
