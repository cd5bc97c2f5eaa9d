// One entry of a product's history: what a change did field by field, who made it, and where it came from. Plain values
// and pure functions.
//
// On disk (varints as in record.h; text: its length, then its bytes):
//   format, action, origin kind, actor kind, be64 time (ms), varint origin id, varint row, text actor's name,
//   for the origin kind `draft` text author, then per change until the end: field, text name (attributes, associations and prices alone), text locale, text
//   before, text after; kMadeByRule in a field's place, varint id, text name: what follows was made by that rule
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "access/actor.h"
#include "catalog/record.h"
#include "productflow/clock.h"
#include "productflow/result.h"

namespace pf::catalog {

// Where a change came from. Stored on disk: do not renumber.
struct Origin {
  enum class Kind : std::uint8_t {
    single = 0,   // by itself: a page, a program, a command
    import = 1,   // `id` is the import's, `row` the line of its file
    bulk = 2,     // `id` is the bulk edit's
    undo = 3,     // the same, of one that takes another back
    restore = 4,  // `id` is the version whose values came back
    draft = 5,    // `id` is the proposal's, which was approved; `author` who made it
  } kind = Kind::single;
  std::uint64_t id = 0, row = 0;
  std::string author{};  // of a proposal, by the name of that moment; empty otherwise
  // Whether its changes are found together afterwards (history.h), to be taken back together.
  bool is_unit() const { return kind == Kind::import || kind == Kind::bulk; }
};

// Stored on disk: do not renumber.
enum class Field : std::uint8_t {
  title = 1,
  description = 2,
  brand = 3,
  ean = 4,
  family = 5,
  parent = 6,
  categories = 7,
  images = 8,
  enabled = 9,
  attribute = 10,
  association = 11,  // links of one kind
  price = 12,        // "EUR.sell_price"; this and what follows are the offer's (offers.h)
  offer_title = 13,
  offer_proposition = 14,
};

struct FieldName {
  Field field{};
  std::string name{};    // of an attribute, a kind of association, or a price
  std::string locale{};  // empty: for everybody
  friend bool operator==(const FieldName&, const FieldName&) = default;
};
// "title", "attributes.color", "associations.X_SELL": as the API names it, without its locale.
std::string field_path(const FieldName& at);
// The same for people: "attributes.color (nl-NL)".
std::string field_words(const FieldName& at);
// Nothing for what is no field, for a text without a locale, and for another field with one.
bool is_of_offer(Field field);
std::optional<FieldName> field_named(std::string_view path, std::string_view locale);

// One of the shop's own rules (ruling.h), by the name that it had at that moment, as an actor's is kept.
struct RuleName {
  std::uint64_t id = 0;  // 0: none
  std::string name{};
  friend bool operator==(const RuleName&, const RuleName&) = default;
};
// A field, and the rule that made its value.
struct MadeBy {
  FieldName at{};
  RuleName rule{};
};

struct FieldChange {
  FieldName at{};
  std::string before{}, after{};  // JSON bytes; empty: none
  RuleName rule{};                // that made it; none: whoever the entry names
  friend bool operator==(const FieldChange&, const FieldChange&) = default;
};

struct HistoryEntry {
  // Stored on disk: do not renumber.
  enum class Action : std::uint8_t { created = 1, changed = 2, deleted = 3 } action = Action::changed;
  std::uint32_t document = 0;       // of the search index: another one for a product made anew under the same SKU
  std::uint64_t version = 0;        // of the product, after the change
  std::uint64_t offer_version = 0;  // of its offer, when that is what changed; the product is as it was
  Time at{};
  access::Actor::Kind by_kind{};
  std::string by{};
  Origin origin{};
  // Of a product that was created: those that rules made alone, since its record holds the values. Of one that was
  // deleted: all it had.
  std::vector<FieldChange> changes{};
};

std::string encode_entry(const HistoryEntry& entry);        // document and version are the key's
Result<HistoryEntry> decode_entry(std::string_view bytes);  // an Error (internal) for damaged bytes

// What differs, in the order of a product's fields.
std::vector<FieldChange> differences(const Record& before, const Record& after);
json::Value value_of_bytes(std::string_view json_bytes);  // null for none
// Says of each change which rule made it.
void name_rules(std::vector<FieldChange>& changes, std::span<const MadeBy> made);
// {"field", "locale", "before", "after"}, null for what is none, and {"rule": {"id", "name"}} where one made it; as the
// API shows a change.
json::Value change_value(const FieldChange& change);
std::string value_of(const Record& record, const FieldName& at);  // JSON bytes; empty: none
// Sets one field, empty bytes take it away; an Error (internal) for bytes that are no such value.
Result<> put_value(Record& record, const FieldName& at, std::string_view json_bytes);

}  // namespace pf::catalog
