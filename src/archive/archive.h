// Documents that the law wants kept, such as invoices with their buyer: sealed, each readable until the beginning of a
// year, and then by nobody. Off until the owner switches it on. It is no part of the vault's 30 days: its keys are its
// own (archive_ring.h), and nothing in it is searched. Any thread.
#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "access/actor.h"
#include "archive/archive_ring.h"
#include "audit/audit.h"
#include "vault/vault.h"

namespace pf::archive {

inline constexpr int kYearsMax = 30;                        // more is asked by no law on invoices that we know of
inline constexpr std::size_t kDocumentBytesMax = 8u << 20;  // of one document
inline constexpr std::size_t kNameBytesMax = 200;           // of its name
inline constexpr std::uint32_t kLooksPerHourMax = 200;      // of one person: an audit's sample, not the whole archive

struct ArchiveSettings {
  bool on = false;
  int years = 10;  // whole calendar years after the one in which a document was made
  friend bool operator==(const ArchiveSettings&, const ArchiveSettings&) = default;
};
struct Listed {
  std::uint16_t gone = 0;  // the year at whose beginning it dies
  Time sealed_at{};
  std::uint32_t bytes = 0;
};
struct YearCount {
  std::uint16_t gone = 0;
  std::uint64_t documents = 0, bytes = 0;
  bool readable = false;  // its key is there
};
struct PurgedYears {
  std::vector<std::uint16_t> years{};
  std::uint64_t documents = 0, certificate = 0;
  storage::PurgeFigures figures{};
};

class Archive {
 public:
  // Documents of years before it are dead: asked by the store's compactions, moved by the archive.
  using LiveYear = std::shared_ptr<std::atomic<std::uint16_t>>;
  static std::vector<storage::Family> families(const LiveYear& live_year = nullptr);
  static Result<std::unique_ptr<Archive>> open(storage::Store& store, vault::Vault& vault, audit::Audit& audit,
                                               const std::filesystem::path& folder, LiveYear live_year);

  Result<ArchiveSettings> settings(const storage::Reader& read) const;
  // Audited. Documents that are there keep the year that they were sealed for.
  Result<> save_settings(const access::Actor& by, const ArchiveSettings& settings);

  // Seals a document of that calendar year in the caller's unit of work; its name says nothing of a person. The same
  // name again is refused as `conflict`. `unavailable` while the vault is sealed.
  Result<> keep(storage::Write& work, const ArchiveSettings& settings, std::string_view name, int year,
                std::string_view bytes);
  // Nothing when it was never archived, or is gone and forgotten.
  Result<std::optional<Listed>> find(const storage::Reader& read, std::string_view name) const;
  // The document; an audit entry "archive.reveal" with the reason in the same unit of work, before it is opened.
  // forbidden without the right, not_found, gone when its year has come, unavailable without its key, too_many above
  // kLooksPerHourMax.
  Result<std::string> reveal(const access::Actor& by, std::string_view name, std::string_view reason);
  Result<std::vector<YearCount>> years(const storage::Reader& read) const;

  // Called about once a minute: destroys keys whose year has come, then bytes, then certifies it. Nothing is destroyed
  // while the vault's clock is in doubt: what the law wants kept is not lost to a wrong date. What it did, if anything.
  Result<std::optional<PurgedYears>> tick();
  // The file of the keys as it is now, for the escrow; empty when nothing was ever sealed.
  Result<crypto::SecretBytes> copy_ring() const;

 private:
  Archive(storage::Store& store, vault::Vault& vault, audit::Audit& audit, const std::filesystem::path& folder,
          LiveYear live_year);
  Result<> count_look(const access::Actor& by);

  storage::Store& store_;
  vault::Vault& vault_;
  audit::Audit& audit_;
  const LiveYear live_year_;
  storage::FamilyRef family_, list_;
  mutable std::mutex mutex_;  // guards the ring and the counts; as in the vault, taken inside the writer lock
  ArchiveRing ring_;
  std::vector<std::pair<std::string, std::pair<std::int64_t, std::uint32_t>>> looks_{};  // by actor: hour, count
  std::mutex tick_mutex_;
};

// What is known of how long a country's law wants invoices kept; a help for the owner, who must look himself.
struct RetentionLaw {
  std::string_view country_code;
  int years;
  std::string_view law;
};
const std::vector<RetentionLaw>& retention_laws();
int years_for(std::string_view country_code);  // 10, the longest usual, where none is known

}  // namespace pf::archive
