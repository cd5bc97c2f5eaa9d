#include "catalog/association.h"

#include <algorithm>
#include <unordered_set>

#include "catalog/model.h"
#include "catalog/product.h"

namespace pf::catalog {

std::vector<FieldFault> check_association_type(AssociationType& type) {
  std::vector<FieldFault> faults;
  if (const auto good = check_code(type.code, "code"); !good.ok()) faults = good.error().faults;
  check_labels(type.labels, "labels", faults);
  if (type.parts && !type.quantified)
    faults.push_back({"parts", "quantified", "Parts make up a whole by so many of each: such links have quantities."});
  if (type.parts && type.two_way)
    faults.push_back({"parts", "two_way", "A part is not made of its kit: such links go one way."});
  return faults;
}

const std::vector<AssociationType>& usual_association_types() {
  static const std::vector<AssociationType> kUsual{
      {.code = "PACK",
       .labels = {{"en", "Pack"}, {"nl", "Pakket"}, {"de", "Paket"}, {"fr", "Lot"}},
       .quantified = true,
       .parts = true},
      {.code = "SUBSTITUTION",
       .labels = {{"en", "Substitution"}, {"nl", "Vervanging"}, {"de", "Ersatz"}, {"fr", "Remplacement"}}},
      {.code = "UPSELL",
       .labels = {{"en", "Up-sell"}, {"nl", "Upsell"}, {"de", "Up-Selling"}, {"fr", "Vente incitative"}}},
      {.code = "X_SELL",
       .labels = {{"en", "Cross-sell"}, {"nl", "Cross-sell"}, {"de", "Cross-Selling"}, {"fr", "Vente croisée"}}}};
  return kUsual;
}

std::vector<Link> kit_parts(const Model& model, const Record& record) {
  std::vector<Link> out;
  for (const auto& [kind, bytes] : record.associations) {
    const auto type = model.association_types.find(kind);
    if (type == model.association_types.end() || !type->second->said.parts) continue;
    for (Link& link : links_of_bytes(bytes)) {
      link.quantity = std::max<std::int64_t>(link.quantity, 1);
      const auto same = std::ranges::find(out, link.sku, &Link::sku);  // of another kind of parts
      if (same == out.end())
        out.push_back(std::move(link));
      else
        same->quantity = std::min(same->quantity + link.quantity, kLinkQuantityMax);
    }
  }
  return out;
}

std::string links_bytes(const std::vector<Link>& links) {
  if (links.empty()) return {};
  std::string out = "[";
  for (const auto& link : links) {
    if (out.size() > 1) out += ',';
    out += "{\"sku\":";
    json::write_string(link.sku, out);
    if (link.quantity > 0) out.append(",\"quantity\":").append(std::to_string(link.quantity));
    out += '}';
  }
  return out += ']';
}

std::vector<Link> links_of(const json::Value& value, const std::string& field, std::vector<FieldFault>& faults) {
  std::vector<Link> out;
  if (value.is_null()) return out;
  const auto* items = value.as_array();
  if (items == nullptr) {
    faults.push_back({field, "type", "must be a list such as [\"SKU-1\", {\"sku\": \"SKU-2\", \"quantity\": 2}]"});
    return out;
  }
  if (items->size() > kLinksMax) {
    faults.push_back({field, "too_many", "A product has at most " + std::to_string(kLinksMax) + " links of one kind."});
    return out;
  }
  std::unordered_set<std::string> seen;
  for (std::size_t i = 0; i < items->size(); ++i) {
    const auto& item = (*items)[i];
    const std::string at = field + "[" + std::to_string(i) + "]";
    const auto* name = item.as_string() != nullptr   ? item.as_string()
                       : item.find("sku") != nullptr ? item.find("sku")->as_string()
                                                     : nullptr;
    if (name == nullptr) {
      faults.push_back({at, "type", "must be a SKU, or an object with sku and quantity"});
      continue;
    }
    const auto sku = parse_sku(*name);
    if (!sku.ok()) {
      faults.push_back({at, sku.error().faults.empty() ? "sku" : sku.error().faults[0].code, sku.error().message});
      continue;
    }
    Link link{.sku = sku->raw()};
    if (const auto* members = item.as_object())
      for (const auto& [member, said] : *members) {
        if (member == "sku" || (member == "quantity" && said.is_null())) continue;
        const auto quantity = member == "quantity" ? said.as_int() : std::nullopt;
        if (member != "quantity")
          faults.push_back({at + "." + member, "unknown", "is not part of a link; sku and quantity are"});
        else if (!quantity || *quantity < 1 || *quantity > kLinkQuantityMax)
          faults.push_back(
              {at + ".quantity", "range", "must be a whole number from 1 to " + std::to_string(kLinkQuantityMax)});
        else
          link.quantity = *quantity;
      }
    if (seen.insert(link.sku).second) out.push_back(std::move(link));
  }
  return out;
}

std::vector<Link> links_of_bytes(std::string_view stored) {
  std::vector<FieldFault> ignored;
  const auto value = json::parse(stored);
  return value.ok() ? links_of(*value, "", ignored) : std::vector<Link>();
}

std::vector<std::string> linked_skus(const Record& record) {
  std::vector<std::string> out;
  for (const auto& [kind, bytes] : record.associations)
    for (auto& link : links_of_bytes(bytes)) out.push_back(std::move(link.sku));
  std::ranges::sort(out);
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

bool unlink(Record& record, std::string_view sku) {
  bool any = false;
  for (auto& [kind, bytes] : record.associations) {
    auto links = links_of_bytes(bytes);
    if (std::erase_if(links, [&](const Link& link) { return link.sku == sku; }) == 0) continue;
    bytes = links_bytes(links);
    any = true;
  }
  std::erase_if(record.associations, [](const auto& one) { return one.second.empty(); });
  return any;
}

std::vector<FieldFault> link_faults(const std::vector<std::string>& missing) {
  std::vector<FieldFault> out;
  for (const auto& sku : missing)
    out.push_back({"associations", "unknown", "The product \"" + sku + "\" does not exist; create it first."});
  return out;
}

void check_links(const Model& model, const ProductChange& change, std::vector<FieldFault>& faults) {
  for (const auto& [kind, value] : change.associations) {
    const auto type = model.association_types.find(kind);
    if (type == model.association_types.end() || type->second->said.quantified || value.as_array() == nullptr) continue;
    for (std::size_t i = 0; i < value.as_array()->size(); ++i)
      if ((*value.as_array())[i].find("quantity") != nullptr)
        faults.push_back({"associations." + kind + "[" + std::to_string(i) + "].quantity", "quantity",
                          "Links of the kind " + kind + " have no quantity; say so in the kind if they should."});
  }
}

}  // namespace pf::catalog
