#include "rules/order_rules.h"

#include <algorithm>
#include <array>

#include "catalog/changes.h"
#include "json/members.h"
#include "productflow/faults.h"
#include "productflow/text.h"

namespace pf::rules {
namespace {

// What an order may be asked for; never the buyer. In the order in which an error names them.
enum class OrderCell {
  channel,
  number,
  status,
  country_code,
  currency,
  total,
  shipping_cost,
  paid,
  payment_method,
  shipping_method,
  fulfilled_by,
  tags,
  lines,
  pieces,
  backordered,
  skus,
  unknown_skus,
  brands,
  families,
  categories,
};
constexpr std::array<std::string_view, 20> kCellNames{"channel",        "channel_order_id",
                                                      "status",         "country_code",
                                                      "currency_code",  "total",
                                                      "shipping_cost",  "paid",
                                                      "payment_method", "shipping_method",
                                                      "fulfilled_by",   "tags",
                                                      "lines",          "pieces",
                                                      "backordered",    "skus",
                                                      "unknown_skus",   "brands",
                                                      "families",       "categories"};

Result<std::size_t> order_cell(std::string_view field, std::string_view locale) {
  const auto cell = value_named<OrderCell>(kCellNames, field);
  if (cell && locale.empty()) return static_cast<std::size_t>(*cell);
  return invalid(
      "field", "unknown", "is no field of an order: " + [] {
        std::string all;
        for (const auto name : kCellNames) all.append(all.empty() ? "" : ", ").append(name);
        return all;
      }() + "; none has languages");
}

void add_once(Values& out, const std::string& text) {
  if (!text.empty() && std::ranges::find(out, text) == out.end()) out.push_back(text);
}

class OrderSubject final : public Subject {
 public:
  OrderSubject(const storage::Reader& read, const catalog::Products& products, const orders::Order& order)
      : read_(read), products_(products), order_(order) {}

  // Looked up once, and only if a formula asks.
  const catalog::Units& units() const override {
    if (units_ == nullptr) {
      const auto model = products_.models().known(read_);
      units_ = model.ok() ? (*model)->units : catalog::built_in_units();  // a disk that fails is told by who reads on
    }
    return *units_;
  }
  Result<> values(std::size_t cell, Values& out) const override {
    const auto money = [&](const std::optional<Money>& amount) {
      if (amount) out.push_back(decimal(*amount));
    };
    std::int64_t pieces = 0, waiting = 0;
    for (const auto& line : order_.lines) {
      pieces += line.count.ordered - line.count.cancelled;
      waiting += line.count.backordered;
    }
    switch (static_cast<OrderCell>(cell)) {
      case OrderCell::channel:
        add_once(out, order_.channel);
        break;
      case OrderCell::number:
        add_once(out, order_.channel_order_id);
        break;
      case OrderCell::status:
        out.emplace_back(orders::status_name(orders::status_of(order_)));
        break;
      case OrderCell::country_code:
        add_once(out, order_.country_code);
        break;
      case OrderCell::currency:
        out.emplace_back(order_.currency.code());
        break;
      case OrderCell::total:
        money(total());
        break;
      case OrderCell::shipping_cost:
        money(order_.shipping_cost);
        break;
      case OrderCell::paid:
        out.emplace_back(order_.paid ? "yes" : "no");
        break;
      case OrderCell::payment_method:
        add_once(out, order_.payment_method);
        break;
      case OrderCell::shipping_method:
        add_once(out, order_.shipping_method);
        break;
      case OrderCell::fulfilled_by:
        out.emplace_back(orders::kFulfilledBy[order_.by_marketplace ? 1 : 0]);
        break;
      case OrderCell::tags:
        out = order_.tags;
        break;
      case OrderCell::lines:
        out.push_back(std::to_string(order_.lines.size()));
        break;
      case OrderCell::pieces:
        out.push_back(std::to_string(pieces));
        break;
      case OrderCell::backordered:
        out.push_back(std::to_string(waiting));
        break;
      case OrderCell::skus:
        for (const auto& line : order_.lines) add_once(out, line.sku);
        break;
      case OrderCell::unknown_skus:
        for (const auto& line : order_.lines) {
          if (line.sku.empty()) continue;
          PF_LET(const bool there, products_.exists(read_, line.sku));
          if (!there) add_once(out, line.sku);
        }
        break;
      case OrderCell::brands:
      case OrderCell::families:
      case OrderCell::categories: {
        PF_TRY(load());
        for (const auto& product : *records_) {
          if (static_cast<OrderCell>(cell) == OrderCell::brands) add_once(out, product.brand);
          if (static_cast<OrderCell>(cell) == OrderCell::families) add_once(out, product.family);
          if (static_cast<OrderCell>(cell) == OrderCell::categories)
            for (const auto& path : product.categories) add_once(out, path);
        }
        break;
      }
    }
    return {};
  }

