#include "exchange/importer.h"

#include <algorithm>
#include <set>

#include "exchange/order_files.h"
#include "exchange/party.h"
#include "exchange/product_files.h"
#include "formats/csv.h"
#include "formats/encoding.h"
#include "productflow/text.h"

namespace pf::exchange {
namespace {

constexpr std::size_t kBatchRows = 2'000;         // kept in one unit of work, one fsync
constexpr std::size_t kJsonBytesMax = 32u << 20;  // a JSON file is read whole
constexpr std::size_t kLookBytes = 64u << 10;     // what recognising a file may need: a header of 5,000 names

std::string folded_outcome(catalog::Outcome outcome) {
  switch (outcome) {
    case catalog::Outcome::created:
      return "created";
    case catalog::Outcome::changed:
      return "changed";
    case catalog::Outcome::unchanged:
      return "unchanged";
  }
  return "";
}

// Faults as the report shows them: never a value, since values may be a buyer's.
std::vector<FieldFault> faults_of(const Error& error) {
  if (!error.faults.empty()) return error.faults;
  return {{"", "refused", error.message}};
}

}  // namespace

std::unique_ptr<Party> party_for(const Header& header) {
  if (auto party = order_party(header)) return party;
  return product_party(header);
}

struct Importer::Impl {
  Impl(const Rooms& r, ImportOptions o, std::function<Result<>(const std::vector<RowReport>&)> f)
      : rooms(r), options(std::move(o)), report(std::move(f)) {}
  const Rooms rooms;
  const ImportOptions options;
  const std::function<Result<>(const std::vector<RowReport>&)> report;
  Counts counts;
  formats::ToUtf8 to_utf8;
  std::string look;  // the beginning, until the file is recognised; all of it for JSON
  bool recognised = false, is_json = false;
  std::unique_ptr<formats::CsvReader> csv;
  std::optional<Header> header;
  std::unique_ptr<Party> party;
  std::string json_format;
  std::vector<ProductItem> products;
  std::vector<OrderItem> orders;
  std::vector<catalog::ParentLink> missing_parents;
  std::map<std::string, std::uint64_t> line_of_variant;
  std::string currency = "EUR";

  void count(const RowReport& row) {
    ++counts.rows;
    if (row.outcome == "created")
      ++counts.created;
    else if (row.outcome == "changed")
      ++counts.changed;
    else if (row.outcome == "unchanged")
      ++counts.unchanged;
    else
      ++counts.refused;
  }

  Result<> recognise_json_or_csv(bool last) {
    if (recognised || (!last && look.size() < kLookBytes)) return {};
    recognised = true;
    const std::string_view start = trim(look);
    is_json = start.starts_with('{') || start.starts_with('[');
    if (is_json) return {};
    std::string_view text = look;
    char delimiter = 0;
    if (text.starts_with("sep=") && text.size() > 5) {  // Excel's own hint
      delimiter = text[4];
      text.remove_prefix(std::min(text.find('\n'), text.size() - 1) + 1);
    }
    const std::string_view first = text.substr(0, text.find('\n'));
    if (delimiter == 0) delimiter = formats::delimiter_of(first);
    // The format decides whether quotes mean anything, so its header is looked at before.
    std::vector<std::string> names;
    for (std::string_view name : split(trim(first), delimiter)) names.emplace_back(name);
    const auto guess = party_for(Header(names));
    const bool quoted = guess == nullptr || guess->quoted();
    csv = std::make_unique<formats::CsvReader>(
        delimiter, quoted ? formats::CsvReader::Quotes::rfc4180 : formats::CsvReader::Quotes::none);
    std::string rest(text);
    look.clear();
    return csv->feed(rest, [this](formats::CsvRow&& row) { return take(std::move(row)); });
  }

