// Which record a text means: by its code, in another case, by its label; and the nearest one where it means none.
#include <algorithm>

#include "catalog/reference_entry.h"
#include "catalog/reference_keys.h"
#include "catalog/references.h"
#include "catalog/search_entry.h"

namespace pf::catalog {
namespace {

// How many letters must change; at most `most` + 1 is told.
std::size_t distance(std::string_view a, std::string_view b, std::size_t most) {
  if (a.size() > b.size() + most || b.size() > a.size() + most) return most + 1;
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = std::exchange(row[0], i), least = row[0];
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t change = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({change, row[j] + 1, row[j - 1] + 1});
      least = std::min(least, row[j]);
    }
    if (least > most) return most + 1;
  }
  return row[b.size()];
}

FieldFault unknown_record(std::string_view kind, std::string_view said, std::string field, const std::string& near) {
  return FieldFault{std::move(field), "unknown",
                    "names the record \"" + std::string(said.substr(0, kNameBytesMax)) + "\" of " + std::string(kind) +
                        ", which is not there" +
                        (near.empty() ? "; make it first" : "; is \"" + near + "\" meant? Else make it first")};
}

}  // namespace

Result<std::optional<std::string>> References::code_of(const storage::Reader& reader, std::string_view kind,
                                                       std::string_view said) const {
  PF_LET(const auto exact, reader.get(family_, keys::reference(kind, said)));
  if (exact) return std::optional<std::string>(said);
  PF_LET(const auto found, index_.page(reader, search::prefix("n." + std::string(kind), name_term_start(said)),
                                       {reference_code_column(kind), false}, 2));
  if (found.documents.size() != 1) return std::optional<std::string>();
  PF_LET(auto names, names_of(reader, found.documents));
  return std::optional<std::string>(std::move(names[0]));
}

Result<std::string> References::nearest(const storage::Reader& reader, std::string_view kind,
                                        std::string_view said) const {
  constexpr std::size_t kLookedAt = 300;  // neighbours that begin alike; what is mistyped at its end is among them
  const std::string wanted = search::folded(said);
  const std::size_t most = std::max<std::size_t>(1, wanted.size() / 4);
  std::string best;
  std::size_t best_distance = most + 1;
  const auto look = [&](const std::string& code, std::string_view as) {
    const auto far = distance(wanted, search::folded(as), most);
    if (far < best_distance) {
      best_distance = far;
      best = code;
    }
  };
  auto start = name_term_start(said);
  start.resize(std::min<std::size_t>(start.size() - 1, 1));
  PF_LET(const auto alike, index_.page(reader, search::prefix("n." + std::string(kind), start),
                                       {reference_code_column(kind), false}, kLookedAt));
  PF_LET(const auto codes, names_of(reader, alike.documents));
  PF_LET(const auto records, find_many(reader, kind, codes));
  for (const auto& record : records) {
    if (!record) continue;
    look(record->code, record->code);
    for (const auto& [locale, label] : record->labels) look(record->code, label);
  }
  return best;
}

Result<FieldFault> References::no_such_record(const storage::Reader& reader, std::string_view kind,
                                              std::string_view said, std::string field) const {
  PF_LET(const auto near, nearest(reader, kind, said));
  return unknown_record(kind, said, std::move(field), near);
}

Result<> References::settle(const storage::Reader& reader, const Model& model, ProductChange& change,
                            std::vector<FieldFault>& faults, Known& known) const {
  constexpr std::size_t kKnownMax = 100'000;  // of one unit of work; a look-up is some microseconds
  // Among so many names of one unit of work an unknown one is told with the nearest: a search of a millisecond, which a
  // file whose column is all wrong must not cost at every row.
  constexpr std::size_t kSuggestedAmong = 200;
  const auto meant = [&](const std::string& kind, const std::string& said,
                         const std::string& field) -> Result<std::optional<std::string>> {
    const auto name = keys::reference_name(kind, said);
    auto at = known.find(name);
    const bool fresh = at == known.end();
    if (fresh) {
      PF_LET(auto code, code_of(reader, kind, said));
      if (known.size() >= kKnownMax) known.clear();
      at = known.emplace(name, std::move(code)).first;
    }
    if (!at->second) {
      PF_LET(const auto near, fresh&& known.size() <= kSuggestedAmong ? nearest(reader, kind, said) : std::string());
      faults.push_back(unknown_record(kind, said, field, near));
    }
    return at->second;
  };
  const auto each = [&](json::Members& members, const std::string& path) -> Result<> {
    for (auto& [name, value] : members) {
      const auto cell = model.cell(name);
      if (cell.attribute == nullptr || cell.attribute->said.reference_kind.empty()) continue;
      const std::string& kind = cell.attribute->said.reference_kind;
      if (const auto* said = value.as_string(); said != nullptr && !said->empty()) {
        PF_LET(auto code, meant(kind, *said, path + name));
        if (code) value = json::Value(*std::move(code));
      } else if (const auto* list = value.as_array()) {
        json::Value out = json::Value::array();
        for (const auto& one : *list) {
          if (one.as_string() == nullptr) continue;
          PF_LET(auto code, meant(kind, *one.as_string(), path + name));
          if (code && std::ranges::find(*out.as_array(), json::Value(*code)) == out.as_array()->end())
            out.push(*std::move(code));
        }
        value = std::move(out);
      }
    }
    return {};
  };
  PF_TRY(each(change.attributes, "attributes."));
  for (auto& [locale, members] : change.texts) PF_TRY(each(members, "texts." + locale + "."));
  return {};
}

}  // namespace pf::catalog
