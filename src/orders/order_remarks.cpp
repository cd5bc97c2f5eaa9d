// What people say of an order: notes, tags, and holds that keep it in the house. Holds lie over the order's stage; they
// touch no counter, so releasing one returns to whatever the counters say.
#include <algorithm>

#include "orders/order_keys.h"
#include "orders/order_parts.h"
#include "orders/orders.h"
#include "productflow/text.h"

namespace pf::orders {
namespace {

Result<> room_for_remarks(const Order& order) {
  if (order.events < kEventsMax) return {};
  return error(ErrorCode::conflict,
               "So much has happened to this order that it takes no more notes, tags and holds (5,000 entries).");
}

}  // namespace

Result<std::string> tag_of(std::string_view written) {
  std::string tag = lower_ascii(trim(written));
  if (tag.empty()) return invalid("tag", "required", "The tag is empty.");
  if (tag.size() > kTagBytesMax) return invalid("tag", "length", "A tag has at most 40 bytes: a word or two.");
  const bool odd = std::ranges::any_of(tag, [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte < 0x80 && !(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') && c != ' ' && c != '-' && c != '_' &&
           c != '.' && c != ':' && c != '/';
  });
  if (odd || first_bad_utf8(tag))  // no '@' and no quotes: an address of a person is no tag
    return invalid("tag", "format", "A tag is made of letters, digits, blanks and - _ . : / alone.");
  return tag;
}

Result<> may_leave(const Order& order) {
  if (order.by_marketplace)
    return error(ErrorCode::conflict,
                 "The marketplace ships this order from its own house; it is not picked or shipped here.");
  if (order.holds.empty()) return {};
  Error held{ErrorCode::conflict, "The order is on hold: ", {}};
  for (std::size_t i = 0; i < order.holds.size(); ++i) {
    const Hold& hold = order.holds[i];
    const std::string reason(name_of(kHoldReasonNames, hold.reason));
    held.message += (i > 0 ? ", " : "") + reason + " since " + rfc3339(hold.at);
    held.faults.push_back({"holds[" + std::to_string(i) + "]", reason,
                           "hold " + std::to_string(hold.number) + " (" + reason + ") is in force"});
  }
  held.message += ". Release " + std::string(order.holds.size() == 1 ? "it" : "them") + " first.";
  return held;
}

Result<Order> Orders::hold(const access::Actor& by, OrderId id, HoldReason reason, std::string_view message) {
  return change(by, id, "order.hold", [&](storage::Write& work, Order& order) -> Result<> {
    const OrderStatus status = status_of(order);
    if (status == OrderStatus::cancelled || status == OrderStatus::shipped)
      return error(ErrorCode::conflict, "Nothing of this order is left to ship, so there is nothing to hold back.");
    const auto same = [&](const Hold& hold) { return hold.reason == reason && hold.by == by.name; };
    if (std::ranges::any_of(order.holds, same)) return {};
    if (order.holds.size() >= kHoldsMax)
      return error(ErrorCode::conflict, "An order has at most 10 holds at a time. Release one first.");
    PF_TRY(room_for_remarks(order));
    Hold placed{order.events + 1, reason, by.name, clock_.now()};
    PF_TRY(append_event(work, order, by, "held",
                        json::Value::object({{"hold", placed.number}, {"reason", name_of(kHoldReasonNames, reason)}})));
    order.holds.push_back(std::move(placed));
    return trim(message).empty() ? Result<>() : append_note(work, order, by, message, Audience::team);
  });
}

Result<Order> Orders::release(const access::Actor& by, OrderId id, std::uint32_t hold) {
  return change(by, id, "order.release", [&](storage::Write& work, Order& order) -> Result<> {
    const auto found = std::ranges::find(order.holds, hold, &Hold::number);
    if (found == order.holds.end())
      return error(ErrorCode::not_found, "The order has no hold " + std::to_string(hold) + ", or no longer.");
    const json::Value details = json::Value::object(
        {{"hold", hold}, {"reason", name_of(kHoldReasonNames, found->reason)}, {"held_by", found->by}});
    order.holds.erase(found);
    return append_event(work, order, by, "released", details);
  });
}

Result<Order> Orders::tag(const access::Actor& by, OrderId id, std::string_view written) {
  PF_LET(const std::string tag, tag_of(written));
  return change(by, id, "order.tag", [&](storage::Write& work, Order& order) -> Result<> {
    const auto place = std::ranges::lower_bound(order.tags, tag);
    if (place != order.tags.end() && *place == tag) return {};
    if (order.tags.size() >= kTagsMax) return error(ErrorCode::conflict, "An order has at most 20 tags.");
    PF_TRY(room_for_remarks(order));
    order.tags.insert(place, tag);
    return append_event(work, order, by, "tagged", json::Value::object({{"tag", tag}}));
  });
}

Result<Order> Orders::untag(const access::Actor& by, OrderId id, std::string_view written) {
  PF_LET(const std::string tag, tag_of(written));
  return change(by, id, "order.untag", [&](storage::Write& work, Order& order) -> Result<> {
    if (std::erase(order.tags, tag) == 0) return {};
    return append_event(work, order, by, "untagged", json::Value::object({{"tag", tag}}));
  });
}

Result<> Orders::append_note(storage::Write& work, Order& order, const access::Actor& by, std::string_view message,
                             Audience audience) {
  if (trim(message).empty()) return invalid("message", "required", "The note is empty.");
  if (message.size() > kNoteBytesMax || first_bad_utf8(message))
    return invalid("message", "length", "A note is a text of at most 10,000 bytes.");
  PF_TRY(room_for_remarks(order));
  PF_LET(const std::string sealed,
         vault_.seal_blob("note:" + std::to_string(order.id.raw()) + ":" + std::to_string(order.events + 1), message,
                          &order.person));
  json::Value details = json::Value::object({{"sealed", base64url(sealed)}});
  if (audience == Audience::buyer) details.set("for", name_of(kAudienceNames, audience));
  return append_event(work, order, by, "noted", std::move(details));
}

Result<> Orders::note(const access::Actor& by, OrderId id, std::string_view message, Audience audience) {
  const auto changed = change(by, id, "order.note", [&](storage::Write& work, Order& order) {
    return append_note(work, order, by, message, audience);
  });
  if (!changed.ok()) return changed.error();
  return {};
}

std::optional<std::string> Orders::note_text(OrderId id, const Event& event) const {
  const json::Value* sealed = event.details.find("sealed");
  const auto bytes =
      sealed != nullptr && sealed->as_string() != nullptr ? unbase64url(*sealed->as_string()) : std::nullopt;
  if (!bytes) return std::nullopt;
  auto text = vault_.open_blob("note:" + std::to_string(id.raw()) + ":" + std::to_string(event.number), *bytes);
  return text.ok() ? std::optional<std::string>(*std::move(text)) : std::nullopt;
}

}  // namespace pf::orders
