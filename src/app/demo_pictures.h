// Product pictures that the demo draws itself: flat shapes on a soft ground, as PNG. Deterministic, any thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace pf::app {

struct Colour {
  std::uint8_t r = 0, g = 0, b = 0;
};

// What can be drawn; the demo's families use these.
enum class Shape {
  shirt,
  mug,
  poster,
  candle,
  backpack,
  notebook,
  lamp,
  pot,
  scarf,
  socks,
  cushion,
  bottle,
  puzzle,
  stand,
  soap,
  tea
};

inline constexpr int kPictureSide = 320;  // pixels: sharp in a grid cell at twice the density, about 3 kB as PNG

// `pattern` (0..3) varies the decoration so that two series of one family look different.
std::string draw_product(Shape shape, Colour colour, unsigned pattern);

}  // namespace pf::app
