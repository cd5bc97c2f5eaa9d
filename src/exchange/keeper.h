// Keeps what a file's rows turned into, in batches: one unit of work and one fsync a batch, a report a row. The other
// half of the importer, which turns bytes into rows. One thread, and two more: one keeps the products of a batch, the
// next batch is prepared by another, and the one after it is read meanwhile.
#pragma once

#include <functional>
#include <future>
#include <unordered_map>
#include <unordered_set>

#include "exchange/importer.h"
#include "exchange/party.h"
#include "exchange/record_circles.h"
#include "exchange/sole_writer.h"
#include "exchange/trial.h"
#include "storage/pipeline.h"
#include "storage/worker.h"

namespace pf::exchange {

using Report = std::function<Result<>(const std::vector<RowReport>&)>;

// For the files of the keeper alone.
std::string outcome_of(catalog::Outcome outcome);
void note_change(RowReport& row);  // a row that changed no product has changed something beside it
// Faults as the report shows them: never a value, since values may be a buyer's.
std::vector<FieldFault> faults_of(const Error& error);

class Keeper {
 public:
  // `progress` goes on with what is kept; of `resume`, what the file brings is passed over and counted down.
  Keeper(const Rooms& rooms, const ImportOptions& options, Report report, Progress& progress, Progress& resume,
         Trial& trial, SoleWriter& sole);
  ~Keeper();

  std::vector<ProductItem> products;  // that wait for keep()
  std::vector<OrderItem> orders;
  ArchivePictures* pictures = nullptr;  // of the archive that the rows are of
  std::string of_file{};                // for the reports: which of an archive's tables the rows are of

  bool full(std::size_t bytes_read_since) const;
  // Returns while products may still be on their way to the disk; they are counted and told when they are there.
  // `locale`: of texts that name none, in a shop that has no language yet.
  Result<> keep(const std::string& locale);
  // When nothing more comes: all is on disk, counted and told, or has failed.
  Result<> finish();
  // When a table has been read: what its references to parents mean. `party` null: they are SKUs.
  Result<> refer(const Party* party);
  // When the file has been read: variants whose parent was named otherwise than by SKU get it, and those whose parent
  // never came are told. Not after each of several tables: an import that goes on must find the same as it found
  // before.
  Result<> settle();
  // What a file says about the catalogue's model, once it has been read.
  Result<> keep_describing(std::vector<DescribingItem> items);
  // Languages of a list, in its order; of the other rows of such a list, what is to be said.
  Result<> keep_list(std::vector<ListItem> items);
  // Reference records, once the file has been read: those that name another of it come after that.
  Result<> keep_references(std::vector<ReferenceItem> items);
  // Of parcels: each row finds its own, or is refused with why not.
  Result<> keep_tracking(std::vector<TrackingItem> items);
  Result<> notice(std::uint64_t line, std::vector<FieldFault> faults);
  Result<> refuse(std::uint64_t line, std::vector<FieldFault> faults);

