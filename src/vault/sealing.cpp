// The vault is sealed and unsealed, and its master key changed, while the shop serves.
#include "productflow/text.h"
#include "vault/vault_impl.h"
#include "vault/vault_keys.h"

namespace pf::vault {
namespace {

json::Value key_details(KeyProvider provider, std::string_view place) {
  return json::Value::object({{"provider", provider_name(provider)}, {"place", place}});
}

// Something was tried and did not fit; else it was mistyped or left out, or the disk or the memory is at fault.
bool is_guess(const Error& refusal) {
  return !refusal.faults.empty() && refusal.faults[0].code == "wrong";
}

}  // namespace

void Vault::Impl::forget_keys(std::string because) {
  ring.seal(std::move(because));
  rid_key = {};
  signer.key.secret = {};
}

// `purge_mutex` is held throughout: a certificate that is being signed keeps its key.
Result<> Vault::seal_up(const access::Actor& by) {
  const std::lock_guard purging(impl_->purge_mutex);
  {
    const std::lock_guard lock(impl_->mutex);
    if (impl_->ring.is_sealed()) return error(ErrorCode::conflict, "The vault is sealed already.");
  }
  PF_TRY(impl_->store.write_even_when_full(
      [&](storage::Write& work) { return impl_->audit.append(work, by, "vault.seal", "", json::Value::object({})); }));
  {
    const std::lock_guard lock(impl_->mutex);
    PF_TRY(impl_->destroy_due());
    PF_TRY(impl_->keep_floor(true));
    impl_->forget_keys("It was sealed by hand.");
    impl_->sealed_upto = impl_->ring.header().destroyed_upto;
    impl_->sealed_floor = impl_->ring.header().floor;
  }
  return impl_->remember_ring();
}

Result<> Vault::unseal(const access::Actor& by, const KeyOffer& offer) {
  {
    const std::lock_guard purging(impl_->purge_mutex);
    PF_TRY(impl_->note_while_sealed());
    PF_LET(const auto kept, impl_->kept_secrets());
    MasterPage page;
    {
      const std::lock_guard lock(impl_->mutex);
      if (!impl_->ring.is_sealed()) return error(ErrorCode::conflict, "The vault is not sealed.");
      const auto hour = std::chrono::floor<std::chrono::hours>(impl_->clock.since_boot()).count();
      if (std::exchange(impl_->unseal_hour, hour) != hour) impl_->unseal_failures = 0;
      if (impl_->unseal_failures >= kUnsealTriesPerHour)
        return error(ErrorCode::too_many, "The vault was not opened 20 times in this hour. Please wait for the next.");
      page = impl_->ring.master_key().page();
    }
    const auto opened = [&]() -> Result<> {
      PF_LET(const auto secret, given_secret(page, offer));
      const std::lock_guard lock(impl_->mutex);
      PF_TRY(impl_->ring.unseal(secret));
      auto secrets = impl_->open_secrets(kept);
      if (!secrets.ok()) impl_->forget_keys("Opening it did not succeed.");
      return secrets;
    }();
    const auto noted = impl_->store.write_even_when_full([&](storage::Write& work) -> Result<> {
      PF_TRY(impl_->audit.append(work, by, opened.ok() ? "vault.unseal" : "vault.unseal_failed", "",
                                 key_details(page.provider, page.place)));
      return opened.ok() ? impl_->note_forgery(work) : Result<>();
    });
    const std::lock_guard lock(impl_->mutex);
    if (!opened.ok()) {
      if (is_guess(opened.error())) ++impl_->unseal_failures;
      return opened;
    }
    if (!noted.ok()) {  // nobody would know who opened it
      impl_->forget_keys("Opening it did not succeed.");
      return noted;
    }
    impl_->unseal_failures = 0;
    impl_->keeper.at_least(impl_->ring.header().floor);  // a sealed start may have gone by a forged header
    PF_TRY(impl_->keep_floor(true));
    impl_->purged_before = false;  // what died meanwhile gets its certificate
  }
  PF_TRY(impl_->remember_ring());
  return tick();
}

Result<> Vault::change_key(const access::Actor& by, const KeyChange& change) {
  const std::lock_guard purging(impl_->purge_mutex);  // also so that one passphrase at a time takes its memory
  {
    const std::lock_guard lock(impl_->mutex);
    if (impl_->ring.is_sealed()) return sealed_error();
  }
  PF_LET(auto lock_made, new_lock(change));
  PF_TRY(impl_->store.write_even_when_full([&](storage::Write& work) {
    return impl_->audit.append(work, by, "vault.key_change", "", key_details(lock_made.provider, lock_made.place));
  }));
  {
    const std::lock_guard lock(impl_->mutex);
    const auto changed = impl_->ring.change_master(std::move(lock_made));
    // Once the new lock holds, the rest is done again by the next beat.
    if (!changed.ok() && !impl_->ring.is_changing()) return changed;
  }
  return impl_->remember_ring();
}

Result<crypto::SecretBytes> Vault::archive_wrap() const {
  const std::lock_guard lock(impl_->mutex);
  if (impl_->ring.is_sealed()) return sealed_error();
  return crypto::hkdf_sha256(impl_->ring.secret_key().bytes(), impl_->ring.header().ring_id, "pf/v1/archive",
                             kKeyBytes);
}

Result<Vault::RingCopy> Vault::copy_ring() const {
  const std::lock_guard lock(impl_->mutex);
  if (impl_->ring.is_sealed()) return sealed_error();
  PF_TRY(impl_->ring.finish_change());  // the copy has one master key
  RingCopy copy;
  copy.generation = impl_->ring.header().generation;
  copy.master = crypto::SecretBytes::copy_of(impl_->ring.master().bytes());
  PF_LET(copy.ring, impl_->ring.bytes());
  return copy;
}

}  // namespace pf::vault
