#include "rules/rules.h"

#include <algorithm>

#include "json/members.h"
#include "productflow/faults.h"
#include "productflow/text.h"
#include "rules/rule_keys.h"

namespace pf::rules {
namespace {

constexpr std::size_t kCountBytes = 3 * 8;
// Products that a rule is tried on when it is kept: some 50 ms.
constexpr std::size_t kTriedProducts = 500;

std::string counts_bytes(std::uint64_t matched, std::uint64_t changed, std::uint64_t failed) {
  std::string out;
  for (const std::uint64_t one : {matched, changed, failed}) put_be64(out, one);
  return out;
}

std::string sum_counts(std::optional<std::string_view> old, std::span<const std::string_view> operands) {
  std::uint64_t sums[3] = {};
  const auto add = [&](std::string_view bytes) {
    for (; bytes.size() >= kCountBytes; bytes.remove_prefix(kCountBytes))
      for (std::size_t i = 0; i < 3; ++i) sums[i] += get_be64(bytes.substr(i * 8));
  };
  if (old) add(*old);
  for (const auto operand : operands) add(operand);
  return counts_bytes(sums[0], sums[1], sums[2]);
}

// Stored on disk: do not rename a member.
std::string stored_rule(const Rule& rule) {
  return std::string(1, kRuleFormat) + json::write(json::Value::object({{"version", rule.version},
                                                                        {"position", rule.position},
                                                                        {"name", rule.name},
                                                                        {"on", name_of(kOnNames, rule.on)},
                                                                        {"locale", rule.locale},
                                                                        {"enabled", rule.enabled},
                                                                        {"stop", rule.stop},
                                                                        {"when", json::write_fields(rule.when)},
                                                                        {"then", rule.then},
                                                                        {"by", rule.by},
                                                                        {"updated_at", rfc3339(rule.updated_at)}}));
}

Error damaged_rule() {
  return error(ErrorCode::internal, "A rule's record is damaged; run `productflow doctor`.");
}

Result<Rule> rule_of(std::uint64_t id, std::string_view record) {
  if (record.empty() || record[0] != kRuleFormat) return damaged_rule();
  const auto in = json::parse(record.substr(1));
  if (!in.ok()) return damaged_rule();
  Rule rule;
  rule.id = id;
  rule.version = static_cast<std::uint64_t>(json::number_in(*in, "version"));
  rule.position = json::number_in(*in, "position");
  rule.name = json::text_in(*in, "name");
  rule.on = value_named<On>(kOnNames, json::text_in(*in, "on")).value_or(On::product);
  rule.locale = json::text_in(*in, "locale");
  rule.enabled = json::flag_in(*in, "enabled");
  rule.stop = json::flag_in(*in, "stop");
  if (const auto* when = in->find("when")) {
    auto said = json::read_fields<WhenSaid>(*when);
    if (!said.ok()) return damaged_rule();
    rule.when = *std::move(said);
  }
  if (const auto* then = in->find("then")) rule.then = *then;
  rule.by = json::text_in(*in, "by");
  if (const auto at = parse_time(json::text_in(*in, "updated_at")); at.ok()) rule.updated_at = *at;
  return rule;
}

Error no_rule(std::uint64_t id) {
  return error(ErrorCode::not_found, "There is no rule " + std::to_string(id) + ".");
}

Result<> check_version(const Rule& rule, std::optional<std::uint64_t> read_version) {
  if (!read_version || *read_version == rule.version) return {};
  Error stale = error(ErrorCode::conflict, "Somebody has changed the rule since you read it. Load it again.");
  stale.faults.push_back({"version", "stale", stale.message});
  return stale;
}

// Which of the actions name a location, and which one.
std::vector<std::pair<std::size_t, std::string>> locations_in(const Rule& rule) {
  std::vector<std::pair<std::size_t, std::string>> named;
  const auto* actions = rule.on == On::order ? rule.then.as_array() : nullptr;
  for (std::size_t i = 0; actions != nullptr && i < actions->size(); ++i)
    if (json::text_in((*actions)[i], "action") == "locate")
      named.emplace_back(i, std::string(trim(json::text_in((*actions)[i], "location"))));
  return named;
}

// The list with the draft in its place, or as the last; `only`: that one alone.
void take_draft(std::vector<Rule>& rules, std::uint64_t only, const Rule* draft) {
  if (draft != nullptr) {
    const auto place = std::ranges::find(rules, draft->id, &Rule::id);
    if (draft->id != 0 && place != rules.end())
      *place = *draft;
    else
      rules.push_back(*draft);
  }
  std::erase_if(rules, [&](const Rule& rule) {
    const bool is_draft = draft != nullptr && rule.id == draft->id;
    return only != 0 ? rule.id != only : !rule.enabled && !is_draft;
  });
}

// One that was kept by an earlier version and cannot be followed any more counts as switched off.
template <class All>
std::shared_ptr<const All> compiled(const std::vector<Rule>& rules) {
  auto out = std::make_shared<All>();
  for (const Rule& rule : rules) static_cast<void>(out->add(rule).ok());
  return out->empty() ? nullptr : out;
}

}  // namespace

std::vector<storage::Family> Rules::families() {
  return {{.name = std::string(kRulesFamily), .merge = sum_counts}};
}

Rules::Rules(storage::Store& store, catalog::Products& products, orders::Orders& orders, audit::Audit& audit,
             const Clock& clock)
    : store_(store),
      products_(products),
      orders_(orders),
      audit_(audit),
      clock_(clock),
      family_(store.family(kRulesFamily)) {
  products.on_ruling([this](const storage::Reader& read) { return begin(read); });
  orders.on_placed([this](storage::Write& work, const orders::Order& order) { return placed(work, order); });
}

// --- keeping ---

// Whether it can be followed; invalid with every fault. What names a location that there is not may be kept switched
// off, as one of before this was asked can be.
Result<> Rules::check(const storage::Reader& read, const Rule& rule) const {
  PF_TRY(rule.on == On::product ? ProductRules().add(rule) : OrderRules().add(rule));
  if (!rule.enabled) return {};
  Faults faults;
  PF_LET(const auto known, orders_.locations(read));
  std::string codes;
  for (const stock::Location& one : known) codes.append(codes.empty() ? "" : ", ").append(one.code);
  for (const auto& [at, code] : locations_in(rule))
    if (stock::location_named(known, code) == nullptr)
      faults.add("then[" + std::to_string(at) + "].location", "unknown",
                 "There is no stock location \"" + code.substr(0, stock::kLocationCodeBytesMax) +
                     "\"; there are: " + codes + ".");
  return std::move(faults).checked();
}

Result<std::vector<Rule>> Rules::locating(const storage::Reader& read, std::string_view location) const {
  PF_LET(auto rules, list(read, On::order));
  std::erase_if(rules, [&](const Rule& rule) {
    const auto named = locations_in(rule);
    return std::ranges::none_of(named, [&](const auto& one) { return one.second == location; });
  });
  return rules;
}

Result<std::vector<Rule>> Rules::list(const storage::Reader& read, std::optional<On> on) const {
  std::vector<Rule> out;
  for (auto row = read.scan_prefix(family_, "r"); row.valid(); row.next()) {
    PF_LET(auto rule, rule_of(get_be64(row.key().substr(1)), row.value()));
    if (!on || rule.on == *on) out.push_back(std::move(rule));
  }
  std::ranges::stable_sort(
      out, [](const Rule& a, const Rule& b) { return std::pair(a.on, a.position) < std::pair(b.on, b.position); });
  return out;
}

Result<Rule> Rules::find(const storage::Reader& read, std::uint64_t id) const {
  PF_LET(const auto record, read.get(family_, rule_key('r', id)));
  if (!record) return no_rule(id);
  return rule_of(id, *record);
}

Result<RuleCounts> Rules::counts(const storage::Reader& read, std::uint64_t id) const {
  RuleCounts out;
  PF_LET(const auto sums, read.get(family_, rule_key('c', id)));
  if (sums && sums->size() == kCountBytes) {
    out.matched = get_be64(*sums);
    out.changed = get_be64(std::string_view(*sums).substr(8));
    out.failed = get_be64(std::string_view(*sums).substr(16));
  }
  PF_LET(const auto failure, read.get(family_, rule_key('f', id)));
  if (!failure) return out;
  PF_LET(const auto in, json::parse(*failure));
  out.failure = json::text_in(in, "message");
  out.failed_at = json::text_in(in, "sku");
  return out;
}

Result<> Rules::bump(storage::Write& work) const {
  PF_LET(const auto version, work.get(family_, "v"));
  std::string next;
  put_be64(next, version && version->size() == 8 ? get_be64(*version) + 1 : 1);
  work.put(family_, "v", next);
  return {};
}

Result<> Rules::put(storage::Write& work, const access::Actor& by, Rule& rule) const {
  rule.by = by.name;
  rule.updated_at = clock_.now();
  work.put(family_, rule_key('r', rule.id), stored_rule(rule));
  return bump(work);
}

Result<Rule> Rules::create(const access::Actor& by, const RuleBody& body) {
  PF_LET(auto rule, rule_with({}, body));
  PF_TRY(store_.write([&](storage::Write& work) -> Result<> {
    PF_TRY(check(work, rule));
    PF_LET(const auto others, list(work, rule.on));
    if (others.size() >= kRulesMax)
      return error(ErrorCode::conflict,
                   "A shop has at most " + std::to_string(kRulesMax) + " rules of a kind. Remove one first.");
    PF_LET(const auto last, work.get(family_, "n"));
    rule.id = (last && last->size() == 8 ? get_be64(*last) : 0) + 1;
    std::string id;
    put_be64(id, rule.id);
    work.put(family_, "n", id);
    rule.position = others.empty() ? 1 : others.back().position + 1;
    PF_TRY(put(work, by, rule));
    return audit_.append(work, by, "rule.create", "rule:" + std::to_string(rule.id),
                         json::Value::object({{"name", rule.name}}));
  }));
  return rule;
}

Result<Rule> Rules::change(const access::Actor& by, std::uint64_t id, const RuleBody& body,
                           std::optional<std::uint64_t> read_version) {
  Rule rule;
  PF_TRY(store_.write([&](storage::Write& work) -> Result<> {
    PF_LET(const auto before, find(work, id));
    PF_TRY(check_version(before, read_version));
    PF_LET(rule, rule_with(before, body));
    PF_TRY(check(work, rule));
    if (stored_rule(rule) == stored_rule(before)) return {};
    ++rule.version;
    PF_TRY(put(work, by, rule));
    return audit_.append(work, by, "rule.change", "rule:" + std::to_string(id),
                         json::Value::object({{"name", rule.name}, {"enabled", rule.enabled}}));
  }));
  return rule;
}

Result<> Rules::remove(const access::Actor& by, std::uint64_t id, std::optional<std::uint64_t> read_version) {
  return store_.write([&](storage::Write& work) -> Result<> {
    PF_LET(const auto rule, find(work, id));
    PF_TRY(check_version(rule, read_version));
    for (const char mark : {'r', 'c', 'f'}) work.erase(family_, rule_key(mark, id));
    PF_TRY(bump(work));
    return audit_.append(work, by, "rule.delete", "rule:" + std::to_string(id),
                         json::Value::object({{"name", rule.name}}));
  });
}

Result<std::vector<Rule>> Rules::reorder(const access::Actor& by, On on, const std::vector<std::uint64_t>& ids) {
  std::vector<Rule> out;
  PF_TRY(store_.write([&](storage::Write& work) -> Result<> {
    PF_LET(auto all, list(work, on));
    out.clear();
    for (const std::uint64_t id : ids) {
      const auto rule = std::ranges::find(all, id, &Rule::id);
      if (rule != all.end() && std::ranges::find(out, id, &Rule::id) == out.end()) out.push_back(*rule);
    }
    if (out.size() != all.size() || ids.size() != all.size()) {
      Error other =
          error(ErrorCode::conflict, "These are not the rules that there are: name each once. Load them again.");
      other.faults.push_back({"ids", "stale", other.message});
      return other;
    }
    for (std::size_t i = 0; i < out.size(); ++i) {
      const auto place = static_cast<std::int64_t>(i) + 1;
      if (out[i].position == place) continue;
      out[i].position = place;
      work.put(family_, rule_key('r', out[i].id), stored_rule(out[i]));
    }
    PF_TRY(bump(work));
    return audit_.append(work, by, "rule.order", "", json::Value::object({{"on", name_of(kOnNames, on)}}));
  }));
  return out;
}

Result<Rule> Rules::draft(const storage::Reader& read, std::uint64_t id, const RuleBody& body) const {
  Rule before;
  if (id != 0) {
    PF_LET(before, find(read, id));
  }
  PF_LET(auto rule, rule_with(std::move(before), body));
  PF_TRY(check(read, rule));
  return rule;
}

// --- following ---

Result<std::shared_ptr<const Rules::InForce>> Rules::in_force(const storage::Reader& read) const {
  static const auto kNone = std::make_shared<const InForce>();
  PF_LET(const auto stored, read.get(family_, "v"));
  if (!stored || stored->size() != 8) return kNone;  // this shop has never had a rule
  const std::uint64_t version = get_be64(*stored);
  {
    const std::lock_guard lock(mutex_);
    if (newest_ && newest_->version == version) return newest_;
  }
  auto out = std::make_shared<InForce>();
  out->version = version;
  PF_LET(out->products, for_products(read));
  PF_LET(out->orders, for_orders(read));
  const std::lock_guard lock(mutex_);
  if (!newest_ || newest_->version < version) newest_ = out;
  return std::shared_ptr<const InForce>(std::move(out));
}

Result<std::shared_ptr<const ProductRules>> Rules::for_products(const storage::Reader& read, std::uint64_t only,
                                                                const Rule* draft) const {
  PF_LET(auto rules, list(read, On::product));
  take_draft(rules, only, draft);
  return compiled<ProductRules>(rules);
}

Result<std::shared_ptr<const OrderRules>> Rules::for_orders(const storage::Reader& read, std::uint64_t only,
                                                            const Rule* draft) const {
  PF_LET(auto rules, list(read, On::order));
  take_draft(rules, only, draft);
  return compiled<OrderRules>(rules);
}

std::unique_ptr<ProductRuling> Rules::ruling(std::shared_ptr<const ProductRules> rules) const {
  return std::make_unique<ProductRuling>(
      std::move(rules),
      [this](storage::Write& work, const ProductRules& all, const std::vector<Tally>& tallies) -> Result<> {
        for (std::size_t i = 0; i < tallies.size(); ++i) count(work, all.all()[i].rule.id, tallies[i]);
        return {};
      });
}

Result<std::unique_ptr<catalog::Ruling>> Rules::begin(const storage::Reader& read) const {
  PF_LET(const auto now, in_force(read));
  if (!now->products) return std::unique_ptr<catalog::Ruling>();
  return std::unique_ptr<catalog::Ruling>(ruling(now->products));
}

void Rules::count(storage::Write& work, std::uint64_t id, const Tally& tally) const {
  if (tally.matched + tally.failed == 0) return;
  work.merge(family_, rule_key('c', id), counts_bytes(tally.matched, tally.changed, tally.failed));
  if (!tally.failure.empty())
    work.put(family_, rule_key('f', id),
             json::write(json::Value::object({{"message", tally.failure}, {"sku", tally.failed_at}})));
}

void Rules::count(storage::Write& work, const OrderRules& rules, const OrderRules::Asked& asked,
                  const orders::Order& order) const {
  for (const std::size_t i : asked.matched) count(work, rules.all()[i].rule.id, {.matched = 1, .changed = 1});
  for (const auto& [i, why] : asked.failed)
    count(work, rules.all()[i].rule.id, {.failed = 1, .failure = why, .failed_at = std::to_string(order.id.raw())});
}

Result<std::vector<orders::OrderAct>> Rules::placed(storage::Write& work, const orders::Order& order) const {
  PF_LET(const auto now, in_force(work));
  if (!now->orders) return std::vector<orders::OrderAct>();
  PF_LET(auto asked, now->orders->ask(work, products_, order));
  count(work, *now->orders, asked, order);
  return std::move(asked.acts);
}

Result<std::vector<std::string>> Rules::warnings(const storage::Reader& read) const {
  PF_LET(const auto rules, for_products(read));
  std::vector<Unsettled> all;
  if (!rules) return std::vector<std::string>();
  PF_LET(const auto languages, products_.languages(read));
  PF_LET(const auto model, products_.models().known(read));
  PF_LET(const auto skus, products_.skus_after(read, "", kTriedProducts));
  for (const auto& sku : skus) {
    PF_LET(auto record, products_.find(read, sku));
    if (!record) continue;
    PF_LET(const auto priced, products_.offer_of(read, sku));
    catalog::Offer offer = priced ? *priced : catalog::Offer{};
    ProductRuling first(rules);
    PF_LET(const auto ruled, first.apply(*model, languages, *record, offer));
    PF_LET(auto more, unsettled(rules, *model, languages, *std::move(record), std::move(offer), ruled.made));
    all.insert(all.end(), more.begin(), more.end());
  }
  auto out = sentences_of(all);
  for (auto& said : circles_of(*rules, all)) out.push_back(std::move(said));
  return out;
}

}  // namespace pf::rules
