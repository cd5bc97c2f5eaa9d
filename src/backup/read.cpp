#include <fcntl.h>
#include <unistd.h>

#include <algorithm>

#include "backup/backup.h"
#include "backup/backup_format.h"
#include "json/json.h"
#include "productflow/text.h"

namespace pf::backup {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kSmallEntryMax = 64u << 10;  // of `about` and `end`
constexpr std::string_view kOpenPrefix = "pf-backup-1:", kSecretPrefix = "pf-backup-secret-1:";

Error cut_off() {
  return error(ErrorCode::invalid, "The backup is cut off: its end is missing. Use another copy.");
}
Error altered() {
  return error(ErrorCode::invalid, "The backup was altered or damaged, and nothing of it is used. Use another copy.");
}

// The stream as bytes that are asked for.
class Bytes {
 public:
  explicit Bytes(const Source& source) : source_(source) {}
  // Exactly `size` bytes.
  Result<> take(std::size_t size, std::string& out) {
    while (waiting_.size() - at_ < size) {
      PF_LET(const std::string more, source_());
      if (more.empty()) return cut_off();
      waiting_.erase(0, at_);
      at_ = 0;
      waiting_ += more;
    }
    out = waiting_.substr(at_, size);
    at_ += size;
    return {};
  }
  Result<bool> at_end() {
    if (at_ < waiting_.size()) return false;
    PF_LET(waiting_, source_());
    at_ = 0;
    return waiting_.empty();
  }

 private:
  const Source& source_;
  std::string waiting_;
  std::size_t at_ = 0;
};

// The pieces, opened and joined.
class Plain {
 public:
  explicit Plain(Bytes& bytes) : bytes_(bytes) {}

  Result<> begin(const crypto::BoxKeys& keys) {
    std::string head;
    PF_TRY(bytes_.take(
        kMagic.size() + 4 + kRecipientBytes + crypto::kBoxKeyBytes + crypto::kBoxSealBytes + crypto::kStreamHeadBytes,
        head));
    std::string_view rest(head);
    if (!rest.starts_with(kMagic)) return error(ErrorCode::unsupported, "This is not a backup of ProductFlow.");
    rest.remove_prefix(kMagic.size());
    if (get_be32(rest) != kVersion)
      return error(ErrorCode::unsupported,
                   "This backup was made by a newer ProductFlow. Install that version to read it.");
    rest.remove_prefix(4);
    if (rest.substr(0, kRecipientBytes) != recipient_of(keys.open))
      return error(
          ErrorCode::forbidden,
          "This backup was made for another key. Use the secret key that belongs to the one it was made with.");
    rest.remove_prefix(kRecipientBytes);
    const auto key = crypto::box_open(keys, rest.substr(0, crypto::kBoxKeyBytes + crypto::kBoxSealBytes));
    if (!key || key->size() != crypto::kStreamKeyBytes) return altered();
    stream_ =
        std::make_unique<crypto::StreamOpen>(key->bytes(), rest.substr(crypto::kBoxKeyBytes + crypto::kBoxSealBytes));
    bound_ = std::move(head);
    return {};
  }
  // At least one byte and at most `size`.
  Result<std::string> some(std::uint64_t size) {
    while (waiting_.empty()) {
      if (ended_) return cut_off();
      PF_TRY(next());
    }
    std::string out = waiting_.substr(0, static_cast<std::size_t>(std::min<std::uint64_t>(size, waiting_.size())));
    waiting_.erase(0, out.size());
    return out;
  }
  Result<> exactly(std::size_t size, std::string& out) {
    out.clear();
    while (out.size() < size) {
      PF_LET(const std::string more, some(size - out.size()));
      out += more;
    }
    return {};
  }
  // Nothing may follow what was read.
  Result<> end() {
    while (!ended_ && waiting_.empty()) PF_TRY(next());
    if (!waiting_.empty()) return altered();
    std::string last;
    PF_TRY(bytes_.take(kEnd.size(), last));
    if (last != kEnd) return altered();
    PF_LET(const bool over, bytes_.at_end());
    return over ? Result<>() : Result<>(altered());
  }

