#include "exchange/named_pictures.h"

#include <algorithm>
#include <array>
#include <map>
#include <tuple>

#include "catalog/any_case.h"
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

// What a picture's name may say: numbers of products, the most likely first, and in two parts of which the first says
// more. "A-1/front_2.jpg" says A-1, "A-1_2.jpg" says A-1_2 and A-1, and so on.
std::array<std::vector<std::string>, 2> numbers_in_name(std::string_view name) {
  const Parts parts = parts_of(name);
  std::array<std::vector<std::string>, 2> out;
  add_with_shorter(parts.stem, out[0]);
  add_with_shorter(parts.folder, out[1]);
  // "SKU-1/1.jpg", "SKU-1/front.jpg": a name that tells only which picture it is, is no product's before its folder's.
  if (is_view(parts.stem)) std::swap(out[0], out[1]);
  return out;
}

class Finder {
 public:
  Finder(const Rooms& rooms, const access::Actor& by) : rooms_(rooms), by_(by), read_(rooms.store.read()) {}

  Result<> find(std::string_view name, NamedPicture& out) {
    const std::string shown = file_shown(name);
    const auto in_name = numbers_in_name(name);
    // What is written exactly so is meant, be it the folder's.
    for (const bool exact : {true, false})
      for (const auto& numbers : in_name)
        for (const std::string& number : numbers) {
          PF_LET(const Found found, exact ? called(number) : called_in_other_capitals(number));
          if (!found.there) continue;
          const Skus& skus = found.visible;
          if (skus.empty()) return unknown(shown, out);  // a shorter name would be another product
          if (skus.size() == 1)
            out.sku = skus[0];
          else if (exact)
            out.fault = {"file", "ambiguous",
                         "is " + shown + ", and several products have the EAN " + number +
                             ": name the file by the SKU of its product"};
          else
            out.fault = {"file", "ambiguous",
                         "is " + shown + ", and the SKUs " + skus[0] + " and " + skus[1] +
                             " differ in capitals alone: name the file by the SKU of its product as it is written"};
          return {};
        }
    return unknown(shown, out);
  }

 private:
  static constexpr std::size_t kLookedAt = 20;  // more that differ in nothing but capitals, or in no EAN, has no shop
  // For other capitals, of all names together: about a second. Names of an ordinary shop cost some ten each; those that
  // are made to cost thousands would else take an hour.
  static constexpr std::size_t kLooksMax = 200'000;
  using Skus = std::vector<std::string>;
  struct Found {
    bool there = false;  // for whoever may see all
    Skus visible{};
  };

  static Result<> unknown(const std::string& shown, NamedPicture& out) {
    out.fault = {"file", "unknown",
                 "is " + shown +
                     ", and no product is called so: name the file, or its folder, by the SKU or EAN of a product "
                     "that is there (SKU.jpg, SKU_2.jpg, SKU/1.jpg)"};
    return {};
  }
  // Those of them that whoever imports may know.
  Result<Found> found_of(Skus skus) const {
    Found out{.there = !skus.empty()};
    if (by_.limits == nullptr) {
      out.visible = std::move(skus);
      return out;
    }
    for (std::string& sku : skus) {
      PF_LET(const auto record, rooms_.products.find(read_, sku));
      if (record && by_.limits->category(record->categories)) out.visible.push_back(std::move(sku));
    }
    return out;
  }
  Result<Found> called(const std::string& number) {
    if (const auto known = called_.find(number); known != called_.end()) return known->second;
    Skus skus;
    if (catalog::parse_sku(number).ok()) {
      PF_LET(const bool there, rooms_.products.exists(read_, number));
      if (there) skus.push_back(number);
    }
    if (const auto ean = catalog::parse_ean(number); skus.empty() && ean.ok() && !number.empty()) {
      catalog::ProductQuery query;
      query.where = {{"ean", catalog::Operator::eq, {*ean}}};
      query.count = kLookedAt;
      query.skus_only = true;
      PF_LET(auto page, rooms_.products.list(read_, query));
      skus = std::move(page.skus);
    }
    PF_LET(Found out, found_of(std::move(skus)));
    return called_.emplace(number, std::move(out)).first->second;
  }
  Result<Found> called_in_other_capitals(const std::string& number) {
    if (const auto known = alike_.find(number); known != alike_.end()) return known->second;
    Skus skus;
    if (catalog::parse_sku(number).ok()) {
      PF_LET(skus, catalog::skus_in_any_case(rooms_.products, read_, number, kLookedAt, looks_));
    }
    PF_LET(Found out, found_of(std::move(skus)));
    return alike_.emplace(number, std::move(out)).first->second;
  }
  const Rooms& rooms_;
  const access::Actor& by_;
  const storage::Read read_;
  std::map<std::string, Found> called_, alike_;
  std::size_t looks_ = kLooksMax;
};

}  // namespace

std::string file_shown(std::string_view name) {
  constexpr std::size_t kNameBytes = 200;
  std::size_t end = std::min(name.size(), kNameBytes);
  while (end < name.size() && end > 0 && (static_cast<unsigned char>(name[end]) & 0xc0) == 0x80) --end;
  return std::string(name.substr(0, end));
}

Result<std::vector<NamedPicture>> named_pictures(const Rooms& rooms, const access::Actor& by,
                                                 const std::vector<formats::ZipEntry>& entries,
                                                 const std::vector<std::size_t>& pictures, std::size_t at_most) {
  std::vector<std::size_t> by_name = pictures;
  std::ranges::sort(by_name, {}, [&](std::size_t at) { return std::string_view(entries[at].name); });
  by_name.resize(std::min(by_name.size(), at_most));
  Finder finder(rooms, by);
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
