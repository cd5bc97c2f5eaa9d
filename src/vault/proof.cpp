// Proof that a text is gone, or where it is: every file is read through, whatever packing or encoding hides it.
#include <algorithm>

#include "productflow/text.h"
#include "search/index.h"
#include "storage/read_through.h"
#include "vault/blind_index.h"
#include "vault/needles.h"
#include "vault/vault_impl.h"
#include "vault/vault_keys.h"

namespace pf::vault {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kSampleAt = kRecordHeadBytes + kNonceBytes, kSampleBytes = 32;  // ciphertext: nowhere by chance
constexpr std::size_t kUnreadableMax = 100;                                           // named in the answer

bool holds(const Private& text, const std::string& folded) {
  return search::folded(text.in_the_clear()).find(folded) != std::string::npos;
}

}  // namespace

Result<std::vector<Holding>> Vault::holdings(const storage::Reader& read, const Subject& subject, const PersonRef& ref,
                                             std::string_view text) const {
  std::vector<Holding> found;
  if (state(ref) == PersonState::purged) return found;
  auto buyer = impl_->open_all(read, subject, ref);
  if (!buyer.ok()) {
    if (buyer.error().code == ErrorCode::gone) return found;  // meanwhile
    return buyer.error();
  }
  const std::string folded = search::folded(text);
  bool by_index = false;  // first and last name stand apart in an address, and so do the digits of a number
  for (auto& [field, value] : index_values(*buyer)) {
    by_index = by_index || value == normalised(field, text);
    crypto::wipe(value);
  }
  for (const auto& [field, value] : buyer->fields) {
    if (!holds(value, folded) && !by_index) continue;
    PF_LET(const auto record, read.get(impl_->pii, record_key(ref.epoch, ref.rid, field)));
    if (record && record->size() >= kSampleAt + kSampleBytes)
      found.push_back({field, record->substr(kSampleAt, kSampleBytes)});
  }
  return found;
}

Result<Proof> Vault::search_files(const fs::path& folder, std::string_view text,
                                  const std::vector<Holding>& held) const {
  Needles needles;
  needles.add_text(text);
  for (const Holding& one : held) needles.add("sealed, of a buyer who lives", one.sealed);
  {
    const std::lock_guard lock(impl_->mutex);
    if (impl_->ring.is_sealed()) return sealed_error();  // a proof that leaves out who lives would prove nothing
    const Time t = impl_->keeper.now();
    for (const IndexField field : {IndexField::email, IndexField::phone, IndexField::postcode, IndexField::name}) {
      const std::string wanted = normalised(field, text);
      if (wanted.empty()) continue;
      for (std::uint32_t day = day_of(live_min_at(t)); day <= day_of(epoch_of(t)); ++day)
        if (const auto secret = impl_->ring.live_key(KeyType::index, day))
          needles.add("as a search token of a day that lives", index_token(*secret, field, wanted));
    }
  }

  Proof proof;
  std::error_code fault;
  fs::recursive_directory_iterator walk(folder, fault), end;
  if (fault)
    return error(ErrorCode::not_found, "There is no folder " + folder.string() + " that can be read on this machine.");
  for (; walk != end; walk.increment(fault)) {
    if (fault) break;
    std::error_code unreadable;
    if (!walk->is_regular_file(unreadable)) continue;
    const std::string name = fs::relative(walk->path(), folder, unreadable).string();
    std::vector<std::pair<std::string, std::uint64_t>> counts;
    const auto read = storage::read_through(walk->path(), needles.longest(),
                                            [&](std::string_view bytes) { needles.count(bytes, counts); });
    if (!read.ok()) {
      if (proof.unreadable.size() < kUnreadableMax) proof.unreadable.push_back(name);
      continue;
    }
    if (!*read) continue;  // tidied away while we walked
    ++proof.files;
    proof.bytes += walk->file_size(unreadable);
    for (const auto& [what, count] : counts) proof.traces.push_back({name, what, count});
  }
  if (fault) proof.unreadable.push_back(folder.string());
  std::ranges::sort(proof.traces, {}, &Trace::file);
  return proof;
}

}  // namespace pf::vault
