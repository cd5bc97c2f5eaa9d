// Answers a question to the list of returns from the index.
#include <array>

#include "orders/list_filter.h"
#include "orders/return_keys.h"
#include "orders/returns.h"

namespace pf::orders {
namespace {

constexpr std::array<ListColumn, 7> kReturnColumns{{{"status", "status", ColumnKind::term},
                                                    {"channel", "channel", ColumnKind::term},
                                                    {"order_id", "order_id", ColumnKind::term},
                                                    {"reason", "reason", ColumnKind::term},
                                                    {"created_at", "created_at", ColumnKind::time},
                                                    {"updated_at", "updated_at", ColumnKind::time},
                                                    {"id", "id", ColumnKind::number}}};
constexpr ListColumns kReturnList{"list of returns", kReturnColumns, "created_at, updated_at or id", "created_at"};

}  // namespace

Result<ReturnPage> Returns::list(const storage::Reader& read, const ReturnQuery& query) const {
  PF_LET(const search::Filter filter, list_filter(kReturnList, query.text, query.where));
  PF_LET(const search::Sort sort, list_sort(kReturnList, query.sort));
  PF_LET(const auto found, index_.page(read, filter, sort, query.count, query.cursor, query.offset));
  ReturnPage page;
  page.total = found.total;
  page.next_cursor = found.next_cursor;
  for (const search::Document document : found.documents) {
    // Returns are never removed and each gets the next document, so the number is the id.
    PF_LET(auto ret, find(read, ReturnId(kFirstReturnId + document)));
    page.returns.push_back(std::move(ret));
  }
  if (query.with_status_counts) {
    PF_LET(const search::Filter any_status, list_filter(kReturnList, query.text, query.where, "status"));
    PF_LET(page.status_counts, index_.facet(read, any_status, "status", 10));
  }
  return page;
}

}  // namespace pf::orders
