// 1. An order is in one open batch at most: decided, and written, under the one-writer lock.
// 2. A piece that a scan gives to an order is counted in that order in the same unit of work, so a scan that is sent
//    again, two people at one cart, or one of them at the order's own page never count it twice.
// 3. A batch is picked when no order of it that may be picked has anything left to pick.
#include "orders/batches.h"

#include <algorithm>

#include "json/members.h"
#include "orders/batch_keys.h"
#include "orders/batch_record.h"
#include "orders/order_parts.h"
#include "orders/order_record.h"
#include "orders/scan_parts.h"
#include "productflow/text.h"

namespace pf::orders {
namespace {

std::string batch_name(BatchId id) {
  return "batch:" + std::to_string(id.raw());
}
std::string order_called(OrderId id) {
  return "Order " + std::to_string(id.raw());
}
std::int64_t left_of(const Order& order) {
  std::int64_t left = 0;
  for (const Line& line : order.lines) left += line.count.to_pick();
  return left;
}

Error gathered_hindrances(std::vector<FieldFault> faults) {
  const bool unknown = std::ranges::any_of(faults, [](const FieldFault& one) { return one.code == "unknown"; });
  Error out{unknown ? ErrorCode::invalid : ErrorCode::conflict, "", std::move(faults)};
  for (const FieldFault& one : out.faults) out.message += (out.message.empty() ? "" : " ") + one.message;
  return out;
}

Result<> may_go_on(const Batch& batch) {
  if (batch.status == BatchStatus::open) return {};
  return error(ErrorCode::conflict, "Batch " + std::to_string(batch.id.raw()) +
                                        (batch.status == BatchStatus::picked
                                             ? " is picked. Its orders go on to packing."
                                             : " was stopped. Its orders are picked one by one, or in another batch."));
}

struct Place {
  std::size_t slot = 0;  // from 0
  Target target{};
};

// The first slot that has room for the scanned pieces: what is looked for before what was said to be missing.
Result<Place> place_for(const std::vector<Order>& orders, const Scan& scan, std::optional<OrderId> order) {
  std::optional<Place> found, held, most;
  std::int64_t room_most = 0;
  for (std::size_t slot = 0; slot < orders.size(); ++slot) {
    if (order && orders[slot].id != *order) continue;
    const bool may = workable(orders[slot]).ok();
    for (const Target& target : targets_of(orders[slot], scan)) {
      const Line& one = orders[slot].lines[target.line];
      const auto to_pick = [](const LineCounters& count) { return count.to_pick(); };
      const auto open = [](const LineCounters& count) { return count.to_pick() + count.missing; };
      const std::int64_t left = room_at(one, target.part, to_pick), room = room_at(one, target.part, open);
      if (!may) {
        if (room > 0 && !held) held = Place{slot, target};
        continue;
      }
      if (left >= scan.quantity) return Place{slot, target};
      if (room >= scan.quantity && !found) found = Place{slot, target};
      if (!most || room > room_most) {
        most = Place{slot, target};
        room_most = room;
      }
    }
  }
  const auto what = [&](const Place& place) { return called(orders[place.slot], place.target); };
  if (found) return *found;
  if (room_most > 0)
    return scan_fault("complete", "Of " + what(*most) + " no slot can take more than " + std::to_string(room_most) +
                                      " at once: scan the pieces one by one.");
  if (held)
    return scan_fault("held", what(*held) + " is for slot " + std::to_string(held->slot + 1) +
                                  ", which waits: " + workable(orders[held->slot]).error().message);
  if (most) return scan_fault("complete", "Enough of " + what(*most) + " is picked: put this one back.");
  if (order) return invalid("line", "unknown", "The batch has no such order, or the order no such line.");
  if (scan.name.empty())
    return scan_fault("unknown_code", "No product and no order of this batch has the code " + scan.code + ".");
  return scan_fault("not_on_list", "This is " + scan.name + ", not in this batch.");
}

}  // namespace

std::vector<storage::Family> Batches::families() {
  return {{.name = std::string(kBatchesFamily)}};
}

Batches::Batches(storage::Store& store, Orders& orders, audit::Audit& audit, const Clock& clock)
    : store_(store),
      orders_(orders),
      audit_(audit),
      clock_(clock),
      fulfilment_(orders),
      shelves_(store),
      family_(store.family(kBatchesFamily)) {}

Result<Batch> Batches::find(const storage::Reader& read, BatchId id) const {
  PF_LET(const auto record, read.get(family_, batch_key(id.raw())));
  if (!record) return error(ErrorCode::not_found, "There is no batch " + std::to_string(id.raw()) + ".");
  return read_batch(id, *record);
}

Result<std::vector<Order>> Batches::orders_of(const storage::Reader& read, const Batch& batch) const {
  std::vector<Order> found;
  for (const OrderId id : batch.orders) {
    PF_LET(auto order, orders_.find(read, id));
    found.push_back(std::move(order));
  }
  return found;
}

Result<std::vector<Batch>> Batches::list(const storage::Reader& read, bool open_alone, std::uint64_t before,
                                         std::size_t count) const {
  std::vector<std::uint64_t> ids;
  if (open_alone) {
    for (auto row = read.scan_prefix(family_, kOpenBatchesPrefix); row.valid(); row.next())
      ids.push_back(get_be64(row.key().substr(kOpenBatchesPrefix.size())));
    std::ranges::reverse(ids);
    if (before > 0) std::erase_if(ids, [&](std::uint64_t id) { return id >= before; });
  } else {  // batches are never removed and each gets the next number
    PF_LET(const auto last, read.get(family_, kLastBatchKey));
    std::uint64_t next = last ? get_be64(*last) : 0;
    if (before > 0) next = std::min(next, before - 1);
    for (; next > 0 && ids.size() < count; --next) ids.push_back(next);
  }
  std::vector<Batch> found;
  for (std::size_t i = 0; i < std::min(ids.size(), count); ++i) {
    PF_LET(auto batch, find(read, BatchId(ids[i])));
    found.push_back(std::move(batch));
  }
  return found;
}

Result<std::optional<BatchId>> Batches::open_batch_of(const storage::Reader& read, OrderId order) const {
  PF_LET(const auto id, read.get(family_, batch_of_order_key(order.raw())));
  if (!id) return std::optional<BatchId>();
  return std::optional(BatchId(get_be64(*id)));
}

Result<std::optional<FieldFault>> Batches::hindrance(const storage::Reader& read, const Order& order) const {
  const auto why = [&](const char* code, std::string message) {
    return std::optional(FieldFault{"orders", code, order_called(order.id) + ": " + std::move(message)});
  };
  if (const auto may = workable(order); !may.ok())
    return why(order.holds.empty() ? "status" : "held", may.error().message);
  PF_LET(const auto other, open_batch_of(read, order.id));
  if (other) return why("in_batch", "It is in batch " + std::to_string(other->raw()) + " already.");
  if (left_of(order) == 0)
    return why("nothing_to_pick", order.picking ? "All that is ready of it is picked."
                                                : "Nothing of it is in stock, so there is nothing to pick.");
  return std::optional<FieldFault>();
}

Result<Batch> Batches::start(const access::Actor& by, std::span<const OrderId> orders) {
  if (orders.empty()) return invalid("orders", "required", "A batch needs at least one order.");
  if (orders.size() > kBatchOrdersMax)
    return invalid("orders", "length",
                   "A batch has at most 100 orders, one for each tote of a cart; make two of them.");
  Batch batch;
  PF_TRY(store_.write([&](storage::Write& work) -> Result<> {
    std::vector<Order> all;
    std::vector<FieldFault> faults;
    for (std::size_t i = 0; i < orders.size(); ++i) {
      const OrderId id = orders[i];
      if (std::ranges::find(all, id, &Order::id) != all.end()) continue;  // named twice is in it once
      const std::string at = "orders[" + std::to_string(i) + "]";
      auto order = orders_.find(work, id);
      if (!order.ok() && order.error().code != ErrorCode::not_found) return order.error();
      if (!order.ok()) {
        faults.push_back({at, "unknown", order.error().message});
        continue;
      }
      PF_LET(auto fault, hindrance(work, *order));
      if (fault)
        faults.push_back({at, fault->code, fault->message});
      else
        all.push_back(*std::move(order));
    }
    if (!faults.empty()) return gathered_hindrances(std::move(faults));
    PF_LET(batch, start_in(work, by, std::move(all)));
    return {};
  }));
  return batch;
}

Result<Batch> Batches::start_next(const access::Actor& by, std::size_t count,
                                  const std::vector<std::string>& channels) {
  if (count < 1 || count > kBatchOrdersMax)
    return invalid("next", "range", "A batch has 1 to 100 orders, one for each tote of a cart.");
  OrderQuery query{.where = {{"status", catalog::Operator::in, {"open", "partially_shipped"}},
                             {"held", catalog::Operator::eq, {"false"}},
                             {"fulfilled_by", catalog::Operator::eq, {"shop"}},
                             {"backordered", catalog::Operator::eq, {"false"}},
                             {"fulfilment", catalog::Operator::nin, {"picked", "packing", "packed"}}},
                   .count = 200};  // of one look at the index
  if (!channels.empty()) query.where.push_back({"channel", catalog::Operator::in, channels});
  query.where.push_back({"ship_by", catalog::Operator::empty, {}});
  Batch batch;
  PF_TRY(store_.write([&](storage::Write& work) -> Result<> {
    std::vector<Order> next;
    std::size_t looked = 0;
    // An order without a date has nobody who counts the hours: it comes after all that have one, oldest first.
    for (const bool dated : {true, false}) {
      query.where.back().values = {dated ? "0" : "1"};
      query.sort = {{dated ? "ship_by" : "placed_at", false}};
      query.cursor.clear();
      do {
        PF_LET(auto page, orders_.list(work, query));
        for (Order& order : page.orders) {
          if (next.size() == count) break;
          PF_LET(const auto fault, hindrance(work, order));
          if (!fault) next.push_back(std::move(order));
        }
        looked += page.orders.size();
        query.cursor = page.next_cursor;
      } while (!query.cursor.empty() && next.size() < count && looked < kQueueLookedMax);
    }
    if (next.empty())
      return error(ErrorCode::conflict, "No order waits to be picked: what is ready is in a batch or picked already.");
    PF_LET(batch, start_in(work, by, std::move(next)));
    return {};
  }));
  return batch;
}

Result<Batch> Batches::start_in(storage::Write& work, const access::Actor& by, std::vector<Order> orders) {
  PF_LET(const auto last, work.get(family_, kLastBatchKey));
  Batch batch;
  batch.id = BatchId((last ? get_be64(*last) : 0) + 1);
  batch.by = by.name;
  batch.created_at = clock_.now();
  std::string number;
  put_be64(number, batch.id.raw());
  work.put(family_, kLastBatchKey, number);
  work.put(family_, open_batch_key(batch.id.raw()), {});
  for (Order& order : orders) {
    batch.orders.push_back(order.id);
    if (std::ranges::find(batch.channels, order.channel) == batch.channels.end())
      batch.channels.push_back(order.channel);
    work.put(family_, batch_of_order_key(order.id.raw()), number);
    const Order before = order;
    PF_TRY(orders_.append_event(
        work, order, by, "batched",
        json::Value::object({{"batch", batch.id.raw()}, {"slot", static_cast<std::uint64_t>(batch.orders.size())}})));
    PF_TRY(orders_.save(work, &before, order));
  }
  save(work, batch);
  PF_TRY(audit_.append(work, by, "batch.start", batch_name(batch.id),
                       json::Value::object({{"orders", static_cast<std::uint64_t>(batch.orders.size())}})));
  return batch;
}

void Batches::save(storage::Write& work, Batch& batch) {
  batch.updated_at = clock_.now();
  work.put(family_, batch_key(batch.id.raw()), write_batch(batch));
}
void Batches::save_scan(storage::Write& work, BatchId id, const Done& done) {
  work.put(family_, batch_scan_key(id.raw(), done.number), write_done(done));
}
void Batches::free_orders(storage::Write& work, const Batch& batch) {
  for (const OrderId id : batch.orders) work.erase(family_, batch_of_order_key(id.raw()));
  work.erase(family_, open_batch_key(batch.id.raw()));
}

Result<std::optional<Batches::Done>> Batches::scan_numbered(const storage::Reader& read, BatchId id,
                                                            std::uint32_t number) const {
  PF_LET(const auto record, read.get(family_, batch_scan_key(id.raw(), number)));
  if (!record) return std::optional<Done>();
  PF_LET(auto done, read_done(number, *record));
  return std::optional(std::move(done));
}

Result<std::optional<Batches::Done>> Batches::heard(const storage::Reader& read, BatchId id,
                                                    std::string_view key) const {
  if (key.empty()) return std::optional<Done>();
  PF_LET(const auto number, read.get(family_, batch_heard_key(id.raw(), key)));
  if (!number) return std::optional<Done>();
  return scan_numbered(read, id, get_be32(*number));
}

Result<std::optional<Batches::Done>> Batches::last(const storage::Reader& read, const Batch& batch) const {
  for (std::uint32_t number = batch.scans; number > 0; --number) {
    PF_LET(auto done, scan_numbered(read, batch.id, number));
    if (done && !done->undone) return done;
  }
  return std::optional<Done>();
}

Result<> Batches::change_order(storage::Write& work, const access::Actor& by, const Order& before, Order& after,
                               std::string_view action) {
  PF_TRY(orders_.save(work, &before, after));
  return audit_.append(work, by, action, object_name(after.id), {});
}

Result<> Batches::count(storage::Write& work, Batch& batch, const std::vector<Order>& orders, Done done,
                        std::string_view key) {
  if (batch.scans >= kBatchScansMax)
    return error(ErrorCode::conflict,
                 "The batch has 20,000 scans, which is all that it keeps. Stop it, and make another.");
  done.number = ++batch.scans;
  done.at = clock_.now();
  save_scan(work, batch.id, done);
  if (!key.empty()) {
    std::string number;
    put_be32(number, done.number);
    work.put(family_, batch_heard_key(batch.id.raw(), key), number);
  }
  if (std::ranges::none_of(orders, [](const Order& one) { return left_of(one) > 0 && workable(one).ok(); })) {
    batch.status = BatchStatus::picked;
    free_orders(work, batch);
  }
  save(work, batch);
  return {};
}

Result<Batches::Given> Batches::pick(const access::Actor& by, BatchId id, const Scan& scan,
                                     std::optional<OrderId> order) {
  PF_TRY(check_scan(scan));
  Given given;
  PF_TRY(store_.write([&](storage::Write& work) -> Result<> {
    PF_LET(given.batch, find(work, id));
    PF_LET(auto orders, orders_of(work, given.batch));
    const auto tell = [&](std::size_t slot, std::size_t line, std::int64_t pieces, const std::string& part) {
      given.sku = !part.empty() || line >= orders[slot].lines.size() ? part : orders[slot].lines[line].sku;
      given.order = orders[slot].id;
      given.slot = slot + 1;
      given.line = line;
      given.quantity = pieces;
      given.order_picked = left_of(orders[slot]) == 0;
    };
    PF_LET(const auto known, heard(work, id, scan.key));
    if (known) {
      for (const auto& part : known->parts)
        for (std::size_t slot = 0; slot < orders.size(); ++slot)
          if (orders[slot].id == part.order) tell(slot, part.line, part.pieces, part.sku);
      return {};
    }
    PF_TRY(may_go_on(given.batch));
    PF_LET(const Place place, place_for(orders, scan, order));
    Order& taker = orders[place.slot];
    const Order before = taker;
    json::Value details = count_picked(taker, place.target, scan);
    details.set("batch", id.raw());
    details.set("slot", static_cast<std::uint64_t>(place.slot + 1));
    PF_TRY(orders_.append_event(work, taker, by, "picked", std::move(details)));
    PF_TRY(change_order(work, by, before, taker, "order.pick"));
    const std::string part = place.target.part ? sku_of(taker, place.target) : "";
    tell(place.slot, place.target.line, scan.quantity, part);
    return count(
        work, given.batch, orders,
        {.kind = "picked", .by = by.name, .parts = {{taker.id, taker.events, place.target.line, scan.quantity, part}}},
        scan.key);
  }));
  return given;
}

Result<Batch> Batches::miss(const access::Actor& by, BatchId id, std::string_view sku, std::optional<OrderId> order,
                            std::size_t line, std::int64_t pieces, std::string_view key) {
  Scan scan{.line = line, .quantity = std::max<std::int64_t>(pieces, 1), .key = std::string(key)};
  PF_TRY(check_scan(scan));
  if (pieces < 0) return invalid("quantity", "range", "The quantity must be 1 or more.");
  Batch batch;
  PF_TRY(store_.write([&](storage::Write& work) -> Result<> {
    PF_LET(batch, find(work, id));
    PF_LET(const auto known, heard(work, id, key));
    if (known) return {};
    PF_TRY(may_go_on(batch));
    PF_LET(auto orders, orders_of(work, batch));
    // With how many pieces of each are left to pick.
    const auto meant = [&](const Order& one) {
      std::vector<std::pair<Target, std::int64_t>> found;
      for (std::size_t at = 0; at < one.lines.size(); ++at) {
        const Line& of = one.lines[at];
        if (order && (one.id != *order || at != line)) continue;
        const auto part = std::ranges::find(of.parts, sku, &LinePart::sku);
        if (part != of.parts.end())
          found.push_back({{at, static_cast<std::size_t>(part - of.parts.begin())}, to_pick_of(of, *part)});
        else if (order || of.sku == sku)
          found.push_back({{at}, room_at(of, {}, [](const LineCounters& count) { return count.to_pick(); })});
      }
      return found;
    };
    std::int64_t left = 0;
    for (const Order& one : orders)
      if (workable(one).ok())
        for (const auto& [target, open] : meant(one)) left += open;
    const std::string what = order ? "that line" : std::string(sku);
    if (left == 0)
      return invalid(order ? "line" : "sku", "complete", "Of " + what + " nothing is left to pick in this batch.");
    if (pieces > left)
      return invalid("quantity", "range",
                     "Of " + what + " only " + std::to_string(left) + " are left to pick in this batch.");
    Done done{.kind = "short", .by = by.name};
    std::int64_t rest = pieces == 0 ? left : pieces;
    for (std::size_t slot = orders.size(); slot-- > 0 && rest > 0;) {
      Order& one = orders[slot];
      if (!workable(one).ok()) continue;
      const Order before = one;
      const auto of_slot = meant(one);
      for (std::size_t i = of_slot.size(); i-- > 0 && rest > 0;) {
        const Target target = of_slot[i].first;
        scan.quantity = std::min(rest, of_slot[i].second);
        if (scan.quantity <= 0) continue;
        rest -= scan.quantity;
        json::Value details = count_missing(one, target, scan);
        details.set("batch", id.raw());
        details.set("slot", static_cast<std::uint64_t>(slot + 1));
        PF_TRY(orders_.append_event(work, one, by, "short", std::move(details)));
        done.parts.push_back({one.id, one.events, target.line, scan.quantity, target.part ? sku_of(one, target) : ""});
      }
      if (one.events != before.events) PF_TRY(change_order(work, by, before, one, "order.short"));
    }
    return count(work, batch, orders, std::move(done), key);
  }));
  return batch;
}

Result<Batch> Batches::undo(const access::Actor& by, BatchId id, std::uint32_t scan) {
  Batch batch;
  PF_TRY(store_.write([&](storage::Write& work) -> Result<> {
    PF_LET(batch, find(work, id));
    std::optional<Done> done;
    if (scan == 0) {
      PF_LET(done, last(work, batch));
      if (!done) return error(ErrorCode::conflict, "There is no scan of this batch to take back.");
    } else {
      PF_LET(done, scan_numbered(work, id, scan));
      if (!done) return error(ErrorCode::not_found, "The batch has no scan " + std::to_string(scan) + ".");
      if (done->undone) return {};
    }
    if (batch.status == BatchStatus::stopped) return may_go_on(batch);
    if (batch.status == BatchStatus::picked) {
      for (const OrderId one : batch.orders) {
        PF_LET(const auto other, open_batch_of(work, one));
        if (other)
          return error(ErrorCode::conflict, order_called(one) + " is in batch " + std::to_string(other->raw()) +
                                                " by now, so this batch stays as it is.");
      }
      std::string number;
      put_be64(number, id.raw());
      for (const OrderId one : batch.orders) work.put(family_, batch_of_order_key(one.raw()), number);
      work.put(family_, open_batch_key(id.raw()), {});
      batch.status = BatchStatus::open;
    }
    for (auto part = done->parts.rbegin(); part != done->parts.rend(); ++part) {
      PF_LET(Order order, orders_.find(work, part->order));
      const Order before = order;
      PF_TRY(fulfilment_.undo_in(work, by, order, part->event));
      if (order.events != before.events) PF_TRY(change_order(work, by, before, order, "order.undo"));
    }
    done->undone = true;
    save_scan(work, id, *done);
    save(work, batch);
    return {};
  }));
  return batch;
}

Result<Batch> Batches::stop(const access::Actor& by, BatchId id) {
  Batch batch;
  PF_TRY(store_.write([&](storage::Write& work) -> Result<> {
    PF_LET(batch, find(work, id));
    if (batch.status != BatchStatus::open) return {};
    PF_LET(auto orders, orders_of(work, batch));
    for (std::size_t slot = 0; slot < orders.size(); ++slot) {
      Order& order = orders[slot];
      const Order before = order;
      PF_TRY(orders_.append_event(
          work, order, by, "unbatched",
          json::Value::object({{"batch", id.raw()}, {"slot", static_cast<std::uint64_t>(slot + 1)}})));
      PF_TRY(orders_.save(work, &before, order));
    }
    batch.status = BatchStatus::stopped;
    free_orders(work, batch);
    save(work, batch);
    return audit_.append(work, by, "batch.stop", batch_name(id), {});
  }));
  return batch;
}

}  // namespace pf::orders
