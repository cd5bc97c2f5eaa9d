// Answers a question to the order list from the index, and turns its documents back into orders.
#include "orders/order_list.h"

#include <array>

#include "orders/list_filter.h"
#include "orders/order_keys.h"
#include "orders/order_record.h"
#include "orders/orders.h"

namespace pf::orders {
namespace {

constexpr std::array<std::string_view, 1> kYes{"true"};
constexpr std::array<ListColumn, 22> kOrderColumns{
    {{"status", "status", ColumnKind::term},
     {"channel", "channel", ColumnKind::term},
     {"country_code", "country_code", ColumnKind::term},
     {"sku", "sku", ColumnKind::text},
     {"channel_order_id", "channel_order_id", ColumnKind::text},
     {"name", "channel_order_id", ColumnKind::text},
     {"accepted", "accepted", ColumnKind::flag},
     {"backordered", "backordered", ColumnKind::flag},
     {"hold", "hold", ColumnKind::term},
     {"held", "hold", ColumnKind::any, false, kHoldReasonNames},
     {"tag", "tag", ColumnKind::text, true},
     {"fulfilled_by", "fulfilled_by", ColumnKind::either, false, kFulfilledBy},
     {"fulfilment", "fulfilment", ColumnKind::term},
     {"short", "short", ColumnKind::any, false, kYes},
     {"attention", "attention", ColumnKind::term},
     {"needs_attention", "attention", ColumnKind::any, false, kAttentionNames},
     {"later", "later", ColumnKind::any, false, kYes},
     {"placed_at", "placed_at", ColumnKind::time},
     {"created_at", "created_at", ColumnKind::time},
     {"ship_by", "ship_by", ColumnKind::time, true},
     {"total", "total", ColumnKind::amount, true},
     {"id", "id", ColumnKind::number}}};
constexpr ListColumns kOrderList{"order list", kOrderColumns, "placed_at, created_at, ship_by, total or id",
                                 "placed_at"};

// Orders are never removed and each gets the next document, so the number is the id.
OrderId id_of(search::Document document) {
  return OrderId(kFirstOrderId + document);
}

}  // namespace

Result<search::Filter> Orders::filter_of(const storage::Reader& read, const OrderQuery& query,
                                         std::string_view without_field) const {
  return list_filter(kOrderList, query.text, query.where, without_field,
                     [&](std::string_view field, std::size_t limit) { return index_.terms(read, field, limit); });
}

Result<std::uint64_t> Orders::count(const storage::Reader& read, const OrderQuery& query) const {
  PF_LET(const search::Filter filter, filter_of(read, query));
  return index_.count(read, filter);
}

Result<std::uint64_t> Orders::walk(const storage::Reader& read, const OrderQuery& query, std::size_t at_most,
                                   const std::function<Result<>(const Order&)>& take) const {
  PF_LET(const search::Filter filter, filter_of(read, query));
  PF_LET(const search::Sort sort, list_sort(kOrderList, query.sort));
  PF_LET(const auto found, index_.page(read, filter, sort, at_most));
  if (found.total > at_most) return found.total;
  for (const search::Document document : found.documents) {
    PF_LET(const Order order, find(read, id_of(document)));
    PF_TRY(take(order));
  }
  return found.total;
}

Result<OrderPage> Orders::list(const storage::Reader& read, const OrderQuery& query) const {
  PF_LET(const search::Filter filter, filter_of(read, query));
  PF_LET(const search::Sort sort, list_sort(kOrderList, query.sort));
  PF_LET(const auto found, index_.page(read, filter, sort, query.count, query.cursor, query.offset));
  OrderPage page;
  page.total = found.total;
  page.next_cursor = found.next_cursor;
  for (const search::Document document : found.documents) {
    PF_LET(auto order, find(read, id_of(document)));
    page.orders.push_back(std::move(order));
  }
  if (query.with_status_counts) {
    PF_LET(const search::Filter any_status, filter_of(read, query, "status"));
    PF_LET(page.status_counts, index_.facet(read, any_status, "status", 10));
  }
  if (query.with_attention_counts) {
    PF_LET(const search::Filter any_mark, filter_of(read, query, "attention"));
    PF_LET(page.attention_counts, index_.facet(read, any_mark, "attention", kAttentionNames.size()));
  }
  if (query.with_tag_counts) {
    PF_LET(page.tag_counts, index_.facet(read, filter, "tag", kTagsCounted));
  }
  return page;
}

Result<search::Rebuilt> Orders::rebuild_index(storage::Store& store, const std::filesystem::path& folder,
                                              const search::Watch& watch) {
  constexpr std::size_t kSome = 200;
  search::Source source;
  source.some = [this](const storage::Reader& read, std::string& place,
                       const search::Source::Tell& tell) -> Result<bool> {
    auto row = read.scan(family_, place.empty() ? order_key(0) : place, order_key(UINT64_MAX));
    for (std::size_t count = 0; row.valid() && count < kSome; row.next(), ++count) {
      PF_LET(const Order order, read_order(OrderId(get_be64(row.key().substr(1))), row.value()));
      PF_TRY(tell(order.document, index_entry(order)));
      place = std::string(row.key()) + '\0';
    }
    return row.valid();
  };
  source.entry_of = [this](const storage::Reader& read, search::Document document) -> Result<search::Entry> {
    auto order = find(read, id_of(document));
    if (!order.ok() && order.error().code == ErrorCode::not_found) return search::Entry{};
    PF_TRY(order);
    return index_entry(*order);
  };
  return search::rebuild(store, kOrderIndexFamily, kOrderCoarse, source, folder, watch);
}

}  // namespace pf::orders
