// Drafts of products: proposing, looking at what is proposed, deciding. Functions that change something begin their own
// unit of work. Any thread.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "audit/audit.h"
#include "catalog/offers.h"
#include "catalog/products.h"
#include "events/events.h"
#include "teamwork/draft.h"

namespace pf::teamwork {

// A field as it stands: what the draft says of it, and what the product says now.
struct FieldNow {
  std::string now{};      // JSON bytes; empty: none
  bool conflict = false;  // somebody made it something else than what the author saw, and than what he wants
};
struct DraftNow {
  bool there = false;               // the product; it may have been deleted
  std::uint64_t version = 0;        // of the product, for Verdict::seen_version
  std::uint64_t offer_version = 0;  // of its offer (0: none), for Verdict::seen_offer_version
  std::vector<FieldNow> fields{};
};

class Drafts {
 public:
  static std::vector<storage::Family> families();  // of the whole room: "teamwork", "draft_index", "task_index"
  // `closed_max`: so many closed drafts are kept, the newest.
  Drafts(storage::Store& store, catalog::Products& products, catalog::Offers& offers, audit::Audit& audit,
         const Clock& clock, events::Events* events = nullptr, std::uint64_t closed_max = kClosedDraftsMax);

  // Whether this person may make such a product; called within the unit of work.
  using MayWrite = std::function<Result<>(const catalog::Record& after, const std::vector<catalog::FieldChange>&)>;

  struct Proposal {
    catalog::ProductChange change{};
    catalog::OfferChange offer{};                 // of its base offer; what it says was seen is what is there now
    std::string locale{};                         // of its texts; empty: the shop's default
    std::optional<std::uint64_t> read_version{};  // of the product, as its author saw it
    std::optional<std::string> comment{};         // absent: as before
  };
  // Begins a draft, or changes the author's open one of this product: a field that he names again is what he says now,
  // and one that would change nothing is left out. A draft without fields is withdrawn. Invalid as an edit would be;
  // conflict for what is too much.
  struct Proposed {
    Draft draft{};
    catalog::Outcome outcome = catalog::Outcome::unchanged;
  };
  Result<Proposed> propose(const access::Actor& by, const catalog::Sku& sku, const Proposal& proposal,
                           const MayWrite& may = {});
  // By its author, while it is open: another comment, and without these fields.
  Result<Draft> edit(const access::Actor& by, std::uint64_t id, const std::optional<std::string>& comment,
                     const std::vector<catalog::FieldName>& without);
  Result<Draft> withdraw(const access::Actor& by, std::uint64_t id);

  struct Verdict {
    bool approve = false;
    std::optional<std::vector<catalog::FieldName>> fields{};  // of those that are open; absent: all of them
    std::string word{};
    std::optional<std::uint64_t> read_version{};  // of the draft; "stale" when it is no more
    // Of the product, as the reviewer saw it: what others changed before may be overwritten.
    std::optional<std::uint64_t> seen_version{};
    std::optional<std::uint64_t> seen_offer_version{};  // the same of its offer, whose prices count no version up
  };
  // Conflict where the draft is closed, or (a fault for each field, code "conflict") by what others changed; not_found
  // when there is no such product any more.
  Result<Draft> decide(const access::Actor& by, std::uint64_t id, const Verdict& verdict, const MayWrite& may = {});

  Result<Draft> find(const storage::Reader& read, std::uint64_t id) const;  // or not_found
  Result<DraftNow> now(const storage::Reader& read, const Draft& draft) const;
  Result<std::vector<Draft>> open_of(const storage::Reader& read, std::string_view sku) const;  // by author's id
  // How many there are, without reading one.
  Result<std::uint64_t> count(const storage::Reader& read, const std::vector<catalog::Condition>& where) const;
  Result<DraftPage> list(const storage::Reader& read, const DraftQuery& query) const;

 private:
  // `out` has the fields as they shall be; `before` without an id: there is none.
  Result<> keep(storage::Write& work, const access::Actor& by, const catalog::Sku& sku, const Proposal& proposal,
                const Draft& before, Proposed& out);
  // What the product and its offer would be with this draft and this proposal: as differences from now.
  Result<std::vector<catalog::FieldChange>> try_out(storage::Write& work, const access::Actor& by,
                                                    const catalog::Record& record,
                                                    const std::vector<DraftField>& fields, const Proposal& proposal,
                                                    catalog::Record& after);
  Result<> approve(storage::Write& work, const access::Actor& by, const Draft& draft,
                   const std::vector<DraftField*>& chosen, const Verdict& verdict, const MayWrite& may);
  Result<> save(storage::Write& work, const Draft* before, Draft& after);
  Result<> forget_closed(storage::Write& work);
  Result<> describe(const storage::Reader& read, const catalog::Record& record, Draft& draft) const;

  storage::Store& store_;
  catalog::Products& products_;
  catalog::Offers& offers_;
  audit::Audit& audit_;
  const Clock& clock_;
  events::Events* const events_;
  const std::uint64_t closed_max_;
  search::Index index_;
  storage::FamilyRef family_;
};

}  // namespace pf::teamwork
