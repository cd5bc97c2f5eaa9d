// What a person has to look at: SKUs that are no product's, orders that may have come twice. A mark lies over an
// order's state and keeps nothing back.
#include <algorithm>

#include "orders/order_keys.h"
#include "orders/order_parts.h"
#include "orders/orders.h"

namespace pf::orders {
namespace {

constexpr std::size_t kMarkedAtOnce = 100;  // orders of one unit of work

bool has_ended(const Order& order) {
  const OrderStatus status = status_of(order);
  return status == OrderStatus::shipped || status == OrderStatus::cancelled;
}

// What was ordered, whatever order the lines stand in.
std::vector<std::pair<std::string_view, std::int64_t>> wares(const Order& order) {
  std::vector<std::pair<std::string_view, std::int64_t>> all;
  for (const Line& line : order.lines)
    if (line.count.ordered > 0)
      all.emplace_back(!line.channel_sku.empty() ? line.channel_sku
                       : line.sku.empty()        ? line.title
                                                 : line.sku,
                       line.count.ordered);
  std::ranges::sort(all);
  return all;
}

// FNV-1a (64 bits): stored on disk, do not change.
std::uint64_t hash_of(const Order& order) {
  std::uint64_t hash = 0xcbf29ce484222325;
  const auto add = [&](std::string_view text) {
    for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
    hash = (hash ^ 0xff) * 0x100000001b3;  // no byte of UTF-8
  };
  for (const auto& [name, pieces] : wares(order)) {
    add(name);
    add(std::to_string(pieces));
  }
  add(order.currency.code());
  add(order.total ? std::to_string(order.total->minor) : "");
  return hash;
}

bool looks_like(const Order& one, const Order& other) {
  const auto apart =
      one.placed_at < other.placed_at ? other.placed_at - one.placed_at : one.placed_at - other.placed_at;
  return apart <= kDuplicateWithin && one.currency == other.currency && one.total == other.total &&
         wares(one) == wares(other);
}

}  // namespace

Result<> Orders::mark_unknown(const storage::Reader& read, Order& order) const {
  if (!knows_) return {};
  bool unknown = false;
  for (const Line& line : order.lines) {
    if (unknown || line.sku.empty() || line.count.ordered == line.count.cancelled + line.count.shipped) continue;
    PF_LET(const bool known, knows_(read, line.sku));
    unknown = !known;
  }
  const auto mark = std::ranges::find(order.marks, Attention::unknown_sku, &Mark::kind);
  if (unknown && mark == order.marks.end())
    order.marks.push_back({Attention::unknown_sku, {}, false});
  else if (!unknown && mark != order.marks.end())
    order.marks.erase(mark);
  return {};
}

// Nobody is looked for until the same wares were sold for the same money within a day: that is two small records an
// order, where asking the vault takes a tenth of a placement.
Result<> Orders::mark_duplicate(storage::Write& work, Order& order, const vault::Buyer& buyer) {
  if (buyer.fields.empty()) return {};
  const std::string key = wares_key(hash_of(order));
  PF_LET(const auto last, work.get(family_, key));
  const Time before =
      last && last->size() == 8 ? Time{milliseconds{static_cast<std::int64_t>(get_be64(*last))}} : Time{};
  std::string now;
  put_be64(now, static_cast<std::uint64_t>(std::max(order.placed_at, before).time_since_epoch().count()));
  work.put(family_, key, now);
  // Whoever sends older orders later is looked for all the same: the newest is no bound to what lies before it.
  if (!last || order.placed_at > before + kDuplicateWithin) return {};
  PF_LET(const auto alike, vault_.find_alike(work, order.channel, buyer, order.placed_at - kDuplicateWithin,
                                             order.placed_at + kDuplicateWithin));
  for (const vault::Found& hit : alike) {
    if (hit.rid == order.person.rid) continue;
    PF_LET(const auto other, find_by_person(work, hit.rid));
    if (!other || status_of(*other) == OrderStatus::cancelled || other->replaces != 0 || !looks_like(order, *other))
      continue;
    order.marks.push_back({Attention::duplicate, other->id, false});
    return {};
  }
  return {};
}

Result<Order> Orders::dismiss(const access::Actor& by, OrderId id, Attention kind) {
  return change(by, id, "order.dismiss", [&](storage::Write& work, Order& order) -> Result<> {
    const auto mark = std::ranges::find(order.marks, kind, &Mark::kind);
    if (mark == order.marks.end())
      return error(ErrorCode::not_found,
                   "The order has no mark \"" + std::string(name_of(kAttentionNames, kind)) + "\".");
    if (mark->dismissed) return {};
    mark->dismissed = true;
    return append_event(work, order, by, "dismissed",
                        json::Value::object({{"attention", name_of(kAttentionNames, kind)}}));
  });
}

Result<std::size_t> Orders::look_again() {
  if (!knows_) return std::size_t{0};
  const std::lock_guard lock(looking_);
  std::vector<OrderId> known;
  {
    const auto read = store_.read();
    std::size_t looked = 0;
    auto row = read.scan(family_, unknown_key(marked_after_ + 1), unknown_key(UINT64_MAX));
    for (; row.valid() && looked < kMarkedLooked; row.next(), ++looked) {
      marked_after_ = get_be64(row.key().substr(1));
      PF_LET(Order order, find(read, OrderId(marked_after_)));
      PF_TRY(mark_unknown(read, order));
      if (std::ranges::find(order.marks, Attention::unknown_sku, &Mark::kind) == order.marks.end())
        known.push_back(order.id);
    }
    if (looked < kMarkedLooked) marked_after_ = 0;  // the next time from the beginning
  }
  std::size_t changed = 0;
  for (std::size_t at = 0; at < known.size(); at += kMarkedAtOnce) {
    PF_LET(const auto marked, mark_again(std::span(known).subspan(at, std::min(kMarkedAtOnce, known.size() - at))));
    changed += marked;
  }
  PF_LET(const auto gone, mark_gone());
  return changed + gone;
}

Result<std::size_t> Orders::mark_again(std::span<const OrderId> ids, std::string_view done_with) {
  std::size_t changed = 0;
  PF_TRY(store_.write([&](storage::Write& work) -> Result<> {
    changed = 0;
    for (const OrderId id : ids) {
      PF_LET(Order order, find(work, id));
      const Order before = order;
      PF_TRY(mark_unknown(work, order));
      if (order.marks.size() == before.marks.size() || has_ended(order)) continue;
      PF_TRY(save(work, &before, order));
      ++changed;
    }
    if (!done_with.empty()) work.erase(family_, done_with);
    return {};
  }));
  return changed;
}

void Orders::note_gone(storage::Write& work, std::string_view sku) {
  work.put(family_, gone_key(sku), {});
}

// A SKU is done with when all that have it are marked: killed on the way, the next look finds it again.
Result<std::size_t> Orders::mark_gone() {
  std::vector<std::string> skus;
  {
    const auto read = store_.read();
    for (auto row = read.scan_prefix(family_, gone_key("")); row.valid() && skus.size() < kMarkedLooked; row.next())
      skus.emplace_back(row.key().substr(1));
  }
  std::size_t changed = 0;
  for (const std::string& sku : skus) {
    std::vector<OrderId> ids;
    OrderQuery query{.where = {{"sku", catalog::Operator::eq, {sku}},
                               {"status", catalog::Operator::in, {"awaiting_payment", "open", "partially_shipped"}}},
                     .sort = {{"id"}},
                     .count = 200};
    const auto read = store_.read();
    do {
      PF_LET(const auto page, list(read, query));
      for (const Order& order : page.orders) ids.push_back(order.id);
      query.cursor = page.next_cursor;
    } while (!query.cursor.empty());
    for (std::size_t at = 0; at == 0 || at < ids.size(); at += kMarkedAtOnce) {
      const auto some = std::span(ids).subspan(at, std::min(kMarkedAtOnce, ids.size() - at));
      PF_LET(const auto marked, mark_again(some, at + some.size() == ids.size() ? gone_key(sku) : std::string()));
      changed += marked;
    }
  }
  return changed;
}

}  // namespace pf::orders
