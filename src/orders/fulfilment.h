// Picking and packing, verified by scans. A scan is an event of its order with who did it, and moves counters within
// what is allocated: two people at one order, or a tablet that went dark, go on from what the order says. Any thread.
#pragma once

#include <optional>

#include "orders/orders.h"

namespace pf::orders {

inline constexpr std::size_t kCodeBytesMax = 100;    // of one scan; a GS1 code with all its parts is shorter
inline constexpr std::size_t kScanKeyBytesMax = 60;  // a UUID, and some room
inline constexpr std::size_t kOpenParcelsMax = 100;  // of one order: a table full
inline constexpr std::size_t kParcelNameBytesMax = 40;
inline constexpr std::int64_t kParcelGramsMax = 1'000'000;  // a pallet
inline constexpr std::int64_t kParcelMmMax = 10'000;

struct Scan {
  std::string code{};               // as it was scanned: a line's SKU, its channel's number, or what `skus` carry
  std::vector<std::string> skus{};  // the products that carry the code
  std::string name{};               // of the first of them, for messages
  std::size_t line = 0;             // counts when there is no code: somebody chose it by hand
  std::string part{};               // with `line`: the SKU of the kit's part; empty: the line, or the whole kit
  std::int64_t quantity = 1;        // pieces of a product or part, or kits where the kit's own label was scanned
  std::string key{};                // the caller's own: the same one again is the same scan
};
struct Measures {
  std::int64_t weight_grams = 0, length_mm = 0, width_mm = 0, height_mm = 0;  // zero: not known
};

class Fulfilment {
 public:
  explicit Fulfilment(Orders& orders) : orders_(orders) {}

  // Each is refused (conflict) for an order that may not leave. Faults of the field "code" say by their code what is
  // wrong with a scan: unknown_code, not_on_list, complete (there is no more of it to pick or pack), not_picked.
  Result<Order> pick(const access::Actor& by, OrderId id, const Scan& scan);
  // Pieces of a line that are not on their shelf. They stay promised, the rest of the order goes on, and picking one
  // later is finding it.
  Result<Order> miss(const access::Actor& by, OrderId id, std::size_t line, std::int64_t pieces,
                     std::string_view key = {}, std::string_view part = {});
  // Missing pieces are not in the house any more: they leave the stock as lost, at `location` (its code) or where they
  // were promised, and the line waits for others, which it gets at once if there are any. conflict for more than are
  // missing. Of a kit, pieces of its `part`: a kit that lacks one is no kit, so what else it was promised is free
  // again.
  Result<Order> lose(const access::Actor& by, OrderId id, std::size_t line, std::int64_t pieces,
                     std::string_view location = {}, std::string_view key = {}, std::string_view part = {});
  // Into the open parcel of that name (a new one, if there is none); empty: the newest, or a first one. Where somebody
  // picks, only what is picked; else the piece counts as picked too. A kit is packed into one parcel, that of the scan
  // which makes it whole; until then its parts lie beside it.
  Result<Order> pack(const access::Actor& by, OrderId id, const Scan& scan, std::string_view parcel = {});
  // Takes back one pick, short pick or pack by the number of its event. Again is nothing. conflict when its pieces have
  // gone further.
  Result<Order> undo(const access::Actor& by, OrderId id, std::uint32_t event);
  // The same in the caller's unit of work, which keeps `order` when it has an event more.
  Result<> undo_in(storage::Write& work, const access::Actor& by, Order& order, std::uint32_t event);
  // Of an open parcel; all at once.
  Result<Order> measure(const access::Actor& by, OrderId id, std::string_view parcel, const Measures& measures);
  // All of an open parcel becomes picked again.
  Result<Order> unpack(const access::Actor& by, OrderId id, std::string_view parcel);

  // The newest scan that can still be undone.
  Result<std::optional<Event>> last(const storage::Reader& read, const Order& order) const;

 private:
  Orders& orders_;
};

}  // namespace pf::orders
