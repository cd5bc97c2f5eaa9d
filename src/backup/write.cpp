#include <algorithm>
#include <fstream>

#include "backup/backup.h"
#include "backup/backup_format.h"
#include "json/json.h"
#include "productflow/text.h"

namespace pf::backup {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kCheckpointFolder = "backup.making";
constexpr std::string_view kLeftOut[] = {"keyring", "db", "LOCK", kCheckpointFolder};

Error nobody_takes_it() {
  return error(ErrorCode::unavailable, "The backup was not taken to its end: whoever asked for it has gone.");
}

// Joins entries to pieces and seals them.
class Sealer {
 public:
  Sealer(std::string_view open_key, const Sink& sink)
      : key_(crypto::SecretBytes::random(crypto::kStreamKeyBytes)), stream_(key_.bytes()), sink_(sink) {
    const auto box = crypto::box_seal(open_key, key_.bytes());
    if (!box) return;
    head_ = std::string(kMagic);
    put_be32(head_, kVersion);
    head_ += recipient_of(open_key) + *box + stream_.head();
  }
  Result<> begin() {
    if (head_.empty()) return invalid("key", "format", "The key is no X25519 key.");
    return sink_(head_) ? Result<>() : nobody_takes_it();
  }
  Result<> add(std::string_view bytes) {
    while (!bytes.empty()) {
      const std::size_t take = std::min(bytes.size(), kPieceBytes - waiting_.size());
      waiting_.append(bytes.substr(0, take));
      bytes.remove_prefix(take);
      if (waiting_.size() == kPieceBytes) PF_TRY(send(crypto::Piece::more));
    }
    return {};
  }
  Result<> end() {
    PF_TRY(send(crypto::Piece::last));
    return sink_(kEnd) ? Result<>() : nobody_takes_it();
  }

 private:
  Result<> send(crypto::Piece piece) {
    const std::string sealed = stream_.seal(waiting_, head_, piece);
    crypto::wipe(waiting_);
    head_.clear();  // the first piece alone is bound to it; the others to the one before
    std::string out;
    put_be32(out, static_cast<std::uint32_t>(sealed.size()));
    return sink_(out.append(sealed)) ? Result<>() : nobody_takes_it();
  }

  crypto::SecretBytes key_;
  crypto::StreamSeal stream_;
  const Sink& sink_;
  std::string head_, waiting_;
};

Result<> add_bytes(Sealer& sealer, EntryKind kind, std::string_view path, std::string_view bytes) {
  PF_TRY(sealer.add(entry_head(kind, path, bytes.size())));
  PF_TRY(sealer.add(bytes));
  return sealer.add(crypto::sha256(bytes));
}

Result<> add_file(Sealer& sealer, const fs::path& file, const std::string& path, Written& written) {
  std::error_code fault;
  const std::uint64_t size = fs::file_size(file, fault);
  std::ifstream in(file, std::ios::binary);
  const Error unreadable =
      error(ErrorCode::unavailable, "The file " + file.string() + " could not be read for the backup.");
  if (fault || !in) return unreadable;
  if (path.size() > kPathBytesMax)
    return error(ErrorCode::internal, "The file " + path + " has too long a name for a backup.");
  PF_TRY(sealer.add(entry_head(EntryKind::file, path, size)));
  crypto::Sha256 sum;
  std::string buffer(kPieceBytes, '\0');
  for (std::uint64_t left = size; left > 0;) {  // what was added meanwhile belongs to the next backup
    in.read(buffer.data(), static_cast<std::streamsize>(std::min<std::uint64_t>(buffer.size(), left)));
    const std::string_view got(buffer.data(), static_cast<std::size_t>(in.gcount()));
    if (got.empty()) return unreadable;
    sum.add(got);
    PF_TRY(sealer.add(got));
    left -= got.size();
  }
  ++written.files;
  written.bytes += size;
  return sealer.add(sum.finish());
}

// Regular files below `folder`, by name, so that two backups of the same state are alike.
std::vector<fs::path> files_below(const fs::path& folder, bool top) {
  std::vector<fs::path> files;
  std::error_code fault;
  for (fs::recursive_directory_iterator walk(folder, fault), end; !fault && walk != end; walk.increment(fault)) {
    const std::string name = walk->path().filename().string();
    if (top && walk.depth() == 0 && std::ranges::find(kLeftOut, name) != std::end(kLeftOut)) {
      walk.disable_recursion_pending();
      continue;
    }
    std::error_code unreadable;
    if (top && walk.depth() == 0 && !walk->is_directory(unreadable)) continue;  // see copy_beside()
    if (walk->is_regular_file(unreadable) && !walk->is_symlink(unreadable)) files.push_back(walk->path());
  }
  std::ranges::sort(files);
  return files;
}

// The files right beside the database, as they are before it is copied: the audit log's checkpoints must be none that
// its entries in this backup do not reach, or the restored log would look cut off.
Result<> copy_beside(const fs::path& folder, const fs::path& scratch) {
  std::error_code fault;
  for (fs::directory_iterator at(folder, fault), end; !fault && at != end; at.increment(fault)) {
    const std::string name = at->path().filename().string();
    if (std::ranges::find(kLeftOut, name) != std::end(kLeftOut)) continue;
    if (at->is_symlink(fault) || !at->is_regular_file(fault)) continue;
    if (!fs::copy_file(at->path(), scratch / name, fault))
      return error(ErrorCode::unavailable, "The file " + at->path().string() + " could not be read for the backup.");
  }
  return fault ? Result<>(error(ErrorCode::unavailable, "The folder " + folder.string() + " could not be read."))
               : Result<>();
}

struct Removed {
  fs::path path;
  ~Removed() {
    std::error_code ignored;
    fs::remove_all(path, ignored);
  }
};

}  // namespace

void tidy(const fs::path& folder) {
  const Removed leftover{folder / kCheckpointFolder};
}

Result<Written> write_backup(storage::Store& store, const fs::path& folder, std::string_view open_key,
                             const About& about, const Sink& sink) {
  Sealer sealer(open_key, sink);
  const fs::path scratch = folder / kCheckpointFolder;
  tidy(folder);
  std::error_code fault;
  fs::create_directory(scratch, fault);
  if (fault) return error(ErrorCode::unavailable, "The folder " + scratch.string() + " cannot be made.");
  const Removed afterwards{scratch};
  PF_TRY(copy_beside(folder, scratch));
  PF_TRY(store.checkpoint(scratch / "db"));

  PF_TRY(sealer.begin());
  PF_TRY(add_bytes(sealer, EntryKind::about, "",
                   json::write(json::Value::object(
                       {{"made_at", rfc3339(about.made_at)}, {"shop", about.shop}, {"version", about.version}}))));
  Written written;
  for (const auto& file : files_below(scratch, false))
    PF_TRY(add_file(sealer, file, fs::relative(file, scratch).generic_string(), written));
  for (const auto& file : files_below(folder, true))
    PF_TRY(add_file(sealer, file, fs::relative(file, folder).generic_string(), written));
  std::string sums;
  put_be64(sums, written.files);
  put_be64(sums, written.bytes);
  PF_TRY(add_bytes(sealer, EntryKind::end, "", sums));
  PF_TRY(sealer.end());
  return written;
}

}  // namespace pf::backup