 private:
  struct Batch;
  // `first`: which of the file's products the first of them is, if they are tried for the first time; else `again` says
  // that of each.
  Result<> keep_products(std::vector<ProductItem> items, const std::string& locale, std::optional<std::uint64_t> first,
                         std::vector<std::uint64_t> again = {});
  Result<> try_again();          // those that wait, until none gets in any more
  void set_aside(Batch& batch);  // those of it that are to wait
  // Of rows in their order, of which these are to wait: whom a later row is about too.
  void note_overtaken(std::span<const ProductItem> items, std::span<const std::size_t> wait,
                      const std::function<std::uint64_t(std::size_t)>& place_of);
  // The steps of its unit of work, which lets it go when the next is being kept.
  std::function<Result<>(storage::Write&)> preparing(const std::shared_ptr<Batch>& whole) const;
  std::function<Result<>(storage::Write&)> deciding(const std::shared_ptr<Batch>& whole);
  Result<> try_out(const std::shared_ptr<Batch>& batch);  // of a dry run
  // A unit of work of the file; of a dry run one that is tried.
  Result<> write(const std::function<Result<>(storage::Write&)>& decide);
  // What the file's units of work have left, kept or tried.
  Result<> look(const std::function<Result<>(const storage::Reader&)>& at);
  Result<> prepare(const std::shared_ptr<Batch>& batch);
  Result<> keep_prepared();                  // the batch that is being prepared, once the one before it is kept
  Result<> settle_products();                // until all of them are kept
  Result<> follow_up(const Result<>& kept);  // of the batch that was being kept
  Result<> keep_in_halves(Batch& batch);
  Result<> tell_alone(Batch& batch);                   // in a unit of work of its own
  std::vector<RowReport> told_of(Batch& batch) const;  // once
  bool may_wait(const Batch& batch, std::size_t item) const;
  Result<> keep_orders();
  struct SaidAbove;
  // Of the first of them, and how many: what the next one means hangs on what becomes of those. `all`: of each, as if
  // those above it were kept.
  Result<std::size_t> name_by_ean(std::span<ProductItem> items, SaidAbove& above, bool all);
  Result<> keep_named(std::span<ProductItem> items, const std::string& locale);
  Result<> know_locations(std::span<ProductItem> items) const;
  struct Written {
    std::size_t item;
    std::uint32_t document;  // in the catalogue's index
    std::uint64_t version;
  };
  Result<std::vector<catalog::Offer>> offers_to_be(const storage::Reader& read, std::span<const ProductItem> items,
                                                   std::span<const std::size_t> of_row,
                                                   std::span<catalog::ProductRow> rows) const;
  // `repriced`: the SKUs whose offers changed.
  Result<> put_offers(storage::Write& work, std::span<const ProductItem> items, std::span<const Written> written,
                      std::vector<RowReport>& reports, std::vector<std::string>& repriced) const;
  Result<> put_stock(storage::Write& work, std::span<const ProductItem> items, std::span<const Written> written,
                     std::vector<RowReport>& reports) const;
  Result<> put_shelves(storage::Write& work, std::span<const ProductItem> items, std::span<const Written> written,
                       std::vector<RowReport>& reports) const;
  // Of a dry run, from the history that the unit of work would leave.
  Result<> show_changes(const storage::Write& work, std::span<const ProductItem> items,
                        std::span<const Written> written, std::vector<RowReport>& reports);
  Result<> add_report(RowReport row);
  // What was told since, in a unit of work of its own; keep() does it, and whoever stops before must.
  Result<> send_reports();
  // What a unit of work tells, and how far the import is with it; keep() has it kept, told() when it is on disk.
  struct Telling {
    std::vector<RowReport> rows;
    Progress progress;
  };
  Telling telling(std::vector<RowReport> read, std::vector<RowReport> kept, std::size_t products_kept,
                  std::size_t orders_kept) const;
  // With what waits since, and what waits no more.
  Telling telling_of(Batch& batch, std::vector<RowReport> read) const;
  Result<> keep_told(storage::Write& work, const Telling& telling) const;
  Result<> keep_set(storage::Write& work, const std::vector<SetBeside>& set) const;
  Result<> told(Telling telling);
  void pass_over(std::vector<ProductItem>& items);
  // reference_rows.cpp
  Result<std::optional<RowReport>> keep_reference(storage::Write& work, const ReferenceItem& item,
                                                  catalog::WriteMode mode, bool last,
                                                  std::vector<WaitingRecord>& waiting, std::vector<SetBeside>& set);
  Result<catalog::ReferenceWritten> write_reference(storage::Write& work, const ReferenceItem& item,
                                                    const json::Value& body, catalog::WriteMode mode,
                                                    std::vector<SetBeside>& set);
  Result<> make_bare(storage::Write& work, std::span<const WaitingRecord> some,
                     std::unordered_set<const ReferenceItem*>& made);
  Result<> fill_bare(storage::Write& work, std::span<const WaitingRecord> some,
                     const std::unordered_set<const ReferenceItem*>& made, std::vector<RowReport>& reports);
  Result<> note_references(storage::Write& work, std::span<const RowReport> reports);
  Result<> keep_circles(std::vector<WaitingRecord>& waiting);

  struct DescribedRow {
    bool ok = true;
    std::string word{};  // created, changed, unchanged
    Error error{};
    std::optional<SetBeside> set{};
  };
  // `made`: this import has made it, so that it may be there in any mode.
  Result<DescribedRow> describe_one(storage::Write& work, const DescribingItem& item, bool made = false);
  // Kinds of reference records that name each other, which leave `open`.
  Result<> describe_circles(std::vector<const DescribingItem*>& open);

  struct Missing {
    std::string sku, parent;
    std::uint64_t line;
    std::optional<std::string> meant{};  // the parent's SKU, once known
  };
  const Rooms rooms_;
  const ImportOptions& options_;
  const Report report_;
  // Untouched while a batch is being kept, which reads it.
  Progress& progress_;
  Progress& resume_;
  Trial& trial_;
  SoleWriter& sole_;
  std::vector<RowReport> reports_;  // of reading, that wait for the next unit of work
  std::size_t faults_waiting_ = 0;
  std::size_t changes_shown_ = 0;  // of a dry run
  std::vector<Missing> missing_parents_;
  // Two variants may swap what they differ in, one above and one below in a file, and a unique value may move on; each
  // is refused while the other is as it was. They are tried again together when the file has been read.
  std::vector<ProductItem> waiting_;
  std::size_t waiting_bytes_ = 0;          // of these
  bool may_wait_again_ = false;            // those that are tried again
  std::vector<std::uint64_t> waiting_at_;  // which of the file's products each is
  // SKUs of those that a later row is about too -> which of the file's products the last of these is.
  std::unordered_map<std::string, std::uint64_t> overtaken_;
  std::string waiting_locale_{};
  std::uint64_t products_read_ = 0;  // of the file
  std::shared_ptr<Batch> preparing_, keeping_;
  storage::Pipeline pipeline_;  // what is being kept refers to all of the above
  std::future<Result<>> prepared_;
  storage::Worker preparer_;  // last: what it does uses all of the above
};

}  // namespace pf::exchange
