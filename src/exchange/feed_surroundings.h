// What a feed says of its products elsewhere than in them: categories in a table beside them, which they name by number
// (YML, Hotline), and the currency of a portal whose feeds never say it (Heureka, Ceneo). Both become columns.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "exchange/party.h"
#include "formats/reading.h"

namespace pf::exchange {

inline constexpr std::size_t kFeedCategoriesMax = 100'000;       // of a file; portals have some thousand
inline constexpr std::size_t kFeedCategoryBytesMax = 32u << 20;  // of all their names

class FeedSurroundings {
 public:
  // Of the records at `path`, which have these columns: further ones are put behind them.
  static Result<std::unique_ptr<FeedSurroundings>> of(formats::FileReading& file, const formats::XmlTables& found,
                                                      std::size_t path, std::vector<std::string>& names,
                                                      const Mapping* mapping);
  Result<> read(formats::FileReading& file);  // what rows name; before any is put into
  void put_into(std::vector<std::string>& cells);
  // Rows whose currency nobody could say.
  std::uint64_t unsure() const { return unsure_; }

 private:
  struct Category {
    std::string name, parent;
  };
  void find_currency(const formats::XmlTables& found, std::size_t path, std::vector<std::string>& names,
                     const Mapping* mapping);
  Result<> find_categories(formats::FileReading& file, const formats::XmlTables& found, std::size_t path,
                           std::vector<std::string>& names, const Mapping* mapping);
  void name_categories(std::vector<std::string>& cells) const;
  std::string path_of(const std::string& id) const;  // "" for one that there is not
  std::string currency_of(const std::vector<std::string>& cells) const;

  std::size_t columns_ = 0;  // with those that were added
  std::map<std::string, Category, std::less<>> categories_;
  std::size_t table_ = 0, id_ = 0, name_ = 0;  // where they are listed, and in which columns; 0: nowhere
  std::optional<std::size_t> parent_;
  std::uint64_t listed_ = 0;
  std::optional<std::size_t> number_, category_;  // columns; the same one where categories are named by number there
  bool keep_number_ = false;                      // a mapping reads it
  enum class Portal { none, heureka, ceneo } portal_ = Portal::none;
  std::optional<std::size_t> currency_, address_, portal_category_;
  std::uint64_t unsure_ = 0;
};

}  // namespace pf::exchange