 private:
  Result<> next() {
    std::string sealed;
    PF_TRY(bytes_.take(4, sealed));
    const std::uint32_t length = get_be32(sealed);
    if (length < crypto::kStreamSealBytes || length > kPieceBytes + crypto::kStreamSealBytes) return altered();
    PF_TRY(bytes_.take(length, sealed));
    auto opened = stream_->open(sealed, bound_);
    if (!opened) return altered();
    bound_.clear();
    waiting_ = std::move(opened->first);
    ended_ = opened->second == crypto::Piece::last;
    return {};
  }

  Bytes& bytes_;
  std::unique_ptr<crypto::StreamOpen> stream_;
  std::string bound_, waiting_;
  bool ended_ = false;
};

struct Head {
  EntryKind kind = EntryKind::file;
  std::string path;
  std::uint64_t size = 0;
};

// A path that stays inside: relative, no "..", no empty part, nothing that only looks like a name.
bool is_inside(const std::string& path) {
  if (path.empty() || path.find('\0') != std::string::npos || path.find('\\') != std::string::npos) return false;
  return std::ranges::all_of(split(path, '/'),
                             [](std::string_view part) { return !part.empty() && part != "." && part != ".."; });
}

Result<Head> read_head(Plain& plain) {
  Head head;
  std::string first, rest;
  PF_TRY(plain.exactly(3, first));
  head.kind = static_cast<EntryKind>(first[0]);
  const std::uint16_t length = get_be16(std::string_view(first).substr(1));
  if (length > kPathBytesMax) return altered();
  PF_TRY(plain.exactly(length + 8u, rest));
  head.path = rest.substr(0, length);
  head.size = get_be64(std::string_view(rest).substr(length));
  const bool fine = head.kind == EntryKind::file ? is_inside(head.path) && !head.path.starts_with("keyring")
                                                 : (head.kind == EntryKind::about || head.kind == EntryKind::end) &&
                                                       head.path.empty() && head.size <= kSmallEntryMax;
  return fine ? Result<Head>(std::move(head)) : Result<Head>(altered());
}

class OutFile {
 public:
  static Result<OutFile> make(const fs::path& path) {
    std::error_code fault;
    fs::create_directories(path.parent_path(), fault);
    OutFile out(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600));
    if (out.handle_ < 0) return cannot(path);
    out.path_ = path;
    return out;
  }
  OutFile(OutFile&& other) noexcept : handle_(std::exchange(other.handle_, -1)), path_(std::move(other.path_)) {}
  ~OutFile() {
    if (handle_ >= 0) ::close(handle_);
  }
  Result<> add(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t done = ::write(handle_, bytes.data(), bytes.size());
      if (done <= 0) return cannot(path_);
      bytes.remove_prefix(static_cast<std::size_t>(done));
    }
    return {};
  }
  Result<> keep() { return ::fsync(handle_) == 0 ? Result<>() : Result<>(cannot(path_)); }

 private:
  explicit OutFile(int handle) : handle_(handle) {}
  static Error cannot(const fs::path& path) {
    return error(ErrorCode::unavailable, "The file " + path.string() + " cannot be written. Check the disk's space.");
  }
  int handle_;
  fs::path path_;
};

Result<> read_entry(Plain& plain, const Head& head, const std::function<Result<>(std::string_view)>& take) {
  crypto::Sha256 sum;
  for (std::uint64_t left = head.size; left > 0;) {
    PF_LET(const std::string piece, plain.some(left));
    sum.add(piece);
    PF_TRY(take(piece));
    left -= piece.size();
  }
  std::string said;
  PF_TRY(plain.exactly(kSumBytes, said));
  return said == sum.finish() ? Result<>() : Result<>(altered());
}

