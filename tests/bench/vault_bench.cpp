// vault_bench [--folder DIR] [--buyers N]: what sealing, revealing and purging cost, beside OpenSSL's own AES-256-GCM
// on the same bytes. In one process, on a real store; prints one table. Never a timed test.
#include <fmt/core.h>
#include <openssl/evp.h>

#include <algorithm>
#include <atomic>
#include <thread>

#include "arguments.h"
#include "machine.h"
#include "table.h"
#include "throw_away_folder.h"
#include "vault/vault.h"

namespace pf::bench {
namespace {

namespace fs = std::filesystem;
using Watch = std::chrono::steady_clock;

constexpr std::size_t kInUnit = 500;  // orders of a unit of work, as an import has them

double seconds_from(Watch::time_point start) {
  return std::chrono::duration<double>(Watch::now() - start).count();
}

class MovedClock final : public Clock {
 public:
  Time now() const override { return Time{milliseconds{now_.load()}}; }
  milliseconds since_boot() const override { return milliseconds{now_.load()}; }
  std::string boot_id() const override { return "bench"; }
  void pass(milliseconds d) { now_ += d.count(); }

 private:
  std::atomic<std::int64_t> now_{1'790'000'000'000};
};

vault::Buyer buyer_of(std::size_t number) {
  const std::string n = std::to_string(number);
  vault::Buyer buyer;
  buyer.fields.emplace_back(
      vault::Field::shipping,
      vault::Private(R"({"first_name":"Jan","last_name":"Jansen )" + n +
                     R"(","street_name":"Lange Nieuwstraat","house_number":"12","zip_code":"1234 AB",)"
                     R"("city":"Utrecht","country_code":"NL"})"));
  buyer.fields.emplace_back(vault::Field::email, vault::Private("jan" + n + "@example.com"));
  buyer.fields.emplace_back(vault::Field::phone, vault::Private("+31 6 1234 " + n));
  return buyer;
}

// The same three texts, padded as the vault pads them, by OpenSSL alone: one key, one context, a nonce that counts.
double openssl_records_per_second(bool seal) {
  constexpr std::size_t kSizes[] = {256, 64, 64};
  constexpr int kRounds = 60'000;
  EVP_CIPHER_CTX* context = EVP_CIPHER_CTX_new();
  const EVP_CIPHER* cipher = EVP_CIPHER_fetch(nullptr, "AES-256-GCM", nullptr);
  const std::string plain(256, 'p'), bound(80, 'a');
  std::string out(512, '\0'), key(32, 'k'), nonce(12, '\0'), tag(16, '\0');
  const auto bytes = [](const std::string& text) { return reinterpret_cast<const unsigned char*>(text.data()); };
  auto* to = reinterpret_cast<unsigned char*>(out.data());
  const auto start = Watch::now();
  for (int round = 0; round < kRounds; ++round)
    for (const std::size_t size : kSizes) {
      int written = 0;
      ++nonce[static_cast<std::size_t>(round % 12)];
      if (seal) {
        EVP_EncryptInit_ex2(context, cipher, bytes(key), bytes(nonce), nullptr);
        EVP_EncryptUpdate(context, nullptr, &written, bytes(bound), static_cast<int>(bound.size()));
        EVP_EncryptUpdate(context, to, &written, bytes(plain), static_cast<int>(size));
        EVP_EncryptFinal_ex(context, to + written, &written);
        EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, 16, tag.data());
      } else {  // whether the tag holds costs the same
        EVP_DecryptInit_ex2(context, cipher, bytes(key), bytes(nonce), nullptr);
        EVP_DecryptUpdate(context, nullptr, &written, bytes(bound), static_cast<int>(bound.size()));
        EVP_DecryptUpdate(context, to, &written, bytes(plain), static_cast<int>(size));
        EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, 16, tag.data());
        static_cast<void>(EVP_DecryptFinal_ex(context, to + written, &written));
      }
    }
  const double per_second = kRounds * 3 / seconds_from(start);
  EVP_CIPHER_CTX_free(context);
  return per_second;
}

