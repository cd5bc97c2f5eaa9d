#include "vault/master_key.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "crypto/passphrase.h"
#include "productflow/files.h"

namespace pf::vault {
namespace {

namespace fs = std::filesystem;

struct File {
  int handle;
  explicit File(int h) : handle(h) {}
  ~File() {
    if (handle >= 0) ::close(handle);
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
};

Error cannot_write(const fs::path& path) {
  return error(ErrorCode::unavailable, "The master key's file " + path.string() +
                                           " cannot be written. Check the disk's space and the folder's owner.");
}

bool there(const fs::path& path) {
  std::error_code fault;
  return fs::exists(fs::symlink_status(path, fault));
}

bool put_durably(const fs::path& path, std::size_t at, std::string_view bytes) {
  const File file(::open(path.c_str(), O_WRONLY | O_CLOEXEC | O_NOFOLLOW));
  return file.handle >= 0 &&
         ::pwrite(file.handle, bytes.data(), bytes.size(), static_cast<off_t>(at)) ==
             static_cast<ssize_t>(bytes.size()) &&
         ::fdatasync(file.handle) == 0;
}

Result<> make_file(const fs::path& path, std::string_view bytes, int how) {
  const File file(::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW | how, 0600));
  if (file.handle < 0 && (how & O_EXCL) != 0 && there(path))
    return invalid("path", "taken", "There is a file " + path.string() + " already. Name another, or remove it.");
  if (file.handle < 0 || ::pwrite(file.handle, bytes.data(), bytes.size(), 0) != static_cast<ssize_t>(bytes.size()) ||
      ::fsync(file.handle) != 0 || !sync_folder(path.parent_path()))
    return cannot_write(path);
  return {};
}

// A key's file goes: overwritten where it lies, then unlinked.
Result<> destroy_file(const fs::path& path) {
  if (!there(path)) return {};
  std::error_code fault;
  if (!fs::is_symlink(path, fault) && !put_durably(path, 0, crypto::random_bytes(kKeyBytes))) return cannot_write(path);
  fs::remove(path, fault);
  return !fault && sync_folder(path.parent_path()) ? Result<>() : Result<>(cannot_write(path));
}

bool same_file(const fs::path& a, const fs::path& b) {
  std::error_code fault;
  return a == b || fs::equivalent(a, b, fault);
}

bool lies_in(const fs::path& file, const fs::path& folder) {
  std::error_code fault;
  return same_file(file.parent_path(), folder) ||
         same_file(fs::weakly_canonical(file, fault).parent_path(), fs::weakly_canonical(folder, fault));
}

Error another_rings(const fs::path& path) {
  return error(ErrorCode::unavailable,
               "The master key " + path.string() + " is another ring's. Put back the master key that belongs to it.");
}

}  // namespace

fs::path MasterKey::key_file(const std::string& place) const {
  return place.empty() ? folder_ / "master.key" : fs::path(place);
}
fs::path MasterKey::next_file() const {
  return key_file(page_.place).string() + ".next";
}

Result<MasterKey> MasterKey::open(const fs::path& folder, bool fresh) {
  MasterKey key(folder);
  const fs::path path = folder / "master.bin";
  if (!there(path)) {
    key.page_.salt = crypto::random_bytes(16);
    crypto::SecretBytes file, master;
    std::error_code fault;
    if (fresh && fs::file_size(key.key_file(""), fault) != kKeyBytes) {  // none, or one that a crash cut off
      file = crypto::SecretBytes::random(kKeyBytes);
      PF_TRY(make_file(key.key_file(""), file.bytes(), O_TRUNC));
    } else {
      PF_LET(file, read_key_file(key.key_file("")));
    }
    // Of a ring of the first version, or one that an escrow brought back, the file is the master key itself.
    master = fresh ? crypto::SecretBytes::random(kKeyBytes) : crypto::SecretBytes::copy_of(file.bytes());
    seal_keys(key.page_, lock_key(file.bytes(), key.page_.salt).bytes(), {master.bytes()});
    return key;
  }
  const File file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  std::string bytes(kMasterFileBytes + 1, '\0');
  const ssize_t got = file.handle < 0 ? -1 : ::pread(file.handle, bytes.data(), bytes.size(), 0);
  bytes.resize(got < 0 ? 0 : static_cast<std::size_t>(got));
  std::optional<MasterPage> pages[2];
  if (bytes.size() == kMasterFileBytes)
    for (const std::size_t at : {0U, 1U})
      pages[at] = read_master_page(std::string_view(bytes).substr(at * kPageBytes, kPageBytes));
  if (!pages[0] && !pages[1])
    return error(ErrorCode::unavailable, "The master key's file " + path.string() +
                                             " is damaged. Put back the one that belongs to this shop's key ring.");
  const bool second = !pages[0] || (pages[1] && pages[1]->generation > pages[0]->generation);
  key.page_ = *pages[second ? 1 : 0];
  const auto& other = pages[second ? 0 : 1];
  key.on_disk_ = true;
  key.pages_agree_ = other && other->provider == key.page_.provider && other->place == key.page_.place &&
                     other->salt == key.page_.salt && other->sealed_keys.size() == key.page_.sealed_keys.size();
  if (fresh && (key.provider() == KeyProvider::passphrase || key.provider() == KeyProvider::shares))
    return error(ErrorCode::unavailable,
                 "The key ring in " + folder.string() +
                     " is lost. Put it back; or, if there is no copy, remove master.bin there too: the buyers of the "
                     "last 30 days are gone then, and a new ring begins with a key file.");
  return key;
}

std::optional<MasterKey::Keys> MasterKey::open_by(const crypto::SecretBytes& provider_secret) {
  crypto::SecretBytes lock = lock_key(provider_secret.bytes(), page_.salt);
  auto opened = open_keys(page_, lock.bytes());
  if (!opened) return std::nullopt;
  lock_ = std::move(lock);
  Keys keys{std::move((*opened)[0])};
  if (opened->size() > 1) keys.next = std::move((*opened)[1]);
  return keys;
}

Result<MasterKey::Alone> MasterKey::open_alone() {
  Alone alone;
  switch (page_.provider) {
    case KeyProvider::key_file: {
      const fs::path path = key_file(page_.place);
      if (!page_.place.empty() && !there(path)) {
        alone.why = "Its key file " + path.string() + " is not there. Put it in its place, then unseal.";
        return alone;
      }
      if (there(next_file())) {
        // A change was cut off. The file beside it is whole if it is needed: then the page is under it.
        if (const auto next = read_key_file(next_file()); next.ok()) alone.keys = open_by(*next);
        if (alone.keys) return alone;
      }
      PF_LET(const auto secret, read_key_file(path));
      alone.keys = open_by(secret);
      if (!alone.keys) return another_rings(path);
      return alone;
    }
    case KeyProvider::credential: {
      PF_LET(const auto secret, read_credential(page_.place));
      if (!secret) {
        alone.why = "systemd gave this process no credential " + page_.place + ". Start it as the unit says.";
        return alone;
      }
      alone.keys = open_by(*secret);
      if (!alone.keys) return another_rings(page_.place);
      return alone;
    }
    case KeyProvider::passphrase:
      alone.why = "Its passphrase has not been given since the start.";
      return alone;
    case KeyProvider::shares:
      alone.why = "Two of its three shares have not been given since the start.";
      return alone;
  }
  return alone;
}

Result<crypto::SecretBytes> given_secret(const MasterPage& page, const KeyOffer& offer) {
  switch (page.provider) {
    case KeyProvider::passphrase: {
      if (offer.passphrase.empty()) return invalid("passphrase", "required", "The vault opens with its passphrase.");
      auto key = crypto::key_of_passphrase(offer.passphrase.bytes(), page.salt, page.cost.passes, page.cost.memory_kib);
      if (!key)
        return error(ErrorCode::unavailable,
                     "There is not enough memory to work on a passphrase now. Please try again.");
      return *std::move(key);
    }
    case KeyProvider::shares:
      if (offer.shares.empty()) return invalid("shares", "required", "The vault opens with two of its three shares.");
      return join_shares(offer.shares);
    case KeyProvider::key_file:
    case KeyProvider::credential:
      return crypto::SecretBytes();
  }
  return crypto::SecretBytes();
}

Result<MasterKey::Keys> MasterKey::open_with(const crypto::SecretBytes& provider_secret) {
  if (page_.provider == KeyProvider::key_file || page_.provider == KeyProvider::credential) {
    PF_LET(auto alone, open_alone());
    if (!alone.keys) return error(ErrorCode::unavailable, alone.why);
    return *std::move(alone.keys);
  }
  auto keys = open_by(provider_secret);
  if (!keys && page_.provider == KeyProvider::passphrase)
    return invalid("passphrase", "wrong", "This passphrase does not open the vault.");
  if (!keys) return invalid("shares", "wrong", "These shares do not open the vault. Only the newest three are of use.");
  return *std::move(keys);
}

Result<> MasterKey::write_page(MasterPage page) {
  const std::size_t at = page.generation % 2 == 0 ? 0 : kPageBytes;
  if (!put_durably(folder_ / "master.bin", at, master_page(page))) {
    // What failed may be on the disk all the same, and its key must not be destroyed while it is.
    stray_page_ = at;
    PF_TRY(overwrite_stray_page());
    return cannot_write(folder_ / "master.bin");
  }
  page_ = std::move(page);
  stray_page_.reset();
  return {};
}

Result<> MasterKey::overwrite_stray_page() {
  if (!stray_page_) return {};
  if (!put_durably(folder_ / "master.bin", *stray_page_, master_page(page_)))
    return cannot_write(folder_ / "master.bin");
  stray_page_.reset();
  return {};
}

// Into both pages, one after the other.
Result<> MasterKey::write_keys(const std::vector<std::string_view>& keys) {
  for (int page = 0; page < 2; ++page) {
    MasterPage next = page_;
    ++next.generation;
    seal_keys(next, lock_.bytes(), keys);
    PF_TRY(write_page(std::move(next)));
  }
  pages_agree_ = true;
  return {};
}

Result<> MasterKey::tidy_key_files() {
  if (page_.provider == KeyProvider::key_file && there(next_file())) {
    // Either it is what the page is sealed under and takes its place now, or it was made for a change that never was.
    if (const auto next = read_key_file(next_file());
        next.ok() && crypto::same_bytes(lock_key(next->bytes(), page_.salt).bytes(), lock_.bytes()) &&
        !put_durably(key_file(page_.place), 0, next->bytes()))
      return cannot_write(key_file(page_.place));
    PF_TRY(destroy_file(next_file()));
  }
  const bool in_use = page_.provider == KeyProvider::key_file && same_file(key_file(page_.place), key_file(""));
  return in_use ? Result<>() : destroy_file(key_file(""));
}

Result<> MasterKey::settle(std::string_view key) {
  if (!on_disk_) {
    const fs::path making = folder_ / "master.making";
    MasterPage second = page_;
    ++second.generation;
    seal_keys(second, lock_.bytes(), {key});
    PF_TRY(make_file(making, master_page(page_) + master_page(second), O_TRUNC));
    std::error_code fault;
    fs::rename(making, folder_ / "master.bin", fault);
    if (fault || !sync_folder(folder_)) return cannot_write(folder_ / "master.bin");
    page_ = std::move(second);
    on_disk_ = pages_agree_ = true;
  }
  PF_TRY(tidy_key_files());
  if (!pages_agree_) PF_TRY(write_keys({key}));
  lock_ = {};
  return {};
}

Result<crypto::SecretBytes> MasterKey::begin_change(NewLock lock, std::string_view now) {
  if (lock.provider == KeyProvider::key_file && !lock.place.empty() && lies_in(lock.place, folder_))
    return invalid("path", "keyring",
                   "The key ring's own folder is for the key file that the vault makes there by itself: leave the path "
                   "out (--beside), or name another folder.");
  PF_TRY(overwrite_stray_page());
  auto next = crypto::SecretBytes::random(kKeyBytes);
  MasterPage page{page_.generation + 1, lock.provider, lock.place, lock.salt, lock.cost, {}};
  if (lock.provider != KeyProvider::passphrase) page.cost = {0, 0};
  crypto::SecretBytes key = lock_key(lock.secret.bytes(), page.salt);
  seal_keys(page, key.bytes(), {now, next.bytes()});
  if (lock.provider == KeyProvider::key_file) {
    const fs::path file = key_file(page.place), next_file = file.string() + ".next";
    const bool replaces = page_.provider == KeyProvider::key_file && same_file(key_file(page_.place), file);
    if (replaces && !there(file))
      return error(ErrorCode::unavailable, "The key file " + file.string() + " is not there now.");
    // Of a change that never was.
    if (replaces) PF_TRY(destroy_file(next_file));
    if (!replaces && page.place.empty()) PF_TRY(destroy_file(file));
    PF_TRY(make_file(replaces ? next_file : file, lock.secret.bytes(), O_EXCL));
  }
  PF_TRY(write_page(std::move(page)));
  lock_ = std::move(key);
  pages_agree_ = false;
  return next;
}

Result<> MasterKey::finish_change(std::string_view next) {
  PF_TRY(tidy_key_files());
  PF_TRY(write_keys({next}));
  lock_ = {};
  return {};
}

}  // namespace pf::vault
