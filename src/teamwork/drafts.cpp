// 1. A person has at most one open draft of a product; its fields are named once each.
// 2. A field is decided once, in the unit of work that changes the product: whoever comes second is told.
// 3. Nothing is written of a product but by Products::change, and of its offer but by Offers::upsert.
#include "teamwork/drafts.h"

#include <algorithm>
#include <array>

#include "orders/list_filter.h"
#include "productflow/text.h"
#include "teamwork/teamwork_keys.h"

namespace pf::teamwork {
namespace {

using catalog::FieldChange;
using catalog::FieldName;
using catalog::Outcome;
using catalog::Record;
using orders::ColumnKind;

constexpr std::array<orders::ListColumn, 9> kDraftColumns{{{"status", "status", ColumnKind::term},
                                                           {"author", "author", ColumnKind::term},
                                                           {"sku", "sku", ColumnKind::term},
                                                           {"family", "family", ColumnKind::term},
                                                           {"field", "field", ColumnKind::term},
                                                           {"category", "category", ColumnKind::term},
                                                           {"created_at", "created_at", ColumnKind::time},
                                                           {"updated_at", "updated_at", ColumnKind::time},
                                                           {"id", "id", ColumnKind::number}}};
constexpr orders::ListColumns kDraftList{"list of drafts", kDraftColumns, "created_at, updated_at or id", "created_at"};
constexpr std::size_t kFacetTerms = 100;     // of one facet: more fit no menu
constexpr std::size_t kForgottenAtOnce = 2;  // closed drafts, each time that one closes: so they never pile up
constexpr std::size_t kTriedEntries =
    8;                            // of the history: a draft's change and a proposal's, of product, offer and rules
constexpr int kProposeTries = 8;  // against whoever changes the same product between trying and keeping

Error no_draft(std::uint64_t id) {
  return error(ErrorCode::not_found, "There is no draft " + std::to_string(id) + ".");
}

Error no_product(const std::string& sku) {
  return error(ErrorCode::not_found, "There is no product with the SKU \"" + sku + "\" any more.");
}

Error stale_draft() {
  Error stale = error(ErrorCode::conflict, "Somebody has changed or decided this draft meanwhile. Look at it again.");
  stale.faults.push_back({"version", "stale", stale.message});
  return stale;
}

Result<> still_open(const Draft& draft) {
  if (draft.open()) return {};
  Error closed = error(ErrorCode::conflict,
                       "The draft is closed: it is " + std::string(name_of(kDraftStatusNames, status_of(draft))) + ".");
  closed.faults.push_back({"status", "closed", closed.message});
  return closed;
}

Result<> its_author(const access::Actor& by, const Draft& draft) {
  if (draft.author.id == by.id) return {};
  return error(ErrorCode::forbidden, "Only its author changes or withdraws a draft; others approve or reject it.");
}

Result<> check_words(const char* field, std::string_view text, std::size_t bytes_max) {
  if (text.size() > bytes_max)
    return invalid(field, "length", "This text has at most " + std::to_string(bytes_max) + " bytes.");
  if (first_bad_utf8(text)) return invalid(field, "encoding", "This text is not valid UTF-8.");
  return {};
}

// The open fields that these are about: an attribute is for everybody or per language, never both (catalog), so where a
// draft makes the one of the other, all that it says of the attribute belongs together.
bool is_meant(const std::vector<DraftField>& fields, const std::vector<FieldName>& named, const DraftField& field) {
  if (field.state != FieldState::open) return false;
  const auto same = [](const FieldName& a, const FieldName& b) {
    return a.field == catalog::Field::attribute && a.field == b.field && a.name == b.name;
  };
  const bool turned = std::ranges::any_of(fields, [&](const DraftField& other) {
    return other.state == FieldState::open && same(other.at, field.at) &&
           other.at.locale.empty() != field.at.locale.empty();
  });
  return std::ranges::any_of(named,
                             [&](const FieldName& at) { return at == field.at || (turned && same(at, field.at)); });
}

DraftField* field_at(std::vector<DraftField>& fields, const FieldName& at) {
  const auto found = std::ranges::find(fields, at, &DraftField::at);
  return found == fields.end() ? nullptr : &*found;
}

json::Value names_of(const Draft& draft) {
  json::Value out = json::Value::array();
  for (const auto& field : draft.fields) out.push(catalog::field_words(field.at));
  return out;
}

Result<Record> with_open_fields(Record record, const std::vector<DraftField>& fields) {
  for (const auto& field : fields)
    if (field.state == FieldState::open && !catalog::is_of_offer(field.at.field))
      PF_TRY(catalog::put_value(record, field.at, field.wanted));
  return record;
}

// What these fields make of the product's offer.
template <class Fields>
Result<catalog::OfferChange> offer_change_in(const Fields& fields) {
  catalog::OfferChange out;
  for (const auto& field : fields)
    if (catalog::is_of_offer(field.at.field)) PF_TRY(catalog::name_offer_field(out, field.at, field.wanted));
  return out;
}
bool says_nothing(const catalog::OfferChange& change) {
  return !change.title && !change.proposition && change.prices.empty() && change.drop_currencies.empty();
}

}  // namespace

std::vector<storage::Family> Drafts::families() {
  return {storage::Family{.name = std::string(kTeamworkFamily)}, search::Index::family(std::string(kDraftIndexFamily)),
          search::Index::family(std::string(kTaskIndexFamily))};
}

Drafts::Drafts(storage::Store& store, catalog::Products& products, catalog::Offers& offers, audit::Audit& audit,
               const Clock& clock, events::Events* events, std::uint64_t closed_max)
    : store_(store),
      products_(products),
      offers_(offers),
      audit_(audit),
      clock_(clock),
      events_(events),
      closed_max_(closed_max),
      index_(store, kDraftIndexFamily),
      family_(store.family(kTeamworkFamily)) {}

// --- looking ---

Result<Draft> Drafts::find(const storage::Reader& read, std::uint64_t id) const {
  PF_LET(const auto record, read.get(family_, numbered_key('d', id)));
  if (!record) return no_draft(id);
  return read_draft(id, *record);
}

Result<DraftNow> Drafts::now(const storage::Reader& read, const Draft& draft) const {
  DraftNow out;
  PF_LET(const auto record, products_.find(read, draft.sku));
  out.fields.resize(draft.fields.size());
  if (!record) return out;
  out.there = true;
  out.version = record->version;
  PF_LET(const auto offer, offers_.find(read, draft.sku));
  if (offer) out.offer_version = offer->version;
  for (std::size_t i = 0; i < draft.fields.size(); ++i) {
    const auto& field = draft.fields[i];
    out.fields[i].now = !catalog::is_of_offer(field.at.field) ? catalog::value_of(*record, field.at)
                        : offer                               ? catalog::offer_field(*offer, field.at)
                                                              : std::string();
    out.fields[i].conflict =
        field.state == FieldState::open && out.fields[i].now != field.seen && out.fields[i].now != field.wanted;
  }
  return out;
}

Result<std::vector<Draft>> Drafts::open_of(const storage::Reader& read, std::string_view sku) const {
  std::vector<Draft> out;
  for (auto row = read.scan_prefix(family_, named_prefix('p', sku)); row.valid(); row.next()) {
    PF_LET(auto draft, find(read, get_be64(row.value())));
    out.push_back(std::move(draft));
  }
  return out;
}

Result<std::uint64_t> Drafts::count(const storage::Reader& read, const std::vector<catalog::Condition>& where) const {
  PF_LET(const search::Filter filter, orders::list_filter(kDraftList, {}, where));
  return index_.count(read, filter);
}

Result<DraftPage> Drafts::list(const storage::Reader& read, const DraftQuery& query) const {
  PF_LET(const search::Filter filter, orders::list_filter(kDraftList, query.text, query.where));
  PF_LET(const search::Sort sort, orders::list_sort(kDraftList, query.sort));
  PF_LET(const auto found, index_.page(read, filter, sort, query.count, query.cursor, query.offset));
  DraftPage page;
  page.total = found.total;
  page.next_cursor = found.next_cursor;
  for (const search::Document document : found.documents) {
    PF_LET(auto draft, find(read, std::uint64_t{document} + 1));
    page.drafts.push_back(std::move(draft));
  }
  for (const auto& facet : query.facets) {
    PF_LET(const search::Filter rest, orders::list_filter(kDraftList, query.text, query.where, facet));
    PF_LET(auto counts, index_.facet(read, rest, facet, kFacetTerms));
    page.facets.push_back(std::move(counts));
  }
  return page;
}

// --- keeping ---

Result<> Drafts::describe(const storage::Reader& read, const Record& record, Draft& draft) const {
  draft.family = record.family;
  draft.categories = record.categories;
  PF_LET(const auto title, products_.title(read, draft.sku, {}));
  draft.title = title.value_or(std::string());
  return {};
}

Result<> Drafts::save(storage::Write& work, const Draft* before, Draft& after) {
  after.updated_at = clock_.now();
  if (before != nullptr) ++after.version;
  const std::string record = write_draft(after);
  work.put(family_, numbered_key('d', after.id), record);
  std::string id;
  put_be64(id, after.id);
  if (before == nullptr) {
    work.put(family_, open_draft_key(after.sku, after.author.id), id);
    work.put(family_, draft_of_author_key(after.author.id, after.id), {});
  } else if (before->open() && !after.open()) {
    work.erase(family_, open_draft_key(after.sku, after.author.id));
    work.erase(family_, draft_of_author_key(after.author.id, after.id));
  }
  PF_TRY(index_.update(work, static_cast<search::Document>(after.id - 1),
                       before != nullptr ? index_entry(*before) : search::Entry{}, index_entry(after)));
  if (events_ != nullptr)
    PF_TRY(events_->add(work, before == nullptr ? events::type::kDraftCreated : events::type::kDraftUpdated,
                        json::Value::object({{"id", std::to_string(after.id)},
                                             {"sku", after.sku},
                                             {"author", after.author.name},
                                             {"status", name_of(kDraftStatusNames, status_of(after))}})));
  return after.open() ? Result<>() : forget_closed(work);
}

Result<> Drafts::forget_closed(storage::Write& work) {
  const auto closed = search::without(search::any_of("status", {std::string(kDraftStatusNames[0])}));
  PF_LET(const auto oldest, index_.page(work, closed, {"updated_at", false}, kForgottenAtOnce));
  if (oldest.total <= closed_max_) return {};
  for (const auto document : oldest.documents) {
    PF_LET(const auto draft, find(work, std::uint64_t{document} + 1));
    PF_TRY(index_.update(work, document, index_entry(draft), search::Entry{}));
    work.erase(family_, numbered_key('d', draft.id));
  }
  return {};
}

// --- proposing ---

// Tried in a unit of work that changes the product and is given up, then kept in one of its own, as long as the product
// and the draft are still the same.
Result<Drafts::Proposed> Drafts::propose(const access::Actor& by, const catalog::Sku& sku, const Proposal& proposal,
                                         const MayWrite& may) {
  if (proposal.comment) PF_TRY(check_words("comment", *proposal.comment, kDraftCommentBytesMax));
  const std::string open_key = open_draft_key(sku.raw(), by.id);
  for (int attempt = 0; attempt < kProposeTries; ++attempt) {
    Proposed out;
    Draft before;  // id 0: none
    std::uint64_t product_version = 0;
    std::uint32_t product_document = 0;
    bool tried = false;
    const auto done = store_.write([&](storage::Write& work) -> Result<> {
      PF_LET(const auto record, products_.find(work, sku.raw()));
      if (!record) return error(ErrorCode::not_found, "There is no product with the SKU \"" + sku.raw() + "\".");
      product_version = record->version;
      product_document = record->document;
      before = Draft{};
      PF_LET(const auto known, work.get(family_, open_key));
      if (known) {
        PF_LET(before, find(work, get_be64(*known)));
      }
      std::optional<Record> read;  // the older version that the author read
      if (proposal.read_version && *proposal.read_version < record->version) {
        auto was = products_.as_of(work, sku.raw(), *proposal.read_version);
        if (was.ok())
          read = *std::move(was);
        else if (was.error().code == ErrorCode::internal)
          return was.error();
      }
      Record after;
      PF_LET(auto tried_changes, try_out(work, by, *record, before.fields, proposal, after));
      out.draft = before;
      std::vector<DraftField> fields;
      std::vector<FieldChange> changes;
      for (auto& change : tried_changes) {
        const DraftField* old = field_at(before.fields, change.at);
        if (old != nullptr && old->state == FieldState::open && old->wanted == change.after) {
          fields.push_back(*old);
        } else {
          std::string seen =
              read && !catalog::is_of_offer(change.at.field) ? catalog::value_of(*read, change.at) : change.before;
          if (seen == change.after) continue;  // sent as it was read: what others made of it stays
          fields.push_back({.at = change.at, .seen = std::move(seen), .wanted = change.after});
        }
        changes.push_back(std::move(change));
      }
      // What was decided of this draft stays with it, unless its author says something else of it now.
      for (const auto& old : before.fields)
        if (old.state != FieldState::open && field_at(fields, old.at) == nullptr) fields.push_back(old);
      if (may) PF_TRY(may(after, changes));
      std::size_t bytes = 0;
      for (const auto& field : fields) bytes += field.seen.size() + field.wanted.size();
      if (fields.size() > kDraftFieldsMax)
        return error(ErrorCode::too_large,
                     "A draft has at most " + std::to_string(kDraftFieldsMax) + " fields. Propose it in parts.");
      if (bytes > kDraftBytesMax)
        return error(ErrorCode::too_large, "A draft has at most " + std::to_string(kDraftBytesMax >> 20) +
                                               " MiB of values. Propose it in parts.");
      out.draft.fields = std::move(fields);
      tried = true;
      return error(ErrorCode::conflict, "What is tried is not kept.");
    });
    if (!tried) return done.error();
    bool again = false;
    PF_TRY(store_.write([&](storage::Write& work) -> Result<> {
      again = false;
      PF_LET(const auto stamp, products_.stamp(work, sku.raw()));
      PF_LET(const auto known, work.get(family_, open_key));
      Draft there;
      if (known) {
        PF_LET(there, find(work, get_be64(*known)));
      }
      if (!stamp || stamp->version != product_version || stamp->document != product_document || there.id != before.id ||
          (there.id != 0 && there.version != before.version)) {
        again = true;
        return {};
      }
      return keep(work, by, sku, proposal, before, out);
    }));
    if (!again) return out;
  }
  return error(ErrorCode::unavailable, "Others change this product all the time. Please try again.");
}

Result<std::vector<FieldChange>> Drafts::try_out(storage::Write& work, const access::Actor& by, const Record& record,
                                                 const std::vector<DraftField>& fields, const Proposal& proposal,
                                                 Record& after) {
  const catalog::Sku sku(record.sku);
  PF_LET(const auto offer, offers_.find(work, record.sku));
  PF_LET(const auto drafted, with_open_fields(record, fields));
  if (const auto so_far = catalog::change_between(record, drafted); !catalog::differences(record, drafted).empty())
    PF_TRY(products_.change(work, by, sku, so_far, catalog::WriteMode::update, {}));
  PF_TRY(products_.change(work, by, sku, proposal.change, catalog::WriteMode::update, proposal.locale));
  std::vector<DraftField> open;
  std::ranges::copy_if(fields, std::back_inserter(open), [](const auto& one) { return one.state == FieldState::open; });
  PF_LET(const auto so_far, offer_change_in(open));
  for (const auto* change : {&so_far, &proposal.offer})
    if (!says_nothing(*change)) PF_TRY(offers_.upsert(work, by, sku, *change));
  PF_LET(auto changed, products_.find(work, record.sku));
  after = *std::move(changed);
  PF_LET(const auto priced, offers_.find(work, record.sku));
  auto out = catalog::differences(record, after);
  auto of_offer = catalog::offer_differences(offer ? &*offer : nullptr, priced ? &*priced : nullptr);
  std::ranges::move(of_offer, std::back_inserter(out));
  // What the shop's rules made of it is theirs, and will be made again when it is approved.
  PF_LET(const auto tried, products_.history().page(work, record.sku, {}, kTriedEntries));
  const std::uint64_t offer_version = offer ? offer->version : 0;
  std::erase_if(out, [&](const FieldChange& change) {
    return std::ranges::any_of(tried.entries, [&](const catalog::HistoryEntry& entry) {
      return (entry.version > record.version || entry.offer_version > offer_version) &&
             std::ranges::any_of(entry.changes,
                                 [&](const FieldChange& one) { return one.at == change.at && one.rule.id != 0; });
    });
  });
  return out;
}

Result<> Drafts::keep(storage::Write& work, const access::Actor& by, const catalog::Sku& sku, const Proposal& proposal,
                      const Draft& before, Proposed& out) {
  Draft& draft = out.draft;
  const bool any_open =
      std::ranges::any_of(draft.fields, [](const auto& field) { return field.state == FieldState::open; });
  if (before.id == 0 && !any_open)
    return invalid("change", "nothing", "This would change nothing of the product, so there is nothing to propose.");
  draft.comment = proposal.comment ? std::string(trim(*proposal.comment)) : before.comment;
  if (before.id != 0 && draft.comment == before.comment &&
      std::ranges::equal(draft.fields, before.fields, [](const DraftField& a, const DraftField& b) {
        return a.at == b.at && a.wanted == b.wanted && a.seen == b.seen && a.state == b.state;
      })) {
    out.outcome = Outcome::unchanged;
    return {};
  }
  PF_LET(const auto record, products_.find(work, sku.raw()));
  draft.sku = sku.raw();
  PF_TRY(describe(work, *record, draft));
  if (before.id == 0) {
    std::size_t others = 0;
    for (auto row = work.scan_prefix(family_, named_prefix('p', sku.raw())); row.valid(); row.next()) ++others;
    if (others >= kOpenDraftsOfProductMax)
      return error(ErrorCode::conflict, "There are " + std::to_string(kOpenDraftsOfProductMax) +
                                            " open proposals for this product already. Somebody must decide first.");
    std::size_t own = 0;
    for (auto row = work.scan_prefix(family_, named_prefix('u', by.id)); row.valid(); row.next()) ++own;
    if (own >= kOpenDraftsOfPersonMax)
      return error(ErrorCode::conflict, "You have " + std::to_string(kOpenDraftsOfPersonMax) +
                                            " open drafts. Withdraw some, or wait until somebody has decided.");
    PF_LET(const auto document, index_.add_document(work));
    draft.id = std::uint64_t{document} + 1;
    draft.author = person_of(by);
    draft.created_at = clock_.now();
    out.outcome = Outcome::created;
  } else {
    if (draft.fields.empty()) draft.withdrawn = true;
    out.outcome = Outcome::changed;
  }
  PF_TRY(save(work, before.id == 0 ? nullptr : &before, draft));
  return audit_.append(work, by, before.id == 0 ? "draft.create" : "draft.change", "product:" + draft.sku,
                       json::Value::object({{"draft", std::to_string(draft.id)}, {"fields", names_of(draft)}}));
}

Result<Draft> Drafts::edit(const access::Actor& by, std::uint64_t id, const std::optional<std::string>& comment,
                           const std::vector<FieldName>& without) {
  if (comment) PF_TRY(check_words("comment", *comment, kDraftCommentBytesMax));
  Draft draft;
  PF_TRY(store_.write([&](storage::Write& work) -> Result<> {
    PF_LET(const auto before, find(work, id));
    PF_TRY(its_author(by, before));
    PF_TRY(still_open(before));
    draft = before;
    if (comment) draft.comment = std::string(trim(*comment));
    std::erase_if(draft.fields, [&](const DraftField& field) { return is_meant(before.fields, without, field); });
    if (draft.comment == before.comment && draft.fields.size() == before.fields.size()) return {};
    if (draft.fields.empty()) draft.withdrawn = true;
    PF_TRY(save(work, &before, draft));
    return audit_.append(work, by, "draft.change", "product:" + draft.sku,
                         json::Value::object({{"draft", std::to_string(id)}, {"fields", names_of(draft)}}));
  }));
  return draft;
}

Result<Draft> Drafts::withdraw(const access::Actor& by, std::uint64_t id) {
  Draft draft;
  PF_TRY(store_.write([&](storage::Write& work) -> Result<> {
    PF_LET(const auto before, find(work, id));
    PF_TRY(its_author(by, before));
    draft = before;
    if (before.withdrawn) return {};
    PF_TRY(still_open(before));
    draft.withdrawn = true;
    PF_TRY(save(work, &before, draft));
    return audit_.append(work, by, "draft.withdraw", "product:" + draft.sku,
                         json::Value::object({{"draft", std::to_string(id)}}));
  }));
  return draft;
}

// --- deciding ---

Result<Draft> Drafts::decide(const access::Actor& by, std::uint64_t id, const Verdict& verdict, const MayWrite& may) {
  PF_TRY(check_words("comment", verdict.word, kWordBytesMax));
  Draft draft;
  PF_TRY(store_.write([&](storage::Write& work) -> Result<> {
    PF_LET(const auto before, find(work, id));
    PF_TRY(still_open(before));
    if (verdict.read_version && *verdict.read_version != before.version) return stale_draft();
    draft = before;
    std::vector<DraftField*> chosen;
    for (auto& field : draft.fields)
      if (verdict.fields ? is_meant(before.fields, *verdict.fields, field) : field.state == FieldState::open)
        chosen.push_back(&field);
    if (verdict.fields)
      for (std::size_t i = 0; i < verdict.fields->size(); ++i) {
        const auto& at = (*verdict.fields)[i];
        if (std::ranges::none_of(chosen, [&](const auto* field) { return field->at == at; }))
          return invalid("fields[" + std::to_string(i) + "]", "unknown",
                         "\"" + catalog::field_words(at) + "\" is no open field of this draft.");
      }
    if (chosen.empty()) return invalid("fields", "required", "Name the fields that this is about, or none for all.");
    json::Value names = json::Value::array();
    for (const auto* field : chosen) names.push(catalog::field_words(field->at));
    if (verdict.approve) PF_TRY(approve(work, by, before, chosen, verdict, may));
    for (auto* field : chosen) {
      field->state = verdict.approve ? FieldState::approved : FieldState::rejected;
      field->decided_by = by.name;
      field->word = std::string(trim(verdict.word));
      field->decided_at = clock_.now();
    }
    PF_TRY(save(work, &before, draft));
    return audit_.append(
        work, by, verdict.approve ? "draft.approve" : "draft.reject", "product:" + draft.sku,
        json::Value::object(
            {{"draft", std::to_string(id)}, {"proposed_by", draft.author.name}, {"fields", std::move(names)}}));
  }));
  return draft;
}

Result<> Drafts::approve(storage::Write& work, const access::Actor& by, const Draft& draft,
                         const std::vector<DraftField*>& chosen, const Verdict& verdict, const MayWrite& may) {
  PF_LET(const auto record, products_.find(work, draft.sku));
  if (!record) return no_product(draft.sku);
  std::optional<Record> seen;  // by the reviewer
  if (verdict.seen_version && *verdict.seen_version < record->version) {
    auto was = products_.as_of(work, draft.sku, *verdict.seen_version);
    if (was.ok())
      seen = *std::move(was);
    else if (was.error().code == ErrorCode::internal)
      return was.error();
  }
  const bool saw_now = verdict.seen_version && *verdict.seen_version == record->version;
  PF_LET(const auto offer, offers_.find(work, draft.sku));
  const bool saw_offer = verdict.seen_offer_version && *verdict.seen_offer_version == (offer ? offer->version : 0);
  Error conflicts = error(ErrorCode::conflict, "");
  Record after = *record;
  std::vector<DraftField> of_offer;
  for (const auto* field : chosen) {
    const bool is_offers = catalog::is_of_offer(field->at.field);
    const std::string now = !is_offers ? catalog::value_of(*record, field->at)
                            : offer    ? catalog::offer_field(*offer, field->at)
                                       : std::string();
    const bool known = is_offers ? saw_offer : saw_now || (seen && catalog::value_of(*seen, field->at) == now);
    if (now != field->seen && now != field->wanted && !known)
      conflicts.faults.push_back({catalog::field_words(field->at), "conflict",
                                  "Somebody changed this field after it was proposed. Look at what it is now."});
    if (is_offers)
      of_offer.push_back(*field);
    else
      PF_TRY(catalog::put_value(after, field->at, field->wanted));
  }
  if (!conflicts.faults.empty()) {
    conflicts.message = conflicts.faults.size() == 1 ? conflicts.faults[0].field + ": " + conflicts.faults[0].message
                                                     : std::to_string(conflicts.faults.size()) +
                                                           " fields were changed after they were proposed.";
    return conflicts;
  }
  const catalog::Origin origin{.kind = catalog::Origin::Kind::draft, .id = draft.id, .author = draft.author.name};
  PF_LET(const auto sku, catalog::parse_sku(draft.sku));
  const bool rewritten = !catalog::same_content(*record, after);
  if (rewritten)
    PF_TRY(products_.change(work, by, sku, catalog::change_between(*record, after), catalog::WriteMode::update, {}, {},
                            {}, nullptr, origin));
  PF_LET(const auto prices, offer_change_in(of_offer));
  if (!of_offer.empty()) PF_TRY(offers_.upsert(work, by, sku, prices, origin));
  if (may && (rewritten || !of_offer.empty())) {
    auto changes = catalog::differences(*record, after);
    for (const auto& field : of_offer) changes.push_back({field.at, field.seen, field.wanted});
    PF_TRY(may(after, changes));
  }
  return {};
}

}  // namespace pf::teamwork
