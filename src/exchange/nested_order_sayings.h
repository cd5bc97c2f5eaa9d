// What one order of nested_orders.h says, leaf by leaf, and what becomes of its people. For its own files alone.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "exchange/nested_orders.h"

namespace pf::exchange::nested {

inline constexpr const char* kTornNotice = "stands in the order more than once and differs, so it was left out";
inline constexpr const char* kTornFault =
    "stands in the order more than once and differs, so that nobody knows which is meant; leave one of them in the "
    "file";
void tell(std::vector<FieldFault>& to, const char* field, const char* code, const char* message);

// What the leaves of an order, of one of its lines or of a person say. A few each.
class Sayings {
 public:
  void put(const NestedOrders::Leaf& leaf, std::size_t path, std::string_view text) {
    const Meaning& meaning = leaf.meaning;
    Said* said = nullptr;
    for (Said& one : said_)
      if (one.field == meaning.field && one.tax == meaning.tax) said = &one;
    if (said == nullptr) {
      said_.push_back({meaning.field, meaning.tax, std::string(text), leaf.depth, meaning.rank, path});
    } else if (leaf.depth != said->depth ? leaf.depth < said->depth : meaning.rank < said->rank) {
      *said = {meaning.field, meaning.tax, std::string(text), leaf.depth, meaning.rank, path};
    } else if (leaf.depth == said->depth && meaning.rank == said->rank && text != said->text) {
      if (meaning.field == Field::street && path == said->path)
        said->text.append(" ").append(text);  // a street in two lines
      else
        said->torn = true;
    }
  }
  bool empty() const { return said_.empty(); }
  bool is_torn(Field field, Tax tax = Tax::unsaid) const {
    const Said* said = find(field, tax);
    return said != nullptr && said->torn;
  }
  // Nothing where it is torn.
  std::string_view get(Field field, Tax tax = Tax::unsaid) const {
    const Said* said = find(field, tax);
    return said == nullptr || said->torn ? std::string_view() : std::string_view(said->text);
  }
  // Of persons, whose leaves differ where there are two of them.
  bool contradicts(const Sayings& other) const {
    for (const Said& one : said_)
      if (const Said* said = other.find(one.field, one.tax);
          said != nullptr && one.field != Field::kind && said->text != one.text)
        return true;
    return false;
  }
  void fill_from(const Sayings& other) {
    for (const Said& one : other.said_)
      if (find(one.field, one.tax) == nullptr) said_.push_back(one);
  }
  void lend(const Sayings& other, std::span<const Field> fields) {
    for (const Field field : fields)
      if (find(field, Tax::unsaid) != nullptr) return;
    for (const Field field : fields)
      if (const Said* said = other.find(field, Tax::unsaid)) said_.push_back(*said);
  }
  struct Said {
    Field field = Field::none;
    Tax tax = Tax::unsaid;
    std::string text{};
    std::uint16_t depth = 0;
    std::uint8_t rank = 0;
    std::size_t path = 0;
    bool torn = false;
  };
  const std::vector<Said>& all() const { return said_; }

 private:
  const Said* find(Field field, Tax tax) const {
    for (const Said& one : said_)
      if (one.field == field && one.tax == tax) return &one;
    return nullptr;
  }
  std::vector<Said> said_;
};

struct Somebody {
  About about = About::nothing;
  std::size_t depth = 0;  // in the order's record
  Sayings said{};
};

struct Heard {
  Sayings order{};
  std::vector<Sayings> lines{};
  std::vector<Somebody> persons{};  // the first is the buyer as the order itself names him; and so on
  bool odd_address = false;
};

// The buyer, with the addresses, for the vault. Who is said twice and differs refuses the order.
void put_buyer(const Heard& heard, OrderItem& item);
// The last guard: what stays outside of the vault holds no name, street, e-mail or telephone of the order's people. A
// way of paying or of sending, or a title, that does is left out and told; a number or SKU refuses the order.
void keep_people_out(const Heard& heard, OrderItem& item);

}  // namespace pf::exchange::nested
