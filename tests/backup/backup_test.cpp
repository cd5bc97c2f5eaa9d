#include "archive/archive_ring.h"
#include "backup/backup.h"

#include <doctest/doctest.h>

#include <fstream>

#include "backup/backup_format.h"
#include "productflow/text.h"
#include "support/temp_folder.h"

using namespace pf;
using namespace pf::backup;

namespace fs = std::filesystem;

namespace {

std::string bytes_of(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}
void put(const fs::path& path, std::string_view bytes) {
  fs::create_directories(path.parent_path());
  std::ofstream out(path, std::ios::binary | std::ios::trunc);
  out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
}

struct Shop {
  test::TempFolder folder, elsewhere;
  crypto::BoxKeys keys = crypto::make_box_keys();
  std::unique_ptr<storage::Store> store;
  About about{Time{milliseconds{1'790'000'000'000}}, "shop-id", "1.0"};

  Shop() {
    store = std::move(*storage::Store::open(folder.path(), {{.name = "things"}},
                                            {.create_if_missing = true, .free_bytes_reserve = 0}));
    for (int i = 0; i < 50; ++i) keep("k" + std::to_string(i), std::string(500, static_cast<char>('a' + i % 26)));
    put(folder.path() / "tls" / "ca.pem", "certificate");
    put(folder.path() / "spool" / "upload", std::string(200'000, 's'));
    put(folder.path() / "empty", "");
    put(folder.path() / "keyring" / "ring.bin", "the keys of buyers");
    put(folder.path() / "keyring" / "master.key", "the master key");
  }
  void keep(const std::string& key, const std::string& value) {
    REQUIRE(store
                ->write([&](storage::Write& work) -> Result<> {
                  work.put(store->family("things"), key, value);
                  return {};
                })
                .ok());
  }
  std::string made(Written* written = nullptr) {
    std::string all;
    const auto done = write_backup(*store, folder.path(), keys.open, about, [&](std::string_view piece) {
      all += piece;
      return true;
    });
    REQUIRE_MESSAGE(done.ok(), (done.ok() ? "" : done.error().message));
    if (written != nullptr) *written = *done;
    return all;
  }
  static Source source(const std::string& all, std::size_t piece = 10'000) {
    return [&all, at = std::size_t{0}, piece]() mutable -> Result<std::string> {
      std::string out = all.substr(std::min(at, all.size()), piece);
      at += out.size();
      return out;
    };
  }
  Result<Contents> read(const std::string& all, const std::optional<fs::path>& target = std::nullopt) {
    return read_backup(source(all), keys, target);
  }
};

}  // namespace

TEST_CASE("backup: what was kept comes back, all but the key ring, and nothing is left beside the shop") {
  Shop shop;
  Written written;
  const std::string all = shop.made(&written);
  CHECK(all.starts_with("PFBACKUP"));
  CHECK(all.ends_with(kEnd));
  CHECK_FALSE(fs::exists(shop.folder.path() / "backup.making"));
  shop.keep("later", "not in it");
  const auto target = shop.elsewhere.path() / "restored";
  const auto contents = shop.read(all, target);
  REQUIRE_MESSAGE(contents.ok(), (contents.ok() ? "" : contents.error().message));
  CHECK(contents->files == written.files);
  CHECK(contents->bytes == written.bytes);
  CHECK(contents->about.made_at == shop.about.made_at);
  CHECK(contents->about.shop == "shop-id");
  CHECK_FALSE(fs::exists(target / "keyring"));
  CHECK_FALSE(fs::exists(target / "LOCK"));
  CHECK(bytes_of(target / "tls" / "ca.pem") == "certificate");
  CHECK(bytes_of(target / "spool" / "upload").size() == 200'000);
  CHECK(fs::file_size(target / "empty") == 0);
  CHECK((fs::status(target).permissions() & fs::perms::others_all) == fs::perms::none);
  const auto store = storage::Store::open(target, {{.name = "things"}}, {.free_bytes_reserve = 0});
  REQUIRE(store.ok());
  const auto read = (*store)->read();
  for (int i = 0; i < 50; ++i)
    CHECK(**read.get((*store)->family("things"), "k" + std::to_string(i)) ==
          std::string(500, static_cast<char>('a' + i % 26)));
  CHECK_FALSE(*read.get((*store)->family("things"), "later"));
}

TEST_CASE("backup: nothing in it can be read without the secret key, and another key is told so") {
  Shop shop;
  const std::string all = shop.made();
  for (const char* word : {"certificate", "ca.pem", "shop-id", "MANIFEST", "the keys of buyers"})
    CHECK(all.find(word) == std::string::npos);
  CHECK(all != shop.made());  // every backup has a key of its own
  const auto other = crypto::make_box_keys();
  const auto refused = read_backup(Shop::source(all), other, std::nullopt);
  REQUIRE_FALSE(refused.ok());
  CHECK(refused.error().message.find("another key") != std::string::npos);
}

TEST_CASE("backup: any flipped byte, a cut end, an added or swapped piece is noticed, and leaves no half shop") {
  Shop shop;
  const std::string all = shop.made();
  REQUIRE(shop.read(all).ok());
  const auto target = shop.elsewhere.path() / "restored";
  const auto refused = [&](const std::string& bad) {
    const auto contents = shop.read(bad, target);
    CHECK_FALSE(fs::exists(target));
    return !contents.ok();
  };
  const std::size_t step = all.size() / 150 + 1;
  for (std::size_t byte = 0; byte < all.size(); byte += byte < 130 ? 1 : step) {
    std::string bad = all;
    bad[byte] = static_cast<char>(bad[byte] ^ 4);
    REQUIRE_MESSAGE(refused(bad), byte);
  }
  for (std::size_t size = 0; size < all.size(); size += size < 130 ? 1 : step)
    REQUIRE_MESSAGE(refused(all.substr(0, size)), size);
  CHECK(refused(all.substr(0, all.size() - 1)));
  CHECK(refused(all + "x"));
  CHECK(refused(all + all));
  CHECK(
      refused("no backup at all, but long enough to be taken for one at the first glance, if nobody looks at what it "
              "says of itself, which a careful reader does before anything else"));
  // Two pieces of the same size changed places.
  const std::size_t head = kMagic.size() + 4 + kRecipientBytes + crypto::kBoxKeyBytes + crypto::kBoxSealBytes +
                           crypto::kStreamHeadBytes,
                    piece = 4 + kPieceBytes + crypto::kStreamSealBytes;
  REQUIRE(all.size() > head + 2 * piece);
  CHECK(refused(all.substr(0, head) + all.substr(head + piece, piece) + all.substr(head, piece) +
                all.substr(head + 2 * piece)));
  CHECK(refused(all.substr(0, head + piece) + all.substr(head + 2 * piece)));  // one is missing
}

TEST_CASE("backup: an entry that wants out of the folder, or into the key ring, is refused") {
  // A backup that somebody with the open key has made up: sealed well, and hostile.
  const auto keys = crypto::make_box_keys();
  const auto made_up = [&](const std::string& path) {
    const auto key = crypto::SecretBytes::random(crypto::kStreamKeyBytes);
    crypto::StreamSeal stream(key.bytes());
    std::string head(kMagic);
    put_be32(head, kVersion);
    head += recipient_of(keys.open) + *crypto::box_seal(keys.open, key.bytes()) + stream.head();
    const auto entry = [](EntryKind kind, const std::string& name, const std::string& bytes) {
      return entry_head(kind, name, bytes.size()) + bytes + crypto::sha256(bytes);
    };
    std::string sums;
    put_be64(sums, 1);
    put_be64(sums, 4);
    const std::string sealed = stream.seal(entry(EntryKind::about, "", R"({"made_at":"2026-01-01T00:00:00Z"})") +
                                               entry(EntryKind::file, path, "evil") + entry(EntryKind::end, "", sums),
                                           head, crypto::Piece::last);
    put_be32(head, static_cast<std::uint32_t>(sealed.size()));
    return head + sealed + std::string(kEnd);
  };
  test::TempFolder folder;
  const auto target = folder.path() / "a" / "b";
  for (const char* path :
       {"../evil", "a/../../evil", "/etc/evil", "a//evil", "", ".", "..", "a/./evil", "keyring/ring.bin", "a\\b"}) {
    const std::string all = made_up(path);
    const auto refused = read_backup(Shop::source(all), keys, target);
    REQUIRE_MESSAGE(!refused.ok(), path);
    CHECK_FALSE(fs::exists(target));
  }
  CHECK_FALSE(fs::exists(folder.path() / "evil"));
  const std::string fine = made_up("db/fine");
  REQUIRE(read_backup(Shop::source(fine), keys, target).ok());
  CHECK(bytes_of(target / "db" / "fine") == "evil");
  CHECK(read_backup(Shop::source(fine), keys, target).error().code == ErrorCode::conflict);  // not empty
}

TEST_CASE("backup: what is written beside the database while one is made does not come with it") {
  Shop shop;
  put(shop.folder.path() / "audit.checkpoints", "1 as the database is\n");
  std::string all;
  const auto done =
      write_backup(*shop.store, shop.folder.path(), shop.keys.open, shop.about, [&](std::string_view piece) {
        // The hour strikes: a newer entry is signed, which this backup's database does not hold.
        put(shop.folder.path() / "audit.checkpoints", "1 as the database is\n2 newer\n");
        all += piece;
        return true;
      });
  REQUIRE(done.ok());
  const fs::path target = shop.folder.path() / "restored";
  REQUIRE(shop.read(all, target).ok());
  CHECK(bytes_of(target / "audit.checkpoints") == "1 as the database is\n");
}

TEST_CASE("backup: when nobody takes it any more, it ends and tidies up") {
  Shop shop;
  int pieces = 0;
  const auto stopped = write_backup(*shop.store, shop.folder.path(), shop.keys.open, shop.about,
                                    [&](std::string_view) { return ++pieces < 3; });
  REQUIRE_FALSE(stopped.ok());
  CHECK(stopped.error().code == ErrorCode::unavailable);
  CHECK_FALSE(fs::exists(shop.folder.path() / "backup.making"));
  put(shop.folder.path() / "backup.making" / "db" / "000001.sst", "left by a crash");
  tidy(shop.folder.path());
  CHECK_FALSE(fs::exists(shop.folder.path() / "backup.making"));
}

TEST_CASE("backup: while one is being made, a purge says that it holds the old files, and is clean afterwards") {
  test::TempFolder folder;
  auto store = std::move(
      *storage::Store::open(folder.path(), {{.name = "sealed", .kind = storage::Family::Kind::sealed, .cut_bytes = 1}},
                            {.create_if_missing = true, .free_bytes_reserve = 0}));
  const storage::FamilyRef sealed[] = {store->family("sealed")};
  REQUIRE(store
              ->write([&](storage::Write& work) -> Result<> {
                work.put(sealed[0], "a", "ciphertext");
                return {};
              })
              .ok());
  bool looked = false;
  const auto keys = crypto::make_box_keys();
  REQUIRE(write_backup(*store, folder.path(), keys.open, {}, [&](std::string_view) {
            if (looked) return true;
            looked = true;
            const auto purged = store->purge_range(sealed, "", "b");
            REQUIRE(purged.ok());
            CHECK_FALSE(purged->clean);
            CHECK(purged->remaining.find("copy") != std::string::npos);
            return true;
          }).ok());
  CHECK(looked);
  CHECK(store->purge_range(sealed, "", "b")->clean);
}

TEST_CASE("backup: keys are texts that come back, and anything else is refused by its field") {
  const auto keys = crypto::make_box_keys();
  CHECK(*read_open_key("  " + open_key_text(keys.open) + "\n") == keys.open);
  CHECK(read_secret_key(secret_key_text(keys))->open == keys.open);
  for (const std::string& bad :
       {std::string(), std::string("pf-backup-1:"), open_key_text(keys.open) + "A", open_key_text(keys.open).substr(1),
        secret_key_text(keys), std::string("pf-backup-1:!!!")}) {
    const auto refused = read_open_key(bad);
    REQUIRE_FALSE(refused.ok());
    CHECK(refused.error().faults[0].field == "key");
  }
  CHECK_FALSE(read_secret_key(open_key_text(keys.open)).ok());
}

TEST_CASE("escrow: it has one size, is rewritten in place, and opens for the owner alone") {
  test::TempFolder folder;
  const auto file = folder.path() / "ring.escrow";
  const auto keys = crypto::make_box_keys(), other = crypto::make_box_keys();
  const std::string master(32, 'm'), old_ring(5'000, 'o'), new_ring(5'000, 'n');
  const std::string first = *seal_escrow(keys.open, 1, master, old_ring);
  REQUIRE(write_escrow(file, first).ok());
  const auto size = fs::file_size(file);
  REQUIRE(write_escrow(file, *seal_escrow(keys.open, 2, master, new_ring)).ok());
  CHECK(fs::file_size(file) == size);
  CHECK(bytes_of(file).find(first.substr(8)) == std::string::npos);  // the old one is nowhere in it
  const auto escrow = read_escrow(file, keys);
  REQUIRE(escrow.ok());
  CHECK(escrow->ring.bytes() == new_ring);
  CHECK(escrow->master.bytes() == master);
  CHECK_FALSE(read_escrow(file, other).ok());
  CHECK_FALSE(read_escrow(folder.path() / "nothing", keys).ok());

  const std::string whole = bytes_of(file), newer = *seal_escrow(keys.open, 3, master, std::string(5'000, 'x'));
  for (const std::size_t cut : {std::size_t{1}, newer.size() / 2, newer.size() - 1, newer.size(), newer.size() + 100}) {
    std::string torn = whole;  // as a power cut leaves it
    torn.replace(0, std::min(cut, newer.size()), newer.substr(0, cut));
    if (cut > newer.size()) torn.replace(newer.size(), cut - newer.size(), newer.substr(0, cut - newer.size()));
    put(file, torn);
    const auto opened = read_escrow(file, keys);
    REQUIRE_MESSAGE(opened.ok(), cut);
    CHECK((opened->ring.bytes() == new_ring || cut >= newer.size()));
  }
  put(file, whole.substr(0, 100));
  CHECK_FALSE(read_escrow(file, keys).ok());
  CHECK(write_escrow(file, newer).error().code == ErrorCode::conflict);  // something else lies there

  put(file, whole);
  REQUIRE(put_back_ring(folder.path() / "shop", *escrow).ok());
  CHECK(bytes_of(folder.path() / "shop" / "keyring" / "ring.bin") == new_ring);
  CHECK_FALSE(put_back_ring(folder.path() / "shop", *escrow).ok());  // never over a ring
  CHECK_FALSE(fs::exists(folder.path() / "shop" / "keyring" / "archive.bin"));
}

TEST_CASE("escrow: the archive's keys are in it, and one from before the archive grows once") {
  test::TempFolder folder;
  const auto file = folder.path() / "ring.escrow";
  const auto keys = crypto::make_box_keys();
  const std::string master(32, 'm'), ring(5'000, 'r'), archive(archive::kArchiveRingBytes, 'a');
  std::string former(8, '\0');  // generation, and sealed master and ring alone
  former += *crypto::box_seal(keys.open, master + ring);
  put(file, former + former);
  const auto old = read_escrow(file, keys);
  REQUIRE(old.ok());
  CHECK(old->ring.bytes() == ring);
  CHECK(old->archive.empty());
  REQUIRE(write_escrow(file, *seal_escrow(keys.open, 1, master, ring, archive)).ok());
  const auto size = fs::file_size(file);
  const auto escrow = read_escrow(file, keys);
  REQUIRE(escrow.ok());
  CHECK(escrow->ring.bytes() == ring);
  CHECK(escrow->archive.bytes() == archive);
  REQUIRE(put_back_ring(folder.path() / "shop", *escrow).ok());
  CHECK(bytes_of(folder.path() / "shop" / "keyring" / "archive.bin") == archive);
  REQUIRE(write_escrow(file, *seal_escrow(keys.open, 2, master, ring)).ok());
  CHECK(fs::file_size(file) == size);
}
