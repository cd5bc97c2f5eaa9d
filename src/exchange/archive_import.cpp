// What is packed: gzip, ZIP archives with files in them, and workbooks, which are archives.
#include <algorithm>

#include "exchange/importing.h"
#include "formats/unpacked.h"
#include "productflow/text.h"

namespace pf::exchange {
namespace {

constexpr std::size_t kInnerArchiveBytesMax = 64u << 20;  // of a workbook in an archive, which must be whole in memory
constexpr int kPackedDepthMax = 2;                        // a workbook in an archive, or a compressed file in one
constexpr std::size_t kNamedMax = 5;                      // files that a notice names

// Neither tables nor worth a look.
bool is_picture(std::string_view name) {
  const std::string folded = lower_ascii(name.substr(std::min(name.size(), name.rfind('.') + 1)));
  for (const char* ending : {"png", "jpg", "jpeg", "gif", "webp", "svg", "tif", "tiff", "bmp", "pdf", "mp4", "avif"})
    if (folded == ending) return true;
  return false;
}
bool is_beside(const formats::ZipEntry& entry) {
  const std::string_view name(entry.name);
  return entry.folder || name.starts_with("__MACOSX/") || name.substr(name.rfind('/') + 1).starts_with('.');
}

}  // namespace

Result<> Importer::run(formats::Source& file) {
  const auto done = run_file(file, 0);
  const auto told = impl_->keeper.finish();
  return done.ok() ? told : done;
}

Result<> Importer::run_file(formats::Source& file, int depth) {
  PF_LET(const std::string first, beginning_of(file));
  const bool gzip = first.starts_with("\x1f\x8b"), zip = first.starts_with("PK\x03\x04");
  if ((gzip || zip) && depth > kPackedDepthMax - (gzip ? 1 : 0))
    return error(ErrorCode::unsupported, "This is packed in what is packed. Unpack it, and import the file in it.");
  if (gzip) {
    formats::UnpackedGzip unpacked(file);
    return run_file(unpacked, depth + 1);
  }
  if (!zip) return impl_->run(file);

  std::string whole;  // of an inner one, since only the outermost can be read at any place
  if (depth > 0) {
    for (;;) {
      PF_LET(const std::string piece, file.read(whole.size(), kFilePieceBytes));
      if (piece.empty()) break;
      if (whole.size() + piece.size() > kInnerArchiveBytesMax)
        return error(ErrorCode::too_large,
                     "The archive holds a workbook of more than 64 MiB. Unpack it, and import the workbook by itself.");
      whole += piece;
    }
  }
  formats::MemorySource inner(whole);
  PF_LET(auto archive, formats::ZipReader::open(depth > 0 ? static_cast<formats::Source&>(inner) : file));
  if (archive.find("content.xml") != nullptr && archive.find("mimetype") != nullptr)
    return error(ErrorCode::unsupported,
                 "This is an OpenDocument file (LibreOffice). Save it as Excel workbook (.xlsx) or CSV UTF-8 and "
                 "import that.");
  if (formats::XlsxReader::is_workbook(archive)) {
    PF_LET(auto book, formats::XlsxReader::open(archive));
    return impl_->read_workbook(book);
  }
  if (depth > 0) return error(ErrorCode::unsupported, "This is an archive in an archive. Unpack it first.");
  return run_archive(archive);
}

// Every file of it that is understood, one after the other; the others are told.
Result<> Importer::run_archive(formats::ZipReader& archive) {
  std::vector<const formats::ZipEntry*> tables;
  std::string pictures;  // the first by name
  std::size_t picture_count = 0;
  for (const auto& entry : archive.entries()) {
    if (is_beside(entry)) continue;
    if (!is_picture(entry.name))
      tables.push_back(&entry);
    else if (picture_count++ < kNamedMax)
      pictures += (pictures.empty() ? "" : ", ") + entry.name;
  }
  std::vector<FieldFault> failures;  // why a file was left, of the first
  std::size_t failed = 0;
  for (const formats::ZipEntry* entry : tables) {
    if (resume_.files > 0) {
      --resume_.files;
      continue;
    }
    formats::UnpackedEntry file(archive, *entry);
    const auto done = run_file(file, 1);
    if (!done.ok() && done.error().code != ErrorCode::unsupported && done.error().code != ErrorCode::invalid)
      return done;
    PF_TRY(impl_->keeper.finish());
    const Counts counted = progress_.of_file;
    if (!done.ok()) {
      if (failed++ < kNamedMax)
        failures.push_back({"", "file", "The file " + entry->name + " was not imported: " + done.error().message});
    } else if (format_.empty()) {
      format_ = format();
    }
    if (tables.size() > 1 && counted.rows > 0)
      PF_TRY(impl_->keeper.notice(0, {{"", "file",
                                       "What is told above is of the file " + entry->name +
                                           " of the archive: " + std::to_string(counted.rows) + " rows."}}));
    PF_TRY(impl_->keeper.finish());
    progress_ = {.files = progress_.files + 1, .counts = progress_.counts};
    resume_ = {};
    impl_ = std::make_unique<Impl>(rooms_, options_, report_, progress_, resume_);
    if (!done.ok() && tables.size() == 1) return done;
  }
  if (failed == tables.size())
    return error(ErrorCode::unsupported, "The archive holds no file that is understood here." +
                                             (failures.empty() ? std::string() : " " + failures[0].message));
  if (failed > failures.size())
    failures.push_back({"", "file", "So it is with " + std::to_string(failed - failures.size()) + " more."});
  if (!failures.empty()) PF_TRY(impl_->keeper.notice(0, std::move(failures)));
  if (picture_count == 0) return {};
  return impl_->keeper.notice(
      0, {{"", "files",
           "Pictures of the archive are not imported: " + pictures +
               (picture_count > kNamedMax ? " and " + std::to_string(picture_count - kNamedMax) + " more" : "") +
               ". Upload them at their products, or name their address in a column."}});
}

}  // namespace pf::exchange
