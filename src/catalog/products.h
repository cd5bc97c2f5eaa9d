// The products of the shop: what they are, what they may become, and how they are found.
//
// Functions that change something join the caller's unit of work and write the search index in it. All members may be
// called from any thread; those with a Write inside a unit of work only.
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "access/actor.h"
#include "audit/audit.h"
#include "catalog/bulk_edit.h"
#include "catalog/history.h"
#include "catalog/languages.h"
#include "catalog/models.h"
#include "catalog/product.h"
#include "catalog/product_list.h"
#include "catalog/record.h"
#include "catalog/references.h"
#include "catalog/ruling.h"
#include "catalog/used_columns.h"
#include "events/events.h"
#include "productflow/clock.h"
#include "search/index.h"
#include "search/rebuild.h"
#include "storage/store.h"

namespace pf::catalog {

// What a single write did.
struct Written {
  Outcome outcome = Outcome::unchanged;
  std::string etag{};
  std::string locale{};  // where the texts went
  bool merged = false;   // somebody else had changed other fields meanwhile
};

// A field that two people changed: what it was when the second one read it, what the first made of it, what the second
// wants. JSON bytes; empty: none.
struct Clash {
  FieldName at{};
  std::string was{}, theirs{}, mine{};
};

class Above;
class AboveDocuments;
class CategoryRanks;
class KnownParts;
class Standing;
struct Axes;
struct Siblings;
struct Offer;
struct RuledWrite;
struct Link;

// What a room above knows of kits: products whose links of a kind with `parts` say what they are made of.
struct KitKeeper {
  // Why a product cannot be made of these; none of them is an empty list.
  std::function<Result<std::vector<FieldFault>>(const storage::Reader&, std::string_view sku, std::span<const Link>)>
      faults{};
  // It is made of these from now on, or of nothing. In the unit of work that keeps the product.
  std::function<Result<>(storage::Write&, std::string_view sku, std::span<const Link>)> keep{};
  std::function<Result<std::vector<std::string>>(const storage::Reader&, std::string_view part)> kits_of{};
};
inline constexpr std::size_t kLinkedLooked =
    200'000;  // products with links, when a kind comes to make kits: some seconds

struct ShownProduct {
  std::string json{}, etag{};
};

// One product of a batch.
struct ProductRow {
  Sku sku{};
  ProductChange change{};
  std::string locale{};    // of title and description; empty: the batch's
  std::uint64_t line = 0;  // of the file it comes from, for the history; 0: none
  // Its offer as the caller will keep it, where that changes too and rules are about offers (ruling.h); else null.
  const Offer* offer = nullptr;
};

struct BatchOptions {
  WriteMode mode = WriteMode::upsert;
  std::string locale{};  // empty: the shop's default
  // A parent that is not there yet is kept as named and reported (RowOutcome::missing_parent): it may stand further
  // down, or in the next file. Without it, such a row is refused.
  bool forward_parents = false;
  access::Actor by{};  // for the history
  Origin origin{};
  Ruling* ruling = nullptr;  // these rules, for rows that change nothing too; null: those in force, for what changes
};

struct RowOutcome {
  std::optional<Outcome> outcome{};  // nothing: refused, see `error`
  Error error{};
  std::uint32_t document = 0;                    // of the index; unless refused
  std::uint64_t version = 0;                     // the same
  std::string missing_parent{};                  // named, kept, and not there
  bool repriced = false, only_repriced = false;  // its offer changed, too or alone, by a bulk edit or by rules
  std::vector<MadeBy> made{};                    // by rules, of the product and of its offer
  std::vector<FieldFault> notices{};             // what rules could not do
  std::vector<AddedImage> images{};              // what became of each that the change adds; unless refused
};

// What a bulk edit did: a row and an outcome for each product asked for, in their order.
struct Edited {
  std::vector<ProductRow> rows{};  // their SKUs alone
  std::vector<RowOutcome> outcomes{};
};

struct ParentLink {
  Sku sku{}, parent{};
};

// What became of one product when a unit was taken back.
struct Undone {
  enum class Outcome {
    nothing,   // it had been taken back already
    restored,  // fields have their former values
    deleted,   // the unit had created it, and nobody touched it since
    waits,     // it has variants, or the rules refuse what it was: another of the unit may have to go back before
    stays,     // nothing could be taken back; `faults` say why
  } outcome = Outcome::nothing;
  std::vector<FieldFault> faults{};  // what was changed afterwards, and so was left alone
};

struct Language {
  std::string locale{};
  bool standard = false;
};

class Products {
 public:
  // "products", "product_index", "offers", "marketplace_offers", "assets", "model", "history", "references",
  // "reference_index"
  static std::vector<storage::Family> families();
  // `events` null: changes are told to nobody.
  Products(storage::Store& store, audit::Audit& audit, const Clock& clock, events::Events* events = nullptr);
  ~Products();

