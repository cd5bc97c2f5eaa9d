#include "teamwork/comments.h"

#include <algorithm>

#include "productflow/text.h"
#include "teamwork/teamwork_keys.h"

namespace pf::teamwork {
namespace {

// Stored on disk: do not change; a new member is one that may lack, or a new version of the format.
std::string write_comment(const Comment& comment) {
  json::Value out = json::Value::object({{"v", kCommentFormat},
                                         {"by", stored_person(comment.by)},
                                         {"t", comment.text},
                                         {"at", stored_moment(comment.at)}});
  if (comment.edited_at) out.set("ed", stored_moment(*comment.edited_at));
  if (comment.resolved_at) {
    out.set("re", stored_moment(*comment.resolved_at));
    out.set("rb", comment.resolved_by);
  }
  if (!comment.named.empty()) {
    json::Value named = json::Value::array();
    for (const auto& one : comment.named)
      named.push(json::Value::object({{"p", stored_person(one.who)}, {"w", one.said}, {"m", one.number}}));
    out.set("nm", std::move(named));
  }
  return json::write(out);
}

Result<Comment> read_comment(std::string_view sku, std::uint64_t id, std::string_view record) {
  PF_LET(const auto in, json::parse(record));
  if (json::number_in(in, "v") != kCommentFormat)
    return error(ErrorCode::unsupported,
                 "A comment was written by a newer ProductFlow. Start that one, or restore a backup.");
  Comment out{.id = id,
              .sku = std::string(sku),
              .by = person_in(in, "by"),
              .text = json::text_in(in, "t"),
              .at = moment_in(in, "at")};
  if (in.find("ed") != nullptr) out.edited_at = moment_in(in, "ed");
  if (in.find("re") != nullptr) {
    out.resolved_at = moment_in(in, "re");
    out.resolved_by = json::text_in(in, "rb");
  }
  if (const auto* all = in.find("nm"); all != nullptr && all->as_array() != nullptr)
    for (const auto& one : *all->as_array())
      out.named.push_back(
          {person_in(one, "p"), json::text_in(one, "w"), static_cast<std::uint64_t>(json::number_in(one, "m"))});
  return out;
}

Error no_comment() {
  return error(ErrorCode::not_found, "There is no such comment; somebody may have removed it.");
}

Result<> check_named(const std::vector<Named>& named) {
  if (named.size() <= kNamedInCommentMax) return {};
  return invalid("text", "too_many",
                 "A comment names at most " + std::to_string(kNamedInCommentMax) + " people; make a task for more.");
}

// As its own author he knows what he wrote, also when a program of his wrote it.
std::vector<Named> others_named_in(std::string_view text, std::span<const Nameable> people, const access::Actor& by) {
  auto out = named_in(text, people);
  std::erase_if(out, [&](const Named& one) { return one.who.id == by.id || one.who.id == by.user; });
  return out;
}

Result<std::string> checked_text(std::string_view text) {
  const std::string plain(trim(text));
  if (plain.empty()) return invalid("text", "required", "A comment says something.");
  if (plain.size() > kCommentBytesMax)
    return invalid("text", "length", "A comment has at most " + std::to_string(kCommentBytesMax) + " bytes.");
  if (first_bad_utf8(plain)) return invalid("text", "encoding", "This text is not valid UTF-8.");
  return plain;
}

struct Thread {
  std::uint64_t last = 0;
  std::uint32_t count = 0;
};
std::string thread_key(std::string_view sku) {
  return std::string("m").append(sku);
}
Result<Thread> thread_of(const storage::Reader& read, storage::FamilyRef family, std::string_view sku) {
  PF_LET(const auto record, read.get(family, thread_key(sku)));
  if (!record || record->size() != 12) return Thread{};
  return Thread{get_be64(*record), get_be32(std::string_view(*record).substr(8))};
}
void put_thread(storage::Write& work, storage::FamilyRef family, std::string_view sku, const Thread& thread) {
  std::string record;
  put_be64(record, thread.last);
  put_be32(record, thread.count);
  work.put(family, thread_key(sku), record);
}

json::Value comment_details(const Comment& comment) {
  return json::Value::object({{"comment", std::to_string(comment.id)}, {"author", comment.by.name}});
}

}  // namespace

Comments::Comments(storage::Store& store, catalog::Products& products, Mentions& mentions, audit::Audit& audit,
                   const Clock& clock, events::Events* events)
    : store_(store),
      products_(products),
      mentions_(mentions),
      audit_(audit),
      clock_(clock),
      events_(events),
      family_(store.family(kTeamworkFamily)) {}

Result<CommentPage> Comments::list(const storage::Reader& read, std::string_view sku, std::string_view cursor,
                                   std::size_t count) const {
  const auto after = cursor.empty() ? std::optional<std::int64_t>(0) : parse_int(cursor);
  if (!after || *after < 0) return invalid("cursor", "cursor", "This is no cursor of this list; begin without one.");
  CommentPage page;
  PF_LET(const auto thread, thread_of(read, family_, sku));
  page.total = thread.count;
  auto row = read.scan_prefix(family_, named_prefix('c', sku));
  for (row.seek(comment_key(sku, static_cast<std::uint64_t>(*after) + 1)); row.valid(); row.next()) {
    if (page.comments.size() == count) {
      page.next_cursor = std::to_string(page.comments.back().id);
      break;
    }
    PF_LET(auto one, read_comment(sku, get_be64(row.key().substr(row.key().size() - 8)), row.value()));
    page.comments.push_back(std::move(one));
  }
  return page;
}

Result<Comment> Comments::find(const storage::Reader& read, std::string_view sku, std::uint64_t id) const {
  PF_LET(const auto record, read.get(family_, comment_key(sku, id)));
  if (!record) return no_comment();
  return read_comment(sku, id, *record);
}

Result<> Comments::tell(storage::Write& work, const Comment& comment, bool is_new) {
  if (events_ == nullptr) return {};
  return events_->add(work, is_new ? events::type::kCommentCreated : events::type::kCommentUpdated,
                      json::Value::object({{"id", std::to_string(comment.id)}, {"sku", comment.sku}}));
}

Result<> Comments::tell_named(storage::Write& work, const access::Actor& by, const std::vector<Named>& before,
                              Comment& comment) {
  const auto same = [](const Named& one) { return [&one](const Named& other) { return other.who.id == one.who.id; }; };
  for (auto& one : comment.named) {
    const auto old = std::ranges::find_if(before, same(one));
    if (old != before.end()) {
      one.number = old->number;
      continue;
    }
    PF_LET(one.number,
           mentions_.note(work, one.who.id,
                          {.sku = comment.sku, .comment = comment.id, .by = person_of(by), .at = clock_.now()}));
  }
  for (const auto& old : before)
    if (std::ranges::none_of(comment.named, same(old))) PF_TRY(mentions_.forget(work, old.who.id, old.number));
  return {};
}

Result<> Comments::save(storage::Write& work, const access::Actor& by, const Comment& comment, bool is_new) {
  work.put(family_, comment_key(comment.sku, comment.id), write_comment(comment));
  PF_TRY(tell(work, comment, is_new));
  return audit_.append(work, by, is_new ? "comment.create" : "comment.change", "product:" + comment.sku,
                       comment_details(comment));
}

Result<Comment> Comments::add(const access::Actor& by, const catalog::Sku& sku, std::string_view text,
                              std::span<const Nameable> people) {
  PF_LET(auto plain, checked_text(text));
  Comment comment{.sku = sku.raw(), .by = person_of(by), .text = std::move(plain), .at = clock_.now()};
  comment.named = others_named_in(comment.text, people, by);
  PF_TRY(check_named(comment.named));
  PF_TRY(store_.write([&](storage::Write& work) -> Result<> {
    PF_LET(const bool there, products_.exists(work, sku.raw()));
    if (!there) return error(ErrorCode::not_found, "There is no product with the SKU \"" + sku.raw() + "\".");
    PF_LET(auto thread, thread_of(work, family_, sku.raw()));
    if (thread.count >= kCommentsMax)
      return error(ErrorCode::conflict, "A product has at most " + std::to_string(kCommentsMax) +
                                            " comments. Remove some that are settled.");
    comment.id = ++thread.last;
    ++thread.count;
    put_thread(work, family_, sku.raw(), thread);
    PF_TRY(tell_named(work, by, {}, comment));
    return save(work, by, comment, true);
  }));
  return comment;
}

Result<Comment> Comments::edit(const access::Actor& by, std::string_view sku, std::uint64_t id, std::string_view text,
                               std::span<const Nameable> people) {
  PF_LET(const auto plain, checked_text(text));
  const auto named = others_named_in(plain, people, by);
  PF_TRY(check_named(named));
  Comment comment;
  PF_TRY(store_.write([&](storage::Write& work) -> Result<> {
    PF_LET(comment, find(work, sku, id));
    if (comment.by.id != by.id) return error(ErrorCode::forbidden, "Only its author changes a comment.");
    if (comment.text == plain) return {};
    comment.text = plain;
    comment.edited_at = clock_.now();
    const auto before = std::exchange(comment.named, named);
    PF_TRY(tell_named(work, by, before, comment));
    return save(work, by, comment, false);
  }));
  return comment;
}

Result<Comment> Comments::resolve(const access::Actor& by, std::string_view sku, std::uint64_t id, bool resolved) {
  Comment comment;
  PF_TRY(store_.write([&](storage::Write& work) -> Result<> {
    PF_LET(comment, find(work, sku, id));
    if (comment.resolved_at.has_value() == resolved) return {};
    comment.resolved_at = resolved ? std::optional(clock_.now()) : std::nullopt;
    comment.resolved_by = resolved ? by.name : std::string();
    return save(work, by, comment, false);
  }));
  return comment;
}

Result<> Comments::remove(const access::Actor& by, std::string_view sku, std::uint64_t id) {
  return store_.write([&](storage::Write& work) -> Result<> {
    PF_LET(const auto comment, find(work, sku, id));
    if (comment.by.id != by.id && !by.can(access::Permission::catalog_write))
      return error(ErrorCode::forbidden, "A comment is removed by its author, or by somebody who may change products.");
    PF_LET(auto thread, thread_of(work, family_, sku));
    if (thread.count > 0) --thread.count;
    put_thread(work, family_, sku, thread);
    work.erase(family_, comment_key(sku, id));
    for (const auto& one : comment.named) PF_TRY(mentions_.forget(work, one.who.id, one.number));
    PF_TRY(tell(work, comment, false));
    return audit_.append(work, by, "comment.delete", "product:" + comment.sku, comment_details(comment));
  });
}

}  // namespace pf::teamwork
