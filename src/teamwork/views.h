// Views of lists under a name: the filters, words, order and columns that somebody comes back to, for himself or for
// everybody. Functions that change something begin their own unit of work. Any thread.
//
// What a question means is not known here: whoever saves one (api/views_api) tries it first. It is kept in the clear
// for as long as its owner likes, so it must hold nothing of a buyer.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "audit/audit.h"
#include "storage/store.h"
#include "teamwork/person.h"

namespace pf::teamwork {

inline constexpr std::size_t kViewNameMax = 60;            // characters: an entry of a menu
inline constexpr std::size_t kViewQueryBytesMax = 4'096;   // the address of a list, with many filters
inline constexpr std::size_t kViewColumnsMax = 100;        // a table of more is read by nobody
inline constexpr std::size_t kViewColumnBytesMax = 300;    // of a column's name: an attribute's, with a locale
inline constexpr std::size_t kViewsOfPersonMax = 200;      // shared or not; all are read to draw a menu
inline constexpr std::size_t kSharedViewsMax = 500;        // the same
inline constexpr std::uint64_t kViewPositionMax = 10'000;  // far more than there are views

struct View {
  std::string id{};  // 16 hexadecimal digits
  std::uint64_t version = 1;
  std::string list{};  // "product", "order": a name of its routes
  std::string name{};
  std::string query{};                 // "brand[eq]=Acme&sort=-price"; empty: all
  std::vector<std::string> columns{};  // in their order; none: as whoever looks has them
  Person owner{};                      // of a program: who answers for it
  bool shared = false;
  std::uint64_t position = 0;  // in the menu, before the name
  Time created_at{}, updated_at{};
};

// What is absent stays as it is.
struct ViewChange {
  std::optional<std::string> name{}, query{};
  std::optional<std::vector<std::string>> columns{};
  std::optional<bool> shared{};
  std::optional<std::uint64_t> position{};
};

// Whose views a program makes and finds: its person's. One of the machine's own is a person by itself.
std::string view_owner(const access::Actor& by);

class Views {
 public:
  Views(storage::Store& store, audit::Audit& audit, const Clock& clock);

  // His own and those for everybody, by position and name; `list` empty: of all lists.
  Result<std::vector<View>> list(const storage::Reader& read, const access::Actor& by, std::string_view list) const;
  // Not found too where it is another's own.
  Result<View> find(const storage::Reader& read, const access::Actor& by, std::string_view id) const;
  static bool may_change(const access::Actor& by, const View& view);

  // Invalid with every fault; conflict for a name that another view of the list has among his own, or among those for
  // everybody, and for too many.
  Result<View> create(const access::Actor& by, std::string_view list, const ViewChange& said);
  // By its owner, or of a shared one whoever may change the settings. `read_version`: what the caller saw; conflict
  // (first fault "stale") when it is no more.
  Result<View> change(const access::Actor& by, std::string_view id, const ViewChange& said,
                      std::optional<std::uint64_t> read_version);
  Result<> remove(const access::Actor& by, std::string_view id);
  // In the unit of work that ends somebody's account: his own go, those for everybody stay, by his name.
  Result<> forget_owner(storage::Write& work, std::string_view owner);

 private:
  Result<> check_place(const storage::Reader& read, const View& view, const View* before) const;
  Result<> save(storage::Write& work, const access::Actor& by, const View& view, const View* before);
  storage::Store& store_;
  audit::Audit& audit_;
  const Clock& clock_;
  storage::FamilyRef family_;
};

}  // namespace pf::teamwork
