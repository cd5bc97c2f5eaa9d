// 1. A piece is claimed by at most one return: claimed <= shipped for every line of an order, checked and counted in
// the
//    unit of work that makes the return.
// 2. A piece is restocked once: the return's own totals only rise, and stock moves by what they rise.
// 3. What is claimed and never comes (refused, or closed without) is given back, so that it can be asked for again.
#include "orders/returns.h"

#include <algorithm>

#include "orders/line_kits.h"
#include "orders/line_places.h"
#include "orders/order_parts.h"
#include "orders/return_keys.h"
#include "orders/return_record.h"
#include "productflow/faults.h"
#include "productflow/text.h"

namespace pf::orders {
namespace {

std::string return_name(ReturnId id) {
  return "return:" + std::to_string(id.raw());
}
std::string at_line(std::size_t line, const char* field) {
  return "lines[" + std::to_string(line) + "]." + field;
}
json::Value number_of(ReturnId id) {
  return json::Value(std::to_string(id.raw()));
}

// The pieces that are asked for, a line once, or every line at fault.
Result<Pieces> claim_of(const Order& order, const RequestReturn& asked) {
  Pieces claim;
  if (asked.lines.empty()) {
    for (std::size_t i = 0; i < order.lines.size(); ++i)
      if (const std::int64_t left = order.lines[i].count.returnable(); left > 0) claim.emplace_back(i, left);
    if (claim.empty())
      return error(ErrorCode::conflict,
                   "Nothing of this order can come back: nothing was shipped, or all of it is in returns already.");
    return claim;
  }
  Faults faults(ErrorCode::conflict, "More would come back than was shipped: ");
  for (std::size_t i = 0; i < asked.lines.size(); ++i) {
    const auto [number, pieces] = asked.lines[i];
    if (number >= order.lines.size())
      return invalid(at_line(i, "line"), "unknown", "The order has no line " + std::to_string(number) + ".");
    if (pieces <= 0 || pieces > kPiecesOfLineMax)
      return invalid(at_line(i, "quantity"), "range", "The quantity must be between 1 and 1,000,000.");
    const auto same = std::ranges::find(claim, number, &Pieces::value_type::first);
    auto& entry = same == claim.end() ? claim.emplace_back(number, 0) : *same;
    entry.second += pieces;
    const LineCounters& count = order.lines[number].count;
    if (entry.second > count.returnable())
      faults.add(at_line(i, "quantity"), "returnable",
                 "of line " + std::to_string(number) + " only " + std::to_string(count.returnable()) +
                     " pieces can come back: " + std::to_string(count.shipped) + " were shipped, " +
                     std::to_string(count.claimed) + " are in returns");
  }
  PF_TRY(std::move(faults).checked());
  return claim;
}

Result<> not_decided_otherwise(const Return& ret, const char* what) {
  if (ret.refused) return error(ErrorCode::conflict, std::string("The return is refused and cannot be ") + what + ".");
  if (ret.closed) return error(ErrorCode::conflict, std::string("The return is closed and cannot be ") + what + ".");
  return {};
}

ReturnLine with_totals(ReturnLine line, const ReturnTotals& said) {
  line.received = said.received.value_or(line.received);
  line.restocked = said.restocked.value_or(line.restocked);
  line.damaged = said.damaged.value_or(line.damaged);
  line.discarded = said.discarded.value_or(line.discarded);
  return line;
}

// What is wrong with the totals as they shall be.
void check_totals(const Return& ret, std::span<const ReturnTotals> totals, Faults& faults) {
  for (std::size_t i = 0; i < totals.size(); ++i) {
    const ReturnTotals& said = totals[i];
    const auto fault = [&](const char* field, const char* code, std::string message) {
      faults.add(at_line(i, field), code, std::move(message));
    };
    const auto found = std::ranges::find(ret.lines, said.line, &ReturnLine::line);
    if (found == ret.lines.end()) {
      fault("line", "unknown", "Line " + std::to_string(said.line) + " is not in this return.");
      continue;
    }
    const ReturnLine wanted = with_totals(*found, said);
    if (std::ranges::count(totals, said.line, &ReturnTotals::line) > 1)
      fault("line", "twice", "Line " + std::to_string(said.line) + " is named twice; totals are said once.");
    const auto rises = [&](const char* field, std::int64_t now, std::int64_t before) {
      if (now < before)
        fault(field, "lower",
              "was " + std::to_string(before) +
                  " already; totals only rise. Correct the stock itself if a piece went wrong");
      if (now > kPiecesOfLineMax) fault(field, "range", "must be at most 1,000,000");
    };
    rises("received", wanted.received, found->received);
    rises("restocked", wanted.restocked, found->restocked);
    rises("damaged", wanted.damaged, found->damaged);
    rises("discarded", wanted.discarded, found->discarded);
    if (wanted.received > found->asked)
      fault("received", "asked",
            "Only " + std::to_string(found->asked) + " pieces of line " + std::to_string(wanted.line) +
                " are in this return; what else came is a return of its own.");
    if (faults.empty() && wanted.judged() > wanted.received)
      fault("received", "judged", "Restocked, damaged and discarded together are more than was received.");
  }
}

}  // namespace

std::vector<storage::Family> Returns::families() {
  return {{.name = std::string(kReturnsFamily)}, search::Index::family(std::string(kReturnIndexFamily))};
}

Returns::Returns(storage::Store& store, Orders& orders, stock::Stock& stock, audit::Audit& audit, const Clock& clock,
                 events::Events* events)
    : store_(store),
      orders_(orders),
      stock_(stock),
      audit_(audit),
      clock_(clock),
      told_(events),
      index_(store, kReturnIndexFamily),
      family_(store.family(kReturnsFamily)) {}

Result<Return> Returns::find(const storage::Reader& read, ReturnId id) const {
  PF_LET(const auto record, read.get(family_, return_key(id.raw())));
  if (!record) return error(ErrorCode::not_found, "There is no return " + std::to_string(id.raw()) + ".");
  return read_return(id, *record);
}

Result<std::vector<Return>> Returns::of_order(const storage::Reader& read, OrderId order) const {
  std::vector<Return> found;
  for (auto row = read.scan_prefix(family_, returns_prefix(order.raw())); row.valid(); row.next()) {
    PF_LET(auto one, find(read, ReturnId(get_be64(row.key().substr(row.key().size() - 8)))));
    found.push_back(std::move(one));
  }
  return found;
}

Result<> Returns::save(storage::Write& work, const Return* before, Return& after) {
  after.updated_at = clock_.now();
  work.put(family_, return_key(after.id.raw()), write_return(after));
  if (told_ != nullptr)
    PF_TRY(told_->add(work, before == nullptr ? events::type::kReturnCreated : events::type::kReturnUpdated,
                      json::Value::object({{"id", number_of(after.id)},
                                           {"order_id", std::to_string(after.order.raw())},
                                           {"channel", after.channel},
                                           {"channel_order_id", after.channel_order_id},
                                           {"status", name_of(kReturnStatusNames, status_of(after))}})));
  return index_.update(work, after.document, before != nullptr ? index_entry(*before) : search::Entry{},
                       index_entry(after));
}

Result<Returns::Requested> Returns::request(const access::Actor& by, const RequestReturn& asked) {
  Faults faults;
  check_text(faults, "reference", asked.reference, kReferenceBytesMax);
  if (asked.lines.size() > kLinesMax) faults.add("lines", "length", "must have at most 1,000 lines");
  PF_TRY(std::move(faults).checked());
  Requested made;
  PF_TRY(store_.write([&](storage::Write& work) -> Result<> {
    made = {};
    PF_LET(Order order, orders_.find(work, asked.order));
    const std::string known_key = reference_key(order.id.raw(), asked.reference);
    if (!asked.reference.empty()) {
      PF_LET(const auto known, work.get(family_, known_key));
      if (known && known->size() == 8) {
        made.outcome = catalog::Outcome::unchanged;
        PF_LET(made.ret, find(work, ReturnId(get_be64(*known))));
        return {};
      }
    }
    PF_LET(const Pieces claim, claim_of(order, asked));
    PF_LET(const auto earlier, of_order(work, order.id));
    if (earlier.size() >= kReturnsMax)
      return error(ErrorCode::conflict, "An order has at most 200 returns. Put more pieces into one of them.");

    const Order before = order;
    Return& ret = made.ret;
    PF_LET(const auto last, work.get(family_, kLastReturnKey));
    ret.id = ReturnId(last && last->size() == 8 ? get_be64(*last) + 1 : kFirstReturnId);
    PF_LET(ret.document, index_.add_document(work));
    ret.order = order.id;
    ret.channel = order.channel;
    ret.channel_order_id = order.channel_order_id;
    ret.reference = asked.reference;
    ret.reason = asked.reason;
    ret.approved = asked.approved;
    ret.by = by.name;
    ret.created_at = clock_.now();
    json::Value lines = json::Value::array();
    for (const auto& [number, pieces] : claim) {
      order.lines[number].count.claimed += pieces;
      ret.lines.push_back({.line = number, .asked = pieces});
      lines.push(json::Value::object({{"line", static_cast<std::uint64_t>(number)}, {"quantity", pieces}}));
    }
    std::string id_bytes;
    put_be64(id_bytes, ret.id.raw());
    work.put(family_, kLastReturnKey, id_bytes);
    work.put(family_, return_of_key(order.id.raw(), ret.id.raw()), {});
    if (!asked.reference.empty()) work.put(family_, known_key, id_bytes);
    PF_TRY(orders_.append_event(work, order, by, "return_requested",
                                json::Value::object({{"return", number_of(ret.id)},
                                                     {"reason", name_of(kReturnReasonNames, ret.reason)},
                                                     {"lines", std::move(lines)}})));
    if (ret.approved)
      PF_TRY(orders_.append_event(work, order, by, "return_approved",
                                  json::Value::object({{"return", number_of(ret.id)}})));
    if (!trim(asked.message).empty()) PF_TRY(orders_.append_note(work, order, by, asked.message, Audience::team));
    PF_TRY(orders_.save(work, &before, order));
    PF_TRY(save(work, nullptr, ret));
    return audit_.append(work, by, "return.request", return_name(ret.id),
                         json::Value::object({{"order", std::to_string(order.id.raw())}}));
  }));
  return made;
}

Result<Return> Returns::change(const access::Actor& by, ReturnId id, std::string_view action,
                               const std::function<Result<>(storage::Write&, Return&, Order&)>& how) {
  Return ret;
  PF_TRY(store_.write([&](storage::Write& work) -> Result<> {
    PF_LET(ret, find(work, id));
    PF_LET(Order order, orders_.find(work, ret.order));
    const Return before = ret;
    const Order order_before = order;
    PF_TRY(how(work, ret, order));
    if (order.events == order_before.events) return {};
    PF_TRY(orders_.save(work, &order_before, order));
    PF_TRY(save(work, &before, ret));
    PF_TRY(audit_.append(work, by, action, return_name(id),
                         json::Value::object({{"order", std::to_string(order.id.raw())}})));
    // After the order is saved, since it may wait for these very pieces.
    for (std::size_t i = 0; i < ret.lines.size(); ++i)
      if (ret.lines[i].restocked > before.lines[i].restocked)
        for (const std::string& sku : stock_skus(order.lines[ret.lines[i].line]))
          PF_TRY(orders_.fill_backorders(work, sku));
    return {};
  }));
  return ret;
}

Result<Return> Returns::approve(const access::Actor& by, ReturnId id) {
  return change(by, id, "return.approve", [&](storage::Write& work, Return& ret, Order& order) -> Result<> {
    PF_TRY(not_decided_otherwise(ret, "approved"));
    if (ret.approved) return {};
    ret.approved = true;
    return orders_.append_event(work, order, by, "return_approved", json::Value::object({{"return", number_of(id)}}));
  });
}

Result<Return> Returns::refuse(const access::Actor& by, ReturnId id, std::string_view message) {
  return change(by, id, "return.refuse", [&](storage::Write& work, Return& ret, Order& order) -> Result<> {
    if (ret.refused) return {};
    if (ret.approved || ret.closed)
      return error(ErrorCode::conflict, "The return is approved already. If nothing comes, close it.");
    ret.refused = true;
    for (const ReturnLine& line : ret.lines) order.lines[line.line].count.claimed -= line.asked;
    PF_TRY(orders_.append_event(work, order, by, "return_refused", json::Value::object({{"return", number_of(id)}})));
    return trim(message).empty() ? Result<>() : orders_.append_note(work, order, by, message, Audience::team);
  });
}

Result<> Returns::restock(storage::Write& work, const access::Actor& by, Line& sold, std::int64_t pieces,
                          const stock::Location* chosen, const std::vector<stock::Location>& locations) {
  const auto put_back = [&](std::string_view sku, std::vector<stock::Share>& left_elsewhere,
                            std::int64_t back) -> Result<> {
    for (const stock::Share& share : take_back_to(left_elsewhere, back)) {
      const stock::Location* left = stock::location_of(locations, share.location);
      stock::LocationId to = left != nullptr && left->active ? left->id : stock::kDefaultLocation;
      if (chosen != nullptr) to = chosen->id;
      PF_TRY(stock_.restock(work, by, sku, share.pieces, "returned", to));
    }
    return {};
  };
  if (pieces == 0) return {};
  if (sold.parts.empty()) {  // none of ours was promised to it, or it became a kit since: its parts come back
    PF_LET(const auto parts, stock_.parts(work, sold.sku));
    for (const stock::Part& part : parts) sold.parts.push_back({.sku = part.sku, .quantity = part.quantity});
  }
  if (sold.parts.empty()) return put_back(sold.sku, sold.left_elsewhere, pieces);
  for (LinePart& part : sold.parts) PF_TRY(put_back(part.sku, part.left_elsewhere, pieces * part.quantity));
  return {};
}

Result<Return> Returns::receive(const access::Actor& by, ReturnId id, std::span<const ReturnTotals> totals,
                                std::string_view location) {
  return change(by, id, "return.receive", [&](storage::Write& work, Return& ret, Order& order) -> Result<> {
    Faults faults;
    if (totals.empty()) faults.add("lines", "required", "lines must say what came");
    check_totals(ret, totals, faults);
    PF_TRY(std::move(faults).checked());
    PF_LET(const auto locations, stock_.locations(work));
    const stock::Location* chosen = location.empty() ? nullptr : stock::location_named(locations, location);
    if (chosen == nullptr && !location.empty())
      return invalid("location", "unknown", "There is no such stock location.");
    json::Value told = json::Value::array();
    for (const ReturnTotals& said : totals) {
      ReturnLine& line = *std::ranges::find(ret.lines, said.line, &ReturnLine::line);
      const ReturnLine after = with_totals(line, said);
      if (after == line) continue;
      PF_TRY(not_decided_otherwise(ret, "received"));
      if (!ret.approved) return error(ErrorCode::conflict, "The return is not approved yet. Approve it first.");
      Line& sold = order.lines[line.line];
      sold.count.returned += after.received - line.received;
      if (from_stock(order, sold)) PF_TRY(restock(work, by, sold, after.restocked - line.restocked, chosen, locations));
      line = after;
      told.push(json::Value::object({{"line", static_cast<std::uint64_t>(line.line)},
                                     {"received", line.received},
                                     {"restocked", line.restocked},
                                     {"damaged", line.damaged},
                                     {"discarded", line.discarded}}));
    }
    if (told.as_array()->empty()) return {};  // said before
    json::Value details = json::Value::object({{"return", number_of(id)}, {"lines", std::move(told)}});
    if (chosen != nullptr) details.set("location", chosen->code);
    return orders_.append_event(work, order, by, "return_received", std::move(details));
  });
}

Result<Return> Returns::replace(const access::Actor& by, ReturnId id, const Replacement& what) {
  return change(by, id, "return.replace", [&](storage::Write& work, Return& ret, Order& order) -> Result<> {
    if (ret.replacement.raw() != 0) return {};
    if (ret.refused) return error(ErrorCode::conflict, "The return is refused, so nothing replaces it.");
    if (!ret.approved) return error(ErrorCode::conflict, "The return is not approved yet. Approve it first.");
    if (order.by_marketplace)
      return error(ErrorCode::conflict, "The marketplace ships this order, so it sends the replacement too.");
    PlaceOrder sent{.channel = "manual",
                    .channel_order_id = order.channel_order_id + "-R" + std::to_string(id.raw()),
                    .currency = order.currency,
                    .country_code = what.buyer.fields.empty() ? order.country_code : what.country_code,
                    .shipping_method = order.shipping_method,
                    .lines = what.lines,
                    .buyer = what.buyer,
                    .buyer_of = what.buyer.fields.empty() ? order.id : OrderId(),
                    .replaces = id.raw()};
    if (sent.lines.empty())
      for (const ReturnLine& line : ret.lines) {
        const Line& sold = order.lines[line.line];
        sent.lines.push_back({"", sold.sku, sold.title, line.asked, Money{0, order.currency}});
      }
    Money total{0, order.currency};
    for (PlaceLine& line : sent.lines) {
      if (!line.price) line.price = Money{0, order.currency};
      PF_LET(const Money of_line, multiply(*line.price, line.quantity));
      PF_LET(total, add(total, of_line));
    }
    sent.shipping_cost = Money{0, order.currency};
    sent.total = total;
    sent.paid = total.minor == 0;  // a difference is still to be paid
    PF_LET(const Placed placed, orders_.place_in(work, by, sent, StockPolicy::backorder));
    if (placed.outcome != catalog::Outcome::created)
      return error(ErrorCode::conflict, "There is an order " + sent.channel_order_id + " already.");
    ret.replacement = placed.id;
    return orders_.append_event(
        work, order, by, "replaced",
        json::Value::object({{"return", number_of(id)}, {"order", std::to_string(placed.id.raw())}}));
  });
}

Result<Return> Returns::close(const access::Actor& by, ReturnId id) {
  return change(by, id, "return.close", [&](storage::Write& work, Return& ret, Order& order) -> Result<> {
    if (ret.closed) return {};
    PF_TRY(not_decided_otherwise(ret, "closed"));
    if (!ret.approved) return error(ErrorCode::conflict, "The return is not decided on. Approve or refuse it first.");
    Error open{ErrorCode::conflict, "", {}};
    for (std::size_t i = 0; i < ret.lines.size(); ++i)
      if (const std::int64_t left = ret.lines[i].received - ret.lines[i].judged(); left > 0)
        open.faults.push_back({at_line(i, "received"), "judge",
                               "of line " + std::to_string(ret.lines[i].line) + " " + std::to_string(left) +
                                   " pieces came and are neither restocked, damaged nor discarded"});
    if (!open.faults.empty()) {
      open.message = "The return cannot be closed yet: " + open.faults[0].message + ".";
      return open;
    }
    ret.closed = true;
    for (const ReturnLine& line : ret.lines) order.lines[line.line].count.claimed -= line.asked - line.received;
    return orders_.append_event(work, order, by, "return_closed", json::Value::object({{"return", number_of(id)}}));
  });
}

}  // namespace pf::orders
