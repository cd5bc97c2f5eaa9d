// Reference records as a table, both ways:
//   reference_kind, code, label@nl-NL, ..., <attribute>, <attribute>@nl-NL, ...
// `reference_kind` is the sign by which such a file is known. An empty cell leaves things as they are. Records that
// name others further down, in a file of several kinds, come after them; those that name each other, together.
#include <algorithm>
#include <functional>
#include <map>

#include "catalog/reference_record.h"
#include "exchange/keeper.h"
#include "exchange/reference_export.h"
#include "productflow/text.h"

namespace pf::exchange {
namespace {

constexpr std::size_t kReferenceRowsMax = 500'000;  // of one file: five kinds of 100,000
constexpr std::size_t kReferencesAtOnce = 500;      // of one unit of work
constexpr std::size_t kExportPage = 500;

class ReferenceRows final : public Party {
 public:
  explicit ReferenceRows(const Header& header) {
    for (const auto& name : header.names()) {
      const auto mark = name.rfind('@');
      Column column;
      if (mark != std::string::npos)
        if (auto locale = catalog::parse_locale(std::string_view(name).substr(mark + 1)); locale.ok()) {
          column.locale = *std::move(locale);
          column.name = name.substr(0, mark);
        }
      if (column.locale.empty()) column.name = name;
      column.is_label = column.name == "label" && !column.locale.empty();
      column.is_key = column.name == "reference_kind" || column.name == "code";
      columns_.push_back(std::move(column));
    }
  }
  std::string name() const override { return "reference records"; }
  void row(const Row& row, std::vector<ProductItem>&, std::vector<OrderItem>&) override {
    ReferenceItem& item = references.emplace_back();
    item.line = row.line;
    item.kind = row.cell("reference_kind");
    item.code = row.cell("code");
    if (item.kind.empty())
      item.faults.push_back({"reference_kind", "required", "is empty: of which kind is this record?"});
    if (item.code.empty()) item.faults.push_back({"code", "required", "is empty: it cannot be told from others"});
    if (++rows_ > kReferenceRowsMax)
      item.faults.push_back(
          {"", "too_many", "is beyond the " + std::to_string(kReferenceRowsMax) + " rows that one such file may have"});
    json::Value labels{json::Members{}}, values{json::Members{}};
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      const Column& column = columns_[i];
      std::string cell(row.cell(i));
      if (row.guarded && cell.size() > 1 && cell[0] == '\'' &&
          std::string_view("=+-@'\t\r\n").find(cell[1]) != std::string_view::npos)
        cell.erase(0, 1);
      if (column.is_key || cell.empty()) continue;
      if (column.is_label) {
        labels.set(column.locale, std::move(cell));
      } else if (column.locale.empty()) {
        values.set(column.name, std::move(cell));
      } else {
        json::Value texts =
            values.find(column.name) != nullptr ? *values.find(column.name) : json::Value(json::Members{});
        if (texts.as_object() == nullptr) continue;  // the column without a language counts
        texts.set(column.locale, std::move(cell));
        values.set(column.name, std::move(texts));
      }
    }
    item.body = json::Value::object({{"labels", std::move(labels)}, {"values", std::move(values)}});
  }

 private:
  struct Column {
    std::string name{}, locale{};
    bool is_label = false, is_key = false;
  };
  std::vector<Column> columns_;
  std::size_t rows_ = 0;
};

// Which values name records that are not there; nothing where something else is wrong besides.
std::vector<std::string> waits_for(const Error& error) {
  constexpr std::string_view kValues = "values.";
  std::vector<std::string> out;
  for (const FieldFault& fault : error.faults) {
    if (fault.code != "unknown" || !fault.field.starts_with(kValues) || !fault.message.starts_with("names the record"))
      return {};
    out.push_back(fault.field.substr(kValues.size()));
  }
  return out;
}

std::string word_of(catalog::Outcome outcome) {
  return std::string(catalog::outcome_name(outcome));
}

// A value as a cell that reads as the same again.
std::string cell_of(const json::Value& value) {
  if (const auto* text = value.as_string()) return *text;
  if (const auto* number = value.as_number()) return number->text;
  if (const auto* flag = value.as_bool()) return *flag ? "true" : "false";
  return {};
}

}  // namespace

std::unique_ptr<Party> reference_rows(const Header& header) {
  if (!header.has("reference_kind") || !header.has("code")) return nullptr;
  return std::make_unique<ReferenceRows>(header);
}

