// How the vault opens: its ring, and its secrets that outlive a change of the master key.
#include "crypto/crypto.h"
#include "productflow/text.h"
#include "vault/vault_impl.h"
#include "vault/vault_keys.h"

namespace pf::vault {
namespace {

constexpr std::string_view kRidSecret = "rid", kSignerSecret = "signer";

// What the store knows of the ring (vault_keys.h).
struct Seen {
  std::string ring_id;
  std::uint64_t generation = 0;
  std::uint32_t destroyed_upto = 0, sealed_upto = 0;
  Time sealed_floor{};
};

Result<std::optional<Seen>> read_seen(const storage::Reader& read, storage::FamilyRef own) {
  PF_LET(const auto record, read.get(own, kRingSeenKey));
  if (!record) return std::optional<Seen>{};
  const std::string_view bytes = *record;
  constexpr std::size_t kShort = kRingIdBytes + 12, kLong = kShort + 12;
  if (bytes.size() != kShort && bytes.size() != kLong)
    return error(ErrorCode::internal, "What the database knows of the key ring is damaged. Restore a backup.");
  Seen seen{std::string(bytes.substr(0, kRingIdBytes)), get_be64(bytes.substr(kRingIdBytes)),
            get_be32(bytes.substr(kRingIdBytes + 8))};
  if (bytes.size() == kLong) {
    seen.sealed_upto = get_be32(bytes.substr(kShort));
    seen.sealed_floor = Time{milliseconds{static_cast<std::int64_t>(get_be64(bytes.substr(kShort + 4)))}};
  }
  return std::optional<Seen>(std::move(seen));
}

// Whether this is the ring that the store saw last, or a newer state of it.
Result<> check_ring(const RingHeader& header, const Seen& seen, bool remaking, const std::filesystem::path& folder) {
  if (seen.ring_id != header.ring_id) {
    if (remaking) return {};
    return error(ErrorCode::unavailable,
                 "The key ring in " + folder.string() + " belongs to another shop. Put back this shop's own.");
  }
  // One generation less is the other page of a ring whose newest page the disk lost.
  if (header.generation + 1 < seen.generation || header.destroyed_upto < seen.destroyed_upto)
    return error(ErrorCode::unavailable, "The key ring in " + folder.string() +
                                             " is an old copy. Put back the newest; an old one is not used, because "
                                             "it holds keys that were destroyed since.");
  return {};
}

}  // namespace

std::optional<crypto::SecretBytes> Vault::Impl::open_kept(std::string_view name, std::string_view kept) const {
  if (kept.size() <= kNonceBytes) return std::nullopt;
  return crypto::gcm_open(ring.secret_key().bytes(), kept.substr(0, kNonceBytes), secret_binding(name),
                          kept.substr(kNonceBytes));
}

std::string Vault::Impl::secret_binding(std::string_view name) const {
  return "pf.secret.v1" + ring.header().ring_id + std::string(name);
}

Result<crypto::SecretBytes> Vault::Impl::secret(std::string_view name,
                                                const std::function<crypto::SecretBytes()>& make) {
  PF_LET(const auto kept, store.read().get(own, secret_key(name)));
  if (kept)
    if (auto opened = open_kept(name, *kept)) return *std::move(opened);
  // None yet, or one of a ring that was lost.
  crypto::SecretBytes made = make();
  const std::string nonce = crypto::random_bytes(kNonceBytes);
  PF_TRY(store.write_even_when_full([&](storage::Write& work) -> Result<> {
    work.put(own, secret_key(name),
             nonce + crypto::gcm_seal(ring.secret_key().bytes(), nonce, secret_binding(name), made.bytes()));
    return {};
  }));
  return made;
}

Result<> Vault::Impl::load_secrets() {
  PF_LET(rid_key, secret(kRidSecret, [&] { return ring.rid_key(); }));
  PF_LET(const auto seed, secret(kSignerSecret, [] { return crypto::SecretBytes::random(kKeyBytes); }));
  if (rid_key.size() != kKeyBytes || seed.size() != kKeyBytes) return damaged_error();
  signer.key = crypto::signing_key_of(seed.bytes());
  return {};
}

Result<Vault::Impl::KeptSecrets> Vault::Impl::kept_secrets() const {
  const auto read = store.read();
  PF_LET(auto rid, read.get(own, secret_key(kRidSecret)));
  PF_LET(auto seed, read.get(own, secret_key(kSignerSecret)));
  return KeptSecrets{rid.value_or(""), seed.value_or("")};
}

Result<> Vault::Impl::open_secrets(const KeptSecrets& kept) {
  auto rid = open_kept(kRidSecret, kept.rid);
  const auto seed = open_kept(kSignerSecret, kept.signer);
  if (!rid || !seed || rid->size() != kKeyBytes || seed->size() != kKeyBytes) return damaged_error();
  rid_key = *std::move(rid);
  signer.key = crypto::signing_key_of(seed->bytes());
  return {};
}

Result<> Vault::Impl::write_seen(const std::string& record) {
  return store.write_even_when_full([&](storage::Write& work) -> Result<> {
    work.put(own, kRingSeenKey, record);
    work.erase(own, kRemakingKey);
    return {};
  });
}

std::string Vault::Impl::seen_record(std::uint32_t upto, Time floor) const {
  std::string record = ring.header().ring_id;
  put_be64(record, ring.header().generation);
  if (!ring.is_sealed()) {
    put_be32(record, ring.header().destroyed_upto);
    return record;
  }
  put_be32(record, 0);  // what its header says by itself is not known to be the newest line
  put_be32(record, upto);
  put_be64(record, static_cast<std::uint64_t>(floor.time_since_epoch().count()));
  return record;
}

Result<> Vault::Impl::remember_ring() {
  std::string record;
  {
    const std::lock_guard lock(mutex);
    record = seen_record(sealed_upto, sealed_floor);
  }
  return write_seen(record);
}

Result<> Vault::Impl::note_while_sealed() {
  std::string record;
  std::uint32_t line = 0;
  Time t{};
  {
    const std::lock_guard lock(mutex);
    if (!ring.is_sealed()) return {};
    t = keeper.now();
    line = std::max({live_min_at(t), ring.header().destroyed_upto, sealed_upto});
    if (line == sealed_upto && epoch_of(t) == epoch_of(sealed_floor)) return {};
    record = seen_record(line, t);
  }
  PF_TRY(write_seen(record));
  const std::lock_guard lock(mutex);
  sealed_upto = std::max(sealed_upto, line);
  sealed_floor = std::max(sealed_floor, t);
  return {};
}

Result<> Vault::Impl::note_forgery(storage::Write& work) {
  if (!ring.was_forged()) return {};
  return audit.append(work, access::system_actor(), "vault.header_forged", "", json::Value::object({}));
}

std::vector<storage::Family> Vault::families(const LiveMin& live_min) {
  const auto dead = [&](bool (*rule)(std::string_view, std::uint32_t)) -> std::function<bool(std::string_view)> {
    if (!live_min) return {};
    return [live_min, rule](std::string_view key) { return rule(key, live_min->load()); };
  };
  using Kind = storage::Family::Kind;
  return {{.name = std::string(kPiiFamily), .kind = Kind::sealed, .is_dead = dead(record_is_dead), .cut_bytes = 2},
          {.name = std::string(kIndexFamily), .kind = Kind::sealed, .is_dead = dead(index_is_dead), .cut_bytes = 2},
          {.name = std::string(kVaultFamily)}};
}

Vault::Vault(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Vault::~Vault() = default;

Result<std::unique_ptr<Vault>> Vault::open(storage::Store& store, audit::Audit& audit, const Clock& clock,
                                           const std::filesystem::path& folder, const LiveMin& live_min) {
  const std::filesystem::path ring_folder = folder / "keyring";
  const storage::FamilyRef own = store.family(kVaultFamily);
  PF_LET(const auto seen, read_seen(store.read(), own));
  if (seen && !Ring::exists(ring_folder))
    // Written down before another ring is made: a crash after that must not leave the shop with a stranger's ring.
    PF_TRY(store.write_even_when_full([&](storage::Write& work) -> Result<> {
      PF_LET(const auto known, work.get(own, kRemakingKey));
      if (known) return {};
      work.put(own, kRemakingKey, "");
      return audit.append(work, access::system_actor(), "vault.ring_lost", "",
                          json::Value::object({{"lost", hex(seen->ring_id)}}));
    }));
  RingKnown known;
  if (seen) known = {seen->ring_id, seen->sealed_upto, seen->sealed_floor};
  PF_LET(auto ring, Ring::open(ring_folder, clock, known));
  PF_LET(const auto remaking, store.read().get(own, kRemakingKey));
  if (seen) PF_TRY(check_ring(ring.header(), *seen, remaking.has_value(), ring_folder));

  auto impl = std::make_unique<Impl>(store, audit, clock, std::move(ring),
                                     live_min ? live_min : std::make_shared<std::atomic<std::uint32_t>>(0));
  impl->signer.shop = hex(impl->ring.header().ring_id);
  impl->sealed_upto = impl->ring.header().destroyed_upto;
  impl->sealed_floor = known.floor;
  if (!impl->ring.is_sealed()) PF_TRY(impl->load_secrets());
  if (!impl->ring.is_sealed() && impl->ring.was_forged())
    PF_TRY(store.write_even_when_full([&](storage::Write& work) { return impl->note_forgery(work); }));
  PF_LET(impl->certified_upto, last_certified(store.read(), own));
  PF_TRY(impl->note_while_sealed());
  auto vault = std::unique_ptr<Vault>(new Vault(std::move(impl)));
  {
    const std::lock_guard lock(vault->impl_->mutex);
    PF_TRY(vault->impl_->destroy_due());
    PF_TRY(vault->impl_->keep_floor(true));
  }
  PF_TRY(vault->impl_->remember_ring());
  return vault;
}

}  // namespace pf::vault
