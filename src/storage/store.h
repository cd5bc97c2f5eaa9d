// The Store: families of byte records in one data folder. It knows family names and bytes, no business word; it is
// the only room that includes RocksDB.
//
// A read is a snapshot, held shortly. A change is a unit of work: `write` runs its function under the one-writer
// lock, so reading, deciding and writing need no retry; the batch goes to the log in that order, and `write` returns
// after an fsync that covers it (group commit: one fsync serves everybody who waits). What write() acknowledged is
// on disk; what it refused left nothing behind. All members may be called from any thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "productflow/clock.h"
#include "productflow/result.h"

namespace pf::storage {

// Makes the new record from the old one (nothing if there was none) and operands, oldest first. Neighbouring operands
// are joined, one written behind the other, so an operand must say where it ends. Must be pure; runs inside RocksDB's
// threads.
using MergeRule =
    std::function<std::string(std::optional<std::string_view> old_value, std::span<const std::string_view> operands)>;
// Makes one operand of several, oldest first, that means what they mean in turn; for tables, where operands wait for
// their record. What it makes is never joined with others. As pure as a MergeRule.
using FoldRule = std::function<std::string(std::span<const std::string_view> operands)>;

// Declared by the room that owns the family, in its *_keys.h, and listed once in app/families.cpp.
struct Family {
  std::string name;
  enum class Kind {
    records,  // compressed, looked up by key
    walked,   // compressed, mostly walked: spares the filters that tell which table may hold a key
    sealed,   // ciphertext: no compression, expiry by `is_dead`, files cut by the first `cut_bytes` bytes of the key
  } kind = Kind::records;
  std::function<bool(std::string_view key)> is_dead{};  // asked at flush and compaction; must be thread-safe
  // Asked of whole records at flush and compaction: one that says as much as none is erased there, since a merge cannot
  // erase. Must be thread-safe.
  std::function<bool(std::string_view value)> is_empty{};
  std::size_t cut_bytes = 0;
  std::optional<MergeRule> merge{};
  FoldRule fold{};  // without it operands are joined
};

// Names a family within one Store; get it once with Store::family().
struct FamilyRef {
  std::uint32_t index = 0;
};

// Ordered walk over one family. Valid until the Read or Write that made it dies; keep neither longer than a request.
class Cursor {
 public:
  Cursor(Cursor&&) noexcept;
  Cursor& operator=(Cursor&&) noexcept;
  ~Cursor();
  void seek(std::string_view key);           // first key >= key
  void seek_for_prev(std::string_view key);  // last key <= key
  void next();
  void prev();
  bool valid() const;            // false past either end of the bounds
  std::string_view key() const;  // REQUIRES: valid(). Until the next move
  std::string_view value() const;

