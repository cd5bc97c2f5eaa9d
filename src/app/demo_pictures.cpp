#include "app/demo_pictures.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "formats/png.h"

namespace pf::app {
namespace {

// A canvas of the unit square, painted shape over shape, each pixel asked at 3 x 3 points for smooth edges.
class Canvas {
 public:
  explicit Canvas(Colour ground) : pixels_(static_cast<std::size_t>(kPictureSide) * kPictureSide, ground) {}

  // Paints where `inside(x, y)` holds; x to the right and y downwards, both 0..1. `box` limits the work.
  struct Box {
    double left = 0, top = 0, right = 1, bottom = 1;
  };
  template <class Inside>
  void paint(Colour colour, Box box, const Inside& inside) {
    constexpr int kPoints = 3;
    const auto pixel = [](double v) { return std::clamp(static_cast<int>(v * kPictureSide), 0, kPictureSide); };
    for (int py = pixel(box.top); py < std::min(pixel(box.bottom) + 1, kPictureSide); ++py) {
      for (int px = pixel(box.left); px < std::min(pixel(box.right) + 1, kPictureSide); ++px) {
        int hits = 0;
        for (int s = 0; s < kPoints * kPoints; ++s)
          if (inside((px + (s % kPoints + 0.5) / kPoints) / kPictureSide,
                     (py + (s / kPoints + 0.5) / kPoints) / kPictureSide))
            ++hits;
        if (hits > 0)
          blend(pixels_[static_cast<std::size_t>(py) * kPictureSide + static_cast<std::size_t>(px)], colour, hits,
                kPoints * kPoints);
      }
    }
  }
  void ellipse(Colour colour, double cx, double cy, double rx, double ry) {
    paint(colour, {cx - rx, cy - ry, cx + rx, cy + ry},
          [=](double x, double y) { return (x - cx) * (x - cx) / (rx * rx) + (y - cy) * (y - cy) / (ry * ry) <= 1; });
  }
  void ring(Colour colour, double cx, double cy, double outer, double inner) {
    paint(colour, {cx - outer, cy - outer, cx + outer, cy + outer}, [=](double x, double y) {
      const double d = std::hypot(x - cx, y - cy);
      return d <= outer && d >= inner;
    });
  }
  void rounded(Colour colour, double left, double top, double right, double bottom, double radius) {
    paint(colour, {left, top, right, bottom}, [=](double x, double y) {
      const double dx = std::max({left + radius - x, 0.0, x - (right - radius)});
      const double dy = std::max({top + radius - y, 0.0, y - (bottom - radius)});
      return x >= left && x <= right && y >= top && y <= bottom && dx * dx + dy * dy <= radius * radius;
    });
  }
  struct Point {
    double x, y;
  };
  void polygon(Colour colour, const std::vector<Point>& corners) {
    Box box{1, 1, 0, 0};
    for (const Point& c : corners)
      box = {std::min(box.left, c.x), std::min(box.top, c.y), std::max(box.right, c.x), std::max(box.bottom, c.y)};
    paint(colour, box, [&](double x, double y) {
      bool in = false;  // even-odd rule
      for (std::size_t i = 0, j = corners.size() - 1; i < corners.size(); j = i++)
        if ((corners[i].y > y) != (corners[j].y > y) &&
            x < (corners[j].x - corners[i].x) * (y - corners[i].y) / (corners[j].y - corners[i].y) + corners[i].x)
          in = !in;
      return in;
    });
  }
  std::string png() const {
    std::vector<std::uint8_t> rgb;
    rgb.reserve(pixels_.size() * 3);
    for (const Colour& c : pixels_) rgb.insert(rgb.end(), {c.r, c.g, c.b});
    return formats::write_png(kPictureSide, kPictureSide, rgb);
  }

