#include "orders/return_record.h"

#include "json/members.h"
#include "orders/order_record.h"
#include "orders/return_keys.h"

namespace pf::orders {

using json::flag_in, json::number_in, json::text_in;

ReturnStatus status_of(const Return& ret) {
  if (ret.refused) return ReturnStatus::refused;
  if (ret.closed) return ReturnStatus::closed;
  for (const ReturnLine& line : ret.lines)
    if (line.received > 0) return ReturnStatus::received;
  return ret.approved ? ReturnStatus::approved : ReturnStatus::requested;
}

// Stored on disk: do not change; a new member is one that may lack, or a new version.
std::string write_return(const Return& ret) {
  json::Value lines = json::Value::array();
  for (const ReturnLine& line : ret.lines)
    lines.push(json::Value::object({{"l", static_cast<std::uint64_t>(line.line)},
                                    {"a", line.asked},
                                    {"r", line.received},
                                    {"s", line.restocked},
                                    {"d", line.damaged},
                                    {"x", line.discarded}}));
  json::Value out = json::Value::object({{"v", kReturnVersion},
                                         {"d", ret.document},
                                         {"o", ret.order.raw()},
                                         {"ch", ret.channel},
                                         {"no", ret.channel_order_id},
                                         {"ref", ret.reference},
                                         {"why", name_of(kReturnReasonNames, ret.reason)},
                                         {"ok", ret.approved},
                                         {"rf", ret.refused},
                                         {"end", ret.closed},
                                         {"by", ret.by},
                                         {"cr", stored_ms(ret.created_at)},
                                         {"up", stored_ms(ret.updated_at)},
                                         {"lines", std::move(lines)}});
  if (ret.replacement.raw() != 0) out.set("xo", ret.replacement.raw());
  return json::write(out);
}

Result<Return> read_return(ReturnId id, std::string_view record) {
  PF_LET(const auto in, json::parse(record));
  if (number_in(in, "v") != kReturnVersion)
    return error(ErrorCode::unsupported,
                 "The return " + std::to_string(id.raw()) +
                     " was written by a newer ProductFlow. Start that one, or restore a backup.");
  Return ret;
  ret.id = id;
  ret.document = static_cast<std::uint32_t>(number_in(in, "d"));
  ret.order = OrderId(static_cast<std::uint64_t>(number_in(in, "o")));
  ret.channel = text_in(in, "ch");
  ret.channel_order_id = text_in(in, "no");
  ret.reference = text_in(in, "ref");
  ret.reason = value_named<ReturnReason>(kReturnReasonNames, text_in(in, "why")).value_or(ReturnReason::other);
  ret.approved = flag_in(in, "ok");
  ret.refused = flag_in(in, "rf");
  ret.closed = flag_in(in, "end");
  ret.by = text_in(in, "by");
  ret.created_at = stored_time(in, "cr");
  ret.updated_at = stored_time(in, "up");
  if (const json::Value* lines = in.find("lines"); lines != nullptr && lines->as_array() != nullptr)
    for (const json::Value& line : *lines->as_array())
      ret.lines.push_back({static_cast<std::size_t>(number_in(line, "l")), number_in(line, "a"), number_in(line, "r"),
                           number_in(line, "s"), number_in(line, "d"), number_in(line, "x")});
  ret.replacement = OrderId(static_cast<std::uint64_t>(number_in(in, "xo")));
  return ret;
}

search::Entry index_entry(const Return& ret) {
  search::Entry entry;
  entry.terms = {{"status", std::string(name_of(kReturnStatusNames, status_of(ret)))},
                 {"channel", ret.channel},
                 {"order_id", std::to_string(ret.order.raw())},
                 {"reason", std::string(name_of(kReturnReasonNames, ret.reason))}};
  for (const std::string& text :
       {std::to_string(ret.id.raw()), std::to_string(ret.order.raw()), ret.channel_order_id, ret.reference})
    for (std::string& word : search::words_of(text)) entry.terms.emplace_back("q", std::move(word));
  entry.columns = {{"created_at", sortable(ret.created_at)},
                   {"updated_at", sortable(ret.updated_at)},
                   {"id", sortable(static_cast<std::int64_t>(ret.id.raw()))}};
  return entry;
}

}  // namespace pf::orders