Result<std::string> read_small(Plain& plain, EntryKind kind) {
  PF_LET(const Head head, read_head(plain));
  if (head.kind != kind) return altered();
  std::string bytes;
  PF_TRY(read_entry(plain, head, [&](std::string_view piece) -> Result<> {
    bytes += piece;
    return {};
  }));
  return bytes;
}

Result<About> read_about(std::string_view text) {
  const auto body = json::parse(text);
  if (!body.ok()) return altered();
  const auto text_in = [&](std::string_view name) -> std::string {
    const json::Value* value = body->find(name);
    return value != nullptr && value->as_string() != nullptr ? *value->as_string() : std::string();
  };
  const auto at = parse_time(text_in("made_at"));
  if (!at.ok()) return altered();
  return About{*at, text_in("shop"), text_in("version")};
}

Result<Contents> read_all(const Source& source, const crypto::BoxKeys& keys, const std::optional<fs::path>& target) {
  Bytes bytes(source);
  Plain plain(bytes);
  PF_TRY(plain.begin(keys));
  Contents contents;
  PF_LET(const std::string about, read_small(plain, EntryKind::about));
  PF_LET(contents.about, read_about(about));
  for (;;) {
    PF_LET(const Head head, read_head(plain));
    if (head.kind == EntryKind::about) return altered();
    if (head.kind == EntryKind::end) {
      std::string sums;
      PF_TRY(read_entry(plain, head, [&](std::string_view piece) -> Result<> {
        sums += piece;
        return {};
      }));
      if (sums.size() != 16 || get_be64(sums) != contents.files ||
          get_be64(std::string_view(sums).substr(8)) != contents.bytes)
        return altered();
      PF_TRY(plain.end());
      return contents;
    }
    if (target) {
      PF_LET(auto out, OutFile::make(*target / head.path));
      PF_TRY(read_entry(plain, head, [&](std::string_view piece) { return out.add(piece); }));
      PF_TRY(out.keep());
    } else {
      PF_TRY(read_entry(plain, head, [](std::string_view) { return Result<>(); }));
    }
    ++contents.files;
    contents.bytes += head.size;
  }
}

Result<std::string> read_key(std::string_view text, std::string_view prefix, const char* field, const char* what) {
  text = trim(text);
  const auto bytes = text.starts_with(prefix) ? unbase64url(text.substr(prefix.size())) : std::nullopt;
  if (!bytes || bytes->size() != crypto::kBoxKeyBytes) return invalid(field, "format", what);
  return *bytes;
}

}  // namespace

std::string open_key_text(std::string_view open) {
  return std::string(kOpenPrefix) + base64url(open);
}
std::string secret_key_text(const crypto::BoxKeys& keys) {
  return std::string(kSecretPrefix) + base64url(keys.secret.bytes());
}
Result<std::string> read_open_key(std::string_view text) {
  return read_key(text, kOpenPrefix, "key",
                  "The key must look like pf-backup-1:... as \"productflow backup key\" prints it.");
}
Result<crypto::BoxKeys> read_secret_key(std::string_view text) {
  PF_LET(std::string bytes,
         read_key(text, kSecretPrefix, "key_file",
                  "The key file must hold a line pf-backup-secret-1:... as \"productflow backup key\" "
                  "has written it."));
  auto keys = crypto::box_keys_of(bytes);
  crypto::wipe(bytes);
  return keys;
}

Result<Contents> read_backup(const Source& source, const crypto::BoxKeys& keys, const std::optional<fs::path>& target) {
  if (!target) return read_all(source, keys, target);
  std::error_code fault;
  if (fs::exists(*target, fault) && !fs::is_empty(*target, fault))
    return error(ErrorCode::conflict,
                 "The folder " + target->string() + " is not empty. A backup is put into a new folder.");
  fs::create_directories(*target, fault);
  fs::permissions(*target, fs::perms::owner_all, fault);
  auto contents = read_all(source, keys, target);
  if (!contents.ok()) fs::remove_all(*target, fault);  // half a shop is worse than none
  return contents;
}

}  // namespace pf::backup
