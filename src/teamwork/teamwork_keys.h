// Stored on disk: do not change. Family "teamwork" (indexes in "draft_index" and "task_index"):
//   "d" be64 id                 -> JSON of the draft, "v" its version of the format
//   "p" sku 0x00 author         -> be64 id: the open draft of this author and product
//   "u" author 0x00 be64 id     -> nothing: the open drafts of an author
//   "c" sku 0x00 be64 number    -> JSON of a comment, "v" the same
//   "m" sku                     -> be64: the last comment's number, which is never given twice; be32: how many there
//   are "n" account 0x00 be64 number -> JSON of a mention of this person, "v" the same "k" account                 ->
//   be64: the last mention's number; be32: how many of them he has not read "t" be64 id                 -> JSON of the
//   task, "v" the same "s" id                      -> JSON of a saved view, "v" the same; an id is 16 hexadecimal
//   digits "o" owner 0x00 id           -> nothing: the views that somebody made, until his account ends "e" id ->
//   nothing: the views for everybody
// Ids of drafts and tasks are their documents in the index, counted from 1. A SKU has no 0x00, nor has an author's id.
// Never personal data of buyers.
#pragma once

#include <string>
#include <string_view>

#include "productflow/bytes.h"

namespace pf::teamwork {

inline constexpr std::string_view kTeamworkFamily = "teamwork", kDraftIndexFamily = "draft_index",
                                  kTaskIndexFamily = "task_index";
// A draft of an offer's fields is no draft to a ProductFlow that would approve it without writing them.
inline constexpr int kDraftFormatWithoutPrices = 1, kDraftFormat = 2;
inline constexpr int kCommentFormat = 1, kTaskFormat = 1, kViewFormat = 1,
                     kMentionFormat = 1;  // newer ones are refused

inline std::string numbered_key(char mark, std::uint64_t id) {
  std::string key(1, mark);
  put_be64(key, id);
  return key;
}
// All keys of a name, and one of them.
inline std::string named_prefix(char mark, std::string_view name) {
  return std::string(1, mark).append(name).append(1, '\0');
}
inline std::string open_draft_key(std::string_view sku, std::string_view author) {
  return named_prefix('p', sku).append(author);
}
inline std::string draft_of_author_key(std::string_view author, std::uint64_t id) {
  std::string key = named_prefix('u', author);
  put_be64(key, id);
  return key;
}
inline std::string comment_key(std::string_view sku, std::uint64_t number) {
  std::string key = named_prefix('c', sku);
  put_be64(key, number);
  return key;
}
// Behind all keys of a name.
inline std::string named_past(char mark, std::string_view name) {
  return std::string(1, mark).append(name).append(1, '\x01');
}
inline std::string mention_key(std::string_view account, std::uint64_t number) {
  std::string key = named_prefix('n', account);
  put_be64(key, number);
  return key;
}
inline std::string mention_tally_key(std::string_view account) {
  return std::string("k").append(account);
}
inline constexpr std::string_view kSharedViewMark = "e";
inline std::string view_key(std::string_view id) {
  return std::string("s").append(id);
}
inline std::string view_of_owner_key(std::string_view owner, std::string_view id) {
  return named_prefix('o', owner).append(id);
}
inline std::string shared_view_key(std::string_view id) {
  return std::string(kSharedViewMark).append(id);
}

}  // namespace pf::teamwork