  Result<> take(formats::CsvRow&& row) {
    if (!header) {
      std::set<std::string> seen;
      for (const std::string& name : row.cells)
        if (!trim(name).empty() && !seen.insert(lower_ascii(trim(name))).second)
          return error(ErrorCode::invalid, "The header names the column \"" + std::string(trim(name)).substr(0, 100) +
                                               "\" twice. Rename one of them, so that it is clear which one counts.");
      header.emplace(row.cells);
      party = party_for(*header);
      if (!party)
        return error(ErrorCode::unsupported,
                     "This is not a file that is understood here: its header needs a column sku for products, or the "
                     "columns of an Amazon or Shopify order file.");
      const bool orders_file = party->name().ends_with("orders");
      if (!options.kind.empty() && options.kind != (orders_file ? "order" : "product"))
        return error(ErrorCode::invalid,
                     "This file holds " + party->name() + ", but kind=" + options.kind + " was asked for.");
      return {};
    }
    if (std::ranges::all_of(row.cells, [](const std::string& cell) { return trim(cell).empty(); }))
      return {};  // ";;;;" is a blank row
    if (row.cells.size() > header->names().size() &&
        std::ranges::any_of(row.cells.begin() + static_cast<std::ptrdiff_t>(header->names().size()), row.cells.end(),
                            [](const std::string& cell) { return !trim(cell).empty(); }))
      return refuse(
          row.line, "",
          {{"", "columns", "has more cells than the header has columns; a delimiter or a quote may be missing"}});
    for (std::size_t i = 0; i < row.cells.size(); ++i)
      if (first_bad_utf8(row.cells[i]))
        return refuse(
            row.line, "",
            {{i < header->names().size() ? header->names()[i] : "", "encoding", "holds bytes that are not text"}});
    Row known{row.line, &*header, std::move(row.cells)};
    party->row(known, products, orders);
    return products.size() + orders.size() >= kBatchRows ? keep() : Result<>();
  }

  Result<> refuse(std::uint64_t line, std::string sku, std::vector<FieldFault> faults) {
    RowReport row{line, "refused", std::move(sku), std::move(faults)};
    count(row);
    return report({row});
  }

  Result<> keep() {
    PF_TRY(keep_products());
    return keep_orders();
  }

  Result<> keep_products() {
    if (products.empty()) return {};
    std::vector<RowReport> reports(products.size());
    std::vector<catalog::ProductRow> rows;
    std::vector<std::size_t> of_row;
    for (std::size_t i = 0; i < products.size(); ++i) {
      ProductItem& item = products[i];
      reports[i] = {item.line, "refused", item.sku, item.faults};
      if (!item.faults.empty()) continue;
      const auto sku = catalog::parse_sku(item.sku);
      if (!sku.ok()) {
        reports[i].errors = faults_of(sku.error());
        continue;
      }
      rows.push_back({*sku, item.change, item.locale});
      of_row.push_back(i);
      line_of_variant[item.sku] = item.line;
    }
    const auto done = rooms.store.write([&](storage::Write& work) -> Result<> {
      PF_LET(const auto outcomes,
             rooms.products.upsert_many(work, rows, {.mode = options.mode, .forward_parents = true}));
      PF_TRY(rooms.products.note_batch(work, options.by, outcomes));
      for (std::size_t k = 0; k < outcomes.size(); ++k) {
        RowReport& row = reports[of_row[k]];
        const ProductItem& item = products[of_row[k]];
        if (!outcomes[k].outcome) {
          row.errors = faults_of(outcomes[k].error);
          continue;
        }
        row.outcome = folded_outcome(*outcomes[k].outcome);
        if (!outcomes[k].missing_parent.empty())
          missing_parents.push_back({rows[k].sku, catalog::Sku(outcomes[k].missing_parent)});
        bool more = false;
        if (item.price || item.regular_price) {
          catalog::OfferChange offer;
          std::vector<catalog::PriceChange> prices;
          if (item.price) prices.push_back({catalog::PriceKind::sell_price, *item.price});
          if (item.regular_price) prices.push_back({catalog::PriceKind::base_price, *item.regular_price});
          offer.prices.emplace_back(currency, std::move(prices));
          const auto priced = rooms.offers.upsert(work, options.by, rows[k].sku, offer, true);
          if (!priced.ok())
            row.errors = faults_of(priced.error());  // the product stays; its price is told
          else
            more = *priced != catalog::Outcome::unchanged;
        }
        if (item.stock) {
          PF_LET(const auto level, rooms.stock.level(work, item.sku));
          if (level.available() != *item.stock) {
            PF_TRY(rooms.stock.set_available(work, options.by, item.sku, *item.stock));
            PF_TRY(rooms.orders.fill_backorders(work, item.sku));
            more = true;
          }
        }
        if (more && row.outcome == "unchanged") row.outcome = "changed";
      }
      if (options.dry_run) return error(ErrorCode::conflict, "dry run");  // everything was tried, nothing is kept
      return {};
    });
    if (!done.ok() && !options.dry_run) return done.error();
    products.clear();
    for (const RowReport& row : reports) count(row);
    return report(reports);
  }

