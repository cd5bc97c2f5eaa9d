// A proposal: what somebody would change of a product. Plain values.
//
//   open --approve or reject its last field--> approved, partly or rejected
//   open --withdraw--> withdrawn
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "catalog/history_entry.h"
#include "catalog/product_list.h"
#include "search/index.h"
#include "teamwork/person.h"

namespace pf::teamwork {

inline constexpr std::size_t kOpenDraftsOfPersonMax = 1'000;  // a supplier's whole range; then somebody reviews
inline constexpr std::size_t kOpenDraftsOfProductMax = 50;    // people who propose for one product
inline constexpr std::size_t kDraftFieldsMax = 500;           // more is an import
inline constexpr std::size_t kDraftBytesMax = 2u << 20;       // of values seen and wanted: some long descriptions
inline constexpr std::size_t kDraftCommentBytesMax = 2'000;   // why; what is longer is a comment on the product
inline constexpr std::size_t kWordBytesMax = 1'000;           // of a reviewer
inline constexpr std::uint64_t kClosedDraftsMax = 20'000;     // some 20 to 60 MB
inline constexpr std::size_t kDecidedAtOnceMax = 200;         // drafts of one request: a page of the list

// Stored on disk and told on the wire by name: do not rename.
enum class DraftStatus { open, approved, partly, rejected, withdrawn };
inline constexpr std::array<std::string_view, 5> kDraftStatusNames{"open", "approved", "partly", "rejected",
                                                                   "withdrawn"};
enum class FieldState { open, approved, rejected };
inline constexpr std::array<std::string_view, 3> kFieldStateNames{"open", "approved", "rejected"};

struct DraftField {
  catalog::FieldName at{};
  std::string seen{}, wanted{};  // JSON bytes, empty: none. What its author saw, and what he would have
  FieldState state = FieldState::open;
  std::string decided_by{}, word{};  // once it is decided
  Time decided_at{};
};

struct Draft {
  std::uint64_t id = 0, version = 1;
  std::string sku{}, title{}, family{};   // the product's, when the draft was last changed
  std::vector<std::string> categories{};  // the same
  Person author{};
  std::string comment{};
  bool withdrawn = false;
  std::vector<DraftField> fields{};
  Time created_at{}, updated_at{};
  bool open() const;
};
DraftStatus status_of(const Draft& draft);

// `where`: status, author, sku, family, field and category by eq, neq, in and nin; created_at and updated_at (RFC 3339)
// and id by eq, gt, gte, lt and lte. `sort`: created_at, updated_at or id; the first key decides; none: newest first.
struct DraftQuery {
  std::string text{};  // words of SKU, title, author and comment
  std::vector<catalog::Condition> where{};
  std::vector<catalog::SortKey> sort{};
  std::size_t count = 15;
  std::uint64_t offset = 0;  // ignored with a cursor
  std::string cursor{};
  std::vector<std::string> facets{};  // status, author, family or field
};
using Counts = std::vector<std::pair<std::string, std::uint64_t>>;
struct DraftPage {
  std::vector<Draft> drafts{};
  std::uint64_t total = 0;
  std::string next_cursor{};
  std::vector<Counts> facets{};  // in their order; each among what fits but for its own conditions
};

// On disk (teamwork_keys.h), and in the index.
std::string write_draft(const Draft& draft);
Result<Draft> read_draft(std::uint64_t id, std::string_view record);
search::Entry index_entry(const Draft& draft);

}  // namespace pf::teamwork
