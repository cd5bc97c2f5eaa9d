// Products that are made of others. A kit keeps what it is made of where others keep their level, so whoever reads a
// level finds out by the same read; how many can be made is worked out when somebody asks, and so is never stale.
//
// 1. A kit has no pieces: nothing of it is on hand or promised, at any location.
// 2. No kit is part of itself, at any depth, and none is deeper than kKitDepthMax.
// 3. Each part knows the kits that name it, and its level says that there are some: a change of it is theirs too.
#include <algorithm>
#include <map>
#include <set>

#include "stock/kit_record.h"
#include "stock/stock.h"

namespace pf::stock {
namespace {

constexpr std::int64_t kPiecesOfKitMax = 1'000'000'000;  // of one part, as a stock has
constexpr std::size_t kKitStepsMax = 1'000;              // of one walk: a part that many branches name is met again

// What is wrong with a kit, walked from the top.
struct KitWalk {
  const storage::Reader& read;
  storage::FamilyRef family;
  std::vector<std::string> line{};  // from the top to where we are
  std::string_view changed{};       // a kit that is about to be made of these
  std::span<const Part> changed_to{};
  std::map<std::string, std::int64_t> bottom{};
  std::size_t steps = 0;
  std::string fault{};

  std::string shown_line(std::string_view last) const {
    std::string out;
    for (const std::string& one : line) out += one + " > ";
    return out + std::string(last);
  }
  // How deep it is below; the first fault ends the walk.
  Result<std::size_t> down(std::span<const Part> parts, std::int64_t times) {
    std::size_t depth = 0;
    for (const Part& part : parts) {
      if (!fault.empty()) return depth;
      if (std::ranges::find(line, part.sku) != line.end()) {
        fault = "A kit cannot be part of itself: " + shown_line(part.sku) + ".";
        return depth;
      }
      if (part.quantity > kPiecesOfKitMax / times) {
        fault = "One kit would need more than 1,000,000,000 pieces of " + part.sku + ".";
        return depth;
      }
      std::vector<Part> below;
      if (!changed.empty() && part.sku == changed) {
        below.assign(changed_to.begin(), changed_to.end());
      } else {
        PF_LET(const auto record, read.get(family, level_key(part.sku)));
        if (record && is_kit(*record)) below = parts_of(*record);
      }
      if (++steps > kKitStepsMax) fault = "Its parts, and what they are made of, are too many to look through.";
      if (below.empty()) {
        std::int64_t& sum = bottom[part.sku];
        sum = std::min(sum + part.quantity * times, kPiecesOfKitMax);
        if (bottom.size() > kKitPartsMax)
          fault = "A kit has at most " + std::to_string(kKitPartsMax) + " different products at its bottom.";
        continue;
      }
      if (line.size() >= kKitDepthMax) {
        fault = "Kits in kits go at most " + std::to_string(kKitDepthMax) + " deep: " + shown_line(part.sku) + ".";
        return depth;
      }
      line.push_back(part.sku);
      PF_LET(const std::size_t deeper, down(below, times * part.quantity));
      line.pop_back();
      depth = std::max(depth, deeper + 1);
    }
    return depth;
  }
};

}  // namespace

std::string kit_record(std::span<const Part> parts) {
  std::string out(kKitMark);
  for (const Part& part : parts) {
    put_be32(out, static_cast<std::uint32_t>(part.quantity));
    out.push_back(static_cast<char>(part.sku.size() >> 8));
    out.push_back(static_cast<char>(part.sku.size() & 0xff));
    out += part.sku;
  }
  return out;
}

std::vector<Part> parts_of(std::string_view record) {
  std::vector<Part> parts;
  for (record.remove_prefix(std::min(record.size(), kKitMark.size())); record.size() > 6;) {
    const std::size_t bytes =
        static_cast<std::size_t>(static_cast<unsigned char>(record[4])) << 8 | static_cast<unsigned char>(record[5]);
    parts.push_back({std::string(record.substr(6, bytes)), std::max<std::int64_t>(get_be32(record), 1)});
    record.remove_prefix(std::min(record.size(), 6 + bytes));
  }
  return parts;
}

Error has_no_own_pieces(std::string_view sku) {
  Error refused =
      error(ErrorCode::conflict, std::string(sku) +
                                     " is a kit and has no pieces of its own: how many there are follows from its "
                                     "parts. Change the stock of those.");
  refused.faults.push_back({"sku", "kit", refused.message});
  return refused;
}

Result<std::vector<Part>> parts_at_the_bottom(const storage::Reader& read, storage::FamilyRef family,
                                              std::vector<Part> parts) {
  KitWalk walk{.read = read, .family = family};
  PF_TRY(walk.down(parts, 1));
  if (!walk.fault.empty())  // whoever made it was refused that
    return error(ErrorCode::internal, "A kit's record is damaged: " + walk.fault);
  parts.clear();
  for (auto& [sku, quantity] : walk.bottom) parts.push_back({sku, quantity});
  return parts;
}

Result<std::vector<std::string>> Stock::kits_of(const storage::Reader& read, std::string_view part) const {
  std::vector<std::string> found;
  const std::string prefix = kits_of_part_prefix(part);
  for (auto row = read.scan_prefix(family_, prefix); row.valid(); row.next())
    found.emplace_back(row.key().substr(prefix.size()));
  return found;
}

// Every kit that holds it, at any depth, each once; `depth`: how many levels they are.
Result<std::vector<std::string>> Stock::kits_above(const storage::Reader& read, std::string_view part,
                                                   std::size_t* depth) const {
  std::vector<std::string> all, level{std::string(part)};
  std::set<std::string> seen;
  for (std::size_t height = 0; !level.empty() && height <= kKitDepthMax; ++height) {
    if (depth != nullptr) *depth = height;
    std::vector<std::string> next;
    for (const std::string& one : level) {
      PF_LET(const auto kits, kits_of(read, one));
      for (const std::string& kit : kits)
        if (std::ranges::find(next, kit) == next.end()) next.push_back(kit);
    }
    for (const std::string& kit : next)
      if (seen.insert(kit).second) all.push_back(kit);
    level = std::move(next);
  }
  return all;
}

Result<> Stock::tell_kits(storage::Write& work, std::string_view part) const {
  if (events_ == nullptr) return {};
  PF_LET(const auto kits, kits_above(work, part));
  for (const std::string& kit : kits) PF_TRY(events_->add_sku(work, events::type::kStockUpdated, kit));
  return {};
}

Result<std::vector<FieldFault>> Stock::kit_faults(const storage::Reader& read, std::string_view sku,
                                                  std::span<const Part> parts) const {
  std::vector<FieldFault> faults;
  const auto fault = [&](const char* code, std::string message) {
    faults.push_back({"associations", code, std::move(message)});
  };
  if (parts.empty()) return faults;
  PF_LET(const auto record, read.get(family_, level_key(sku)));
  if (record && !is_kit(*record)) {
    PF_LET(const Level own, level(read, sku));
    if (own.on_hand > 0)
      fault("stock", "\"" + std::string(sku) + "\" has " + std::to_string(own.on_hand) +
                         " pieces of its own, and a kit has none: set its stock to 0 first, and add the pieces to "
                         "its parts.");
  }
  std::size_t above = 0;
  PF_LET(const auto kits, kits_above(read, sku, &above));
  KitWalk walk{.read = read, .family = family_, .line = {std::string(sku)}};
  PF_LET(const std::size_t below, walk.down(parts, 1));
  if (walk.fault.empty() && above + 1 + below > kKitDepthMax)
    walk.fault = "Kits in kits go at most " + std::to_string(kKitDepthMax) + " deep, and \"" + std::string(sku) +
                 "\" is part of others already.";
  for (const std::string& holder : kits) {  // what this one becomes part of
    if (!walk.fault.empty()) break;
    KitWalk whole{.read = read, .family = family_, .line = {holder}, .changed = sku, .changed_to = parts};
    PF_LET(const auto its_record, read.get(family_, level_key(holder)));
    if (its_record) PF_TRY(whole.down(parts_of(*its_record), 1));
    if (!whole.fault.empty()) walk.fault = "It is part of " + holder + ". " + whole.fault;
  }
  if (!walk.fault.empty()) {
    fault("kit", walk.fault);
    return faults;
  }
  for (const Part& part : parts) {
    PF_LET(const auto holders, kits_above(read, part.sku));
    if (holders.size() + kits.size() + 1 > kKitsOfPartMax && std::ranges::find(holders, sku) == holders.end())
      fault("kit", "\"" + part.sku + "\" is part of " + std::to_string(holders.size()) + " kits already; " +
                       std::to_string(kKitsOfPartMax) + " is the most.");
  }
  return faults;
}

Result<> Stock::make_kit(storage::Write& work, std::string_view sku, std::span<const Part> parts) {
  PF_LET(const auto record, work.get(family_, level_key(sku)));
  const bool was = record && is_kit(*record);
  if (!was && parts.empty()) return {};
  const auto before = was ? parts_of(*record) : std::vector<Part>();
  if (std::ranges::equal(before, parts)) return {};
  PF_LET(auto faults, kit_faults(work, sku, parts));
  if (!faults.empty()) {
    std::string message = faults[0].message;
    return Error{ErrorCode::conflict, std::move(message), std::move(faults)};
  }
  const auto names = [](std::span<const Part> of, std::string_view one) {
    return std::ranges::find(of, one, &Part::sku) != of.end();
  };
  // The level of a product with pieces says whether kits are made of it.
  const auto mark = [&](std::string_view part) -> Result<> {
    PF_LET(const auto level, work.get(family_, level_key(part)));
    if (level && is_kit(*level)) return {};
    PF_LET(const auto kits, kits_of(work, part));
    std::string now = level.value_or(std::string(16, '\0'));
    std::string first;
    put_be64(first, (get_be64(now) & ~kPartOfKits) | (kits.empty() ? 0 : kPartOfKits));
    work.put(family_, level_key(part), now.replace(0, 8, first));
    return {};
  };
  // First what the product is, since marking must not take it for one with pieces.
  work.put(family_, level_key(sku), parts.empty() ? std::string(16, '\0') : kit_record(parts));
  if (parts.empty()) PF_TRY(mark(sku));
  for (const Part& part : before)
    if (!names(parts, part.sku)) {
      work.erase(family_, kit_of_part_key(part.sku, sku));
      PF_TRY(mark(part.sku));
    }
  for (const Part& part : parts)
    if (!names(before, part.sku)) {
      work.put(family_, kit_of_part_key(part.sku, sku), {});
      PF_TRY(mark(part.sku));
    }
  PF_TRY(tell_kits(work, sku));
  return events_ != nullptr ? events_->add_sku(work, events::type::kStockUpdated, sku) : Result<>();
}

Result<std::vector<Part>> Stock::parts(const storage::Reader& read, std::string_view sku) const {
  PF_LET(const auto record, read.get(family_, level_key(sku)));
  if (!record || !is_kit(*record)) return std::vector<Part>();
  return parts_at_the_bottom(read, family_, parts_of(*record));
}

Result<std::optional<Kit>> Stock::kit(const storage::Reader& read, std::string_view sku) const {
  Kit kit;
  PF_LET(kit.parts, parts(read, sku));
  if (kit.parts.empty()) return std::optional<Kit>();
  std::vector<std::string> skus;
  for (const Part& part : kit.parts) skus.push_back(part.sku);
  PF_LET(kit.levels, levels(read, skus));
  const auto makes = [&](std::size_t i) {
    return std::max<std::int64_t>(kit.levels[i].available(), 0) / kit.parts[i].quantity;
  };
  for (std::size_t i = 1; i < kit.parts.size(); ++i)
    if (makes(i) < makes(kit.scarcest)) kit.scarcest = i;
  kit.available = makes(kit.scarcest);
  return std::optional(std::move(kit));
}

// How many can be made of what lies at each location: together fewer than the level, where parts of one lie apart.
Result<std::vector<Place>> Stock::kit_places(const storage::Reader& read, std::string_view sku) const {
  PF_LET(const auto of, parts(read, sku));
  std::map<LocationId, std::pair<std::int64_t, std::size_t>> least;  // how many, and of how many parts there are any
  least[kDefaultLocation] = {INT64_MAX, 0};
  for (const Part& part : of) {
    PF_LET(const auto there, places(read, part.sku));
    for (const Place& place : there) {
      const std::int64_t makes = std::max<std::int64_t>(place.level.available(), 0) / part.quantity;
      auto& entry = least.try_emplace(place.location, INT64_MAX, 0).first->second;
      entry = {std::min(entry.first, makes), entry.second + 1};
    }
  }
  std::vector<Place> found;
  for (const auto& [location, entry] : least) {
    const std::int64_t makes = entry.second == of.size() && !of.empty() ? entry.first : 0;
    if (makes > 0 || location == kDefaultLocation) found.push_back({location, {.on_hand = makes, .kit = true}});
  }
  return found;
}

Result<Stock::GivenKits> Stock::allocate_kits(storage::Write& work, std::span<const Part> parts, std::int64_t wanted,
                                              std::optional<LocationId> prefer) {
  GivenKits given{.kits = parts.empty() ? 0 : wanted};
  std::vector<std::vector<Place>> lying;
  bool apart = false;  // any part lies at more than the default location
  for (const Part& part : parts) {
    PF_LET(const Level of, level(work, part.sku));
    given.kits = std::min(given.kits, std::max<std::int64_t>(of.available(), 0) / part.quantity);
    PF_LET(lying.emplace_back(), places(work, part.sku));
    apart = apart || lying.back().size() > 1;
  }
  given.parts.resize(parts.size());
  if (given.kits <= 0) {
    given.kits = 0;
    return given;
  }
  if (!prefer && apart) {
    PF_LET(const auto all, read_locations(work, family_));
    for (const Location& location : all) {
      if (prefer || !location.sells()) continue;
      bool has_all = true;
      for (std::size_t i = 0; i < parts.size(); ++i) {
        const auto place = std::ranges::find(lying[i], location.id, &Place::location);
        has_all = has_all && place != lying[i].end() && place->level.available() / parts[i].quantity >= given.kits;
      }
      if (has_all) prefer = location.id;
    }
  }
  for (std::size_t i = 0; i < parts.size(); ++i) {
    PF_LET(given.parts[i], allocate(work, parts[i].sku, given.kits * parts[i].quantity, prefer));
    if (given.parts[i].pieces != given.kits * parts[i].quantity)
      return error(ErrorCode::internal, "Not all of a kit's parts could be promised.");  // the level had said so
  }
  return given;
}

}  // namespace pf::stock