  // The object's bytes as the API returns them, texts in `locale` (Languages::for_reading), or nothing. Parses nothing.
  // `extra` is put before its end as it stands: `,"offer":{...}`.
  Result<std::optional<std::string>> product_json(const storage::Reader& reader, std::string_view sku,
                                                  std::string_view locale, std::string_view extra = {}) const;
  // The same with its ETag, by the same reads.
  Result<std::optional<ShownProduct>> show(const storage::Reader& reader, std::string_view sku, std::string_view locale,
                                           std::string_view extra = {}) const;
  // The same for many, nothing for those that are not there; three reads in all. `extras`: none, or one each.
  Result<std::vector<std::optional<std::string>>> product_jsons(const storage::Reader& reader,
                                                                std::span<const std::string> skus,
                                                                std::string_view locale,
                                                                std::span<const std::string> extras = {}) const;
  // {"nl-NL":{"title":...},...}: the texts of every locale, or nothing if there is no such product.
  Result<std::optional<std::string>> all_texts_json(const storage::Reader& reader, std::string_view sku) const;
  Result<std::optional<Record>> find(const storage::Reader& reader, std::string_view sku) const;  // with all texts
  Result<bool> exists(const storage::Reader& reader, std::string_view sku) const;
  // For each what it has from those above it (inheritance.h): `{"attributes":{}}` for a product of its own, nothing for
  // one that is not there. Each record of theirs is read once.
  Result<std::vector<std::optional<std::string>>> inherited_jsons(const storage::Reader& reader,
                                                                  std::span<const std::string> skus,
                                                                  std::string_view locale) const;
  // The product with what it has from those above it (inheritance.h), in every language.
  Result<Record> with_inherited(const storage::Reader& reader, const Record& record) const;
  // The title in `locale` or the nearest; empty when it has none, nothing when there is no such product.
  Result<std::optional<std::string>> title(const storage::Reader& reader, std::string_view sku,
                                           std::string_view locale) const;
  // For ETag: changes with every change, and is never given again, not even to a product made anew under the same SKU.
  Result<std::optional<std::string>> etag(const storage::Reader& reader, std::string_view sku) const;
  // Products whose associations name this one, in order of SKU.
  Result<std::vector<std::string>> linked_from(const storage::Reader& reader, std::string_view sku,
                                               std::size_t at_most) const;
  Result<std::vector<std::string>> variants(const storage::Reader& reader, std::string_view parent,
                                            std::size_t at_most) const;

  Result<ProductPage> list(const storage::Reader& read, const ProductQuery& query) const;
  // Values of "category", "family" or "brand" with the number of their products (a category counts those below it).
  Result<std::vector<std::pair<std::string, std::uint64_t>>> counts(const storage::Reader& read,
                                                                    std::string_view column) const;
  // Names of attributes in use, described or not, with the number of products that have one; in their order.
  Result<std::vector<std::pair<std::string, std::uint64_t>>> attribute_uses(const storage::Reader& read) const;
  // Why it is a question whether a description may go (products_uses.cpp): a fault "in_use" for each way in which
  // products hold it, with how many do. Of choices those that `after` lacks.
  Result<std::vector<FieldFault>> uses_of(const storage::Reader& read, ModelKind kind, std::string_view code) const;
  Result<std::vector<FieldFault>> uses_of_choices(const storage::Reader& read, const Attribute& before,
                                                  const Attribute& after) const;
  // Products in one of these categories or below by their paths.
  Result<std::uint64_t> count_in(const storage::Reader& read, std::vector<std::string> categories) const;
  // Every product in SKU order, from the first SKU > `after`, for exports; at most `count`.
  Result<std::vector<std::string>> skus_after(const storage::Reader& reader, std::string_view after,
                                              std::size_t count) const;

