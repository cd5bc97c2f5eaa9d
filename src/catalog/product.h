// The catalogue's nouns. Plain values.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "json/json.h"
#include "productflow/id.h"

namespace pf::catalog {

// The seller's own number. 1 to kSkuBytesMax bytes of UTF-8, no control characters, no blanks at either end; compared
// byte for byte (case and leading zeros count). May hold '/', blanks and '%'.
using Sku = Id<struct SkuTag, std::string>;
inline constexpr std::size_t kSkuBytesMax = 255;
Result<Sku> parse_sku(std::string_view text);

// BCP 47 as we keep it: "nl-NL", "en"; reads "nl_NL" too and mends its case.
Result<std::string> parse_locale(std::string_view text);

// What a caller wants changed. An absent field stays as it is; `null` in `attributes` removes that attribute.
// Texts (title, description, and attributes in `texts`) belong to `locale`.
struct ProductChange {
  std::optional<std::string> title{}, description{}, brand{}, ean{}, family{};
  std::optional<std::optional<std::string>> parent{};          // set to nothing: a product of its own
  std::optional<std::vector<std::string>> categories{};        // paths: "clothing/shirts"
  std::optional<std::vector<std::string>> images{};            // https URLs or "asset:<id>" of an upload
  std::optional<bool> enabled{};
  std::vector<std::pair<std::string, json::Value>> attributes{};  // any JSON value, kept as it was written
  // Further locales in the same change: locale -> {"title": ..., "description": ..., <attribute>: ...}
  std::vector<std::pair<std::string, json::Members>> texts{};
};

enum class WriteMode { upsert, create, update, replace };      // replace: absent fields are cleared (PUT)
enum class Outcome { created, changed, unchanged };

}  // namespace pf::catalog
