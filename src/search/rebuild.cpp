#include "search/rebuild.h"

#include <map>
#include <optional>
#include <set>

#include "search/index_keys.h"
#include "search/index_records.h"

namespace pf::search {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMadeAtOnce = 500;         // documents of a unit of work of the new index
constexpr std::size_t kSuspectsMax = 50'000;     // places that wait to be looked at: some ten megabytes of keys
constexpr std::size_t kMendedAtOnce = 200;       // documents of a unit of work of the index in use, whose writers wait
constexpr std::size_t kRecordsWatched = 10'000;  // counted or compared between two questions whether to stop

Error stopped() {
  return error(ErrorCode::conflict, "The index was not rebuilt to the end: it was stopped.");
}

bool names_values(std::string_view key) {
  return key.starts_with(kValuesKey);
}
// What one record says of its documents: the value of each, or that it is there.
using Said = std::map<Document, std::string>;
Said said_by(std::string_view key, std::string_view record) {
  Said said;
  if (names_values(key)) {
    const Document first = get_be32(key.substr(key.size() - 4)) << 8;
    ChunkRecord chunk(record);
    unsigned char document = 0;
    for (std::string_view value; chunk.next(document, value);) said.emplace(first | document, value);
    return said;
  }
  const Document first = static_cast<Document>(key_block(key)) << 16;
  const Bitmap documents = BlockRecord(record).take();
  std::vector<std::uint32_t> all(roaring_bitmap_get_cardinality(documents.get()));
  roaring_bitmap_to_uint32_array(documents.get(), all.data());
  for (const std::uint32_t document : all) said.emplace(first | document, std::string());
  return said;
}
std::optional<std::string> said_of(Document document, std::string_view key, const std::optional<std::string>& record) {
  if (!record) return std::nullopt;
  const Said said = said_by(key, *record);
  const auto found = said.find(document);
  return found == said.end() ? std::nullopt : std::optional(found->second);
}

// A folder that is there as long as this is.
struct Beside {
  explicit Beside(fs::path at) : folder(std::move(at)) { remove(); }
  Beside(const Beside&) = delete;
  Beside& operator=(const Beside&) = delete;
  ~Beside() { remove(); }
  void remove() const {
    std::error_code ignored;
    fs::remove_all(folder, ignored);
  }
  fs::path folder;
};

class Rebuilding {
 public:
  Rebuilding(storage::Store& store, storage::FamilyRef family, storage::Store& beside, const Coarse& coarse,
             const Source& source, const Watch& watch)
      : store_(store),
        family_(family),
        beside_(beside),
        source_(source),
        watch_(watch),
        anew_(beside, kAnew, coarse),
        one_(beside, kOne, coarse) {}

  static std::vector<storage::Family> families() {
    return {Index::family(std::string(kAnew)), Index::family(std::string(kOne))};
  }

  Result<Rebuilt> run() {
    PF_TRY(make());
    PF_TRY(count());
    PF_TRY(compare());
    PF_TRY(mend());
    PF_TRY(mend_next());
    return done_;
  }

 private:
  static constexpr std::string_view kAnew = "anew";
  static constexpr std::string_view kOne = "one";  // nothing is ever kept here

  // A snapshot for each unit: one that is held long keeps the bytes of the dead (security.md 2.4). What changes
  // meanwhile is suspected, and found to be right when it is looked at.
  Result<> make() {
    std::string place;
    for (bool more = true; more;) {
      std::vector<std::pair<Document, Entry>> some;
      {
        const auto read = store_.read();
        while (more && some.size() < kMadeAtOnce) {
          PF_LET(more, source_.some(read, place, [&](Document document, Entry entry) -> Result<> {
            some.emplace_back(document, std::move(entry));
            return {};
          }));
        }
      }
      PF_TRY(beside_.write([&](storage::Write& work) -> Result<> {
        for (const auto& [document, entry] : some) PF_TRY(anew_.update(work, document, {}, entry));
        return {};
      }));
      for (const auto& [document, entry] : some) last_ = std::max(last_, document);
      done_.documents += some.size();
      if (!goes_on()) return stopped();
    }
    return {};
  }

  // How many records there are to compare, for whoever wants to know how far that is: a walk through the new index
  // alone is a small part of what made it.
  Result<> count() {
    const storage::FamilyRef made_in = beside_.family(kAnew);
    std::string from;
    for (bool more = true; more;) {
      const auto read = beside_.read();
      auto made = read.scan(made_in, from, "");
      for (std::size_t seen = 0; seen < kRecordsWatched && made.valid(); ++seen, ++made_) made.next();
      more = made.valid();
      if (more) from = made.key();
      if (!goes_on()) return stopped();
    }
    return {};
  }