  // One change by one person or program, with an audit entry. `if_match` (an ETag list, "*" or nothing) as in RFC 9110.
  // not_found for update without, conflict for create with an existing product, and (first fault "stale") for an
  // `if_match` or a `read_version` that is no more. With `clashes`, a change (WriteMode::update) by somebody who read
  // an earlier version is merged field by field with what others did since; fields that both changed, to different
  // values, are put there, and it is "stale" with a fault for each. `origin`: of the history's entry.
  Result<Written> change(storage::Write& work, const access::Actor& by, const Sku& sku, const ProductChange& change,
                         WriteMode mode, std::string_view locale, std::string_view if_match = {},
                         std::optional<std::uint64_t> read_version = {}, std::vector<Clash>* clashes = nullptr,
                         const Origin& origin = {});
  // Conflict while it has variants. Its offers go with it.
  Result<> remove(storage::Write& work, const access::Actor& by, const Sku& sku, std::string_view if_match = {});

  // Many rows in one unit of work: an outcome per row, in their order; a refused row leaves nothing behind and stops no
  // other; an unchanged one writes nothing. Parents may stand after their variants in the batch. No audit entry: the
  // job writes one. Callers keep batches to some thousand rows.
  Result<std::vector<RowOutcome>> upsert_many(storage::Write& work, std::span<const ProductRow> rows,
                                              const BatchOptions& options);
  // One audit entry for a batch: how many it created and changed; none when it did neither. And its events.
  Result<> note_batch(storage::Write& work, const access::Actor& by, std::span<const ProductRow> rows,
                      std::span<const RowOutcome> outcomes);
  // Gives each another parent, now that all rows are there; an outcome per link, refused when there is no such parent.
  Result<std::vector<RowOutcome>> settle_parents(storage::Write& work, std::span<const ParentLink> links,
                                                 const access::Actor& by = {}, const Origin& origin = {});

  // --- history (products_history.cpp)
  const History& history() const { return history_; }
  // The product as it was after that version; History::as_of() of what is there now.
  Result<Record> as_of(const storage::Reader& read, std::string_view sku, std::uint64_t version) const;
  // Gives `fields`, or with none the whole product, the values they had after `version`: a change like any other, by
  // the rules of today. A product that was deleted comes back.
  Result<Written> restore(storage::Write& work, const access::Actor& by, const Sku& sku, std::uint64_t version,
                          std::span<const FieldName> fields, std::string_view if_match = {});
  // One wish for many products (bulk_edit.h), as upsert_many() does it; for note_batch() afterwards.
  Result<Edited> edit_many(storage::Write& work, std::span<const std::string> skus,
                           const std::vector<BulkAction>& actions, const BatchOptions& options);
  // What differs between a product's offers as two readers see them.
  Result<std::vector<FieldChange>> offer_changes(const storage::Reader& before, const storage::Reader& after,
                                                 std::string_view sku) const;
  // Takes back what a unit did to these products, in this order: an outcome for each. `unit_ended`: a younger offer was
  // somebody else's. What `by` may not write, by his limits, stays.
  Result<std::vector<Undone>> undo(storage::Write& work, const access::Actor& by, const Origin& undo,
                                   std::span<const Touched> touched, Time unit_ended);
  // The events and the audit entry of what undo() did.
  Result<> note_undo(storage::Write& work, const access::Actor& by, std::span<const Touched> touched,
                     std::span<const Undone> undone);

  // For the house, before anybody writes. Without it no product is a kit.
  void on_kits(KitKeeper keeper);

  Result<std::optional<Offer>> offer_of(const storage::Reader& reader, std::string_view sku) const;

  // Told of each product that ceases to be, in its unit of work. For the house, before anybody writes.
  using Gone = std::function<Result<>(storage::Write& work, std::string_view sku)>;
  void on_gone(Gone gone) { gone_ = std::move(gone); }

  // Who knows how many pieces of each there are. For the house, before anybody asks. Without it no list is sorted so.
  using StockNumbers = std::function<Result<std::shared_ptr<const search::Numbers>>(const storage::Reader& read)>;
  void on_stock(StockNumbers numbers) { stock_numbers_ = std::move(numbers); }
  // Each product's document by SKU, ascending but for SKUs as long as kKeyBytesMax and longer, which may stand in any
  // order among those that begin as they do.
  Result<> each_document(const storage::Reader& read,
                         const std::function<Result<>(std::string_view sku, search::Document)>& tell) const;