Result<> measure(const fs::path& folder, std::uint64_t buyers, Table& table) {
  MovedClock clock;
  const auto live_min = std::make_shared<std::atomic<std::uint32_t>>(0);
  auto families = vault::Vault::families(live_min);
  for (auto& family : audit::Audit::families()) families.push_back(std::move(family));
  PF_LET(const auto store, storage::Store::open(folder, std::move(families), {.create_if_missing = true}));
  audit::Audit audit(*store, clock);
  PF_LET(const auto vault, vault::Vault::open(*store, audit, clock, folder, live_min));

  table.heading("Seal buyers of three fields, found by four values, in units of " + std::to_string(kInUnit));
  std::vector<std::pair<std::string, vault::PersonRef>> sealed;
  const auto seal_start = Watch::now();
  for (std::size_t done = 0; done < buyers;) {
    PF_TRY(store->write([&](storage::Write& work) -> Result<> {
      for (std::size_t i = 0; i < kInUnit && done < buyers; ++i, ++done) {
        const std::string number = std::to_string(done);
        PF_LET(auto ref, vault->seal(work, {"bench", number}, clock.now(), buyer_of(done)));
        if (sealed.size() < 20'000) sealed.emplace_back(number, std::move(ref));
      }
      return {};
    }));
    clock.pass(std::chrono::seconds{1});
  }
  const double seals = static_cast<double>(buyers * 3) / seconds_from(seal_start);
  const double raw_seals = openssl_records_per_second(true), raw_opens = openssl_records_per_second(false);
  table.row({"sealed records, durable, with their index", whole(seals) + " /s",
             "OpenSSL alone: " + whole(raw_seals) + " /s", percent(seals, raw_seals)});

  table.heading("Show buyers");
  const auto read = [&]() -> Result<> {
    const auto snapshot = store->read();
    const auto start = Watch::now();
    for (const auto& [number, ref] : sealed) PF_TRY(vault->masked(snapshot, {"bench", number}, ref));
    const double opens = static_cast<double>(sealed.size() * 3) / seconds_from(start);
    table.row({"records opened and masked, no audit", whole(opens) + " /s",
               "OpenSSL alone: " + whole(raw_opens) + " /s", percent(opens, raw_opens)});
    return {};
  };
  PF_TRY(read());
  PF_LET(const double syncs, fdatasyncs_per_second(folder, std::chrono::milliseconds{500}));
  const std::size_t reveals = std::min<std::size_t>(sealed.size(), 300);
  const auto reveal_start = Watch::now();
  for (std::size_t i = 0; i < reveals; ++i)
    PF_TRY(store->write([&](storage::Write& work) -> Result<> {
      PF_TRY(vault->reveal(work, access::system_actor(), "bench", {"bench", sealed[i].first}, sealed[i].second,
                           "order:1"));
      return {};
    }));
  const double revealed = static_cast<double>(reveals) / seconds_from(reveal_start);
  table.row({"buyers revealed, one caller, audited and durable", whole(revealed) + " /s",
             "fdatasync of 4 KiB: " + whole(syncs) + " /s", percent(revealed, syncs)});

  table.heading("Purge " + whole(static_cast<double>(buyers * 3)) + " expired records");
  // A day later some live: reads go on beside the purge.
  clock.pass(std::chrono::hours{24});
  std::vector<std::pair<std::string, vault::PersonRef>> living;
  PF_TRY(store->write([&](storage::Write& work) -> Result<> {
    for (std::size_t i = 0; i < 200; ++i) {
      PF_LET(auto ref, vault->seal(work, {"bench", "young" + std::to_string(i)}, clock.now(), buyer_of(i)));
      living.emplace_back("young" + std::to_string(i), std::move(ref));
    }
    return {};
  }));
  clock.pass(std::chrono::hours{29 * 24 + 2});
  std::atomic<bool> going{true};
  std::vector<double> reads;
  std::thread reader([&] {  // 100 a second
    for (std::size_t i = 0; going; ++i) {
      const auto start = Watch::now();
      const auto& [number, ref] = living[i % living.size()];
      if (vault->masked(store->read(), {"bench", number}, ref).ok()) reads.push_back(seconds_from(start) * 1e3);
      std::this_thread::sleep_until(start + std::chrono::milliseconds{10});
    }
  });
  const auto purge_start = Watch::now();
  std::atomic<double> no_key{0};
  std::thread watcher([&] {
    while (going && vault->state(sealed.front().second) == vault::PersonState::present) std::this_thread::yield();
    no_key = seconds_from(purge_start);
  });
  auto purged = vault->purge(access::system_actor(), false);
  for (int again = 0; purged.ok() && !purged->figures.clean && again < 50; ++again)  // a read was open at the last look
    purged = vault->purge(access::system_actor(), false);
  const double all = seconds_from(purge_start);
  going = false;
  watcher.join();
  reader.join();
  PF_TRY(std::move(purged));
  table.row({"until nobody can be read", decimals(no_key * 1e3, 1) + " ms", "", "", "10 s"});
  table.row({"until no byte is left", decimals(all, 2) + " s", "", "", "60 s"});
  std::ranges::sort(reads);
  if (!reads.empty())
    table.row({"reads meanwhile, p99", decimals(reads[reads.size() * 99 / 100], 2) + " ms",
               whole(static_cast<double>(reads.size())) + " reads", "", "50 ms"});
  return {};
}

}  // namespace
}  // namespace pf::bench

int main(int argc, char** argv) {
  std::string folder = std::filesystem::temp_directory_path().string();
  std::uint64_t buyers = 333'334;  // a million records
  if (const auto end =
          pf::bench::read_arguments(argc, argv, "Measures the vault on this machine.",
                                    {{"--folder", &folder, "On the disk to measure; a throw-away folder is made in it"},
                                     {"--buyers", &buyers, "How many", 100, 10'000'000}})) {
    return *end;
  }
  return pf::bench::in_throw_away_folder("vault_bench", folder, [&](const auto& inside, auto& table) {
    return pf::bench::measure(inside, buyers, table);
  });
}
