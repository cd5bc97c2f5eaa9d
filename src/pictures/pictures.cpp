#include "pictures/pictures.h"

namespace pf::pictures {
namespace {

constexpr unsigned kShrinkSeconds = 10;
constexpr std::size_t kShrinkMemory = 512u << 20;
constexpr milliseconds kShrinkPatience{30'000};  // two at once on a slow machine that has other things to do
constexpr char kPicture = 'p', kShrunk = 's';

void pack(cell::Packer& out, const SmallPicture& picture) {
  out.number(picture.width)
      .number(picture.height)
      .byte(picture.content_type == "image/webp" ? 1 : 0)
      .text(picture.bytes);
}
// As it says itself: the right kind by its first bytes, and a size that it may have.
bool unpack(cell::Unpacker& in, std::uint32_t side, SmallPicture& out) {
  const std::uint64_t width = in.number(), height = in.number();
  const bool webp = in.byte() != 0;
  const std::string_view bytes = in.text();
  if (in.failed() || width == 0 || height == 0 || width > side || height > side || bytes.size() > kSmallPictureBytesMax)
    return false;
  if (webp ? bytes.size() < 12 || !bytes.starts_with("RIFF") || bytes.substr(8, 4) != "WEBP"
           : !bytes.starts_with("\xff\xd8\xff"))
    return false;
  out = {static_cast<std::uint32_t>(width), static_cast<std::uint32_t>(height), webp ? "image/webp" : "image/jpeg",
         std::string(bytes)};
  return true;
}

}  // namespace

void shrink_for_house(cell::House& house) {
  const cell::Message picture = house.receive();
  const auto shrunk = shrink(picture.body);
  if (!shrunk.ok()) return house.send(shrunk.error());
  cell::Packer out;
  pack(out, shrunk->small);
  pack(out, shrunk->large);
  house.send(kShrunk, out.bytes());
}

Result<SmallPictures> shrink_in_cell_of(std::string_view picture, const std::string& program) {
  PF_LET(auto cell, cell::Cell::start(kShrinkTask.name, {{kShrinkSeconds, kShrinkMemory, kShrinkPatience}, program}));
  PF_TRY(cell.send(kPicture, picture));
  PF_LET(const cell::Message answer, cell.receive(kSmallPictureBytesMax * 2 + 100));
  cell::Unpacker in(answer.body);
  SmallPictures out;
  if (answer.kind != kShrunk || !unpack(in, kSmall, out.small) || !unpack(in, kLarge, out.large) || !in.whole())
    return error(ErrorCode::invalid, "The picture cannot be opened: its reader answered nonsense.");
  return out;
}
Result<SmallPictures> shrink_in_cell(std::string_view picture) {
  return shrink_in_cell_of(picture, cell::CellOptions{}.program);
}

}  // namespace pf::pictures