  // --- the shop's own rules (products_rules.cpp)
  // For the house, before anybody writes.
  void on_ruling(BeginRuling begin) { begin_ruling_ = std::move(begin); }
  Result<std::unique_ptr<Ruling>> ruling(const storage::Reader& read) const;  // null: none is in force
  // Follows these rules for each product, whether anything changes otherwise or not; for note_batch() afterwards.
  Result<Edited> rule_many(storage::Write& work, std::span<const std::string> skus, Ruling& rules,
                           const BatchOptions& options);
  // What rules make of an offer that is about to be kept; the product itself is not changed.
  Result<Ruled> rule_offer(const storage::Reader& reader, Ruling& ruling, std::string_view sku, Offer& offer) const;
  // What rules make of a product whose offer has changed by itself; the offer stays as it is.
  Result<> rule_product(storage::Write& work, const access::Actor& by, const Sku& sku);

  // Brings at most `count` products up to date with the model, the languages and those above them: their completeness
  // and what the index has of them; whether more wait. Called until none do; models().listen() tells when to begin.
  Result<bool> complete_some(storage::Write& work, std::size_t count);
  Result<bool> waits(const storage::Reader& read) const;
  Result<std::uint64_t> families_unsettled(const storage::Reader& read) const;  // of how many families some wait

  // What the shop describes of its catalogue; products are written by its rules.
  Models& models() { return models_; }
  const Models& models() const { return models_; }

  // --- uploads (products_assets.cpp)
  struct AssetUses {
    std::uint64_t products = 0, records = 0;
    bool more = false;                // than `products`: nobody counts further
    std::vector<std::string> skus{};  // the first ones
  };
  Result<AssetUses> asset_uses(const storage::Reader& reader, std::string_view id, std::size_t skus) const;
  // Conflict while products or reference records show it; not_found if there is none.
  Result<> remove_asset(storage::Write& work, const access::Actor& by, std::string_view id);
  // Notes who shows which upload in a shop from before that was kept, and has complete_some() give the index what its
  // variants inherit; then is nothing. For the house, before anybody asks. Killed at any instant, the next call
  // completes it.
  Result<> prepare(storage::Store& store);

  // Looks at every product's entry in the index and mends what is wrong of it (search/rebuild.h).
  Result<search::Rebuilt> rebuild_index(storage::Store& store, const std::filesystem::path& folder,
                                        const search::Watch& watch);

  // What products name instead of saying it each by itself: brands, designers, materials.
  References& references() { return references_; }
  const References& references() const { return references_; }

  // Of all products, for tables of them.
  UsedColumns& used_columns() { return used_columns_; }
  const UsedColumns& used_columns() const { return used_columns_; }

  Result<Languages> languages(const storage::Reader& reader) const;
  Result<> set_languages(storage::Write& work, const access::Actor& by, const Languages& languages);

  // For the rooms of this floor that add to a product's entry (offers).
  Result<std::optional<Stamp>> stamp(const storage::Reader& reader, std::string_view sku) const;
  Result<std::optional<std::uint32_t>> document(const storage::Reader& reader, std::string_view sku) const;
  // Lists held in their orders for pages far behind.
  Standing& standing() { return *standing_; }
  search::Index& index() { return index_; }
  const search::Index& index() const { return index_; }

