// A backup: the data folder without its key ring, at one moment, sealed to the owner's X25519 key. Plain functions; any
// thread. Every byte that is read is hostile.
//
// Stored outside, for years: do not change.
//   "PFBACKUP" | be32 version 1 | recipient 8 (SHA-256 of the open key, its first bytes) | sealed box of the stream's
//   key 80 | secretstream head 24 | pieces: be32 length | sealed piece. The first piece is bound to all bytes before
//   it. Pieces joined are entries: u8 kind | be16 length, path | be64 size | bytes | SHA-256 of the bytes 32
//     kind 0 is first: path "", bytes are JSON about the backup; 1 a file, path relative with '/'; 2 is last: path "",
//     bytes are be64 number of files | be64 their bytes
//   After the last piece "PFBKPEND" stands, unsealed: whoever only keeps backups sees that this one is whole.
// Keys as texts: "pf-backup-1:" and "pf-backup-secret-1:", then base64url of 32 bytes.
// Escrow: two copies of be64 generation | sealed box of (master key 32 | ring), one after the other, written one after
// the other, so that a torn write leaves one.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "crypto/boxes.h"
#include "productflow/clock.h"
#include "productflow/result.h"
#include "storage/store.h"

namespace pf::backup {

inline constexpr std::size_t kPieceBytes = 64u << 10;
inline constexpr std::size_t kPathBytesMax = 255;
inline constexpr std::string_view kEnd = "PFBKPEND";

// ---- keys as texts
std::string open_key_text(std::string_view open);
std::string secret_key_text(const crypto::BoxKeys& keys);
Result<std::string> read_open_key(std::string_view text);        // invalid: "key"
Result<crypto::BoxKeys> read_secret_key(std::string_view text);  // invalid: "key_file"

// ---- writing
using Sink = std::function<bool(std::string_view)>;  // false: nobody takes more
struct About {
  Time made_at{};
  std::string shop;     // the ring's id
  std::string version;  // of ProductFlow
};
struct Written {
  std::uint64_t files = 0, bytes = 0;
};
// Everything below `folder` but keyring, locks and sockets; the database as it is at one moment, by a checkpoint that
// is made inside `folder` and removed. `unavailable` when the sink takes no more.
Result<Written> write_backup(storage::Store& store, const std::filesystem::path& folder, std::string_view open_key,
                             const About& about, const Sink& sink);
// What an unfinished one has left in the folder goes.
void tidy(const std::filesystem::path& folder);

// ---- reading
using Source = std::function<Result<std::string>()>;  // empty: the end
struct Contents {
  About about;
  std::uint64_t files = 0, bytes = 0;
};
// Reads it to its end and checks every seal and sum. With `target`, which must be absent or empty, its files are put
// there as they come; it is removed again when anything is wrong. Errors name what: another key, altered, cut off.
Result<Contents> read_backup(const Source& source, const crypto::BoxKeys& keys,
                             const std::optional<std::filesystem::path>& target);

// ---- the ring's escrow
// REQUIRES: ring, master key and the archive's keys as their files hold them; the last may be empty and takes as much
// room all the same.
Result<std::string> seal_escrow(std::string_view open_key, std::uint64_t generation, std::string_view master,
                                std::string_view ring, std::string_view archive = {});
// In place and durable; the size never changes once it is made, but for one from before the archive, which grows once.
// Refuses a file that is something else.
Result<> write_escrow(const std::filesystem::path& file, std::string_view sealed);
struct Escrow {
  crypto::SecretBytes master, ring, archive;  // the last empty where there is none
};
// The newest whole copy; nothing when neither opens.
std::optional<Escrow> open_escrow(std::string_view bytes, const crypto::BoxKeys& keys);
Result<Escrow> read_escrow(const std::filesystem::path& file, const crypto::BoxKeys& keys);
Result<> put_back_ring(const std::filesystem::path& folder, const Escrow& escrow);

}  // namespace pf::backup
