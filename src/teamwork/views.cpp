#include "teamwork/views.h"

#include <algorithm>

#include "crypto/crypto.h"
#include "productflow/faults.h"
#include "productflow/text.h"
#include "teamwork/teamwork_keys.h"

namespace pf::teamwork {
namespace {

constexpr std::size_t kViewIdBytes = 8;  // drawn at random; some thousand of them never meet

// Stored on disk: do not change; a new member is one that may lack, or a new version of the format.
std::string write_view(const View& view) {
  json::Value columns = json::Value::array();
  for (const auto& column : view.columns) columns.push(column);
  return json::write(json::Value::object({{"v", kViewFormat},
                                          {"n", view.version},
                                          {"l", view.list},
                                          {"t", view.name},
                                          {"q", view.query},
                                          {"co", std::move(columns)},
                                          {"by", stored_person(view.owner)},
                                          {"all", view.shared},
                                          {"po", view.position},
                                          {"cr", stored_moment(view.created_at)},
                                          {"up", stored_moment(view.updated_at)}}));
}

Result<View> read_view(std::string_view id, std::string_view record) {
  PF_LET(const auto in, json::parse(record));
  if (json::number_in(in, "v") != kViewFormat)
    return error(ErrorCode::unsupported,
                 "A saved view was written by a newer ProductFlow. Start that one, or restore a backup.");
  View view{.id = std::string(id),
            .version = static_cast<std::uint64_t>(json::number_in(in, "n")),
            .list = json::text_in(in, "l"),
            .name = json::text_in(in, "t"),
            .query = json::text_in(in, "q"),
            .owner = person_in(in, "by"),
            .shared = json::flag_in(in, "all"),
            .position = static_cast<std::uint64_t>(json::number_in(in, "po")),
            .created_at = moment_in(in, "cr"),
            .updated_at = moment_in(in, "up")};
  if (const auto* all = in.find("co"); all != nullptr && all->as_array() != nullptr)
    for (const auto& one : *all->as_array())
      if (one.as_string() != nullptr) view.columns.push_back(*one.as_string());
  return view;
}

Error no_view() {
  return error(ErrorCode::not_found, "There is no such view; somebody may have removed it.");
}

// Signs that no eye sees would make two names alike.
bool has_control(std::string_view text) {
  return std::ranges::any_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
}

Result<> check_view(const View& view) {
  Faults faults;
  if (view.name.empty())
    faults.add("name", "required", "A view has a name.");
  else if (first_bad_utf8(view.name) || has_control(view.name))
    faults.add("name", "encoding", "A name is text in UTF-8, in one line.");
  else if (std::ranges::count_if(view.name, [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }) >
           static_cast<std::ptrdiff_t>(kViewNameMax))
    faults.add("name", "length", "A name has at most 60 characters.");
  if (view.query.size() > kViewQueryBytesMax)
    faults.add("query", "length", "The filters of a view have at most 4,096 bytes.");
  else if (first_bad_utf8(view.query) || has_control(view.query))
    faults.add("query", "encoding", "The filters are written as in an address.");
  if (view.columns.size() > kViewColumnsMax) faults.add("columns", "many", "A view has at most 100 columns.");
  for (std::size_t i = 0; i < view.columns.size() && i < kViewColumnsMax; ++i) {
    const auto& column = view.columns[i];
    if (column.empty() || column.size() > kViewColumnBytesMax || first_bad_utf8(column) || has_control(column))
      faults.add("columns[" + std::to_string(i) + "]", "value", "A column is named in 1 to 300 bytes.");
  }
  if (view.position > kViewPositionMax) faults.add("position", "range", "position is a number from 0 to 10000.");
  return std::move(faults).checked();
}

void take_change(View& view, const ViewChange& said) {
  if (said.name) view.name = trim(*said.name);
  if (said.query) view.query = said.query->starts_with('?') ? said.query->substr(1) : *said.query;
  if (said.columns) view.columns = *said.columns;
  if (said.shared) view.shared = *said.shared;
  if (said.position) view.position = *said.position;
}

Error conflict_at(const char* field, const char* code, std::string message) {
  Error out = error(ErrorCode::conflict, std::move(message));
  out.faults.push_back({field, code, out.message});
  return out;
}

// Another's own view has a name that is nobody else's business.
json::Value view_details(const View& view) {
  json::Value out = json::Value::object({{"list", view.list}, {"shared", view.shared}});
  if (view.shared) out.set("name", view.name);
  return out;
}

}  // namespace

std::string view_owner(const access::Actor& by) {
  return by.user.empty() ? by.id : by.user;
}

Views::Views(storage::Store& store, audit::Audit& audit, const Clock& clock)
    : store_(store), audit_(audit), clock_(clock), family_(store.family(kTeamworkFamily)) {}

bool Views::may_change(const access::Actor& by, const View& view) {
  return view.owner.id == view_owner(by) || (view.shared && by.can(access::Permission::settings_write));
}

Result<std::vector<View>> Views::list(const storage::Reader& read, const access::Actor& by,
                                      std::string_view list) const {
  std::vector<View> out;
  const auto gather = [&](const std::string& prefix, bool shared) -> Result<> {
    for (auto row = read.scan_prefix(family_, prefix); row.valid(); row.next()) {
      const std::string_view id = row.key().substr(prefix.size());
      PF_LET(const auto record, read.get(family_, view_key(id)));
      if (!record) continue;
      PF_LET(auto view, read_view(id, *record));
      if (view.shared == shared && (list.empty() || view.list == list)) out.push_back(std::move(view));
    }
    return {};
  };
  PF_TRY(gather(named_prefix('o', view_owner(by)), false));
  PF_TRY(gather(std::string(kSharedViewMark), true));
  std::ranges::sort(out, {}, [](const View& one) { return std::tuple(one.position, lower_ascii(one.name), one.id); });
  return out;
}

Result<View> Views::find(const storage::Reader& read, const access::Actor& by, std::string_view id) const {
  PF_LET(const auto record, read.get(family_, view_key(id)));
  if (!record) return no_view();
  PF_LET(auto view, read_view(id, *record));
  if (!view.shared && view.owner.id != view_owner(by)) return no_view();
  return view;
}

// Whether there is room for it beside the others, and nobody takes one for another.
Result<> Views::check_place(const storage::Reader& read, const View& view, const View* before) const {
  std::size_t own = 0, shared = 0;
  const auto look = [&](const std::string& prefix, bool of_everybody, std::size_t& count) -> Result<> {
    for (auto row = read.scan_prefix(family_, prefix); row.valid(); row.next()) {
      ++count;
      const std::string_view id = row.key().substr(prefix.size());
      if (id == view.id || view.shared != of_everybody) continue;
      PF_LET(const auto record, read.get(family_, view_key(id)));
      if (!record) continue;
      PF_LET(const auto other, read_view(id, *record));
      if (other.shared == view.shared && other.list == view.list && equals_ignoring_case(other.name, view.name))
        return conflict_at(
            "name", "taken",
            "There is a view called " + other.name + (view.shared ? " for everybody already." : " already."));
    }
    return {};
  };
  PF_TRY(look(named_prefix('o', view.owner.id), false, own));
  PF_TRY(look(std::string(kSharedViewMark), true, shared));
  if (before == nullptr && own >= kViewsOfPersonMax)
    return conflict_at("name", "many", "You have 200 views already. Remove those that you do not need.");
  if (view.shared && (before == nullptr || !before->shared) && shared >= kSharedViewsMax)
    return conflict_at("shared", "many", "There are 500 views for everybody already. Remove those that nobody needs.");
  return {};
}

Result<> Views::save(storage::Write& work, const access::Actor& by, const View& view, const View* before) {
  PF_TRY(check_place(work, view, before));
  work.put(family_, view_key(view.id), write_view(view));
  if (before == nullptr) work.put(family_, view_of_owner_key(view.owner.id, view.id), "");
  if (view.shared)
    work.put(family_, shared_view_key(view.id), "");
  else
    work.erase(family_, shared_view_key(view.id));
  return audit_.append(work, by, before == nullptr ? "view.create" : "view.change", "view:" + view.id,
                       view_details(view));
}

Result<View> Views::create(const access::Actor& by, std::string_view list, const ViewChange& said) {
  View view{.id = hex(crypto::random_bytes(kViewIdBytes)),
            .list = std::string(list),
            .owner = {view_owner(by), by.name},
            .created_at = clock_.now()};
  view.updated_at = view.created_at;
  take_change(view, said);
  PF_TRY(check_view(view));
  PF_TRY(store_.write([&](storage::Write& work) { return save(work, by, view, nullptr); }));
  return view;
}

Result<View> Views::change(const access::Actor& by, std::string_view id, const ViewChange& said,
                           std::optional<std::uint64_t> read_version) {
  View view;
  PF_TRY(store_.write([&](storage::Write& work) -> Result<> {
    PF_LET(const View before, find(work, by, id));
    if (!may_change(by, before))
      return error(ErrorCode::forbidden,
                   "A view for everybody is changed by whoever made it, or may change the settings. Save your own "
                   "beside it.");
    if (read_version && *read_version != before.version)
      return conflict_at("version", "stale", "The view has changed since you looked at it. Look again.");
    view = before;
    take_change(view, said);
    if (before.shared && !view.shared && before.owner.id != view_owner(by))
      return error(ErrorCode::forbidden, "Only whoever made a view makes it his own again; it can be removed.");
    PF_TRY(check_view(view));
    ++view.version;
    view.updated_at = clock_.now();
    return save(work, by, view, &before);
  }));
  return view;
}

Result<> Views::remove(const access::Actor& by, std::string_view id) {
  return store_.write_even_when_full([&](storage::Write& work) -> Result<> {
    PF_LET(const View view, find(work, by, id));
    if (!may_change(by, view))
      return error(ErrorCode::forbidden,
                   "A view for everybody is removed by whoever made it, or may change the settings.");
    work.erase(family_, view_key(id));
    work.erase(family_, view_of_owner_key(view.owner.id, id));
    work.erase(family_, shared_view_key(id));
    return audit_.append(work, by, "view.remove", "view:" + view.id, view_details(view));
  });
}

Result<> Views::forget_owner(storage::Write& work, std::string_view owner) {
  const std::string prefix = named_prefix('o', owner);
  std::vector<std::string> ids;  // first all, then gone: a walk does not see what is taken out under it
  for (auto row = work.scan_prefix(family_, prefix); row.valid(); row.next())
    ids.emplace_back(row.key().substr(prefix.size()));
  for (const std::string& id : ids) {
    PF_LET(const auto record, work.get(family_, view_key(id)));
    if (record) {
      PF_LET(const auto view, read_view(id, *record));
      if (!view.shared) work.erase(family_, view_key(id));
    }
    work.erase(family_, view_of_owner_key(owner, id));
  }
  return {};
}

}  // namespace pf::teamwork
