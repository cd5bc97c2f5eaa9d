#include "access/pepper.h"

#include "access/access_impl.h"
#include "crypto/secret_file.h"
#include "productflow/files.h"

namespace pf::access {
namespace {

// Accounts of older versions are not peppered until their next password.
bool in_use(const storage::Store& store) {
  const auto read = store.read();
  for (auto row = read.scan_prefix(store.family(kAccessFamily), "u"); row.valid(); row.next()) {
    const auto record = json::parse(row.value());
    if (!record.ok() || flag_in(*record, "peppered")) return true;
    for (const char* keyed : {"invitation", "totp", "recovery", "devices"})
      if (record->find(keyed) != nullptr) return true;
  }
  return false;
}

}  // namespace

Result<crypto::SecretBytes> load_pepper(const std::filesystem::path& folder, const storage::Store& store) {
  const auto path = folder / "access.key";
  std::error_code unseen;
  const bool there = std::filesystem::exists(path, unseen);
  if (!there && !unseen) {
    if (in_use(store))
      return error(ErrorCode::unavailable, "The file " + path.string() +
                                               " is gone, and nobody can sign in without it: every password was made "
                                               "with it. Put it back from a backup.");
    PF_TRY(replace_file(path, crypto::SecretBytes::random(kPepperBytes).bytes(), 0600));
  }
  return crypto::read_secret_file(path, kPepperBytes);
}

}  // namespace pf::access
