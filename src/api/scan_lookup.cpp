#include "api/scan_lookup.h"

#include <algorithm>

namespace pf::api {
namespace {

constexpr std::size_t kProductsOfCode = 10;  // one; more only where numbers are not kept unique

// As it stands, and as every length of GTIN (GS1 General Specifications 2.1: 8, 12, 13 or 14 digits) writes the number.
std::vector<std::string> forms_of(const std::string& code) {
  std::vector<std::string> forms{code};
  const bool digits =
      !code.empty() && code.size() <= 14 && std::ranges::all_of(code, [](char c) { return c >= '0' && c <= '9'; });
  if (!digits) return forms;
  const std::string bare = code.substr(std::min(code.find_first_not_of('0'), code.size() - 1));
  for (const std::size_t length : {8u, 12u, 13u, 14u})
    if (bare.size() <= length) forms.push_back(std::string(length - bare.size(), '0') + bare);
  return forms;
}

}  // namespace

Result<> look_up_scan(const OrderRooms& rooms, const Call& call, orders::Scan& scan) {
  if (scan.code.empty() || scan.code.size() > orders::kCodeBytesMax) return {};
  const auto read = rooms.store.read();
  catalog::Products& products = rooms.products;
  catalog::ProductQuery query{.count = kProductsOfCode, .skus_only = true};
  query.where.push_back({"ean", catalog::Operator::in, forms_of(scan.code)});
  PF_LET(const auto page, products.list(read, query));
  std::vector<std::string> skus = page.skus;
  skus.insert(skus.begin(), scan.code);
  for (const std::string& sku : skus) {
    PF_LET(const auto product, products.find(read, sku));
    if (!product || (call.limits && !call.limits->category(product->categories))) continue;
    scan.skus.push_back(sku);
    if (!scan.name.empty()) continue;
    PF_LET(const auto title, products.title(read, sku, call.locale));
    scan.name = title && !title->empty() ? *title + " (" + sku + ")" : sku;
  }
  return {};
}

}  // namespace pf::api
