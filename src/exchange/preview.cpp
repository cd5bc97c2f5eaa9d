#include "exchange/preview.h"

#include <algorithm>

#include "exchange/product_columns.h"
#include "productflow/text.h"

namespace pf::exchange {
namespace {

// Cut between two characters.
std::string cut(std::string_view text) {
  if (text.size() <= kSampleBytesMax) return std::string(text);
  std::size_t end = kSampleBytesMax;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) --end;
  return std::string(text.substr(0, end)) + "…";
}

std::string in_one_line(const std::vector<std::string>& parts) {
  std::string out;
  for (const std::string& part : parts) out += (out.empty() ? "" : " | ") + part;
  return out;
}

std::string shown(const json::Value& value) {
  return cut(value.as_string() != nullptr ? *value.as_string() : json::write(value));
}

PreviewItem shown(const ProductItem& item) {
  PreviewItem out{.line = item.line, .faults = item.faults};
  const auto put = [&](std::string name, std::string_view value) {
    out.fields.emplace_back(std::move(name), cut(value));
  };
  const catalog::ProductChange& change = item.change;
  if (!item.sku.empty() || !item.files.empty()) put("sku", item.sku);
  if (change.title) put("title", *change.title);
  if (change.description) put("description", *change.description);
  if (change.brand) put("brand", *change.brand);
  if (change.ean) put("ean", *change.ean);
  if (change.family) put("family", *change.family);
  if (change.parent && *change.parent) put("parent", **change.parent);
  if (change.categories) put("categories", in_one_line(*change.categories));
  if (change.images) put("images", in_one_line(*change.images));
  if (!item.files.empty()) put("images", in_one_line(item.files));
  if (change.enabled) put("enabled", *change.enabled ? "yes" : "no");
  if (item.offer)
    for (const auto& [currency, prices] : item.offer->prices)
      for (const auto& price : prices) put(price_column(price.kind, currency), price.decimal.value_or(""));
  if (item.stock) put("stock", std::to_string(*item.stock));
  if (!item.location.empty()) put("location", item.location);
  for (const auto& [name, value] : change.attributes) put(attribute_column(name, "", false), shown(value));
  for (const auto& [locale, texts] : change.texts)
    for (const auto& [name, value] : texts) {
      const bool text = name == "title" || name == "description";
      put(text ? name + "@" + locale : attribute_column(name, locale, false), shown(value));
    }
  out.faults.insert(out.faults.end(), item.notices.begin(), item.notices.end());
  // The catalogue would refuse it, and says so only when it is asked.
  if (change.ean && !change.ean->empty())
    if (const auto ean = catalog::parse_ean(*change.ean); !ean.ok())
      out.faults.push_back({"ean", "check_digit", ean.error().message});
  return out;
}

// No buyer: the samples show the file's own cells, what they become is sealed.
PreviewItem shown(const OrderItem& item) {
  PreviewItem out{.line = item.lines.empty() ? 0 : item.lines.front(), .faults = item.faults};
  out.fields.emplace_back("channel_order_id", cut(item.order.channel_order_id));
  out.fields.emplace_back("channel", cut(item.order.channel));
  if (item.order.placed_at) out.fields.emplace_back("placed_at", rfc3339(*item.order.placed_at));
  if (item.order.channel_status) out.fields.emplace_back("status", cut(*item.order.channel_status));
  if (item.order.total) out.fields.emplace_back("total", decimal(*item.order.total));
  if (item.order.shipping_cost) out.fields.emplace_back("shipping_cost", decimal(*item.order.shipping_cost));
  if (!item.order.payment_method.empty()) out.fields.emplace_back("payment_method", cut(item.order.payment_method));
  if (!item.order.shipping_method.empty()) out.fields.emplace_back("shipping_method", cut(item.order.shipping_method));
  for (const auto& line : item.order.lines) {
    out.fields.emplace_back("sku", cut(std::to_string(line.quantity) + " × " + line.sku));
    if (line.price) out.fields.emplace_back("price", decimal(*line.price));
  }
  out.faults.insert(out.faults.end(), item.notices.begin(), item.notices.end());
  return out;
}

}  // namespace

bool could_be_header(const std::vector<std::string>& cells) {
  return std::ranges::count_if(cells, [](const std::string& cell) { return !trim(cell).empty(); }) >= 2;
}

void Preview::open(const std::vector<std::string>& names, const Party* party, std::string why) {
  opened = true;
  problem = std::move(why);
  format = party != nullptr ? party->name() : std::string();
  for (const std::string& name : names) columns.push_back({.name = name});
  const Header header(names);
  // Of a party of its own, columns are its own affair; else each has a meaning that a mapping may change.
  if (!format.empty() && format != "products" && format != "productflow products" && format != "stock" &&
      format != "orders")
    return;
  const auto of_orders = order_columns(header);
  const bool orders =
      format == "orders" || (format.empty() && std::ranges::find(of_orders, "channel_order_id") != of_orders.end());
  const auto of_products = product_columns(header);
  for (std::size_t i = 0; i < columns.size(); ++i) {
    columns[i].to = orders ? of_orders[i] : column_name(of_products[i]);
    if (!orders && lists.contains(columns[i].name) && of_products[i].kind == ProductColumn::Kind::attribute)
      columns[i].to = attribute_column(of_products[i].name, of_products[i].locale, true);
  }
}

void Preview::show(PreviewTable table) {
  for (std::string& cell : table.sample) cell = cut(cell);
  tables.push_back(std::move(table));
}

void Preview::sample(const std::vector<std::string>& cells) {
  ++rows;
  for (std::size_t i = 0; i < columns.size() && i < cells.size(); ++i)
    if (const auto cell = trim(cells[i]); !cell.empty()) columns[i].samples.push_back(cut(cell));
}

void Preview::meant(std::vector<ProductItem>& products, std::vector<OrderItem>& orders) {
  for (const ProductItem& item : products)
    if (items.size() < kPreviewRows) items.push_back(shown(item));
  for (const OrderItem& item : orders)
    if (items.size() < kPreviewRows) items.push_back(shown(item));
  products.clear();
  orders.clear();
}

Result<Preview> preview(const Rooms& rooms, ImportOptions options, formats::Source& file) {
  options.dry_run = true;
  Preview out;
  std::string why;
  for (const bool any_header : {false, true}) {
    out = Preview{.any_header = any_header};
    options.preview = &out;
    Importer importer(rooms, options, [](const std::vector<RowReport>&) { return Result<>(); });
    const auto done = importer.run(file);
    if (!out.opened) out.format = importer.format();
    if (out.opened || (done.ok() && !out.format.empty()) ||
        (!done.ok() && done.error().code == ErrorCode::gone)) {  // enough was seen
      if (any_header) out.problem = why;
      return out;
    }
    if (!done.ok() && done.error().code != ErrorCode::unsupported && done.error().code != ErrorCode::invalid)
      return done.error();
    if (!done.ok() && why.empty()) why = done.error().message;
  }
  return error(ErrorCode::unsupported, why.empty() ? "The file holds nothing that could be imported." : why);
}

}  // namespace pf::exchange
