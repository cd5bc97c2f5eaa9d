#include "exchange/party.h"

#include "exchange/mapping.h"
#include "exchange/product_columns.h"
#include "productflow/text.h"

namespace pf::exchange {

std::string_view visible(std::string_view text) {
  for (;;) {
    text = trim(text);
    const auto is_ascii = [](char c) { return static_cast<unsigned char>(c) < 0x80; };  // no mark begins or ends so
    if (text.empty() || (is_ascii(text.front()) && is_ascii(text.back()))) return text;
    const std::size_t before = text.size();
    for (const std::string_view mark : {"\u00a0", "\u200b", "\ufeff", "\u200e", "\u200f"}) {
      if (text.starts_with(mark)) text.remove_prefix(mark.size());
      if (text.ends_with(mark)) text.remove_suffix(mark.size());
    }
    if (text.size() == before) return text;
  }
}

namespace {

// "Preis\n(EUR)" as one line, "Artikel-\nnummer" as the word that was divided.
std::string in_one_line(std::string_view name) {
  std::string out;
  for (std::size_t i = 0; i < name.size(); ++i) {
    if (name[i] != '\n' && name[i] != '\r') {
      out += name[i];
      continue;
    }
    while (i + 1 < name.size() && (name[i + 1] == '\n' || name[i + 1] == '\r' || name[i + 1] == ' ')) ++i;
    const bool small_before =
        out.size() > 1 && out.back() == '-' && lower_ascii(out.substr(out.size() - 2)) == out.substr(out.size() - 2);
    if (small_before && i + 1 < name.size() && name[i + 1] >= 'a' && name[i + 1] <= 'z')
      out.pop_back();
    else if (!out.empty() && out.back() != ' ')
      out += ' ';
  }
  return out;
}

}  // namespace

Header::Header(const std::vector<std::string>& names) {
  for (const std::string& written : names) {
    const std::string name = in_one_line(visible(written));
    by_folded_.emplace(lower_ascii(name), names_.size());
    names_.push_back(name);
  }
  // "#sku", as programs mark the line of names in front. A name of its own goes before it.
  if (!names_.empty() && names_[0].size() > 1 && names_[0][0] == '#')
    by_folded_.emplace(lower_ascii(trim(std::string_view(names_[0]).substr(1))), 0);
}

std::optional<std::size_t> Header::find(std::string_view name) const {
  const bool lines = name.find_first_of("\r\n") != std::string_view::npos;  // as a mapping may have it
  const auto found = by_folded_.find(lines ? lower_ascii(in_one_line(visible(name))) : lower_ascii(name));
  return found == by_folded_.end() ? std::nullopt : std::optional(found->second);
}

std::string_view Row::cell(std::string_view name) const {
  return cell(header->find(name));
}
std::string_view Row::cell(std::optional<std::size_t> column) const {
  return column && *column < cells.size() ? trim(cells[*column]) : std::string_view{};
}

FieldFault beyond_describing() {
  return {"", "too_many", "is beyond the " + std::to_string(kDescribingRowsMax) + " rows that one such file may have"};
}

Result<std::unique_ptr<Party>> party_for(const Header& header, std::string_view kind,
                                         const std::shared_ptr<const Mapping>& mapping) {
  if (mapping && !mapping->columns.empty()) return mapped_party(header, kind, mapping);
  if (std::string advice = known_and_left(header); !advice.empty())
    return error(ErrorCode::unsupported, std::move(advice));
  if (kind == "stock") return stock_levels(header, true);
  if (kind == "tracking") return tracking_numbers(header);
  if (is_own_export(header)) return plain_products(header);
  if (auto references = reference_rows(header)) return references;
  if (auto report = processing_report(header)) return report;
  using Make = std::unique_ptr<Party> (*)(const Header&);
  for (const Make make :
       {amazon_orders, shopify_orders, ebay_orders, woocommerce_products, wordpress_products, magento_products,
        shopify_products, dialect_products, datanorm_products, vendure_products, unopim_products, taxonomy_categories})
    if (auto party = make(header)) return party;
  PF_LET(auto etsy, etsy_orders(header));
  if (etsy) return etsy;
  PF_LET(auto unopim, unopim_model(header));
  if (unopim) return unopim;
  if (auto model = akeneo_model(header)) return model;
  if (auto categories = category_list(header, kind == "model")) return categories;
  if (auto lists = akeneo_lists(header)) return lists;
  PF_LET(auto akeneo, akeneo_products(header));
  if (akeneo) return akeneo;
  if (kind != "product")
    if (auto stock = stock_levels(header, false)) return stock;
  if (auto orders = plain_orders(header)) return orders;
  if (auto tracking = tracking_numbers(header)) return tracking;
  auto products = plain_products(header);
  const std::string people = people_in(header);
  if (!products && orders_without_lines(header))
    return error(
        ErrorCode::unsupported,
        "This is a list of orders without their lines: it names no SKU and no quantity. Export the orders with "
        "their items, a row for each, and import that.");
  if (products && !people.empty())
    return error(ErrorCode::unsupported,
                 "This file holds people (" + people.substr(0, 300) +
                     "), so it was not read as products, whose fields everybody sees; and for orders it needs columns "
                     "for the order, the SKU and the quantity. A mapping can say what its columns mean.");
  if (std::string paper = lines_of_papers(header); products && !paper.empty())
    return error(ErrorCode::unsupported, std::move(paper));
  return products;
}

}  // namespace pf::exchange
