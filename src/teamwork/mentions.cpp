#include "teamwork/mentions.h"

#include <algorithm>

#include "productflow/text.h"
#include "teamwork/teamwork_keys.h"

namespace pf::teamwork {
namespace {

// Stored on disk: do not change; a new member is one that may lack, or a new version of the format.
std::string write_mention(const Mention& mention) {
  return json::write(json::Value::object({{"v", kMentionFormat},
                                          {"sku", mention.sku},
                                          {"c", mention.comment},
                                          {"by", stored_person(mention.by)},
                                          {"at", stored_moment(mention.at)},
                                          {"r", mention.read}}));
}

Result<Mention> read_mention(std::uint64_t number, std::string_view record) {
  PF_LET(const auto in, json::parse(record));
  if (json::number_in(in, "v") != kMentionFormat)
    return error(ErrorCode::unsupported,
                 "A mention was written by a newer ProductFlow. Start that one, or restore a backup.");
  return Mention{.number = number,
                 .sku = json::text_in(in, "sku"),
                 .comment = static_cast<std::uint64_t>(json::number_in(in, "c")),
                 .by = person_in(in, "by"),
                 .at = moment_in(in, "at"),
                 .read = json::flag_in(in, "r")};
}

struct Tally {
  std::uint64_t last = 0;
  std::uint32_t unread = 0;
};
Result<Tally> tally_of(const storage::Reader& read, storage::FamilyRef family, std::string_view person) {
  constexpr std::size_t kTallyBytes = 12;
  PF_LET(const auto record, read.get(family, mention_tally_key(person)));
  if (!record || record->size() != kTallyBytes) return Tally{};
  return Tally{get_be64(*record), get_be32(std::string_view(*record).substr(8))};
}
void put_tally(storage::Write& work, storage::FamilyRef family, std::string_view person, const Tally& tally) {
  std::string record;
  put_be64(record, tally.last);
  put_be32(record, tally.unread);
  work.put(family, mention_tally_key(person), record);
}

std::uint64_t number_of(std::string_view key) {
  return get_be64(key.substr(key.size() - 8));
}

// What an e-mail address is made of, as far as people's addresses go; bytes of other scripts too.
bool is_letter(char byte) {
  return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || (byte >= '0' && byte <= '9') ||
         static_cast<unsigned char>(byte) >= 0x80;
}
bool is_login_byte(char byte) {
  return is_letter(byte) || std::string_view("._+-").find(byte) != std::string_view::npos;
}

std::string local_part(std::string_view email) {
  return lower_ascii(email.substr(0, email.find('@')));
}

}  // namespace

void set_logins(std::vector<Nameable>& people) {
  for (auto& one : people) {
    one.login = local_part(one.email);
    const auto same =
        std::ranges::count_if(people, [&](const auto& other) { return local_part(other.email) == one.login; });
    if (same > 1) one.login = lower_ascii(one.email);
  }
}

std::vector<Named> named_in(std::string_view text, std::span<const Nameable> people) {
  std::vector<Named> out;
  const auto named = [&](std::string_view word) {
    const std::string said = lower_ascii(word);
    return std::ranges::find_if(people, [&](const Nameable& one) {
      return one.login == said || (said.find('@') != said.npos && lower_ascii(one.email) == said);
    });
  };
  for (std::size_t at = text.find('@'); at != text.npos; at = text.find('@', at + 1)) {
    if (at > 0 && (is_login_byte(text[at - 1]) || text[at - 1] == '@')) continue;
    std::size_t end = at + 1;
    while (end < text.size() && (is_login_byte(text[end]) || text[end] == '@')) ++end;
    for (std::string_view word = text.substr(at + 1, end - at - 1); !word.empty(); word.remove_suffix(1)) {
      const auto found = named(word);
      if (found == people.end()) {
        if (is_letter(word.back())) break;
        continue;  // without what ends a sentence
      }
      if (std::ranges::none_of(out, [&](const Named& one) { return one.who.id == found->id; }))
        out.push_back(
            {.who = {found->id, found->name.empty() ? found->email : found->name}, .said = "@" + std::string(word)});
      break;
    }
  }
  return out;
}

Mentions::Mentions(storage::Store& store) : store_(store), family_(store.family(kTeamworkFamily)) {}

Result<MentionPage> Mentions::list(const storage::Reader& read, std::string_view person, std::string_view cursor,
                                   std::size_t count) const {
  const auto before = cursor.empty() ? std::optional<std::int64_t>(0) : parse_int(cursor);
  if (!before || *before < 0 || (!cursor.empty() && *before == 0))
    return invalid("cursor", "cursor", "This is no cursor of this list; begin without one.");
  const std::string prefix = named_prefix('n', person);
  const std::string end =
      cursor.empty() ? named_past('n', person) : mention_key(person, static_cast<std::uint64_t>(*before));
  MentionPage page;
  auto row = read.scan(family_, prefix, end);
  for (row.seek_for_prev(end); row.valid(); row.prev()) {
    if (page.mentions.size() == count) {
      page.next_cursor = std::to_string(page.mentions.back().number);
      break;
    }
    PF_LET(auto one, read_mention(number_of(row.key()), row.value()));
    page.mentions.push_back(std::move(one));
  }
  return page;
}

Result<std::uint64_t> Mentions::unread(const storage::Reader& read, std::string_view person) const {
  PF_LET(const auto tally, tally_of(read, family_, person));
  return std::uint64_t{tally.unread};
}

Result<bool> Mentions::is_unread(const storage::Reader& read, std::string_view person, std::uint64_t number) const {
  PF_LET(const auto record, read.get(family_, mention_key(person, number)));
  if (!record) return false;
  PF_LET(const auto mention, read_mention(number, *record));
  return !mention.read;
}

Result<> Mentions::mark_read(std::string_view person, std::string_view sku) {
  return store_.write([&](storage::Write& work) -> Result<> {
    PF_LET(auto tally, tally_of(work, family_, person));
    if (tally.unread == 0) return {};
    std::vector<Mention> seen;  // first all, then written: a walk does not see what is written under it
    for (auto row = work.scan_prefix(family_, named_prefix('n', person)); row.valid(); row.next()) {
      PF_LET(auto one, read_mention(number_of(row.key()), row.value()));
      if (!one.read && (sku.empty() || one.sku == sku)) seen.push_back(std::move(one));
    }
    for (auto& one : seen) {
      one.read = true;
      work.put(family_, mention_key(person, one.number), write_mention(one));
      if (tally.unread > 0) --tally.unread;
    }
    if (!seen.empty()) put_tally(work, family_, person, tally);
    return {};
  });
}

Result<> Mentions::erase(storage::Write& work, std::string_view person, std::uint64_t number, std::uint32_t& unread) {
  PF_LET(const bool was_unread, is_unread(work, person, number));
  if (was_unread && unread > 0) --unread;
  work.erase(family_, mention_key(person, number));
  return {};
}

Result<std::uint64_t> Mentions::note(storage::Write& work, std::string_view person, Mention mention) {
  PF_LET(auto tally, tally_of(work, family_, person));
  mention.number = ++tally.last;
  ++tally.unread;
  work.put(family_, mention_key(person, mention.number), write_mention(mention));
  if (mention.number > kMentionsMax) PF_TRY(erase(work, person, mention.number - kMentionsMax, tally.unread));
  put_tally(work, family_, person, tally);
  return mention.number;
}

Result<> Mentions::forget(storage::Write& work, std::string_view person, std::uint64_t number) {
  PF_LET(auto tally, tally_of(work, family_, person));
  if (tally.last == 0) return {};  // his account is gone, and all of his with it
  PF_TRY(erase(work, person, number, tally.unread));
  put_tally(work, family_, person, tally);
  return {};
}

Result<> Mentions::forget_person(storage::Write& work, std::string_view person) {
  std::vector<std::string> gone;
  for (auto row = work.scan_prefix(family_, named_prefix('n', person)); row.valid(); row.next())
    gone.emplace_back(row.key());
  for (const auto& key : gone) work.erase(family_, key);
  work.erase(family_, mention_tally_key(person));
  return {};
}

}  // namespace pf::teamwork
