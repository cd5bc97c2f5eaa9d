#include "exchange/archive_pictures.h"

#include "exchange/named_pictures.h"
#include "productflow/text.h"

namespace pf::exchange {
namespace {

constexpr std::size_t kAmbiguous = ~std::size_t{0};
constexpr std::size_t kFilesShownMax = 20;      // of one product: hundreds of each of many are no report
constexpr std::size_t kFoldersMax = 4;          // of a path that is named by its end
constexpr std::string_view kBetween = "|,;\n";  // what stands between several pictures of a cell

// As people write it: in any case, with the slashes of Windows, from the folder of the table.
std::string folded_name(std::string_view name) {
  std::string out = lower_ascii(trim(name));
  for (char& c : out)
    if (c == '\\') c = '/';
  return out.starts_with("./") ? out.substr(2) : out;
}

constexpr std::string_view kUpload = "asset:";
constexpr std::size_t kUploadDigits = 64;  // of what follows it

// "pictures/<id>.png", as our own export of the whole catalogue has an upload.
std::string upload_of(std::string_view name) {
  std::string_view stem = name.substr(name.rfind('/') + 1);
  stem = stem.substr(0, stem.find('.'));
  const bool id = stem.size() == kUploadDigits && stem.find_first_not_of("0123456789abcdef") == std::string_view::npos;
  return id ? std::string(stem) : std::string();
}

}  // namespace

ArchivePictures::ArchivePictures(const Rooms& rooms, formats::Source& file,
                                 const std::vector<formats::ZipEntry>& entries,
                                 const std::vector<std::size_t>& pictures, Trial* trial)
    : rooms_(rooms), file_(file), entries_(entries), trial_(trial) {
  for (const std::size_t at : pictures) {
    const std::string name = folded_name(entries[at].name);
    by_name_.insert_or_assign(name, at);
    if (std::string id = upload_of(name); !id.empty()) uploads_.insert_or_assign(std::move(id), at);
    // By the ends of its path too: a table names it from its own folder, or by its name alone.
    std::size_t slash = name.rfind('/');
    for (std::size_t folders = 0; slash != std::string::npos && folders < kFoldersMax; ++folders) {
      const auto [last, first] = by_name_.try_emplace(name.substr(slash + 1), at);
      if (!first) last->second = kAmbiguous;
      slash = slash == 0 ? std::string::npos : name.rfind('/', slash - 1);
    }
  }
}

const std::size_t* ArchivePictures::find(std::string_view name) const {
  if (name.find('.') == std::string_view::npos) return nullptr;
  const auto found = by_name_.find(folded_name(name));
  return found == by_name_.end() ? nullptr : &found->second;
}

Result<> ArchivePictures::put_into(formats::TableRow& row, const std::vector<std::string>& names,
                                   std::vector<FieldFault>& faults) {
  for (std::size_t column = 0; column < row.cells.size(); ++column) {
    std::string& text = row.cells[column];
    if (!uploads_.empty()) PF_TRY(keep_uploads(text));
    if (text.find('.') == std::string::npos) continue;
    std::string out;
    bool changed = false;
    for (std::size_t at = 0; at <= text.size();) {
      const std::size_t end = std::min(text.find_first_of(kBetween, at), text.size());
      const std::string_view part = std::string_view(text).substr(at, end - at);
      if (const std::size_t* entry = find(part)) {
        changed = true;
        Kept kept{{}, "is in several folders of the archive; name it with its folder"};
        if (*entry != kAmbiguous) {
          PF_LET(kept, keep(*entry));
        }
        out += kept.image;
        if (!kept.fault.empty())
          faults.push_back({column < names.size() ? names[column] : std::string(), "picture",
                            "names the file " + std::string(trim(part)).substr(0, 200) + ", which " + kept.fault});
      } else {
        out += part;
      }
      if (end < text.size()) out += text[end];
      at = end + 1;
    }
    if (changed) text = std::move(out);
  }
  return {};
}

// Of another shop, that a cell names as its products do.
Result<> ArchivePictures::keep_uploads(std::string& text) {
  for (std::size_t at = text.find(kUpload); at != std::string::npos; at = text.find(kUpload, at + 1)) {
    const auto found = uploads_.find(text.substr(at + kUpload.size(), kUploadDigits));
    if (found == uploads_.end()) continue;
    PF_LET(const auto there, is_there(found->first));
    if (there) {
      used_.insert(found->second);
      continue;
    }
    PF_TRY(keep(found->second));  // one that is no picture is told by the row, which then names what is not there
  }
  return {};
}

Result<bool> ArchivePictures::is_there(std::string_view id) const {
  bool there = false;
  const auto look = [&](const storage::Reader& read) -> Result<> {
    PF_LET(const auto asset, rooms_.assets->find(read, id));
    there = asset.has_value();
    return {};
  };
  PF_TRY(trial_ != nullptr ? trial_->look(look) : look(rooms_.store.read()));
  return there;
}

std::string ArchivePictures::shown(const std::string& image) const {
  const auto found = tried_.find(image);
  return found == tried_.end() ? image : file_shown(entries_[found->second].name);
}

void ArchivePictures::show(std::vector<catalog::FieldChange>& changes) const {
  for (auto& change : changes) {
    if (change.after.find(kUpload) == std::string::npos) continue;
    auto value = json::parse(change.after);
    if (!value.ok()) continue;
    const auto show_one = [&](const json::Value& one) {
      return one.as_string() != nullptr ? json::Value(shown(*one.as_string())) : one;
    };
    json::Value after = json::Value::array();
    std::size_t files = 0;
    if (const auto* list = value->as_array()) {
      for (const json::Value& one : *list)
        if (one.as_string() == nullptr || !tried_.contains(*one.as_string()) || ++files <= kFilesShownMax)
          after.push(show_one(one));
      if (files > kFilesShownMax) after.push(json::Value("+" + std::to_string(files - kFilesShownMax)));
    } else {
      after = show_one(*value);
    }
    change.after = json::write(after);
  }
}

Result<ArchivePictures::Kept> ArchivePictures::keep(std::size_t entry) {
  used_.insert(entry);
  if (const auto known = kept_.find(entry); known != kept_.end()) {
    if (trial_ == nullptr || known->second.image.empty()) return known->second;
    PF_LET(const bool there, is_there(std::string_view(known->second.image).substr(kUpload.size())));
    if (there) return known->second;  // else it has been forgotten
  }
  Kept out;
  if (!reading_) {
    PF_LET(reading_, rooms_.open_file(file_));
    PF_LET(const auto opened, reading_->open());
    static_cast<void>(opened);
  }
  std::string bytes;
  const auto read = reading_->entry_bytes(entry, [&](std::string_view piece) -> Result<> {
    if (bytes.size() + piece.size() > catalog::kAssetBytesMax)
      return error(ErrorCode::too_large, "An image has at most 10 MiB.");
    bytes += piece;
    return {};
  });
  const auto ours = [](const Error& fault) {  // and not the picture's
    return fault.code != ErrorCode::too_large && fault.code != ErrorCode::invalid &&
           fault.code != ErrorCode::unsupported;
  };
  if (!read.ok() && ours(read.error())) return read.error();
  const auto put = [&](storage::Write& work) -> Result<> {
    PF_LET(const auto stored,
           trial_ != nullptr ? rooms_.assets->describe(work, bytes) : rooms_.assets->put(work, bytes));
    out.image.assign(kUpload).append(stored.asset.id);
    if (trial_ != nullptr && stored.created) tried_.try_emplace(out.image, entry);
    return {};
  };
  const auto kept = !read.ok() ? read : trial_ != nullptr ? trial_->note(put) : rooms_.store.write(put);
  if (!kept.ok() && ours(kept.error())) return kept.error();
  if (!kept.ok()) out = {{}, "was not kept: " + kept.error().message};
  kept_.insert_or_assign(entry, out);
  return out;
}

}  // namespace pf::exchange
