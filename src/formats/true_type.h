// A TrueType font (ISO/IEC 14496-22) as a PDF needs it: which glyph a letter has, how wide it is, and a font of some of
// the glyphs alone. For the fonts that pack_font.mjs made: outlines in "glyf", places in 32 bits, letters in a "cmap"
// of format 12. Plain value, any thread.
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "productflow/result.h"

namespace pf::formats {

using Glyph = std::uint16_t;  // 0: the one for what is missing

class TrueType {
 public:
  // Keeps the bytes. unsupported for what is not such a font.
  static Result<TrueType> read(std::string bytes);
  Glyph glyph_of(char32_t letter) const;  // 0: the font lacks it
  int width_of(Glyph glyph) const;        // in thousandths of the size
  // A font of these glyphs and those that they are made of, under the numbers that they have; the others are empty.
  std::string subset(const std::set<Glyph>& glyphs) const;

  struct Measures {
    int ascent = 0, descent = 0;  // in thousandths of the size; descent is negative
    int box[4] = {};              // left, bottom, right, top
  };
  Measures measures() const;

 private:
  std::string_view table(std::string_view tag) const;
  std::string_view outline(Glyph glyph) const;
  int scaled(int units) const { return units * 1000 / units_of_size_; }

  struct Run {
    char32_t first = 0, last = 0;
    std::uint32_t glyph = 0;
  };
  std::string bytes_;
  std::vector<Run> runs_;  // by letter
  int units_of_size_ = 1;
  std::uint32_t glyphs_ = 0;
};

// DejaVu Sans, as it is built in.
const TrueType& plain_font();
const TrueType& bold_font();

}  // namespace pf::formats
