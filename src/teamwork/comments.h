// What people say of a product: a thread of plain texts. Functions that change something begin their own unit of work.
// Any thread. No place for what concerns a buyer: that is a note of his order, which is sealed.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "audit/audit.h"
#include "catalog/products.h"
#include "events/events.h"
#include "teamwork/mentions.h"
#include "teamwork/person.h"

namespace pf::teamwork {

inline constexpr std::size_t kCommentsMax = 500;        // of one product: what is settled is removed
inline constexpr std::size_t kCommentBytesMax = 4'000;  // a page

struct Comment {
  std::uint64_t id = 0;  // among those of its product
  std::string sku{};
  Person by{};
  std::string text{};
  Time at{};
  std::optional<Time> edited_at{}, resolved_at{};
  std::string resolved_by{};
  std::vector<Named> named{};
};
struct CommentPage {
  std::vector<Comment> comments{};  // oldest first
  std::uint64_t total = 0;
  std::string next_cursor{};  // empty at the end
};

class Comments {
 public:
  Comments(storage::Store& store, catalog::Products& products, Mentions& mentions, audit::Audit& audit,
           const Clock& clock, events::Events* events = nullptr);

  // Invalid for a cursor that is none.
  Result<CommentPage> list(const storage::Reader& read, std::string_view sku, std::string_view cursor,
                           std::size_t count) const;
  Result<Comment> find(const storage::Reader& read, std::string_view sku, std::uint64_t id) const;  // or not_found

  // Whoever of these people is named in the text finds it among his mentions; its author is not told of himself.
  Result<Comment> add(const access::Actor& by, const catalog::Sku& sku, std::string_view text,
                      std::span<const Nameable> people = {});
  // Of its author alone. Who is named by the new text alone is told, who no longer is loses his mention.
  Result<Comment> edit(const access::Actor& by, std::string_view sku, std::uint64_t id, std::string_view text,
                       std::span<const Nameable> people = {});
  Result<Comment> resolve(const access::Actor& by, std::string_view sku, std::uint64_t id, bool resolved);
  // Of its author, or by whoever may change the product.
  Result<> remove(const access::Actor& by, std::string_view sku, std::uint64_t id);

 private:
  // `before`: who was named; tells those that are new, and gives each his number.
  Result<> tell_named(storage::Write& work, const access::Actor& by, const std::vector<Named>& before,
                      Comment& comment);
  Result<> save(storage::Write& work, const access::Actor& by, const Comment& comment, bool is_new);
  Result<> tell(storage::Write& work, const Comment& comment, bool is_new);
  storage::Store& store_;
  catalog::Products& products_;
  Mentions& mentions_;
  audit::Audit& audit_;
  const Clock& clock_;
  events::Events* const events_;
  storage::FamilyRef family_;
};

}  // namespace pf::teamwork
