// Reads a file row by row into the shop: recognised at sight by its header's names, never by its own; a bad row is
// reported with line, reason and column and stops no other. rows = created + changed + unchanged + refused, always.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "catalog/assets.h"
#include "catalog/marketplace_offers.h"
#include "catalog/offers.h"
#include "catalog/products.h"
#include "formats/reading.h"
#include "orders/orders.h"
#include "stock/stock.h"

namespace pf::exchange {

class ArchivePictures;
struct Mapping;
struct Preview;
class SoleWriter;
class Trial;

struct Counts {
  std::uint64_t rows = 0, created = 0, changed = 0, unchanged = 0, refused = 0;
  void operator+=(const Counts& other) {
    rows += other.rows;
    created += other.created;
    changed += other.changed;
    unchanged += other.unchanged;
    refused += other.refused;
  }
};

struct RowReport {
  std::uint64_t line = 0;
  // created, changed, unchanged, refused: one a row; notice: beside it, about what was kept but needs a look.
  std::string outcome, sku;
  std::vector<FieldFault> errors{};             // never a value of a buyer
  std::vector<catalog::FieldChange> changes{};  // of a dry run: what would become of a product, for the first ones
  std::string file{};  // which of an archive's tables the line is of, where there are several; empty: the file itself
};

struct Rooms {
  storage::Store& store;
  catalog::Products& products;
  catalog::Offers& offers;
  stock::Stock& stock;
  orders::Orders& orders;
  events::Events* events = nullptr;                                // null: changes are told to nobody
  const catalog::MarketplaceOffers* marketplace_offers = nullptr;  // null: no channel has offers of its own
  formats::OpenReading open_file{};                                // what reads a file; empty: none is read
  catalog::Assets* assets = nullptr;                               // null: pictures of an archive are not taken
};

// How far an import is: kept with each of its units of work, so that one that was cut off goes on behind the last.
struct Progress {
  std::uint64_t files = 0;                              // of an archive, that are done
  std::uint64_t products = 0, orders = 0, reports = 0;  // of the file under way: what was kept, what reading it told
  Counts of_file{}, counts{};                           // of that file; of all
  // Which of that file's products, counted from 0, are tried again at its end: another held what they are to have.
  std::vector<std::uint64_t> waiting{};
};

// What an import set beside products and their prices, whose history keeps that; and how it was before.
struct SetPieces {
  std::string sku{};
  stock::Moved moved{};
};
struct SetShelf {
  std::string sku{}, before{}, after{};
};
// What describes the catalogue, or a reference record of `kind`.
struct SetRecord {
  bool reference = false;
  std::string kind{}, code{};     // model_kind_name()
  json::Value before{}, after{};  // what was said of it; before null: it was not there
};
using SetBeside = std::variant<SetPieces, SetShelf, SetRecord>;

struct ImportOptions {
  access::Actor by{};
  catalog::WriteMode mode = catalog::WriteMode::upsert;  // upsert, create or update
  bool dry_run = false;
  std::shared_ptr<const Mapping> mapping{};  // what the columns of a table mean (mapping.h), or null
  formats::Written written{};                // what the mapping says of how the file is written: the importer sets it
  Preview* preview = nullptr;                // of preview(): reading ends after some rows, nothing is kept
  catalog::Origin origin{};                  // for the history of products; `id` names the import
  std::string kind{};  // "product", "order", "stock", "tracking", "model" or "reference": refuses a file of another
                       // kind; empty: whatever it is
  // Joins each unit of work with what it tells, for one who keeps that beside it: how far the import is afterwards. On
  // any thread, one after the other; of a dry run in a unit of its own. Null: nobody does.
  std::function<Result<>(storage::Write&, const std::vector<RowReport>&, const Progress&)> keep_told{};
  // The same, with what it sets beside products. Null: nobody takes it back.
  std::function<Result<>(storage::Write&, const std::vector<SetBeside>&)> keep_set{};
  Progress resume{};  // where another import of the same file, with the same options, was cut off
};

// One file, once. An Error says why nothing more can be read (what was kept stays kept). `report` is told what became
// of rows when it is on disk, on the caller's thread; an Error of it ends the import.
class Importer {
 public:
  Importer(const Rooms& rooms, ImportOptions options, std::function<Result<>(const std::vector<RowReport>&)> report);
  ~Importer();
  // What a file is, is told by its content: CSV and its relatives, XLSX, XML, JSON; one of them compressed (gzip), or
  // several in a ZIP, whose counts are added up.
  Result<> run(formats::Source& file);
  Counts counts() const { return progress_.counts; }
  std::string format() const;               // "woocommerce products", ... once recognised
  std::vector<std::string> header() const;  // the names of a table's columns, once read
  // After run(): the state (repeat_mark) in which the same file with the same options would find each row unchanged.
  // Empty: nobody can say, since rows were refused, others changed something meanwhile, or rules are in force.
  // REQUIRES: nothing needs a look, for it would need one again.
  Result<std::string> mark_of_rest() const;

 private:
  struct Impl;
  Result<> run_archive(formats::Source& file, formats::FileReading& reading,
                       const std::vector<formats::ZipEntry>& entries);
  // Of an archive that holds nothing else: each is a row, and is added to the product that its name says.
  Result<> run_pictures(ArchivePictures& kept, const std::vector<formats::ZipEntry>& entries,
                        const std::vector<std::size_t>& pictures);
  const Rooms rooms_;
  const ImportOptions options_;
  const std::function<Result<>(const std::vector<RowReport>&)> report_;
  Progress progress_, resume_;  // resume_: what of it still has to be passed over
  std::string format_;
  std::unique_ptr<Trial> trial_;  // of a dry run
  std::unique_ptr<SoleWriter> sole_;
  std::unique_ptr<Impl> impl_;  // of the file under way
};

// Another text after whatever may change what becomes of a file's rows, but for rules.
Result<std::string> rows_mark(const Rooms& rooms, const storage::Reader& read);
// The same; empty while rules are in force, whose own changes it does not tell.
Result<std::string> repeat_mark(const Rooms& rooms, const storage::Reader& read);

}  // namespace pf::exchange
