// What imports set beside products and their prices, kept in the unit of work that set it, so that an import is taken
// back as a whole: of as many imports as the history of products keeps (catalog::kUnitsMax). Any thread.
//
// Stored on disk (family "jobs", beside imports.h; do not change): "d" be64 import, part, be32 number -> JSON array of
//   ["p", sku, first, last, [location, change, ...]]  pieces, by those movements of the SKU's ledger
//   ["s", sku, before, after]                         a shelf place
//   ["d" or "r", kind, code, before, after]           a description, or a reference record; before null: it was not
//                                                     there; after: SHA-256 of its JSON, in hex
// "c" be64 import, part -> be32 records, be64 entries of them. The part is a letter of Part.
#pragma once

#include <optional>
#include <vector>

#include "exchange/importer.h"

namespace pf::jobs {

class ImportTrail {
 public:
  // What is in the house goes back before products, which it hangs on; what describes them after.
  enum class Part : char { house = 'h', model = 'm' };

  explicit ImportTrail(storage::Store& store) : family_(store.family("jobs")) {}
  // In the order in which it was set.
  Result<> note(storage::Write& work, std::uint64_t import, const std::vector<exchange::SetBeside>& set) const;
  Result<std::uint64_t> count(const storage::Reader& read, std::uint64_t import) const;  // of both parts
  struct Some {
    std::uint32_t number = 0;
    std::vector<exchange::SetBeside> set{};
  };
  // Whether it is as the import left it; of what last() gave.
  static bool is_as_left(const json::Value& now, const exchange::SetRecord& set);
  // The last record whose number is below `before`.
  Result<std::optional<Some>> last(const storage::Reader& read, std::uint64_t import, Part part,
                                   std::uint64_t before) const;

 private:
  struct List {  // a JSON array that is not closed yet
    std::string text{"["};
    std::size_t count = 0;
    std::string& next() { return count++ == 0 ? text : text += ","; }
  };
  Result<> note(storage::Write& work, std::uint64_t import, Part part, const List& set) const;
  storage::FamilyRef family_;
};

}  // namespace pf::jobs