  // The two walk side by side; where one has no record, it says nothing of any document.
  Result<> compare() {
    const storage::FamilyRef made_in = beside_.family(kAnew);
    std::string from;
    for (bool more = true; more;) {
      const auto read = store_.read(), read_anew = beside_.read();
      auto kept = read.scan(family_, from, ""), made = read_anew.scan(made_in, from, "");
      for (std::size_t seen = 0; seen < kRecordsWatched && suspects_ < kSuspectsMax; ++seen) {
        more = kept.valid() || made.valid();
        if (!more) break;
        const bool has_kept = kept.valid() && (!made.valid() || kept.key() <= made.key());
        const bool has_made = made.valid() && (!kept.valid() || made.key() <= kept.key());
        const std::string key(has_kept ? kept.key() : made.key());
        const std::string_view old_record = has_kept ? kept.value() : std::string_view();
        const std::string_view new_record = has_made ? made.value() : std::string_view();
        if (key != kNextDocumentKey && key != kCoarseKey && old_record != new_record)
          suspect(key, said_by(key, old_record), said_by(key, new_record));
        if (has_kept) kept.next();
        if (has_made) {
          made.next();
          ++compared_;
        }
        from = key + '\0';
      }
      if (suspects_ >= kSuspectsMax) PF_TRY(mend());
      if (!goes_on()) return stopped();
    }
    return {};
  }

  void suspect(const std::string& key, const Said& kept, const Said& made) {
    const auto note = [&](Document document) {
      suspected_[document].push_back(key);
      ++suspects_;
    };
    for (const auto& [document, value] : kept)
      if (const auto other = made.find(document); other == made.end() || other->second != value) note(document);
    for (const auto& [document, value] : made)
      if (!kept.contains(document)) note(document);
  }

  // Under the writer lock: what was suspected is compared with what the document contributes now.
  Result<> mend() {
    while (!suspected_.empty()) {
      std::uint64_t mended = 0;
      const auto end =
          std::next(suspected_.begin(), static_cast<std::ptrdiff_t>(std::min(kMendedAtOnce, suspected_.size())));
      PF_TRY(store_.write([&](storage::Write& work) -> Result<> {
        mended = 0;
        for (auto at = suspected_.begin(); at != end; ++at) PF_TRY(mend_one(work, at->first, at->second, mended));
        tell_mended(work, mended);
        return {};
      }));
      done_.mended += mended;
      suspected_.erase(suspected_.begin(), end);
      if (!goes_on()) return stopped();
    }
    suspects_ = 0;
    return {};
  }

  Result<> mend_one(storage::Write& work, Document document, const std::vector<std::string>& keys,
                    std::uint64_t& mended) {
    PF_LET(const Entry now, source_.entry_of(work, document));
    std::vector<std::optional<std::string>> wanted;
    // An index of this document alone, in a unit of work that is given up.
    const Error given_up = error(ErrorCode::conflict, "given up");
    const auto looked = beside_.write([&](storage::Write& alone) -> Result<> {
      PF_TRY(one_.update(alone, document, {}, now));
      for (const std::string& key : keys) {
        PF_LET(const auto record, alone.get(beside_.family(kOne), key));
        wanted.push_back(said_of(document, key, record));
      }
      return given_up;
    });
    if (wanted.size() != keys.size()) return looked;
    for (std::size_t i = 0; i < keys.size(); ++i) {
      PF_LET(const auto record, work.get(family_, keys[i]));
      if (said_of(document, keys[i], record) == wanted[i]) continue;
      std::string operand;
      if (!names_values(keys[i]))
        put_document(operand, within_block(document), wanted[i].has_value());
      else if (wanted[i])
        put_value(operand, within_chunk(document), *wanted[i]);
      else
        drop_value(operand, within_chunk(document));
      work.merge(family_, keys[i], operand);
      ++mended;
    }
    return {};
  }

  // No document's number is given a second time.
  Result<> mend_next() {
    if (done_.documents == 0) return {};
    bool mended = false;
    PF_TRY(store_.write([&](storage::Write& work) -> Result<> {
      PF_LET(const auto next, work.get(family_, kNextDocumentKey));
      mended = !next || next->size() != 4 || get_be32(*next) <= last_;
      if (!mended) return {};
      std::string right;
      put_be32(right, last_ + 1);
      work.put(family_, kNextDocumentKey, right);
      tell_mended(work, 1);
      return {};
    }));
    done_.mended += mended ? 1 : 0;
    return {};
  }

  bool goes_on() const {
    const auto percent = made_ == 0 ? 0 : static_cast<unsigned>(compared_ * 100 / made_);
    return !watch_.goes_on || watch_.goes_on(done_, percent);
  }
  void tell_mended(storage::Write& work, std::uint64_t in_it) const {
    if (in_it > 0 && watch_.mends) watch_.mends(work, done_.mended + in_it);
  }

  storage::Store& store_;
  const storage::FamilyRef family_;
  storage::Store& beside_;
  const Source& source_;
  const Watch& watch_;
  Index anew_, one_;
  Rebuilt done_{};
  Document last_ = 0;
  std::uint64_t made_ = 0, compared_ = 0;                     // records of the new index
  std::map<Document, std::vector<std::string>> suspected_{};  // keys of the places
  std::size_t suspects_ = 0;
};

}  // namespace

Result<Rebuilt> rebuild(storage::Store& store, std::string_view family, const Coarse& coarse, const Source& source,
                        const std::filesystem::path& folder, const Watch& watch) {
  const Beside beside(folder);
  PF_LET(const auto made, storage::Store::open(folder, Rebuilding::families(), {.create_if_missing = true}));
  return Rebuilding(store, store.family(family), *made, coarse, source, watch).run();
}

}  // namespace pf::search
