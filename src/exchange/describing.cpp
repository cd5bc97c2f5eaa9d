// Keeps what a file says about the catalogue's model: in the file's order, those that name what stands further down
// after it; some hundred to a unit of work.
#include <algorithm>
#include <map>
#include <set>

#include "exchange/keeper.h"
#include "json/members.h"

namespace pf::exchange {
namespace {

constexpr std::size_t kDescribedAtOnce = 200;

// The choices of one attribute, those that it has already first where the file does not order them.
json::Value with_choices(const json::Value& known, const std::vector<const DescribingItem*>& items) {
  std::vector<std::pair<std::int64_t, json::Value>> all;
  std::map<std::string, std::size_t> place;
  const auto put = [&](std::int64_t position, const json::Value& choice) {
    const auto* code = choice.find("code");
    const auto [at, fresh] =
        place.emplace(code != nullptr && code->as_string() != nullptr ? *code->as_string() : "", all.size());
    if (fresh)
      all.emplace_back(position, choice);
    else
      all[at->second] = {position, choice};
  };
  if (const auto* list = known.as_array())
    for (std::size_t i = 0; i < list->size(); ++i) put(static_cast<std::int64_t>(i), (*list)[i]);
  for (const auto* item : items) put(item->position, item->body);
  std::ranges::stable_sort(all, {}, &std::pair<std::int64_t, json::Value>::first);
  json::Value out = json::Value::array();
  for (auto& [position, choice] : all) out.push(std::move(choice));
  return out;
}

bool waits_for_another(const Error& error) {
  return !error.faults.empty() && std::ranges::all_of(error.faults, [](const FieldFault& fault) {
    return fault.code == "unknown" && (fault.field == "parent" || fault.field.ends_with("].reference_kind"));
  });
}

SetRecord set_record(const DescribingItem& item, std::optional<catalog::Described> before, json::Value after) {
  return {.kind = std::string(catalog::model_kind_name(item.kind)),
          .code = item.code,
          .before = before ? std::move(before->value) : json::Value(),
          .after = std::move(after)};
}

// A kind of reference records apart from what its own name kinds that are not there.
json::Value without_circle(const DescribingItem& item, const catalog::Model& model) {
  json::Value out = item.body, attributes = json::Value::array();
  const json::Value* all = out.find("attributes");
  if (all == nullptr || all->as_array() == nullptr) return out;
  for (const json::Value& one : *all->as_array()) {
    const std::string named = json::text_in(one, "reference_kind");
    if (named.empty() || model.reference_kind(named) != nullptr) attributes.push(one);
  }
  out.set("attributes", std::move(attributes));
  return out;
}

}  // namespace

Result<> Keeper::keep_describing(std::vector<DescribingItem> items) {
  // Choices of one attribute make one description of it.
  std::vector<DescribingItem> all;
  std::map<std::string, std::vector<const DescribingItem*>> choices;
  for (const auto& item : items) {
    for (const auto& [line, text] : item.told) PF_TRY(notice(line, {{"", "left", text}}));
    if (!item.faults.empty()) {
      PF_TRY(refuse(item.lines.front(), item.faults));
    } else if (item.is_choice) {
      choices[item.code].push_back(&item);
    } else {
      all.push_back(item);
    }
  }
  for (const auto& [code, of] : choices) {
    DescribingItem whole;
    whole.code = code;
    whole.kind = catalog::ModelKind::attribute;
    whole.must_exist = whole.is_choice = true;
    const std::string& made_as = of.front()->made_as;
    for (const auto* item : of) whole.lines.push_back(item->lines.front());
    std::optional<catalog::Described> known;
    PF_TRY(look([&](const storage::Reader& read) -> Result<> {
      PF_LET(const auto model, rooms_.products.models().known(read));
      known = catalog::described(*model, whole.kind, whole.code);
      return {};
    }));
    whole.body = json::Value::object(
        {{"choices", with_choices(known ? *known->value.find("choices") : json::Value::array(), of)}});
    if (!known && !made_as.empty()) {
      whole.must_exist = false;
      whole.body.set("type", made_as);
    }
    all.push_back(std::move(whole));
  }
  std::vector<const DescribingItem*> open;
  for (const auto& item : all) open.push_back(&item);
  for (bool progress = true; progress && !open.empty();) {
    std::vector<const DescribingItem*> later;
    progress = false;
    for (std::size_t start = 0; start < open.size(); start += kDescribedAtOnce) {
      std::vector<const DescribingItem*> part(
          open.begin() + static_cast<std::ptrdiff_t>(start),
          open.begin() + static_cast<std::ptrdiff_t>(std::min(start + kDescribedAtOnce, open.size())));
      std::vector<RowReport> reports;
      PF_TRY(write([&](storage::Write& work) -> Result<> {
        std::vector<SetBeside> set;
        for (bool more = true; more && !part.empty();) {
          std::vector<const DescribingItem*> waiting;
          for (const auto* item : part) {
            PF_LET(auto outcome, describe_one(work, *item));
            if (!outcome.ok && waits_for_another(outcome.error)) {
              waiting.push_back(item);
              continue;
            }
            if (outcome.set) set.push_back(*std::move(outcome.set));
            for (const auto line : item->lines)
              reports.push_back({line, outcome.ok ? outcome.word : "refused", item->code,
                                 outcome.ok ? std::vector<FieldFault>{} : outcome.error.faults});
          }
          more = waiting.size() < part.size();
          part = std::move(waiting);
        }
        return keep_set(work, set);
      }));
      progress = progress || !reports.empty();
      for (auto& row : reports) PF_TRY(add_report(std::move(row)));
      later.insert(later.end(), part.begin(), part.end());
    }
    open = std::move(later);
  }
  PF_TRY(describe_circles(open));
  for (const auto* item : open)
    for (const auto line : item->lines)
      PF_TRY(refuse(
          line, {item->kind == catalog::ModelKind::reference_kind
                     ? FieldFault{"attributes", "unknown",
                                  "names a kind of records that is neither described nor in the file"}
                     : FieldFault{"parent", "unknown", "names a parent that is neither described nor in the file"}}));
  return finish();
}

Result<> Keeper::describe_circles(std::vector<const DescribingItem*>& open) {
  std::vector<const DescribingItem*> circle;
  for (const auto* item : open)
    if (item->kind == catalog::ModelKind::reference_kind && options_.mode != catalog::WriteMode::update)
      circle.push_back(item);
  auto& models = rooms_.products.models();
  while (!circle.empty()) {
    const DescribingItem* alone = nullptr;  // who names what nobody brings, and is left out of another try
    std::vector<RowReport> reports;
    const auto done = write([&](storage::Write& work) -> Result<> {
      PF_LET(const auto before, models.known(work));
      std::set<std::string> made;
      std::vector<SetBeside> set;
      for (const auto* item : circle) {
        if (before->reference_kind(item->code) != nullptr) continue;
        PF_LET(auto done, models.describe(work, options_.by, item->kind, item->code, without_circle(*item, *before),
                                          catalog::DescribeMode::patch));
        set.push_back(set_record(*item, std::nullopt, std::move(done.value)));
        made.insert(item->code);
      }
      reports.clear();
      for (const auto* item : circle) {
        PF_LET(auto outcome, describe_one(work, *item, made.contains(item->code)));
        if (!outcome.ok) {
          alone = item;
          return error(ErrorCode::conflict, "another try");
        }
        if (outcome.set) set.push_back(*std::move(outcome.set));
        for (const auto line : item->lines)
          reports.push_back({line, made.contains(item->code) ? "created" : outcome.word, item->code, {}});
      }
      return keep_set(work, set);
    });
    if (alone != nullptr) {
      std::erase(circle, alone);
      continue;
    }
    PF_TRY(done);
    for (const auto* item : circle) std::erase(open, item);
    for (auto& row : reports) PF_TRY(add_report(std::move(row)));
    return {};
  }
  return {};
}

Result<Keeper::DescribedRow> Keeper::describe_one(storage::Write& work, const DescribingItem& item, bool made) {
  auto& models = rooms_.products.models();
  PF_LET(const auto model, models.known(work));
  auto before = catalog::described(*model, item.kind, item.code);
  const bool there = before.has_value();
  const auto refused = [](std::string field, std::string code, std::string message) {
    DescribedRow out;
    out.ok = false;
    out.error = invalid(std::move(field), std::move(code), std::move(message));
    return out;
  };
  if ((item.must_exist || options_.mode == catalog::WriteMode::update) && !there)
    return refused(item.is_choice ? "attribute" : "code", "unknown",
                   "There is no " + std::string(catalog::model_kind_name(item.kind)) + " " + item.code +
                       "; import its own file first.");
  if (!item.must_exist && options_.mode == catalog::WriteMode::create && there && !made)
    return refused("code", "exists", "It is described already.");
  auto done = models.describe(work, options_.by, item.kind, item.code, item.body, catalog::DescribeMode::patch);
  DescribedRow out;
  if (done.ok()) {
    if (done->changed) out.set = set_record(item, std::move(before), std::move(done->value));
    out.word = done->created ? "created" : done->changed ? "changed" : "unchanged";
    return out;
  }
  if (done.error().code != ErrorCode::invalid) return done.error();
  out.ok = false;
  out.error = done.error();
  if (out.error.faults.empty()) out.error.faults.push_back({"", "refused", out.error.message});
  return out;
}

}  // namespace pf::exchange
