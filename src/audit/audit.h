// What happened: a hash-chained log. An entry is written in the unit of work of the change it tells of, so there is
// no change without its entry. Never personal data, never a secret: details name fields and counts.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "access/actor.h"
#include "json/json.h"
#include "productflow/clock.h"
#include "storage/store.h"

namespace pf::audit {

struct Entry {
  std::uint64_t number = 0;  // 1, 2, 3 ... without gaps
  Time at{};
  std::string actor_kind, actor_id, actor_name;
  std::string action;     // "order.ship", "buyer.reveal", "session.open", "vault.purge"
  std::string object;     // "order:1000123", "product:A-1"; empty if none
  json::Value details{};  // an object; reasons, counts, names of changed fields
  std::string hash;       // hex SHA-256 over the previous hash and this entry's bytes
};

struct Verdict {
  std::uint64_t entries = 0;
  std::string fault;  // empty when the chain holds; else which number breaks and how
};

class Audit {
 public:
  static std::vector<storage::Family> families();  // "audit"
  Audit(storage::Store& store, const Clock& clock);
  Result<> append(storage::Write& work, const access::Actor& by, std::string_view action, std::string_view object,
                  json::Value details);
  // Newest first, entries with number < before (0: from the newest), at most `count`.
  Result<std::vector<Entry>> page(const storage::Reader& read, std::uint64_t before, std::size_t count) const;
  Result<Verdict> verify(const storage::Reader& read) const;

 private:
  const Clock& clock_;
  storage::FamilyRef family_;
};

}  // namespace pf::audit
