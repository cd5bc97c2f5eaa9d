#include "api/order_bodies.h"

#include <algorithm>

#include "productflow/faults.h"
#include "productflow/text.h"

namespace pf::api {

std::vector<std::pair<std::size_t, std::int64_t>> pieces_of(const std::vector<PiecesBody>& lines) {
  std::vector<std::pair<std::size_t, std::int64_t>> pieces;
  for (const PiecesBody& line : lines)
    pieces.emplace_back(line.line < 0 ? SIZE_MAX : static_cast<std::size_t>(line.line), line.quantity);
  return pieces;
}

Result<orders::PlaceOrder> place_order_of(const OrderBody& body) {
  orders::PlaceOrder order;
  Faults faults;

  order.channel = body.channel.value_or("manual");
  order.channel_order_id = std::string(trim(body.channel_order_id.value_or("")));
  Currency currency;
  if (body.currency_code) {
    const auto parsed = Currency::parse(*body.currency_code);
    if (parsed.ok())
      currency = *parsed;
    else
      faults.add("currency_code", "format", "must be three capital letters (ISO 4217), such as EUR");
  }
  order.currency = currency;
  const auto time = [&](const char* field, const std::optional<std::string>& text, std::optional<Time>& to) {
    if (!text) return;
    const auto parsed = parse_time(*text);
    if (parsed.ok())
      to = *parsed;
    else
      faults.add(field, "format", "must be a time such as 2026-11-24T12:00:00Z");
  };
  time("placed_at", body.placed_at, order.placed_at);
  time("ship_by", body.ship_by, order.ship_by);
  const auto money = [&](const std::string& field, const std::optional<json::Decimal>& decimal,
                         std::optional<Money>& to) {
    if (!decimal) return;
    const auto parsed = parse_money(decimal->text, currency);
    if (parsed.ok())
      to = *parsed;
    else
      faults.add(field, "money", parsed.error().message);
  };
  money("shipping_cost", body.shipping_cost, order.shipping_cost);
  money("tax", body.tax, order.tax);
  money("total", body.total, order.total);
  order.paid = body.paid.value_or(true);
  if (body.fulfilled_by && std::ranges::find(orders::kFulfilledBy, *body.fulfilled_by) == orders::kFulfilledBy.end())
    faults.add("fulfilled_by", "value", "must be shop or marketplace");
  order.by_marketplace = body.fulfilled_by == "marketplace";
  order.payment_method = body.payment_method.value_or("");
  order.shipping_method = body.shipping_method.value_or("");
  bool priced = !body.lines.empty();
  std::optional<Money> sum = Money{0, currency};
  for (std::size_t i = 0; i < body.lines.size(); ++i) {
    const LineBody& in = body.lines[i];
    orders::PlaceLine line{
        in.external_identifier.value_or(""), in.sku.value_or(""), in.title.value_or(""), in.quantity, {}};
    money("lines[" + std::to_string(i) + "].price", in.price, line.price);
    priced = priced && line.price;
    if (line.price && sum) {
      const auto amount = multiply(*line.price, line.quantity);
      const auto next = amount.ok() ? add(*sum, *amount) : amount;
      sum = next.ok() ? std::optional<Money>(*next) : std::nullopt;
    }
    order.lines.push_back(std::move(line));
  }
  if (!order.total && priced && sum) {
    auto whole = order.shipping_cost ? add(*sum, *order.shipping_cost) : Result<Money>(*sum);
    if (whole.ok() && order.tax) whole = add(*whole, *order.tax);
    if (whole.ok()) order.total = *whole;
  }

  auto& fields = order.buyer.fields;
  const auto customer = [&](vault::Field field, const std::optional<CustomerBody>& in) {
    if (!in) return;
    json::Value all = json::write_fields(*in), known{json::Members{}};
    for (const auto& [name, value] : *all.as_object())
      if (value.as_string() != nullptr && !value.as_string()->empty()) known.set(name, value);
    fields.emplace_back(field, vault::Private(json::write(known)));
  };
  const auto text = [&](vault::Field field, const std::optional<std::string>& in) {
    if (in && !trim(*in).empty()) fields.emplace_back(field, vault::Private(*in));
  };
  customer(vault::Field::shipping, body.shipping_customer);
  customer(vault::Field::billing, body.billing_customer);
  text(vault::Field::email, body.email);
  text(vault::Field::phone, body.phone_number);
  text(vault::Field::message, body.comment);
  if (body.shipping_customer) order.country_code = body.shipping_customer->country_code.value_or("");
  PF_TRY(std::move(faults).checked());
  return order;
}

}  // namespace pf::api
