#include "orders/return_record.h"

#include "json/json.h"
#include "orders/order_record.h"
#include "orders/return_keys.h"

namespace pf::orders {

std::string_view return_reason_name(ReturnReason reason) {
  switch (reason) {
    case ReturnReason::unwanted:
      return "unwanted";
    case ReturnReason::damaged:
      return "damaged";
    case ReturnReason::defective:
      return "defective";
    case ReturnReason::wrong_item:
      return "wrong_item";
    case ReturnReason::late:
      return "late";
    case ReturnReason::other:
      return "other";
  }
  return "";
}
std::optional<ReturnReason> return_reason_named(std::string_view name) {
  for (const ReturnReason reason : kReturnReasons)
    if (return_reason_name(reason) == name) return reason;
  return std::nullopt;
}

std::string_view return_status_name(ReturnStatus status) {
  switch (status) {
    case ReturnStatus::requested:
      return "requested";
    case ReturnStatus::approved:
      return "approved";
    case ReturnStatus::received:
      return "received";
    case ReturnStatus::refused:
      return "refused";
    case ReturnStatus::closed:
      return "closed";
  }
  return "";
}

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
  return json::write(json::Value::object({{"v", kReturnVersion},
                                          {"d", ret.document},
                                          {"o", ret.order.raw()},
                                          {"ch", ret.channel},
                                          {"no", ret.channel_order_id},
                                          {"ref", ret.reference},
                                          {"why", return_reason_name(ret.reason)},
                                          {"ok", ret.approved},
                                          {"rf", ret.refused},
                                          {"end", ret.closed},
                                          {"by", ret.by},
                                          {"cr", stored_ms(ret.created_at)},
                                          {"up", stored_ms(ret.updated_at)},
                                          {"lines", std::move(lines)}}));
}

Result<Return> read_return(ReturnId id, std::string_view record) {
  PF_LET(const auto in, json::parse(record));
  if (stored_number(in, "v") != kReturnVersion)
    return error(ErrorCode::unsupported,
                 "The return " + std::to_string(id.raw()) +
                     " was written by a newer ProductFlow. Start that one, or restore a backup.");
  Return ret;
  ret.id = id;
  ret.document = static_cast<std::uint32_t>(stored_number(in, "d"));
  ret.order = OrderId(static_cast<std::uint64_t>(stored_number(in, "o")));
  ret.channel = stored_text(in, "ch");
  ret.channel_order_id = stored_text(in, "no");
  ret.reference = stored_text(in, "ref");
  ret.reason = return_reason_named(stored_text(in, "why")).value_or(ReturnReason::other);
  ret.approved = stored_flag(in, "ok");
  ret.refused = stored_flag(in, "rf");
  ret.closed = stored_flag(in, "end");
  ret.by = stored_text(in, "by");
  ret.created_at = stored_time(in, "cr");
  ret.updated_at = stored_time(in, "up");
  if (const json::Value* lines = in.find("lines"); lines != nullptr && lines->as_array() != nullptr)
    for (const json::Value& line : *lines->as_array())
      ret.lines.push_back({static_cast<std::size_t>(stored_number(line, "l")), stored_number(line, "a"),
                           stored_number(line, "r"), stored_number(line, "s"), stored_number(line, "d"),
                           stored_number(line, "x")});
  return ret;
}

search::Entry index_entry(const Return& ret) {
  search::Entry entry;
  entry.terms = {{"status", std::string(return_status_name(status_of(ret)))},
                 {"channel", ret.channel},
                 {"order_id", std::to_string(ret.order.raw())},
                 {"reason", std::string(return_reason_name(ret.reason))}};
  for (const std::string& text :
       {std::to_string(ret.id.raw()), std::to_string(ret.order.raw()), ret.channel_order_id, ret.reference})
    for (std::string& word : search::words_of(text)) entry.terms.emplace_back("q", std::move(word));
  entry.columns = {{"created_at", sortable(ret.created_at)},
                   {"updated_at", sortable(ret.updated_at)},
                   {"id", sortable(static_cast<std::int64_t>(ret.id.raw()))}};
  return entry;
}

}  // namespace pf::orders