// Notes what it sets.
Result<catalog::ReferenceWritten> Keeper::write_reference(storage::Write& work, const ReferenceItem& item,
                                                          const json::Value& body, catalog::WriteMode mode,
                                                          std::vector<SetBeside>& set) {
  auto& references = rooms_.products.references();
  PF_LET(const auto before, references.find(work, item.kind, item.code));
  PF_LET(auto written, references.write(work, options_.by, item.kind, item.code, body, mode, {}, false));
  if (written.outcome != catalog::Outcome::unchanged)
    set.push_back(SetRecord{.reference = true,
                            .kind = item.kind,
                            .code = item.code,
                            .before = before ? catalog::reference_content(*before) : json::Value(),
                            .after = catalog::reference_content(written.record)});
  return written;
}

// One row; nothing where it waits for another. An Error only of the disk.
Result<std::optional<RowReport>> Keeper::keep_reference(storage::Write& work, const ReferenceItem& item,
                                                        catalog::WriteMode mode, bool last,
                                                        std::vector<WaitingRecord>& waiting,
                                                        std::vector<SetBeside>& set) {
  const auto written = write_reference(work, item, item.body, mode, set);
  if (written.ok()) return std::optional(RowReport{item.line, word_of(written->outcome), item.code});
  const Error& why = written.error();
  if (why.code != ErrorCode::invalid && why.code != ErrorCode::conflict && why.code != ErrorCode::not_found) return why;
  if (!last)
    if (auto values = waits_for(why); !values.empty()) {
      waiting.push_back({&item, std::move(values)});
      return std::optional<RowReport>();
    }
  return std::optional(
      RowReport{item.line, "refused", item.code,
                why.faults.empty() ? std::vector<FieldFault>{{"", "refused", why.message}} : why.faults});
}

// As bare as they must be to be there for each other. `made`: those of them that were not there.
Result<> Keeper::make_bare(storage::Write& work, std::span<const WaitingRecord> some,
                           std::unordered_set<const ReferenceItem*>& made) {
  auto& references = rooms_.products.references();
  std::vector<SetBeside> set;
  for (const WaitingRecord& record : some) {
    const ReferenceItem& item = *record.item;
    PF_LET(const auto there, references.find(work, item.kind, item.code));
    if (there) continue;
    const auto done = write_reference(work, item, without_waiting(record), catalog::WriteMode::upsert, set);
    if (done.ok())
      made.insert(&item);
    else if (done.error().code != ErrorCode::invalid)
      return done.error();
  }
  return keep_set(work, set);
}

Result<> Keeper::fill_bare(storage::Write& work, std::span<const WaitingRecord> some,
                           const std::unordered_set<const ReferenceItem*>& made, std::vector<RowReport>& reports) {
  std::vector<WaitingRecord> nobody;
  std::vector<SetBeside> set;
  for (const WaitingRecord& record : some) {
    const bool is_new = made.contains(record.item);
    PF_LET(auto row,
           keep_reference(work, *record.item, is_new ? catalog::WriteMode::upsert : options_.mode, true, nobody, set));
    if (is_new) {
      // Whatever could not be said of it, it is there.
      if (row->outcome == "refused") reports.push_back({row->line, "notice", row->sku, std::move(row->errors)});
      row = RowReport{row->line, word_of(catalog::Outcome::created), row->sku};
    }
    reports.push_back(*std::move(row));
  }
  return keep_set(work, set);
}

Result<> Keeper::note_references(storage::Write& work, std::span<const RowReport> reports) {
  const auto number = [&](catalog::Outcome outcome) {
    return static_cast<std::uint64_t>(std::ranges::count(reports, catalog::outcome_name(outcome), &RowReport::outcome));
  };
  const std::uint64_t created = number(catalog::Outcome::created), changed = number(catalog::Outcome::changed);
  return created + changed > 0 ? rooms_.products.references().note_batch(work, options_.by, created, changed)
                               : Result<>();
}

// All that wait are known here, so that who names whom is.
Result<> Keeper::keep_circles(std::vector<WaitingRecord>& waiting) {
  if (options_.mode == catalog::WriteMode::update) return {};
  std::vector<WaitingRecord> circle;
  PF_TRY(look([&](const storage::Reader& read) -> Result<> {
    PF_LET(const auto model, rooms_.products.models().known(read));
    circle = in_circles(*model, waiting);
    return {};
  }));
  std::unordered_set<const ReferenceItem*> made, kept;
  const auto in_parts =
      [&](const std::function<Result<>(storage::Write&, std::span<const WaitingRecord>)>& each) -> Result<> {
    for (std::size_t at = 0; at < circle.size(); at += kReferencesAtOnce) {
      const auto part = std::span(circle).subspan(at, std::min(kReferencesAtOnce, circle.size() - at));
      PF_TRY(write([&](storage::Write& work) { return each(work, part); }));
    }
    return Result<>();
  };
  PF_TRY(
      in_parts([&](storage::Write& work, std::span<const WaitingRecord> part) { return make_bare(work, part, made); }));
  std::vector<RowReport> all;
  PF_TRY(in_parts([&](storage::Write& work, std::span<const WaitingRecord> part) -> Result<> {
    std::vector<RowReport> reports;
    PF_TRY(fill_bare(work, part, made, reports));
    PF_TRY(note_references(work, reports));
    all.insert(all.end(), reports.begin(), reports.end());
    return {};
  }));
  for (const WaitingRecord& record : circle) kept.insert(record.item);
  std::erase_if(waiting, [&](const WaitingRecord& record) { return kept.contains(record.item); });
  for (RowReport& row : all) PF_TRY(add_report(std::move(row)));
  return {};
}

