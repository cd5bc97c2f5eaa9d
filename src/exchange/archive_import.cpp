// Archives with files in them.
#include <algorithm>

#include "exchange/archive_pictures.h"
#include "exchange/importing.h"
#include "exchange/named_pictures.h"
#include "exchange/preview.h"
#include "productflow/text.h"

namespace pf::exchange {
namespace {

constexpr std::size_t kNamedMax = 5;       // files that a notice names
constexpr std::size_t kNamedAtOnce = 100;  // whose products are one unit of work: as many as a second takes
constexpr std::size_t kLookedAtMax = 500;  // pictures that are named before the import: more than a look shows
constexpr std::size_t kTablesMax = 1'000;  // files that are opened, each in some milliseconds; no catalogue has as many

// Neither tables nor worth a look.
bool is_picture(std::string_view name) {
  const std::string folded = lower_ascii(name.substr(std::min(name.size(), name.rfind('.') + 1)));
  for (const char* ending :
       {"png", "jpg", "jpeg", "jfif", "gif", "webp", "svg", "tif", "tiff", "bmp", "heic", "heif", "pdf", "mp4", "avif"})
    if (folded == ending) return true;
  return false;
}
bool is_beside(const formats::ZipEntry& entry) {
  const std::string_view name(entry.name);
  if (entry.folder || name.starts_with("__MACOSX/")) return true;
  const std::string file = lower_ascii(name.substr(name.rfind('/') + 1));
  if (file.starts_with('.')) return true;
  // What Windows and people put beside pictures.
  for (const char* other : {"thumbs.db", "desktop.ini", "readme.txt", "readme.md", "license.txt", "licence.txt"})
    if (file == other) return true;
  return false;
}

// When a table has its turn: what describes the catalogue, each after what it names, then products, then what is of
// them. An archive has its files by name, or in no order at all.
std::size_t turn_of(std::string_view format) {
  if (format.starts_with("akeneo ")) format.remove_prefix(7);
  if (format.starts_with("unopim ")) format.remove_prefix(7);
  constexpr std::pair<std::string_view, std::size_t> kTurns[] = {{"locales", 0},
                                                                 {"reference kinds", 0},
                                                                 {kMeasurementFamilies, 0},
                                                                 {"categories", 0},
                                                                 {"attribute groups", 0},
                                                                 {"association types", 0},
                                                                 {"channels", 1},
                                                                 {"reference records", 1},
                                                                 {"attributes", 2},
                                                                 {"options", 3},
                                                                 {"groups", 3},
                                                                 {"families", 4},
                                                                 {"family variants", 5},
                                                                 {"product models", 6},
                                                                 {"stock", 8},
                                                                 {"product associations", 8},
                                                                 {"tracking", 9}};
  for (const auto& [name, turn] : kTurns)
    if (format == name) return turn;
  return format.ends_with("orders") ? 9 : 7;
}

}  // namespace

// The format of a table, told by its first lines; empty for what is no table, or none that is understood.
Result<std::string> Importer::Impl::format_of(formats::FileReading& file, const formats::OpenedFile& opened) const {
  std::string found;
  const auto look = [&](const std::vector<std::string>& cells) {
    const auto known = party_for(Header(numbered(cells)), options.kind, options.mapping);
    if (known.ok() && *known) found = (*known)->name();
    return !found.empty();
  };
  // Attributes measure in them, so they come before; JSON of any other kind may come when it will.
  if (opened.json && opened.start.find("\"standard_unit") != std::string::npos)
    return std::string(kMeasurementFamilies);
  for (const formats::HeaderLine& line : opened.lines)
    if (look(line.cells)) return found;
  if (opened.kind != formats::OpenedFile::Kind::workbook || opened.sheets.empty()) return found;
  using Go = formats::ZipReader::Go;
  std::size_t looked = 0;
  PF_TRY(file.sheet_rows(0, [&](formats::TableRow&& row) -> Result<Go> {
    return look(row.cells) || ++looked == formats::kPreambleLinesMax ? Go::enough : Go::on;
  }));
  return found;
}

Result<> Importer::run(formats::Source& file) {
  if (!rooms_.open_file) return error(ErrorCode::unavailable, "Files are not read here.");
  const auto done = [&]() -> Result<> {
    PF_TRY(sole_->begin());
    PF_LET(const auto reading, rooms_.open_file(file));
    PF_LET(const auto opened, reading->open(options_.written));
    if (opened.kind == formats::OpenedFile::Kind::archive) return run_archive(file, *reading, opened.entries);
    const formats::Written& said = options_.written;
    if (opened.kind != formats::OpenedFile::Kind::text && !(said.encoding + said.delimiter + said.quote).empty())
      return error(ErrorCode::unsupported,
                   "The mapping says how a text is written (encoding, delimiter or quote), and this file is a workbook "
                   "or XML, which says that itself. Leave it out of the mapping.");
    return impl_->run(*reading, opened);
  }();
  const auto told = impl_->keeper.finish();
  return done.ok() ? told : done;
}

// Every file of it that is understood, one after the other; the others are told. Pictures belong to the rows that name
// them.
Result<> Importer::run_archive(formats::Source& file, formats::FileReading& reading,
                               const std::vector<formats::ZipEntry>& entries) {
  std::vector<std::size_t> tables, pictures;
  for (std::size_t at = 0; at < entries.size(); ++at)
    if (!is_beside(entries[at])) (is_picture(entries[at].name) ? pictures : tables).push_back(at);
  if (tables.size() > kTablesMax)
    return error(ErrorCode::too_large, "The archive holds " + std::to_string(tables.size()) +
                                           " files that are no pictures, and at most " + std::to_string(kTablesMax) +
                                           " are read. Send the tables and their pictures alone.");
  std::optional<ArchivePictures> kept;
  if (rooms_.assets != nullptr && !pictures.empty()) {
    kept.emplace(rooms_, file, entries, pictures, options_.dry_run ? trial_.get() : nullptr);
  }
  const bool of_products = options_.kind.empty() || options_.kind == "product";
  if (tables.empty() && kept && of_products && options_.mapping == nullptr)
    return run_pictures(*kept, entries, pictures);
  if (tables.size() > 1 && options_.preview == nullptr) {
    std::vector<std::pair<std::size_t, std::size_t>> turns;
    for (const std::size_t at : tables) {
      std::string format;
      if (const auto opened = reading.open_entry(at); opened.ok())
        if (auto told = impl_->format_of(reading, *opened); told.ok()) format = *std::move(told);
      turns.emplace_back(turn_of(format), at);  // what cannot be read is told when it has its turn
    }
    std::ranges::sort(turns);
    for (std::size_t i = 0; i < turns.size(); ++i) tables[i] = turns[i].second;
  }
  std::vector<FieldFault> failures;  // why a file was left, of the first
  std::size_t failed = 0;
  for (const std::size_t at : tables) {
    if (resume_.files > 0) {
      --resume_.files;
      continue;
    }
    const std::string& name = entries[at].name;
    const auto done = [&]() -> Result<> {
      impl_->keeper.pictures = kept ? &*kept : nullptr;
      if (tables.size() > 1) impl_->keeper.of_file = name;
      PF_LET(const auto opened, reading.open_entry(at));
      return impl_->run(reading, opened);
    }();
    if (!done.ok() && done.error().code != ErrorCode::unsupported && done.error().code != ErrorCode::invalid)
      return done;
    PF_TRY(impl_->keeper.finish());
    const Counts counted = progress_.of_file;
    if (!done.ok()) {
      if (failed++ < kNamedMax)
        failures.push_back({"", "file", "The file " + name + " was not imported: " + done.error().message});
    } else if (format_.empty()) {
      format_ = format();
    }
    if (tables.size() > 1 && counted.rows > 0)
      PF_TRY(impl_->keeper.notice(0, {{"", "file",
                                       "What is told above is of the file " + name +
                                           " of the archive: " + std::to_string(counted.rows) + " rows."}}));
    PF_TRY(impl_->keeper.finish());
    progress_ = {.files = progress_.files + 1, .counts = progress_.counts};
    resume_ = {};
    impl_ = std::make_unique<Impl>(rooms_, options_, report_, progress_, resume_, *trial_, *sole_);
    if (!done.ok() && tables.size() == 1) return done;
  }
  if (failed == tables.size())
    return error(ErrorCode::unsupported, "The archive holds no file that is understood here." +
                                             (failures.empty() ? std::string() : " " + failures[0].message));
  if (failed > failures.size())
    failures.push_back({"", "file", "So it is with " + std::to_string(failed - failures.size()) + " more."});
  if (!failures.empty()) PF_TRY(impl_->keeper.notice(0, std::move(failures)));
  std::string unused;  // the first by name
  std::size_t count = 0;
  for (const std::size_t at : pictures)
    if ((!kept || kept->unused(at)) && count++ < kNamedMax)
      unused += (unused.empty() ? "" : ", ") + file_shown(entries[at].name);
  if (count == 0) return {};
  return impl_->keeper.notice(0,
                              {{"", "files",
                                "Pictures of the archive that no row names were left: " + unused +
                                    (count > kNamedMax ? " and " + std::to_string(count - kNamedMax) + " more" : "") +
                                    ". Name the file in the column of the images, or upload it at its product."}});
}

// Behind the pictures that the product has when it is kept, so that none is lost; one that it has changes nothing.
Result<> Importer::run_pictures(ArchivePictures& kept, const std::vector<formats::ZipEntry>& entries,
                                const std::vector<std::size_t>& pictures) {
  Keeper& keeper = impl_->keeper;
  keeper.pictures = &kept;
  impl_->json_format = "product pictures";
  PF_LET(const auto named, named_pictures(rooms_, options_.by, entries, pictures,
                                          options_.preview != nullptr ? kLookedAtMax : pictures.size()));
  std::size_t gathered = 0;
  for (std::size_t at = 0; at < named.size();) {
    ProductItem item;
    item.must_exist = true;
    item.line = named[at].line;
    item.sku = named[at].sku;
    if (options_.preview != nullptr) {
      if (item.sku.empty()) item.faults.push_back(named[at].fault);
      do item.files.push_back(file_shown(entries[named[at].entry].name));
      while (++at < named.size() && !item.sku.empty() && named[at].sku == item.sku);
      keeper.products.push_back(std::move(item));
      if (++impl_->items == kPreviewRows) break;
      continue;
    }
    if (item.sku.empty()) {
      PF_TRY(keeper.refuse(item.line, {named[at++].fault}));
      continue;
    }
    for (; at < named.size() && named[at].sku == item.sku; ++at) {
      const std::string file = file_shown(entries[named[at].entry].name);
      PF_LET(auto picture, kept.keep(named[at].entry));
      if (!picture.fault.empty()) {
        PF_TRY(keeper.refuse(named[at].line, {{"file", "picture", "is " + file + ", which " + picture.fault}}));
        continue;
      }
      if (item.files.empty())
        item.line = named[at].line;
      else
        item.more_lines.push_back(named[at].line);
      item.files.push_back(file);
      item.change.more_images.push_back(std::move(picture.image));
    }
    if (item.files.empty()) continue;
    gathered += item.files.size();
    keeper.products.push_back(std::move(item));
    if (gathered < kNamedAtOnce) continue;
    gathered = 0;
    PF_TRY(keeper.keep({}));
  }
  if (options_.preview == nullptr) return keeper.keep({});
  options_.preview->format = impl_->json_format;
  options_.preview->meant(keeper.products, keeper.orders);
  return {};
}

}  // namespace pf::exchange