 private:
  // How products stand by an attribute, as a key of a list's order (product_order.cpp). What it holds is for this
  // reader and as long as the model is.
  Result<search::Sort> attribute_order(const storage::Reader& read, const Model& model, const Languages& langs,
                                       const SortKey& key, const std::string& locale) const;
  // By a title, or by a field whose values are terms alone; nothing for others.
  Result<std::optional<search::Sort>> field_order(const storage::Reader& read, const Model& model,
                                                  const Languages& langs, const SortKey& key,
                                                  const std::string& locale) const;
  struct AttributeOrder;
  Result<std::vector<std::string>> attribute_keys(const storage::Reader& read, const Model& model,
                                                  const AttributeOrder& order,
                                                  std::span<const search::Document> documents) const;
  Result<search::Sort> sort_of(const storage::Reader& read, const Model& model, const Languages& langs,
                               const ProductQuery& query, const std::string& locale) const;
  Result<> check_columns(const storage::Reader& read, const Model& model, const ProductQuery& query) const;
  friend class Batch;
  friend class Standing;
  // What lists find products by and no event tells of: another text when that has changed.
  Result<std::string> told_to_nobody(const storage::Reader& read) const;
  void note_told_to_nobody(storage::Write& work) const;
  Result<Record> load(const storage::Reader& reader, std::string_view common) const;
  Result<std::string> joined(const storage::Reader& reader, std::string_view sku, std::string_view common,
                             std::string_view locale, std::span<const std::optional<std::string>> texts,
                             std::string_view extra) const;
  // Writes `after` and its search entry. Its document, version, times and completeness are set here. `refreshed` gets
  // the SKUs of others that were written too, since theirs changed with it. `above`: one for the unit of work.
  Result<> save(storage::Write& work, const Model& model, const Languages& langs, const Record* before, Record& after,
                const access::Actor& by, const Origin& origin, std::vector<std::string>& refreshed, Above& above,
                std::span<const MadeBy> made = {});
  // `offer`: as ProductRow's.
  Result<RuledWrite> rule(const storage::Reader& reader, const Model& model, const Languages& langs, Ruling& ruling,
                          Record& record, const Offer* offer) const;
  // Whether rules made another offer, which is kept. `touched`: of a unit that did not make the product.
  Result<bool> keep_ruled_offer(storage::Write& work, RuledWrite& ruled, const Record& record, const access::Actor& by,
                                const Origin& origin, std::vector<Touched>* touched);
  Result<> erase(storage::Write& work, const Record& record, const access::Actor& by, const Origin& origin);
  // Takes over what others changed since `base` was read, unless `after` changed it too: then a clash.
  static std::vector<Clash> merge(const Record& base, const Record& now, Record& after);
  // Keeps a record whose fields were set one by one, by the rules of a change.
  Result<Written> keep_as(storage::Write& work, const access::Actor& by, const Origin& origin, const Record* before,
                          Record after, std::string_view locale, Above& above);
  Result<bool> is_below_another(const storage::Reader& read, const Touched& touched) const;
  Result<Undone> undo_one(storage::Write& work, const access::Actor& by, const Origin& undo, const Touched& touched,
                          Time unit_ended, Above& above);
  Result<Undone> undo_offer(storage::Write& work, const access::Actor& by, const Origin& undo, const Touched& touched);
  // completing.cpp
  Result<bool> any_parents(const storage::Reader& reader, Above& above) const;
  Result<bool> has_variants(const storage::Reader& reader, std::string_view sku, Above& above) const;
  Result<> note_parent(storage::Write& work, std::string_view parent, Above& above) const;
  Result<std::vector<const Record*>> line_of(const storage::Reader& reader, const Record& record, Above& above) const;
  Result<std::string> completeness_now(const storage::Reader& reader, const Model& model, const Languages& langs,
                                       const Record& record, Above& above) const;
  Result<bool> inherit(storage::Write& work, const Model& model, const Record* before, const Record* after,
                       search::Entry& was, search::Entry& is, Above& above);
  Result<bool> refresh(storage::Write& work, const Model& model, const Languages& langs, const std::string& sku,
                       Above& above);
  Result<> refresh_below(storage::Write& work, const Model& model, const Languages& langs, const std::string& sku,
                         std::size_t level, std::vector<std::string>& refreshed, Above& above);
  Result<> refresh_beside(storage::Write& work, const Model& model, const Languages& langs, const Record* before,
                          const Record& after, std::vector<std::string>& refreshed, Above& above);
  // The parent's variants behind `last` are left to complete_some().
  void follow_later(storage::Write& work, const std::string& parent, const std::string& last) const;
  Result<std::size_t> complete_family(storage::Write& work, const Model& model, const Languages& langs,
                                      const std::string& code, const std::string& place, std::size_t count,
                                      Above& above);
  Result<std::size_t> follow_some(storage::Write& work, const Model& model, const Languages& langs,
                                  const std::string& mark, const std::string& prefix, std::string last,
                                  std::size_t count, Above& above);
  Result<> prepare_inherited(storage::Store& store);
  Result<> prepare_own_categories(storage::Store& store);
  void unsettle_all(storage::Write& work, const Model& model) const;
  // Faults of what the change refers to: a parent, uploads. Only what it newly names is looked up.
  Result<std::vector<FieldFault>> reference_faults(const storage::Reader& reader, const Record* before, const Sku& sku,
                                                   const std::string& parent,
                                                   const std::vector<std::string>& images) const;
  // products_links.cpp
  // To what `after` is linked and `before` was not, and what is not there.
  Result<std::vector<std::string>> missing_links(const storage::Reader& reader, const Record* before,
                                                 const Record& after) const;
  // Keeps the index of links in step; `after` null: the product goes.
  void put_links(storage::Write& work, const Record* before, const Record* after) const;
  // What it is made of has changed with `after`, which is about to be kept: why that cannot be.
  Result<std::vector<FieldFault>> kit_faults(const storage::Reader& reader, const Model& model, const Record* before,
                                             const Record& after) const;
  Result<> keep_kit(storage::Write& work, const Model& model, const Record* before, const Record* after) const;
  // A part of a kit is not deleted: the kit would go out without it.
  Result<std::vector<std::string>> kits_with(const storage::Reader& reader, std::string_view part) const;
  // Kinds of links have come to make kits, or no more.
  Result<> refuse_units_in_use(const storage::Reader& read, std::span<const std::string> units) const;
  Result<> settle_kits(storage::Write& work, const Model& before, const Model& after) const;
  // Keeps in step which product shows which upload; `after` null: the product goes.
  void put_asset_uses(storage::Write& work, const Record* before, const Record* after) const;
  // Takes the product out of the associations of those that name it.
  Result<> unlink_from_all(storage::Write& work, const std::string& sku, const access::Actor& by, const Origin& origin);
  // The same for a change that has other faults already, so that all of them are told at once.
  Result<std::vector<FieldFault>> reference_faults(const storage::Reader& reader, const Record* before, const Sku& sku,
                                                   const ProductChange& change) const;
  Result<std::vector<FieldFault>> parent_faults(const storage::Reader& reader, const std::string& sku,
                                                const std::string& parent) const;
  // What `after` names of reference records that are not there, where it differs from `before`.
  Result<std::vector<FieldFault>> unknown_references(const storage::Reader& reader, const Model& model,
                                                     const Record& before, const Record& after) const;
  // What rules made of such values: codes for what was meant, and what means nothing goes back.
  Result<> settle_ruled(const storage::Reader& reader, const Model& model, const Record& before, Record& record,
                        Ruled& ruled) const;
  // A list's conditions and words as codes of the records that they mean by their labels.
  Result<> mean_references(const storage::Reader& reader, const Model& model, ProductQuery& query) const;
  // A list's condition on the completeness of variants.
  Result<search::Filter> variants_filter(const storage::Reader& reader, const Condition& condition) const;
  // A list's conditions on what stands above as conditions on parents.
  Result<> mean_ancestors(const storage::Reader& reader, ProductQuery& query) const;
  // Another product has the value of an attribute that is unique.
  Result<std::vector<FieldFault>> unique_faults(const storage::Reader& reader, const Model& model, const Record* before,
                                                const Record& after) const;
  // products_variants.cpp
  // Another variant of its product has the same values of what they differ in, and it had others before.
  Result<std::vector<FieldFault>> twin_faults(const storage::Reader& reader, const Model& model, const Record* before,
                                              const Record& after, Above& above) const;
  // Of the changes that have met variants which are still to change themselves: who may take what he wants, so that all
  // of them together leave no twins. Those who may not are told what stands there then, in another try.
  Result<> agree(const storage::Reader& reader, Above& above) const;
  // Of a product that came after its variants: which of them are alike.
  Result<std::vector<FieldFault>> twins_below(const storage::Reader& reader, const Model& model, const Record& parent,
                                              Above& above) const;
  Result<const Siblings*> siblings_below(const storage::Reader& reader, const std::string& parent, const Axes& axes,
                                         Above& above) const;
  // What the index has of it: its own, what it has from above, its prices.
  Result<search::Entry> whole_entry(const storage::Reader& reader, const Record& record) const;
  Result<std::optional<std::uint32_t>> owner_of(const storage::Reader& reader, const search::Filter& term,
                                                const Record* but) const;

  audit::Audit& audit_;
  const Clock& clock_;
  events::Events* const events_;
  BeginRuling begin_ruling_;
  KitKeeper kits_{};
  Gone gone_{};
  StockNumbers stock_numbers_{};
  std::unique_ptr<AboveDocuments> above_documents_;
  std::unique_ptr<CategoryRanks> category_ranks_;
  std::unique_ptr<KnownParts> known_parts_;
  Models models_;
  search::Index index_;
  References references_;
  History history_;
  storage::FamilyRef products_, offers_, marketplace_offers_, assets_, model_;
  UsedColumns used_columns_;
  std::unique_ptr<Standing> standing_;  // last, since it works in the background with all of them
};

}  // namespace pf::catalog
