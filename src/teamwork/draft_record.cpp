#include <algorithm>

#include "orders/list_filter.h"
#include "productflow/names.h"
#include "productflow/text.h"
#include "teamwork/draft.h"
#include "teamwork/teamwork_keys.h"

namespace pf::teamwork {

bool Draft::open() const {
  return status_of(*this) == DraftStatus::open;
}

DraftStatus status_of(const Draft& draft) {
  if (draft.withdrawn) return DraftStatus::withdrawn;
  const auto in = [&](FieldState state) { return std::ranges::count(draft.fields, state, &DraftField::state); };
  if (in(FieldState::open) > 0) return DraftStatus::open;
  if (in(FieldState::rejected) == 0) return DraftStatus::approved;
  return in(FieldState::approved) > 0 ? DraftStatus::partly : DraftStatus::rejected;
}

// Stored on disk: do not change; a new member is one that may lack, or a new version of the format.
std::string write_draft(const Draft& draft) {
  json::Value fields = json::Value::array(), categories = json::Value::array();
  for (const auto& category : draft.categories) categories.push(category);
  const bool names_prices =
      std::ranges::any_of(draft.fields, [](const auto& field) { return catalog::is_of_offer(field.at.field); });
  for (const auto& field : draft.fields) {
    json::Value one = json::Value::object({{"p", catalog::field_path(field.at)},
                                           {"l", field.at.locale},
                                           {"s", field.seen},
                                           {"w", field.wanted},
                                           {"st", name_of(kFieldStateNames, field.state)}});
    if (field.state != FieldState::open) {
      one.set("by", field.decided_by);
      one.set("wd", field.word);
      one.set("at", stored_moment(field.decided_at));
    }
    fields.push(std::move(one));
  }
  return json::write(json::Value::object({{"v", names_prices ? kDraftFormat : kDraftFormatWithoutPrices},
                                          {"n", draft.version},
                                          {"sku", draft.sku},
                                          {"t", draft.title},
                                          {"fam", draft.family},
                                          {"cat", std::move(categories)},
                                          {"by", stored_person(draft.author)},
                                          {"c", draft.comment},
                                          {"wd", draft.withdrawn},
                                          {"cr", stored_moment(draft.created_at)},
                                          {"up", stored_moment(draft.updated_at)},
                                          {"f", std::move(fields)}}));
}

Result<Draft> read_draft(std::uint64_t id, std::string_view record) {
  PF_LET(const auto in, json::parse(record));
  if (const auto version = json::number_in(in, "v"); version != kDraftFormat && version != kDraftFormatWithoutPrices)
    return error(ErrorCode::unsupported, "The draft " + std::to_string(id) +
                                             " was written by a newer ProductFlow. Start that one, or restore a "
                                             "backup.");
  Draft draft;
  draft.id = id;
  draft.version = static_cast<std::uint64_t>(json::number_in(in, "n"));
  draft.sku = json::text_in(in, "sku");
  draft.title = json::text_in(in, "t");
  draft.family = json::text_in(in, "fam");
  if (const auto* all = in.find("cat"); all != nullptr && all->as_array() != nullptr)
    for (const auto& one : *all->as_array())
      if (one.as_string() != nullptr) draft.categories.push_back(*one.as_string());
  draft.author = person_in(in, "by");
  draft.comment = json::text_in(in, "c");
  draft.withdrawn = json::flag_in(in, "wd");
  draft.created_at = moment_in(in, "cr");
  draft.updated_at = moment_in(in, "up");
  if (const auto* all = in.find("f"); all != nullptr && all->as_array() != nullptr)
    for (const auto& one : *all->as_array()) {
      auto at = catalog::field_named(json::text_in(one, "p"), json::text_in(one, "l"));
      if (!at) return error(ErrorCode::internal, "A draft's record is damaged; run `productflow doctor`.");
      draft.fields.push_back(
          {.at = *std::move(at),
           .seen = json::text_in(one, "s"),
           .wanted = json::text_in(one, "w"),
           .state = value_named<FieldState>(kFieldStateNames, json::text_in(one, "st")).value_or(FieldState::open),
           .decided_by = json::text_in(one, "by"),
           .word = json::text_in(one, "wd"),
           .decided_at = moment_in(one, "at")});
    }
  return draft;
}

search::Entry index_entry(const Draft& draft) {
  search::Entry entry;
  entry.terms = {{"status", std::string(name_of(kDraftStatusNames, status_of(draft)))},
                 {"author", draft.author.id},
                 {"sku", draft.sku}};
  if (!draft.family.empty()) entry.terms.emplace_back("family", draft.family);
  for (const auto& field : draft.fields) entry.terms.emplace_back("field", catalog::field_path(field.at));
  // A category is found by those above it too.
  for (const auto& category : draft.categories)
    for (std::size_t end = category.find('/');; end = category.find('/', end + 1)) {
      entry.terms.emplace_back("category", category.substr(0, end));
      if (end == std::string::npos) break;
    }
  for (const auto* text : {&draft.sku, &draft.title, &draft.author.name, &draft.comment})
    for (auto& word : search::words_of(*text)) entry.terms.emplace_back("q", std::move(word));
  entry.columns = {{"created_at", orders::sortable(draft.created_at)},
                   {"updated_at", orders::sortable(draft.updated_at)},
                   {"id", orders::sortable(static_cast<std::int64_t>(draft.id))}};
  return entry;
}

}  // namespace pf::teamwork
