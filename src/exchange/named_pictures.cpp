#include "exchange/named_pictures.h"

#include <algorithm>
#include <map>
#include <tuple>

#include "catalog/product.h"
#include "productflow/text.h"

namespace pf::exchange {
namespace {

constexpr std::size_t kPictureNumberDigits = 3;  // "_2", "-012"; more are a part of an article's number
constexpr std::size_t kStepsMax = 3;             // that a name is shortened by: "A-1_front_detail (2)"
// What of a product a picture shows, or where it comes among others; no sizes and parts, as variants have them.
constexpr std::string_view kViews[] = {
    "main",     "front",     "back",    "side",       "detail",  "details", "zoom",  "alt",       "pack",
    "packshot", "packaging", "scene",   "model",      "image",   "img",     "photo", "lifestyle", "ambiance",
    "foto",     "bild",      "picture", "voor",       "thumb",   "achter",  "copy",  "kopie",     "vorne",
    "zijkant",  "voorkant",  "hinten",  "seite",      "face",    "dos",     "cote",  "avant",     "sfeer",
    "cover",    "hero",      "default", "achterkant", "arriere", "product"};

bool is_number_of_picture(std::string_view part) {
  return !part.empty() && part.size() <= kPictureNumberDigits &&
         part.find_first_not_of("0123456789") == std::string_view::npos;
}
bool is_view(std::string_view part) {
  std::string folded = lower_ascii(part);
  while (!folded.empty() && folded.back() >= '0' && folded.back() <= '9') folded.pop_back();  // "front2"
  return is_number_of_picture(part) || std::ranges::find(kViews, std::string_view(folded)) != std::end(kViews);
}
// Without a part at its end that says which picture it is; nothing where there is none.
std::string_view shortened(std::string_view stem) {
  std::string_view last = stem;
  if (last.ends_with(')')) {
    const std::size_t open = last.rfind('(');
    if (open == 0 || open == std::string_view::npos ||
        !is_number_of_picture(last.substr(open + 1, last.size() - open - 2)))
      return {};
    return trim(stem.substr(0, open));
  }
  const std::size_t at = stem.find_last_of("_- .");
  if (at == 0 || at == std::string_view::npos || !is_view(stem.substr(at + 1))) return {};
  // "MUG-12" and "4512.30" are as likely variants that are not there yet as a twelfth picture.
  if ((stem[at] == '-' || stem[at] == '.') && is_number_of_picture(stem.substr(at + 1))) return {};
  stem = stem.substr(0, at);
  while (!stem.empty() && std::string_view("_- .").find(stem.back()) != std::string_view::npos) stem.remove_suffix(1);
  return stem;
}
void add_with_shorter(std::string_view stem, std::vector<std::string>& out) {
  for (std::size_t step = 0; step <= kStepsMax && !stem.empty(); ++step, stem = shortened(stem)) out.emplace_back(stem);
}

struct Parts {
  std::string_view folder{}, stem{};
};
Parts parts_of(std::string_view name) {
  Parts out;
  const std::size_t slash = name.find_last_of("/\\");
  out.stem = name.substr(slash == std::string_view::npos ? 0 : slash + 1);
  out.stem = trim(out.stem.substr(0, out.stem.rfind('.')));
  if (slash == std::string_view::npos) return out;
  out.folder = name.substr(0, slash);
  const std::size_t above = out.folder.find_last_of("/\\");
  out.folder = trim(out.folder.substr(above == std::string_view::npos ? 0 : above + 1));
  return out;
}

// "A-1" before "A-1-front", these before "A-1_2", and that before "A-1_10"; in a folder by the number alone.
std::pair<std::int64_t, bool> place_of(std::string_view name) {
  const std::string_view stem = parts_of(name).stem;
  const bool more = !shortened(stem).empty();
  std::size_t end = stem.size();
  while (end > 0 && stem[end - 1] == ')') --end;
  std::size_t from = end;
  while (from > 0 && stem[from - 1] >= '0' && stem[from - 1] <= '9') --from;
  const bool counted = from < end && end - from <= kPictureNumberDigits && (from == 0 || more);
  return {counted ? parse_int(stem.substr(from, end - from)).value_or(0) : 0, more};
}

class Finder {
 public:
  explicit Finder(const Rooms& rooms) : rooms_(rooms), read_(rooms.store.read()) {}