Result<> Keeper::keep_references(std::vector<ReferenceItem> items) {
  std::vector<WaitingRecord> open;
  for (const auto& item : items) {
    if (item.faults.empty())
      open.push_back({&item, {}});
    else
      PF_TRY(refuse(item.line, item.faults));
  }
  // Those that name a record which is not there wait until a round has brought no new one; then those that name each
  // other go in together, and the others are told.
  for (bool last = false; !open.empty();) {
    std::vector<WaitingRecord> waiting;
    for (std::size_t start = 0; start < open.size(); start += kReferencesAtOnce) {
      std::vector<RowReport> reports;
      std::vector<WaitingRecord> later;
      PF_TRY(write([&](storage::Write& work) -> Result<> {
        reports.clear();
        later.clear();
        std::vector<SetBeside> set;
        std::vector<WaitingRecord> part(
            open.begin() + static_cast<std::ptrdiff_t>(start),
            open.begin() + static_cast<std::ptrdiff_t>(std::min(start + kReferencesAtOnce, open.size())));
        for (bool progress = true; progress && !part.empty(); part.swap(later)) {
          later.clear();
          for (const WaitingRecord& record : part) {
            PF_LET(auto row, keep_reference(work, *record.item, options_.mode, last, later, set));
            if (row) reports.push_back(*std::move(row));
          }
          progress = later.size() < part.size();
        }
        later = std::move(part);
        PF_TRY(keep_set(work, set));
        return note_references(work, reports);
      }));
      for (auto& row : reports) PF_TRY(add_report(std::move(row)));
      waiting.insert(waiting.end(), later.begin(), later.end());
    }
    if (waiting.size() == open.size() && !last) {
      PF_TRY(keep_circles(waiting));
      last = true;
    }
    open = std::move(waiting);
  }
  return finish();
}

Result<> write_references(const Rooms& rooms, const std::vector<std::string>& kinds, ExportWriter& out) {
  const auto& references = rooms.products.references();
  const auto each = [&](const std::function<Result<>(const catalog::ReferenceRecord&)>& record) -> Result<> {
    for (const std::string& kind : kinds) {
      catalog::ReferenceQuery query;
      query.count = kExportPage;
      do {
        PF_LET(const auto page, references.list(rooms.store.read(), kind, query));
        for (const auto& one : page.records) PF_TRY(record(one));
        query.cursor = page.next_cursor;
      } while (!query.cursor.empty());
    }
    return {};
  };
  if (!out.is_table())
    return each([&](const catalog::ReferenceRecord& one) {
      json::Value labels{json::Members{}};
      for (const auto& [locale, text] : one.labels) labels.set(locale, text);
      return out.object(json::write(json::Value::object(
          {{"reference_kind", one.kind}, {"code", one.code}, {"labels", std::move(labels)}, {"values", one.values}})));
    });
  // The first walk finds the columns: at most some hundred, since a kind has few attributes and a shop few languages.
  std::map<std::string, std::size_t> places;
  PF_TRY(each([&](const catalog::ReferenceRecord& one) -> Result<> {
    for (const auto& [locale, ignored] : one.labels) places.emplace("label@" + locale, 0);
    for (const auto& [name, value] : *one.values.as_object()) {
      if (const auto* texts = value.as_object()) {
        for (const auto& [locale, text] : *texts) places.emplace(name + "@" + locale, 0);
      } else {
        places.emplace(name, 0);
      }
    }
    return {};
  }));
  std::vector<std::string> names{"reference_kind", "code"};
  for (auto& [name, place] : places) {
    place = names.size();
    names.push_back(name);
  }
  PF_TRY(out.row(names));
  return each([&](const catalog::ReferenceRecord& one) {
    std::vector<std::string> cells(names.size());
    cells[0] = one.kind;
    cells[1] = one.code;
    const auto put = [&](const std::string& name, std::string cell) {
      if (const auto at = places.find(name); at != places.end()) cells[at->second] = std::move(cell);
    };
    for (const auto& [locale, text] : one.labels) put("label@" + locale, text);
    for (const auto& [name, value] : *one.values.as_object()) {
      if (const auto* texts = value.as_object()) {
        for (const auto& [locale, text] : *texts) put(name + "@" + locale, cell_of(text));
      } else {
        put(name, cell_of(value));
      }
    }
    return out.row(cells);
  });
}

}  // namespace pf::exchange
