// How many pieces there are, where they lie and whose they are. Every function joins the caller's unit of work, so the
// last piece is given once, whatever races. Any thread (inside Store::write).
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "access/actor.h"
#include "events/events.h"
#include "productflow/clock.h"
#include "productflow/result.h"
#include "stock/locations.h"
#include "storage/store.h"

namespace pf::stock {

// Kits. A part may be a kit itself; what is taken from the stock are the parts at the bottom.
inline constexpr std::size_t kKitDepthMax = 5;      // kits in kits: a pallet of boxes of sets of pairs, and one more
inline constexpr std::size_t kKitPartsMax = 100;    // different products at the bottom of one kit
inline constexpr std::size_t kKitsOfPartMax = 200;  // that hold a product, at any depth: each is told of its changes

inline constexpr std::uint64_t kShortagesLooked = 100'000;  // about 30 ms of walking

struct Level {
  std::int64_t on_hand = 0;    // pieces in the house, never below zero
  std::int64_t allocated = 0;  // promised to orders and still in the house, never above on_hand
  std::int64_t withheld = 0;   // promised to nobody, at locations that may not ship
  bool kit = false;            // made of its parts: on_hand says how many could be made now
  std::int64_t available() const { return on_hand - allocated - withheld; }
  friend bool operator==(const Level&, const Level&) = default;
};
struct Share {
  LocationId location = kDefaultLocation;
  std::int64_t pieces = 0;
  friend bool operator==(const Share&, const Share&) = default;
};
struct Given {
  std::int64_t pieces = 0;
  std::vector<Share> elsewhere{};  // those of them that do not lie at the default location
  bool kit = false;                // it has no pieces of its own: ask for its parts
};
// What a kit is made of: so many pieces of each for one.
struct Part {
  std::string sku{};
  std::int64_t quantity = 1;
  friend bool operator==(const Part&, const Part&) = default;
};
struct Kit {
  std::vector<Part> parts{};    // those at the bottom, by SKU
  std::vector<Level> levels{};  // of each
  std::int64_t available = 0;   // the least of a part's available pieces by its quantity
  std::size_t scarcest = 0;     // the part that says so
};
struct Place {
  LocationId location = kDefaultLocation;
  Level level{};  // withheld: 0
};

// What setting a SKU's number has moved: so many pieces more or fewer at each location, by these movements of its
// ledger.
struct Moved {
  std::uint64_t first = 0, last = 0;
  std::vector<Share> pieces{};
  void add(LocationId at, std::int64_t change, std::uint64_t movement);
};
// Movements of a SKU since, that are looked through before it is taken back: a fast seller's of some months.
inline constexpr std::size_t kMovedSinceMax = 10'000;

// Why a person says that there are more or fewer pieces. Stands in the ledger; told by name, do not rename.
inline constexpr std::array<std::string_view, 7> kAdjustReasons{"counted", "received", "found",     "damaged",
                                                                "lost",    "own_use",  "correction"};

class Stock {
 public:
  static std::vector<storage::Family> families();  // "stock"
  // `events` null: changes are told to nobody.
  Stock(storage::Store& store, const Clock& clock, events::Events* events = nullptr);
  // Of all locations together; zeros for an unknown SKU.
  Result<Level> level(const storage::Reader& read, std::string_view sku) const;
  // As many answers as SKUs, in one read.
  Result<std::vector<Level>> levels(const storage::Reader& read, std::span<const std::string> skus) const;
  // The same, to be set without being read again.
  struct Stored {
    Level level{};
    std::optional<std::string> record{};  // what it was worked out of
  };
  Result<std::vector<Stored>> stored(const storage::Reader& read, std::span<const std::string> skus) const;
  // The default location, and each other one that has pieces of it.
  Result<std::vector<Place>> places(const storage::Reader& read, std::string_view sku) const;
  // --- kits (kits.cpp). A kit's level says how many can be made of what is there; it has no pieces of its own.
  // Why a product cannot be made of these: a circle, too deep, too many, pieces of its own.
  Result<std::vector<FieldFault>> kit_faults(const storage::Reader& read, std::string_view sku,
                                             std::span<const Part> parts) const;
  // Makes it a kit of these parts, or, of none, a product with pieces of its own. conflict as kit_faults().
  Result<> make_kit(storage::Write& work, std::string_view sku, std::span<const Part> parts);
  // The parts at the bottom, by SKU; none for what is no kit.
  Result<std::vector<Part>> parts(const storage::Reader& read, std::string_view sku) const;
  Result<std::optional<Kit>> kit(const storage::Reader& read, std::string_view sku) const;  // nothing if it is none
  // The kits that name this part themselves, in order.
  Result<std::vector<std::string>> kits_of(const storage::Reader& read, std::string_view part) const;
  // As allocate(), for kits of these parts, whole ones alone: what is given of each part. From the preferred location,
  // else from the first that has everything, else each part from where it lies.
  struct GivenKits {
    std::int64_t kits = 0;
    std::vector<Given> parts{};
  };
  Result<GivenKits> allocate_kits(storage::Write& work, std::span<const Part> parts, std::int64_t wanted,
                                  std::optional<LocationId> prefer = std::nullopt);

  Result<std::vector<Location>> locations(const storage::Reader& read) const { return read_locations(read, family_); }