  Result<> find(std::string_view name, NamedPicture& out) {
    for (const std::string& number : numbers_in_name(name)) {
      PF_LET(const std::string sku, product_called(number));
      if (sku == kSeveral) {
        out.fault = {"file", "ambiguous",
                     "is " + shown(name) + ", and several products have the EAN " + number +
                         ": name the file by the SKU of its product"};
        return {};
      }
      if (sku.empty()) continue;
      out.sku = sku;
      return {};
    }
    out.fault = {"file", "unknown",
                 "is " + shown(name) +
                     ", and no product is called so: name the file, or its folder, by the SKU or EAN of a product "
                     "that is there (SKU.jpg, SKU_2.jpg, SKU/1.jpg)"};
    return {};
  }

 private:
  static constexpr std::string_view kSeveral = "\n";  // which no SKU is
  static std::string shown(std::string_view name) {
    constexpr std::size_t kNameBytes = 200;
    return std::string(name.substr(0, kNameBytes));
  }
  // As it is written, or in capitals, as programs that make pictures change letters.
  Result<std::string> product_called(const std::string& number) {
    if (const auto known = known_.find(number); known != known_.end()) return known->second;
    std::string upper = number;
    for (char& c : upper)
      if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    std::string out;
    for (const std::string& one : {number, upper}) {
      if (!out.empty() || !catalog::parse_sku(one).ok()) continue;
      PF_LET(const bool there, rooms_.products.exists(read_, one));
      if (there) out = one;
    }
    if (const auto ean = catalog::parse_ean(number); out.empty() && ean.ok() && !number.empty()) {
      catalog::ProductQuery query;
      query.where = {{"ean", catalog::Operator::eq, {*ean}}};
      query.count = 2;
      PF_LET(const auto page, rooms_.products.list(read_, query));
      if (!page.skus.empty()) out = page.skus.size() == 1 ? page.skus[0] : std::string(kSeveral);
    }
    known_.emplace(number, out);
    return out;
  }
  const Rooms& rooms_;
  const storage::Read read_;
  std::map<std::string, std::string> known_;
};

}  // namespace

std::vector<std::string> numbers_in_name(std::string_view name) {
  const Parts parts = parts_of(name);
  std::vector<std::string> of_stem, of_folder;
  add_with_shorter(parts.stem, of_stem);
  add_with_shorter(parts.folder, of_folder);
  // "SKU-1/1.jpg", "SKU-1/front.jpg": a name that tells only which picture it is, is no product's before its folder's.
  if (is_view(parts.stem)) std::swap(of_stem, of_folder);
  of_stem.insert(of_stem.end(), of_folder.begin(), of_folder.end());
  return of_stem;
}

Result<std::vector<NamedPicture>> named_pictures(const Rooms& rooms, const std::vector<formats::ZipEntry>& entries,
                                                 const std::vector<std::size_t>& pictures) {
  std::vector<std::size_t> by_name = pictures;
  std::ranges::sort(by_name, {}, [&](std::size_t at) { return std::string_view(entries[at].name); });
  Finder finder(rooms);
  using Place = std::pair<std::int64_t, bool>;
  std::map<std::tuple<std::string, Place, std::uint64_t>, NamedPicture> in_order;
  for (const std::size_t at : by_name) {
    NamedPicture one{at, in_order.size() + 1, {}, {}};
    const std::string& name = entries[at].name;
    PF_TRY(finder.find(name, one));
    in_order.try_emplace({one.sku, one.sku.empty() ? Place() : place_of(name), one.line}, one);
  }
  std::vector<NamedPicture> out;
  for (auto& [place, one] : in_order) out.push_back(std::move(one));
  return out;
}

}  // namespace pf::exchange
