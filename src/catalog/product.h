// The catalogue's nouns. Plain values.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "json/json.h"
#include "productflow/id.h"
#include "productflow/result.h"

namespace pf::catalog {

// The seller's own number. 1 to kSkuBytesMax bytes of UTF-8, no control characters, no blanks at either end; compared
// byte for byte (case and leading zeros count). May hold '/', blanks and '%'; is not "." or "..", which no URL can
// name.
using Sku = Id<struct SkuTag, std::string>;
inline constexpr std::size_t kSkuBytesMax = 255;
Result<Sku> parse_sku(std::string_view text);

// BCP 47 as we keep it: "nl-NL", "en"; reads "nl_NL" too and mends its case.
Result<std::string> parse_locale(std::string_view text);
Result<> check_locale(std::string_view text);

// GTIN-8, -12, -13 or -14 (EAN, UPC, ISBN-13): digits alone, check digit right. Gives the digits as written.
Result<std::string> parse_ean(std::string_view text);

// A category path as we keep it: levels divided by '/', each trimmed and not empty: "clothing/shirts".
Result<std::string> parse_category(std::string_view text);

// "asset:<id>" of an upload, or an http(s) URL.
Result<> check_image(std::string_view image);

// Bounds of one product: generous for any real catalogue, small enough that one product cannot fill a unit of work.
inline constexpr std::size_t kTitleBytesMax = 4'000;
inline constexpr std::size_t kDescriptionBytesMax = 256u << 10;
inline constexpr std::size_t kNameBytesMax = 255;     // brand, family, an attribute's name
inline constexpr std::size_t kAttributesMax = 4'000;  // the widest real file has some 1,100 columns
inline constexpr std::size_t kCategoriesMax = 200;
inline constexpr std::size_t kCategoryBytesMax = 500;
inline constexpr std::size_t kCategoryLevelsMax = 12;
inline constexpr std::size_t kImagesMax = 250;
inline constexpr std::size_t kImageBytesMax = 2'048;       // the longest URL that browsers and channels agree on
inline constexpr std::size_t kProductBytesMax = 2u << 20;  // of one stored segment
inline constexpr std::size_t kLevelsMax = 3;               // a product, its variants, their variants

// What a caller wants changed. An absent field stays as it is; an empty text clears it; `null` in `attributes` removes
// that attribute. Texts (title, description) belong to the locale of the call. An attribute that a product holds per
// locale stays so: its new value goes to the locale of the call.
struct ProductChange {
  std::optional<std::string> title{}, description{}, brand{}, ean{}, family{};
  std::optional<std::optional<std::string>> parent{};    // set to nothing: a product of its own
  std::optional<std::vector<std::string>> categories{};  // paths: "clothing/shirts"
  std::optional<std::vector<std::string>> images{};      // https URLs or "asset:<id>" of an upload
  // The same, put behind those that the product has when it is kept, in this order: as many as it may have, none twice.
  // Faults count them behind `images`.
  std::vector<std::string> more_images{};
  std::optional<bool> enabled{};
  std::vector<std::pair<std::string, json::Value>> attributes{};  // any JSON value, kept as it was written
  // Kind -> a list of SKUs, or of {"sku", "quantity"} (association.h), which replaces the list; null removes it.
  std::vector<std::pair<std::string, json::Value>> associations{};
  bool clear_associations = false;  // those not named in `associations` go
  bool clear_attributes = false;    // those not named in `attributes` go
  bool merge_values = false;        // RFC 7396: an object merges into the attribute's object instead of replacing it
  // Further locales in the same change: locale -> {"title": ..., "description": ..., <attribute>: ...}; null removes.
  // The first text of an attribute makes it one per locale: what it was for everybody becomes the default locale's.
  std::vector<std::pair<std::string, json::Members>> texts{};
  // What whoever read it could not take: told with all else that is wrong, and nothing is kept.
  std::vector<FieldFault> wrong{};
};

enum class WriteMode { upsert, create, update, replace };  // replace: absent fields are cleared (PUT)
enum class Outcome { created, changed, unchanged };
std::string_view outcome_name(Outcome outcome);
// Of one of ProductChange::more_images; left: the product has kImagesMax.
enum class AddedImage { added, there, left };

}  // namespace pf::catalog
