#include "archive/archive.h"

#include <doctest/doctest.h>

#include "archive/archive_keys.h"
#include "vault/small_vault.h"

using namespace pf;
using namespace pf::archive;

namespace {

constexpr std::string_view kDocument = "%PDF-1.4 Zyxander Quillonbury, Vexillologylaan 77";

// A vault and an archive on one store; both are opened anew like a restart.
struct SmallArchive {
  test::NoSync quick;
  test::TempFolder folder;
  test::HandClock clock;
  vault::Vault::LiveMin live_min = std::make_shared<std::atomic<std::uint32_t>>(0);
  Archive::LiveYear live_year = std::make_shared<std::atomic<std::uint16_t>>(std::uint16_t{0});
  std::unique_ptr<storage::Store> store;
  std::unique_ptr<audit::Audit> audit;
  std::unique_ptr<vault::Vault> vault;
  std::unique_ptr<Archive> archive;
  access::Actor owner{access::Actor::Kind::user, "u1", "owner", access::all_permissions(), "", true};
  int year = 0;

  SmallArchive() {
    open();
    year = static_cast<int>(std::chrono::year_month_day(std::chrono::floor<std::chrono::days>(clock.now())).year());
  }
  void open() {
    archive.reset();
    vault.reset();
    audit.reset();
    store.reset();
    auto families = vault::Vault::families(live_min);
    for (const auto& more : {audit::Audit::families(), Archive::families(live_year)})
      families.insert(families.end(), more.begin(), more.end());
    store =
        std::move(*storage::Store::open(folder.path(), families, {.create_if_missing = true, .free_bytes_reserve = 0}));
    audit = std::make_unique<audit::Audit>(*store, clock);
    vault = std::move(*vault::Vault::open(*store, *audit, clock, folder.path(), live_min));
    archive = std::move(*Archive::open(*store, *vault, *audit, folder.path(), live_year));
  }
  Result<> keep(const std::string& name, int years, std::string_view bytes = kDocument) {
    return store->write(
        [&](storage::Write& work) { return archive->keep(work, {.on = true, .years = years}, name, year, bytes); });
  }
  // Time that the machine has run through, a day at a beat, as the vault believes it.
  void pass_to_year(int wanted) {
    const Time then{std::chrono::sys_days{std::chrono::year{wanted} / 1 / 2}};
    while (clock.now() < then) {
      clock.pass(std::chrono::hours{24 * 30});
      REQUIRE(vault->tick().ok());
    }
  }
  ErrorCode refusal(const std::string& name, const access::Actor& by, std::string_view why = "tax audit") {
    const auto got = archive->reveal(by, name, why);
    return got.ok() ? ErrorCode::internal : got.error().code;
  }
};

}  // namespace

TEST_CASE("archive: it is off, and while nothing is kept there is no key and no byte of it") {
  SmallArchive shop;
  CHECK_FALSE(shop.archive->settings(shop.store->read())->on);
  REQUIRE(shop.archive->tick().ok());
  CHECK_FALSE(std::filesystem::exists(shop.folder.path() / "keyring" / "archive.bin"));
  CHECK(shop.archive->years(shop.store->read())->empty());
  CHECK_FALSE(shop.archive->save_settings(shop.owner, {.on = true, .years = 31}).ok());
  REQUIRE(shop.archive->save_settings(shop.owner, {.on = true, .years = 7}).ok());
  shop.open();
  CHECK(*shop.archive->settings(shop.store->read()) == ArchiveSettings{true, 7});
  CHECK(years_for("NL") == 7);
  CHECK(years_for("DE") == 8);
  CHECK(years_for("XX") == 10);
}