 private:
  static void blend(Colour& under, Colour over, int part, int whole) {
    const auto mix = [&](std::uint8_t a, std::uint8_t b) {
      return static_cast<std::uint8_t>((a * (whole - part) + b * part) / whole);
    };
    under = {mix(under.r, over.r), mix(under.g, over.g), mix(under.b, over.b)};
  }
  std::vector<Colour> pixels_;
};

Colour towards(Colour from, Colour to, int percent) {
  const auto mix = [&](std::uint8_t a, std::uint8_t b) {
    return static_cast<std::uint8_t>((a * (100 - percent) + b * percent) / 100);
  };
  return {mix(from.r, to.r), mix(from.g, to.g), mix(from.b, to.b)};
}
Colour lighter(Colour c, int percent) {
  return towards(c, {255, 255, 255}, percent);
}
Colour darker(Colour c, int percent) {
  return towards(c, {24, 28, 38}, percent);
}

constexpr Colour kWood{196, 154, 108}, kSteel{150, 158, 170}, kPaper{248, 246, 240}, kLeaf{86, 140, 92},
    kFlame{250, 190, 70};

// Stripes, dots, a band or a plain mark, kept inside the rectangle.
void decorate(Canvas& canvas, Colour colour, unsigned pattern, double left, double top, double right, double bottom) {
  const double width = right - left, height = bottom - top;
  switch (pattern % 4) {
    case 0:
      for (int i = 0; i < 3; ++i)
        canvas.rounded(colour, left, top + height * (0.1 + 0.32 * i), right, top + height * (0.22 + 0.32 * i), 0.008);
      break;
    case 1:
      for (int i = 0; i < 9; ++i)
        canvas.ellipse(colour, left + width * (0.2 + 0.3 * (i % 3)), top + height * (0.2 + 0.3 * (i / 3)), width * 0.08,
                       width * 0.08);
      break;
    case 2:
      canvas.rounded(colour, left, top + height * 0.36, right, top + height * 0.64, 0.012);
      break;
    default:
      canvas.polygon(colour, {{left + width * 0.5, top},
                              {right, top + height * 0.5},
                              {left + width * 0.5, bottom},
                              {left, top + height * 0.5}});
  }
}

}  // namespace

std::string draw_product(Shape shape, Colour colour, unsigned pattern) {
  const Colour mark = lighter(colour, 55), shade = darker(colour, 22);
  Canvas canvas(lighter(towards(colour, {226, 230, 238}, 80), 55));
  canvas.ellipse(darker(lighter(towards(colour, {226, 230, 238}, 80), 45), 8), 0.5, 0.87, 0.34, 0.035);  // its shadow
  switch (shape) {
    case Shape::shirt:
      canvas.polygon(shade, {{0.30, 0.18}, {0.10, 0.34}, {0.19, 0.47}, {0.33, 0.38}});
      canvas.polygon(shade, {{0.70, 0.18}, {0.90, 0.34}, {0.81, 0.47}, {0.67, 0.38}});
      canvas.polygon(colour, {{0.30, 0.17}, {0.70, 0.17}, {0.70, 0.85}, {0.30, 0.85}});
      canvas.ellipse(darker(colour, 40), 0.5, 0.17, 0.11, 0.055);
      decorate(canvas, mark, pattern, 0.38, 0.36, 0.62, 0.58);
      break;
    case Shape::mug:
      canvas.ring(shade, 0.70, 0.53, 0.16, 0.105);
      canvas.rounded(colour, 0.24, 0.26, 0.70, 0.86, 0.06);
      canvas.ellipse(darker(colour, 35), 0.47, 0.28, 0.20, 0.045);
      decorate(canvas, mark, pattern, 0.33, 0.42, 0.61, 0.70);
      break;
    case Shape::poster:
      canvas.rounded(darker(kWood, 20), 0.22, 0.12, 0.78, 0.86, 0.01);
      canvas.rounded(kPaper, 0.245, 0.145, 0.755, 0.835, 0.0);
      canvas.ellipse(colour, 0.5, 0.40, 0.15, 0.15);
      canvas.polygon(shade, {{0.26, 0.82}, {0.42, 0.55}, {0.55, 0.72}, {0.65, 0.60}, {0.74, 0.82}});
      decorate(canvas, lighter(colour, 30), pattern + 2, 0.30, 0.70, 0.70, 0.80);
      break;
    case Shape::candle:
      canvas.ellipse(kFlame, 0.5, 0.22, 0.035, 0.075);
      canvas.rounded({70, 64, 60}, 0.494, 0.26, 0.506, 0.36, 0.0);
      canvas.rounded(lighter(colour, 70), 0.28, 0.34, 0.72, 0.86, 0.04);
      canvas.rounded(colour, 0.30, 0.44, 0.70, 0.84, 0.03);
      decorate(canvas, mark, pattern, 0.40, 0.54, 0.60, 0.74);
      break;
    case Shape::backpack:
      canvas.ring(shade, 0.5, 0.20, 0.09, 0.055);
      canvas.rounded(colour, 0.24, 0.19, 0.76, 0.86, 0.14);
      canvas.rounded(shade, 0.31, 0.52, 0.69, 0.80, 0.05);
      canvas.rounded(mark, 0.31, 0.52, 0.69, 0.55, 0.01);
      decorate(canvas, mark, pattern, 0.42, 0.28, 0.58, 0.44);
      break;
    case Shape::notebook:
      canvas.rounded(kPaper, 0.29, 0.15, 0.77, 0.86, 0.02);
      canvas.rounded(colour, 0.26, 0.14, 0.74, 0.85, 0.025);
      canvas.rounded(shade, 0.26, 0.14, 0.33, 0.85, 0.02);
      canvas.rounded(darker(colour, 45), 0.66, 0.14, 0.68, 0.85, 0.0);
      decorate(canvas, mark, pattern, 0.40, 0.28, 0.61, 0.46);
      break;
    case Shape::lamp:
      canvas.polygon(colour, {{0.38, 0.16}, {0.62, 0.16}, {0.78, 0.48}, {0.22, 0.48}});
      canvas.rounded(kSteel, 0.485, 0.48, 0.515, 0.82, 0.0);
      canvas.ellipse(darker(kSteel, 30), 0.5, 0.84, 0.16, 0.03);
      decorate(canvas, mark, pattern, 0.43, 0.24, 0.57, 0.42);
      break;
    case Shape::pot:
      canvas.ellipse(kLeaf, 0.40, 0.30, 0.07, 0.17);
      canvas.ellipse(darker(kLeaf, 15), 0.60, 0.30, 0.07, 0.17);
      canvas.ellipse(lighter(kLeaf, 15), 0.50, 0.24, 0.07, 0.20);
      canvas.polygon(colour, {{0.26, 0.44}, {0.74, 0.44}, {0.66, 0.86}, {0.34, 0.86}});
      canvas.rounded(shade, 0.24, 0.42, 0.76, 0.51, 0.015);
      decorate(canvas, mark, pattern, 0.41, 0.57, 0.59, 0.77);
      break;
    case Shape::scarf:
      canvas.ring(colour, 0.5, 0.34, 0.22, 0.10);
      canvas.polygon(shade, {{0.36, 0.46}, {0.52, 0.50}, {0.46, 0.86}, {0.28, 0.86}});
      canvas.polygon(colour, {{0.50, 0.48}, {0.64, 0.46}, {0.74, 0.80}, {0.56, 0.82}});
      decorate(canvas, mark, pattern, 0.32, 0.64, 0.44, 0.80);
      break;
    case Shape::socks:
      canvas.rounded(shade, 0.52, 0.18, 0.70, 0.68, 0.03);
      canvas.ellipse(shade, 0.70, 0.70, 0.17, 0.09);
      canvas.rounded(colour, 0.26, 0.18, 0.44, 0.76, 0.03);
      canvas.ellipse(colour, 0.44, 0.78, 0.17, 0.09);
      canvas.rounded(mark, 0.26, 0.18, 0.44, 0.25, 0.02);
      decorate(canvas, mark, pattern, 0.28, 0.38, 0.42, 0.58);
      break;
    case Shape::cushion:
      canvas.polygon(shade, {{0.14, 0.20},
                             {0.50, 0.27},
                             {0.86, 0.20},
                             {0.80, 0.52},
                             {0.86, 0.84},
                             {0.50, 0.78},
                             {0.14, 0.84},
                             {0.20, 0.52}});
      canvas.rounded(colour, 0.21, 0.26, 0.79, 0.79, 0.08);
      decorate(canvas, mark, pattern, 0.34, 0.37, 0.66, 0.67);
      break;
    case Shape::bottle:
      canvas.rounded(darker(kSteel, 25), 0.43, 0.10, 0.57, 0.20, 0.015);
      canvas.rounded(shade, 0.44, 0.19, 0.56, 0.36, 0.02);
      canvas.rounded(colour, 0.36, 0.28, 0.64, 0.87, 0.07);
      decorate(canvas, mark, pattern, 0.41, 0.44, 0.59, 0.68);
      break;
    case Shape::puzzle:
      canvas.rounded(colour, 0.18, 0.22, 0.50, 0.54, 0.02);
      canvas.rounded(shade, 0.50, 0.22, 0.82, 0.54, 0.02);
      canvas.rounded(mark, 0.18, 0.54, 0.50, 0.86, 0.02);
      canvas.rounded(lighter(colour, 25), 0.50, 0.54, 0.82, 0.86, 0.02);
      canvas.ellipse(colour, 0.52, 0.38, 0.06, 0.06);
      canvas.ellipse(shade, 0.66, 0.56, 0.06, 0.06);
      canvas.ellipse(mark, 0.34, 0.52, 0.06, 0.06);
      canvas.ellipse(lighter(colour, 25), 0.48, 0.70, 0.06, 0.06);
      break;
    case Shape::stand:
      canvas.polygon(colour, {{0.20, 0.24}, {0.26, 0.20}, {0.78, 0.80}, {0.72, 0.86}});
      canvas.polygon(shade, {{0.74, 0.24}, {0.80, 0.28}, {0.28, 0.86}, {0.22, 0.80}});
      canvas.rounded(mark, 0.20, 0.74, 0.80, 0.80, 0.02);
      break;
    case Shape::soap:
      canvas.rounded(shade, 0.18, 0.46, 0.82, 0.82, 0.12);
      canvas.rounded(colour, 0.18, 0.40, 0.82, 0.75, 0.12);
      decorate(canvas, mark, pattern, 0.38, 0.47, 0.62, 0.68);
      canvas.ellipse({255, 255, 255}, 0.70, 0.28, 0.05, 0.05);
      canvas.ellipse({255, 255, 255}, 0.60, 0.20, 0.03, 0.03);
      break;
    case Shape::tea:
      canvas.rounded(darker(colour, 35), 0.30, 0.16, 0.70, 0.26, 0.02);
      canvas.rounded(colour, 0.27, 0.24, 0.73, 0.86, 0.04);
      canvas.rounded(kPaper, 0.34, 0.40, 0.66, 0.70, 0.02);
      canvas.ellipse(kLeaf, 0.46, 0.55, 0.05, 0.10);
      canvas.ellipse(darker(kLeaf, 20), 0.55, 0.55, 0.05, 0.10);
      decorate(canvas, mark, pattern + 2, 0.30, 0.74, 0.70, 0.82);
      break;
  }
  return canvas.png();
}

}  // namespace pf::app
