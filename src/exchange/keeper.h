// Keeps what a file's rows turned into, in batches: one unit of work and one fsync a batch, a report a row. The other
// half of the importer, which turns bytes into rows. One thread.
#pragma once

#include "exchange/importer.h"
#include "exchange/party.h"

namespace pf::exchange {

using Report = std::function<Result<>(const std::vector<RowReport>&)>;

class Keeper {
 public:
  Keeper(const Rooms& rooms, const ImportOptions& options, Report report)
      : rooms_(rooms), options_(options), report_(std::move(report)) {}

  std::vector<ProductItem> products;  // that wait for keep()
  std::vector<OrderItem> orders;

  bool full(std::size_t bytes_read_since) const;
  // `locale`: of texts that name none, in a shop that has no language yet.
  Result<> keep(const std::string& locale);
  // When the file has been read: variants whose parent was named otherwise than by SKU get it, and those whose parent
  // never came are told. `party` null: references are SKUs.
  Result<> settle(const Party* party);
  // What a file says about the catalogue's model, once it has been read.
  Result<> keep_describing(std::vector<DescribingItem> items);
  // Of parcels: each row finds its own, or is refused with why not.
  Result<> keep_tracking(std::vector<TrackingItem> items);
  Result<> notice(std::uint64_t line, std::vector<FieldFault> faults);
  Result<> refuse(std::uint64_t line, std::vector<FieldFault> faults);
  // What was told since; keep() does it, and whoever stops before must.
  Result<> send_reports();
  const Counts& counts() const { return counts_; }

 private:
  Result<> keep_products(std::span<ProductItem> items, const std::string& locale);
  Result<> keep_orders();
  Result<> name_by_ean(std::span<ProductItem> items);
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
  Result<> show_changes(const storage::Write& work, std::span<const ProductItem> items,
                        std::span<const Written> written, std::vector<RowReport>& reports);
  void tell(std::vector<RowReport> rows, std::span<const ProductItem> items);
  Result<> add_report(RowReport row);
  void count(const RowReport& row);

  struct DescribedRow {
    bool ok = true;
    std::string word{};  // created, changed, unchanged
    Error error{};
  };
  Result<DescribedRow> describe_one(storage::Write& work, const DescribingItem& item);

  struct Missing {
    std::string sku, parent;
    std::uint64_t line;
  };
  const Rooms rooms_;
  const ImportOptions& options_;
  const Report report_;
  Counts counts_;
  std::vector<RowReport> reports_;  // that wait: each report is a unit of work of its own
  std::size_t faults_waiting_ = 0;
  std::size_t changes_shown_ = 0;  // of a dry run
  std::vector<Missing> missing_parents_;
};

}  // namespace pf::exchange
