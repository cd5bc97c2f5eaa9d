// 1. The order's sums are the truth: of every line, of shipping, of tax and in total, refunded <= paid, checked and
//    counted in the unit of work that records the refund.
// 2. An identifier is one refund of its order: again is the same, with another content is refused.
// 3. Amounts are whole minor units of the order's currency; sums that would not fit are refused, not wrapped.
#include "orders/refunds.h"

#include <algorithm>

#include "orders/order_parts.h"
#include "orders/refund_keys.h"
#include "orders/refund_record.h"
#include "productflow/faults.h"
#include "productflow/text.h"

namespace pf::orders {
namespace {

Error one_of(ErrorCode code, std::vector<FieldFault> faults, const char* begin) {
  Error out{code, begin + faults.front().message + ".", {}};
  out.faults = std::move(faults);
  return out;
}

// What is asked for in whole amounts: a line's price where no amount is given. Nothing about what is left.
Result<Refund> refund_of(const Order& order, const GiveBack& asked) {
  std::vector<FieldFault> faults;
  Refund refund;
  refund.identifier = std::string(trim(asked.identifier));
  refund.reason = asked.reason;
  refund.of_return = asked.of_return;
  const auto amount_of = [&](const std::string& field, const std::optional<Money>& amount) -> std::int64_t {
    if (!amount) return 0;
    if (amount->currency != order.currency)
      faults.push_back({field, "currency", "the order is in " + std::string(order.currency.code())});
    else if (amount->minor < 0)
      faults.push_back({field, "range", "must not be negative"});
    else
      return amount->minor;
    return 0;
  };
  refund.shipping_minor = amount_of("shipping", asked.shipping);
  refund.tax_minor = amount_of("tax", asked.tax);
  refund.other_minor = amount_of("other", asked.other);
  for (std::size_t i = 0; i < asked.lines.size(); ++i) {
    const GiveBackLine& wanted = asked.lines[i];
    const std::string at = "lines[" + std::to_string(i) + "].";
    if (wanted.line >= order.lines.size()) {
      faults.push_back({at + "line", "unknown", "the order has no line " + std::to_string(wanted.line)});
      continue;
    }
    if (std::ranges::count(asked.lines, wanted.line, &GiveBackLine::line) > 1)
      faults.push_back({at + "line", "twice", "line " + std::to_string(wanted.line) + " is named twice"});
    if (wanted.quantity < 0 || wanted.quantity > kPiecesOfLineMax) {
      faults.push_back({at + "quantity", "range", "must be between 0 and 1,000,000"});
      continue;
    }
    RefundLine line{wanted.line, wanted.quantity, amount_of(at + "amount", wanted.amount)};
    if (!wanted.amount && wanted.quantity > 0) {
      const auto& price = order.lines[wanted.line].price;
      const auto whole = price ? multiply(*price, wanted.quantity) : Result<Money>(Error{});
      if (whole.ok())
        line.amount_minor = whole->minor;
      else
        faults.push_back({at + "amount", "required", "is required: this line's price is not known"});
    } else if (line.quantity == 0 && line.amount_minor == 0) {
      faults.push_back({at + "quantity", "required", "a line needs a quantity, an amount or both"});
    }
    refund.lines.push_back(line);
  }
  if (!faults.empty()) return one_of(ErrorCode::invalid, std::move(faults), "");
  return refund;
}

bool same_content(const Refund& a, const Refund& b) {
  return a.reason == b.reason && a.of_return == b.of_return && a.lines == b.lines &&
         a.shipping_minor == b.shipping_minor && a.tax_minor == b.tax_minor && a.other_minor == b.other_minor;
}

// Adds the refund to the order's sums, or names every component of which it is too much.
Result<> count_in(Order& order, const Refund& refund) {
  if (!order.paid) return error(ErrorCode::conflict, "The order is not paid, so there is nothing to give back.");
  if (!order.total)
    return error(ErrorCode::conflict,
                 "It is not known what was paid for this order: its channel has sent no amounts. Import them first.");
  std::vector<FieldFault> faults;
  const auto take = [&](const std::string& field, std::int64_t wanted, std::int64_t paid, std::int64_t& refunded) {
    if (wanted > paid - refunded)
      faults.push_back({field, "refundable",
                        "only " + decimal({std::max<std::int64_t>(paid - refunded, 0), order.currency}) + " of " +
                            field + " can be given back"});
    else
      refunded += wanted;
  };
  const std::int64_t paid = paid_amount(order)->minor;
  for (std::size_t i = 0; i < refund.lines.size(); ++i) {
    const RefundLine& wanted = refund.lines[i];
    Line& line = order.lines[wanted.line];
    const std::string at = "lines[" + std::to_string(i) + "].";
    if (wanted.quantity > line.count.ordered - line.count.refunded)
      faults.push_back({at + "quantity", "refundable",
                        "of line " + std::to_string(wanted.line) + " only " +
                            std::to_string(line.count.ordered - line.count.refunded) + " pieces can be refunded"});
    else
      line.count.refunded += wanted.quantity;
    const auto whole = line.price ? multiply(*line.price, line.count.ordered) : Result<Money>(Error{});
    take(at + "amount", wanted.amount_minor, whole.ok() ? whole->minor : paid, line.refunded_minor);
  }
  take("shipping", refund.shipping_minor, order.shipping_cost ? order.shipping_cost->minor : 0,
       order.refunded.shipping_minor);
  take("tax", refund.tax_minor, order.tax ? order.tax->minor : 0, order.refunded.tax_minor);
  take("other", refund.other_minor, paid, order.refunded.other_minor);
  if (faults.empty()) {  // each part is at most what was paid, so this is the first sum that may be too large
    std::int64_t left = paid - order.refunded.total_minor;
    bool enough = true;
    const auto spend = [&](std::int64_t part) {
      enough = enough && part <= left;
      if (enough) left -= part;
    };
    for (const RefundLine& line : refund.lines) spend(line.amount_minor);
    for (const std::int64_t part : {refund.shipping_minor, refund.tax_minor, refund.other_minor}) spend(part);
    if (!enough)
      faults.push_back({"total", "refundable",
                        "of the " + decimal(*order.total) + " that were paid only " +
                            decimal({paid - order.refunded.total_minor, order.currency}) + " are left"});
    else if (left == paid - order.refunded.total_minor)
      return invalid("lines", "required", "The refund is of nothing: name a line, shipping, tax or another amount.");
    else
      order.refunded.total_minor = paid - left;
  }
  if (faults.empty()) return {};
  return one_of(ErrorCode::conflict, std::move(faults), "More would be given back than was paid: ");
}

}  // namespace

std::vector<storage::Family> Refunds::families() {
  return {{.name = std::string(kRefundsFamily)}};
}

Refunds::Refunds(storage::Store& store, Orders& orders, Returns& returns, audit::Audit& audit, const Clock& clock,
                 events::Events* events)
    : store_(store),
      orders_(orders),
      returns_(returns),
      audit_(audit),
      clock_(clock),
      told_(events),
      family_(store.family(kRefundsFamily)) {}

Result<std::vector<Refund>> Refunds::of_order(const storage::Reader& read, OrderId id) const {
  std::vector<Refund> found;
  for (auto row = read.scan_prefix(family_, refunds_prefix(id.raw())); row.valid(); row.next()) {
    PF_LET(auto refund, read_refund(get_be32(row.key().substr(row.key().size() - 4)), row.value()));
    found.push_back(std::move(refund));
  }
  return found;
}

Result<Refunds::Given> Refunds::give_back(const access::Actor& by, OrderId id, const GiveBack& asked) {
  Faults faults;
  check_text(faults, "identifier", asked.identifier, kIdentifierBytesMax);
  if (asked.lines.size() > kLinesMax) faults.add("lines", "length", "must have at most 1,000 lines");
  PF_TRY(std::move(faults).checked());
  Given given;
  PF_TRY(store_.write([&](storage::Write& work) -> Result<> {
    given = {};
    PF_LET(given.order, orders_.find(work, id));
    Order& order = given.order;
    Refund& refund = given.refund;
    PF_LET(refund, refund_of(order, asked));
    const bool named = !refund.identifier.empty();
    if (!named)
      for (std::uint32_t next = order.refunded.count + 1;; ++next) {  // somebody may have named one so
        refund.identifier = "REF" + std::string(next < 10 ? "0" : "") + std::to_string(next);
        PF_LET(const auto taken, work.get(family_, identifier_key(id.raw(), refund.identifier)));
        if (!taken) break;
      }
    PF_LET(const auto known, work.get(family_, identifier_key(id.raw(), refund.identifier)));
    if (known && known->size() == 4) {
      const std::uint32_t number = get_be32(*known);
      PF_LET(const auto record, work.get(family_, refund_key(id.raw(), number)));
      PF_LET(const Refund earlier, read_refund(number, record.value_or("")));
      if (!same_content(earlier, refund))
        return error(ErrorCode::conflict, "The order has a refund " + refund.identifier.substr(0, 60) +
                                              " with another content. Give this one another identifier.");
      refund = earlier;
      given.outcome = catalog::Outcome::unchanged;
      return {};
    }
    if (order.refunded.count >= kRefundsMax) return error(ErrorCode::conflict, "An order has at most 200 refunds.");
    if (refund.of_return) {
      PF_LET(const Return ret, returns_.find(work, *refund.of_return));
      if (ret.order != id) return invalid("return_id", "order", "That return belongs to another order.");
    }
    const Order before = order;
    PF_TRY(count_in(order, refund));
    refund.number = ++order.refunded.count;
    refund.by = by.name;
    refund.at = clock_.now();
    std::string number_bytes;
    put_be32(number_bytes, refund.number);
    work.put(family_, refund_key(id.raw(), refund.number), write_refund(refund));
    work.put(family_, identifier_key(id.raw(), refund.identifier), number_bytes);
    const std::string amount = decimal({refund.total_minor(), order.currency});
    PF_TRY(orders_.append_event(work, order, by, "refunded",
                                json::Value::object({{"refund", refund.identifier},
                                                     {"reason", name_of(kRefundReasonNames, refund.reason)},
                                                     {"amount", json::Value(json::Number{amount})},
                                                     {"currency_code", order.currency.code()}})));
    if (!trim(asked.message).empty()) PF_TRY(orders_.append_note(work, order, by, asked.message, Audience::team));
    PF_TRY(orders_.save(work, &before, order));
    if (told_ != nullptr)
      PF_TRY(told_->add(work, events::type::kRefundCreated,
                        json::Value::object({{"order_id", std::to_string(id.raw())},
                                             {"channel", order.channel},
                                             {"channel_order_id", order.channel_order_id},
                                             {"refund", refund.identifier},
                                             {"amount", json::Value(json::Number{amount})},
                                             {"currency_code", order.currency.code()}})));
    return audit_.append(work, by, "order.refund", object_name(id),
                         json::Value::object({{"refund", refund.identifier}, {"amount", amount}}));
  }));
  return given;
}

}  // namespace pf::orders