  Result<> keep_orders() {
    if (orders.empty()) return {};
    std::vector<RowReport> reports;
    const auto done = rooms.store.write([&](storage::Write& work) -> Result<> {
      reports.clear();
      for (const OrderItem& item : orders) {
        std::string outcome = "refused";
        std::vector<FieldFault> faults = item.faults;
        if (faults.empty()) {
          const auto placed = rooms.orders.place_in(work, options.by, item.order, orders::StockPolicy::backorder);
          if (placed.ok())
            outcome = folded_outcome(placed->outcome);
          else if (placed.error().code == ErrorCode::invalid)
            faults = faults_of(placed.error());
          else
            return placed.error();
        }
        for (const std::uint64_t line : item.lines)
          reports.push_back({line, outcome, item.order.channel_order_id, faults});
      }
      if (options.dry_run) return error(ErrorCode::conflict, "dry run");
      return {};
    });
    if (!done.ok() && !options.dry_run) return done.error();
    orders.clear();
    for (const RowReport& row : reports) count(row);
    return report(reports);
  }

  Result<> settle() {
    if (missing_parents.empty() || options.dry_run) return {};
    return rooms.store.write([&](storage::Write& work) -> Result<> {
      PF_LET(const auto outcomes, rooms.products.settle_parents(work, missing_parents));
      std::vector<RowReport> notes;
      for (std::size_t i = 0; i < outcomes.size(); ++i)
        if (!outcomes[i].outcome)
          notes.push_back({line_of_variant[missing_parents[i].sku.raw()],
                           "notice",
                           missing_parents[i].sku.raw(),
                           {{"parent", "unknown",
                             "there is no product " + missing_parents[i].parent.raw() +
                                 "; the product was kept without a parent"}}});
      return notes.empty() ? Result<>() : report(notes);
    });
  }
};

Importer::Importer(const Rooms& rooms, ImportOptions options,
                   std::function<Result<>(const std::vector<RowReport>&)> report)
    : impl_(std::make_unique<Impl>(rooms, std::move(options), std::move(report))) {}
Importer::~Importer() = default;
const Counts& Importer::counts() const {
  return impl_->counts;
}
std::string Importer::format() const {
  return impl_->party ? impl_->party->name() : impl_->json_format;
}

Result<> Importer::feed(std::string_view piece) {
  const std::string text = impl_->to_utf8.feed(piece, false);
  if (impl_->csv) return impl_->csv->feed(text, [this](formats::CsvRow&& row) { return impl_->take(std::move(row)); });
  impl_->look += text;
  if (impl_->look.size() > kJsonBytesMax)
    return error(ErrorCode::too_large, "A JSON file may have at most 32 MiB. Split it.");
  return impl_->recognise_json_or_csv(false);
}

Result<> Importer::finish() {
  Impl& in = *impl_;
  const std::string text = in.to_utf8.feed({}, true);
  const auto take = [&](formats::CsvRow&& row) { return in.take(std::move(row)); };
  if (in.csv)
    PF_TRY(in.csv->feed(text, take));
  else
    in.look += text;
  PF_TRY(in.recognise_json_or_csv(true));
  if (in.is_json) {
    PF_LET(const auto file, json::parse(in.look));
    PF_LET(in.json_format, json_items(file, in.products, in.orders));
    return in.keep();
  }
  const auto end = in.csv->finish(take);
  if (in.party) in.party->flush(in.orders);
  PF_TRY(in.keep());
  PF_TRY(in.settle());
  if (!end.ok()) {  // cut off: what came before is kept, and the place is told
    const std::string& message = end.error().message;
    const auto line = parse_int(message.substr(5, message.find(':') - 5));
    return in.refuse(static_cast<std::uint64_t>(line.value_or(0)), "", {{"", "cut_off", message}});
  }
  if (!in.header) return error(ErrorCode::invalid, "The file is empty.");
  return {};
}

}  // namespace pf::exchange
