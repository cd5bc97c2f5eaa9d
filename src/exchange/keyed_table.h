// JSON whose rows are the members of an object (formats/keyed_objects.h): whether they are products, and what their
// keys say. One thread.
#pragma once

#include "exchange/party.h"
#include "formats/keyed_objects.h"

namespace pf::exchange {

// Whether they can be rows at all: not where the keys are languages, currencies or names of fields, whose objects say
// something of one thing, nor where an order or a product stands around them.
bool could_be_rows(const formats::KeyedObjects& seen);

class KeyedTable {
 public:
  explicit KeyedTable(const formats::KeyedObjects& seen);
  // Whether they are read without being asked for: a member tells products apart, or the key does, and they say what
  // things that are sold have. Anything has a name.
  bool understood() const { return understood_; }
  // Calls the column of the keys, "key", by what they are: "sku" where no member is one.
  void name_key(std::vector<std::string>& names) const;
  // REQUIRES: name_key() was asked about them.
  void open(const std::vector<std::string>& names);
  // Empties cells that say no more than another: of a key, or of the number that repeats it.
  void leave_repeated(std::vector<std::string>& cells) const;

 private:
  bool has_sku(const std::vector<std::string>& names) const;
  bool understood_ = false, goods_ = false;
  bool counting_ = false;  // the keys are 0, 1, 2, 5 ..., as PHP writes a list that was filtered
  std::optional<std::size_t> key_{};
  bool key_is_sku_ = false;
  std::vector<std::size_t> numbers_{};  // columns that may repeat it
};

}  // namespace pf::exchange
