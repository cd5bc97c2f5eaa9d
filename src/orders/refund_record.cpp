#include "orders/refund_record.h"

#include "json/members.h"
#include "orders/order_record.h"
#include "orders/refund_keys.h"

namespace pf::orders {

using json::number_in, json::text_in;

std::int64_t Refund::total_minor() const {
  std::int64_t sum = shipping_minor + tax_minor + other_minor;
  for (const RefundLine& line : lines) sum += line.amount_minor;
  return sum;
}

// Stored on disk: do not change; a new member is one that may lack, or a new version.
std::string write_refund(const Refund& refund) {
  json::Value lines = json::Value::array();
  for (const RefundLine& line : refund.lines)
    lines.push(json::Value::object(
        {{"l", static_cast<std::uint64_t>(line.line)}, {"q", line.quantity}, {"m", line.amount_minor}}));
  json::Value out = json::Value::object({{"v", kRefundVersion},
                                         {"id", refund.identifier},
                                         {"why", name_of(kRefundReasonNames, refund.reason)},
                                         {"s", refund.shipping_minor},
                                         {"t", refund.tax_minor},
                                         {"o", refund.other_minor},
                                         {"by", refund.by},
                                         {"at", stored_ms(refund.at)},
                                         {"lines", std::move(lines)}});
  if (refund.of_return) out.set("ret", refund.of_return->raw());
  return json::write(out);
}

Result<Refund> read_refund(std::uint32_t number, std::string_view record) {
  PF_LET(const auto in, json::parse(record));
  if (number_in(in, "v") != kRefundVersion)
    return error(ErrorCode::unsupported,
                 "A refund was written by a newer ProductFlow. Start that one, or restore a backup.");
  Refund refund;
  refund.number = number;
  refund.identifier = text_in(in, "id");
  refund.reason = value_named<RefundReason>(kRefundReasonNames, text_in(in, "why")).value_or(RefundReason::other);
  refund.shipping_minor = number_in(in, "s");
  refund.tax_minor = number_in(in, "t");
  refund.other_minor = number_in(in, "o");
  refund.by = text_in(in, "by");
  refund.at = stored_time(in, "at");
  if (in.find("ret") != nullptr) refund.of_return = ReturnId(static_cast<std::uint64_t>(number_in(in, "ret")));
  if (const json::Value* lines = in.find("lines"); lines != nullptr && lines->as_array() != nullptr)
    for (const json::Value& line : *lines->as_array())
      refund.lines.push_back(
          {static_cast<std::size_t>(number_in(line, "l")), number_in(line, "q"), number_in(line, "m")});
  return refund;
}

}  // namespace pf::orders
