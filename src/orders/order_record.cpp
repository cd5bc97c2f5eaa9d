#include "orders/order_record.h"

#include <algorithm>

#include "json/members.h"
#include "productflow/bytes.h"
#include "productflow/text.h"

namespace pf::orders {

using json::flag_in, json::number_in, json::text_in;
namespace {

// Short names, since ten million of them are stored. Stored on disk: do not change.
json::Value money(const std::optional<Money>& amount) {
  return amount ? json::Value(amount->minor) : json::Value(nullptr);
}
std::optional<Money> money_in(const json::Value& in, std::string_view name, Currency currency) {
  const json::Value* value = in.find(name);
  const auto minor = value != nullptr ? value->as_int() : std::nullopt;
  return minor ? std::optional<Money>({*minor, currency}) : std::nullopt;
}
json::Value pieces(const std::vector<std::pair<std::size_t, std::int64_t>>& lines) {
  json::Value out = json::Value::array();
  for (const auto& [line, count] : lines)
    out.push(json::Value(json::Array{json::Value(static_cast<std::uint64_t>(line)), json::Value(count)}));
  return out;
}

json::Value stored_parcels(const std::vector<Parcel>& parcels) {
  json::Value out = json::Value::array();
  for (const Parcel& parcel : parcels) {
    json::Value stored = json::Value::object({{"id", parcel.identifier},
                                              {"m", parcel.method},
                                              {"tt", parcel.track_and_trace},
                                              {"at", stored_ms(parcel.at)},
                                              {"l", pieces(parcel.lines)}});
    if (!parcel.together.empty()) {
      json::Value together = json::Value::array();
      for (const OrderId other : parcel.together) together.push(other.raw());
      stored.set("tg", std::move(together));
    }
    if (parcel.weight_grams > 0) stored.set("g", parcel.weight_grams);
    if (parcel.length_mm + parcel.width_mm + parcel.height_mm > 0)
      stored.set("mm", json::Value(json::Array{parcel.length_mm, parcel.width_mm, parcel.height_mm}));
    out.push(std::move(stored));
  }
  return out;
}
std::vector<Parcel> parcels_in(const json::Value& in, std::string_view name) {
  std::vector<Parcel> found;
  const json::Value* parcels = in.find(name);
  if (parcels == nullptr || parcels->as_array() == nullptr) return found;
  for (const json::Value& item : *parcels->as_array()) {
    Parcel parcel{text_in(item, "id"), text_in(item, "m"), text_in(item, "tt"), stored_time(item, "at"), {}};
    if (const json::Value* list = item.find("l"); list != nullptr && list->as_array() != nullptr)
      for (const json::Value& pair : *list->as_array())
        if (pair.as_array() != nullptr && pair.as_array()->size() == 2)
          parcel.lines.emplace_back(static_cast<std::size_t>((*pair.as_array())[0].as_int().value_or(0)),
                                    (*pair.as_array())[1].as_int().value_or(0));
    if (const json::Value* others = item.find("tg"); others != nullptr && others->as_array() != nullptr)
      for (const json::Value& other : *others->as_array())
        parcel.together.push_back(OrderId(static_cast<std::uint64_t>(other.as_int().value_or(0))));
    parcel.weight_grams = number_in(item, "g");
    if (const json::Value* size = item.find("mm");
        size != nullptr && size->as_array() != nullptr && size->as_array()->size() == 3) {
      const json::Array& mm = *size->as_array();
      parcel.length_mm = mm[0].as_int().value_or(0);
      parcel.width_mm = mm[1].as_int().value_or(0);
      parcel.height_mm = mm[2].as_int().value_or(0);
    }
    found.push_back(std::move(parcel));
  }
  return found;
}

json::Value shares(const std::vector<stock::Share>& of) {
  json::Value out = json::Value::array();
  for (const stock::Share& one : of)
    out.push(json::Value(json::Array{json::Value(one.location), json::Value(one.pieces)}));
  return out;
}
std::vector<stock::Share> shares_in(const json::Value& in, std::string_view name) {
  std::vector<stock::Share> found;
  const json::Value* list = in.find(name);
  if (list == nullptr || list->as_array() == nullptr) return found;
  for (const json::Value& pair : *list->as_array())
    if (pair.as_array() != nullptr && pair.as_array()->size() == 2)
      found.push_back({static_cast<stock::LocationId>((*pair.as_array())[0].as_int().value_or(0)),
                       (*pair.as_array())[1].as_int().value_or(0)});
  return found;
}

std::vector<LinePart> parts_in(const json::Value& line) {
  std::vector<LinePart> found;
  if (const json::Value* parts = line.find("kit"); parts != nullptr && parts->as_array() != nullptr)
    for (const json::Value& part : *parts->as_array())
      found.push_back({text_in(part, "s"), std::max<std::int64_t>(number_in(part, "q"), 1), number_in(part, "k"),
                       number_in(part, "m"), number_in(part, "ld"), shares_in(part, "el"), shares_in(part, "le")});
  return found;
}

}  // namespace

json::Value stored_ms(Time time) {
  return json::Value(static_cast<std::int64_t>(time.time_since_epoch().count()));
}
Time stored_time(const json::Value& in, std::string_view name) {
  return Time{milliseconds{number_in(in, name)}};
}

// A new member needs its word in remains.h: what stays when the buyer is gone. Records of before a member was known
// lack it, and what is empty is not written.
std::string write_order(const Order& order) {
  json::Value out = json::Value::object({{"d", order.document},
                                         {"ch", order.channel},
                                         {"no", order.channel_order_id},
                                         {"co", order.country_code},
                                         {"pay", order.payment_method},
                                         {"shm", order.shipping_method},
                                         {"cur", order.currency.code()},
                                         {"at", stored_ms(order.placed_at)},
                                         {"cr", stored_ms(order.created_at)},
                                         {"up", stored_ms(order.updated_at)},
                                         {"shc", money(order.shipping_cost)},
                                         {"tot", money(order.total)},
                                         {"paid", order.paid},
                                         {"acc", order.accepted},
                                         {"ev", order.events},
                                         {"rid", hex(order.person.rid)},
                                         {"ep", order.person.epoch},
                                         {"pc", stored_ms(order.person.created)}});
  if (order.ship_by) out.set("by", stored_ms(*order.ship_by));
  if (!order.cancel_reason.empty()) out.set("why", order.cancel_reason);
  if (order.by_marketplace) out.set("mp", true);
  if (order.paid_total) out.set("pt", order.paid_total->minor);
  if (order.tax) out.set("tax", order.tax->minor);
  if (order.refunded.count > 0)
    out.set("rf", json::Value(json::Array{order.refunded.count, order.refunded.shipping_minor, order.refunded.tax_minor,
                                          order.refunded.other_minor, order.refunded.total_minor}));
  if (!order.holds.empty()) {
    json::Value holds = json::Value::array();
    for (const Hold& hold : order.holds)
      holds.push(json::Value::object({{"n", hold.number},
                                      {"r", name_of(kHoldReasonNames, hold.reason)},
                                      {"by", hold.by},
                                      {"at", stored_ms(hold.at)}}));
    out.set("hold", std::move(holds));
  }
  if (!order.tags.empty()) {
    json::Value tags = json::Value::array();
    for (const std::string& tag : order.tags) tags.push(tag);
    out.set("tag", std::move(tags));
  }
  if (!order.marks.empty()) {
    json::Value marks = json::Value::array();
    for (const Mark& mark : order.marks)
      marks.push(json::Value::object(
          {{"k", name_of(kAttentionNames, mark.kind)}, {"of", mark.other.raw()}, {"no", mark.dismissed}}));
    out.set("mark", std::move(marks));
  }
  if (order.location) out.set("lo", *order.location);
  if (order.replaces != 0) out.set("xr", order.replaces);
  json::Value lines = json::Value::array();
  for (const Line& line : order.lines) {
    json::Value stored = json::Value::object({{"id", line.channel_line_id},
                                              {"s", line.sku},
                                              {"t", line.title},
                                              {"p", money(line.price)},
                                              {"o", line.count.ordered},
                                              {"x", line.count.cancelled},
                                              {"b", line.count.backordered},
                                              {"a", line.count.allocated},
                                              {"h", line.count.shipped}});
    if (line.count.claimed > 0) stored.set("c", line.count.claimed);
    if (!line.channel_sku.empty()) stored.set("cs", line.channel_sku);
    if (line.count.returned > 0) stored.set("r", line.count.returned);
    if (line.count.refunded > 0) stored.set("fq", line.count.refunded);
    if (line.refunded_minor > 0) stored.set("fm", line.refunded_minor);
    if (line.count.picked > 0) stored.set("k", line.count.picked);
    if (line.count.missing > 0) stored.set("m", line.count.missing);
    if (line.count.packed > 0) stored.set("w", line.count.packed);
    if (line.count.later > 0) stored.set("lt", line.count.later);
    if (!line.elsewhere.empty()) stored.set("el", shares(line.elsewhere));
    if (!line.left_elsewhere.empty()) stored.set("le", shares(line.left_elsewhere));
    if (!line.parts.empty()) {
      json::Value parts = json::Value::array();
      for (const LinePart& part : line.parts) {
        json::Value one = json::Value::object({{"s", part.sku}, {"q", part.quantity}});
        if (part.picked > 0) one.set("k", part.picked);
        if (part.missing > 0) one.set("m", part.missing);
        if (part.laid > 0) one.set("ld", part.laid);
        if (!part.elsewhere.empty()) one.set("el", shares(part.elsewhere));
        if (!part.left_elsewhere.empty()) one.set("le", shares(part.left_elsewhere));
        parts.push(std::move(one));
      }
      stored.set("kit", std::move(parts));
    }
    if (!line.category.empty()) stored.set("g", line.category);
    lines.push(std::move(stored));
  }
  out.set("lines", std::move(lines));
  out.set("parcels", stored_parcels(order.parcels));
  if (!order.packing.empty()) out.set("packing", stored_parcels(order.packing));
  if (order.picking) out.set("pk", true);
  return json::write(out);
}

Result<Order> read_order(OrderId id, std::string_view record) {
  PF_LET(const auto in, json::parse(record));
  Order order;
  order.id = id;
  PF_LET(order.currency, Currency::parse(text_in(in, "cur")));
  order.document = static_cast<std::uint32_t>(number_in(in, "d"));
  order.channel = text_in(in, "ch");
  order.channel_order_id = text_in(in, "no");
  order.country_code = text_in(in, "co");
  order.payment_method = text_in(in, "pay");
  order.shipping_method = text_in(in, "shm");
  order.cancel_reason = text_in(in, "why");
  order.placed_at = stored_time(in, "at");
  order.created_at = stored_time(in, "cr");
  order.updated_at = stored_time(in, "up");
  if (in.find("by") != nullptr) order.ship_by = stored_time(in, "by");
  order.shipping_cost = money_in(in, "shc", order.currency);
  order.total = money_in(in, "tot", order.currency);
  order.paid = flag_in(in, "paid");
  order.accepted = flag_in(in, "acc");
  order.events = static_cast<std::uint32_t>(number_in(in, "ev"));
  order.person = {unhex(text_in(in, "rid")).value_or(""), static_cast<std::uint32_t>(number_in(in, "ep")),
                  stored_time(in, "pc")};
  order.by_marketplace = flag_in(in, "mp");
  order.paid_total = money_in(in, "pt", order.currency);
  order.tax = money_in(in, "tax", order.currency);
  if (const json::Value* sums = in.find("rf"); sums != nullptr && sums->as_array() != nullptr) {
    const json::Array& all = *sums->as_array();
    const auto sum = [&](std::size_t at) { return at < all.size() ? all[at].as_int().value_or(0) : 0; };
    order.refunded = {static_cast<std::uint32_t>(sum(0)), sum(1), sum(2), sum(3), sum(4)};
  }
  if (const json::Value* holds = in.find("hold"); holds != nullptr && holds->as_array() != nullptr)
    for (const json::Value& hold : *holds->as_array())
      order.holds.push_back({static_cast<std::uint32_t>(number_in(hold, "n")),
                             value_named<HoldReason>(kHoldReasonNames, text_in(hold, "r")).value_or(HoldReason::manual),
                             text_in(hold, "by"), stored_time(hold, "at")});
  if (const json::Value* tags = in.find("tag"); tags != nullptr && tags->as_array() != nullptr)
    for (const json::Value& tag : *tags->as_array())
      if (tag.as_string() != nullptr) order.tags.push_back(*tag.as_string());
  if (const json::Value* marks = in.find("mark"); marks != nullptr && marks->as_array() != nullptr)
    for (const json::Value& mark : *marks->as_array())
      order.marks.push_back(
          {value_named<Attention>(kAttentionNames, text_in(mark, "k")).value_or(Attention::unknown_sku),
           OrderId(static_cast<std::uint64_t>(number_in(mark, "of"))), flag_in(mark, "no")});
  if (in.find("lo") != nullptr) order.location = static_cast<stock::LocationId>(number_in(in, "lo"));
  order.replaces = static_cast<std::uint64_t>(number_in(in, "xr"));
  if (const json::Value* lines = in.find("lines"); lines != nullptr && lines->as_array() != nullptr)
    for (const json::Value& line : *lines->as_array())
      order.lines.push_back({text_in(line, "id"),
                             text_in(line, "s"),
                             text_in(line, "t"),
                             money_in(line, "p", order.currency),
                             {number_in(line, "o"), number_in(line, "x"), number_in(line, "b"), number_in(line, "a"),
                              number_in(line, "h"), number_in(line, "c"), number_in(line, "r"), number_in(line, "fq"),
                              number_in(line, "k"), number_in(line, "m"), number_in(line, "w"), number_in(line, "lt")},
                             text_in(line, "cs"),
                             number_in(line, "fm"),
                             shares_in(line, "el"),
                             shares_in(line, "le"),
                             parts_in(line),
                             text_in(line, "g")});
  order.parcels = parcels_in(in, "parcels");
  order.packing = parcels_in(in, "packing");
  order.picking = flag_in(in, "pk");
  return order;
}

std::string sortable(std::int64_t number) {
  std::string out;
  put_be64(out, static_cast<std::uint64_t>(number) ^ (1ull << 63));  // negative numbers first
  return out;
}
std::string sortable(Time time) {
  return sortable(static_cast<std::int64_t>(time.time_since_epoch().count()));
}

search::Entry index_entry(const Order& order) {
  search::Entry entry;
  entry.terms = {{"status", std::string(status_name(status_of(order)))},
                 {"channel", order.channel},
                 {"channel_order_id", order.channel_order_id},
                 {"country_code", order.country_code},
                 {"accepted", order.accepted ? "true" : "false"}};
  const auto words = [&](std::string_view text) {
    for (std::string& word : search::words_of(text)) entry.terms.emplace_back("q", std::move(word));
  };
  words(std::to_string(order.id.raw()));
  words(order.channel_order_id);
  bool waits = false;
  for (const Line& line : order.lines) {
    entry.terms.emplace_back("sku", line.sku);
    words(line.sku);
    words(line.channel_sku);
    words(line.title);
    for (const LinePart& part : line.parts) {
      entry.terms.emplace_back("sku", part.sku);
      words(part.sku);
    }
    waits = waits || line.count.backordered > 0;
  }
  entry.terms.emplace_back("backordered", waits ? "true" : "false");
  // Only what there is, so that orders of before holds and tags were known are indexed alike.
  for (const Hold& hold : order.holds)
    entry.terms.emplace_back("hold", std::string(name_of(kHoldReasonNames, hold.reason)));
  if (order.by_marketplace) entry.terms.emplace_back("fulfilled_by", std::string(kFulfilledBy[1]));
  if (const Stage stage = stage_of(order); stage != Stage::none)
    entry.terms.emplace_back("fulfilment", std::string(name_of(kStageNames, stage)));
  if (std::ranges::any_of(order.lines, [](const Line& line) { return line.count.missing > 0; }))
    entry.terms.emplace_back("short", "true");
  if (const OrderStatus status = status_of(order); status != OrderStatus::shipped && status != OrderStatus::cancelled) {
    for (const Mark& mark : order.marks)
      if (!mark.dismissed) entry.terms.emplace_back("attention", std::string(name_of(kAttentionNames, mark.kind)));
  }
  if (std::ranges::any_of(order.lines, [](const Line& line) { return line.count.later > 0; }))
    entry.terms.emplace_back("later", "true");
  for (const std::string& tag : order.tags) {
    entry.terms.emplace_back("tag", tag);
    words(tag);
  }
  entry.columns = {{"placed_at", sortable(order.placed_at)},
                   {"created_at", sortable(order.created_at)},
                   {"id", sortable(static_cast<std::int64_t>(order.id.raw()))}};
  if (order.ship_by) entry.columns.emplace_back("ship_by", sortable(*order.ship_by));
  if (order.total) entry.columns.emplace_back("total", sortable(order.total->minor));
  return entry;
}

}  // namespace pf::orders
