// Batches of orders, picked in one walk. A scan decides under the writer's lock which order gets the piece, and counts
// it there with fulfilment's own verbs; batch, order, event, history and index are one unit of work. Any thread.
#pragma once

#include <span>

#include "orders/batch.h"
#include "orders/fulfilment.h"
#include "stock/shelves.h"

namespace pf::orders {

inline constexpr std::size_t kBatchOrdersMax = 100;      // a cart of totes; also what one page still shows well
inline constexpr std::size_t kQueueLookedMax = 2'000;    // orders that "the next ones" are looked for among
inline constexpr std::uint32_t kBatchScansMax = 20'000;  // of one batch: more than a day of anybody's scans

class Batches {
 public:
  static std::vector<storage::Family> families();  // "batches"
  Batches(storage::Store& store, Orders& orders, audit::Audit& audit, const Clock& clock);

  // Of these orders, in this order: slot 1 is the first. All or none: conflict, or invalid, with every order that
  // cannot be picked now (unknown, status, held, in_batch, nothing_to_pick by the fault's code).
  Result<Batch> start(const access::Actor& by, std::span<const OrderId> orders);
  // Of the next `count` orders of the queue by ship-by that are in no open batch and wait for no stock; fewer if there
  // are no more. `channels`: of these alone; empty: of all.
  Result<Batch> start_next(const access::Actor& by, std::size_t count, const std::vector<std::string>& channels);

  // What became of a scan: which slot the piece goes to.
  struct Given {
    Batch batch{};
    OrderId order{};
    std::size_t slot = 0, line = 0;
    std::string sku{};  // of the product, or of the kit's part
    std::int64_t quantity = 0;
    bool order_picked = false;  // nothing of the slot is left to pick
  };
  // The scanned pieces go to the first slot that needs so many. `order`: with a scan that names a line, whose line it
  // is. Refused as Fulfilment::pick; also by "held" when only orders on hold want it.
  Result<Given> pick(const access::Actor& by, BatchId id, const Scan& scan, std::optional<OrderId> order = {});
  // Pieces of a product that are not on their shelf; the last slots go without. `order`: of its line `line` alone,
  // of a kit, of its part `sku`. `pieces` zero: all that is left to pick.
  Result<Batch> miss(const access::Actor& by, BatchId id, std::string_view sku, std::optional<OrderId> order,
                     std::size_t line, std::int64_t pieces, std::string_view key = {});
  // Takes back one scan of the batch; 0: its newest. Again is nothing. A picked batch is open again after it.
  Result<Batch> undo(const access::Actor& by, BatchId id, std::uint32_t scan = 0);
  // Ends it as it is: its orders may be picked one by one, or in another batch. Again is nothing.
  Result<Batch> stop(const access::Actor& by, BatchId id);

  Result<Batch> find(const storage::Reader& read, BatchId id) const;  // not_found with a sentence
  Result<std::vector<Order>> orders_of(const storage::Reader& read, const Batch& batch) const;
  // Newest first: those with a number below `before` (0: from the newest), at most `count`.
  Result<std::vector<Batch>> list(const storage::Reader& read, bool open_alone, std::uint64_t before,
                                  std::size_t count) const;
  // The products of the batch in the order of the walk: by shelf place, then what has none. Of orders that cannot be
  // picked now only what was.
  Result<std::vector<WalkStep>> walk(const storage::Reader& read, const std::vector<Order>& orders) const;
  // The newest scan that is not taken back.
  struct Done {
    std::uint32_t number = 0;
    std::string kind{}, by{};  // "picked" or "short"
    Time at{};
    struct Part {
      OrderId order{};
      std::uint32_t event = 0;
      std::size_t line = 0;
      std::int64_t pieces = 0;
      std::string sku{};  // of a kit's part; empty: the line's own
    };
    std::vector<Part> parts{};
    bool undone = false;
  };
  Result<std::optional<Done>> last(const storage::Reader& read, const Batch& batch) const;
  // The open batch that an order is in.
  Result<std::optional<BatchId>> open_batch_of(const storage::Reader& read, OrderId order) const;

 private:
  Result<Batch> start_in(storage::Write& work, const access::Actor& by, std::vector<Order> orders);
  // Why an order cannot be in a new batch, or nothing.
  Result<std::optional<FieldFault>> hindrance(const storage::Reader& read, const Order& order) const;
  Result<std::optional<Done>> scan_numbered(const storage::Reader& read, BatchId id, std::uint32_t number) const;
  Result<std::optional<Done>> heard(const storage::Reader& read, BatchId id, std::string_view key) const;
  // Keeps the scan and the batch, which is picked when nothing is left.
  Result<> count(storage::Write& work, Batch& batch, const std::vector<Order>& orders, Done done, std::string_view key);
  Result<> change_order(storage::Write& work, const access::Actor& by, const Order& before, Order& after,
                        std::string_view action);
  void save(storage::Write& work, Batch& batch);
  void save_scan(storage::Write& work, BatchId id, const Done& done);
  void free_orders(storage::Write& work, const Batch& batch);

  storage::Store& store_;
  Orders& orders_;
  audit::Audit& audit_;
  const Clock& clock_;
  Fulfilment fulfilment_;
  stock::Shelves shelves_;
  storage::FamilyRef family_;
};

}  // namespace pf::orders