TEST_CASE("archive: a document is read with the right and a reason alone, and each look is in the audit log") {
  SmallArchive shop;
  REQUIRE(shop.keep("INV-1", 7).ok());
  CHECK(shop.keep("INV-1", 7).error().code == ErrorCode::conflict);
  shop.open();
  CHECK(*shop.archive->reveal(shop.owner, "INV-1", "tax audit") == kDocument);
  access::Actor clerk = shop.owner;
  clerk.may.reset(static_cast<std::size_t>(access::Permission::archive_read));
  CHECK(shop.refusal("INV-1", clerk) == ErrorCode::forbidden);
  CHECK(shop.refusal("INV-1", shop.owner, " ") == ErrorCode::invalid);
  CHECK(shop.refusal("INV-2", shop.owner) == ErrorCode::not_found);
  for (std::uint32_t i = 1; i < kLooksPerHourMax; ++i) REQUIRE(shop.archive->reveal(shop.owner, "INV-1", "x").ok());
  CHECK(shop.refusal("INV-1", shop.owner) == ErrorCode::too_many);
  std::size_t looks = 0;
  const auto entries = *shop.audit->page(shop.store->read(), 0, 1'000);
  for (const auto& entry : entries) looks += entry.action == "archive.reveal";
  CHECK(looks == kLooksPerHourMax);
  // Neither the bytes nor the backup of a database hold it in the clear, and without its keys nobody reads it.
  REQUIRE(shop.store->flush_all().ok());
  CHECK(test::files_holding(shop.folder.path(), "Quillonbury").empty());
  std::filesystem::rename(shop.folder.path() / "keyring" / "archive.bin", shop.folder.path() / "away");
  shop.clock.pass(std::chrono::hours{1});
  shop.open();
  CHECK(shop.refusal("INV-1", shop.owner) == ErrorCode::unavailable);
}

TEST_CASE("archive: a document of another name, year or shop does not open, nor one with an altered bit") {
  SmallArchive shop;
  REQUIRE(shop.keep("INV-1", 7).ok());
  REQUIRE(shop.keep("INV-2", 7, "another").ok());
  const auto family = shop.store->family(kArchiveFamily);
  std::vector<std::pair<std::string, std::string>> records;
  {
    const auto read = shop.store->read();
    for (auto row = read.scan(family, "", ""); row.valid(); row.next()) records.emplace_back(row.key(), row.value());
  }
  REQUIRE(records.size() == 2);
  const auto put = [&](const std::string& key, const std::string& value) {
    REQUIRE(shop.store
                ->write([&](storage::Write& work) -> Result<> {
                  work.put(family, key, value);
                  return {};
                })
                .ok());
  };
  put(records[0].first, records[1].second);
  put(records[1].first, records[0].second);
  for (const char* name : {"INV-1", "INV-2"}) CHECK(shop.refusal(name, shop.owner) == ErrorCode::internal);
  std::string bent = records[0].second;
  bent.back() = static_cast<char>(bent.back() ^ 1);
  put(records[0].first, bent);
  put(records[1].first, records[1].second.substr(0, 20));
  for (const char* name : {"INV-1", "INV-2"}) CHECK(shop.refusal(name, shop.owner) == ErrorCode::internal);
}

TEST_CASE("archive: when its years are over a document is gone, key first, with a certificate, and the others stay") {
  SmallArchive shop;
  REQUIRE(shop.keep("SHORT", 1).ok());
  REQUIRE(shop.keep("LONG", 2).ok());
  shop.pass_to_year(shop.year + 2);
  const auto purged = shop.archive->tick();
  REQUIRE_MESSAGE(purged.ok(), (purged.ok() ? "" : purged.error().message));
  REQUIRE(purged->has_value());
  CHECK((*purged)->years == std::vector<std::uint16_t>{static_cast<std::uint16_t>(shop.year + 2)});
  CHECK((*purged)->documents == 1);
  CHECK((*purged)->figures.clean);
  CHECK(shop.refusal("SHORT", shop.owner) == ErrorCode::gone);
  CHECK(*shop.archive->reveal(shop.owner, "LONG", "tax audit") == kDocument);
  const auto read = shop.store->read();
  CHECK(shop.vault->verify_certificates(read)->fault.empty());
  const auto certificate = *shop.vault->certificate(read, (*purged)->certificate);
  REQUIRE(certificate.has_value());
  CHECK(certificate->statement.find("\"kind\":\"archive\"") != std::string::npos);
  CHECK_FALSE(shop.archive->tick()->has_value());  // once
  const auto years = *shop.archive->years(read);
  REQUIRE(years.size() == 1);
  CHECK(years[0].readable);
}

TEST_CASE("archive: a sealed vault takes and shows no document, and destroys what is due all the same") {
  SmallArchive shop;
  REQUIRE(shop.keep("INV-1", 1).ok());
  REQUIRE(shop.vault
              ->change_key(shop.owner, {.provider = vault::KeyProvider::passphrase,
                                        .passphrase = crypto::SecretBytes::copy_of("four quiet words here")})
              .ok());
  CHECK(*shop.archive->reveal(shop.owner, "INV-1", "tax audit") == kDocument);  // whatever the master key is
  REQUIRE(shop.vault->seal_up(shop.owner).ok());
  CHECK(vault::is_sealed_error(shop.keep("INV-2", 1).error()));
  CHECK(shop.refusal("INV-1", shop.owner) == ErrorCode::unavailable);
  shop.pass_to_year(shop.year + 2);
  CHECK_FALSE(shop.archive->tick()->has_value());
  CHECK_FALSE(shop.archive->years(shop.store->read())->at(0).readable);
  REQUIRE(shop.vault->unseal(shop.owner, {.passphrase = crypto::SecretBytes::copy_of("four quiet words here")}).ok());
  CHECK(shop.archive->tick()->has_value());
  CHECK(shop.refusal("INV-1", shop.owner) == ErrorCode::gone);
}
