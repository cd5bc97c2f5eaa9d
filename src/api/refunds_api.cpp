#include "api/refunds_api.h"

#include "api/limits.h"
#include "api/order_answers.h"
#include "api/rows.h"
#include "api/shapes.h"
#include "gate/shape.h"
#include "productflow/faults.h"
#include "productflow/text.h"

namespace pf::api {
namespace {

struct RefundRooms {
  OrderRooms order;
  orders::Refunds& refunds;
};

struct RefundLineBody {
  std::int64_t line = 0;
  std::optional<std::int64_t> quantity;
  std::optional<json::Decimal> amount;
  template <class V>
  void fields(V& visit) {
    visit("line", line, "The line's number, counted from 0.");
    visit("quantity", quantity, "Pieces whose price goes back.");
    visit("amount", amount, "How much goes back; the pieces' price when absent.");
  }
};
struct RefundBody {
  std::optional<std::string> identifier, reason, message, return_id;
  std::optional<json::Decimal> shipping, tax, other;
  std::vector<RefundLineBody> lines;
  template <class V>
  void fields(V& visit) {
    visit("identifier", identifier,
          "Your own name of it, or REF01, REF02, ...; the same one again is the same refund.");
    visit("reason", reason, "returned, cancelled, damaged, late, price, goodwill or other (when absent).");
    visit("message", message, "More about it; becomes a note of the order, sealed like the buyer's data.");
    visit("return_id", return_id, "The return that it belongs to.");
    visit("lines", lines, "Pieces, amounts, or both, of lines.");
    visit("shipping", shipping, "Of the shipping cost.");
    visit("tax", tax, "Of the tax that was charged beside the prices.");
    visit("other", other, "Any other amount.");
  }
};

Result<orders::GiveBack> give_back_of(const RefundBody& body, Currency currency) {
  orders::GiveBack out;
  Faults faults;
  const auto money = [&](const std::string& field, const std::optional<json::Decimal>& in, std::optional<Money>& to) {
    if (!in) return;
    const auto amount = parse_money(in->text, currency);
    if (amount.ok())
      to = *amount;
    else
      faults.add(field, "money", amount.error().message);
  };
  out.identifier = body.identifier.value_or("");
  out.message = body.message.value_or("");
  if (const auto reason =
          value_named<orders::RefundReason>(orders::kRefundReasonNames, body.reason.value_or("other"))) {
    out.reason = *reason;
  } else {
    faults.add("reason", "unknown", "must be one of " + in_words(orders::kRefundReasonNames));
  }
  if (body.return_id) {
    const auto number = parse_int(*body.return_id);
    if (number && *number > 0)
      out.of_return = orders::ReturnId(static_cast<std::uint64_t>(*number));
    else
      faults.add("return_id", "unknown", "must be the number of a return of this order");
  }
  money("shipping", body.shipping, out.shipping);
  money("tax", body.tax, out.tax);
  money("other", body.other, out.other);
  for (std::size_t i = 0; i < body.lines.size(); ++i) {
    const auto& in = body.lines[i];
    orders::GiveBackLine line{in.line < 0 ? SIZE_MAX : static_cast<std::size_t>(in.line), in.quantity.value_or(0), {}};
    money("lines[" + std::to_string(i) + "].amount", in.amount, line.amount);
    out.lines.push_back(line);
  }
  PF_TRY(std::move(faults).checked());
  return out;
}

Result<Answer> give_back(const RefundRooms& rooms, const Call& call) {
  PF_LET(const auto id, order_id_of(call));
  PF_LET(const auto body, json::read_fields<RefundBody>(call.body));
  PF_LET(const auto order, rooms.order.orders.find(rooms.order.store.read(), id));
  PF_LET(const auto asked, give_back_of(body, order.currency));
  PF_LET(const auto given, rooms.refunds.give_back(call.actor, id, asked));
  return order_answer(rooms.order, given.order, given.outcome == catalog::Outcome::created ? 201 : 200);
}

Result<Answer> refunds_of(const RefundRooms& rooms, const Call& call) {
  PF_LET(const auto id, order_id_of(call));
  const auto read = rooms.order.store.read();
  PF_LET(const auto order, rooms.order.orders.find(read, id));
  PF_LET(const auto all, rooms.refunds.of_order(read, id));
  const auto amount = [&](std::int64_t minor) { return money_value(Money{minor, order.currency}); };
  json::Value list = json::Value::array();
  for (const auto& refund : all) {
    json::Value lines = json::Value::array();
    for (const auto& line : refund.lines) {
      const bool known = line.line < order.lines.size();
      lines.push(json::Value::object({{"line", static_cast<std::uint64_t>(line.line)},
                                      {"sku", known ? order.lines[line.line].sku : ""},
                                      {"title", known ? order.lines[line.line].title : ""},
                                      {"quantity", line.quantity},
                                      {"amount", amount(line.amount_minor)}}));
    }
    list.push(json::Value::object(
        {{"identifier", refund.identifier},
         {"reason", name_of(orders::kRefundReasonNames, refund.reason)},
         {"return_id", refund.of_return ? json::Value(std::to_string(refund.of_return->raw())) : json::Value(nullptr)},
         {"by", refund.by},
         {"at", rfc3339(refund.at)},
         {"currency_code", order.currency.code()},
         {"amount", amount(refund.total_minor())},
         {"shipping", amount(refund.shipping_minor)},
         {"tax", amount(refund.tax_minor)},
         {"other", amount(refund.other_minor)},
         {"lines", std::move(lines)}}));
  }
  return Answer{.body = data(std::move(list))};
}

}  // namespace

std::vector<Row> refunds_routes(storage::Store& store, orders::Orders& orders, orders::Refunds& refunds,
                                vault::Vault& vault, catalog::Products& products) {
  const RefundRooms rooms{{store, orders, vault, products}, refunds};
  const auto with = handlers_with(rooms);
  const auto own = own_order(store, orders);
  using P = Permission;
  return {
      {.method = Method::get,
       .path = "/api/v1/order/{id}/refund",
       .permission = P::orders_read,
       .summary = "List an order's refunds",
       .answer_schema = gate::data_shape(shapes::kRefunds),
       .handler = with(refunds_of),
       .keeps = gate::kKeepsAll,
       .object = own},
      {.method = Method::post,
       .path = "/api/v1/order/{id}/refund",
       .permission = P::orders_write,
       .summary = "Record money that goes back, never more than was paid; the same identifier again is the same refund",
       .success = 201,
       .accepts = BodyKind::json,
       .body_schema = json::schema<RefundBody>(),
       .answer_schema = gate::data_shape(shapes::kOrder),
       .handler = with(give_back),
       .other_success = 200,
       .keeps = gate::kKeepsAll,
       .object = own},
  };
}

}  // namespace pf::api
