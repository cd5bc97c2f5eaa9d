// Who is named in a comment, and what of that he has not read. Functions that change something and are given no unit of
// work begin their own. Any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "storage/store.h"
#include "teamwork/person.h"

namespace pf::teamwork {

inline constexpr std::size_t kNamedInCommentMax = 20;  // more is everybody, which is a task
inline constexpr std::uint64_t kMentionsMax = 500;     // of one person; the oldest are forgotten

// Who can be named, and how: `login` is what stands before the @ of his e-mail, or all of it where others have the
// same.
struct Nameable {
  std::string id{}, email{}, name{}, login{};
};
void set_logins(std::vector<Nameable>& people);

// One who is named in a text: as the text says it ("@jane"), and the number of his mention.
struct Named {
  Person who{};
  std::string said{};
  std::uint64_t number = 0;
};
// Each once, in the order of the text. `@` within a word ("a@b.example") names nobody, nor does what is no login.
std::vector<Named> named_in(std::string_view text, std::span<const Nameable> people);

// That somebody was named; what is said of him is the comment's.
struct Mention {
  std::uint64_t number = 0;
  std::string sku{};
  std::uint64_t comment = 0;
  Person by{};
  Time at{};
  bool read = false;
};
struct MentionPage {
  std::vector<Mention> mentions{};  // newest first
  std::string next_cursor{};        // empty at the end
};

class Mentions {
 public:
  explicit Mentions(storage::Store& store);

  // Invalid for a cursor that is none.
  Result<MentionPage> list(const storage::Reader& read, std::string_view person, std::string_view cursor,
                           std::size_t count) const;
  Result<std::uint64_t> unread(const storage::Reader& read, std::string_view person) const;
  Result<bool> is_unread(const storage::Reader& read, std::string_view person, std::uint64_t number) const;
  // Those of this product; empty: all.
  Result<> mark_read(std::string_view person, std::string_view sku);

  // In the unit of work of the comment.
  Result<std::uint64_t> note(storage::Write& work, std::string_view person, Mention mention);
  Result<> forget(storage::Write& work, std::string_view person, std::uint64_t number);
  // In the unit of work that ends an account.
  Result<> forget_person(storage::Write& work, std::string_view person);

 private:
  Result<> erase(storage::Write& work, std::string_view person, std::uint64_t number, std::uint32_t& unread);
  storage::Store& store_;
  storage::FamilyRef family_;
};

}  // namespace pf::teamwork
