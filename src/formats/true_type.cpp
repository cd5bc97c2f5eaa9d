#include "formats/true_type.h"

#include <algorithm>
#include <array>

#include "productflow/bytes.h"

namespace pf::formats {
namespace {

// Numbers of a font are big-endian. REQUIRES: they lie within, as read() has checked.
std::int16_t signed16(std::string_view at) {
  return static_cast<std::int16_t>(get_be16(at));
}

constexpr std::size_t kHeadBytes = 12, kRowBytes = 16;  // of the table of tables
constexpr std::size_t kRunsAt = 28, kRunBytes = 12;     // in the "cmap" with its one map
constexpr std::size_t kFontHeadBytes = 54, kLinesHeadBytes = 36, kProfileBytes = 32;

// Which glyphs one is made of, by the flags of a composite's parts.
std::vector<Glyph> parts_of(std::string_view outline) {
  constexpr std::uint16_t kWords = 1, kScale = 8, kMore = 32, kTwoScales = 64, kMatrix = 128;
  std::vector<Glyph> parts;
  if (outline.size() < 10 || signed16(outline) >= 0) return parts;
  for (std::size_t at = 10; at + 4 <= outline.size();) {
    const std::uint16_t flags = get_be16(outline.substr(at));
    parts.push_back(get_be16(outline.substr(at + 2)));
    at += 4 + ((flags & kWords) != 0 ? 4u : 2u) +
          ((flags & kScale) != 0       ? 2u
           : (flags & kTwoScales) != 0 ? 4u
           : (flags & kMatrix) != 0    ? 8u
                                       : 0u);
    if ((flags & kMore) == 0) break;
  }
  return parts;
}

}  // namespace

std::string_view TrueType::table(std::string_view tag) const {
  const std::string_view bytes = bytes_;
  if (bytes.size() < kHeadBytes) return {};
  for (std::size_t i = 0; i < get_be16(bytes.substr(4)); ++i) {
    const std::size_t row = kHeadBytes + kRowBytes * i;
    if (bytes.size() < row + kRowBytes) return {};
    if (bytes.substr(row, 4) != tag) continue;
    const std::size_t at = get_be32(bytes.substr(row + 8)), size = get_be32(bytes.substr(row + 12));
    return at <= bytes.size() && size <= bytes.size() - at ? bytes.substr(at, size) : std::string_view();
  }
  return {};
}

Result<TrueType> TrueType::read(std::string bytes) {
  TrueType font;
  font.bytes_ = std::move(bytes);
  const Error damaged{ErrorCode::unsupported, "This is no font that papers can be written in.", {}};
  const auto head = font.table("head"), lines = font.table("hhea"), profile = font.table("maxp"),
             cmap = font.table("cmap");
  if (head.size() < kFontHeadBytes || lines.size() < kLinesHeadBytes || profile.size() < 6 || cmap.size() < kRunsAt)
    return damaged;
  font.units_of_size_ = get_be16(head.substr(18));
  font.glyphs_ = get_be16(profile.substr(4));
  const bool plain =
      signed16(head.substr(50)) == 1 && get_be16(cmap.substr(12)) == 12 && get_be16(lines.substr(34)) > 0;
  if (!plain || font.units_of_size_ == 0 || font.glyphs_ == 0) return damaged;
  const auto places = font.table("loca");
  if (places.size() < 4 * (font.glyphs_ + std::size_t{1}) ||
      font.table("hmtx").size() < 4 * std::size_t{get_be16(lines.substr(34))})
    return damaged;
  for (std::size_t i = 0; i < font.glyphs_; ++i)
    if (get_be32(places.substr(4 * i)) > get_be32(places.substr(4 * i + 4)) ||
        get_be32(places.substr(4 * i + 4)) > font.table("glyf").size())
      return damaged;
  const std::size_t runs = get_be32(cmap.substr(24));
  if (runs > (cmap.size() - kRunsAt) / kRunBytes) return damaged;
  for (std::size_t i = 0; i < runs; ++i) {
    const auto at = cmap.substr(kRunsAt + kRunBytes * i);
    const Run run{get_be32(at), get_be32(at.substr(4)), get_be32(at.substr(8))};
    if (run.last < run.first || run.glyph >= font.glyphs_ || run.last - run.first >= font.glyphs_ - run.glyph)
      return damaged;
    font.runs_.push_back(run);
  }
  if (!std::ranges::is_sorted(font.runs_, {}, &Run::first)) return damaged;
  return font;
}

Glyph TrueType::glyph_of(char32_t letter) const {
  const auto after = std::ranges::upper_bound(runs_, letter, {}, &Run::first);
  if (after == runs_.begin()) return 0;
  const Run& run = *std::prev(after);
  return letter > run.last ? Glyph{0} : static_cast<Glyph>(run.glyph + (letter - run.first));
}

int TrueType::width_of(Glyph glyph) const {
  const std::uint16_t measured = get_be16(table("hhea").substr(34));
  return scaled(get_be16(table("hmtx").substr(4 * std::size_t{std::min<std::uint16_t>(glyph, measured - 1)})));
}

std::string_view TrueType::outline(Glyph glyph) const {
  if (glyph >= glyphs_) return {};
  const auto places = table("loca").substr(4 * std::size_t{glyph});
  const std::uint32_t from = get_be32(places), to = get_be32(places.substr(4));
  return table("glyf").substr(from, to - from);
}

TrueType::Measures TrueType::measures() const {
  const auto head = table("head"), lines = table("hhea");
  Measures out{.ascent = scaled(signed16(lines.substr(4))), .descent = scaled(signed16(lines.substr(6)))};
  for (std::size_t i = 0; i < 4; ++i) out.box[i] = scaled(signed16(head.substr(36 + 2 * i)));
  return out;
}

std::string TrueType::subset(const std::set<Glyph>& glyphs) const {
  std::set<Glyph> all;
  std::vector<Glyph> wanted(glyphs.begin(), glyphs.end());
  wanted.push_back(0);
  while (!wanted.empty()) {
    const Glyph glyph = wanted.back();
    wanted.pop_back();
    if (glyph >= glyphs_ || !all.insert(glyph).second) continue;
    for (const Glyph part : parts_of(outline(glyph))) wanted.push_back(part);
  }
  const std::uint32_t count = *all.rbegin() + 1u;
  std::string glyf, loca, hmtx;
  for (std::uint32_t i = 0; i < count; ++i) {
    const Glyph glyph = static_cast<Glyph>(i);
    put_be32(loca, static_cast<std::uint32_t>(glyf.size()));
    const auto measured = table("hmtx");  // of glyphs beyond it: its last one's
    hmtx += measured.substr(std::min(4 * std::size_t{i}, measured.size() - 4), 4);
    if (all.contains(glyph)) glyf += outline(glyph);
  }
  put_be32(loca, static_cast<std::uint32_t>(glyf.size()));
  hmtx.resize(4 * std::size_t{count}, '\0');
  std::string lines(table("hhea")), profile(table("maxp")), number;
  put_be16(number, static_cast<std::uint16_t>(count));
  lines.replace(34, 2, number);
  profile.replace(4, 2, number);
  const std::array<std::pair<std::string_view, std::string_view>, 6> tables{
      {{"glyf", glyf}, {"head", table("head")}, {"hhea", lines}, {"hmtx", hmtx}, {"loca", loca}, {"maxp", profile}}};
  std::string out("\0\1\0\0", 4);
  put_be16(out, static_cast<std::uint16_t>(tables.size()));
  out += std::string("\0\x40\0\2\0\x20", 6);  // for a search by halves among six
  std::size_t at = kHeadBytes + kRowBytes * tables.size();
  for (const auto& [tag, data] : tables) {
    out += tag;
    put_be32(out, 0);  // the sum, which readers of a PDF leave alone
    put_be32(out, static_cast<std::uint32_t>(at));
    put_be32(out, static_cast<std::uint32_t>(data.size()));
    at += (data.size() + 3) / 4 * 4;
  }
  for (const auto& [tag, data] : tables) {
    out += data;
    out.append((4 - data.size() % 4) % 4, '\0');
  }
  return out;
}

}  // namespace pf::formats
