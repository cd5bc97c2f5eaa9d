// A product as it is stored: a common segment and one per locale, each a row of fragments of the very JSON that the API
// returns. Reading by SKU joins fragments; only an edit or the index takes them apart.
//
// A segment on disk (numbers before fragments are LEB128 varints):
// Two fields are there only where they say something: completeness (completeness.h), where somebody described the
// family, and associations (association.h): {"X_SELL":[{"sku":"A"}]}.
//   common: format, be32 document, be64 version, be64 created, be64 updated (ms), fields, attributes, locales
//   texts:  format, fields (title, description), attributes
//   fields and attributes: count, then per fragment: bytes of its quoted name, bytes in all, `"name":value`
//   locales: count, then per locale: bytes, locale
//   standards, only where there are some, at the end: count, then per value: bytes, value, bytes, amount
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "json/json.h"
#include "productflow/clock.h"
#include "productflow/result.h"

namespace pf::catalog {

// Name and the value's JSON bytes, in the order they were first written.
using Attributes = std::vector<std::pair<std::string, std::string>>;

struct Texts {
  std::string title{}, description{};  // empty: none in this locale
  Attributes attributes{};
  bool empty() const { return title.empty() && description.empty() && attributes.empty(); }
  friend bool operator==(const Texts&, const Texts&) = default;
};

struct Record {
  std::uint32_t document = 0;
  std::uint64_t version = 0;
  Time created{}, updated{};
  std::string sku{}, brand{}, ean{}, family{}, parent{};  // empty: none
  std::vector<std::string> categories{}, images{};
  bool enabled = true;
  std::string completeness{};  // JSON of completeness.h, empty: none; derived, so no part of the content
  // Values that are measured in a unit of the shop's own -> the amount in the standard unit, as it was when they were
  // written; derived too. What the index has of them follows from here, whatever is said of the unit since.
  Attributes standards{};
  Attributes associations{};  // kind -> links_bytes() (association.h); none empty
  Attributes attributes{};
  std::vector<std::pair<std::string, Texts>> texts{};  // by locale, ascending; none empty

  const Texts* texts_of(std::string_view locale) const;  // null pointer if it has none
  std::vector<std::string> locales() const;
  Texts& texts_for(const std::string& locale);  // made if it has none
};

const std::string* find_attribute(const Attributes& attributes, std::string_view name);
// The same content: everything but document, version, times and what is derived.
bool same_content(const Record& a, const Record& b);

std::string encode_common(const Record& record);
std::string encode_texts(const Texts& texts);

// An Error (internal) for damaged bytes.
Result<Record> decode_common(std::string_view bytes, std::vector<std::string>& locales);
Result<Texts> decode_texts(std::string_view bytes);
Result<std::vector<std::string>> locales_of(std::string_view common);  // without taking the rest apart
// What stands behind a segment's head, for fragments.h; empty for damaged bytes.
std::string_view fragments_of_common(std::string_view common);
std::string_view fragments_of_texts(std::string_view texts);
struct Stamp {
  std::uint32_t document = 0;
  std::uint64_t version = 0;
};
Result<Stamp> stamp_of(std::string_view common);
Result<std::string> parent_of(std::string_view common);  // empty: none

// A segment of texts with what it lacks from `other`; either may be empty.
Result<std::string> lend_texts(std::string_view own, std::string_view other);
// The product as the API returns it, ending in '}'. Texts that `own` lacks come from `fallback`; both may be empty.
// `extra` is put before the end as it stands: `,"offer":{...}`.
Result<std::string> join_json(std::string_view common, std::string_view locale, std::string_view own,
                              std::string_view fallback, std::string_view extra = {});
// {"nl-NL":{"title":...,"description":...,<attribute>:...},...} for editors of all languages at once.
Result<std::string> texts_json(const std::vector<std::pair<std::string, std::string>>& segments);

}  // namespace pf::catalog
