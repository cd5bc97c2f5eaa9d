// Where pieces lie: the shop's named locations. The default one always exists and may always ship, so that data of
// before locations were known reads as stock there, and a shop with one place reads nothing of this.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "access/actor.h"
#include "audit/audit.h"
#include "productflow/result.h"
#include "storage/store.h"

namespace pf::stock {

using LocationId = std::uint32_t;  // given once, never again
inline constexpr LocationId kDefaultLocation = 0;
inline constexpr std::size_t kLocationsMax = 20;  // each is a share in a SKU's record
inline constexpr std::size_t kLocationCodeBytesMax = 40, kLocationNameBytesMax = 100;
inline constexpr std::int64_t kLocationRankMax = 1'000;

struct Location {
  LocationId id = kDefaultLocation;
  std::string code{"main"};  // how the API, files and rules name it; never changes
  std::string name{"Main"};
  std::int64_t rank = 0;  // pieces for orders come from the lowest first
  bool may_ship = true;   // whether its pieces are for sale; what was promised there before leaves all the same
  bool active = true;     // one that is not takes no pieces, and sells none
  bool sells() const { return may_ship && active; }
  friend bool operator==(const Location&, const Location&) = default;
};

// A change of one; an absent member stays.
struct LocationChange {
  std::optional<std::string> name{};
  std::optional<std::int64_t> rank{};
  std::optional<bool> may_ship{}, active{};
};

// By rank, then in the order in which they were made; never empty.
Result<std::vector<Location>> read_locations(const storage::Reader& read, storage::FamilyRef stock);
// Null pointer if there is none.
const Location* location_named(const std::vector<Location>& all, std::string_view code);
const Location* location_of(const std::vector<Location>& all, LocationId id);

// Any thread.
class Locations {
 public:
  Locations(storage::Store& store, audit::Audit& audit);
  Result<std::vector<Location>> all(const storage::Reader& read) const;
  // not_found with the names that there are.
  Result<Location> find(const storage::Reader& read, std::string_view code) const;
  // Invalid with every fault; conflict for a code that there is.
  Result<Location> create(const access::Actor& by, std::string_view code, const LocationChange& what);
  // conflict for what would leave the default unable to ship.
  Result<Location> change(const access::Actor& by, std::string_view code, const LocationChange& what);

 private:
  storage::Store& store_;
  audit::Audit& audit_;
  storage::FamilyRef family_;
};

}  // namespace pf::stock