 private:
  friend class Read;
  friend class Write;
  struct Impl;
  explicit Cursor(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

// What both a snapshot and a unit of work can be asked. Room functions that only look take `const Reader&`.
class Reader {
 public:
  virtual ~Reader() = default;
  // The record, or nothing. An Error only for damaged data or a failing disk.
  virtual Result<std::optional<std::string>> get(FamilyRef family, std::string_view key) const = 0;
  // As many answers as keys, in their order.
  virtual Result<std::vector<std::optional<std::string>>> get_many(FamilyRef family,
                                                                   std::span<const std::string> keys) const = 0;
  // Walks keys in [from, to); an empty `to` means no upper bound. Starts at `from`.
  virtual Cursor scan(FamilyRef family, std::string_view from, std::string_view to) const = 0;
  Cursor scan_prefix(FamilyRef family, std::string_view prefix) const;
};

// A snapshot. Cheap to make; the watchdog reports one older than kReadAgeMax.
class Read final : public Reader {
 public:
  Read(Read&&) noexcept;
  ~Read() override;
  Result<std::optional<std::string>> get(FamilyRef, std::string_view key) const override;
  Result<std::vector<std::optional<std::string>>> get_many(FamilyRef, std::span<const std::string> keys) const override;
  Cursor scan(FamilyRef, std::string_view from, std::string_view to) const override;

 private:
  friend class Store;
  struct Impl;
  explicit Read(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

// A unit of work in the making: sees what is on disk (while it is prepared: a snapshot of it) plus its own changes.
// Only inside the function it is given to, one thread.
class Write final : public Reader {
 public:
  ~Write() override;
  Result<std::optional<std::string>> get(FamilyRef, std::string_view key) const override;
  Result<std::vector<std::optional<std::string>>> get_many(FamilyRef, std::span<const std::string> keys) const override;
  Cursor scan(FamilyRef, std::string_view from, std::string_view to) const override;

  void put(FamilyRef family, std::string_view key, std::string_view value);
  void erase(FamilyRef family, std::string_view key);
  // An empty operand changes nothing. REQUIRES: family has a MergeRule
  void merge(FamilyRef family, std::string_view key, std::string_view operand);
  // merge() for each of these keys, once if it is named twice; much faster than one after the other.
  void merge_all(FamilyRef family, std::span<const std::string_view> keys, std::string_view operand);
  // Runs after the unit is durable, before write() returns, outside the writer lock, in the order added. Must not fail.
  void after_commit(std::function<void()> action);
  std::size_t bytes() const;  // of the batch so far; at most kUnitBytesMax are kept

 private:
  friend class Store;
  friend class Pipeline;
  struct Impl;
  explicit Write(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

inline constexpr std::size_t kUnitBytesMax = 64u << 20;  // refused above, so that no batch outgrows the log limits
inline constexpr std::chrono::seconds kReadAgeMax{60};   // an older snapshot would pin purged bytes (security.md 2.2)

struct OpenOptions {
  bool create_if_missing = false;
  // Writes are refused (storage_full) when the file system has less free than this. Tests make it small or huge.
  std::uint64_t free_bytes_reserve = 256ull << 20;  // security.md 2.3
};

// What `doctor`, /metrics and the benchmarks show.
struct StoreFigures {
  std::uint64_t free_bytes = 0, live_bytes = 0, units_kept = 0, fsyncs = 0;
  std::uint32_t reads_open = 0;
  bool refusing_writes = false;
};

// What purge_range did and what it then checked; goes into the purge's certificate.
struct PurgeFigures {
  std::uint64_t files_dropped = 0, bytes_dropped = 0, records_dropped = 0;
  bool clean = false;     // no live file, log or snapshot holds the range any more
  std::string remaining;  // when not clean: what still holds it, for the operator
};

class Store {
 public:
  // Opens or creates `folder`/db. Refuses with `conflict` when another process owns the folder, with `unsupported` when
  // a newer ProductFlow wrote it, or one so old that its records would be read wrongly (kFormatOldest in store.cpp).
  static Result<std::unique_ptr<Store>> open(const std::filesystem::path& folder, std::vector<Family> families,
                                             const OpenOptions& options);
  ~Store();
  Store(const Store&) = delete;
  Store& operator=(const Store&) = delete;

  FamilyRef family(std::string_view name) const;  // REQUIRES: it was given to open()
  Read read() const;

  // Runs `decide` under the writer lock. If it returns an Error, nothing is kept and that Error comes back.
  // `storage_full` without running it when the disk is nearly full; `too_large` above kUnitBytesMax.
  Result<> write(const std::function<Result<>(Write&)>& decide);
  // The same for work that takes long to prepare: `prepare` runs before the lock is taken, on a snapshot, so that
  // others write meanwhile; then `decide` under it, which sees what `prepare` changed. When a unit of work has changed
  // a record or a walked range that `prepare` looked at, it runs once more, under the lock: it must be able to run
  // twice. What a purge takes away does not count. One preparation or purge at a time: others wait, first come, first
  // served. For a long row of such units there is pipeline.h.
  Result<> write_prepared(const std::function<Result<>(Write&)>& prepare,
                          const std::function<Result<>(Write&)>& decide);
  // write() for work that must go on when the disk is full: the purge and log-outs, which free space or close doors.
  Result<> write_even_when_full(const std::function<Result<>(Write&)>& decide);

  // Steps 1 to 5 of security.md 2.4 over [from, to) of each family: the bytes leave tables, manifest and log.
  Result<PurgeFigures> purge_range(std::span<const FamilyRef> families, std::string_view from, std::string_view to);
  // Rewrites the tables of [from, to), so that versions which were overwritten or erased leave tables and log. Counts
  // nothing; says whether it is clean.
  Result<PurgeFigures> rewrite_range(FamilyRef family, std::string_view from, std::string_view to);
  Result<> flush_all();                                      // afterwards no log holds anything older than this call
  Result<> checkpoint(const std::filesystem::path& target);  // a consistent copy while serving
  StoreFigures figures() const;

 private:
  friend class Read;
  friend class Write;
  friend class Pipeline;
  struct Impl;
  explicit Store(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace pf::storage