 private:
  // What the channel says, or else what the lines add up to.
  std::optional<Money> total() const {
    if (order_.total) return order_.total;
    Money sum{order_.shipping_cost ? order_.shipping_cost->minor : 0, order_.currency};
    for (const auto& line : order_.lines) {
      if (!line.price) return std::nullopt;
      const auto of_line = multiply(*line.price, line.count.ordered - line.count.cancelled);
      const auto both = of_line.ok() ? add(sum, *of_line) : of_line;
      if (!both.ok()) return std::nullopt;
      sum = *both;
    }
    return sum;
  }
  Result<> load() const {
    if (records_) return {};
    records_.emplace();
    for (const auto& line : order_.lines) {
      if (line.sku.empty()) continue;
      PF_LET(auto record, products_.find(read_, line.sku));
      if (record) records_->push_back(*std::move(record));
    }
    return {};
  }

  const storage::Reader& read_;
  const catalog::Products& products_;
  const orders::Order& order_;
  mutable std::shared_ptr<const catalog::Units> units_{};
  mutable std::optional<std::vector<catalog::Record>> records_{};  // read once, and only if a rule asks
};

}  // namespace

Result<> OrderRules::add(const Rule& rule) {
  Faults faults;
  Compiled out{rule, Condition::compile(rule.when, order_cell, faults), {}};
  const auto* actions = rule.then.as_array();
  if (actions == nullptr || actions->empty() || actions->size() > kActionsMax) {
    faults.add(
        "then", "count",
        "A rule has one to " + std::to_string(kActionsMax) + " actions: [{\"action\": \"tag\", \"tag\": \"gift\"}].");
  } else {
    using Kind = orders::OrderAct::Kind;
    static constexpr std::array<std::string_view, 5> kActs{"hold", "tag", "note", "route", "locate"};
    static constexpr std::array<std::string_view, 5> kSays{"reason", "tag", "message", "method", "location"};
    for (std::size_t i = 0; i < actions->size(); ++i) {
      const auto& action = (*actions)[i];
      const std::string at = "then[" + std::to_string(i) + "]";
      const auto kind = value_named<Kind>(kActs, json::text_in(action, "action"));
      if (!kind || action.as_object() == nullptr) {
        faults.add(at + ".action", "unknown", "Of an order is hold, tag, note, route or locate.");
        continue;
      }
      const std::string says(name_of(kSays, *kind));
      for (const auto& [name, ignored] : *action.as_object())
        if (name != "action" && name != says) faults.add(at + "." + name, "unknown", "is not part of this action");
      orders::OrderAct act{*kind, orders::HoldReason::manual, std::string(trim(json::text_in(action, says))), {}};
      act.rule = {rule.id, rule.name};
      if (act.text.empty()) {
        faults.add(at + "." + says, "required", "Give the " + says + ".");
      } else if (*kind == Kind::hold) {
        const auto reason = value_named<orders::HoldReason>(orders::kHoldReasonNames, act.text);
        if (!reason)
          faults.add(at + ".reason", "value", "is manual, fraud, address, stock, buyer_cancel_request or payment");
        act.reason = reason.value_or(orders::HoldReason::manual);
      } else if (*kind == Kind::tag) {
        auto tag = orders::tag_of(act.text);
        if (tag.ok())
          act.text = *std::move(tag);
        else
          faults.add(at + ".tag", "format", tag.error().message);
      } else {
        const std::size_t most = *kind == Kind::note ? orders::kNoteBytesMax : orders::kTextBytesMax;
        if (act.text.size() > most || first_bad_utf8(act.text))
          faults.add(at + "." + says, "length", "is a text of at most " + std::to_string(most) + " bytes");
      }
      out.then.push_back(std::move(act));
    }
  }
  PF_TRY(std::move(faults).checked());
  rules_.push_back(std::move(out));
  return {};
}

Result<OrderRules::Asked> OrderRules::ask(const storage::Reader& read, const catalog::Products& products,
                                          const orders::Order& order) const {
  Asked out;
  orders::Order seen = order;  // with what the rules above said
  const OrderSubject subject(read, products, seen);
  for (std::size_t i = 0; i < rules_.size(); ++i) {
    const auto& rule = rules_[i];
    const auto holds = rule.when.holds(subject);
    if (!holds.ok()) {
      if (holds.error().code != ErrorCode::invalid) return holds.error();
      out.failed.emplace_back(i, "The rule \"" + rule.rule.name + "\" (when) could not be followed: " +
                                     holds.error().message + " It was passed over.");
      continue;
    }
    if (!*holds) continue;
    out.matched.push_back(i);
    for (const auto& act : rule.then) {
      out.acts.push_back(act);
      if (act.kind == orders::OrderAct::Kind::tag) add_once(seen.tags, act.text);
      if (act.kind == orders::OrderAct::Kind::route) seen.shipping_method = act.text;
    }
    if (rule.rule.stop) break;
  }
  return out;
}

}  // namespace pf::rules