  // Gives as many of `wanted` as are available; the rest is the caller's to backorder. From the location that is
  // preferred; what is left from one that has all of it, the lowest rank first, else from one after another.
  Result<Given> allocate(storage::Write& work, std::string_view sku, std::int64_t wanted,
                         std::optional<LocationId> prefer = std::nullopt);
  // Promises what is promised at these places at `at` instead, as far as there are free pieces; what became of it.
  Result<std::vector<Share>> gather(storage::Write& work, std::string_view sku, std::span<const Share> promised,
                                    LocationId at);
  // allocated becomes available
  Result<> release(storage::Write& work, std::string_view sku, std::span<const Share> pieces);
  // allocated leaves the house
  Result<> ship(storage::Write& work, std::string_view sku, std::span<const Share> pieces);
  // Pieces that were promised and are not there any more: lost, damaged.
  Result<> write_off(storage::Write& work, const access::Actor& by, std::string_view sku, std::span<const Share> pieces,
                     std::string_view reason);
  // Pieces that came back into the house and can be sold again; `reason` stands in the ledger.
  Result<> restock(storage::Write& work, const access::Actor& by, std::string_view sku, std::int64_t pieces,
                   std::string_view reason, LocationId at = kDefaultLocation);
  // What the seller counted or a file says is for sale, wherever it lies: the default location makes up the difference,
  // and where it has too few, the others from the last one on.
  // `moved` gets what moves.
  Result<> set_available(storage::Write& work, const access::Actor& by, std::string_view sku, std::int64_t available,
                         Moved* moved = nullptr);
  // REQUIRES: `now` is what is stored
  Result<> set_available(storage::Write& work, const access::Actor& by, std::string_view sku, const Stored& now,
                         std::int64_t available, Moved* moved = nullptr);
  // How many lie at one location now: so many free ones (whether they were another number), or so many on hand (a
  // count).
  Result<bool> set_free_at(storage::Write& work, const access::Actor& by, std::string_view sku, LocationId at,
                           std::int64_t free, Moved* moved = nullptr);
  Result<> count_at(storage::Write& work, const access::Actor& by, std::string_view sku, LocationId at,
                    std::int64_t on_hand, std::string_view reason = "counted");
  // So many more or fewer. REQUIRES: the reason is one of kAdjustReasons
  Result<> adjust(storage::Write& work, const access::Actor& by, std::string_view sku, LocationId at,
                  std::int64_t change, std::string_view reason);
  // Takes back what setting a number had moved, all of it, so that what was sold or received since still counts; false
  // where it was taken back before. Conflict when somebody has counted or set the SKU since (and nobody took that
  // back), when more than kMovedSinceMax movements came since, or when fewer pieces are free than would go.
  Result<bool> take_back(storage::Write& work, const access::Actor& by, std::string_view sku, const Moved& moved);
  // Free pieces go from one location to another: two movements.
  Result<> transfer(storage::Write& work, const access::Actor& by, std::string_view sku, LocationId from, LocationId to,
                    std::int64_t pieces);

  // What happened to a SKU, oldest first; the changes of each location add up to what is there, and all to its level.
  struct Movement {
    Time at{};
    std::string by, reason;
    std::int64_t on_hand = 0, allocated = 0;
    LocationId location = kDefaultLocation;
  };
  Result<std::vector<Movement>> movements(const storage::Reader& read, std::string_view sku) const;
  // SKUs with a level, in order, from the first > `after`.
  Result<std::vector<std::pair<std::string, Level>>> list(const storage::Reader& read, std::string_view after,
                                                          std::size_t count) const;
  // How many SKUs have nothing for sale, and how many have something but less than `low_below`. Looks at the first
  // kShortagesLooked SKUs, so that a huge stock does not hold a page up.
  struct Shortages {
    std::uint64_t looked = 0, out = 0, low = 0;
  };
  Result<Shortages> shortages(const storage::Reader& read, std::int64_t low_below) const;

 private:
  // What a movement says beside its numbers.
  struct Why {
    std::string_view by, reason;
    const Moved* takes_back = nullptr;
    Moved* moved = nullptr;  // gets it
  };
  Result<> move(storage::Write& work, std::string_view sku, LocationId at, std::int64_t on_hand, std::int64_t allocated,
                const Why& why);
  // `before` is the SKU's record as the unit of work has it.
  Result<> move(storage::Write& work, std::string_view sku, const std::optional<std::string>& before, LocationId at,
                std::int64_t on_hand, std::int64_t allocated, const Why& why);
  Result<> change_free(storage::Write& work, std::string_view sku, LocationId at, std::int64_t change, const Why& why);
  // What became of it since: nothing, taken back, or set anew.
  enum class Since { nothing, taken_back, set, too_much };
  Result<Since> since(const storage::Reader& read, std::string_view sku, const Moved& moved) const;
  Result<> takes_pieces(const storage::Reader& read, LocationId at) const;
  Result<std::vector<Place>> kit_places(const storage::Reader& read, std::string_view sku) const;
  Result<std::vector<std::string>> kits_above(const storage::Reader& read, std::string_view part,
                                              std::size_t* depth = nullptr) const;
  Result<> tell_kits(storage::Write& work, std::string_view part) const;
  Result<Place> place_of(const storage::Reader& read, std::string_view sku, LocationId at) const;
  const Clock& clock_;
  events::Events* const events_;
  storage::FamilyRef family_;
};

}  // namespace pf::stock
