// An order's buyer: found, visited, shown, erased. What is known of him is the vault's.
#include "orders/order_keys.h"
#include "orders/order_parts.h"
#include "orders/orders.h"
#include "productflow/text.h"

namespace pf::orders {
namespace {

constexpr std::size_t kReasonBytesMax = 200;  // kept in the audit log for good
constexpr std::size_t kErasedAtOnceMax = 1'000;

}  // namespace

Result<std::optional<Order>> Orders::find_by_person(const storage::Reader& read, std::string_view rid) const {
  PF_LET(const auto id, read.get(family_, person_key(rid)));
  if (!id || id->size() != 8) return std::optional<Order>{};
  PF_LET(auto order, find(read, OrderId(get_be64(*id))));
  return std::optional<Order>(std::move(order));
}

Result<> Orders::each_living(const storage::Reader& read, const std::function<Result<>(const Order&)>& visit) const {
  for (auto row = read.scan_prefix(family_, "o"); row.valid(); row.next()) {
    PF_LET(const Order order, find(read, OrderId(get_be64(row.key().substr(1)))));
    if (vault_.state(order.person) == vault::PersonState::present) PF_TRY(visit(order));
  }
  return {};
}

Result<vault::Buyer> Orders::reveal(const access::Actor& by, OrderId id, std::string_view reason) {
  PF_LET(auto buyers, reveal(by, std::span(&id, 1), reason));
  return std::move(buyers[0]);
}

Result<std::vector<vault::Buyer>> Orders::reveal(const access::Actor& by, std::span<const OrderId> ids,
                                                 std::string_view reason) {
  std::vector<vault::Buyer> buyers;
  PF_TRY(store_.write([&](storage::Write& work) -> Result<> {
    buyers.clear();
    for (const OrderId id : ids) {
      PF_LET(const Order order, find(work, id));
      PF_LET(auto buyer, vault_.reveal(work, by, reason, order.subject(), order.person, object_name(id)));
      buyers.push_back(std::move(buyer));
    }
    return {};
  }));
  return buyers;
}

Result<vault::ErasureReport> Orders::erase_buyers(const access::Actor& by, const std::vector<OrderId>& ids,
                                                  std::string_view reason) {
  if (trim(reason).empty())
    return invalid("reason", "required",
                   "Say why, for example \"request of 24 November\". It is kept in the audit log.");
  if (ids.size() > kErasedAtOnceMax)
    return invalid("orders", "length", "At most 1,000 orders are erased at once. Do it in parts.");
  vault::ErasureReport report;
  PF_TRY(store_.write_even_when_full([&](storage::Write& work) -> Result<> {
    report = {};
    for (const OrderId id : ids) {
      PF_LET(Order order, find(work, id));
      if (vault_.state(order.person) == vault::PersonState::purged) continue;
      const Order before = order;
      PF_TRY(vault_.erase(work, order.person, report));
      PF_LET(const auto events_of, events(work, id));
      for (const Event& event : events_of) {  // notes name people
        if (event.details.find("sealed") == nullptr) continue;
        json::Value details = json::Value::object({{"erased", true}});
        if (const json::Value* audience = event.details.find("for")) details.set("for", *audience);
        work.put(
            family_, event_key(id.raw(), event.number),
            json::write(json::Value::object(
                {{"at", rfc3339(event.at)}, {"by", event.by}, {"kind", event.kind}, {"details", std::move(details)}})));
      }
      report.ranges.push_back({std::string(kOrdersFamily), events_prefix(id.raw()), events_prefix(id.raw() + 1)});
      PF_TRY(append_event(work, order, by, "buyer_erased", {}));
      PF_TRY(save(work, &before, order));
      PF_TRY(audit_.append(work, by, "buyer.erase", "order:" + std::to_string(id.raw()),
                           json::Value::object({{"reason", trim(reason).substr(0, kReasonBytesMax)}})));
    }
    return report.orders > 0 ? vault_.owe_erasure(work, report) : Result<>();
  }));
  if (report.orders == 0) return report;
  PF_LET(const auto finished, vault_.finish_erasures(by));
  for (const auto& done : finished) {
    report.clean = done.clean;
    report.remaining = done.remaining;
    report.certificate = std::max(report.certificate, done.certificate);
  }
  return report;
}

}  // namespace pf::orders
