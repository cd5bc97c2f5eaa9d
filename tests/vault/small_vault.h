// A vault on a real store in a throw-away folder, with a clock that the test moves, and buyers to seal.
#pragma once

#include <doctest/doctest.h>

#include <fstream>
#include <memory>

#include "disk.h"
#include "productflow/bytes.h"
#include "support/hand_clock.h"
#include "support/temp_folder.h"
#include "vault/vault.h"
#include "vault/vault_keys.h"

namespace pf::test {

inline void overwrite(const std::filesystem::path& path, std::string_view bytes) {
  std::ofstream out(path, std::ios::binary | std::ios::trunc);
  out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
}
// The files below a folder that hold the bytes.
inline std::vector<std::string> files_holding(const std::filesystem::path& folder, std::string_view needle) {
  std::vector<std::string> found;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder))
    if (entry.is_regular_file() && file_bytes(entry.path()).find(needle) != std::string::npos)
      found.push_back(entry.path().filename().string());
  return found;
}

inline vault::Buyer a_buyer(const std::string& name = "Quillonbury", const std::string& email = "zyx@example.com") {
  vault::Buyer buyer;
  const std::string address = R"({"first_name":"Zyxander","last_name":")" + name +
                              R"(","street_name":"Vexillologylaan","house_number":"77","zip_code":"9876 ZX",)" +
                              R"("city":"Quillonstad","country_code":"NL"})";
  buyer.fields.emplace_back(vault::Field::shipping, vault::Private(address));
  buyer.fields.emplace_back(vault::Field::email, vault::Private(email));
  buyer.fields.emplace_back(vault::Field::phone, vault::Private("+31 (0)97 0000 0123"));
  buyer.fields.emplace_back(vault::Field::message, vault::Private("Ring twice"));
  return buyer;
}

struct SmallVault {
  NoSync quick;
  TempFolder folder;
  HandClock clock;
  vault::Vault::LiveMin live_min = std::make_shared<std::atomic<std::uint32_t>>(0);
  std::unique_ptr<storage::Store> store;
  std::unique_ptr<audit::Audit> audit;
  std::unique_ptr<vault::Vault> vault;

  SmallVault() {
    const auto opened = open();
    REQUIRE_MESSAGE(opened.ok(), (opened.ok() ? "" : opened.error().message));
  }
  void close() {
    vault.reset();
    audit.reset();
    store.reset();
  }
  Result<> open() {
    close();
    auto families = vault::Vault::families(live_min);
    for (auto& family : audit::Audit::families()) families.push_back(std::move(family));
    PF_LET(store, storage::Store::open(folder.path(), std::move(families),
                                       {.create_if_missing = true, .free_bytes_reserve = 0}));
    audit = std::make_unique<audit::Audit>(*store, clock);
    PF_LET(vault, vault::Vault::open(*store, *audit, clock, folder.path(), live_min));
    return {};
  }
  void reopen() {
    const auto opened = open();
    REQUIRE_MESSAGE(opened.ok(), (opened.ok() ? "" : opened.error().message));
  }
  std::filesystem::path ring_file() const { return folder.path() / "keyring" / "ring.bin"; }

  vault::PersonRef seal(const std::string& number, std::optional<Time> created = std::nullopt,
                        const vault::Buyer& buyer = a_buyer()) {
    vault::PersonRef ref;
    const auto done = store->write([&](storage::Write& work) -> Result<> {
      PF_LET(ref, vault->seal(work, {"manual", number}, created.value_or(clock.now()), buyer));
      return {};
    });
    REQUIRE_MESSAGE(done.ok(), (done.ok() ? "" : done.error().message));
    return ref;
  }
  Result<vault::Buyer> reveal(const std::string& number, const vault::PersonRef& ref, std::string_view reason = "test",
                              const access::Actor& by = access::system_actor()) {
    vault::Buyer buyer;
    PF_TRY(store->write([&](storage::Write& work) -> Result<> {
      PF_LET(buyer, vault->reveal(work, by, reason, {"manual", number}, ref, "order:" + number));
      return {};
    }));
    return buyer;
  }
  std::string email_of(const std::string& number, const vault::PersonRef& ref) {
    const auto buyer = reveal(number, ref);
    if (!buyer.ok()) return buyer.error().code == ErrorCode::gone ? "gone" : buyer.error().message;
    const auto* email = buyer->find(vault::Field::email);
    return email == nullptr ? "none" : email->in_the_clear();
  }
  std::size_t found(vault::IndexField field, std::string_view value) {
    const auto hits = vault->find(store->read(), field, value);
    REQUIRE(hits.ok());
    return hits->size();
  }
  std::size_t records() {
    std::size_t count = 0;
    const auto read = store->read();
    for (auto row = read.scan(store->family("pii"), "", ""); row.valid(); row.next()) ++count;
    return count;
  }
};

}  // namespace pf::test
